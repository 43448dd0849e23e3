/** What measuring takes and gives. Results are plain JSON: the CLI prints them, the panel and the HTML report draw them. */
import type { CancellationToken } from '../analysis/cancellation';
import type { NewFile } from '../edit/edit';
import type { BuildStep } from '../strategies/types';
import type { MeasuredLoop } from './probe-spec';

/** What one would type, taken apart: no shell is used to start it. */
export interface Program {
  /** `['python', 'app.py', '--n', '3']`, `['node', 'main.mjs']`, or a source file that the selected interpreter runs. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface MeasureOptions {
  readonly python: string;
  readonly node: string;
  readonly timeoutMs: number;
  readonly token: CancellationToken;
  readonly onProgress: (message: string, done?: number, total?: number) => void;
}

/** A version of the program to run: texts by real path that stand in for the files, and files to add beside them. */
export interface Candidate {
  /** `original` or the strategy's id. */
  readonly id: string;
  /** Text by absolute path. */
  readonly texts: ReadonlyMap<string, string>;
  readonly newFiles: readonly NewFile[];
  /** Commands that make modules out of the new files before the program can run. */
  readonly build?: readonly BuildStep[];
  /** The file and range of whole statements in which the loop runs, in this candidate's text. */
  readonly path: string;
  readonly region: { readonly start: number; readonly end: number };
}

/** What the build of a candidate made. */
export interface BuiltModules {
  /** Names of the modules, as the program imports them. */
  readonly modules: readonly string[];
  /** The folder that holds them. */
  readonly target: string;
  /** Of the build itself, also when its result was kept from an earlier one. */
  readonly seconds: number;
  readonly cached: boolean;
}

export interface VerifyRequest {
  readonly program: Program;
  readonly loop: MeasuredLoop;
  readonly original: Candidate;
  readonly candidate: Candidate;
  /** Start methods to run it under (Python processes): `fork`, `spawn`, `forkserver`. Empty: the default only. */
  readonly startMethods: readonly string[];
  /** Entries of the loop to compare at the most. */
  readonly maxEntries: number;
}

export interface Difference {
  /** `total`, `out[3].x`, `stdout`, `exit code`, `exception` */
  readonly where: string;
  readonly original: string;
  readonly candidate: string;
  /** Which entry of the loop, from 1; 0 for the whole run. */
  readonly entry: number;
}

export interface VerifyResult {
  /** `equal-as-far`: equal, but some values could not be compared (`notCompared`). `not-run`: never took the parallel path with two iterations or more. */
  readonly status: 'equal' | 'equal-as-far' | 'different' | 'not-run' | 'unstable' | 'failed' | 'cancelled';
  readonly message: string;
  readonly differences: readonly Difference[];
  /** What could not be compared, and what differs between two runs of the original. */
  readonly notCompared: readonly { readonly where: string; readonly why: string }[];
  readonly entries: number;
  readonly iterations: number;
  readonly runs: number;
  readonly startMethods: readonly string[];
}

/** The loop of a program whose iterations are to run in other orders and alone. */
export interface SettleRequest {
  readonly program: Program;
  readonly loop: MeasuredLoop;
  readonly original: Candidate;
  /** Entries of the loop to compare at the most. */
  readonly maxEntries: number;
}

/** Whether the iterations of a loop touched each other in one run of a program. It says nothing of other runs. */
export interface SettleResult {
  /** `unsettled`: what was seen neither shows a dependence nor rules one out. `not-run`: no entry had two iterations. */
  readonly status: 'independent' | 'dependent' | 'unsettled' | 'not-run' | 'failed' | 'cancelled';
  /** In words, with the run that it holds for. */
  readonly message: string;
  /** Places that an iteration reads or writes and another one writes; the first is the one in the message. */
  readonly conflicts: readonly { readonly where: string; readonly iteration: number; readonly alone: string; readonly inOrder: string }[];
  /** What came out otherwise when the iterations ran in another order. */
  readonly differences: readonly Difference[];
  readonly notCompared: readonly { readonly where: string; readonly why: string }[];
  /** What the iterations were put through: `alone`, `reversed`, `shuffled`. */
  readonly orders: readonly string[];
  readonly entries: number;
  readonly iterations: number;
  readonly runs: number;
}

export interface BenchCandidate {
  readonly candidate: Candidate;
  readonly workers: number;
  /** The text leaves the number of workers to the pool: what it takes as the number of cores is set to `workers`. */
  readonly limitWorkers: boolean;
  readonly verified: VerifyResult['status'] | 'not-verified';
  /** What a person has to carry when they take it: shown beside the figures. */
  readonly cost?: RewriteCost;
}

/** What comes with a rewrite besides its speed. */
export interface RewriteCost {
  /** Lines that it adds to the program, new files included. */
  readonly lines: number;
  readonly newFiles: number;
  readonly dependencies: readonly string[];
  /** Something has to be compiled before the program can run. */
  readonly build: boolean;
}

export interface BenchRequest {
  readonly program: Program;
  readonly loop: MeasuredLoop;
  readonly original: Candidate;
  /** One for each row: strategy by number of workers. */
  readonly candidates: readonly BenchCandidate[];
  /** 1-based line of the loop, and the source on it. */
  readonly line: number;
  readonly title: string;
  readonly verify: VerifyResult | null;
  /** The unified diff that is shown beside the figures. */
  readonly diff: string | null;
  readonly notes: readonly string[];
  /** Pairs of runs at the most; fewer when the interval is narrow or the time is up. */
  readonly pairs?: number;
  /** Milliseconds to measure for each candidate at the most; two pairs are always made. */
  readonly budgetMs?: number;
}

/** A ratio of two times (above 1: the candidate is faster) with a 95 % bootstrap interval. */
export interface Ratio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface BenchRow {
  readonly strategy: string;
  readonly workers: number;
  readonly loopRatio: Ratio | null;
  readonly programRatio: Ratio | null;
  /** Median seconds, for orientation: an absolute time alone is noise. */
  readonly baselineSeconds: number | null;
  readonly candidateSeconds: number | null;
  readonly pairs: number;
  /** Milliseconds to have the pool ready, measured in the same runs where it can be. */
  readonly startupMs: number | null;
  readonly predicted: { readonly low: number; readonly high: number } | null;
  readonly verified: VerifyResult['status'] | 'not-verified';
  readonly error: string | null;
  /** The interpreter on which both the original and this rewrite ran, where it is not the selected one: `3.13.5t`. */
  readonly python?: string;
  /** That interpreter is of the selected one's version: it only has other packages. */
  readonly samePython?: boolean;
  /** Seconds that building the rewrite took, before the program ran: no part of the ratios. */
  readonly buildSeconds?: number | null;
  /** Seconds within the loop's time that went into compiling at the first call, as far as the strategy tells. */
  readonly compileSeconds?: number | null;
  /** The ratio without what only the first entry of the loop pays: the entries after it, or the loop without its compiling. */
  readonly warmRatio?: Ratio | null;
  readonly cost?: RewriteCost;
}

/** A strategy that was not measured, and why. */
export interface LeftOut {
  readonly strategy: string;
  readonly why: string;
  /** `loop`: it does not fit this loop; `toolchain`: it cannot run on this machine. */
  readonly because: 'loop' | 'toolchain';
  /** The command that would make it run here. */
  readonly install: string | null;
}

/** The rewrite that is worth taking, in words. */
export interface Recommendation {
  /** Null: leave the loop as it is. */
  readonly strategy: string | null;
  readonly workers: number | null;
  readonly reason: string;
}

export interface BenchReport {
  readonly version: 1;
  readonly path: string;
  readonly line: number;
  /** The loop's first line of source. */
  readonly title: string;
  readonly program: readonly string[];
  readonly machine: { readonly cores: number; readonly usableCores: number; readonly platform: string; readonly python: string | null; readonly node: string };
  readonly rows: readonly BenchRow[];
  readonly verify: VerifyResult | null;
  readonly diff: string | null;
  readonly notes: readonly string[];
  readonly madeAt: string;
  /** Strategies that do not fit or cannot run here. */
  readonly leftOut?: readonly LeftOut[];
  readonly recommendation?: Recommendation;
  /** The rows at each size of the input, in the order given, where several were asked for; `rows` are those of the last. */
  readonly sizes?: readonly SizeRows[];
  readonly breakEven?: readonly BreakEven[];
}

export interface SizeRows {
  /** As it stands in the command. */
  readonly size: string;
  readonly rows: readonly BenchRow[];
}

/** From which size on a strategy pays. */
export interface BreakEven {
  readonly strategy: string;
  readonly workers: number;
  /** Seconds that the original's loop takes where the ratio is 1; null when no two sizes lie on either side of it. */
  readonly seconds: number | null;
  /** The sizes below and above. */
  readonly between: readonly [string, string] | null;
  /** On the same side at every size; null when there is a crossing, or the intervals do not tell. */
  readonly always: 'faster' | 'slower' | null;
}

export interface ProfileLine {
  readonly path: string;
  readonly line: number;
  /** Share of all samples in which this line was running (self). */
  readonly self: number;
}

export interface ProfiledLoop {
  readonly path: string;
  readonly line: number;
  readonly loop: string;
  /** Share of all samples taken inside the loop, calls included. */
  readonly share: number;
  readonly verdict: string;
  readonly bound: string;
}

export interface ProfileReport {
  readonly version: 1;
  readonly sampler: string;
  readonly samples: number;
  readonly seconds: number;
  readonly loops: readonly ProfiledLoop[];
  readonly lines: readonly ProfileLine[];
  readonly notes: readonly string[];
  readonly exitCode: number | null;
}
