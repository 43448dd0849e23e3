/**
 * What the analysis says about a loop. Rules turn it into findings, strategies into rewrites, the CLI into JSON.
 */
import type { Argument, Call, Comprehension, Expr, FunctionIR, LoopStmt, ModuleIR, Span, Stmt, Target, TypeIR, VarId } from '../ir/ir';

export type Verdict = 'parallel' | 'reduction' | 'sequential' | 'unknown';
export type Bound = 'cpu' | 'io' | 'unknown';
export type LoopKind = 'for' | 'while' | 'comprehension' | 'call';

/** A loop's node: a statement, a comprehension, or a call of `map`, `forEach`, `filter`, `reduce`, `Array.from`, … */
export type LoopNode = LoopStmt | Comprehension | Call;

/** Half-open, in UTF-16 units from the start of the file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

// ---------------------------------------------------------------------------------------------------------------------
// Places

export type Root =
  | { readonly kind: 'variable'; readonly variable: VarId }
  /** `stdout`, `fs:PATH`, `random:python`, … as in src/models/types.ts. */
  | { readonly kind: 'world'; readonly what: string }
  /** JS `this` (Python's `self` is a variable). */
  | { readonly kind: 'this' }
  /** A value made during the iteration. */
  | { readonly kind: 'fresh' }
  | { readonly kind: 'unknown' };

export type Step =
  | { readonly kind: 'field'; readonly name: string }
  /** An element; index null is any element. */
  | { readonly kind: 'element'; readonly index: Expr | null };

export interface Place {
  readonly root: Root;
  readonly path: readonly Step[];
}

// ---------------------------------------------------------------------------------------------------------------------
// Why

export type ReasonKind = 'flow' | 'anti' | 'output' | 'effect' | 'exit' | 'call' | 'await' | 'syntax' | 'alias' | 'type';

export interface Reason {
  readonly kind: ReasonKind;
  /** As a person would write it: `total`, `grid[i - 1]`, `stdout`. */
  readonly place: string;
  readonly message: string;
  /** Absolute range of what causes it. */
  readonly range: Range;
  /** The other end of a dependence. */
  readonly other?: Range;
  /** Names of the calls through which it happens, outermost first. */
  readonly via?: readonly string[];
}

/** The short list of design.md, and nothing else. */
export type AssumptionKind = 'no-overlap' | 'builtin-operators' | 'not-rebound' | 'callee-does-not-raise';

export interface Assumption {
  readonly kind: AssumptionKind;
  readonly message: string;
  /** The variables or callees that it is about, by name. */
  readonly about: readonly string[];
}

// ---------------------------------------------------------------------------------------------------------------------
// The loop taken apart, for rewrites

/** How the loop gets its iterations. `sized` says that the number is known before the first iteration runs. */
export type Header =
  /** `for i in range(start, stop, step)` and JS `for (let i = start; i < stop; i += step)`. start and step null are 0 and 1. */
  | {
      readonly kind: 'counter';
      readonly variable: VarId;
      readonly start: Expr | null;
      readonly stop: Expr;
      /** `<`, `<=`, `>`, `>=`, `!=` */
      readonly test: string;
      readonly step: Expr | null;
      readonly sized: true;
    }
  /** `for x in iterable`, `for … of`, `xs.map(f)`, a comprehension with one clause. */
  | {
      readonly kind: 'elements';
      readonly target: Target | null;
      readonly iterable: Expr;
      /** A list, tuple, array, range, dict, … of known length that iterating does not change. */
      readonly sized: boolean;
      /** Iterating has effects of its own, or is infinite or lazy: pools may not run ahead. */
      readonly lazy: boolean;
      /** `enumerate(xs)`, `zip(a, b)`, `d.items()`, `entries()` around it, as written. */
      readonly wrapper: 'enumerate' | 'zip' | 'items' | 'keys' | 'values' | 'reversed' | 'entries' | null;
      /** Distinct iterations get distinct values (a set, dict keys, range). */
      readonly distinct: boolean;
    }
  /** A `while`, or a `for` whose counter was not recognised. */
  | { readonly kind: 'condition'; readonly test: Expr | null; readonly sized: false };

