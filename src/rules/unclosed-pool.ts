import type { PoolSite, WorkerReport } from '../analysis/workers';
import type { FunctionIR } from '../ir/ir';
import { withStatement } from './fixes/with-statement';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import { fateOf, type Fate } from './pool-fate';
import type { Finding, Rule, RuleContext } from './types';
import { absolute } from './workers';

const meta = defineMeta({
  id: 'unclosed-pool',
  severity: 'information',
  summary: 'A pool of workers is made in a function and never ended.',
  description: `A \`multiprocessing.Pool\` that is neither closed nor terminated may keep the program from ending (its documentation warns of that), and until the
garbage collector finds it, its processes stay. A \`ProcessPoolExecutor\` leaves its processes behind as long. A Piscina, Tinypool or
workerpool that a function makes and never destroys leaves its threads behind with every call.

Make the pool in a \`with\` statement, as the quick fix does where everything that uses it follows in the same block. In JavaScript, \`await
pool.destroy()\` in a \`finally\`, or make one pool for the whole module.

The rule speaks only about pools that nothing but the function itself can reach: a pool that is returned, stored or handed on may be ended
elsewhere. It is silent about pools of threads in Python, and about executors that the top level of a script makes or calls for: they end with it.`,
  examples: [
    {
      language: 'python',
      title: 'A pool that is left to the garbage collector',
      code: `import multiprocessing


def square(n):
    return n * n


def squares(numbers):
    pool = multiprocessing.Pool(4)
    result = pool.map(square, numbers)
    return result
`,
      findings: [{ line: 9, message: 'multiprocessing.Pool is never closed: its processes stay behind and may keep the program from ending. Make it in a with statement.' }],
      fixed: `import multiprocessing


def square(n):
    return n * n


def squares(numbers):
    with multiprocessing.Pool(4) as pool:
        result = pool.map(square, numbers)
    return result
`,
    },
    {
      language: 'python',
      title: 'A pool that nothing holds',
      code: `from multiprocessing import Pool


def square(n):
    return n * n


def squares(numbers):
    return Pool().map(square, numbers)
`,
      findings: [{ line: 9, message: 'Pool is never closed: its processes stay behind and may keep the program from ending. Make it in a with statement.' }],
    },
    {
      language: 'typescript',
      title: 'A pool for every call',
      code: `import { Piscina } from 'piscina';

export async function resize(paths: string[]): Promise<void> {
  const pool = new Piscina({ filename: new URL('./resize.js', import.meta.url).href });
  await Promise.all(paths.map((path) => pool.run(path)));
}
`,
      findings: [{ line: 4, message: 'This pool is never destroyed: every call leaves its threads behind. Call await pool.destroy() in a finally, or make one pool for the module.' }],
    },
    {
      language: 'python',
      title: 'Closed, or handed to others',
      code: `from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def square(n):
    return n * n


def squares(numbers):
    pool = Pool()
    try:
        return pool.map(square, numbers)
    finally:
        pool.terminate()


def make_executor():
    executor = ProcessPoolExecutor()
    return executor
`,
      findings: [],
    },
    {
      language: 'javascript',
      title: 'One pool for the module',
      code: `import { Piscina } from 'piscina';

const pool = new Piscina({ filename: new URL('./resize.mjs', import.meta.url).href });

export async function resize(paths) {
  await Promise.all(paths.map((path) => pool.run(path)));
}
`,
      findings: [],
    },
  ],
});

/** Methods that end a pool. `join` waits for one that something has closed. */
const ENDS = new Set(['close', 'terminate', 'shutdown', 'join', 'destroy', '__enter__', '__exit__', 'drain', 'on', 'once']);

export const unclosedPool = {
  meta,
  check(context): readonly Finding[] {
    return (context.workers?.pools ?? []).flatMap((pool) => finding(pool, context));
  },
} satisfies Rule;

function finding(pool: PoolSite, context: RuleContext): Finding[] {
  const { workers } = context;
  if (pool.kind === 'threads' || !workers) return [];
  const { module } = context.report;
  const { fn, call } = pool.site;
  const fate = fateOf(workers.flow, fn, call);
  const python = module.language === 'python';
  // What only the top level of a program calls ends with it.
  if (!isLeft(fate, pool) || (pool.library !== 'multiprocessing.Pool' && runsOnce(fn, workers))) return [];
  const left = pool.library === 'multiprocessing.Pool' ? 'its processes stay behind and may keep the program from ending' : 'its workers stay until it is garbage-collected';
  const fix = python && fate.kind === 'local' ? withStatement(pool, fate, context) : null;
  return [
    {
      rule: meta.id,
      severity: meta.severity,
      range: firstLineOf(context.text, absolute(fn, call)),
      message: python
        ? `${pool.name} is never closed: ${left}. Make it in a with statement.`
        : `This pool is never ${pool.library === 'workerpool' ? 'terminated' : 'destroyed'}: every call leaves its threads behind. Call await ${
            fate.kind === 'local' ? fate.variable.name : 'pool'
          }.${pool.library === 'workerpool' ? 'terminate' : 'destroy'}() in a finally, or make one pool for the module.`,
      fixes: fix ? [fix] : [],
    },
  ];
}

function runsOnce(fn: FunctionIR, { flow }: WorkerReport): boolean {
  const name = fn.class === null ? flow.index.nameOf(fn.id) : null;
  const calls = name ? (flow.index.callsOf.get(name.id) ?? []) : [];
  const exported = flow.module.language !== 'python' && flow.module.exports.some((e) => e.variable === name?.id);
  return calls.length > 0 && !exported && calls.every((call) => call.fn.id === '');
}

function isLeft(fate: Fate, pool: PoolSite): boolean {
  // At the top level of a script an executor ends with the program, and a JavaScript module keeps its pool on purpose.
  if (pool.site.fn.id === '' && pool.library !== 'multiprocessing.Pool') return false;
  if (fate.kind === 'temporary') return true;
  // Without a single use it is not finished code.
  if (fate.kind !== 'local' || fate.methods.length === 0) return false;
  // A pool that the module's functions may use, too, is kept on purpose.
  if (pool.site.fn.id === '' && fate.variable.captured) return false;
  return !fate.methods.some((method) => ENDS.has(method));
}
