/** What this machine's pools cost, measured once for each interpreter and kept in the user's cache. */
import * as os from 'node:os';
import { CancelledError } from '../analysis/cancellation';
import { readCached, writeCached } from './cache';
import { harnessPath } from './harness-path';
import { nodeInterpreter, plainEnv, pythonInterpreter } from './interpreter';
import { problemOf, run } from './run';
import type { MeasureOptions } from './types';

export interface Calibration {
  readonly version: 2;
  readonly runtime: 'python' | 'node';
  readonly interpreter: string;
  readonly cores: number;
  /** Throughput of that many processes at once, in cores: 2 on two free cores, less where they are shared. */
  readonly usableCores: number;
  /** Milliseconds from making a pool to its first results, with `poolWorkers` workers. Python: under the default start method. */
  readonly poolStartMs: number;
  readonly poolWorkers: number;
  /** Python: by start method. */
  readonly poolStartByMethod: Readonly<Record<string, number>>;
  /** Microseconds of one task there and back. */
  readonly dispatchUs: number;
  /** Bytes per second, written and read back, by shape of data: `bytes`, `str`, `floats`, `ints`, `dicts`, … */
  readonly bytesPerSecond: Readonly<Record<string, number>>;
  readonly madeAt: string;
}

/** How long the number of usable cores is taken to hold: it changes with what else the machine does. */
const USABLE_FOR_MS = 10 * 60_000;

/**
 * The calibration for a runtime; takes a few seconds the first time. The usable cores are measured again when they are more than ten minutes old.
 * @param fresh measure all of it again
 * @throws Error when the interpreter cannot run it; CancelledError.
 */
export async function calibrate(
  runtime: 'python' | 'node',
  options: Pick<MeasureOptions, 'python' | 'node' | 'token' | 'onProgress'>,
  fresh = false,
): Promise<Calibration> {
  const interpreter = runtime === 'python' ? await pythonInterpreter(options.python) : await nodeInterpreter(options.node);
  const cores = os.availableParallelism();
  const build = `${interpreter.version}${interpreter.freeThreaded ? 't' : ''}`;
  const name = `calibration/${runtime}-${build}-${cores}.json`;
  const known = fresh ? null : readCached<Calibration>(name);
  const madeAt = new Date().toISOString();
  const measure = async (...more: readonly string[]) => {
    const script = runtime === 'python' ? harnessPath('python', 'calibrate.py') : harnessPath('node', 'calibrate.cjs');
    const command = [interpreter.executable, ...(runtime === 'python' ? ['-B'] : []), script, String(cores), ...more];
    const result = await run({ command, cwd: os.tmpdir(), env: plainEnv(), timeoutMs: LIMIT_MS, token: options.token });
    if (result.ended === 'cancelled') throw new CancelledError();
    const problem = problemOf(result, LIMIT_MS);
    if (problem !== null || !result.stdout.text) throw new Error(`The machine could not be calibrated: ${runtime} ${problem ?? 'printed nothing'}`);
    return JSON.parse(result.stdout.text) as Pick<Calibration, 'usableCores' | 'poolStartMs' | 'poolWorkers' | 'poolStartByMethod' | 'dispatchUs' | 'bytesPerSecond'>;
  };
  if (known?.version === 2 && Date.now() - Date.parse(known.madeAt) < USABLE_FOR_MS) return known;
  options.onProgress(known ? 'measuring how many cores are free' : `measuring what a pool costs on this machine (${runtime} ${build}, once)`);
  const calibration: Calibration =
    known?.version === 2
      ? { ...known, ...(await measure('usable')), madeAt }
      : { version: 2, runtime, interpreter: build, cores, ...(await measure()), madeAt };
  writeCached(name, calibration);
  return calibration;
}

const LIMIT_MS = 120_000;
