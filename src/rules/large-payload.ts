import type { TaskSite, WorkerReport } from '../analysis/workers';
import type { Expr, NameExpr, VarId } from '../ir/ir';
import { walkExpr } from '../ir/walk';
import { defineMeta } from './ids';
import { largeValue, type Large } from './large';
import { firstLineOf } from './lines';
import { isCalledBack } from './pool-fate';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, boundIn, loopsAround, textOf } from './workers';

const meta = defineMeta({
  id: 'large-payload',
  severity: 'information',
  summary: 'The same large value is sent with every task.',
  description: `What a task gets is pickled (in JavaScript cloned), sent and made again for every task, also when it is the same value each time. An array of a million
floats takes some ten milliseconds each way, a list or dictionary of that length a hundred: often more than the task itself.

Send it once to each worker: with \`initializer\` and \`initargs\` of the pool, which puts it into a global of the worker; through
\`multiprocessing.shared_memory\`; or let each worker load the file itself. In JavaScript give it as \`workerData\` of the pool, or put numbers into a
\`SharedArrayBuffer\`. An object whose method is the task is sent as a whole: make the task a function that gets only what it needs.

The rule speaks about values whose size shows in the code: arrays and lists made with a hundred thousand elements or more, and arrays or tables that
are loaded from a file. It is silent about threads, which share everything.`,
  examples: [
    {
      language: 'python',
      title: 'An array with every task',
      code: `import numpy as np
from concurrent.futures import ProcessPoolExecutor


def nearest(point, cloud):
    return np.abs(cloud - point).argmin()


def main(points):
    cloud = np.load("cloud.npy")
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(nearest, point, cloud) for point in points]
        return [future.result() for future in futures]
`,
      findings: [{ line: 12, message: 'cloud (loaded on line 10) is pickled and sent again with every task. Send it once to each worker: initializer and initargs of the pool, or shared memory.' }],
    },
    {
      language: 'python',
      title: 'A table in a partial',
      code: `from functools import partial
from multiprocessing import Pool


def lookup(table, key):
    return table[key % len(table)]


def main(keys):
    table = [n * n for n in range(1_000_000)]
    with Pool() as pool:
        return pool.map(partial(lookup, table), keys)
`,
      findings: [{ line: 12, message: 'table (1,000,000 elements) is pickled and sent again with every task. Send it once to each worker: initializer and initargs of the pool, or shared memory.' }],
    },
    {
      language: 'javascript',
      title: 'A table in every message',
      code: `import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./lookup.mjs', import.meta.url).href });
const table = new Float64Array(1_000_000);

export function lookupAll(keys) {
  return Promise.all(keys.map((key) => pool.run({ key, table })));
}
`,
      findings: [{ line: 7, message: 'table (1,000,000 elements) is cloned and sent again with every task. Send it once to each worker: workerData of the pool, or a SharedArrayBuffer.' }],
    },
    {
      language: 'python',
      title: 'Sent once to each worker',
      code: `import numpy as np
from concurrent.futures import ProcessPoolExecutor


def keep(cloud):
    global CLOUD
    CLOUD = cloud


def nearest(point):
    return np.abs(CLOUD - point).argmin()


def main(points):
    cloud = np.load("cloud.npy")
    with ProcessPoolExecutor(initializer=keep, initargs=(cloud,)) as pool:
        return list(pool.map(nearest, points))
`,
      findings: [],
    },
    {
      language: 'javascript',
      title: 'Shared memory',
      code: `import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./lookup.mjs', import.meta.url).href });
const table = new Float64Array(new SharedArrayBuffer(8 * 1_000_000));

export function lookupAll(keys) {
  return Promise.all(keys.map((key) => pool.run({ key, table })));
}
`,
      findings: [],
    },
  ],
});

export const largePayload = {
  meta,
  check(context): readonly Finding[] {
    const { workers } = context;
    if (!workers) return [];
    return workers.tasks.flatMap((task) => {
      if (task.kind === 'threads' || task.library === 'multiprocessing.Process') return [];
      for (const expr of repeated(task, workers)) {
        const large = largeValue(workers.flow, expr);
        if (large && !changes(task, expr, workers)) return [finding(task, expr, large, context)];
      }
      return [];
    });
  },
} satisfies Rule;

