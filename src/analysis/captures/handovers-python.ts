/** Finds the calls by which a Python module hands values to other processes. */
import type { Argument, Call, Expr, FunctionIR } from '../../ir/ir';
import type { Flow } from './flow';
import type { Handover, Transport } from './handovers';
import type { CallAt } from './module-index';
import { pythonSemantics } from './python-flow';
import { normalize } from './python-library';
import type { At } from './semantics';
import { container, type Value } from './values';

/** Methods of pools and queues: other calls are not looked at. */
const METHODS = new Set(['submit', 'map', 'starmap', 'apply', 'apply_async', 'map_async', 'starmap_async', 'imap', 'imap_unordered', 'run_in_executor', 'put', 'put_nowait', 'send']);

export function pythonHandovers(flow: Flow, site: CallAt): Handover[] {
  const { call } = site;
  const at = flow.at(site);
  const { callee } = call;
  if (callee.type === 'attribute' && METHODS.has(callee.name)) {
    const found = method(flow, site, at, callee.object, callee.name);
    if (found.length > 0) return found;
  }
  if (callee.type === 'call') return parallel(flow, site, at, callee);
  return started(flow, site, at);
}

function method(flow: Flow, site: CallAt, at: At, receiver: Expr, name: string): Handover[] {
  const { call } = site;
  const pool = flow.evaluate(name === 'run_in_executor' ? (call.args[0]?.value ?? receiver) : receiver, at);
  const kind = pool.kind === 'made' ? normalize(pool.by) : pool.kind === 'instance' && pool.base ? normalize(pool.base) : '';
  const report = new Report(flow, site, at, textOf(site.fn, call.callee));
  const positional = call.args.filter((a) => a.name === undefined);

  const executor = executorTransport(kind);
  if (executor) {
    if (name === 'submit' || name === 'run_in_executor') {
      const [fn, ...rest] = name === 'submit' ? positional : positional.slice(1);
      report.value(fn, executor, 'function');
      report.arguments(rest, executor);
      for (const keyword of call.args) if (keyword.name !== undefined) report.value(keyword, executor, keyword.name);
    } else if (name === 'map') {
      const [fn, ...iterables] = positional;
      report.value(fn, executor, 'function');
      for (const iterable of iterables) report.elements(iterable, executor);
    }
  } else if (kind === 'multiprocessing.Pool') {
    const fn = positional[0] ?? call.args.find((a) => a.name === 'func');
    const second = positional[1] ?? call.args.find((a) => a.name === 'args' || a.name === 'iterable');
    const keywords = positional[2] ?? call.args.find((a) => a.name === 'kwds');
    if (!/^(put|put_nowait|send|submit|run_in_executor)$/.test(name)) report.value(fn, 'pickle', 'function');
    if (name === 'apply' || name === 'apply_async') {
      report.tuple(second, 'pickle');
      if (keywords) report.value(keywords, 'pickle', 'kwds');
    } else if (/map/.test(name) && second) report.elements(second, 'pickle');
  } else if (/^multiprocessing\.(Queue|JoinableQueue|SimpleQueue|Manager\(\)\.(Queue|JoinableQueue))$/.test(kind)) {
    if (name === 'put' || name === 'put_nowait') report.value(positional[0] ?? call.args.find((a) => a.name === 'obj'), 'pickle', 'item');
  } else if (kind === 'multiprocessing.connection.Connection' && name === 'send') {
    report.value(positional[0], 'pickle', 'object');
  }
  return report.found;
}

function executorTransport(kind: string): Transport | null {
  if (kind === 'concurrent.futures.ProcessPoolExecutor') return 'pickle';
  if (kind === 'concurrent.futures.InterpreterPoolExecutor') return 'interpreter';
  if (/^(loky\.get_reusable_executor|loky\.ProcessPoolExecutor|joblib\.externals\.loky\.get_reusable_executor)$/.test(kind)) return 'cloudpickle';
  return null;
}

