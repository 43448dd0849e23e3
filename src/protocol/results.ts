/**
 * The JSON that Fanout gives out: `fanout check --format json`, `fanout explain --format json`, and the same over the
 * language server. Other programs read it: fields may be added, none renamed or removed.
 * Lines and columns are 1-based; columns count UTF-16 units.
 */
import type { AssumptionKind, Bound, LoopKind, ReasonKind, Verdict } from '../analysis/report';
import type { Severity } from '../rules/types';
import type { TransferVerdict } from '../analysis/captures';

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Extent extends Position {
  readonly endLine: number;
  readonly endColumn: number;
}

export interface ReasonResult extends Extent {
  readonly kind: ReasonKind;
  readonly place: string;
  readonly message: string;
  /** The other end of a dependence. */
  readonly otherLine?: number;
  readonly via?: readonly string[];
}

export interface StrategyVerdict {
  readonly ok: boolean;
  /** Why not; or, when ok, what the rewrite changes besides the loop. Empty when there is nothing to say. */
  readonly why: string;
}

export interface PlaceResult {
  readonly name: string;
  readonly role: string;
  readonly operation?: string;
  readonly liveAfter: boolean;
}

export interface LoopResult extends Extent {
  /** Unique in its file for this text; `fix`, `bench` and the editor name a loop by it. */
  readonly id: string;
  readonly kind: LoopKind;
  /** Qualified name of the function around it; empty at module level. */
  readonly function: string;
  readonly verdict: Verdict;
  readonly bound: Bound;
  readonly reasons: readonly ReasonResult[];
  readonly assumptions: readonly { readonly kind: AssumptionKind; readonly message: string }[];
  readonly strategies: Readonly<Record<string, StrategyVerdict>>;
  readonly places: readonly PlaceResult[];
  /** Rough work of one run of the body, in plain operations. */
  readonly work: number;
}

export interface CaptureResult extends Position {
  readonly call: string;
  readonly value: string;
  readonly path: string;
  readonly verdict: TransferVerdict;
  readonly reason: string;
}

export interface FindingResult extends Extent {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Ids of its fixes. */
  readonly fixes: readonly string[];
}

export interface FileResult {
  /** As given. */
  readonly path: string;
  readonly language: 'python' | 'javascript' | 'typescript' | null;
  readonly error: string | null;
  readonly loops: readonly LoopResult[];
  readonly captures: readonly CaptureResult[];
  readonly findings: readonly FindingResult[];
}

export interface CheckResult {
  readonly files: readonly FileResult[];
}

export interface Explanation {
  readonly path: string;
  readonly loop: LoopResult;
  /** The loop's first line. */
  readonly source: string;
  /** Markdown for hovers and the terminal alike. */
  readonly text: string;
}

/** A rewrite, or why there is none. */
export type FixOutcome =
  | {
      readonly ok: true;
      readonly strategy: string;
      readonly title: string;
      readonly files: readonly { readonly path: string; readonly edits: readonly { readonly start: number; readonly end: number; readonly text: string }[]; readonly before: string; readonly after: string }[];
      readonly newFiles: readonly { readonly path: string; readonly text: string }[];
      readonly notes: readonly string[];
      readonly dependencies: readonly { readonly name: string; readonly range: string }[];
      readonly assumptions: readonly string[];
      /** Commands that must run, in order, before the program can start; `{python}` and `{target}` stand for the interpreter and the folder of the module. */
      readonly build?: readonly { readonly title: string; readonly command: readonly string[]; readonly cwd: string; readonly module: string }[];
      /** Where the loop runs now, in the rewritten main file. */
      readonly region: { readonly start: number; readonly end: number };
    }
  | { readonly ok: false; readonly strategy: string; readonly why: string; readonly needsAssume: boolean };

export interface DoctorRow {
  readonly strategy: string;
  readonly title: string;
  readonly ok: boolean;
  /** What it found, or lacks. */
  readonly message: string;
  /** The exact command that would make it run here; null when nothing is lacking or nothing helps. */
  readonly install: string | null;
  /** The interpreter that would run it; null when none can. Absent for strategies that the project's Node runs. */
  readonly interpreter?: { readonly path: string; readonly version: string } | null;
}

export interface DoctorReport {
  /** Other interpreters that were found; a strategy that the selected one cannot run is measured on one of them. */
  readonly pythons?: readonly { readonly path: string; readonly version: string }[];
  readonly python: { readonly path: string; readonly version: string | null };
  readonly node: { readonly path: string; readonly version: string };
  readonly cores: number;
  readonly profilers: readonly { readonly name: string; readonly ok: boolean; readonly message: string; readonly install: string | null }[];
  readonly rows: readonly DoctorRow[];
}
