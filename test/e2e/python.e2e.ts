import assert from 'node:assert/strict';
import { compare, run } from './programs';
import { project, until, Window } from './window';

const LOOP = 'for y in range(height):';

describe('a Python loop', () => {
  it('is marked, rewritten from the lightbulb, saved, and its program prints the same', async () => {
    const folder = project({ 'mandelbrot.py': { from: 'samples/python/mandelbrot.py' } });
    const before = run('python3', ['mandelbrot.py'], folder);
    const window = await Window.open(folder, 'mandelbrot.py');
    const original = window.read('mandelbrot.py');
    await window.goToLine(original.split('\n').findIndex((line) => line.includes(LOOP)) + 1, 5);
    await window.squiggle('info').waitFor({ timeout: 60_000 });

    const fix = await window.lightbulb('process');
    await window.screenshot('quick-fix');
    await window.take(fix);
    await window.page.locator('.tab.dirty').waitFor();
    await window.saveAll();
    await until('the rewrite on disk', () => window.read('mandelbrot.py').includes('ProcessPoolExecutor'));

    const after = run('python3', ['mandelbrot.py'], folder);
    assert.equal(after.output, before.output);
    compare('mandelbrot.py', before, after);

    await window.page.locator('.editor-group-container .view-lines').first().click();
    await window.page.keyboard.press('Control+Z');
    await window.saveAll();
    await until('the original again after one undo', () => window.read('mandelbrot.py') === original);
  });

  it('shows why it must run in order, from the refactoring menu', async () => {
    const folder = project({ 'recurrence.py': { from: 'test/host/workspace/recurrence.py' } });
    const window = await Window.open(folder, 'recurrence.py');
    await window.goToLine(6, 5);
    const reason = window.page.locator('.action-widget', { hasText: 'python/process-pool' });
    for (let attempt = 0; attempt < 6 && !(await reason.isVisible()); attempt++) {
      await window.page.keyboard.press('Control+Shift+R');
      await reason.waitFor({ timeout: 4000 }).catch(() => window.page.keyboard.press('Escape'));
    }
    assert.ok(await reason.locator('.option-disabled').count(), 'it is shown, and cannot be taken');
  });
});
