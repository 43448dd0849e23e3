/**
 * The extension host tests in a desktop VS Code: the one that FANOUT_VSCODE names, else one that @vscode/test-electron downloads.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { buildHostTests, conclude, hostWorkspace, ROOT } from './lib/suites.mjs';

await ensureBuilt(ROOT);
const { runTests } = await import('@vscode/test-electron');
const results = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-desktop-')), 'host.jsonl');
const workspace = hostWorkspace();
let failure = null;
try {
  await runTests({
    ...(process.env.FANOUT_VSCODE ? { vscodeExecutablePath: process.env.FANOUT_VSCODE } : {}),
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: await buildHostTests(),
    extensionTestsEnv: { FANOUT_HOST_RESULTS: results },
    launchArgs: [workspace, '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
  });
} catch (error) {
  failure = error;
}
const lines = fs.existsSync(results) ? fs.readFileSync(results, 'utf8').trim().split('\n').map((line) => JSON.parse(line)) : [];
for (const { state, title, error } of lines) {
  if (title) process.stdout.write(`  ${state === 'passed' ? '✔' : state === 'skipped' ? '-' : '✘'} ${title}\n${error ? `${error}\n` : ''}`);
}
if (lines.length === 0) process.stderr.write(`A desktop VS Code could not run the tests: ${failure?.message ?? 'no results'}\nSet FANOUT_VSCODE to its executable.\n`);
const count = (state) => lines.filter((line) => line.state === state).length;
conclude({ passed: count('passed'), failed: count('failed') + (lines.length === 0 ? 1 : 0), skipped: count('skipped') });
for (const dir of [workspace, path.dirname(results)]) fs.rmSync(dir, { recursive: true, force: true });
