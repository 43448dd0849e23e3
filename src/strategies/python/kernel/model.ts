/**
 * The kernel: one iteration of a numeric loop, with the functions that it calls, as a small typed tree that every native strategy prints.
 *
 * The tree says what Python would do, node by node, for values that fit a machine word; where Python would do anything else, the
 * iteration **gives up**: it reports that it has no result, and Python's own code runs for it. So a node that `mayGiveUp` never
 * needs an exact exception, a big integer or a message, and results are right without any of them. What gives up:
 *
 * - integer arithmetic marked `checked` whose result leaves 64 bits
 * - division and modulo by zero, an index outside its array, a negative shift count, a negative exponent of an integer
 * - a function of `math` whose result is not finite (a domain error, an overflow, but also a NaN handed through)
 * - an integer beyond 2^53 that is converted to a float where Python would calculate with it exactly
 * - memory that cannot be had, recursion deeper than `MAX_DEPTH`
 *
 * Giving up may be an early exit (an exception, `?`) or a flag that is looked at later. In the second form each node yields any value
 * after the flag is set, no memory outside an array may be touched, and the flag is tested where the model asks for it: at the entry of
 * every loop and function, before each test of a `while`, and at the end.
 *
 * Floats are IEEE 754 doubles, every operation rounded by itself: no contraction to fused multiply-add, no reordering, no vector
 * versions of libm. `math` functions are those of the C library that the interpreter itself calls.
 */

export type Scalar = 'int' | 'float' | 'bool';

/** `int` is a signed 64-bit integer, `float` a double. */
export type KType = Scalar | ArrayType;

export interface ArrayType {
  readonly kind: 'array';
  readonly element: Scalar;
  /** 2: rows, each with a length of its own. 3: planes of such rows. */
  readonly dims: 1 | 2 | 3;
  /** What it is in Python: absent for a list. The others take several subscripts at once, and their slices are no copies. */
  readonly from?: 'numpy' | 'buffer';
}

/** Calls deeper than this give up: Python's own limit (1,000 unless changed) then decides in Python. */
export const MAX_DEPTH = 400;

/** The bounds between which an integer is known to lie, inclusive. */
export interface Bounds {
  readonly low: bigint;
  readonly high: bigint;
}

// ---------------------------------------------------------------------------------------------------------------------
// Expressions. They have no side effects but giving up, so they may be evaluated in any order (`and`, `or`, `choose` apart).

export type KExpr =
  | KConst
  | KVar
  | KArith
  | KDivide
  | KPower
  | KBits
  | KUnary
  | KCompare
  | KLogical
  | KNot
  | KChoose
  | KConvert
  | KIndex
  | KRow
  | KLength
  | KMath
  | KExtreme
  | KCall
  | KNewArray
  | KCopyArray
  | KRangeLength;

/** A literal. `value` is a bigint for `int`; a float may be infinite or NaN (`math.inf`). */
export interface KConst {
  readonly op: 'const';
  readonly type: Scalar;
  readonly value: bigint | number | boolean;
}

/** A parameter or local variable. */
export interface KVar {
  readonly op: 'var';
  readonly type: KType;
  readonly name: string;
}

/** Both operands and the result have `type`. For floats `checked` is false: they overflow to infinity, as in Python. */
export interface KArith {
  readonly op: 'arith';
  readonly type: 'int' | 'float';
  readonly operator: '+' | '-' | '*';
  readonly left: KExpr;
  readonly right: KExpr;
  readonly checked: boolean;
}

/**
 * `/` on floats (its type is `float`), `//` and `%` on two of the same type. The quotient is rounded down, a remainder has the sign of
 * the divisor. A divisor of zero gives up, as does the smallest integer `// -1`. Float `//` and `%` follow CPython's `float_divmod`:
 * `mod = fmod(x, y)`, moved by y when the signs differ (a zero takes y's sign), then `floor((x - mod) / y)` corrected by one half.
 */
