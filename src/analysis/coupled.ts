/**
 * Dependence equations of several dimensions at once, with the bounds of all counters, over the rationals: Fourier–Motzkin
 * elimination, the real part of the Omega test (Pugh 1991). Products of symbols count as variables of their own.
 */
import type { LoopContext } from './dependence';
import type { Subscript } from './domain';
import { atomsOf, atomVaries, constant, makeAtom, multiply, ofAtom, scale, substitute, subtract, type Atom, type Poly } from './symbolic';

const MAX_CONSTRAINTS = 90;
const MAX_ATOMS = 14;

/** One constraint: the polynomial is not negative. */
type Row = Map<string, number>;
const ONE = '';

export interface Dimension {
  readonly a: Subscript;
  readonly b: Subscript;
}

/** Whether no two different iterations can touch the same element. */
export function coupledApart(dimensions: readonly Dimension[], loop: LoopContext): boolean {
  const counter = findCounter(dimensions, loop);
  if (!counter || (counter.step === 0 && !loop.python)) return false;
  const first: Poly[] = [];
  const primed = new Map<string, Atom>();
  let slices = 0;
  const position = (index: Subscript, prime: boolean): Poly | null => {
    if (index.kind === 'number') return prime ? primePoly(index.value, loop, primed) : index.value;
    if (index.kind !== 'range') return null;
    const at = ofAtom(makeAtom(`slice${slices++}`, null));
    const low = index.low ?? constant(0);
    first.push(subtract(at, prime ? primePoly(low, loop, primed) : low));
    if (index.high) first.push(subtract(subtract(prime ? primePoly(index.high, loop, primed) : index.high, constant(1)), at));
    return at;
  };
  const equations: Poly[] = [];
  for (const { a, b } of dimensions) {
    const left = position(a, false);
    const right = position(b, true);
    if (left && right) equations.push(subtract(left, right));
  }
  if (equations.length === 0) return false;
  const atoms = new Map<string, Atom>();
  const gather = (p: Poly): void => {
    for (const atom of atomsOf(p)) {
      if (atoms.has(atom.key) || atoms.size > MAX_ATOMS) continue;
      atoms.set(atom.key, atom);
      if (atom.low) gather(atom.low);
      if (atom.high) gather(atom.high);
    }
  };
  for (const p of [...equations, ...first]) gather(p);
  gather(ofAtom(counter));
  gather(primePoly(ofAtom(counter), loop, primed));
  if (atoms.size > MAX_ATOMS) return false;
  const bounds = [...first];
  for (const atom of atoms.values()) {
    if (atom.low) bounds.push(subtract(ofAtom(atom), atom.low));
    if (atom.high) bounds.push(subtract(atom.high, ofAtom(atom)));
    if (atom.nonNegative) bounds.push(ofAtom(atom));
  }
  const step = Math.abs(counter.step) || 1;
  const distance = subtract(primePoly(ofAtom(counter), loop, primed), ofAtom(counter));
  const later = subtract(distance, constant(step));
  const earlier = subtract(scale(distance, -1), constant(step));
  return [later, earlier].every((order) => infeasible([...bounds, order, ...products(bounds, order)], equations));
}

/** Products of the order with what is known not to be negative, for strides that are symbols. */
function products(bounds: readonly Poly[], order: Poly): Poly[] {
  const found: Poly[] = [];
  for (const bound of bounds.slice(0, 6)) {
    if (bound.terms.length > 2) continue;
    const product = multiply(bound, order);
    if (product) found.push(product);
  }
  return found;
}

function findCounter(dimensions: readonly Dimension[], loop: LoopContext): Atom | null {
  const visit = (p: Poly | null, seen: Set<string>): Atom | null => {
    for (const atom of p ? atomsOf(p) : []) {
      if (seen.has(atom.key)) continue;
      seen.add(atom.key);
      if (atom.counterOf === loop.scope) return atom;
      const inner = visit(atom.low, seen) ?? visit(atom.high, seen);
      if (inner) return inner;
    }
    return null;
  };
  for (const { a, b } of dimensions) {
    for (const index of [a, b]) {
      const found = index.kind === 'number' ? visit(index.value, new Set()) : index.kind === 'range' ? (visit(index.low, new Set()) ?? visit(index.high, new Set())) : null;
      if (found) return found;
    }
  }
  return null;
}

