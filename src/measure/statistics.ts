/** The few statistics that a benchmark needs. */
import type { Ratio } from './types';

/** Middle value; of an even number of values the mean of the two middle ones. NaN for none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Value below which a share `q` of sorted values lies, interpolated between neighbours. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (at - below);
}

/** Small deterministic generator (mulberry32): the same pairs always give the same interval. Values in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const RESAMPLES = 4000;

/**
 * How many times faster the second of each pair is: the geometric mean of `first / second`, with a 95 % percentile bootstrap interval of the
 * mean paired log-ratio. Pairing takes out what both runs of a pair share (a slow machine at that minute); the ratio of times with an
 * interval, from fresh processes, follows Georges, Buytaert & Eeckhout, "Statistically rigorous Java performance evaluation" (OOPSLA 2007) and Kalibera &
 * Jones, "Rigorous benchmarking in reasonable time" (ISMM 2013). With few pairs the interval is too narrow rather than too wide: three give the
 * range of what was seen.
 * @param pairs times above zero, in any unit
 * @returns null for no pairs
 */
export function pairedRatio(pairs: readonly (readonly [number, number])[], seed = 1): Ratio | null {
  if (pairs.length === 0) return null;
  const logs = pairs.map(([first, second]) => Math.log(first / second));
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const random = randomFrom(seed);
  const means: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    let sum = 0;
    for (let j = 0; j < logs.length; j++) sum += logs[Math.floor(random() * logs.length)]!;
    means.push(sum / logs.length);
  }
  means.sort((a, b) => a - b);
  return { value: Math.exp(mean(logs)), low: Math.exp(quantile(means, 0.025)), high: Math.exp(quantile(means, 0.975)) };
}
