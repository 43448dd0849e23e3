import { outlineId, type LoopOutline, type Work } from '../analysis/estimate';
import type { AssumptionKind, LoopReport } from '../analysis/report';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Fix, Rule, RuleContext, StrategyFit } from './types';

/** Without a profile: operations of one iteration from which it is likely that a worker earns what it costs, in loops that compute with numbers. */
const WORK = 400;
/** The same for all others: looking things up, asking for types and walking over structures is mostly quick, however deep it nests. */
const OTHER_WORK = 4000;
/** Share of arithmetic from which a loop counts as one that computes with numbers. */
const NUMERIC = 0.04;
/** Where the text tells how often the loop runs: times, and operations over all of them, below which it is over before a pool has started. */
const FEW = 4;
const ALL_WORK = 5000;
/** With a profile: the share of the program's samples that makes a loop worth a proposal. */
const HOT = 0.1;

const meta = defineMeta({
  id: 'parallelizable-loop',
  severity: 'information',
  summary: 'A loop that computes has independent iterations and could run on all cores.',
  description: `No iteration touches what another writes, or they meet only in accumulators that can be combined in order (sums, minima, counts, sets, …).
The quick fixes rewrite the loop for each way to run it in parallel that fits; the results keep their order and every bit.

Without a profile the rule speaks only where one iteration holds a lot of work (nested loops, calls that loop themselves), more of it where
hardly any of it is arithmetic, and only about the outermost loop that pays; not about loops that run a few times over a literal or a constant range, nor about those that may stop early (\`any\`, \`some\`, …). *Profile This Program* shows what is really hot: then it speaks of loops that take a tenth of the time or more,
and of no others. The refactoring is there on every loop, flagged or not.

It is pointless where the data is large and the work on it small: sending it to the workers then costs more than the loop. *Benchmark This Loop*
measures that. Loops that wait for files or the network are no business of this rule.`,
  examples: [
    {
      language: 'python',
      title: 'Rows of a picture',
      code: `import sys


def escape_time(c, limit):
    z = 0j
    for step in range(limit):
        z = z * z + c
        if abs(z) > 2.0:
            return step
    return limit


def render(height, width, limit):
    rows = []
    for y in range(height):
        row = []
        for x in range(width):
            row.append(escape_time(complex(3 * x / width - 2, 2 * y / height - 1), limit))
        rows.append(row)
    return rows


if __name__ == "__main__":
    print(sum(map(sum, render(int(sys.argv[1]), 400, 200))))
`,
      findings: [{ line: 15, message: 'The iterations of this loop are independent: it could run on all cores.' }],
    },
    {
      language: 'python',
      title: 'Too little work in an iteration to be worth a worker',
      code: `def squares(numbers):
    out = []
    for n in numbers:
        out.append(n * n)
    return out
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'A small table, made once',
      code: `TABLE = {}
for first in (65, 97):
    for i in range(26):
        TABLE[chr(i + first)] = chr((i + 13) % 26 + first)
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'A question that may be answered at once',
      code: `def divisible(n, numbers):
    return any(sum(n % m for m in range(1, k)) == 0 for k in numbers)
`,
      findings: [],
    },
    {
      language: 'python',
      title: 'Walking over a structure',
      code: `def flatten(tree, found):
    for part in tree:
        if isinstance(part, (list, tuple)):
            flatten(part, found)
        else:
            found.append(part)
    return found


def flattened(trees):
    return [flatten(tree, []) for tree in trees]
`,
      findings: [],
    },
  ],
});

export const parallelizableLoop = {
  meta,
  wants: (loop, work, { hot }) => (hot ? (hot.get(outlineId(loop)) ?? 0) >= HOT : !loop.ordered && mayRun(work(), loop)),
  check(context): readonly Finding[] {
    const paying = context.report.loops.filter((loop) => couldRun(loop) && pays(loop, context) && firstFitting(loop, context) !== null);
    return paying.filter((loop) => !paying.some((other) => other !== loop && runsInside(loop, other, context))).map((loop) => finding(loop, context));
  },
} satisfies Rule;

