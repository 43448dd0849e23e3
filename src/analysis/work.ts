/** How work is counted, in plain operations: by the interpretation, and by the estimate that is made from the text alone. */
import type { FunctionModel } from '../models/types';

/** How often a loop is taken to run when that is not known; one that computes with numbers is rarely short. */
const TRIPS = 10;
export const NUMERIC_TRIPS = 30;
/** Share of arithmetic in the work from which a loop counts as one that computes. */
const NUMERIC = 0.1;
/** Share of arithmetic from which a recursive function counts as one that computes: its calls of itself count as work, too. */
const RECURSIVE_NUMERIC = 0.04;
/** Work of a call back into a function that is still being read: counting the circle again in every round would never end. */
export const CIRCLING = 20;

interface Counted {
  readonly work: number;
  readonly arithmetic: number;
}

/** How often a loop runs of which nothing but one iteration is known. */
export const likelyTrips = ({ work, arithmetic }: Counted): number => (arithmetic >= work * NUMERIC ? NUMERIC_TRIPS : TRIPS);

/** Whether a recursive function computes with numbers: then it calls itself about as often as a loop of numbers runs. */
export const computesInCircles = ({ work, arithmetic }: Counted): boolean => arithmetic >= work * RECURSIVE_NUMERIC;

/** Of a call of a library function. */
export const workOfModel = (model: FunctionModel): number => (model.cost === 'heavy' ? 5000 : model.cost === 'linear' ? 20 : 1);

/** Whether a library function computes with numbers. */
export const isArithmetic = (name: string): boolean => /^(math|cmath|Math)\./.test(name);
