/** What `npm run eval:rewrites` says of a loop. */
import type { LoopReport } from '../../src/analysis/report';

/** A loop that the analyzer calls parallel or a reduction, in the place where it was found. */
export interface FoundLoop {
  readonly loop: LoopReport;
  /** Where the set of loops comes from: `B`, `samples`, `Python's library`, a package's name. */
  readonly set: string;
  /** The folder that its program needs, copied before anything is changed. */
  readonly root: string;
  readonly line: number;
  /** Only the part around the loop is run, by a driver in the same file. */
  readonly aloneOnly: boolean;
  /** Why no rewrite is offered where the loop stands; null when one is. */
  refused(): string | null;
  /** A complete program, with its arguments. */
  readonly program?: readonly string[];
}

/**
 * `equal`: both programs gave the same, the rewritten one through a pool · `different`: they did not · `refused`: no rewrite is offered ·
 * `not run`: nothing was compared.
 */
export type Outcome = 'equal' | 'different' | 'refused' | 'not run';

export interface CaseResult {
  readonly outcome: Outcome;
  /** How the loop was driven, or why it was not, or the first difference. */
  readonly why: string;
  /** Iterations (Python) or tasks (JavaScript) that went through a pool. */
  readonly handed?: number;
}

/** A copy of the loop with what it needs, in a folder of its own. */
export interface Prepared {
  readonly folder: string;
  /** The file that holds the loop. */
  readonly file: string;
  /** Offset in `file` at which the loop's range starts. */
  readonly offset: number;
  /** Looks for calls that reach the loop, and writes the program that makes them. @throws NotRun */
  drive(): Promise<Driven>;
}

export interface Driven {
  /** The file that is run. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Where the loop is now in its file. */
  readonly offset: number;
  /** In words, for the report. */
  readonly how: string;
}

/** Why a loop is not run, in words for the report. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
}
