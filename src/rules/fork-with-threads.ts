import type { Flow } from '../analysis/captures/flow';
import { dominates, type CallAt } from '../analysis/captures/module-index';
import type { PoolSite, TaskSite, WorkerReport } from '../analysis/workers';
import { ancestorsOf } from '../ir/parents';
import { spawnInstead } from './fixes/spawn-instead';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import { startMethodOf, type StartMethod } from './start-method';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, textOf, workName } from './workers';

const meta = defineMeta({
  id: 'fork-with-threads',
  severity: 'warning',
  summary: 'A process is forked while threads of this one run.',
  description: `A forked process is a copy with one thread: the others are gone, but the locks that they held at that moment stay locked. Logging, the import system, memory
allocators and many C libraries have such locks: the worker waits for ever, now and then. Python 3.12 and later warn: *"This process is multi-threaded,
use of fork() may lead to deadlocks in the child"*. From 3.14 on fork is no longer the default.

Start the processes with *spawn* or *forkserver*, as the quick fix does, or before the first thread. What the workers get must then pickle, and the
program needs a main guard.

The rule speaks where one function starts a thread, or a pool of threads a task, and then makes processes by *fork*, and where a function that
threads run makes them. Without a start method in the code, that is so when \`target-python\` is below 3.14. It is silent when the threads have been joined before.`,
  examples: [
    {
      language: 'python',
      title: 'A thread that reports, and a pool that forks',
      code: `import threading
from multiprocessing import Pool


def square(n):
    return n * n


def report(stop):
    while not stop.wait(1):
        print("working")


def main(numbers):
    stop = threading.Event()
    reporter = threading.Thread(target=report, args=(stop,))
    reporter.start()
    with Pool() as pool:
        result = pool.map(square, numbers)
    stop.set()
    reporter.join()
    return result
`,
      findings: [{ line: 18, message: 'Pool forks (the default before Python 3.14) while the thread of reporter.start() (line 17) runs: a lock that it holds stays locked in the workers. Use spawn, or start them before the thread.' }],
      fixed: `import threading
from multiprocessing import get_context


def square(n):
    return n * n


def report(stop):
    while not stop.wait(1):
        print("working")


def main(numbers):
    stop = threading.Event()
    reporter = threading.Thread(target=report, args=(stop,))
    reporter.start()
    with get_context("spawn").Pool() as pool:
        result = pool.map(square, numbers)
    stop.set()
    reporter.join()
    return result
`,
    },
    {
      language: 'python',
      title: 'Threads that fork',
      code: `import multiprocessing
from concurrent.futures import ThreadPoolExecutor


def work(path):
    print(path)


def run(path):
    context = multiprocessing.get_context("fork")
    process = context.Process(target=work, args=(path,))
    process.start()
    process.join()


def main(paths):
    with ThreadPoolExecutor() as executor:
        for future in [executor.submit(run, path) for path in paths]:
            future.result()
`,
      findings: [{ line: 11, message: 'context.Process forks in a thread: run is given to executor.submit (line 18), and a lock that another thread holds stays locked in the new process. Use spawn.' }],
      fixed: `import multiprocessing
from concurrent.futures import ThreadPoolExecutor


def work(path):
    print(path)


def run(path):
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=work, args=(path,))
    process.start()
    process.join()


def main(paths):
    with ThreadPoolExecutor() as executor:
        for future in [executor.submit(run, path) for path in paths]:
            future.result()
`,
    },
    {
      language: 'python',
      title: 'Spawned, or forked before and after the threads',
      code: `import multiprocessing
import threading


def work(n):
    return n * n


def main(numbers):
    with multiprocessing.Pool() as pool:
        thread = threading.Thread(target=print)
        thread.start()
        print(pool.map(work, numbers))
        thread.join()
    with multiprocessing.Pool() as pool:
        print(pool.map(work, numbers))
    other = threading.Thread(target=print)
    other.start()
    with multiprocessing.get_context("spawn").Pool() as pool:
        print(pool.map(work, numbers))
`,
      findings: [],
    },
  ],
});

interface Running {
  /** The call that starts the thread, or gives a pool of threads its first task. */
  readonly site: CallAt;
  readonly what: string;
}

