/** Measuring a loop of the session: the candidates are made from rewrites, the rest is src/measure. */
import * as os from 'node:os';
import { CancelledError, neverCancelled } from '../analysis/cancellation';
import type { LoopReport, Range } from '../analysis/report';
import { spanContains, walkFunction } from '../ir/walk';
import type { Span, Stmt } from '../ir/ir';
import { bench, benchRuns, OriginalRuns, settle, settleRuns, verify, verifyRuns } from '../measure';
import { profile, profileFrom } from '../measure/profile';
import type { BenchCandidate, BenchReport, BenchRow, Candidate, LeftOut, MeasureOptions, ProfileReport, Program, SettleResult, VerifyResult } from '../measure/types';
import { sizedProgram } from '../measure/sizes';
import { isEqual } from '../protocol/best';
import { recommend } from '../protocol/recommend';
import type { StrategyId } from '../strategies/types';
import { byInterpreter, costOf, leftOutText, otherPython, planComparison, programOn, startsByDefault, type Way } from './compare';
import { unifiedDiff, type Rewritten } from './diff';
import { UsageError, type BenchLoopRequest, type Session, type VerifyLoopRequest } from './session';
import { lineOf } from './results';

/** A pool that works under one start method can fail under another: all that are there are tried. */
const START_METHODS = ['fork', 'spawn', 'forkserver'] as const;
/** Entries of a loop whose values are compared at the most. */
const MAX_ENTRIES = 50;

export async function verifyLoop(session: Session, request: VerifyLoopRequest, options: MeasureOptions): Promise<VerifyResult> {
  const plan = await planComparison(session, { ...request, strategies: [request.strategy] }, options);
  return verifyWay(session, request.loop, request.program, plan.ways[0]!, options);
}

/** Runs the program with the loop's iterations alone and in other orders; no strategy takes part. */
export async function settleLoop(session: Session, loop: LoopReport, program: Program, options: MeasureOptions): Promise<SettleResult> {
  return settle({ program, loop, original: originalOf(session, loop), maxEntries: MAX_ENTRIES }, options);
}

/** How often that runs the program. */
export const settlingRuns = (loop: LoopReport): number => settleRuns(loop.module.path);

/**
 * Verifies each way that fits the loop, then measures those that are equal in alternation with the original, on the same interpreter.
 * @throws UsageError when none fits; ProgramError; CancelledError; Error when the original fails.
 */
export async function benchLoop(session: Session, request: BenchLoopRequest, options: MeasureOptions): Promise<BenchReport> {
  const plan = await planComparison(session, request, options);
  const text = session.documents.get(request.loop.module.path).document.getText();
  const line = lineOf(text, request.loop.range.start);
  const reports: BenchReport[] = [];
  const leftOut = [...plan.leftOut];
  for (const ways of byInterpreter(plan.ways)) {
    const { report, failed } = await benchOn(session, request, ways, otherPython(ways[0]!, plan.selected), { line, title: text.split(/\r\n|\r|\n/)[line - 1]!.trim() }, options);
    leftOut.push(...failed);
    if (report) reports.push(report);
  }
  const [first] = reports;
  if (!first) throw new UsageError(leftOut.map(leftOutText).join('\n'));
  const rows = reports.flatMap((report) => report.rows);
  // The result that a person must know of first: one that is not equal.
  const verified = reports.flatMap(({ verify: result }) => (result ? [result] : []));
  return {
    ...first,
    rows,
    verify: verified.find(({ status }) => !isEqual(status)) ?? verified[0] ?? null,
    notes: [...new Set([...plan.notes, ...reports.flatMap(({ notes }) => notes)])],
    leftOut,
    recommendation: recommend(rows),
  };
}

/** The ways of one interpreter. One that is not the selected may be unable to run the program at all: then its ways are left out. */
async function benchOn(
  session: Session,
  request: BenchLoopRequest,
  ways: readonly Way[],
  python: Pick<BenchRow, 'python' | 'samePython'>,
  where: { readonly line: number; readonly title: string },
  given: MeasureOptions,
): Promise<{ readonly report: BenchReport | null; readonly failed: readonly LeftOut[] }> {
  const { loop } = request;
  const { options, program } = startedBy(ways[0]!, request.program, given);
  const workers = request.workers ?? [os.availableParallelism()];
  const candidates: BenchCandidate[] = [];
  const results = new Map<string, VerifyResult>();
  const originals = new OriginalRuns();
  for (const way of ways) {
    const result = await verifyWay(session, loop, request.program, way, given, originals);
    if (result.status === 'cancelled') throw new CancelledError();
    if (way.other && result.status === 'failed' && /^The original program/.test(result.message)) {
      const why = `the program does not run on Python ${python.python} (${way.python!.path}), the one found that has what is needed: ${result.message.split('\n').at(-1)}`;
      return { report: null, failed: ways.map(({ outcome }) => ({ strategy: outcome.strategy, why, because: 'toolchain' as const, install: null })) };
    }
    results.set(way.outcome.strategy, result);
    const candidate = candidateOf(loop, way.outcome);
    const cost = costOf(way.outcome, session.root);
    for (const count of workers) candidates.push({ candidate, workers: count, limitWorkers: true, verified: result.status, cost });
  }
  const telling = [...results.values()].find(({ status }) => !isEqual(status)) ?? [...results.values()][0]!;
  const measurable = candidates.filter(({ verified: status }) => isEqual(status) || status === 'unstable');
  const report = await bench(
    {
      program,
      loop,
      original: originalOf(session, loop),
      candidates: measurable,
      ...where,
      verify: telling,
      diff: unifiedDiff(ways[0]!.outcome, session.root),
      notes: [],
      ...(request.pairs === undefined ? {} : { pairs: request.pairs }),
    },
    options,
  );
  // What is not equal is shown, and not timed: its ratio would recommend it.
  const untimed = candidates.filter((c) => !measurable.includes(c)).map((c) => untimedRow(c, results.get(c.candidate.id)!));
  const rows = [...report.rows, ...untimed].map((row) => ({ ...row, ...python }));
  return { report: { ...report, rows }, failed: [] };
}

