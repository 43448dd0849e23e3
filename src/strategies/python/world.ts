/** What holds where the workers of a pool run. The planner asks it, and its words stand in the reasons. */

export interface World {
  /** Workers have copies of what they are given, or the very objects. */
  readonly memory: 'copied' | 'shared';
  /**
   * How a worker comes by the program's functions. `imported`: it imports their module anew, so that a script needs a main guard and
   * what it sets while it runs is not there. `carried`: functions of the script travel with each task, and with them the globals that
   * they read. `shared`: there is one module, and it is there.
   */
  readonly module: 'imported' | 'carried' | 'shared';
  /** Large values go once to each worker, through an initializer, or along with the tasks. */
  readonly values: 'initializer' | 'arguments';
  /** What an initializer keeps its values in: a variable that it sets, or a list that it fills. */
  readonly keeps: 'variable' | 'list';
  /** The pool calls a worker with one item of each of several iterables, or with one value only. */
  readonly columns: 'several' | 'one';
  /** When several iterations raise, the pool raises the error of the first one, or of any: then errors come back as values. */
  readonly errors: 'first' | 'any';
  /** Several iterations travel together, so that one that raises hides the results of those before it. */
  readonly portions: boolean;
  /** Seconds until such a pool is ready, for orientation. */
  readonly start: number;
  /** What a worker is called: `worker process`. */
  readonly worker: string;
  /** Several of them: `worker processes`. */
  readonly workers: string;
  /** What it runs in: `process`, so that it can be "another process". */
  readonly place: string;
}

/** Processes of one machine, as `concurrent.futures` starts them. */
export const PROCESSES: World = {
  memory: 'copied',
  module: 'imported',
  values: 'initializer',
  keeps: 'variable',
  columns: 'several',
  errors: 'first',
  portions: true,
  start: 0.1,
  worker: 'worker process',
  workers: 'worker processes',
  place: 'process',
};

/** Threads of one process that really run side by side. */
export const THREADS: World = {
  memory: 'shared',
  module: 'shared',
  values: 'arguments',
  keeps: 'variable',
  columns: 'several',
  errors: 'first',
  portions: false,
  start: 0.001,
  worker: 'worker thread',
  workers: 'worker threads',
  place: 'thread',
};

/**
 * Interpreters of one process: they share nothing of Python's. A function that only stores a global counts as one without state there
 * (3.14) and would store it nowhere, so that values are kept in a list.
 */
export const INTERPRETERS: World = { ...PROCESSES, keeps: 'list', portions: false, start: 0.05, worker: 'worker interpreter', workers: 'worker interpreters', place: 'interpreter' };
