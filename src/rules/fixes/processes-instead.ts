/** Makes a pool of threads a pool of processes. */
import type { PoolSite, TaskSite, WorkerReport } from '../../analysis/workers';
import type { TextEdit } from '../../edit/edit';
import { importNames } from '../../edit/python-imports';
import type { Import, NameExpr } from '../../ir/ir';
import { fateOf } from '../pool-fate';
import { absolute, takenNames, usesOf } from '../workers';
import type { Fix, RuleContext } from '../types';

const [THREADS, PROCESSES] = ['ThreadPoolExecutor', 'ProcessPoolExecutor'] as const;

/** The fix, when all that the pool runs only computes and can be found by name in a worker. */
export function processesInstead(task: TaskSite, bound: readonly TaskSite[], workers: WorkerReport, context: RuleContext): Fix | null {
  const { module } = context.report;
  const { pool } = task;
  if (pool?.type !== 'name' || task.library !== `concurrent.futures.${THREADS}`) return null;
  const made = workers.pools.find((p) => p.site.fn === task.site.fn && holds(p, pool, workers));
  if (!made || made.site.call.args.some((a) => a.spread || (a.name !== undefined && a.name !== 'max_workers'))) return null;
  const shared = usesOf(module, pool.variable).length;
  const tasks = workers.tasks.filter((t) => t.pool?.type === 'name' && t.pool.variable === pool.variable);
  if (tasks.length !== shared || !tasks.every((t) => bound.includes(t) && canBeSent(t, context))) return null;
  const edits = renamed(made, context);
  if (!edits) return null;
  return {
    id: 'processes-instead',
    kind: 'edit',
    title: `Use ${PROCESSES}, if arguments and results can be pickled`,
    applicability: 'assumes',
    edits: [{ path: module.path, edits }],
  };
}

function holds(made: PoolSite, pool: NameExpr, workers: WorkerReport): boolean {
  const fate = fateOf(workers.flow, made.site.fn, made.site.call);
  if (fate.kind === 'local') return fate.variable.id === pool.variable;
  return fate.kind === 'with' && fate.statement.items.some(({ context: opened, target }) => opened === made.site.call && target?.type === 'name' && target.variable === pool.variable);
}

/** A function at module level, and nothing among the arguments that is known not to pickle. */
function canBeSent(task: TaskSite, context: RuleContext): boolean {
  const { target, site } = task;
  return target !== null && target.fn.parent === '' && target.fn.class === null && target.fn.kind === 'function' && !context.captures.some((c) => c.call.start === absolute(site.fn, site.call).start && c.verdict === 'not-serializable');
}

/** The class gets the other name where it is called and, when nothing else uses the import, where it is imported. */
function renamed(made: PoolSite, context: RuleContext): TextEdit[] | null {
  const { module } = context.report;
  const { fn, call } = made.site;
  const { callee } = call;
  const at = absolute(fn, callee);
  if (callee.type === 'attribute') return callee.name === THREADS ? [{ start: at.end - THREADS.length, end: at.end, text: PROCESSES }] : null;
  if (callee.type !== 'name' || callee.name !== THREADS) return null;
  const top = module.functions.get('')!;
  const imports = top.body.filter((stmt): stmt is Import => stmt.type === 'import');
  const binding = imports.flatMap((stmt) => stmt.bindings).find(({ target }) => target.variable === callee.variable);
  const known = imports.some((stmt) => stmt.bindings.some(({ target }) => target.name === PROCESSES));
  if (binding && !known && usesOf(module, callee.variable).length === 1) {
    const name = absolute(top, binding.target);
    if (context.text.slice(name.start, name.end) !== THREADS) return null;
    return [
      { ...name, text: PROCESSES },
      { ...at, text: PROCESSES },
    ];
  }
  const taken = takenNames(module);
  const imported = importNames(module, context.text, [{ module: 'concurrent.futures', name: PROCESSES }], (name) => !taken.has(name));
  return [...imported.edits, { ...at, text: imported.names[0]! }];
}