function couldRun(loop: LoopReport): boolean {
  return (loop.verdict === 'parallel' || loop.verdict === 'reduction') && loop.bound === 'cpu';
}

function pays(loop: LoopReport, context: RuleContext): boolean {
  if (context.hot) return (context.hot.get(loop.id) ?? 0) >= HOT;
  // One that stops early may stop at once.
  if (loop.exits.some((exit) => exit.kind === 'short-circuit')) return false;
  return promises(loop);
}

const mayRun = (work: Work, { trips }: LoopOutline): boolean => !work.barred && promises({ ...work, trips });

/** Whether there is enough to do for it to be likely that workers earn what they cost. */
function promises({ work, arithmetic, trips }: Pick<LoopReport, 'work' | 'arithmetic' | 'trips'>): boolean {
  if (trips !== null && (trips < FEW || trips * work < ALL_WORK)) return false;
  return work >= (arithmetic >= work * NUMERIC ? WORK : OTHER_WORK);
}

/** Whether `inner` runs during an iteration of `outer`: it is nested in it, or in a function that its body calls. */
function runsInside(inner: LoopReport, outer: LoopReport, context: RuleContext): boolean {
  const byId = new Map(context.report.loops.map((loop) => [loop.id, loop]));
  for (let at = inner.parent; at !== null; at = byId.get(at)?.parent ?? null) if (at === outer.id) return true;
  if (inner.fn.id !== outer.fn.id && outer.extent.start <= inner.range.start && inner.range.end <= outer.extent.end) return true;
  const called = outer.callees.some((callee) => callee.path === inner.module.path && callee.function === inner.fn.id);
  // Two functions that call each other: the one whose loop comes first in the text is taken for the outer one.
  const mutual = inner.callees.some((callee) => callee.path === outer.module.path && callee.function === outer.fn.id);
  return called && (!mutual || outer.range.start < inner.range.start);
}

function finding(loop: LoopReport, context: RuleContext): Finding {
  const share = context.hot?.get(loop.id);
  const hot = share === undefined ? '' : `, and it takes ${Math.round(share * 100)} % of the time`;
  const accumulators = loop.places.filter((place) => place.role === 'accumulator').map((place) => place.label);
  const why =
    loop.verdict === 'parallel' || accumulators.length === 0
      ? 'The iterations of this loop are independent'
      : `The iterations of this loop meet only in ${list(accumulators)}, which can be combined in order`;
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, loop.range),
    message: `${why}${hot}: it could run on all cores.`,
    fixes: fixes(loop, context),
  };
}

/** Assumptions as a title has room for them; the explanation has them in full. */
const CONDITIONS: Readonly<Record<AssumptionKind, string>> = {
  'no-overlap': 'its arrays do not overlap',
  'builtin-operators': "operators work as the builtin types' do",
  'not-rebound': 'names keep their meaning',
  'callee-does-not-raise': 'what it calls does not raise',
};

function fixes(loop: LoopReport, context: RuleContext): Fix[] {
  const assumed = loop.assumptions.length > 0;
  const conditions = [...new Set(loop.assumptions.map(({ kind }) => CONDITIONS[kind]))];
  const assuming = assumed ? `, if ${list(conditions)}` : '';
  const fitting = firstFitting(loop, context);
  if (!fitting) return [];
  const { id, title } = fitting;
  return [{ id, kind: 'strategy', title: `${title ?? `Run in parallel: ${id}`}${assuming}`, applicability: assumed ? 'assumes' : 'safe', loop: loop.id }];
}

/** The first that fits is offered with the finding; the refactoring menu has them all, with the reasons of those that do not fit. */
function firstFitting(loop: LoopReport, context: RuleContext): StrategyFit | null {
  for (const strategy of context.strategies(loop)) if (strategy.ok) return strategy;
  return null;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
