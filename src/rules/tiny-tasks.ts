import type { TaskSite } from '../analysis/workers';
import type { Expr } from '../ir/ir';
import { loops, onlyComputes } from './compute';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Fix, Rule, RuleContext } from './types';
import { absolute, loopsAround, workName } from './workers';

/** Operations of a call below which sending the task costs more than it, by far: a round trip to a process takes some 50 µs, a plain operation 0.05. */
const TINY = 18;
/** Fewer items cost nothing that anybody would notice. */
const FEW = 100;
/** Items in a chunk: many enough that the round trip is spread, few enough that all workers get some of a thousand. */
const CHUNK = 250;

const meta = defineMeta({
  id: 'tiny-tasks',
  severity: 'information',
  summary: 'Each task of a process pool is so small that sending it costs more than computing it.',
  description: `A task goes to a worker through a pipe, pickled, and its result comes back so: some 50 to 200 microseconds, a thousand times what a few
operations take. \`Executor.map\` and \`imap\` send each item by itself unless they are given a \`chunksize\`.

Give \`chunksize\`, as the quick fix does; results and their order stay the same, and only when an exception comes out changes. Often a plain loop is
faster still: measure it with *Benchmark This Loop*.

The rule speaks where the whole function can be seen and has a handful of operations, no loop and no calls that work on whole collections. It is
silent about a few literal items, about threads, and about \`Pool.map\`, which makes chunks itself.`,
  examples: [
    {
      language: 'python',
      title: 'One number at a time',
      code: `from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def squares(numbers):
    with ProcessPoolExecutor() as pool:
        return list(pool.map(square, numbers))
`,
      findings: [{ line: 10, message: 'square takes less time than sending it one item: pool.map sends each by itself. Give it a chunksize, or compute it in a plain loop.' }],
      fixed: `from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def squares(numbers):
    with ProcessPoolExecutor() as pool:
        return list(pool.map(square, numbers, chunksize=250))
`,
    },
    {
      language: 'python',
      title: 'A future for each pair',
      code: `from concurrent.futures import ProcessPoolExecutor


def add(a, b):
    return a + b


def sums(pairs):
    with ProcessPoolExecutor() as pool:
        futures = [pool.submit(add, a, b) for a, b in pairs]
        return [future.result() for future in futures]
`,
      findings: [{ line: 10, message: 'add takes less time than sending it one item: pool.submit sends each by itself. Use map with a chunksize, or compute it in a plain loop.' }],
    },
    {
      language: 'python',
      title: 'Chunks, and tasks with work in them',
      code: `from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def square(n):
    return n * n


def row(n):
    return [i * n for i in range(n)]


def main(numbers):
    with ProcessPoolExecutor() as pool:
        print(list(pool.map(square, numbers, chunksize=1000)))
        print(list(pool.map(row, numbers)))
        print(list(pool.map(square, [1, 2, 3])))
    with Pool() as pool:
        print(pool.map(square, numbers))
`,
      findings: [],
    },
  ],
});

export const tinyTasks = {
  meta,
  check(context): readonly Finding[] {
    return (context.workers?.tasks ?? []).flatMap((task) => (isOneByOne(task) && isTiny(task) && !fails(task, context) ? [finding(task, context)] : []));
  },
} satisfies Rule;

/** What cannot be sent at all is another rule's matter. */
function fails({ site }: TaskSite, context: RuleContext): boolean {
  const { start } = absolute(site.fn, site.call);
  return context.captures.some((capture) => capture.call.start === start && capture.verdict === 'not-serializable');
}

const isMap = (task: TaskSite): boolean => task.method === 'map' || task.method.startsWith('imap');

/** Every item is a message of its own, and there may be many. */
function isOneByOne(task: TaskSite): boolean {
  const { fn, call } = task.site;
  if (task.kind !== 'processes' || call.args.some((a) => a.spread || a.name === 'chunksize')) return false;
  if (task.method === 'submit' || task.method === 'apply_async' || task.method === 'apply') {
    const [loop] = loopsAround(fn, call);
    if (!loop || loop.type === 'while' || loop.type === 'for') return false;
    return !isFew(loop.type === 'comprehension' ? loop.clauses[0]!.iterable : loop.iterable);
  }
  if (task.library === 'multiprocessing.Pool' ? !task.method.startsWith('imap') : task.method !== 'map') return false;
  // The third positional argument of imap is its chunksize.
  if (task.method.startsWith('imap') && call.args.filter((a) => a.name === undefined).length > 2) return false;
  return task.args.length > 0 && !task.args.some(isFew);
}

function isFew(iterable: Expr): boolean {
  if (iterable.type === 'collection') return true;
  if (iterable.type !== 'call' || iterable.callee.type !== 'name' || iterable.callee.name !== 'range') return false;
  const bounds = iterable.args.map((a) => (a.value.type === 'const' && typeof a.value.value === 'number' ? a.value.value : NaN));
  const count = bounds.length > 1 ? bounds[1]! - bounds[0]! : bounds[0]!;
  return count < FEW;
}

function isTiny({ target }: TaskSite): boolean {
  if (!target || target.partial || target.bound || target.fn.async || target.fn.generator || !onlyComputes(target)) return false;
  return target.summary.work <= TINY && !loops(target) && target.summary.callees.length === 0;
}

function finding(task: TaskSite, context: RuleContext): Finding {
  const { fn, call } = task.site;
  const advice = isMap(task) ? 'Give it a chunksize' : 'Use map with a chunksize';
  const fix = isMap(task) ? chunked(task, context) : null;
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(fn, call)),
    message: `${workName(task)} takes less time than sending it one item: ${task.api} sends each by itself. ${advice}, or compute it in a plain loop.`,
    fixes: fix ? [fix] : [],
  };
}

function chunked(task: TaskSite, context: RuleContext): Fix | null {
  const { fn, call } = task.site;
  const last = call.args.at(-1);
  if (!last) return null;
  const close = absolute(fn, call).end - 1;
  // Parentheses around the last argument may stand there too, and what else is between is left alone.
  const between = context.text.slice(absolute(fn, last.value).end, close);
  if (!/^[\s)]*$/.test(between)) return null;
  const end = close - (between.length - between.trimEnd().length);
  return {
    id: 'add-chunksize',
    kind: 'edit',
    title: `Send ${CHUNK} items at a time`,
    applicability: 'safe',
    edits: [{ path: context.report.module.path, edits: [{ start: end, end, text: `, chunksize=${CHUNK}` }] }],
  };
}
