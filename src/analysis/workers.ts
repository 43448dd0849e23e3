/**
 * Where a module makes pools, threads and processes, and what it has them run: what the rules about the use of workers ask.
 */
import type { Call, Expr, FunctionIR, ModuleIR } from '../ir/ir';
import type { Flow } from './captures/flow';
import type { CallAt } from './captures/module-index';
import type { Summary } from './summary';

/** Who runs the work. `thread`s of JavaScript share nothing by themselves: they are `isolates`, as Python's sub-interpreters are. */
export type WorkerKind = 'processes' | 'threads' | 'isolates';

/** A call that makes a pool. */
export interface PoolSite {
  readonly site: CallAt;
  readonly kind: WorkerKind;
  /** `multiprocessing.Pool`, `concurrent.futures.ProcessPoolExecutor`, `piscina`, whatever the module calls it. */
  readonly library: string;
  /** The class as written: `mp.Pool`. */
  readonly name: string;
}

/** A call that has a function run by a worker: `pool.map(f, xs)`, `executor.submit(f, x)`, `Thread(target=f)`, `piscina.run(x)`. */
export interface TaskSite {
  readonly site: CallAt;
  readonly kind: WorkerKind;
  /** The pool's library name, or `threading.Thread`, `multiprocessing.Process`. */
  readonly library: string;
  /** `map`, `submit`, …; `start` for a thread or process of its own. */
  readonly method: string;
  /** As written: `pool.map`. */
  readonly api: string;
  /** The expression of the pool; null for a thread or process of its own. */
  readonly pool: Expr | null;
  /** What is written for the function; null in JavaScript, where a file holds it. */
  readonly work: Expr | null;
  /** The function, when its source is in the workspace. */
  readonly target: Target | null;
  /** Arguments behind the function: iterables for `map`, the task's own for `submit`. */
  readonly args: readonly Expr[];
}

export interface Target {
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
  /** It is bound to an object, which is sent with it. */
  readonly bound: boolean;
  /** Arguments come first that `functools.partial` holds. */
  readonly partial: boolean;
  /** What a call of it does. Made when first asked for. */
  readonly summary: Summary;
}

export interface WorkerReport {
  readonly flow: Flow;
  readonly pools: readonly PoolSite[];
  readonly tasks: readonly TaskSite[];
  /** Calls that make a single worker of JavaScript: `new Worker(…)`. */
  readonly workers: readonly { readonly site: CallAt; readonly call: Call; readonly node: boolean }[];
}
