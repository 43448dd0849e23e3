/**
 * Dependence tests between two accesses of one object in different iterations of a loop: ZIV, strong and weak SIV, GCD, and
 * Banerjee's bounds in symbolic form (Allen & Kennedy, *Optimizing Compilers for Modern Architectures*, chapter 3). Independent in
 * one dimension is independent.
 */
import { coupledApart, type Dimension } from './coupled';
import { SHAPE, type Access, type Loc, type PathStep, type Subscript } from './domain';
import {
  add,
  atomsOf,
  atomVaries,
  coefficientOf,
  constant,
  equal,
  isConstant,
  isZero,
  keyOf,
  makeAtom,
  multiply,
  ofAtom,
  provablyAtLeast,
  scale,
  substitute,
  subtract,
  varies,
  type Atom,
  type Poly,
  type Scope,
} from './symbolic';

/**
 * `never`: no two iterations meet, nor one with itself. `same`: only an iteration with itself. `carried`: different iterations meet.
 * `unknown`: it hangs on values that are not seen.
 */
export type Relation = 'never' | 'same' | 'carried' | 'unknown';

export interface Outcome {
  readonly relation: Relation;
  /** Holds only if what different elements of a container hold is different objects. */
  readonly distinctElements: boolean;
  /** The object behind a field of an element may be shared between elements. */
  readonly throughField: boolean;
}

export interface LoopContext {
  readonly scope: Scope;
  /** Whether a load has the same value in every iteration. */
  readonly stable: (atom: Atom) => boolean;
  readonly python: boolean;
  /** Leaves out the costly tests. */
  readonly quick?: boolean;
}

/** The length or key set: nothing lies below it. */
const isShape = (step: PathStep): boolean => step.kind === 'field' && step.name === SHAPE;

const plain = (relation: Relation): Outcome => ({ relation, distinctElements: false, throughField: false });

/** How an access in one iteration relates to another access, in another iteration, of the same object. */
export function relate(a: Pick<Access, 'loc' | 'deep' | 'mode'>, b: Pick<Access, 'loc' | 'deep' | 'mode'>, loop: LoopContext): Outcome {
  const shared = Math.min(a.loc.path.length, b.loc.path.length);
  const longer = a.loc.path.length > b.loc.path.length ? a : b;
  const shorter = longer === a ? b : a;
  // What a shallow read of a slot leads to is not read by it; a write of the slot replaces what is below.
  if (a.loc.path.length !== b.loc.path.length && !shorter.deep && shorter.mode === 'read') return plain('never');
  const slot = a.loc.path.length === b.loc.path.length && !a.deep && !b.deep;
  let worst: Relation = 'carried';
  let best: Outcome | null = null;
  for (let at = 0; at < shared; at++) {
    const relation = relateSteps(a.loc.path[at]!, b.loc.path[at]!, loop);
    const last = slot && at === shared - 1;
    if (relation === 'never' || relation === 'same') {
      if (relation === 'never' && (isShape(a.loc.path[at]!) || isShape(b.loc.path[at]!))) return plain('never');
      if (relation === 'never' && a.loc.path[at]!.kind === 'field' && b.loc.path[at]!.kind === 'field') {
        // Different fields: apart if nothing before leads to different objects, which cannot be the same one's field either.
        return plain('never');
      }
      if (last) return plain(relation);
      const rest = longer.loc.path.slice(at + 1);
      // Dimensions of one array: nothing between them could be shared.
      if (rest.every((step) => step.kind === 'element' && step.joined === true)) return plain(relation);
      const fields = rest.filter((step) => step.kind === 'field' && step.name !== SHAPE);
      const throughField = fields.length > 0 && rest.findIndex((step) => step.kind === 'field' && step.name !== SHAPE) < rest.length - 1;
      const outcome: Outcome = { relation, distinctElements: true, throughField };
      if (!best || (best.throughField && !throughField)) best = outcome;
      continue;
    }
    if (relation === 'unknown') worst = 'unknown';
  }
  if (best || loop.quick) return best ?? plain(worst);
  // Every dimension alone may meet: take them together.
  const dimensions: Dimension[] = [];
  for (let at = 0; at < shared; at++) {
    const [x, y] = [a.loc.path[at]!, b.loc.path[at]!];
    if (x.kind === 'element' && y.kind === 'element' && numeric(x.index) && numeric(y.index)) dimensions.push({ a: x.index, b: y.index });
  }
  const flat = dimensions[dimensions.length - 1];
  if (flat && flat.a.kind === 'number' && flat.b.kind === 'number') {
    // `a[n * i + j]` with `0 <= j < n` is an array of two dimensions laid flat.
    const split = splitFlat(flat.a.value, flat.b.value, loop);
    if (split) {
      dimensions.pop();
      dimensions.push(...split);
    }
    for (const { a: x, b: y } of split ?? []) {
      const relation = relateSubscripts(x, y, loop);
      if (relation === 'same' || relation === 'never') return { relation, distinctElements: shared > 1 && !slot, throughField: false };
    }
  }
  if (dimensions.some(involved) && coupledApart(dimensions, loop)) {
    const whole = dimensions.length === 1 && slot && a.loc.path[shared - 1]!.kind === 'element';
    return { relation: 'same', distinctElements: !whole, throughField: false };
  }
  return plain(worst);
}