export const forkWithThreads = {
  meta,
  check(context): readonly Finding[] {
    const { workers } = context;
    if (!workers || context.report.module.language !== 'python' || !workers.tasks.some((t) => t.kind === 'threads')) return [];
    const starts = [...workers.pools.filter((p) => p.kind === 'processes'), ...workers.tasks.filter((t) => t.library === 'multiprocessing.Process')];
    return starts.flatMap((start) => {
      const method = startMethodOf(start, workers.flow, context.target);
      if (method?.method !== 'fork') return [];
      const before = runningBefore(start.site, workers);
      const inside = before ? null : (workers.tasks.find((t) => t.kind === 'threads' && runs(t, start, context)) ?? null);
      return before || inside ? [finding(start, method, before, inside, context)] : [];
    });
  },
} satisfies Rule;

/** A thread that surely runs when a site of the same function is reached. */
function runningBefore(site: CallAt, workers: WorkerReport): Running | null {
  const { flow } = workers;
  const earlier = flow.index.calls.filter((c) => c.fn === site.fn && c.offset < site.offset);
  // One that is joined may be any of them.
  const joined = Math.max(-1, ...earlier.filter((c) => isOfThread(flow, c, 'join')).map((c) => c.offset));
  const started = earlier.find((c) => c.offset > joined && dominates(c, site) && isOfThread(flow, c, 'start'));
  if (started) return { site: started, what: `the thread of ${textOf(started.fn, started.call)}` };
  const task = workers.tasks.find((t) => t.kind === 'threads' && t.pool !== null && /submit|async|imap|^map$/.test(t.method) && t.site.fn === site.fn && t.site.offset < site.offset && dominates(t.site, site) && isOpenAround(t, site, workers));
  return task ? { site: task.site, what: `the threads of ${task.api}` } : null;
}

function isOfThread(flow: Flow, { call, ...site }: CallAt, method: string): boolean {
  if (call.callee.type !== 'attribute' || call.callee.name !== method) return false;
  flow.flows.steps = 0;
  const value = flow.evaluate(call.callee.object, flow.at(site));
  return value.kind === 'made' && value.by === 'threading.Thread';
}

/** The pool of threads is that of a `with` that holds both the task and the site. */
function isOpenAround(task: TaskSite, site: CallAt, workers: WorkerReport): boolean {
  const { pool } = task;
  if (pool?.type !== 'name' || !workers.flow.index.bindings.get(pool.variable)?.some((b) => b.kind === 'with')) return false;
  const around = (at: CallAt) => ancestorsOf(at.fn, at.call).filter((node) => node.type === 'with' && node.items.some(({ target }) => target?.type === 'name' && target.variable === pool.variable));
  const shared = around(site);
  // What stands in the same header is entered before any task.
  return around(task.site).some((node) => shared.includes(node) && node.type === 'with' && node.body[0]!.span.start <= site.call.span.start);
}

/** The function that the threads run, or one that it calls, makes the processes. */
function runs(task: TaskSite, start: PoolSite | TaskSite, context: RuleContext): boolean {
  const { target } = task;
  const { module } = context.report;
  if (!target || start.site.fn.id === '' || task.site.fn === start.site.fn) return false;
  if (target.module === module && target.fn === start.site.fn) return true;
  return target.summary.callees.some((callee) => callee.path === module.path && callee.function === start.site.fn.id);
}

function finding(start: PoolSite | TaskSite, method: StartMethod, before: Running | null, inside: TaskSite | null, context: RuleContext): Finding {
  const { fn, call } = start.site;
  const other = before?.site ?? inside!.site;
  const range = firstLineOf(context.text, absolute(other.fn, other.call));
  const line = context.text.slice(0, range.start).split('\n').length;
  const name = textOf(fn, call.callee);
  const how = method.named ? '' : ' (the default before Python 3.14)';
  const fix = spawnInstead(start, method, context);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(fn, call)),
    message: before
      ? `${name} forks${how} while ${before.what} (line ${line}) ${before.what.startsWith('the threads') ? 'run' : 'runs'}: a lock that ${before.what.startsWith('the threads') ? 'they hold' : 'it holds'} stays locked in the workers. Use spawn, or start them before the thread.`
      : `${name} forks${how} in a thread: ${workName(inside!)} is given to ${inside!.api} (line ${line}), and a lock that another thread holds stays locked in the new process. Use spawn.`,
    related: [{ range, message: 'threads run from here on' }],
    fixes: fix ? [fix] : [],
  };
}
