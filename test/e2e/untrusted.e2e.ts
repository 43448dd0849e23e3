import assert from 'node:assert/strict';
import { changeSettings, project, Window } from './window';

describe('a workspace that is not trusted', () => {
  it('is analysed, and nothing in it is started', async () => {
    changeSettings({ 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' });
    const folder = project({ 'rows.py': { from: 'test/host/workspace/rows.py' } });
    const window = await Window.open(folder, 'rows.py');
    await window.page.getByText('Restricted Mode').first().waitFor();
    await window.squiggle('info').waitFor({ timeout: 60_000 });

    const line = window.read('rows.py').split('\n').findIndex((text) => text.includes('for j in')) + 1;
    await window.goToLine(line, 5);
    await window.command('Fanout: Benchmark This Loop');
    await window.message('not trusted');
    assert.equal(await window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'This file' }).isVisible(), false);
  });
});
