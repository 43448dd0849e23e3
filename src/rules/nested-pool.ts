import type { PoolSite, TaskSite } from '../analysis/workers';
import { ancestorsOf } from '../ir/parents';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, workName } from './workers';

const meta = defineMeta({
  id: 'nested-pool',
  severity: 'warning',
  summary: 'A function that runs in a worker process makes a pool of its own.',
  description: `The processes of a \`multiprocessing.Pool\` are daemonic, and those may not start processes: *"daemonic processes are not allowed to have
children"*. In a \`ProcessPoolExecutor\` it works, and starts a pool in each worker: on 16 cores 256 processes that wait for each other.

Parallelize one level, the outermost that has enough tasks, and run the inner one in plain Python.

The rule is silent where the inner pool is made under a condition, or with a fixed number of workers in an executor, and about \`Process\`
objects that are not daemonic.`,
  examples: [
    {
      language: 'python',
      title: 'A pool in the workers of a pool',
      code: `from multiprocessing import Pool


def square(n):
    return n * n


def row(numbers):
    with Pool() as pool:
        return sum(pool.map(square, numbers))


def table(rows):
    with Pool() as pool:
        return pool.map(row, rows)
`,
      findings: [{ line: 9, message: 'Pool fails here: row runs in a worker of pool.map (line 15), and its processes may not start processes. Compute it without a pool.' }],
    },
    {
      language: 'python',
      title: 'An executor in the workers of an executor, by way of another function',
      code: `from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def squares(numbers):
    with ProcessPoolExecutor() as pool:
        return list(pool.map(square, numbers))


def row(numbers):
    return sum(squares(numbers))


def table(rows):
    with ProcessPoolExecutor() as pool:
        return list(pool.map(row, rows))
`,
      findings: [{ line: 9, message: 'ProcessPoolExecutor starts a pool in every worker: row runs in one by pool.map (line 19), and the processes multiply. Compute it without a pool.' }],
    },
    {
      language: 'python',
      title: 'Threads in the workers of a pool',
      code: `from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool


def read(path):
    with open(path) as file:
        return file.read()


def read_all(paths):
    with ThreadPoolExecutor() as threads:
        return list(threads.map(read, paths))


def main(groups):
    with Pool() as pool:
        return pool.map(read_all, groups)
`,
      findings: [],
    },
  ],
});

export const nestedPool = {
  meta,
  check(context): readonly Finding[] {
    const { workers } = context;
    if (!workers) return [];
    const inner = workers.pools.filter((pool) => pool.kind === 'processes' && pool.site.fn.id !== '' && isSure(pool));
    if (inner.length === 0) return [];
    return inner.flatMap((pool) => {
      const task = workers.tasks.find((t) => t.kind === 'processes' && reaches(t, pool, context) && matters(t, pool));
      return task ? [finding(task, pool, context)] : [];
    });
  },
} satisfies Rule;

/** Every call of the function makes it. */
function isSure(pool: PoolSite): boolean {
  return !ancestorsOf(pool.site.fn, pool.site.call).some((node) => ['if', 'try', 'conditional', 'logical', 'switch'].includes(node.type));
}

function reaches(task: TaskSite, pool: PoolSite, context: RuleContext): boolean {
  const { target } = task;
  const { module } = context.report;
  if (!target || task.site.fn === pool.site.fn) return false;
  if (target.module === module && target.fn === pool.site.fn) return true;
  return target.summary.callees.some((callee) => callee.path === module.path && callee.function === pool.site.fn.id);
}

function isDaemonic(task: TaskSite): boolean {
  if (task.library === 'multiprocessing.Pool') return true;
  const daemon = task.site.call.args.find((a) => a.name === 'daemon')?.value;
  return task.library === 'multiprocessing.Process' && daemon?.type === 'const' && daemon.value === true;
}

/** It fails, or nobody has thought of how many processes there will be. */
function matters(task: TaskSite, pool: PoolSite): boolean {
  if (isDaemonic(task)) return true;
  return task.library === 'concurrent.futures.ProcessPoolExecutor' && pool.site.call.args.every((a) => a.name !== undefined && a.name !== 'max_workers' && a.name !== 'processes' && !a.spread);
}

function finding(task: TaskSite, pool: PoolSite, context: RuleContext): Finding {
  const range = firstLineOf(context.text, absolute(task.site.fn, task.site.call));
  const line = context.text.slice(0, range.start).split('\n').length;
  const work = workName(task);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(pool.site.fn, pool.site.call)),
    message: isDaemonic(task)
      ? `${pool.name} fails here: ${work} runs in a worker of ${task.api} (line ${line}), and its processes may not start processes. Compute it without a pool.`
      : `${pool.name} starts a pool in every worker: ${work} runs in one by ${task.api} (line ${line}), and the processes multiply. Compute it without a pool.`,
    related: [{ range, message: `${work} is given to worker processes here` }],
    fixes: [],
  };
}
