/** Numbers and paths as a person reads them. */
import type { Ratio, VerifyResult } from '../measure/types';

export function times(value: number): string {
  return `×${value >= 10 ? value.toFixed(1) : value.toFixed(2)}`;
}

export function interval(ratio: Ratio): string {
  return `${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}`;
}

export function seconds(value: number | null): string {
  if (value === null) return '';
  if (value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  return value < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(2)} s`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
}

/** Works for both kinds of path: a report may come from another machine. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() ?? path;
}

const VERIFIED: Readonly<Record<VerifyResult['status'] | 'not-verified', string>> = {
  equal: 'equal',
  'equal-as-far': 'equal as far as compared',
  different: 'different',
  'not-run': 'not run',
  unstable: 'not stable',
  failed: 'failed',
  cancelled: 'cancelled',
  'not-verified': 'not verified',
};

export function verified(status: VerifyResult['status'] | 'not-verified'): string {
  return VERIFIED[status];
}