export interface KDivide {
  readonly op: 'divide';
  readonly type: 'int' | 'float';
  readonly operator: '/' | '//' | '%';
  readonly left: KExpr;
  readonly right: KExpr;
  /** The divisor is a constant other than 0 and -1: it cannot give up. */
  readonly safe: boolean;
}

/** `**`. Integers: exact or giving up, also for a negative exponent. Floats: C's `pow`, giving up unless the result is finite. */
export interface KPower {
  readonly op: 'power';
  readonly type: 'int' | 'float';
  readonly left: KExpr;
  readonly right: KExpr;
}

/** Integers in two's complement. A shift by a negative count gives up; `>>` by 63 or more leaves the sign; `<<` is checked. */
export interface KBits {
  readonly op: 'bits';
  readonly type: 'int';
  readonly operator: '&' | '|' | '^' | '<<' | '>>';
  readonly left: KExpr;
  readonly right: KExpr;
}

/** `checked`: of the smallest integer (`-x`, `abs(x)`). */
export interface KUnary {
  readonly op: 'unary';
  readonly type: 'int' | 'float';
  readonly operator: '-' | '~' | 'abs';
  readonly operand: KExpr;
  readonly checked: boolean;
}

/** Operands of one scalar type. */
export interface KCompare {
  readonly op: 'compare';
  readonly type: 'bool';
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | '!=';
  readonly left: KExpr;
  readonly right: KExpr;
}

/** Short-circuit, on bools. */
export interface KLogical {
  readonly op: 'logical';
  readonly type: 'bool';
  readonly operator: 'and' | 'or';
  readonly left: KExpr;
  readonly right: KExpr;
}

export interface KNot {
  readonly op: 'not';
  readonly type: 'bool';
  readonly operand: KExpr;
}

/** `then if test else otherwise`; only one of them is evaluated. */
export interface KChoose {
  readonly op: 'choose';
  readonly type: Scalar;
  readonly test: KExpr;
  readonly then: KExpr;
  readonly otherwise: KExpr;
}

/**
 * - `float`: from an int, rounded half to even (what C's cast does)
 * - `exact-float`: from an int for a comparison or division, which Python does exactly: gives up beyond ±2^53 when `checked`
 * - `trunc`, `floor`, `ceil`, `round`: from a float to an int, giving up outside 64 bits and for NaN; `round` is half to even
 * - `int`: from a bool; `truth`: from an int or float to a bool (`!= 0`)
 */
export interface KConvert {
  readonly op: 'convert';
  readonly type: Scalar;
  readonly how: 'float' | 'exact-float' | 'trunc' | 'floor' | 'ceil' | 'round' | 'int' | 'truth';
  readonly operand: KExpr;
  readonly checked: boolean;
}

/** An element. A negative index counts from the end when `wraps`; an index outside gives up when `checked`. */
export interface KIndex {
  readonly op: 'index';
  readonly type: Scalar;
  /** One dimension. */
  readonly array: KExpr;
  readonly index: KExpr;
  readonly wraps: boolean;
  readonly checked: boolean;
}

/** A row of an array of two dimensions, a plane of one of three, not copied. `wraps` and `checked` as for elements. */
export interface KRow {
  readonly op: 'row';
  readonly type: ArrayType;
  readonly array: KExpr;
  readonly index: KExpr;
  readonly wraps: boolean;
  readonly checked: boolean;
}

/** `len(array)`: of rows, their number. */
export interface KLength {
  readonly op: 'length';
  readonly type: 'int';
  readonly array: KExpr;
}

export type MathFunction =
  | 'sin' | 'cos' | 'tan' | 'asin' | 'acos' | 'atan' | 'atan2' | 'sinh' | 'cosh' | 'tanh' | 'asinh' | 'acosh' | 'atanh'
  | 'exp' | 'expm1' | 'log' | 'log2' | 'log10' | 'log1p' | 'pow' | 'fmod' | 'hypot';

