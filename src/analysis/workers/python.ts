/** Pools, threads and processes of Python's library. */
import type { Argument, Call, Expr } from '../../ir/ir';
import { dottedName } from '../captures/dotted';
import type { Flow } from '../captures/flow';
import type { CallAt } from '../captures/module-index';
import { normalize } from '../captures/python-library';
import type { Value } from '../captures/values';
import { summaryOf, type AnalysisContext } from '../pipeline';
import { Candidates } from './candidates';
import type { PoolSite, Target, TaskSite, WorkerKind, WorkerReport } from '../workers';

const POOLS: Readonly<Record<string, WorkerKind>> = {
  'multiprocessing.Pool': 'processes',
  'concurrent.futures.ProcessPoolExecutor': 'processes',
  'concurrent.futures.ThreadPoolExecutor': 'threads',
  'multiprocessing.pool.ThreadPool': 'threads',
  'concurrent.futures.InterpreterPoolExecutor': 'isolates',
};
const SINGLE: Readonly<Record<string, WorkerKind>> = { 'threading.Thread': 'threads', 'multiprocessing.Process': 'processes' };
const CLASS = /(Pool|Executor|Thread|Process)$/;
const POOL_CLASS = /(Pool|Executor)$/;
const EXECUTOR_METHODS = new Set(['submit', 'map']);
const POOL_METHODS = new Set(['map', 'starmap', 'apply', 'apply_async', 'map_async', 'starmap_async', 'imap', 'imap_unordered']);

export function pythonWorkers(flow: Flow, context: AnalysisContext): WorkerReport {
  const pools: PoolSite[] = [];
  const tasks: TaskSite[] = [];
  const candidates = new Candidates(flow, ({ callee }) => (callee.type === 'name' || callee.type === 'attribute') && (POOL_CLASS.test(callee.name) || known(dottedName(flow.module, callee) ?? '') !== null));
  for (const site of flow.index.calls) {
    const { callee } = site.call;
    if (callee.type !== 'name' && callee.type !== 'attribute') continue;
    const made = CLASS.test(callee.name) || callee.type === 'name' ? classOf(flow, site, callee) : null;
    const pool = made === null ? undefined : POOLS[made];
    if (made !== null && pool) pools.push({ site, kind: pool, library: made, name: textOf(site, callee) });
    const single = made === null ? undefined : SINGLE[made];
    if (made !== null && single) tasks.push(started(flow, context, site, made, single));
    if (callee.type === 'attribute' && (EXECUTOR_METHODS.has(callee.name) || POOL_METHODS.has(callee.name)) && candidates.mayBe(callee.object)) {
      const task = given(flow, context, site, callee.object, callee.name);
      if (task) tasks.push(task);
    }
  }
  return { flow, pools, tasks, workers: [] };
}

/** The library class that a call makes an object of. */
function classOf(flow: Flow, site: CallAt, callee: Expr & { type: 'name' | 'attribute' }): string | null {
  const dotted = dottedName(flow.module, callee);
  if (dotted !== null) return dotted.startsWith('builtins.') ? null : known(dotted);
  // `context.Pool()`, where `context` is a variable.
  if (callee.type !== 'attribute' || !CLASS.test(callee.name)) return null;
  const value = evaluated(flow, callee, site);
  return value.kind === 'library' ? known(value.name) : null;
}

function known(name: string): string | null {
  const normal = normalize(name);
  return normal in POOLS || normal in SINGLE ? normal : null;
}

/** The library class of the object that an expression stands for, when it can be only one. */
export function poolOf(flow: Flow, site: CallAt, expr: Expr): string | null {
  const value = evaluated(flow, expr, site);
  if (value.kind !== 'made') return null;
  const name = normalize(value.by);
  return name in POOLS ? name : null;
}

function given(flow: Flow, context: AnalysisContext, site: CallAt, receiver: Expr, method: string): TaskSite | null {
  const library = poolOf(flow, site, receiver);
  if (library === null) return null;
  const executor = library.endsWith('Executor');
  if (!(executor ? EXECUTOR_METHODS : POOL_METHODS).has(method)) return null;
  const { args } = site.call;
  if (args.some((a) => a.spread) && args.findIndex((a) => a.spread) < 1) return null;
  const positional = args.filter((a) => a.name === undefined && !a.spread);
  const named = (name: string): Argument | undefined => args.find((a) => a.name === name);
  const work = positional[0] ?? named('func') ?? named('fn');
  if (!work) return null;
  return {
    site,
    kind: POOLS[library]!,
    library,
    method,
    api: textOf(site, site.call.callee),
    pool: receiver,
    work: work.value,
    target: targetOf(flow, context, work.value, site),
    args: taskArguments(site.call, positional.slice(1).map((a) => a.value), executor, method),
  };
}

/** `pool.apply(f, (a, b))` gives `a` and `b`; `pool.map(f, xs)` gives `xs`. */
function taskArguments(call: Call, positional: readonly Expr[], executor: boolean, method: string): readonly Expr[] {
  if (executor) return method === 'map' ? positional : [...positional, ...call.args.flatMap((a) => (a.name !== undefined ? [a.value] : []))];
  const first = positional[0] ?? call.args.find((a) => a.name === 'iterable' || a.name === 'args')?.value;
  if (!first) return [];
  return method.startsWith('apply') ? itemsOf(first) : [first];
}

function itemsOf(expr: Expr): readonly Expr[] {
  return expr.type === 'collection' ? expr.items.filter((item) => item.type !== 'spread') : [];
}

function started(flow: Flow, context: AnalysisContext, site: CallAt, library: string, kind: WorkerKind): TaskSite {
  const { args } = site.call;
  const named = (name: string): Expr | undefined => args.find((a) => a.name === name)?.value;
  const work = named('target') ?? args.filter((a) => a.name === undefined && !a.spread)[1]?.value ?? null;
  const given = named('args');
  return {
    site,
    kind,
    library,
    method: 'start',
    api: textOf(site, site.call.callee),
    pool: null,
    work,
    target: work ? targetOf(flow, context, work, site) : null,
    args: given ? itemsOf(given) : [],
  };
}

function targetOf(flow: Flow, context: AnalysisContext, expr: Expr, site: CallAt): Target | null {
  let value = evaluated(flow, expr, site);
  let partial = false;
  if (value.kind === 'made' && value.by === 'functools.partial' && value.args[0]) {
    value = value.args[0];
    partial = true;
  }
  const bound = value.kind === 'method';
  const found = value.kind === 'method' ? value.function : value.kind === 'function' ? value : null;
  if (!found || found.function.broken) return null;
  const { module, function: fn } = found;
  let summary: Target['summary'] | null = null;
  return {
    module,
    fn,
    bound,
    partial,
    get summary() {
      return (summary ??= summaryOf(module, fn, context));
    },
  };
}

function evaluated(flow: Flow, expr: Expr, site: CallAt): Value {
  flow.flows.steps = 0;
  return flow.evaluate(expr, flow.at(site));
}

function textOf(site: CallAt, expr: Expr): string {
  return site.fn.text?.slice(expr.span.start, expr.span.end) ?? '';
}
