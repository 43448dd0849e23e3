/** Effects on the outside world that several modules share. */
import type { FunctionModel } from '../types';

export type Effect = Omit<FunctionModel, 'returns' | 'type'>;

export const LOOKS_AT_FILES: Effect = { reads: ['args', 'receiver', 'fs'], bound: 'io' };
export const READS_FILE: Effect = { reads: ['args', 'receiver', 'fs:arg0'], bound: 'io' };
export const WRITES_FILE: Effect = { reads: ['args', 'receiver'], writes: ['fs:arg0'], bound: 'io' };
export const WRITES_FILES: Effect = { reads: ['args', 'receiver'], writes: ['fs'], bound: 'io' };
/** Whatever another program does. */
export const RUNS: Effect = { reads: ['args', 'fs', 'environment'], writes: ['process', 'fs', 'stdout', 'stderr', 'network'], bound: 'io' };
export const ENTROPY: Effect = { reads: ['args', 'clock'] };
export const PROCESS: Effect = { reads: ['args', 'process'] };