function relateSteps(a: PathStep, b: PathStep, loop: LoopContext): Relation {
  if (a.kind === 'field' && b.kind === 'field') return a.name === b.name || a.name === '?' || b.name === '?' ? 'carried' : 'never';
  if (a.kind === 'field' || b.kind === 'field') {
    const field = a.kind === 'field' ? a : (b as PathStep & { kind: 'field' });
    const element = a.kind === 'element' ? a : (b as PathStep & { kind: 'element' });
    if (field.name === SHAPE || loop.python) return 'never';
    // JS: `o[k]` may be `o.name` when k is not a number.
    return element.index.kind === 'number' && atomsOf(element.index.value).every((atom) => atom.counterOf !== null && atom.step !== 0) ? 'never' : 'unknown';
  }
  return relateSubscripts(a.index, b.index, loop);
}

export function relateSubscripts(a: Subscript, b: Subscript, loop: LoopContext): Relation {
  if (a.kind === 'any' || b.kind === 'any') return 'unknown';
  if (a.kind === 'key' || b.kind === 'key') {
    if (a.kind === 'key' && b.kind === 'key' && a.constant && b.constant) return a.key === b.key ? 'carried' : 'never';
    const number = a.kind === 'number' ? a : b.kind === 'number' ? b : null;
    if (number && isConstant(number.value)) return 'never';
    return 'unknown';
  }
  if (a.kind === 'range' || b.kind === 'range') return relateRanges(bounds(a), bounds(b), loop);
  return relateNumbers(a.value, b.value, loop);
}

/** A dimension of one counter and constants has been decided by itself. */
function involved({ a, b }: Dimension): boolean {
  const parts = (index: Subscript): number => (index.kind === 'number' ? atomsOf(index.value).length : 2);
  return parts(a) > 1 || parts(b) > 1 || (a.kind === 'number' && b.kind === 'number' && atomsOf(a.value)[0]?.key !== atomsOf(b.value)[0]?.key);
}

/** Takes both subscripts apart by one stride; null when there is none for which the remainder provably stays below it. */
function splitFlat(f: Poly, g: Poly, loop: LoopContext): Dimension[] | null {
  for (const term of f.terms) {
    if (term.atoms.length < 2) continue;
    for (const stride of term.atoms) {
      if (atomVaries(stride, loop.scope, loop.stable) || stride.counterOf) continue;
      const x = coefficientOf(f, stride);
      const y = coefficientOf(g, stride);
      if (!x || !y || !below(x.rest, stride) || !below(y.rest, stride)) continue;
      return [
        { a: { kind: 'number', value: x.factor }, b: { kind: 'number', value: y.factor } },
        { a: { kind: 'number', value: x.rest }, b: { kind: 'number', value: y.rest } },
      ];
    }
  }
  return null;
}

/** `0 <= p < stride` */
function below(p: Poly, stride: Atom): boolean {
  const facts: Poly[] = [];
  const low = limit(p, false, facts);
  const high = limit(p, true, facts);
  return low !== null && high !== null && provablyAtLeast(low, 0, facts) && provablyAtLeast(subtract(ofAtom(stride), high), 1, facts);
}

