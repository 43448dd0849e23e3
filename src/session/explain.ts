/** The explanation of a loop in words, as Markdown: hovers, the panel and the terminal show the same. */
import type { SettleResult } from '../measure/types';
import type { LoopResult } from '../protocol/results';

const VERDICTS: Readonly<Record<LoopResult['verdict'], string>> = {
  parallel: 'its iterations are independent',
  reduction: 'its iterations only meet in accumulators that can be combined in order',
  sequential: 'an iteration depends on an earlier one',
  unknown: 'it hangs on something that cannot be seen here',
};

const BOUNDS: Readonly<Record<LoopResult['bound'], string>> = {
  cpu: 'It computes (CPU-bound).',
  io: 'It waits (I/O-bound): more workers would not make the waiting shorter.',
  unknown: 'Whether it computes or waits is not known.',
};

const ROLES: Readonly<Record<string, string>> = {
  private: 'made anew by each iteration',
  collect: 'collected in order',
  accumulator: 'accumulated',
  element: 'written at an element of its own by each iteration',
  'own-object': 'changed in place, each iteration its own object',
  shared: 'shared between iterations',
};

export function explainText(loop: LoopResult, source: string): string {
  const lines = [`**${loop.verdict}**: ${VERDICTS[loop.verdict]}. ${BOUNDS[loop.bound]}`, '', '```', source, '```'];
  if (loop.reasons.length > 0) {
    lines.push('', '**Why**', '');
    for (const reason of loop.reasons) lines.push(`- line ${reason.line}: ${reason.message}`);
  }
  if (loop.verdict === 'unknown') lines.push('', '*Verify This Loop* (`fanout verify`) settles it for one run of your program.');
  if (loop.assumptions.length > 0) {
    lines.push('', '**Taken for granted** (a run of *verify* checks it)', '');
    for (const assumption of loop.assumptions) lines.push(`- ${assumption.message}`);
  }
  const places = loop.places.filter((place) => place.role !== 'private' || place.liveAfter);
  if (places.length > 0) {
    lines.push('', '**What it writes**', '');
    for (const place of places) {
      const operation = place.operation ? ` (${place.operation})` : '';
      lines.push(`- \`${place.name}\`: ${ROLES[place.role] ?? place.role}${operation}${place.liveAfter ? ', read after the loop' : ''}`);
    }
  }
  const strategies = Object.entries(loop.strategies);
  if (strategies.length > 0) {
    lines.push('', '**Ways to run it in parallel**', '');
    for (const [id, { ok, why }] of strategies) lines.push(`- \`${id}\`: ${ok ? 'fits' : 'does not fit'}${why ? `: ${why}` : ''}`);
  }
  return lines.join('\n');
}

/** What came of running the loop's iterations alone and in other orders, as Markdown. */
export function settledText(result: SettleResult): string {
  const lines = [`**In one run**: *${result.status}*. ${result.message}`];
  for (const { where, iteration, alone, inOrder } of result.conflicts.slice(1, 6)) lines.push(`- \`${where}\` after iteration ${iteration}: ${inOrder}; alone: ${alone}`);
  for (const { where, original, candidate } of result.differences.slice(0, 5)) lines.push(`- \`${where}\`: ${original}, became ${candidate}`);
  for (const { where, why } of result.notCompared.slice(0, 10)) lines.push(`- not compared: ${where}: ${why}`);
  return lines.length === 1 ? lines[0]! : `${lines[0]}\n\n${lines.slice(1).join('\n')}`;
}
