/**
 * What crosses between parent and workers, whatever kind of pool runs them: the values that go out, the function that runs for one
 * iteration, what comes back, and what the parent does with it. Strategies turn a plan into text.
 */
import type { Range } from '../../analysis/report';
import type { TextEdit } from '../../edit/edit';
import type { CapturedValue } from './captures';
import type { Items } from './items';
import type { Site } from './site';
import { workerName } from './words';

export interface Plan {
  readonly items: Items;
  readonly worker: WorkerPlan;
  /** What the worker needs besides its item; the parent evaluates it before the loop. */
  readonly values: readonly CapturedValue[];
  readonly parent: StatementParent | ExpressionParent;
  /** Top-level definitions that stand before the worker: functions that were nested. Tabs stand for the file's unit. */
  readonly definitions: readonly (readonly string[])[];
  /** Edits elsewhere in the loop's function (absolute): calls of functions that moved. */
  readonly elsewhere: readonly TextEdit[];
  /** Imports that the worker's text needs, by the name that it uses. */
  readonly imports: readonly { readonly module: string; readonly name: string; readonly as: string }[];
}

export interface WorkerPlan {
  readonly name: string;
  /** Statements, without base indentation. Tabs at the start of a line stand for the file's unit where the planner wrote them. */
  readonly lines: readonly string[];
  /** What it returns at its end. */
  readonly returns: readonly string[];
  /** A function of the module that already is the worker; `lines` is then empty. */
  readonly existing: boolean;
}

/** A `for` statement: the parent goes through the results with statements of its own. */
export interface StatementParent {
  readonly kind: 'statement';
  /** The statement (absolute), from the first character of its first line to the line end of its last. */
  readonly range: Range;
  readonly indent: string;
  /** Names of the results. */
  readonly results: readonly string[];
  readonly replay: readonly string[];
  readonly parentNames: ReadonlySet<string>;
  /** An exception comes back as a value, so that earlier iterations of its chunk are committed first. */
  readonly guarded: boolean;
  /** Comment behind the loop's header. */
  readonly comment: string;
}

/** A comprehension or call inside a statement that is otherwise kept. */
export interface ExpressionParent {
  readonly kind: 'expression';
  /** The whole statement (absolute lines). */
  readonly range: Range;
  readonly indent: string;
  /** The expression that is replaced (absolute). */
  readonly expression: Range;
  /** Writes what takes its place, given the text of the call that runs the workers. */
  replacement(map: string): string;
  /** Results must be flattened with itertools.chain: the replacement is given `chain.from_iterable(…)`. */
  readonly flattened: boolean;
  /** An exception comes back as a value: the pool would not raise the one of the first iteration. */
  readonly guarded: boolean;
  /** The statement is a compound one: its expression is computed before it, into this name. */
  readonly hoisted: string | null;
}

/** The plan for a pool that gives a worker one value at a time, or whose workers must catch what they raise. */
export function fitPlan(site: Site, plan: Plan): Plan {
  const { items, parent, values } = plan;
  const bundled = site.world.columns === 'one' && items.params.length > 1;
  let { worker } = plan;
  if (worker.existing && (bundled || parent.guarded)) {
    const args = [...values.map((v) => v.name), ...items.params];
    worker = { name: site.uniqueGlobal(workerName(site, items.params, [])), lines: [], returns: [`${worker.name}(${args.join(', ')})`], existing: false };
  }
  if (!bundled) return { ...plan, worker };
  const item = site.uniqueOf('item', 'pair', 'entry', 'element');
  return {
    ...plan,
    worker: { ...worker, lines: [`${items.params.join(', ')} = ${item}`, ...worker.lines] },
    items: { ...items, columns: [`zip(${items.columns.join(', ')})`], params: [item], unpack: null },
  };
}
