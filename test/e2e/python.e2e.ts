import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compare, run } from './programs';
import { project, until, Window } from './window';

const FILE = 'convolve.py';
const ABOVE = 'result = [None] * height';

describe('a Python loop', () => {
  it('is marked, rewritten from the lightbulb, saved, and its program prints the same', async () => {
    // Large enough that a person would feel the difference.
    const text = fs.readFileSync(path.join(__dirname, '..', '..', 'samples', 'python', FILE), 'utf8').replace('else 225', 'else 380');
    const folder = project({ [FILE]: { text } });
    const before = run('python3', [FILE], folder);
    const window = await Window.open(folder, FILE);
    const original = window.read(FILE);
    await window.goToLine(original.split('\n').findIndex((line) => line.includes(ABOVE)) + 2, 5);
    await window.squiggle('info').waitFor({ timeout: 60_000 });

    const fix = await window.lightbulb('pool of processes');
    await window.screenshot('quick-fix');
    await window.take(fix);
    await window.page.locator('.tab.dirty').waitFor();
    await window.saveAll();
    await until('the rewrite on disk', () => window.read(FILE).includes('ProcessPoolExecutor'));

    const after = run('python3', [FILE], folder);
    assert.equal(after.output, before.output);
    compare(FILE, before, after);

    await window.page.locator('.editor-group-container .view-lines').first().click();
    await window.page.keyboard.press('Control+Z');
    await window.saveAll();
    await until('the original again after one undo', () => window.read(FILE) === original);
  });

  it('shows why it must run in order, from the refactoring menu', async () => {
    const folder = project({ 'recurrence.py': { from: 'test/host/workspace/recurrence.py' } });
    const window = await Window.open(folder, 'recurrence.py');
    await window.goToLine(6, 5);
    const reason = window.page.locator('.action-widget', { hasText: 'pool of processes' });
    for (let attempt = 0; attempt < 6 && !(await reason.isVisible()); attempt++) {
      await window.page.keyboard.press('Control+Shift+R');
      await reason.waitFor({ timeout: 4000 }).catch(() => window.page.keyboard.press('Escape'));
    }
    assert.ok(await reason.locator('.option-disabled').count(), 'it is shown, and cannot be taken');
  });
});
