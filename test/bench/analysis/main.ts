/** `npm run bench:analysis`: see scripts/bench-analysis.mjs, which starts it with what it found or installed. */
import { build } from 'esbuild';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { corpus, standardLibrary, type Corpus } from './corpora';
import { latency } from './editor';
import type { Phases } from './phases';
import { run } from './run';
import { toolsFor, type Provided } from './tools';

const CLI = path.resolve(__dirname, '../../../dist/cli.js');

const { values } = parseArgs({
  options: {
    part: { type: 'string', default: 'check,cores,tools,editor' },
    corpus: { type: 'string', default: 'python,npm' },
    under: { type: 'string', default: '' },
    limit: { type: 'string', default: '900' },
  },
});
const parts = values.part.split(',');
const limit = Number(values.limit);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const provided = JSON.parse(process.env.FANOUT_BENCH ?? '{}') as Record<'npm' | 'linters' | 'pyright', Provided>;
  for (const which of values.corpus.split(',')) {
    const python = which === 'python';
    if (!python && !provided.npm?.path) {
      say(`npm packages: left out: ${provided.npm?.why ?? 'start it by npm run bench:analysis'}`);
      continue;
    }
    const root = python ? standardLibrary() : path.join(provided.npm.path!, 'node_modules');
    const tree = corpus(python ? "CPython's standard library" : 'npm packages', python, root, values.under);
    say(`\n${tree.name}: ${tree.files.length} files, ${tree.lines} lines`);
    const seconds = parts.includes('check') ? await check(tree) : null;
    if (parts.includes('cores')) await cores(tree);
    if (parts.includes('tools')) await others(tree, provided, seconds);
    if (parts.includes('editor')) await edits(tree);
  }
}

/** @returns seconds of the check */
async function check(tree: Corpus): Promise<number | null> {
  const program = await bundled('phases');
  const ran = await run(process.execPath, ['--expose-gc', program, tree.name, tree.python ? 'python' : 'javascript', tree.root, values.under, values.limit], limit * 4);
  if (ran.code !== 0) {
    say(`  check: ${ran.stopped ? 'stopped' : ran.stderr.trim()}`);
    process.exitCode = 1;
    return null;
  }
  const phases = JSON.parse(ran.stdout) as Phases;
  const times = (value: number): string => `${(value / phases.parse).toFixed(2)} ×`;
  if (phases.files < tree.files.length) say(`  stopped after ${values.limit} s: the figures are of ${phases.files} of ${tree.files.length} files, taken evenly from all folders`);
  say(`  check over parsing alone ${times(phases.check)}, parsing and walk ${times(phases.lower)} (processor time; parsing ${phases.parse.toFixed(1)} s)`);
  say(`  kept ${(phases.keptBytes / 1024 / phases.functions).toFixed(2)} KB for each of ${phases.functions} functions; ${Math.round(phases.peakBytes / 2 ** 20)} MB at the peak; ${phases.findings} findings`);
  say(`  slowest: ${phases.slowest.map(({ file, seconds }) => `${file} ${seconds.toFixed(1)} s`).join(', ')}`);
  return phases.check;
}

/** As a person runs it: in one file, by the same builder. */
async function bundled(name: string): Promise<string> {
  const outfile = path.resolve(__dirname, `../../../out/bench/${name}.cjs`);
  await build({ entryPoints: [path.join(__dirname, `${name}.ts`)], outfile, bundle: true, packages: 'external', platform: 'node', format: 'cjs', logLevel: 'warning' });
  return outfile;
}

async function cores(tree: Corpus): Promise<void> {
  const args = [CLI, 'check', path.join(tree.root, values.under), '--format', 'json'];
  const on = (processes: number) => run(process.execPath, args, limit, { env: { ...process.env, FANOUT_PROCESSES: String(processes) } });
  const all = os.availableParallelism();
  const [one, many] = [await on(1), await on(all)];
  if (one.stopped || many.stopped) return say(`  over ${all} cores: not done after ${limit} s`);
  const same = one.stdout === many.stdout;
  if (!same) process.exitCode = 1;
  say(`  over ${all} cores: ${(one.seconds / many.seconds).toFixed(2)} × as fast as on one; output ${same ? 'the same' : 'DIFFERENT'}`);
}

async function others(tree: Corpus, provided: Record<'linters' | 'pyright', Provided>, seconds: number | null): Promise<void> {
  for (const row of await toolsFor(tree, provided, limit)) {
    const ratio = row.seconds !== null && seconds !== null ? `, ${(row.seconds / seconds).toFixed(2)} × the time of the check` : '';
    say(`  ${row.tool} ${row.version}: ${row.seconds === null ? `left out: ${row.why}` : `${row.seconds.toFixed(1)} s${ratio}`}`);
  }
}

async function edits(tree: Corpus): Promise<void> {
  for (const lines of [3000, 30_000]) {
    try {
      const found = await latency(tree, lines, Math.min(limit, 300));
      say(`  ${lines} lines in the editor: server ready after ${found.initialized.toFixed(0)} ms, first findings ${found.opened.toFixed(0)} ms after opening, after an edit p50 ${found.p50.toFixed(0)} ms, p95 ${found.p95.toFixed(0)} ms`);
    } catch (error) {
      say(`  ${lines} lines in the editor: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    }
  }
}

void main();
