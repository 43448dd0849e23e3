/** Measuring the user's program: profile, verify, bench, predict. */
export { bench, benchRuns, DEFAULT_PAIRS } from './bench';
export { calibrate, type Calibration } from './calibrate';
export { pythonInterpreter, nodeInterpreter, startMethods } from './interpreter';
export { predict, type Prediction, type Sample } from './predict';
export { profile, profileFrom } from './profile';
export { findPySpy, installPySpy } from './pyspy';
export { parseProgram, ProgramError, resolveProgram } from './program';
export { settle, settleRuns } from './settle';
export { OriginalRuns, verify, verifyRuns } from './verify';
export type { MeasuredLoop } from './probe-spec';
export type { LoopsOf, SampledLoop } from './sampled';
export type * from './types';
