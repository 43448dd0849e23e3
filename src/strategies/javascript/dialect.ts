/** What differs from one pool library to the next, in the code that is written. */
import type { JavaScriptStyle } from '../../edit/javascript';

export interface PoolDialect {
  readonly package: { readonly name: string; readonly range: string };
  /** What is imported from the package by the file that holds the loop. */
  readonly binding: string;
  /**
   * The expression that makes a pool. `data` is the object literal that every worker gets at its start; `workers` the expression that says how
   * many there are, null where the library's own default must do.
   */
  create(options: { readonly binding: string; readonly file: string; readonly task: string; readonly data: string | null; readonly workers: string | null; readonly style: JavaScriptStyle }): readonly string[];
  /** How many workers the pool may have. */
  size(pool: string): string;
  /** What stands before and behind the object that is a task. */
  run(pool: string): readonly [string, string];
  /** Ends it, in a `finally`. */
  close(pool: string): string;
  /** Where the worker module gets what it was given at its start. */
  readonly data: { readonly module: string; readonly binding: string };
}
