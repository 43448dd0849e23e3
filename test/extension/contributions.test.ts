import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { activationEvents, capabilities, COMMANDS, contributes, nls, SETTINGS } from '../../src/extension/contributions';

const root = path.join(__dirname, '..', '..');
const read = (file: string) => JSON.parse(fs.readFileSync(path.join(root, file), 'utf8'));
const again = 'run `npx tsx scripts/contributions.ts`';

describe('contributions', () => {
  const manifest = read('package.json');

  it('are in package.json as their source says', () => {
    assert.deepEqual(manifest.contributes, contributes(), again);
    assert.deepEqual(manifest.activationEvents, activationEvents(), again);
    assert.deepEqual(manifest.capabilities, capabilities(), again);
  });

  it('have their texts in package.nls.json, and no others', () => {
    assert.deepEqual(read('package.nls.json'), nls(), again);
    const used = new Set([...JSON.stringify([manifest.contributes, manifest.capabilities]).matchAll(/%([^%"]+)%/g)].map((match) => match[1]));
    assert.deepEqual([...used].sort(), Object.keys(nls()).sort());
  });

  it('name files that are there', () => {
    const files = [...JSON.stringify(manifest.contributes).matchAll(/"(media\/[^"]+)"/g)].map((match) => match[1]!);
    assert.ok(files.length > 0);
    for (const file of [...files, manifest.icon]) assert.ok(fs.existsSync(path.join(root, file)), file);
  });

  it('are written as VS Code asks: one category, title case, camel case, a default each', () => {
    const small = /^(a|an|and|of|or|the|this|to)$/;
    for (const { title } of Object.values(COMMANDS)) {
      for (const word of title.split(' ').slice(1)) assert.ok(small.test(word) || /^[A-Z]/.test(word), title);
    }
    for (const [id, setting] of Object.entries(SETTINGS)) {
      assert.match(id, /^fanout\.[a-z][A-Za-z]*$/);
      assert.ok('default' in setting && setting.description.endsWith('.'), id);
      if (id.endsWith('Path')) assert.equal(setting.scope, 'machine', id);
    }
  });

  it('take paths of programs from the person only', () => {
    const paths = Object.keys(SETTINGS).filter((id) => id.endsWith('Path'));
    assert.deepEqual(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, paths);
  });
});
