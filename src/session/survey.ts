/**
 * The main job, from end to end, for each program of a folder: profile it, take the hottest loop that can run in parallel, rewrite it,
 * prove the rewrite equal on a real run, and measure it.
 */
import * as path from 'node:path';
import { CancelledError } from '../analysis/cancellation';
import type { BenchReport, MeasureOptions, ProfileReport } from '../measure/types';
import { defaultStrategy } from '../strategies';
import type { StrategyId } from '../strategies/types';
import type { Session } from './session';

export interface SurveyRow {
  readonly program: string;
  /** The loop that was taken; null when none can be. */
  readonly line: number | null;
  readonly share: number | null;
  readonly strategy: StrategyId | null;
  readonly bench: BenchReport | null;
  readonly profile: ProfileReport | null;
  /** Why there is no rewrite, or what went wrong. */
  readonly note: string | null;
  /** Something did not work that should have. */
  readonly failed: boolean;
}

/** Loops with less of the run time than this are not worth a pool. */
const WORTHWHILE_SHARE = 0.2;

export async function* survey(session: Session, programs: readonly string[], options: MeasureOptions & { readonly pairs: number }): AsyncGenerator<SurveyRow> {
  for (const file of programs) {
    try {
      yield await surveyProgram(session, file, options);
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      yield { program: file, line: null, share: null, strategy: null, bench: null, profile: null, note: error instanceof Error ? error.message : String(error), failed: true };
    }
  }
}

async function surveyProgram(session: Session, file: string, options: MeasureOptions & { readonly pairs: number }): Promise<SurveyRow> {
  const program = { command: [file], cwd: path.dirname(file) };
  const profile = await session.profile(program, options);
  const row = { program: file, profile, line: null, share: null, strategy: null, bench: null, failed: false };
  const { document, report } = await session.analyze(file);
  const strategy = defaultStrategy(report.module.language);
  let refused: string | null = null;
  for (const hot of profile.loops.filter((l) => l.path === file && l.share >= WORTHWHILE_SHARE)) {
    const loop = report.loops.find((l) => l.id === hot.loop);
    if (!loop) continue;
    const outcome = await session.fix(loop, strategy, { assume: true });
    const line = document.positionAt(loop.range.start).line + 1;
    if (!outcome.ok) {
      refused ??= `line ${line}, ${percent(hot.share)} of the time: ${outcome.why}`;
      continue;
    }
    const bench = await session.bench({ loop, program, assume: true, strategies: [strategy], pairs: options.pairs }, options);
    const bad = bench.rows.find((r) => r.error !== null || !['equal', 'equal-as-far'].includes(r.verified));
    return { ...row, line, share: hot.share, strategy, bench, note: bad ? (bad.error ?? bench.verify?.message ?? null) : null, failed: bad !== undefined };
  }
  return { ...row, note: refused ?? (profile.exitCode === 0 ? 'no loop takes a fifth of its time' : `the program ended with exit code ${profile.exitCode}`) };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
