/** Rewrites a prepared program in its folder and holds what it prints against what it printed before. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { LoopReport } from '../../src/analysis/report';
import type { FixOutcome } from '../../src/protocol/results';
import { defaultStrategy } from '../../src/strategies';
import { writeRewrite } from '../../src/cli/fix';
import { Session } from '../../src/session/session';
import { run, type Ran } from './run';
import { NotRun, type CaseResult, type Driven, type Prepared } from './types';

export interface Interpreters {
  readonly python: string;
  /** Ways in which Python starts the workers. */
  readonly starts: readonly string[];
}

const HERE = __dirname;
const RUN_SECONDS = 60;

export async function compare(prepared: Prepared, interpreters: Interpreters): Promise<CaseResult> {
  // What is refused whatever calls it needs no calls.
  const early = await rewriteOf(prepared, prepared.offset);
  if (!early.outcome.ok) return { outcome: 'refused', why: early.outcome.why };
  const driven = await prepared.drive();
  const { loop, outcome } = await rewriteOf(prepared, driven.offset);
  if (!outcome.ok) return { outcome: 'refused', why: outcome.why };
  const python = loop.module.language === 'python';
  const starts = python ? interpreters.starts : [''];
  const first = await runProgram(prepared, driven, interpreters, python, starts[0]!);
  const ended = (ran: Ran): string => (ran.slow ? 'it took too long' : `it ended with code ${ran.code}: ${ran.err.trim().split('\n').at(-1)}`);
  if (first.ran.code !== 0) throw new NotRun(`the original program: ${ended(first.ran)}`);
  const again = await runProgram(prepared, driven, interpreters, python, starts[0]!);
  if (again.ran.out !== first.ran.out) throw new NotRun('the original program differs from itself when it runs again');

  writeRewrite(outcome);
  let handed = Infinity;
  for (const start of starts) {
    const rewritten = await runProgram(prepared, driven, interpreters, python, start);
    if (rewritten.ran.code !== 0) return { outcome: 'different', why: `${start} the rewritten program: ${ended(rewritten.ran)}`.trim() };
    const difference = firstDifference(first.ran.out, rewritten.ran.out);
    if (difference) return { outcome: 'different', why: `${start} ${difference}`.trim() };
    handed = Math.min(handed, rewritten.handed);
  }
  if (handed < 2) throw new NotRun(`the pool was handed ${handed} of its iterations: the rewritten program gave the same without it`);
  return { outcome: 'equal', why: driven.how, handed };
}

async function rewriteOf({ folder, file }: Prepared, offset: number): Promise<{ readonly loop: LoopReport; readonly outcome: FixOutcome }> {
  const session = new Session({ root: folder });
  const { report } = await session.analyze(file);
  const loop = report.loops.find(({ range }) => range.start === offset);
  if (!loop) throw new NotRun('the loop was not found again in the copy');
  const id = defaultStrategy(loop.module.language);
  if (loop.verdict === 'unknown') return { loop, outcome: { ok: false, strategy: id, why: `in the copy it is unknown: ${loop.reasons[0]?.message ?? ''}`, needsAssume: true } };
  return { loop, outcome: await session.fix(loop, id, { assume: true }) };
}

async function runProgram({ folder }: Prepared, driven: Driven, interpreters: Interpreters, python: boolean, start: string): Promise<{ readonly ran: Ran; readonly handed: number }> {
  const count = path.join(folder, '.handed');
  fs.rmSync(count, { force: true });
  const env: Record<string, string> = python
    ? { PYTHONPATH: [HERE, folder].join(path.delimiter), PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1', FANOUT_COUNT: count, FANOUT_START: start }
    : { FANOUT_COUNT: count, FANOUT_ROOT: folder, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' };
  const typed = /\.[cm]?ts$/.test(driven.entry);
  const node = typed ? ['--import', 'tsx', '--require', path.join(HERE, 'count.cjs')] : ['--require', path.join(HERE, 'count.cjs')];
  const ran = await run(python ? interpreters.python : process.execPath, [...(python ? [] : node), driven.entry, ...driven.args], { cwd: folder, env, seconds: RUN_SECONDS });
  return { ran, handed: fs.existsSync(count) ? Number(fs.readFileSync(count, 'utf8')) : 0 };
}

function firstDifference(a: string, b: string): string | null {
  if (a === b) return null;
  const before = a.split('\n');
  const after = b.split('\n');
  const line = before.findIndex((each, i) => each !== after[i]);
  const at = line < 0 ? before.length : line;
  return `line ${at + 1} of the output: ${JSON.stringify(before[at]?.slice(0, 200))} became ${JSON.stringify(after[at]?.slice(0, 200))}`;
}
