import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compare, run } from './programs';
import { linkPackages, project, until, Window } from './window';

const readFixture = (name: string) => fs.readFileSync(path.join(__dirname, '..', 'host', 'workspace', name), 'utf8');

describe('a TypeScript loop', () => {
  it('is rewritten with a worker module after a look at the change, saved, and its program prints the same', async () => {
    const folder = project({
      'primes.ts': { text: readFixture('primes.ts').replaceAll('500', '1_500_000') },
      'package.json': { text: readFixture('package.json') },
      'tsconfig.json': { from: 'samples/typescript/tsconfig.json' },
    });
    linkPackages(folder);
    const start = () => run(process.execPath, ['--import', 'tsx', 'primes.ts'], folder);
    const before = start();
    const window = await Window.open(folder, 'primes.ts');
    const original = window.read('primes.ts');
    await window.goToLine(original.split('\n').findIndex((text) => text.includes('for (let block')) + 1, 3);
    await window.squiggle('info').waitFor({ timeout: 60_000 });
    await window.take(await window.lightbulb('piscina'));

    // Files are added: the change is shown first.
    await window.page.locator('.multiDiffEntry').nth(1).waitFor({ state: 'attached' });
    await window.page.locator('.quick-input-title', { hasText: 'Apply this rewrite to' }).waitFor();
    await window.screenshot('preview');
    await window.pick('Apply');
    // VS Code saves the files of a refactoring by itself, unless `files.refactoring.autoSave` is off.
    await until('the rewrite on disk', () => window.read('primes.ts').includes('piscina'));
    assert.deepEqual(fs.readdirSync(folder).filter((name) => /worker/.test(name)).length, 1, 'one worker module beside it');
    assert.match(window.read('package.json'), /"piscina"/);

    const after = start();
    assert.equal(after.output, before.output);
    compare('primes.ts', before, after);
  });
});
