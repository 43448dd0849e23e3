/** The abstract values, places and accesses that the interpretation of a function works with. */
import type { ClassIR, Expr, FunctionIR, ModuleIR, Stmt, Target, TypeIR, VarId } from '../ir/ir';
import type { FunctionModel } from '../models/types';
import type { AccumulatorOperation } from './report';
import { groupOf } from './types';
import { add, isConstant, keyOf, ZERO, type Atom, type Poly, type Scope } from './symbolic';

// ---------------------------------------------------------------------------------------------------------------------
// Places

/** What a place hangs on. */
export type Base =
  /** A variable's own slot when the path is empty; below it, the object that it held when the function was entered. */
  | { readonly kind: 'variable'; readonly id: VarId; readonly module: ModuleIR }
  | { readonly kind: 'this' }
  /** An object made here. `scope` is the innermost loop around its making. */
  /** `many`: made in a loop of a called function, so that one name stands for many objects. */
  | { readonly kind: 'fresh'; readonly site: string; readonly scope: Scope | null; readonly many?: boolean }
  /** The result of something unseen: some object, perhaps one that others hold. */
  | { readonly kind: 'unseen'; readonly site: string; readonly scope: Scope | null }
  | { readonly kind: 'world'; readonly what: string };

export type PathStep =
  | { readonly kind: 'field'; readonly name: string }
  /** `joined`: a further dimension of the subscript before it, `a[i, j]`: no object of its own lies between the two. */
  | { readonly kind: 'element'; readonly index: Subscript; readonly joined?: boolean };

export type Subscript =
  | { readonly kind: 'number'; readonly value: Poly }
  /** A constant that is not an integer, or a value that is only known by name: equal keys are equal subscripts. */
  | { readonly kind: 'key'; readonly key: string; readonly constant: boolean; readonly deps: readonly Atom[] }
  /** Python's slice; null is open. `within`: only some of these elements, for a bound counted from the end or a step. */
  | { readonly kind: 'range'; readonly low: Poly | null; readonly high: Poly | null; readonly within?: boolean }
  | { readonly kind: 'any' };

export interface Loc {
  readonly base: Base;
  readonly path: readonly PathStep[];
  /** Set by `locKey` and `shapeKey`. */
  names?: LocNames;
}

/** A copy of a place with another path takes the names of the old one along: they say what they are the names of. */
interface LocNames {
  readonly base: Base;
  readonly path: readonly PathStep[];
  key: string | null;
  shape: string | null;
}

/** Pseudo-field: the length and key set of a container. */
export const SHAPE = '#';
export const ANY: Subscript = { kind: 'any' };
export const ANY_ELEMENT: PathStep = { kind: 'element', index: ANY };
export const MAX_PATH = 5;
/** So many objects may a value be: following them all leads nowhere beyond. */
export const MAX_OBJECTS = 48;
/** How many of them are followed where values meet. */
export const FEW_OBJECTS = 12;

const baseKeys = new WeakMap<Base, string>();

export function baseKey(base: Base): string {
  let key = baseKeys.get(base);
  if (key === undefined) baseKeys.set(base, (key = nameOfBase(base)));
  return key;
}

function nameOfBase(base: Base): string {
  switch (base.kind) {
    case 'variable':
      return `v:${base.module.path}:${base.id}`;
    case 'this':
      return 'this';
    case 'fresh':
      return `f:${base.site}`;
    case 'unseen':
      return `u:${base.site}`;
    case 'world':
      return `w:${base.what}`;
  }
}

export function subscriptKey(index: Subscript): string {
  switch (index.kind) {
    case 'number':
      return keyOf(index.value);
    case 'key':
      return `'${index.key}'`;
    case 'range':
      return `${index.low ? keyOf(index.low) : ''}:${index.high ? keyOf(index.high) : ''}${index.within ? '~' : ''}`;
    case 'any':
      return '*';
  }
}

export function stepKey(step: PathStep): string {
  return step.kind === 'field' ? `.${step.name}` : `[${subscriptKey(step.index)}]`;
}

function namesOf(loc: Loc): LocNames {
  const { names } = loc;
  if (names !== undefined && names.path === loc.path && names.base === loc.base) return names;
  return (loc.names = { base: loc.base, path: loc.path, key: null, shape: null });
}

export function locKey(loc: Loc): string {
  const names = namesOf(loc);
  if (names.key !== null) return names.key;
  let key = baseKey(loc.base);
  for (const step of loc.path) key += stepKey(step);
  return (names.key = key);
}

