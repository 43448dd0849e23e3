/**
 * Which values reach a worker, and whether they can: the serialization verdict.
 */
import type { Range } from './report';

export type TransferVerdict = 'serializable' | 'not-serializable' | 'lossy' | 'unknown';

export interface CaptureReport {
  /** Absolute range of the call that hands the value over. */
  readonly call: Range;
  /** The API as written: `pool.map`, `executor.submit`, `new Worker`, `postMessage`. */
  readonly api: string;
  /** Absolute range of the value. */
  readonly range: Range;
  /** The value as written. */
  readonly value: string;
  /** The path to the culprit: `args[0].config.lock`; the value's own when it is all of it. */
  readonly path: string;
  readonly verdict: TransferVerdict;
  readonly reason: string;
}
