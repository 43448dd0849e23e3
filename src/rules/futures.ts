/** What becomes of the futures of a task: whether anybody takes their results. */
import type { TaskSite, WorkerReport } from '../analysis/workers';
import { dottedName } from '../analysis/captures/dotted';
import type { Call, Expr, FunctionIR, ModuleIR, VarId } from '../ir/ir';
import { ancestorsOf, parentsOf } from '../ir/parents';
import { boundNames } from '../ir/walk';
import { isDiscarded, usesOf, workName } from './workers';

export type Dropped =
  /** The value of the call is thrown away. */
  | { readonly kind: 'thrown-away'; readonly work: string }
  /** The futures are kept in a variable that nobody reads, … */
  | { readonly kind: 'kept'; readonly work: string }
  /** … or that is only waited for. */
  | { readonly kind: 'waited'; readonly work: string; readonly wait: Call; readonly variable: VarId; readonly name: string };

/** Calls whose result holds the exception of the task. Those of `map`, `starmap` and `apply` of `multiprocessing.Pool` raise it themselves. */
const DEFERRED = new Set(['submit', 'apply_async', 'map_async', 'starmap_async', 'imap', 'imap_unordered']);

/** How the result of a task is lost; null when somebody may take it. */
export function dropped(task: TaskSite, workers: WorkerReport): Dropped | null {
  const { fn, call } = task.site;
  if (task.work === null) return isForgotten(fn, call, workers.flow.module) ? { kind: 'thrown-away', work: '' } : null;
  const lazyMap = task.method === 'map' && task.library.endsWith('Executor');
  if (!DEFERRED.has(task.method) && !lazyMap) return null;
  if (call.args.some((a) => a.name === 'error_callback' || a.spread === 'dict')) return null;
  const work = workName(task);
  if (isDiscarded(fn, call)) return { kind: 'thrown-away', work };
  return task.method === 'submit' ? keptOnly(task, workers.flow.module, work) : null;
}

/** JavaScript: a statement of its own, or what a callback of `forEach` returns. */
function isForgotten(fn: FunctionIR, call: Call, module: ModuleIR): boolean {
  if (isDiscarded(fn, call)) return true;
  return forEachAround(fn, call, module) !== null;
}

/** The call of `forEach` whose callback only returns the given call. */
export function forEachAround(fn: FunctionIR, call: Call, module: ModuleIR): { readonly fn: FunctionIR; readonly call: Call } | null {
  if (!fn.arrow || fn.async || fn.parent === null || parentsOf(fn).get(call)?.type !== 'return' || fn.body.length !== 1) return null;
  const outer = module.functions.get(fn.parent);
  if (!outer) return null;
  for (const [node, parent] of parentsOf(outer)) {
    if (node.type !== 'function' || node.function !== fn.id || parent?.type !== 'call') continue;
    return parent.callee.type === 'attribute' && parent.callee.name === 'forEach' && parent.args[0]?.value === node ? { fn: outer, call: parent } : null;
  }
  return null;
}

/** The future goes into a variable of which nobody asks more than to wait. */
function keptOnly(task: TaskSite, module: ModuleIR, work: string): Dropped | null {
  const { fn, call } = task.site;
  const holder = holderOf(fn, call);
  const variable = holder && fn.variables.get(holder);
  // What others may reach is not followed; `_` says that the result is not wanted.
  if (!variable || variable.captured || fn.id === '' || /^_/.test(variable.name)) return null;
  let wait: Call | null = null;
  for (const use of usesOf(module, variable.id)) {
    if (use.fn !== fn) return null;
    const asked = isOnlyWaited(module, fn, use.expr);
    if (!asked) return null;
    if (asked !== 'nothing') wait = asked;
  }
  return wait ? { kind: 'waited', work, wait, variable: variable.id, name: variable.name } : { kind: 'kept', work };
}

/** The variable that the future is assigned to, or the list that it goes into. */
function holderOf(fn: FunctionIR, call: Call): VarId | null {
  const [parent, above] = ancestorsOf(fn, call);
  if (parent?.type === 'call' && parent.callee.type === 'attribute' && parent.callee.name === 'append' && above?.type === 'expr') {
    return parent.callee.object.type === 'name' ? parent.callee.object.variable : null;
  }
  const assigned = parent?.type === 'comprehension' && parent.element === call && parent.kind === 'list' ? above : parent;
  if (assigned?.type !== 'assign-stmt' || assigned.operator !== null || assigned.targets.length !== 1) return null;
  const [target] = assigned.targets;
  return target?.type === 'name' ? target.variable : null;
}

/** `futures.append(…)`, `len(futures)` and `wait(futures)` take no result; of the last, the call. */
function isOnlyWaited(module: ModuleIR, fn: FunctionIR, use: Expr): Call | 'nothing' | null {
  const [parent, above, around] = ancestorsOf(fn, use);
  if (parent?.type === 'attribute' && parent.name === 'append' && above?.type === 'call' && above.callee === parent) return around?.type === 'expr' ? 'nothing' : null;
  if (parent?.type !== 'call' || parent.args[0]?.value !== use) return null;
  const name = dottedName(module, parent.callee);
  if (name === 'builtins.len') return 'nothing';
  if (name === 'concurrent.futures.wait') return above?.type === 'expr' ? parent : null;
  return null;
}

/** The variables that a `for` statement or comprehension gives a value in each turn. */
export function turnVariables(target: Parameters<typeof boundNames>[0]): ReadonlySet<VarId> {
  return new Set(boundNames(target).map((name) => name.variable));
}