/** A step of a path with its subscript forgotten. */
export const shapeOf = (step: PathStep): string => (step.kind === 'field' ? `.${step.name}` : '[*]');

/** The key with every subscript forgotten: what the store of contents is indexed by. */
export function shapeKey(loc: Loc): string {
  const names = namesOf(loc);
  if (names.shape !== null) return names.shape;
  let key = baseKey(loc.base);
  for (const step of loc.path) key += shapeOf(step);
  return (names.shape = key);
}

export function extend(loc: Loc, ...steps: readonly PathStep[]): Loc {
  if (loc.path.length >= MAX_PATH) return loc;
  if (!loc.path.some(isOpen)) return { base: loc.base, path: [...loc.path, ...steps].slice(0, MAX_PATH) };
  const path = [...loc.path];
  let next = 0;
  for (const step of steps) {
    if (step.kind !== 'element' || step.joined !== true) next = 0;
    const at = step.kind === 'element' ? path.findIndex((each, index) => index >= next && isOpen(each)) : -1;
    if (at < 0 || step.kind !== 'element') {
      path.push(step);
      next = path.length;
    } else {
      const slice = path[at] as Sliced;
      path[at] = { ...slice, index: inSlice(slice.index, step.index) };
      next = at + 1;
    }
  }
  return { base: loc.base, path: path.slice(0, MAX_PATH) };
}

type Sliced = PathStep & { readonly kind: 'element'; readonly index: Subscript & { readonly kind: 'range' } };

/** A dimension that was cut to a slice: the next subscript counts from where the slice begins. (A slice of a list is a list of its own.) */
const isOpen = (step: PathStep): step is Sliced => step.kind === 'element' && step.index.kind === 'range';

/** `a[low:high][index]` as a subscript of `a`. */
function inSlice(slice: Subscript & { readonly kind: 'range' }, index: Subscript): Subscript {
  const from = slice.low ?? ZERO;
  const counted = (p: Poly): boolean => !(isConstant(p) && p.constant < 0);
  if (index.kind === 'number') return slice.within !== true && counted(index.value) ? { kind: 'number', value: add(from, index.value) } : ANY;
  if (index.kind !== 'range') return ANY;
  if (slice.within === true || index.within === true) return { ...slice, within: true };
  const high = index.high ? add(from, index.high) : slice.high;
  return { kind: 'range', low: index.low ? add(from, index.low) : slice.low, high, ...(index.high && slice.high ? { within: true } : {}) };
}

/** Some part of an object, at any depth. */
export const blurred = (loc: Loc): Loc => ({ base: loc.base, path: [...loc.path, ...Array<PathStep>(MAX_PATH).fill(ANY_ELEMENT)].slice(0, MAX_PATH) });

/** Whether the path stands for one place, not for one of several. */
export const isExact = (loc: Loc): boolean => loc.path.every((step) => step.kind === 'field' || (step.index.kind !== 'any' && !(step.index.kind === 'range' && step.index.within === true)));

/** A path that was cut at the limit stands for everything below it. */
export const isCut = (loc: Loc): boolean => loc.path.length >= MAX_PATH;

// ---------------------------------------------------------------------------------------------------------------------
// Values

export interface ClassRef {
  readonly module: ModuleIR;
  readonly cls: ClassIR;
  /** An object of it is of no subclass. */
  readonly exact?: boolean;
}

export interface FunctionRef {
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
  /** The receiver that it is bound to. */
  readonly self: Value | null;
}

/** A library function as a value. */
export interface LibraryRef {
  readonly name: string;
  readonly model: FunctionModel;
  readonly receiver: Value | null;
}

export interface Value {
  /** Objects that it may be (a part of). Empty for values without identity: numbers, strings. */
  readonly locs: readonly Loc[];
  readonly sym: Poly | null;
  readonly type: TypeIR | null;
  readonly functions: readonly FunctionRef[];
  /** It may be a function that is not among them: `given or fallback`. */
  readonly open?: boolean;
  readonly library: LibraryRef | null;
  /** Namespace of a library module or global object: `numpy.random`, `Math`. */
  readonly namespace: string | null;
  /** A module of the workspace. */
  readonly module: ModuleIR | null;
  /** The class itself, as a value. */
  readonly cls: ClassRef | null;
  /** Parts of a tuple or array display. */
  readonly items: readonly Value[] | null;
  /** Constant string. */
  readonly text: string | null;
  /** `range(…)`: first, bound (exclusive), step. */
  readonly range: { readonly start: Poly | null; readonly stop: Poly | null; readonly step: number } | null;
}