/** A function of the C library (`MathFunction`) gives up unless its result is finite, `sqrt` where its argument is negative. The others never do. */
export type KMath =
  | { readonly op: 'math'; readonly type: 'float'; readonly name: MathFunction | 'sqrt' | 'copysign' | 'fabs'; readonly args: readonly KExpr[] }
  | { readonly op: 'math'; readonly type: 'bool'; readonly name: 'isnan' | 'isinf' | 'isfinite'; readonly args: readonly KExpr[] };

/** Python's `min` of two is `right < left ? right : left`, its `max` `right > left ? right : left`, which settles NaN, -0.0 and ties. */
export interface KExtreme {
  readonly op: 'extreme';
  readonly type: 'int' | 'float';
  readonly which: 'min' | 'max';
  readonly left: KExpr;
  readonly right: KExpr;
}

/** A call of another function of the kernel. Array arguments are passed by reference. */
export interface KCall {
  readonly op: 'call';
  readonly type: KType;
  readonly function: string;
  readonly args: readonly KExpr[];
}

/** `[fill] * length` (a negative length is none); `fill` null with length 0 is `[]`, which grows. One dimension. */
export interface KNewArray {
  readonly op: 'new-array';
  readonly type: ArrayType;
  readonly fill: KExpr | null;
  readonly length: KExpr;
}

/** `array[:]`, `list(array)`. One dimension. */
export interface KCopyArray {
  readonly op: 'copy-array';
  readonly type: ArrayType;
  readonly array: KExpr;
}

/** How often `range(start, stop, step)` runs; a step of zero gives up. */
export interface KRangeLength {
  readonly op: 'range-length';
  readonly type: 'int';
  readonly start: KExpr;
  readonly stop: KExpr;
  readonly step: KExpr;
}

// ---------------------------------------------------------------------------------------------------------------------
// Statements

export type KStmt =
  | KAssign
  | KStore
  | KAppend
  | KFor
  | KWhile
  | KIf
  | KReturn
  | KResultStmt
  | { readonly do: 'break' }
  | { readonly do: 'continue' }
  /** Python raises here (`raise`, a failed `assert`): Python shall do it. */
  | { readonly do: 'give-up' };

/** Every variable has one type for the whole function (`KFunction.locals`). Assigning an array binds a reference to it. */
export interface KAssign {
  readonly do: 'assign';
  readonly name: string;
  readonly value: KExpr;
}

/** `array[index] = value`, on an array that the iteration made itself. One dimension. */
export interface KStore {
  readonly do: 'store';
  readonly array: KExpr;
  readonly index: KExpr;
  readonly wraps: boolean;
  readonly checked: boolean;
  readonly value: KExpr;
}

/** `array.append(value)`. */
export interface KAppend {
  readonly do: 'append';
  readonly array: KVar;
  readonly value: KExpr;
}

/**
 * `for counter in range(start, stop, step)`. Start and stop are evaluated once. The counter is not assigned in the body nor read after
 * the loop, so the emitter may use it as the machine's own.
 */
export interface KFor {
  readonly do: 'for';
  readonly counter: string;
  readonly start: KExpr;
  readonly stop: KExpr;
  readonly step: 1 | -1;
  readonly body: readonly KStmt[];
}

export interface KWhile {
  readonly do: 'while';
  readonly test: KExpr;
  readonly body: readonly KStmt[];
}

export interface KIf {
  readonly do: 'if';
  readonly test: KExpr;
  readonly then: readonly KStmt[];
  readonly otherwise: readonly KStmt[];
}

/** Of a function: its value. Of the iteration (`value` null): it is finished. Every path of a function ends with one. */
export interface KReturn {
  readonly do: 'return';
  readonly value: KExpr | null;
}