/** `Parallel(n_jobs=2)(delayed(f)(x) for x in xs)` */
function parallel(flow: Flow, site: CallAt, at: At, maker: Call): Handover[] {
  const pool = flow.evaluate(maker, at);
  if (pool.kind !== 'made' || pool.by !== 'joblib.Parallel') return [];
  const option = (name: string): string | number | undefined => {
    const value = pool.keywords.get(name);
    return value?.kind === 'plain' ? value.constant : undefined;
  };
  const jobs = option('n_jobs') ?? (pool.args[0]?.kind === 'plain' ? pool.args[0].constant : undefined);
  if (option('backend') === 'threading' || option('prefer') === 'threads' || option('require') === 'sharedmem' || jobs === 1) return [];
  if (option('backend') !== undefined && option('backend') !== 'loky') return [];
  const report = new Report(flow, site, at, textOf(site.fn, maker.callee));
  const tasks = site.call.args[0]?.value;
  const task = tasks?.type === 'comprehension' ? tasks.element : tasks?.type === 'collection' ? tasks.items[0] : undefined;
  if (task?.type !== 'call' || task.callee.type !== 'call') return report.found;
  const inside = { ...at, site: { ...site, offset: site.fn.start + tasks!.span.end } };
  const delayed = flow.evaluate(task.callee.callee, at);
  if (delayed.kind !== 'library' || delayed.name !== 'joblib.delayed') return report.found;
  const within = new Report(flow, site, inside, textOf(site.fn, maker.callee));
  within.value(task.callee.args[0], 'cloudpickle', 'function');
  within.arguments(task.args.filter((a) => a.name === undefined), 'cloudpickle');
  for (const keyword of task.args) if (keyword.name !== undefined) within.value(keyword, 'cloudpickle', keyword.name);
  return within.found;
}

/** `Process(target=…, args=…)` and the initializers of pools: copied by fork, pickled otherwise. */
function started(flow: Flow, site: CallAt, at: At): Handover[] {
  const { call } = site;
  const named = (name: string): Argument | undefined => call.args.find((a) => a.name === name);
  if (!call.args.some((a) => a.name === 'target' || a.name === 'initializer')) return [];
  const callee = flow.evaluate(call.callee, at);
  if (callee.kind !== 'library') return [];
  const kind = normalize(callee.name);
  const report = new Report(flow, site, at, textOf(site.fn, call.callee));
  const by = choosesSpawn(flow) ? 'pickle' : 'pickle-unless-forked';
  if (kind === 'multiprocessing.Process') {
    report.value(named('target'), by, 'target');
    report.tuple(named('args'), by);
    const keywords = named('kwargs');
    if (keywords) report.value(keywords, by, 'kwargs');
  } else if (/^(multiprocessing\.Pool|concurrent\.futures\.ProcessPoolExecutor)$/.test(kind)) {
    report.value(named('initializer'), by, 'initializer');
    report.tuple(named('initargs'), by);
  }
  return report.found;
}

/** Whether the module sets a start method that pickles. */
function choosesSpawn(flow: Flow): boolean {
  return flow.index.calls.some(({ call, fn }) => {
    const { callee } = call;
    const written = callee.type === 'attribute' || callee.type === 'name' ? callee.name : '';
    if ((written !== 'set_start_method' && written !== 'get_context') || !call.args[0]) return false;
    const method = flow.evaluate(call.args[0].value, flow.at({ fn, offset: fn.start + call.span.start, blocks: [] }));
    return method.kind === 'plain' && (method.constant === 'spawn' || method.constant === 'forkserver');
  });
}

/** Gathers the values that one call hands over. */
class Report {
  readonly found: Handover[] = [];

  constructor(
    private readonly flow: Flow,
    private readonly site: CallAt,
    private readonly at: At,
    private readonly api: string,
  ) {}

  value(argument: Argument | undefined, by: Transport, label: string): void {
    if (!argument || argument.spread) return;
    this.add(argument.value, this.flow.evaluate(argument.value, this.at), by, label);
  }

  arguments(given: readonly Argument[], by: Transport): void {
    given.forEach((argument, i) => this.value(argument, by, `args[${i}]`));
  }

  /** A tuple whose items become arguments. */
  tuple(argument: Argument | undefined, by: Transport): void {
    if (!argument) return;
    const { value: expr } = argument;
    if (expr.type === 'collection') {
      expr.items.forEach((item, i) => this.add(item, this.flow.evaluate(item, this.at), by, `args[${i}]`));
      return;
    }
    this.add(expr, this.flow.evaluate(expr, this.at), by, 'args');
  }

  /** An iterable whose elements are sent one by one. */
  elements(argument: Argument, by: Transport): void {
    if (argument.spread) return;
    const { value: expr } = argument;
    if (expr.type === 'collection') {
      expr.items.forEach((item, i) => item.type !== 'spread' && this.add(item, this.flow.evaluate(item, this.at), by, `items[${i}]`));
      return;
    }
    const iterable = this.flow.evaluate(expr, this.at);
    const element = pythonSemantics.elementOf(iterable, false);
    this.add(expr, iterable.kind === 'container' && iterable.type !== 'dict' ? container('list', iterable.items, iterable.open) : element, by, textOf(this.site.fn, expr));
  }

  private add(expr: Expr, value: Value, by: Transport, label: string): void {
    this.found.push({ site: this.site, api: this.api, expr, value, label, by });
  }
}

/** An expression as written. */
export function textOf(fn: FunctionIR, expr: Expr): string {
  return fn.text?.slice(expr.span.start, expr.span.end) ?? '';
}
