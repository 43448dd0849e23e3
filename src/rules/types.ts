/** What a rule is: one file a rule; `index.ts` lists them. */
import type { LoopOutline, Work } from '../analysis/estimate';
import type { LoopReport, ModuleReport, Range } from '../analysis/report';
import type { ModuleIR } from '../ir/ir';
import type { CaptureReport } from '../analysis/captures';
import type { WorkerReport } from '../analysis/workers';
import type { FileEdit, TextEdit } from '../edit/edit';
import type { StrategyId } from '../strategies/types';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

export interface RuleExample {
  readonly language: 'python' | 'javascript' | 'typescript';
  readonly title: string;
  readonly code: string;
  /** Findings expected, in order; empty for a valid example. */
  readonly findings: readonly { readonly line: number; readonly message: string }[];
  /** The code after its first fix, when it has one. */
  readonly fixed?: string;
}

export interface RuleMeta {
  readonly id: string;
  readonly severity: Severity;
  readonly summary: string;
  /** Why it matters, what to do, and where the rule is silent or wrong. Markdown. */
  readonly description: string;
  readonly examples: readonly RuleExample[];
}

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly range: Range;
  readonly message: string;
  readonly related?: readonly { readonly range: Range; readonly message: string }[];
  readonly fixes: readonly Fix[];
}

/** Safe: proven as far as the analysis goes. Assumes: rests on a named assumption. Shown: for reading only. */
export type FixApplicability = 'safe' | 'assumes' | 'shown';

export type Fix =
  /** A strategy's rewrite of the loop, made when asked for. */
  | { readonly id: StrategyId; readonly kind: 'strategy'; readonly title: string; readonly applicability: FixApplicability; readonly loop: string }
  | { readonly id: string; readonly kind: 'edit'; readonly title: string; readonly applicability: FixApplicability; readonly edits: readonly FileEdit[] };

export interface StrategyFit {
  readonly id: StrategyId;
  readonly ok: boolean;
  readonly why: string;
  readonly title?: string;
}

export interface RuleContext {
  readonly text: string;
  readonly report: ModuleReport;
  readonly captures: readonly CaptureReport[];
  /** Pools, threads and processes of the module; null when it has none. */
  readonly workers: WorkerReport | null;
  /** Oldest Python or Node that the project runs on: `3.9`, `3.14t`. */
  readonly target: string;
  /** The project's folder, and whether a file is there. */
  readonly files: { readonly root: string; has(path: string): boolean };
  /** Whether each strategy fits a loop. */
  strategies(loop: LoopReport): Iterable<StrategyFit>;
  /** Share of samples per loop id from a profile of this program, when there is one. */
  readonly hot: ReadonlyMap<string, number> | null;
  /** Rules that the project sets to a severity of its own: those that speak only when asked do. */
  readonly asked?: ReadonlySet<string>;
  /** Ignore comments that silenced nothing. Known only when all other rules have spoken. */
  readonly unusedIgnores?: readonly UnusedIgnore[];
}

/** A rule's name in an ignore comment that silences no finding. */
export interface UnusedIgnore {
  /** The name as written; empty for a comment that names none. */
  readonly rule: string;
  /** There is a rule of that name. */
  readonly known: boolean;
  /** Range of the name, or of the comment when it names none. */
  readonly range: Range;
  /** Takes the name out, or the comment when nothing is left. */
  readonly removal: TextEdit;
}

/** What is known before any loop is judged. */
export type WantContext = Pick<RuleContext, 'hot' | 'asked'> & { readonly module: ModuleIR };

export interface Rule {
  readonly meta: RuleMeta;
  /**
   * For rules about loops: whether one may be worth a word, told from its text alone. Only the loops of functions that hold such a one
   * are judged. `work` gives what an iteration does.
   */
  wants?(loop: LoopOutline, work: () => Work, context: WantContext): boolean;
  check(context: RuleContext): readonly Finding[];
}
