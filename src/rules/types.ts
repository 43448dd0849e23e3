/** What a rule is: one file a rule; `index.ts` lists them. */
import type { LoopReport, ModuleReport, Range } from '../analysis/report';
import type { CaptureReport } from '../analysis/captures';
import type { FileEdit } from '../edit/edit';
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

export interface RuleContext {
  readonly text: string;
  readonly report: ModuleReport;
  readonly captures: readonly CaptureReport[];
  /** Strategies that fit a loop. */
  strategies(loop: LoopReport): readonly { readonly id: StrategyId; readonly ok: boolean; readonly why: string }[];
  /** Share of samples per loop id from a profile of this program, when there is one. */
  readonly hot: ReadonlyMap<string, number> | null;
}

export interface Rule {
  readonly meta: RuleMeta;
  check(context: RuleContext): readonly Finding[];
}
