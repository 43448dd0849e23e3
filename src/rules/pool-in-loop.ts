import type { Flow } from '../analysis/captures/flow';
import type { PoolSite } from '../analysis/workers';
import type { Comprehension, LoopStmt } from '../ir/ir';
import { ancestorsOf } from '../ir/parents';
import { walkStmts } from '../ir/walk';
import { hoistPool } from './fixes/hoist-pool';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import { fateOf } from './pool-fate';
import type { Finding, Rule, RuleContext } from './types';
import { absolute, boundIn, loopsAround, reads, usesOf } from './workers';

const meta = defineMeta({
  id: 'pool-in-loop',
  severity: 'warning',
  summary: 'A pool of workers is made anew in every turn of a loop.',
  description: `Starting a pool takes from some 20 milliseconds (fork) to half a second (spawn, and worker threads with large modules), and each worker
imports its modules again. Made in every turn of a loop, that is paid in every turn.

Make the pool once, before the loop. The quick fix does so where the \`with\` is all that the loop holds. Under *fork* the workers of a new pool see what
the program has changed since; those of an old one do not: give such values to the function as arguments.

The rule is silent where the pool depends on the turn (a loop over numbers of workers, or over start methods), where the loop can be left
early or the pool is made under a condition (a retry), and where pools are collected. Pools of threads cost little and are no matter of this rule.`,
  examples: [
    {
      language: 'python',
      title: 'A pool for every folder',
      code: `from concurrent.futures import ProcessPoolExecutor


def convert(path):
    with open(path) as file:
        return len(file.read().split())


def count_words(folders):
    counts = {}
    for folder in folders:
        with ProcessPoolExecutor() as pool:
            counts[folder] = sum(pool.map(convert, folder.iterdir()))
    return counts
`,
      findings: [{ line: 12, message: 'ProcessPoolExecutor starts its workers anew in every turn of the loop on line 11. Make it once, before the loop.' }],
      fixed: `from concurrent.futures import ProcessPoolExecutor


def convert(path):
    with open(path) as file:
        return len(file.read().split())


def count_words(folders):
    counts = {}
    with ProcessPoolExecutor() as pool:
        for folder in folders:
            counts[folder] = sum(pool.map(convert, folder.iterdir()))
    return counts
`,
    },
    {
      language: 'javascript',
      title: 'A pool for every batch',
      code: `import { Piscina } from 'piscina';

export async function hashAll(batches) {
  const out = [];
  for (const batch of batches) {
    const pool = new Piscina({ filename: new URL('./hash.mjs', import.meta.url).href });
    out.push(await Promise.all(batch.map((item) => pool.run(item))));
    await pool.destroy();
  }
  return out;
}
`,
      findings: [{ line: 6, message: 'Piscina starts its workers anew in every turn of the loop on line 5. Make it once, before the loop.' }],
    },
    {
      language: 'python',
      title: 'One pool for all of them, or one of another size each',
      code: `import time
from multiprocessing import Pool


def work(n):
    return sum(i * i for i in range(n))


def batches(all_numbers):
    with Pool() as pool:
        for numbers in all_numbers:
            print(pool.map(work, numbers))


def compare(numbers):
    for workers in (1, 2, 4):
        begin = time.perf_counter()
        with Pool(workers) as pool:
            pool.map(work, numbers)
        print(workers, time.perf_counter() - begin)
`,
      findings: [],
    },
  ],
});

export const poolInLoop = {
  meta,
  check(context): readonly Finding[] {
    return (context.workers?.pools ?? []).flatMap((pool) => {
      const loop = pool.kind === 'threads' ? undefined : loopsAround(pool.site.fn, pool.site.call)[0];
      return loop && loop.type !== 'comprehension' && isWasted(pool, loop, context.workers!.flow) ? [finding(pool, loop, context)] : [];
    });
  },
} satisfies Rule;

/** The pool is the same in every turn, and gone at its end. */
function isWasted(pool: PoolSite, loop: LoopStmt, flow: Flow): boolean {
  const { fn, call } = pool.site;
  const between = ancestorsOf(fn, call);
  const within = between.slice(0, between.indexOf(loop));
  if (within.some((node) => node.type === 'if' || node.type === 'try' || node.type === 'conditional' || node.type === 'logical' || node.type === 'switch')) return false;
  if (loop.type === 'while' && loop.test.type === 'const') return false;
  if (leavesEarly(loop)) return false;
  const bound = boundIn([loop]);
  const fate = fateOf(flow, fn, call);
  if (fate.kind === 'elsewhere') return false;
  if (fate.kind === 'local') {
    const { variable } = fate;
    if (usesOf(flow.module, variable.id).some(({ fn: user, expr }) => user === fn && (expr.span.start < loop.span.start || expr.span.end > loop.span.end))) return false;
    bound.delete(variable.id);
  }
  return !reads(call, bound);
}

function leavesEarly(loop: LoopStmt): boolean {
  let leaves = false;
  walkStmts(loop.body, {
    expr: () => false,
    stmt(stmt) {
      if (stmt.type === 'break' || stmt.type === 'return') leaves = true;
    },
  });
  return leaves;
}

function finding(pool: PoolSite, loop: LoopStmt | Comprehension, context: RuleContext): Finding {
  const { fn, call } = pool.site;
  const start = absolute(fn, loop).start;
  const line = context.text.slice(0, start).split('\n').length;
  const fix = hoistPool(pool, context);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, absolute(fn, call)),
    message: `${pool.name} starts its workers anew in every turn of the loop on line ${line}. Make it once, before the loop.`,
    related: [{ range: firstLineOf(context.text, absolute(fn, loop)), message: 'the loop' }],
    fixes: fix ? [fix] : [],
  };
}
