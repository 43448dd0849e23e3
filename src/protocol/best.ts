/** Which row of a benchmark is recommended. One answer for the panel, the hover and the lens. */
import type { BenchReport, BenchRow, Ratio } from '../measure/types';

export function isEqual(status: BenchRow['verified']): boolean {
  return status === 'equal' || status === 'equal-as-far';
}

/** The recommended row of a comparison, else the fastest that was verified equal: what differs is never recommended. */
export function bestRow(report: BenchReport): BenchRow | null {
  const { recommendation } = report;
  const chosen = recommendation && report.rows.find((row) => row.strategy === recommendation.strategy && row.workers === recommendation.workers);
  if (chosen) return chosen;
  const good = report.rows.filter((row) => row.loopRatio && row.error === null && isEqual(row.verified));
  return good.sort((a, b) => b.loopRatio!.value - a.loopRatio!.value)[0] ?? null;
}

/** What a ratio says, as the words that follow it. */
export function gainWords({ low, high }: Ratio): string {
  if (high < 1) return 'slower: leave the loop as it is';
  return low <= 1 ? 'no clear gain' : 'faster';
}
