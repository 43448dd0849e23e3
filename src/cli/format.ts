/** How figures are written in text. */
import type { BenchRow, Ratio } from '../measure/types';

export function formatRatio(ratio: Ratio | null): string {
  if (ratio === null) return '–';
  return ratio.value < 0.005 ? '< 0.01' : `${ratio.value.toFixed(2)} [${ratio.low.toFixed(2)}, ${ratio.high.toFixed(2)}]`;
}

export function formatRange(range: { readonly low: number; readonly high: number } | null): string {
  return range === null ? '–' : `${range.low.toFixed(2)} to ${range.high.toFixed(2)}`;
}

export function formatSeconds(value: number | null): string {
  if (value === null) return '–';
  return value < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(value < 10 ? 2 : 0)} s`;
}

export const VERIFIED: Readonly<Record<BenchRow['verified'], string>> = {
  equal: 'equal',
  'equal-as-far': 'equal as far as compared',
  different: 'DIFFERENT',
  'not-run': 'not run',
  unstable: 'differs from itself',
  failed: 'failed',
  cancelled: 'cancelled',
  'not-verified': 'not verified',
};