/** The least or greatest value over all counters. */
function limit(p: Poly, upper: boolean, facts: Poly[]): Poly | null {
  let at = p;
  for (let round = 0; round < 8; round++) {
    const counters = atomsOf(at).filter((atom) => atom.counterOf !== null);
    if (counters.length === 0) return at;
    const atom = counters.find((candidate) => candidate.low && candidate.high && !counters.some((other) => other !== candidate && mentionsAtom(other, candidate)));
    const split = atom ? coefficientOf(at, atom) : null;
    if (!atom || !split) return null;
    const positive = provablyAtLeast(split.factor, 0, []);
    if (!positive && !provablyAtLeast(scale(split.factor, -1), 0, [])) return null;
    const product = multiply(split.factor, positive === upper ? atom.high! : atom.low!);
    if (!product) return null;
    facts.push(subtract(atom.high!, atom.low!));
    at = add(split.rest, product);
  }
  return null;
}

const numeric = (index: Subscript): boolean => index.kind === 'number' || index.kind === 'range';

interface Bounds {
  readonly low: Poly | null;
  readonly high: Poly | null;
}

function bounds(index: Subscript & { kind: 'number' | 'range' }): Bounds {
  if (index.kind === 'number') return { low: index.value, high: index.value };
  return { low: index.low ?? constant(0), high: index.high ? subtract(index.high, constant(1)) : null };
}

function relateRanges(a: Bounds, b: Bounds, loop: LoopContext): Relation {
  if (!a.low || !a.high || !b.low || !b.high) return relateOpen(a, b, loop);
  const first = { low: a.low, high: a.high };
  const second = { low: b.low, high: b.high };
  if (separate(first, second, loop)) return 'same';
  return analysable(first.low, loop) && analysable(second.low, loop) ? 'carried' : 'unknown';
}

/** A slice to the end: only what ends before it begins lies apart. */
function relateOpen(a: Bounds, b: Bounds, loop: LoopContext): Relation {
  const below = (x: Bounds, y: Bounds): boolean => {
    if (!x.high || !y.low || varies(x.high, loop.scope, loop.stable) || varies(y.low, loop.scope, loop.stable)) return false;
    return provablyAtLeast(subtract(y.low, x.high), 1, []);
  };
  if (below(a, b) || below(b, a)) return 'never';
  return [a.low, a.high, b.low, b.high].every((bound) => !bound || analysable(bound, loop)) ? 'carried' : 'unknown';
}

function analysable(p: Poly, loop: LoopContext): boolean {
  return atomsOf(p).every((atom) => atom.counterOf !== null || !atomVaries(atom, loop.scope, loop.stable));
}

function relateNumbers(f: Poly, g: Poly, loop: LoopContext): Relation {
  if (loop.python && (isNegative(f) || isNegative(g))) return isNegative(f) && isNegative(g) && !equal(f, g) ? 'never' : 'carried';
  const variesHere = (p: Poly): boolean => varies(p, loop.scope, loop.stable);
  if (!variesHere(f) && !variesHere(g)) {
    const difference = subtract(g, f);
    if (isZero(difference)) return 'carried';
    return isConstant(difference) ? 'never' : 'unknown';
  }
  const counter = ownCounter(f, loop) ?? ownCounter(g, loop);
  if (counter) {
    const left = coefficientOf(f, counter);
    const right = coefficientOf(g, counter);
    if (left && right && !variesHere(left.factor) && !variesHere(right.factor) && !variesHere(left.rest) && !variesHere(right.rest)) {
      const siv = isWhole(counter, loop) ? singleIndex(left, right, counter) : equal(left.factor, right.factor) && !isZero(left.factor) && isConstant(left.factor) && isZero(subtract(right.rest, left.rest)) ? 'same' : null;
      if (siv) return siv;
    }
  }
  if (separate({ low: f, high: f }, { low: g, high: g }, loop)) return 'same';
  if (gcdExcludes(f, g, loop)) return 'never';
  if (atomsOf(f).some((atom) => atom.counterOf === loop.scope && !isWhole(atom, loop))) return 'unknown';
  return analysable(f, loop) && analysable(g, loop) ? 'carried' : 'unknown';
}

