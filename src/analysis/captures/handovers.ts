/** A value that a call hands to a worker. */
import type { Expr } from '../../ir/ir';
import type { CallAt } from './module-index';
import type { Value } from './values';

export interface Handover {
  readonly site: CallAt;
  /** The API as written: `pool.map`, `new Worker`. */
  readonly api: string;
  /** What is written there. */
  readonly expr: Expr;
  /** What is sent: the expression's value, or an element of it. */
  readonly value: Value;
  /** How the value is called in messages when it has no name of its own: `args[0]`, `message`. */
  readonly label: string;
  readonly by: Transport;
  /** The part of what is written that is sent: `.workerData` of options that have a name. */
  readonly part?: string;
  /** JS: what the transfer list names. */
  readonly transfers?: Transfers;
}

export type Transport =
  | 'pickle'
  /** joblib and loky. */
  | 'cloudpickle'
  /** Pickled only where processes are not forked. */
  | 'pickle-unless-forked'
  | 'interpreter'
  | 'clone'
  /** A function that is sent as its source text (workerpool). */
  | 'source';

export interface Transfers {
  /** Origins of the values in the list. */
  readonly origins: ReadonlySet<string>;
  /** The list holds something that was not followed. */
  readonly open: boolean;
  /** Why the list itself is refused; null when it is not. */
  readonly trouble: { readonly expr: Expr; readonly reason: string } | null;
}
