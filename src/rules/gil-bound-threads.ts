import type { TaskSite, WorkerReport } from '../analysis/workers';
import { loops, onlyComputes } from './compute';
import { processesInstead } from './fixes/processes-instead';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, loopsAround, workName } from './workers';

const meta = defineMeta({
  id: 'gil-bound-threads',
  severity: 'information',
  summary: 'Threads run a Python function that only computes: under the GIL they take turns.',
  description: `In CPython with its global interpreter lock one thread at a time runs Python code. Threads overlap waiting (files, the network, \`sleep\`) and C code that
releases the lock (numpy on large arrays, hashing, compression); a Python function that only computes is no faster in many threads than in one, often slower.

Use processes: \`ProcessPoolExecutor\` has the same methods. The quick fix puts it in, where all that the pool runs is at module level; arguments
and results are then pickled, and the program needs a main guard. A free-threaded build (3.13t and later) runs the threads at the same time as they are.

The rule speaks where several such tasks are started and the function, with all that it calls, is Python code in one module, without imports of
modules that may release the lock, and without writes that the threads share. It is silent when \`target-python\` is a free-threaded version,
and in modules that ask \`sys._is_gil_enabled()\`.`,
  examples: [
    {
      language: 'python',
      title: 'Counting primes in threads',
      code: `from concurrent.futures import ThreadPoolExecutor


def count_primes(limit):
    count = 0
    for n in range(2, limit):
        if all(n % d for d in range(2, int(n ** 0.5) + 1)):
            count += 1
    return count


def main():
    with ThreadPoolExecutor(max_workers=4) as executor:
        print(list(executor.map(count_primes, [10_000, 20_000, 30_000])))


if __name__ == "__main__":
    main()
`,
      findings: [{ line: 14, message: 'count_primes only computes: the threads of executor.map take turns holding the GIL and gain nothing. Use processes.' }],
      fixed: `from concurrent.futures import ProcessPoolExecutor


def count_primes(limit):
    count = 0
    for n in range(2, limit):
        if all(n % d for d in range(2, int(n ** 0.5) + 1)):
            count += 1
    return count


def main():
    with ProcessPoolExecutor(max_workers=4) as executor:
        print(list(executor.map(count_primes, [10_000, 20_000, 30_000])))


if __name__ == "__main__":
    main()
`,
    },
    {
      language: 'python',
      title: 'Two threads that count down',
      code: `import threading


def count_down(n):
    while n > 0:
        n -= 1


def main():
    first = threading.Thread(target=count_down, args=(50_000_000,))
    second = threading.Thread(target=count_down, args=(50_000_000,))
    first.start()
    second.start()
    first.join()
    second.join()
`,
      findings: [{ line: 10, message: 'count_down only computes: the threads of threading.Thread take turns holding the GIL and gain nothing. Use processes.' }],
    },
    {
      language: 'python',
      title: 'Threads that wait, and one thread in the background',
      code: `import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor


def fetch(url):
    with urllib.request.urlopen(url) as response:
        return response.read()


def fetch_all(urls):
    with ThreadPoolExecutor() as executor:
        return list(executor.map(fetch, urls))


def solve(n):
    return sum(i * i for i in range(n))


def in_background(n):
    thread = threading.Thread(target=solve, args=(n,))
    thread.start()
    return thread
`,
      findings: [],
    },
  ],
});

export const gilBoundThreads = {
  meta,
  check(context): readonly Finding[] {
    const { workers, target } = context;
    if (!workers || target.endsWith('t') || context.report.module.language !== 'python') return [];
    // A program that asks whether there is a lock knows what it does.
    if (/_is_gil_enabled|Py_GIL_DISABLED/.test(context.text)) return [];
    const bound = workers.tasks.filter((task) => task.kind === 'threads' && isGilBound(task));
    const several = bound.filter((task) => isSeveral(task, bound));
    // Threads of their own are told of once for each function that starts them.
    const told = several.filter((task, i) => task.pool !== null || several.findIndex((t) => t.pool === null && t.site.fn === task.site.fn) === i);
    return told.map((task) => finding(task, bound, workers, context));
  },
} satisfies Rule;

function isGilBound(task: TaskSite): boolean {
  const { target } = task;
  if (!target || target.fn.async || target.fn.generator || !onlyComputes(target)) return false;
  return loops(target) || target.summary.callees.some((callee) => callee.function === target.fn.id);
}

/** More than one of them runs at a time. */
function isSeveral(task: TaskSite, all: readonly TaskSite[]): boolean {
  if (/map$|^imap/.test(task.method)) return true;
  if (task.method === 'apply') return false;
  if (loopsAround(task.site.fn, task.site.call).length > 0) return true;
  return all.some((other) => other !== task && other.site.fn === task.site.fn && other.library === task.library);
}

function finding(task: TaskSite, bound: readonly TaskSite[], workers: WorkerReport, context: RuleContext): Finding {
  const fix = processesInstead(task, bound, workers, context);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(task.site.fn, task.site.call)),
    message: `${workName(task)} only computes: the threads of ${task.api} take turns holding the GIL and gain nothing. Use processes.`,
    fixes: fix ? [fix] : [],
  };
}
