/**
 * `npm run bench:strategies`: every strategy for Python on the samples that it fits, verified value by value, with the ratio to the
 * sequential program on the same interpreter. Pools and clusters get coarse work, so that starting them is not what is measured; for native
 * code the same work is over too soon, and for the others too long, so it gets less.
 * `-- [--pairs N] [--rows N] [--coarse N] [--strategy ID,…] [--no-setup]`
 */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { run } from './lib/npm.mjs';
import { step } from './lib/progress.mjs';
import { ensureAll } from './setup-python.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const cli = path.join(root, 'dist', 'cli.js');

const { values: flags } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    rows: { type: 'string', default: '560' },
    coarse: { type: 'string', default: '1120' },
    strategy: { type: 'string' },
    'no-setup': { type: 'boolean', default: false },
  },
});

const NATIVE = ['c-extension', 'cython', 'pyo3', 'mojo', 'numba'].map((name) => `python/${name}`);
const ROWS = 'for y in range(height):';

/** The loops by their first line of source: a sample may be edited. */
const SAMPLES = [
  { file: 'mandelbrot.py', loop: ROWS, args: [flags.coarse], takes: (id) => !NATIVE.includes(id) && id !== 'python/asyncio', pairs: Math.min(3, Number(flags.pairs)) },
  { file: 'mandelbrot.py', loop: ROWS, args: [flags.rows], takes: (id) => NATIVE.includes(id), pairs: Number(flags.pairs) },
  { file: 'stations.py', loop: 'for number in range(count):', args: [], takes: (id) => id === 'python/asyncio', pairs: Number(flags.pairs) },
];

async function main() {
  await ensureBuilt(root);
  if (!flags['no-setup']) await ensureAll();
  const doctor = JSON.parse(await run(process.execPath, [cli, 'doctor', '--format', 'json'], { cwd: root }));
  const wanted = flags.strategy?.split(',') ?? doctor.rows.map((row) => row.strategy).filter((id) => id.startsWith('python/'));
  const lines = [];
  for (const sample of SAMPLES) {
    const asked = wanted.filter(sample.takes);
    if (asked.length === 0) continue;
    const name = [sample.file, ...sample.args].join(' ');
    const report = await bench(sample, asked);
    for (const row of report.rows) lines.push({ sample: name, python: row.python ?? report.machine.python, row });
    for (const left of report.leftOut ?? []) lines.push({ sample: name, left });
    if (report.recommendation) step(`${name}: ${report.recommendation.reason}`);
  }
  process.stdout.write(`\n${table(wanted, lines)}\n`);
  const bad = lines.filter(({ row }) => row && (row.error !== null || !['equal', 'equal-as-far'].includes(row.verified)));
  for (const { sample, row } of bad) process.stdout.write(`${sample}: ${row.strategy}: ${row.error ?? row.verified}\n`);
  if (bad.length > 0) process.exitCode = 1;
}

/** One comparison by the command line. Its exit code 1 means that a row is not equal: the report says which. */
async function bench({ file, loop, args, pairs }, strategies) {
  const sample = path.join(root, 'test', 'bench', 'strategies', file);
  const line = fs.readFileSync(sample, 'utf8').split('\n').findIndex((text) => text.trim() === loop) + 1;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-bench-'));
  const json = path.join(folder, 'report.json');
  const options = ['--yes', '--assume', '--pairs', String(pairs), '--json', json, '--strategy', strategies.join(',')];
  step(`${file}:${line}`);
  try {
    const code = await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, 'bench', ...options, `${sample}:${line}`, '--', 'python', sample, ...args], { stdio: ['ignore', 'inherit', 'inherit'], cwd: root });
      child.once('error', reject);
      child.once('close', resolve);
    });
    // With the strategies that were named none may fit this sample.
    return code <= 1 && fs.existsSync(json) ? JSON.parse(fs.readFileSync(json, 'utf8')) : { rows: [], machine: {} };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const ratio = (value) => (value ? `${value.value.toFixed(2)} [${value.low.toFixed(2)}, ${value.high.toFixed(2)}]` : '');
const seconds = (value) => (value ? `${value.toFixed(value < 10 ? 2 : 0)} s` : '');

function table(wanted, lines) {
  const rows = [['strategy', 'sample', 'Python', 'loop × sequential', 'warm ×', 'compiles', 'build', 'results']];
  for (const id of wanted) {
    const measured = lines.filter(({ row }) => row?.strategy === id);
    for (const { sample, python, row } of measured) {
      rows.push([id, sample, python, ratio(row.loopRatio), ratio(row.warmRatio), seconds(row.compileSeconds), seconds(row.buildSeconds), row.verified === 'different' ? 'DIFFERENT' : row.verified]);
    }
    // Why it runs on no sample at all; of those that do, the other sample's reason is of no interest.
    if (measured.length === 0) for (const { sample, left } of lines) if (left?.strategy === id) rows.push([id, sample, '', '', '', '', '', left.why]);
  }
  const widths = rows[0].map((_, i) => Math.min(70, Math.max(...rows.map((cells) => String(cells[i] ?? '').length))));
  return rows.map((cells) => cells.map((cell, i) => String(cell ?? '').padEnd(i === cells.length - 1 ? 0 : widths[i])).join('  ')).join('\n');
}

await main();
