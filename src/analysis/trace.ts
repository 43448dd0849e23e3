/** What the interpretation of a function records about each of its loops. */
import type { Expr, FunctionIR, Stmt } from '../ir/ir';
import type { Header, LoopKind, LoopNode, LoopReport } from './report';
import type { Scope } from './symbolic';
import type { Access, Loc, Value } from './domain';

export interface LoopTrace {
  readonly node: LoopNode;
  readonly kind: LoopKind;
  /** The function that holds the loop. */
  readonly fn: FunctionIR;
  readonly scope: Scope;
  readonly parent: LoopTrace | null;
  /** Index of its frame: 0 is the function itself. */
  readonly depth: number;
  header: Header;
  /** Objects that the header walks over while the body runs, and what it reads of them. */
  readonly headerAccesses: Access[];
  /** Names that the header itself advances. */
  readonly headerWrites: Set<string>;
  /** Accesses of one iteration: `[first, last)` of the machine's list. */
  first: number;
  last: number;
  firstUnresolved: number;
  lastUnresolved: number;
  firstLeaving: number;
  lastLeaving: number;
  firstRaise: number;
  lastRaise: number;
  firstUnseen: number;
  lastUnseen: number;
  /** Surely written by the end of every iteration. */
  endDefs: ReadonlyMap<string, number>;
  body: readonly Stmt[];
  callback: FunctionIR | null;
  call: LoopReport['call'];
  /** What consumes it: `sum`, `any`, `list`. Null for statements. */
  consumer: string | null;
  /** Each iteration's value, for comprehensions and callbacks. */
  element: { value: Value; node: Expr | null } | null;
  /** For `reduce` and consumers that fold: the operation, when recognised; null with `folds` for one that is not. */
  fold: { readonly operation: string | null; readonly exact: boolean } | null;
  trips: number | null;
  work: number;
  /** How much of the work is arithmetic on numbers. */
  arithmetic: number;
  io: boolean;
  /** Places that the loop's iterable denotes, for `own-object`. */
  elements: readonly Loc[];
  /** Something in the loop could not be modelled, and what. */
  readonly gaps: { readonly message: string; readonly start: number; readonly end: number }[];
}
