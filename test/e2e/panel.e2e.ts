import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { changeSettings, PICTURES, project, until, Window } from './window';

const FILE = 'convolve.py';
const ABOVE = 'result = [None] * height';

describe('the results panel', () => {
  it('shows a benchmark, comes back after a reload in every theme, exports, and applies the rewrite', async function () {
    this.timeout(600_000);
    const folder = project({ [FILE]: { from: `samples/python/${FILE}` } });
    const window = await Window.open(folder, FILE);
    const line = window.read(FILE).split('\n').findIndex((text) => text.includes(ABOVE)) + 2;
    await window.goToLine(line, 5);
    await window.squiggle('info').waitFor({ timeout: 60_000 });

    await window.command('Fanout: Benchmark This Loop');
    await window.pick('Another command');
    // A picture for the README shows the program at its own size; to see that all of it works, a small one does.
    await window.type(`python3 ${FILE} ${PICTURES ? 225 : 100}`);
    await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Run' }).click();
    const apply = window.panel.getByRole('button', { name: 'Apply this rewrite' });
    await apply.waitFor({ timeout: 480_000 });
    assert.match(await window.panel.locator('.ratio').innerText(), /^×\d/);
    assert.match(await window.panel.locator('table').first().innerText(), /python\/process-pool[^]*equal/);
    assert.ok((await window.panel.locator('.charts svg').count()) >= 1);
    assert.ok((await window.panel.locator('.diff-added').count()) >= 1);

    await window.hideSideBar();
    await window.screenshot('panel-dark');
    for (const [theme, kind, name] of [
      ['Light Modern', 'vscode-light', 'panel-light'],
      ['Default High Contrast', 'vscode-high-contrast', 'panel-high-contrast'],
    ] as const) {
      changeSettings({ 'workbench.colorTheme': theme });
      await window.reopen();
      await apply.waitFor({ timeout: 60_000 });
      await window.panel.locator(`body.${kind}`).waitFor();
      await window.hideSideBar();
      await window.screenshot(name);
    }

    await window.panel.getByRole('button', { name: 'Export JSON' }).click();
    const save = window.page.locator('.quick-input-widget');
    await save.waitFor();
    await window.page.keyboard.press('Enter');
    const exported = path.join(folder, 'fanout-report.json');
    await until('the report on disk', () => fs.existsSync(exported));
    const report = JSON.parse(fs.readFileSync(exported, 'utf8')) as { version: number; line: number };
    assert.deepEqual([report.version, report.line], [1, line]);

    await apply.click();
    await window.page.locator('.tab.dirty').first().waitFor();
    await window.saveAll();
    await until('the rewrite on disk', () => window.read(FILE).includes('ProcessPoolExecutor'));
  });
});