const isNegative = (p: Poly): boolean => isConstant(p) && p.constant < 0;

/** The loop's own counter in a subscript. */
function ownCounter(p: Poly, loop: LoopContext): Atom | null {
  return atomsOf(p).find((atom) => atom.counterOf === loop.scope) ?? null;
}

/** Whether the values of a counter are whole steps apart: in JavaScript a step that is not known may be a fraction. */
export const isWhole = (counter: Atom, loop: LoopContext): boolean => counter.step !== 0 || loop.python;

interface Split {
  readonly factor: Poly;
  readonly rest: Poly;
}

/** `A·i + p` against `B·i' + q` with nothing else that varies. */
function singleIndex(f: Split, g: Split, counter: Atom): Relation | null {
  const distance = subtract(g.rest, f.rest);
  const extent = counter.low && counter.high ? subtract(counter.high, counter.low) : null;
  if (equal(f.factor, g.factor)) {
    if (isZero(f.factor)) return null;
    if (!isConstant(f.factor)) return isZero(distance) ? null : null;
    const by = f.factor.constant;
    if (isZero(distance)) return 'same';
    if (isConstant(distance)) {
      const stride = Math.abs(by * (counter.step || 1));
      if (counter.step !== 0 && distance.constant % stride !== 0) return 'never';
      if (counter.step === 0 && Number.isInteger(distance.constant) === false) return 'unknown';
      if (extent && isConstant(extent) && Math.abs(distance.constant) > Math.abs(by) * extent.constant) return 'never';
      if (extent && (provablyAtLeast(subtract(constant(Math.abs(distance.constant)), scale(extent, Math.abs(by))), 1, []))) return 'never';
      return counter.step === 0 ? 'unknown' : 'carried';
    }
    if (extent) {
      const reach = scale(extent, Math.abs(by));
      if (provablyAtLeast(subtract(distance, reach), 1, []) || provablyAtLeast(subtract(scale(distance, -1), reach), 1, [])) return 'never';
    }
    return 'carried';
  }
  // Weak-zero: one side is fixed.
  if (isConstant(f.factor) && isConstant(g.factor) && isConstant(distance)) {
    const [a, b] = [f.factor.constant, g.factor.constant];
    if (a === 0 || b === 0) {
      const factor = a === 0 ? b : a;
      const value = a === 0 ? -distance.constant / factor : distance.constant / factor;
      if (!Number.isInteger(value)) return 'never';
      if (counter.low && isConstant(counter.low) && value < counter.low.constant) return 'never';
      if (counter.high && isConstant(counter.high) && value > counter.high.constant) return 'never';
      return 'carried';
    }
    if (distance.constant % gcd(Math.abs(a), Math.abs(b)) !== 0) return 'never';
    return 'carried';
  }
  const fixed = isZero(f.factor) ? g : isZero(g.factor) ? f : null;
  if (fixed && isConstant(fixed.factor) && Math.abs(fixed.factor.constant) === 1) {
    // c = value: never when the value lies outside the counter's bounds.
    const other = fixed === f ? g.rest : f.rest;
    const value = scale(subtract(other, fixed.rest), fixed.factor.constant);
    if (counter.low && provablyAtLeast(subtract(counter.low, value), 1, [])) return 'never';
    if (counter.high && provablyAtLeast(subtract(value, counter.high), 1, [])) return 'never';
    return 'carried';
  }
  return null;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** GCD test: an equation with integer coefficients that has no integer solution. */
function gcdExcludes(f: Poly, g: Poly, loop: LoopContext): boolean {
  let divisor = 0;
  const fixed = new Map<string, number>();
  for (const [p, sign] of [
    [f, 1],
    [g, -1],
  ] as const) {
    for (const term of p.terms) {
      if (!Number.isInteger(term.coefficient)) return false;
      const moving = term.atoms.some((atom) => atomVaries(atom, loop.scope, loop.stable));
      if (moving && term.atoms.some((atom) => atom.counterOf !== null && !isWhole(atom, loop))) return false;
      if (moving) divisor = gcd(divisor, Math.abs(term.coefficient));
      else fixed.set(term.key, (fixed.get(term.key) ?? 0) + sign * term.coefficient);
    }
  }
  if ([...fixed.values()].some((value) => value !== 0)) return false;
  const difference = g.constant - f.constant;
  return divisor > 1 && Number.isInteger(difference) && difference % divisor !== 0;
}

// ---------------------------------------------------------------------------------------------------------------------
// Bounds

interface Interval {
  readonly low: Poly;
  readonly high: Poly;
}

/** Whether the intervals that two iterations touch never meet: each later one lies wholly above (or below) each earlier one. */
function separate(f: Interval, g: Interval, loop: LoopContext): boolean {
  const a = widen(f, loop);
  const b = widen(g, loop);
  if (!a || !b) return false;
  const counter = ownCounter(a.low, loop) ?? ownCounter(a.high, loop) ?? ownCounter(b.low, loop) ?? ownCounter(b.high, loop);
  if (!counter || !isWhole(counter, loop)) return false;
  const step = Math.abs(counter.step) || 1;
  const next = (p: Poly): Poly | null => substitute(p, (atom) => (atom.key === counter.key ? add(ofAtom(atom), constant(step)) : ofAtom(atom)));
  const facts = [...a.facts, ...b.facts];
  const later = [...facts.map(next).filter((p): p is Poly => p !== null)];
  if (counter.low) facts.push(subtract(ofAtom(counter), counter.low));
  if (counter.high) facts.push(subtract(subtract(counter.high, ofAtom(counter)), constant(step)));
  const known = [...facts, ...later];
  return (ascending(a, b, next, known) && ascending(b, a, next, known)) || (descending(a, b, next, known) && descending(b, a, next, known));
}

type Next = (p: Poly) => Poly | null;

/** `later` of the next iteration lies above `earlier` of this one, and keeps rising. */
function ascending(later: Interval, earlier: Interval, next: Next, facts: readonly Poly[]): boolean {
  const low = next(later.low);
  return low !== null && provablyAtLeast(subtract(low, earlier.high), 1, facts) && provablyAtLeast(subtract(low, later.low), 0, facts);
}

function descending(later: Interval, earlier: Interval, next: Next, facts: readonly Poly[]): boolean {
  const high = next(later.high);
  return high !== null && provablyAtLeast(subtract(earlier.low, high), 1, facts) && provablyAtLeast(subtract(later.high, high), 0, facts);
}

/** The interval over all values of inner counters; null when something else varies. */
function widen(interval: Interval, loop: LoopContext): (Interval & { readonly facts: readonly Poly[] }) | null {
  const facts: Poly[] = [];
  const low = extreme(interval.low, loop, false, facts);
  const high = extreme(interval.high, loop, true, facts);
  return low && high ? { low, high, facts } : null;
}

function extreme(p: Poly, loop: LoopContext, upper: boolean, facts: Poly[]): Poly | null {
  let at = p;
  for (let round = 0; round < 8; round++) {
    const moving = atomsOf(at).filter((atom) => atom.counterOf !== loop.scope && atomVaries(atom, loop.scope, loop.stable));
    if (moving.length === 0) return at;
    // Innermost first: its bounds may name counters further out.
    const atom = moving.find((candidate) => candidate.counterOf !== null && candidate.low && candidate.high && !moving.some((other) => other !== candidate && mentionsAtom(other, candidate)));
    if (!atom) return null;
    const split = coefficientOf(at, atom);
    if (!split) return null;
    const positive = provablyAtLeast(split.factor, 0, []);
    const negative = !positive && provablyAtLeast(scale(split.factor, -1), 0, []);
    if (!positive && !negative) return null;
    const bound = positive === upper ? atom.high! : atom.low!;
    const product = multiply(split.factor, bound);
    if (!product) return null;
    facts.push(subtract(atom.high!, atom.low!));
    at = add(split.rest, product);
  }
  return null;
}

const mentionsAtom = (holder: Atom, atom: Atom): boolean =>
  [holder.low, holder.high].some((bound) => bound !== null && atomsOf(bound).some((each) => each.key === atom.key)) || holder.deps.some((dep) => dep.key === atom.key);

export { keyOf, makeAtom, type Loc };