/** The same polynomial in another iteration: what varies gets another name. */
function primePoly(p: Poly, loop: LoopContext, primed: Map<string, Atom>): Poly {
  return (
    substitute(p, (atom) => {
      if (!atomVaries(atom, loop.scope, loop.stable)) return ofAtom(atom);
      let other = primed.get(atom.key);
      if (!other) {
        other = { ...atom, key: `${atom.key}'`, deps: [], low: null, high: null };
        primed.set(atom.key, other);
        const low = atom.low ? primePoly(atom.low, loop, primed) : null;
        const high = atom.high ? primePoly(atom.high, loop, primed) : null;
        other = { ...other, low, high };
        primed.set(atom.key, other);
      }
      return ofAtom(other);
    }) ?? p
  );
}

function rowOf(p: Poly): Row {
  const row: Row = new Map([[ONE, p.constant]]);
  for (const term of p.terms) row.set(term.key, term.coefficient);
  return row;
}

/** Whether the constraints have no solution. */
function infeasible(inequalities: readonly Poly[], equations: readonly Poly[]): boolean {
  let rows = inequalities.map(rowOf);
  for (const equation of equations) {
    rows.push(rowOf(equation), rowOf(scale(equation, -1)));
  }
  for (;;) {
    if (rows.some((row) => row.size === 1 && row.get(ONE)! < -1e-9)) return true;
    const signs = new Map<string, [number, number]>();
    for (const row of rows) {
      for (const [name, value] of row) {
        if (name === ONE) continue;
        const count = signs.get(name) ?? [0, 0];
        count[value > 0 ? 0 : 1]++;
        signs.set(name, count);
      }
    }
    if (signs.size === 0) return false;
    // The variable that makes the fewest new rows.
    let best = '';
    let cost = Infinity;
    for (const [name, [positive, negative]] of signs) {
      if (positive * negative - positive - negative < cost) {
        cost = positive * negative - positive - negative;
        best = name;
      }
    }
    const rest: Row[] = [];
    const up: Row[] = [];
    const down: Row[] = [];
    for (const row of rows) {
      const value = row.get(best) ?? 0;
      (value > 0 ? up : value < 0 ? down : rest).push(row);
    }
    for (const a of up) {
      for (const b of down) {
        const combined = combine(a, b, best);
        if (combined) rest.push(combined);
        if (rest.length > MAX_CONSTRAINTS) return false;
      }
    }
    rows = unique(rest);
  }
}

function combine(a: Row, b: Row, name: string): Row | null {
  const x = a.get(name)!;
  const y = -b.get(name)!;
  const row: Row = new Map();
  for (const [key, value] of a) row.set(key, value * y);
  for (const [key, value] of b) row.set(key, (row.get(key) ?? 0) + value * x);
  row.delete(name);
  for (const [key, value] of row) if (key !== ONE && Math.abs(value) < 1e-9) row.delete(key);
  if (!row.has(ONE)) row.set(ONE, 0);
  // Trivially true.
  return row.size === 1 && row.get(ONE)! >= -1e-9 ? null : row;
}

function unique(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const size = Math.max(...[...row.values()].map(Math.abs)) || 1;
    const key = [...row.entries()].filter(([name]) => name !== ONE).map(([name, value]) => `${name}:${(value / size).toFixed(9)}`).sort().join(';');
    const known = seen.get(key);
    if (!known || known.get(ONE)! / Math.max(...[...known.values()].map(Math.abs)) > row.get(ONE)! / size) seen.set(key, row);
  }
  return [...seen.values()];
}