function untimedRow({ candidate, workers, verified, cost }: BenchCandidate, result: VerifyResult): BenchRow {
  const nothing = { loopRatio: null, programRatio: null, baselineSeconds: null, candidateSeconds: null, pairs: 0, startupMs: null, predicted: null };
  return { strategy: candidate.id, workers, ...nothing, verified, error: result.message, ...(cost ? { cost } : {}) };
}

/** The program and the options with which a way and the original beside it run. */
function startedBy(way: Way, program: Program, options: MeasureOptions): { readonly program: Program; readonly options: MeasureOptions } {
  return way.other && way.python ? { program: programOn(program, way.python), options: { ...options, python: way.python.path } } : { program, options };
}

async function verifyWay(session: Session, loop: LoopReport, program: Program, way: Way, given: MeasureOptions, originals = new OriginalRuns()): Promise<VerifyResult> {
  const started = startedBy(way, program, given);
  return verify(
    {
      program: started.program,
      loop,
      original: originalOf(session, loop),
      candidate: candidateOf(loop, way.outcome),
      startMethods: startMethodsOf(loop, way.outcome.strategy),
      maxEntries: MAX_ENTRIES,
    },
    started.options,
    originals,
  );
}

/** `at most 23 times: 5 to verify, 18 to measure`. Starts nothing. */
export async function plannedRuns(session: Session, request: BenchLoopRequest): Promise<string> {
  const sizes = sizedProgram(request.program, request.sizes)?.sizes.length ?? 1;
  const { ways } = await planComparison(session, request, null);
  const toVerify = ways.reduce((sum, { outcome }) => sum + verifyRuns({ startMethods: startMethodsOf(request.loop, outcome.strategy) }), 0);
  const rows = ways.length * (request.workers?.length ?? 1);
  const toMeasure = benchRuns({ candidates: Array(rows).fill(null), ...(request.pairs === undefined ? {} : { pairs: request.pairs }) });
  const total = `at most ${sizes * (toVerify + toMeasure)} times: ${sizes * toVerify} to verify, ${sizes * toMeasure} to measure`;
  return sizes > 1 ? `${total}, over ${sizes} sizes` : total;
}

export async function profileProgram(session: Session, program: Program, options: MeasureOptions): Promise<ProfileReport> {
  return keepHot(session, await profile(program, await loopsByFile(session), options));
}

export async function profileFromFile(session: Session, file: string, options: MeasureOptions): Promise<ProfileReport> {
  return keepHot(session, await profileFrom(file, await loopsByFile(session), options));
}

// ---------------------------------------------------------------------------------------------------------------------

/** Loops of the file that are asked for: files are analysed when a sample falls into them. */
async function loopsByFile(session: Session): Promise<(file: string) => Promise<readonly LoopReport[]>> {
  return async (file) => {
    if (!session.covers(file)) return [];
    try {
      return (await session.analyze(file, neverCancelled)).report.loops;
    } catch (error) {
      if (error instanceof UsageError) return [];
      throw error;
    }
  };
}

function keepHot(session: Session, report: ProfileReport): ProfileReport {
  const byFile = new Map<string, Map<string, number>>();
  for (const loop of report.loops) {
    const shares = byFile.get(loop.path) ?? new Map<string, number>();
    byFile.set(loop.path, shares.set(loop.loop, loop.share));
  }
  session.setHot(byFile);
  return report;
}

function startMethodsOf(loop: LoopReport, strategy: string): readonly string[] {
  return loop.module.language === 'python' && startsByDefault(strategy as StrategyId) ? START_METHODS : [];
}

/** The text as it is in the editor, saved or not. */
function originalOf(session: Session, loop: LoopReport): Candidate {
  const { path } = loop.module;
  return { id: 'original', texts: new Map([[path, session.documents.get(path).document.getText()]]), newFiles: [], path, region: statementAround(loop) };
}

function candidateOf(loop: LoopReport, outcome: Rewritten): Candidate {
  return {
    id: outcome.strategy,
    texts: new Map(outcome.files.map((file) => [file.path, file.after])),
    newFiles: outcome.newFiles,
    path: loop.module.path,
    region: outcome.region,
    ...(outcome.build ? { build: outcome.build } : {}),
  };
}

/** The innermost whole statement that holds the loop, in the file. */
export function statementAround(loop: LoopReport): Range {
  const { fn } = loop;
  const extent: Span = { start: loop.extent.start - fn.start, end: loop.extent.end - fn.start };
  let best: Span | null = null;
  walkFunction(fn, {
    stmt(stmt: Stmt) {
      if (!spanContains(stmt.span, extent)) return false;
      best = stmt.span;
      return true;
    },
  });
  const span = best ?? extent;
  return { start: fn.start + span.start, end: fn.start + span.end };
}
