/** Measuring a loop of the session: the candidates are made from rewrites, the rest is src/measure. */
import * as os from 'node:os';
import { neverCancelled } from '../analysis/cancellation';
import type { LoopReport, Range } from '../analysis/report';
import { spanContains, walkFunction } from '../ir/walk';
import type { Span, Stmt } from '../ir/ir';
import { bench, benchRuns, verify, verifyRuns } from '../measure';
import { profile, profileFrom } from '../measure/profile';
import type { BenchCandidate, BenchReport, Candidate, MeasureOptions, ProfileReport, Program, VerifyRequest, VerifyResult } from '../measure/types';
import { strategiesFor } from '../strategies';
import type { StrategyId } from '../strategies/types';
import { unifiedDiff, type Rewritten } from './diff';
import { UsageError, type BenchLoopRequest, type Session, type VerifyLoopRequest } from './session';
import { lineOf } from './results';

/** A pool that works under one start method can fail under another: all that are there are tried. */
const START_METHODS = ['fork', 'spawn', 'forkserver'] as const;
/** Entries of a loop whose values are compared at the most. */
const MAX_ENTRIES = 50;

export async function verifyLoop(session: Session, request: VerifyLoopRequest, options: MeasureOptions): Promise<VerifyResult> {
  const outcome = await rewriteOrThrow(session, request.loop, request.strategy, request.assume);
  return verify(verifyRequest(session, request.loop, request.program, outcome), options);
}

/**
 * Verifies each strategy, then measures those in alternation with the original. A strategy that does not fit is a row with the reason
 * when it was asked for by name.
 */
export async function benchLoop(session: Session, request: BenchLoopRequest, options: MeasureOptions): Promise<BenchReport> {
  const { loop, program } = request;
  const workers = request.workers ?? [os.availableParallelism()];
  const candidates: BenchCandidate[] = [];
  const verified: VerifyResult[] = [];
  const { fitting, refused } = await rewrites(session, request);
  let diff: string | null = null;
  for (const outcome of fitting) {
    diff ??= unifiedDiff(outcome, session.root);
    const result = await verify(verifyRequest(session, loop, program, outcome), options);
    verified.push(result);
    for (const count of workers) candidates.push({ candidate: candidateOf(loop, outcome), workers: count, limitWorkers: true, verified: result.status });
  }
  const text = session.documents.get(loop.module.path).document.getText();
  const line = lineOf(text, loop.range.start);
  // The result that a person must know of first: one that is not equal.
  const telling = verified.find((v) => v.status !== 'equal' && v.status !== 'equal-as-far') ?? verified[0] ?? null;
  const measurable = candidates.filter(({ verified: status }) => ['equal', 'equal-as-far', 'unstable'].includes(status));
  const report = await bench(
    {
      program,
      loop,
      original: originalOf(session, loop),
      candidates: measurable,
      line,
      title: text.split(/\r\n|\r|\n/)[line - 1]!.trim(),
      verify: telling,
      diff,
      notes: refused,
      ...(request.pairs === undefined ? {} : { pairs: request.pairs }),
    },
    options,
  );
  // What is not equal is shown, and not timed: its ratio would recommend it.
  const untimed = candidates.filter((c) => !measurable.includes(c));
  return {
    ...report,
    rows: [
      ...report.rows,
      ...untimed.map(({ candidate, workers: count, verified: status }) => ({
        strategy: candidate.id,
        workers: count,
        loopRatio: null,
        programRatio: null,
        baselineSeconds: null,
        candidateSeconds: null,
        pairs: 0,
        startupMs: null,
        predicted: null,
        verified: status,
        error: telling?.message ?? null,
      })),
    ],
  };
}

/** The rewrites that a bench compares, and why others are left out. @throws UsageError when none fits. */
async function rewrites(session: Session, { loop, strategies, assume }: BenchLoopRequest): Promise<{ fitting: readonly Rewritten[]; refused: readonly string[] }> {
  const fitting: Rewritten[] = [];
  const refused: string[] = [];
  for (const id of strategies ?? strategiesFor(loop.module.language).map((s) => s.meta.id)) {
    const outcome = await session.fix(loop, id, { assume });
    if (outcome.ok) fitting.push(outcome);
    else refused.push(`${id} does not fit: ${outcome.why}${outcome.needsAssume ? ' (allow it with --assume: verifying checks it)' : ''}`);
  }
  if (fitting.length === 0) throw new UsageError(refused.join('\n') || 'no strategy fits this loop');
  return { fitting, refused };
}

/** `at most 23 times: 5 to verify, 18 to measure` */
export async function plannedRuns(session: Session, request: BenchLoopRequest): Promise<string> {
  const { fitting } = await rewrites(session, request);
  const perStrategy = verifyRuns({ startMethods: startMethodsOf(request.loop) });
  const rows = fitting.length * (request.workers?.length ?? 1);
  const toVerify = fitting.length * perStrategy;
  const toMeasure = benchRuns({ candidates: Array(rows).fill(null), ...(request.pairs === undefined ? {} : { pairs: request.pairs }) });
  return `at most ${toVerify + toMeasure} times: ${toVerify} to verify, ${toMeasure} to measure`;
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

async function rewriteOrThrow(session: Session, loop: LoopReport, id: StrategyId, assume: boolean): Promise<Rewritten> {
  const outcome = await session.fix(loop, id, { assume });
  if (!outcome.ok) throw new UsageError(`${id} does not fit: ${outcome.why}`);
  return outcome;
}

function verifyRequest(session: Session, loop: LoopReport, program: Program, outcome: Rewritten): VerifyRequest {
  return {
    program,
    loop,
    original: originalOf(session, loop),
    candidate: candidateOf(loop, outcome),
    startMethods: startMethodsOf(loop),
    maxEntries: MAX_ENTRIES,
  };
}

function startMethodsOf(loop: LoopReport): readonly string[] {
  return loop.module.language === 'python' ? START_METHODS : [];
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