export type AccumulatorOperation =
  | 'sum'
  | 'product'
  | 'min'
  | 'max'
  | 'argmin'
  | 'argmax'
  | 'and'
  | 'or'
  | 'bit-and'
  | 'bit-or'
  | 'bit-xor'
  | 'count'
  | 'set-union'
  | 'dict-union'
  | 'histogram'
  | 'grouping'
  | 'concatenation';

export type PlaceRole =
  /** Written before it is read in each iteration. */
  | 'private'
  /** Appended to in order: `out.append(x)`, `out.push(x)`, or the value of a comprehension or `map`. */
  | 'collect'
  | 'accumulator'
  /** Written at an element that only this iteration touches. */
  | 'element'
  /** An object that only this iteration holds is changed: `for p in ps: p.x += 1`. */
  | 'own-object'
  /** Anything else: it is a reason for the verdict. */
  | 'shared';

export interface LoopPlace {
  readonly place: Place;
  readonly role: PlaceRole;
  /** As a person would write it. */
  readonly label: string;
  /** The statements or expressions in the loop that write it, by span relative to the loop's function. */
  readonly writes: readonly Span[];
  /** Read after the loop (or may be, from outside the function). */
  readonly liveAfter: boolean;
  /** False for a module's name that is live only because other modules could import it: no code of this one reads it after the loop. */
  readonly readHere?: boolean;
  /** For `private` that is live after: the last iteration surely writes it, so its value can be copied out. */
  readonly lastValue: boolean;
  readonly accumulator?: {
    readonly operation: AccumulatorOperation;
    /** Types are proven and regrouping is exact (integers, counts, sets, …): partial results per chunk are allowed. */
    readonly exact: boolean;
    /** The statements to replay in the parent, one by one, in order. */
    readonly statements: readonly Stmt[];
  };
  readonly type?: TypeIR;
}

/** A variable (or `this`) from outside the loop that its body reads. */
export interface Capture {
  /** null is JS `this`. */
  readonly variable: VarId | null;
  readonly name: string;
  readonly kind: 'value' | 'function' | 'class' | 'module' | 'builtin' | 'this';
  /** Where it is first read, relative to the loop's function. */
  readonly span: Span;
  readonly type?: TypeIR;
  /** A module-level variable that the program assigns after import, or more than once: gone in a spawned worker. */
  readonly mutableGlobal: boolean;
}

/** How the body can leave the loop early. */
export interface Exit {
  readonly kind: 'break' | 'return' | 'yield' | 'raise' | 'await' | 'short-circuit' | 'exit';
  readonly span: Span;
}

/** A function that the loop's body calls (directly or not), whose source is in the workspace. */
export interface Callee {
  readonly path: string;
  readonly function: string;
}

export interface LoopReport {
  /** Unique in its module: function id, `@`, offset in the function. */
  readonly id: string;
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
  readonly node: LoopNode;
  readonly kind: LoopKind;
  /** Absolute. Starts where design.md says that a loop's line is: for a method chain, at the `.map`/`.forEach` name. */
  readonly range: Range;
  /** Absolute range of the whole statement or expression. */
  readonly extent: Range;
  /** Statements of the body; empty for comprehensions and for calls whose callback is named. */
  readonly body: readonly Stmt[];
  /** For calls: the function that each iteration runs, when it is in this module; for comprehensions null. */
  readonly callback: FunctionIR | null;
  /** For calls: `map`, `forEach`, `filter`, `reduce`, `Array.from`, Python `map`, `sum`, …; with the argument that is called. */
  readonly call: { readonly method: string; readonly argument: Argument | null } | null;
  readonly header: Header;
  readonly verdict: Verdict;
  readonly bound: Bound;
  readonly reasons: readonly Reason[];
  readonly assumptions: readonly Assumption[];
  readonly places: readonly LoopPlace[];
  readonly captures: readonly Capture[];
  readonly exits: readonly Exit[];
  readonly callees: readonly Callee[];
  /** Id of the loop around it in the same function, or null. */
  readonly parent: string | null;
  /** Rough work of one iteration, in plain operations: trip counts that are not known count as 10, as 30 in loops that compute with numbers. For ordering and `bound` only. */
  readonly work: number;
  /** How many of those are arithmetic on numbers. */
  readonly arithmetic: number;
  /** How often the loop runs each time it is entered, where the text tells; null where it does not. */
  readonly trips: number | null;
}

export interface ModuleReport {
  readonly module: ModuleIR;
  readonly loops: readonly LoopReport[];
}
