import { outlineId } from '../analysis/estimate';
import type { LoopReport } from '../analysis/report';
import { defineMeta } from './ids';
import { firstLineOf } from './lines';
import type { Finding, Rule, RuleContext } from './types';

/** Below this share of a program's samples a loop is not worth a word. */
const HOT = 0.1;

const meta = defineMeta({
  id: 'carried-dependence',
  severity: 'hint',
  summary: 'A hot loop cannot run in parallel; the finding says what stops it.',
  description: `An iteration needs what an earlier one wrote, writes or prints in the loop's order, draws from a random stream that all share, or may leave
the loop early. The finding names the place and both lines, so that one can see whether the dependence is needed: often it is scratch that
could live inside the loop, or a result that could be collected and printed afterwards.

The rule speaks about loops that a profile has shown to be hot (a tenth of the program's time or more). Give it a severity in the
configuration to hear of every such loop that computes; *Explain This Loop* answers for any loop at any time.`,
  examples: [
    {
      language: 'python',
      title: 'Each value needs the one before',
      code: `def smooth(values, weight):
    for i in range(1, len(values)):
        values[i] = weight * values[i] + (1 - weight) * values[i - 1]
`,
      findings: [{ line: 2, message: 'This loop has to run in order: `values[i]` written on line 3 is read by another iteration as `values[i - 1]` on line 3.' }],
    },
    {
      language: 'javascript',
      title: 'Independent iterations',
      code: `export function scale(values, factor) {
  for (let i = 0; i < values.length; i++) {
    values[i] = values[i] * factor;
  }
}
`,
      findings: [],
    },
  ],
});

export const carriedDependence = {
  meta,
  wants: (loop, _work, { hot, asked }) => asked?.has(meta.id) === true || (hot?.get(outlineId(loop)) ?? 0) >= HOT,
  check(context): readonly Finding[] {
    return context.report.loops.filter((loop) => loop.verdict === 'sequential' && isWanted(loop, context)).map((loop) => finding(loop, context));
  },
} satisfies Rule;

function isWanted(loop: LoopReport, context: RuleContext): boolean {
  const share = context.hot?.get(loop.id);
  if (share !== undefined) return share >= HOT;
  return context.asked?.has(meta.id) === true && loop.bound !== 'io';
}

function finding(loop: LoopReport, context: RuleContext): Finding {
  const share = context.hot?.get(loop.id);
  const [reason] = loop.reasons;
  const cost = share === undefined ? 'This loop' : `This loop takes ${Math.round(share * 100)} % of the time and`;
  const related = loop.reasons.flatMap((r) => [
    { range: r.range, message: r.message },
    ...(r.other ? [{ range: r.other, message: `the other end: ${r.place}` }] : []),
  ]);
  return {
    rule: meta.id,
    severity: meta.severity,
    range: firstLineOf(context.text, loop.range),
    message: `${cost} has to run in order: ${reason ? reason.message : 'its iterations depend on each other'}`,
    related,
    fixes: [],
  };
}