export const NOTHING: Value = {
  locs: [],
  sym: null,
  type: null,
  functions: [],
  library: null,
  namespace: null,
  module: null,
  cls: null,
  items: null,
  text: null,
  range: null,
};

// ---------------------------------------------------------------------------------------------------------------------
// Accesses

export interface Site {
  readonly fn: FunctionIR;
  readonly start: number;
  readonly end: number;
}

export const absolute = (site: Site): { start: number; end: number } => ({ start: site.fn.start + site.start, end: site.fn.start + site.end });

export type UpdateOperation = AccumulatorOperation | 'append' | 'init';

/** Marks an access as part of a read-modify-write that commutes or can be replayed in order. */
export interface Update {
  readonly operation: UpdateOperation;
  /** The statement or call that does it; one object for all the accesses of one update. */
  readonly node: Stmt | Expr;
  /** Null when it happens in a called function: the loop's own body has no statement to replay. */
  readonly statement: Stmt | null;
  /** Type of what is combined, when seen. */
  readonly type: TypeIR | null;
  /** Type of the accumulator, when seen. */
  readonly targetType: TypeIR | null;
}

/** A condition that held when something happened. */
export interface Literal {
  /** Equal keys are equal conditions, as long as nothing that they read is written. */
  readonly key: string;
  /** What evaluating the condition read. */
  readonly reads: readonly Access[];
}

/** Written on every path on which the literals hold, in the frame of that depth. */
export interface GuardedDef {
  readonly depth: number;
  readonly literals: readonly Literal[];
}

export interface Access {
  readonly mode: 'read' | 'write';
  readonly loc: Loc;
  /** Everything reachable from there, too. */
  readonly deep: boolean;
  /** The innermost loop around it. */
  readonly scope: Scope | null;
  readonly site: Site;
  readonly via: readonly string[];
  /** For reads: depth of the outermost frame in which nothing surely wrote it before. */
  readonly exposedFrom: number;
  /** Index of the latest access that surely wrote the place before; -1 when none did. */
  readonly coveredAt: number;
  readonly update: Update | null;
  /** Conditions around it, innermost last. */
  readonly guards: readonly Literal[];
  /** For reads: conditions under which the place was surely written before. */
  readonly coveredIf: readonly GuardedDef[];
  /** As written, for messages. */
  readonly node: Expr | Target | null;
  /** Type of the container or slot that is touched. */
  readonly type: TypeIR | null;
  /** Happens on every path through the innermost frame. */
  readonly must: boolean;
}

/** A call that could not be resolved. */
export interface Unresolved {
  readonly callee: string;
  readonly site: Site;
  readonly via: readonly string[];
  /** A caller may know more: the receiver or callee, the method, and the arguments. */
  readonly pending: { readonly callee: Value; readonly method: string | null; readonly args: readonly CallArgument[] } | null;
}

export interface CallArgument {
  readonly value: Value;
  readonly name: string | null;
  readonly spread: 'list' | 'dict' | null;
}

/** Whether a caller may know more about a value: it comes from what the function was given. */
export const isOfCaller = (value: Value): boolean => value.functions.length > 0 || value.cls !== null || value.locs.some(({ base }) => base.kind === 'variable' || base.kind === 'this');

/** Whether the order of writes to a part of the world shows: those to others commute or are private to a request. */
export const isOrdered = (world: string): boolean => !/^(clock|network)/.test(world);

/** Whether a value may be a function that is not among those that are known: a parameter, a class, one of a library. */
export function mayBeOther(value: Value): boolean {
  if (value.open === true || value.functions.length > 0) return value.open === true;
  if (value.library !== null || value.cls !== null) return true;
  const group = groupOf(value.type);
  if (group === 'function') return true;
  return group === null && value.text === null && value.items === null && value.range === null && (value.locs.length > 0 || value.sym !== null);
}

export interface Leaving {
  readonly kind: 'break' | 'return' | 'yield' | 'raise' | 'await' | 'exit';
  readonly site: Site;
  readonly via: readonly string[];
  /** For `break`: the loop that it leaves. For `raise`: caught inside this frame depth or deeper is not listed. */
  readonly target: Scope | null;
}
