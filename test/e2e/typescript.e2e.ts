import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { compare, run } from './programs';
import { linkPackages, project, until, Window } from './window';

describe('a TypeScript loop', () => {
  it('is rewritten with a worker module after a look at the change, saved, and its program prints the same', async () => {
    const folder = project({
      'neighbours.ts': { from: 'samples/typescript/neighbours.ts' },
      'package.json': { from: 'samples/typescript/package.json' },
      'tsconfig.json': { from: 'samples/typescript/tsconfig.json' },
    });
    linkPackages(folder);
    const start = () => run(process.execPath, ['--import', 'tsx', 'neighbours.ts'], folder);
    const before = start();
    const window = await Window.open(folder, 'neighbours.ts');
    const original = window.read('neighbours.ts');
    const line = original.split('\n').findIndex((text) => text.includes('queries.map(')) + 1;
    await window.goToLine(line, original.split('\n')[line - 1]!.indexOf('map(') + 1);
    await window.squiggle('info').waitFor({ timeout: 60_000 });
    await window.take(await window.lightbulb('piscina'));

    // Files are added: the change is shown first.
    const apply = window.page.locator('.refactor-preview .monaco-button, .bulk-edit-panel .monaco-button', { hasText: 'Apply' }).first();
    await apply.waitFor();
    await window.screenshot('preview');
    await apply.click();
    await window.page.locator('.tab.dirty').first().waitFor();
    await window.saveAll();
    await until('the rewrite on disk', () => window.read('neighbours.ts').includes('piscina'));
    assert.deepEqual(fs.readdirSync(folder).filter((name) => /worker/.test(name)).length, 1, 'one worker module beside it');
    assert.match(window.read('package.json'), /"piscina"/);

    const after = start();
    assert.equal(after.output, before.output);
    compare('neighbours.ts', before, after);
  });
});
