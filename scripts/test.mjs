/**
 * `npm test`: sets up what is needed and runs everything. Ends with `N passed, N failed`. Plain Node built-ins only until the packages
 * are installed. `node scripts/test.mjs --no-vscode` leaves out what needs a real VS Code. Interpreters and packages for the Python
 * strategies are set up beside the tests that do without; what cannot be had leaves its tests pending, with the reason.
 */
import * as path from 'node:path';
import { ensureInstalled } from './lib/build.mjs';
import { step as say } from './lib/progress.mjs';
import { conclude, mocha, ROOT, step, sum, tool } from './lib/suites.mjs';

const vscode = !process.argv.includes('--no-vscode');
say('setting up');
await ensureInstalled(ROOT);
const { ensureBrowser, ensureCodeServer } = await import('./setup-vscode.mjs');
// The slowest download goes on beside the tests that do not need it.
const ready = vscode ? ensureCodeServer(() => {}).then(() => ensureBrowser(() => {})) : null;
ready?.catch(() => {});
const { ensureAll } = await import('./setup-python.mjs');
const pythons = Promise.resolve(ready).catch(() => {}).then(() => ensureAll());
/** Suites that run interpreters of the set-up. */
const WITH_PYTHONS = ['test/strategies/**/*.test.ts', 'test/**/*.tools.test.ts'];

const counts = [];
counts.push(await step('Build', process.execPath, [path.join(ROOT, 'esbuild.js')]));
counts.push(await step('Types', process.execPath, [tool('typescript', 'bin/tsc'), '--noEmit']));
counts.push(await step('Lint', process.execPath, [tool('eslint', 'bin/eslint.js'), '.']));
counts.push(await mocha('Unit tests', ['test/**/*.test.ts', ...WITH_PYTHONS.flatMap((pattern) => ['--ignore', pattern])]));
if (vscode) {
  try {
    await ready;
    const { vscodeSuites } = await import('./test-vscode.mjs');
    counts.push(...(await vscodeSuites({ host: true, e2e: true })));
  } catch (error) {
    process.stdout.write(`  FAILED: the tests in VS Code: ${error.stack ?? error}\n`);
    counts.push({ passed: 0, failed: 1, skipped: 0, failures: [`the tests in VS Code: ${error.message ?? error}`] });
  }
}
say('waiting for the Python set-up');
for (const { name, why } of await pythons) if (why !== null) process.stdout.write(`  not set up, its tests are skipped: ${name}: ${why}\n`);
counts.push(await mocha('Strategies on the interpreters that they need', WITH_PYTHONS));
conclude(sum(counts));
