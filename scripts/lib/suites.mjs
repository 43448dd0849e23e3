/** The suites that `npm test` is made of. Each gives `{ passed, failed, skipped }`; what does not even run counts as one failure. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const RESULTS = path.join(ROOT, '.results');

// `exit` handlers end what was started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

/** @typedef {{ passed: number, failed: number, skipped: number, failures?: string[] }} Counts `failures`: a line or more for each that failed */

/** Runs a program with its output shown; resolves with its exit code. */
export function show(command, args, { env = process.env, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'], shell: false });
    const abandon = () => child.kill();
    process.once('exit', abandon);
    child.on('error', reject);
    child.on('close', (code) => {
      process.removeListener('exit', abandon);
      resolve(code ?? 1);
    });
  });
}

/** A script of a package in node_modules, run with this Node. */
export function tool(name, script) {
  return path.join(ROOT, 'node_modules', name, script);
}

/** A step that passes or fails as a whole. @returns {Promise<Counts>} */
export async function step(title, command, args, options) {
  process.stdout.write(`\n${title}\n`);
  const code = await show(command, args, options);
  process.stdout.write(code === 0 ? `  passed: ${title}\n` : `  FAILED: ${title} (exit ${code})\n`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, failures: code === 0 ? [] : [`${title} (exit ${code})`] };
}

/** Mocha with the counts of its own tests. @returns {Promise<Counts>} */
export async function mocha(title, args, env = {}) {
  process.stdout.write(`\n${title}\n`);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-counts-')), 'counts.json');
  const reporter = path.join(ROOT, 'scripts', 'lib', 'mocha-reporter.cjs');
  const code = await show(process.execPath, [tool('mocha', 'bin/mocha.js'), '--reporter', reporter, ...args], { env: { ...process.env, FANOUT_COUNTS: file, ...env } });
  const counts = readCounts(file);
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
  // It can end badly with every test passed: a file that does not load, a rejection after the end.
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1, failures: [`${title}: ended with ${code}, though every test passed`] } : counts;
}

function readCounts(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ['a suite that did not come to its end'] };
  }
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const add = (key) => all.reduce((total, counts) => total + counts[key], 0);
  return { passed: add('passed'), failed: add('failed'), skipped: add('skipped'), failures: all.flatMap((counts) => counts.failures ?? []) };
}

/** Prints what failed once more, where a reader looks first, then the closing line; sets the exit code. */
export function conclude(counts) {
  for (const failure of counts.failures ?? []) process.stdout.write(`\nFAILED: ${failure.trim().replace(/^/gm, '  ').trimStart()}\n`);
  process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}\n`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

/** Bundles the tests that run inside VS Code. @returns {Promise<string>} their entry */
export async function buildHostTests() {
  const require = createRequire(path.join(ROOT, 'package.json'));
  const esbuild = require('esbuild');
  const source = path.join(ROOT, 'test', 'host');
  const out = path.join(ROOT, 'out', 'host');
  fs.rmSync(out, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: fs.readdirSync(source).filter((file) => file === 'index.ts' || file.endsWith('.test.ts')).map((file) => path.join(source, file)),
    outdir: out,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(out, 'index.js');
}

/** A copy of the folder that the host tests open. */
export function hostWorkspace() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-host-'));
  fs.cpSync(path.join(ROOT, 'test', 'host', 'workspace'), folder, { recursive: true });
  return folder;
}
