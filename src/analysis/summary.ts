/** What a call of a function does, in terms of its parameters, its receiver, variables around it and the world. */
import type { FunctionIR, ModuleIR, VarId } from '../ir/ir';
import type { Access, Loc, Unresolved, Value } from './domain';
import type { Callee } from './report';

export interface Summary {
  readonly fn: FunctionIR;
  readonly module: ModuleIR;
  /** Reads that nothing inside covers, and writes; deduplicated, in order. */
  readonly accesses: readonly Access[];
  readonly returns: Value | null;
  /** What was put where, of objects that outlive the call. */
  readonly stores: readonly { readonly loc: Loc; readonly value: Value }[];
  /** New values of variables around the function. */
  readonly assigned: ReadonlyMap<VarId, Value>;
  readonly unresolved: readonly Unresolved[];
  /** Objects made here that are in more than one slot. */
  readonly sharedSites: ReadonlySet<string>;
  /** Containers made here that hold one object several times, by the name of their base. */
  readonly sharedElements: ReadonlySet<string>;
  /** Windows made here, and what they lie in. */
  readonly views: ReadonlyMap<string, readonly Loc[]>;
  /** Has a `raise`/`throw` that can leave it. */
  readonly raises: boolean;
  readonly exits: boolean;
  readonly awaits: boolean;
  readonly generator: boolean;
  readonly work: number;
  /** How much of the work is arithmetic. */
  readonly arithmetic: number;
  readonly io: boolean;
  readonly callees: readonly Callee[];
  /** Operands of unseen type, with where they come from: a caller may know their types. */
  readonly unseen: readonly { readonly name: string; readonly locs: readonly Loc[] }[];
  /** Made before the functions that it calls in a circle were known: subscripts cannot be trusted. */
  readonly provisional: boolean;
  /** It, or a function that it calls, was not read to its end: not all functions that it calls are known. */
  readonly givenUp?: boolean;
}