/** What is in it may be other for each task. */
function changes(task: TaskSite, expr: Expr, workers: WorkerReport): boolean {
  const loop = loopsAround(task.site.fn, task.site.call)[0];
  if (expr.type !== 'name' || !loop) return false;
  const { start, end } = absolute(task.site.fn, loop);
  return (workers.flow.index.mutations.get(expr.variable) ?? []).some((m) => m.kind !== 'argument' && start <= m.offset && m.offset <= end);
}

/** What each of several tasks gets anew though it is the same. */
function* repeated(task: TaskSite, workers: WorkerReport): Iterable<Expr> {
  const { fn, call } = task.site;
  if (task.work === null) {
    // A callback of `map` or a loop around the call: what comes from outside it.
    const [loop] = loopsAround(fn, call);
    const inside = loop ? (loop.type === 'comprehension' ? new Set<VarId>() : boundIn([loop])) : null;
    for (const arg of task.args.slice(0, 1)) {
      for (const name of partsOf(arg)) {
        if (inside ? !inside.has(name.variable) : isOuter(name, task, workers)) yield name;
      }
    }
    return;
  }
  if (/map$|^imap/.test(task.method)) {
    yield* fixed(task.work, task);
    for (const arg of task.args) yield* sameInItems(arg);
    return;
  }
  const [loop] = loopsAround(fn, call);
  if (!loop) return;
  const bound = loop.type === 'comprehension' ? clauseNames(loop) : boundIn([loop]);
  for (const arg of task.args) if (arg.type === 'name' && !bound.has(arg.variable)) yield arg;
  yield* fixed(task.work, task);
}

/** `partial(f, table)` */
function* fixed(work: Expr, task: TaskSite): Iterable<Expr> {
  if (work.type !== 'call' || !task.target?.partial) return;
  for (const { value, spread } of work.args.slice(1)) if (!spread) yield value;
}

/** `repeat(table)`, and `table` in `[(x, table) for x in xs]`. */
function* sameInItems(items: Expr): Iterable<Expr> {
  if (items.type === 'call' && items.callee.type !== 'call' && /repeat$/.test((items.callee as { name?: string }).name ?? '') && items.args[0]) yield items.args[0].value;
  if (items.type !== 'comprehension' || items.element.type !== 'collection') return;
  const bound = clauseNames(items);
  for (const item of items.element.items) if (item.type === 'name' && !bound.has(item.variable)) yield item;
}

function clauseNames(comprehension: Expr & { type: 'comprehension' }): Set<VarId> {
  return boundIn(comprehension.clauses.map((clause) => ({ type: 'declare', target: clause.target, declares: 'annotation', span: clause.target.span })));
}

/** Names that are sent: the argument itself, and what an object or array display holds. */
function partsOf(arg: Expr): NameExpr[] {
  const names: NameExpr[] = [];
  walkExpr(arg, {
    expr(inner) {
      if (inner.type === 'name') names.push(inner);
      return inner.type === 'mapping' || inner.type === 'collection';
    },
  });
  return names;
}

/** The call stands in a callback that runs for each of several elements, and the variable outside of it. */
function isOuter(name: NameExpr, task: TaskSite, workers: WorkerReport): boolean {
  const { fn } = task.site;
  const { module } = workers.flow;
  const outer = fn.parent === null ? undefined : module.functions.get(fn.parent);
  return outer !== undefined && !fn.variables.has(name.variable) && isCalledBack(module, outer, fn);
}

function finding(task: TaskSite, expr: Expr, large: Large, context: RuleContext): Finding {
  const { fn, call } = task.site;
  const python = context.report.module.language === 'python';
  const how = python ? 'initializer and initargs of the pool, or shared memory' : 'workerData of the pool, or a SharedArrayBuffer';
  const line = context.text.slice(0, large.at).split('\n').length;
  const size = large.elements === null ? `loaded on line ${line}` : `${large.elements.toLocaleString('en-US')} elements`;
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(fn, call)),
    message: `${textOf(fn, expr)} (${size}) is ${python ? 'pickled' : 'cloned'} and sent again with every task. Send it once to each worker: ${how}.`,
    fixes: [],
  };
}
