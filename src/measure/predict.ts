/**
 * What a pool should gain, before it is tried: Amdahl's law with the costs of this machine. A range, because start-up and bandwidth swing
 * with load; it is held against what the benchmark measures.
 */
import type { Calibration } from './calibrate';

export interface Sample {
  /** Seconds that the sequential loop takes, over all entries. */
  readonly loopSeconds: number;
  readonly entries: number;
  /** Over all entries; null when not known. */
  readonly iterations: number | null;
  /** Seconds to serialize and read back, once, what the iterations are fed with, what every worker needs, and what comes back. */
  readonly inputSeconds: number;
  readonly sharedSeconds: number;
  readonly resultSeconds: number;
}

export interface Prediction {
  readonly low: number;
  readonly high: number;
  /** Seconds of loop per entry below which the pool costs more than it gains (the middle estimate); null when it never pays. */
  readonly breakEvenSeconds: number | null;
}

/** Spread of start-up and transfer around what was calibrated, as seen under load. */
const COSTS = { low: 0.6, high: 1.8 };
/** Workers that do not finish together, and chunks that do not divide evenly. */
const BALANCE = { good: 1, bad: 0.8 };
/** Chunks that a pool hands to each worker: the usual choice of `chunksize`. */
const CHUNKS_PER_WORKER = 4;

/** Cores' worth of work that a number of workers gets done here, between 1 and the calibrated throughput of all cores. */
export function effectiveWorkers(workers: number, calibration: Pick<Calibration, 'cores' | 'usableCores'>): number {
  const { cores, usableCores } = calibration;
  if (cores <= 1) return 1;
  return Math.max(1, Math.min(workers, 1 + ((usableCores - 1) * (Math.min(workers, cores) - 1)) / (cores - 1)));
}

/**
 * Times faster that the loop gets: `T / (entries × start + transfer + dispatch + T / W)`.
 * @param poolPerEntry the pool is made at each entry of the loop; else once
 */
export function predict(sample: Sample, calibration: Calibration, workers: number, poolPerEntry = true): Prediction {
  const { loopSeconds: total } = sample;
  const starts = poolPerEntry ? sample.entries : 1;
  const start = (calibration.poolStartMs / 1000) * (workers / calibration.poolWorkers) * starts;
  const tasks = Math.min(sample.iterations ?? Infinity, workers * CHUNKS_PER_WORKER * sample.entries);
  const dispatch = (tasks * calibration.dispatchUs) / 1e6;
  const transfer = sample.inputSeconds + sample.sharedSeconds * workers + sample.resultSeconds;
  const parallel = effectiveWorkers(workers, calibration);
  const ratio = (costs: number, balance: number) => total / ((start + dispatch + transfer) * costs + total / Math.max(1, parallel * balance));
  const gain = 1 - 1 / parallel;
  return {
    low: ratio(COSTS.high, BALANCE.bad),
    high: ratio(COSTS.low, BALANCE.good),
    breakEvenSeconds: gain > 0.05 ? (start + dispatch + transfer) / gain / Math.max(1, sample.entries) : null,
  };
}