/** Only in the iteration: gives one of its results. At most once for each on any path. */
export interface KResultStmt {
  readonly do: 'result';
  readonly name: string;
  readonly value: KExpr;
}

// ---------------------------------------------------------------------------------------------------------------------
// Functions and the kernel

export interface KVariable {
  readonly name: string;
  readonly type: KType;
}

export interface KFunction {
  readonly name: string;
  readonly params: readonly KVariable[];
  /** Variables that are no parameters, in the order of their first assignment; counters of `for` are among them. */
  readonly locals: readonly KVariable[];
  /** null for the iteration. */
  readonly returns: KType | null;
  readonly body: readonly KStmt[];
  /** It can give up, itself or by what it calls. */
  readonly mayGiveUp: boolean;
  /** It calls itself, directly or not: emitters count the depth. */
  readonly recursive: boolean;
  /** The 1-based line of its source, and what it is called there, for comments. */
  readonly line: number;
  readonly source: string;
}

/** A value that the program hands to the kernel: an argument of the native module's function. */
export interface KParam extends KVariable {
  /** The expression in the program, evaluated once before the loop. */
  readonly text: string;
  readonly from: Origin;
  /** Rows of it are changed in place: every iteration gives up unless they all are different objects (`[[0.0] * n] * m` has one row). */
  readonly distinctRows: boolean;
  /** Elements of it are changed. Python would look at the width of an array's integers each time, and raise at once for a read-only one: neither is taken. */
  readonly stored: boolean;
}

/**
 * What a value may be at run time for the kernel to take it; anything else makes every iteration give up (so Python runs the loop).
 * - `scalar`: exactly `int` within 64 bits, `float` or `bool`, no subclass
 * - `list`: a list of such scalars, or a list of such lists, or a list of these
 * - `buffer`: an `array.array` or a `memoryview`, of `dims` dimensions, contiguous or not, of elements that give such scalars in Python
 *   (formats b B h H i I l q for int, d for float, ? for bool)
 * - `numpy`: an array, and no object of a subclass, of `dims` dimensions, contiguous or not, of dtype int64, float64 or bool: numpy
 *   calculates with narrower elements in their own width
 */
export type Origin = 'scalar' | 'list' | 'buffer' | 'numpy';

/** Only integers of 64 bits may be in it. */
export function needsWide({ type, from, stored }: KParam): boolean {
  return typeof type !== 'string' && type.element === 'int' && (from === 'numpy' || (from === 'buffer' && stored));
}

/** The array itself is changed in the end. */
export function needsWritable({ from, stored }: KParam): boolean {
  return stored && (from === 'numpy' || from === 'buffer');
}

/** One of the things that an iteration gives back to the program. */
export interface KResult {
  readonly name: string;
  readonly type: Scalar | ArrayType;
  /** Set when it is not given on every path: the iteration starts with a neutral value. */
  readonly optional: boolean;
}

/**
 * The whole of it. The native module has one function, `name(indices, *params)`:
 * - `indices` is a `range`: the values of the iteration's first parameter, in order. All lie within 64 bits or every iteration gives up.
 * - it returns a list as long as `indices`. An item is None where the iteration gave up, else its result; a tuple when there are several.
 *   Arrays come back as lists. Ints, floats and bools are Python's own.
 * - it raises nothing of its own but MemoryError; iterations run in any order, on all cores, without the GIL.
 */
export interface Kernel {
  /** Of the native module's function, and the base of the other names: `render_rows`. */
  readonly name: string;
  /** A module name that is free beside the program's file. */
  readonly module: string;
  /** What the loop does, in words, for a docstring: `Rows of render (line 12)`. */
  readonly title: string;
  /** Callees before their callers where there is no recursion. */
  readonly functions: readonly KFunction[];
  /** Its parameters are the index, then `params`. */
  readonly iteration: KFunction;
  readonly params: readonly KParam[];
  readonly results: readonly KResult[];
}
