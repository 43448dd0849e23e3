/**
 * Symbolic integers: polynomials over atoms, for subscripts, bounds and strides.
 *
 * An atom is a value that the analysis gives a name to: a loop's counter, a variable's value at some point, a load, an
 * operation that is not linear. Two atoms with one key are the same value. Polynomials rather than linear forms, because
 * flattened arrays (`a[n * i + j]`) need products of a counter with an invariant.
 */

/** A loop as far as invariance is concerned. */
export interface Scope {
  readonly id: number;
  readonly parent: Scope | null;
}

export interface Atom {
  readonly key: string;
  /** The innermost loop in which the value may change from iteration to iteration; null when it is fixed for the function's run. */
  readonly scope: Scope | null;
  /** For an operation or a load with symbolic subscripts: what it is computed from. */
  readonly deps: readonly Atom[];
  /** The loop of which it is the counter: distinct iterations have distinct values. */
  readonly counterOf: Scope | null;
  /** Inclusive bounds, of counters. */
  readonly low: Poly | null;
  readonly high: Poly | null;
  /** Distance between neighbouring values of a counter, positive or negative. 0 when not known. */
  readonly step: number;
  readonly nonNegative: boolean;
  /** Set for a value that was a parameter's or another variable's when the function was entered: what a caller substitutes. */
  readonly input: string | null;
  /** Set for loads: the place read, for callers to substitute and for invariance checks. */
  readonly load: unknown;
}

interface Term {
  readonly key: string;
  readonly coefficient: number;
  readonly atoms: readonly Atom[];
}

export interface Poly {
  readonly constant: number;
  /** Sorted by key, no zero coefficients. */
  readonly terms: readonly Term[];
}

export function makeAtom(key: string, scope: Scope | null, more: Partial<Atom> = {}): Atom {
  return {
    key,
    scope,
    deps: [],
    counterOf: null,
    low: null,
    high: null,
    step: 0,
    nonNegative: false,
    input: null,
    load: null,
    ...more,
  };
}

export const constant = (value: number): Poly => ({ constant: value, terms: [] });
export const ZERO = constant(0);
export const ONE = constant(1);

export const ofAtom = (atom: Atom): Poly => ({ constant: 0, terms: [{ key: atom.key, coefficient: 1, atoms: [atom] }] });

function build(constantPart: number, terms: Map<string, Term>): Poly {
  const kept = [...terms.values()].filter((term) => term.coefficient !== 0);
  kept.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { constant: constantPart, terms: kept };
}

export function add(a: Poly, b: Poly, factor = 1): Poly {
  if (b.terms.length === 0) return { constant: a.constant + factor * b.constant, terms: a.terms };
  const terms = new Map(a.terms.map((term) => [term.key, term]));
  for (const term of b.terms) {
    const old = terms.get(term.key);
    terms.set(term.key, { ...term, coefficient: (old?.coefficient ?? 0) + factor * term.coefficient });
  }
  return build(a.constant + factor * b.constant, terms);
}

export const subtract = (a: Poly, b: Poly): Poly => add(a, b, -1);

export function scale(a: Poly, factor: number): Poly {
  if (factor === 0) return ZERO;
  return { constant: a.constant * factor, terms: a.terms.map((term) => ({ ...term, coefficient: term.coefficient * factor })) };
}

const MAX_TERMS = 24;

/** Product; null when it would grow out of hand. */
export function multiply(a: Poly, b: Poly): Poly | null {
  if (isConstant(a)) return scale(b, a.constant);
  if (isConstant(b)) return scale(a, b.constant);
  if ((a.terms.length + 1) * (b.terms.length + 1) > MAX_TERMS) return null;
  const terms = new Map<string, Term>();
  let constantPart = 0;
  const put = (coefficient: number, atoms: readonly Atom[]) => {
    if (atoms.length === 0) {
      constantPart += coefficient;
      return;
    }
    const sorted = [...atoms].sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
    const key = sorted.map((atom) => atom.key).join('*');
    const old = terms.get(key);
    terms.set(key, { key, coefficient: (old?.coefficient ?? 0) + coefficient, atoms: sorted });
  };
  const parts = (p: Poly) => [{ coefficient: p.constant, atoms: [] as readonly Atom[] }, ...p.terms];
  for (const x of parts(a)) for (const y of parts(b)) if (x.coefficient * y.coefficient !== 0) put(x.coefficient * y.coefficient, [...x.atoms, ...y.atoms]);
  const product = build(constantPart, terms);
  return product.terms.some((term) => term.atoms.length > 4) ? null : product;
}

export const isConstant = (a: Poly): boolean => a.terms.length === 0;
export const isZero = (a: Poly): boolean => a.terms.length === 0 && a.constant === 0;

const keys = new WeakMap<Poly, string>();

export function keyOf(a: Poly): string {
  let key = keys.get(a);
  if (key === undefined) {
    key = a.terms.map((term) => `${term.coefficient}·${term.key}`).join('+') + `+${a.constant}`;
    keys.set(a, key);
  }
  return key;
}

export const equal = (a: Poly, b: Poly): boolean => a === b || keyOf(a) === keyOf(b);

export function atomsOf(a: Poly): readonly Atom[] {
  const seen = new Map<string, Atom>();
  for (const term of a.terms) for (const atom of term.atoms) seen.set(atom.key, atom);
  return [...seen.values()];
}

/** Whether `scope` is `loop` or lies inside it. */
export function isWithin(scope: Scope | null, loop: Scope): boolean {
  for (let at = scope; at; at = at.parent) if (at === loop) return true;
  return false;
}

/** Whether the value may differ between two iterations of the loop. */
export function atomVaries(atom: Atom, loop: Scope, stable?: (atom: Atom) => boolean): boolean {
  if (isWithin(atom.scope, loop)) return true;
  if (atom.load && stable && !stable(atom)) return true;
  return atom.deps.some((dep) => atomVaries(dep, loop, stable));
}

export function varies(a: Poly, loop: Scope, stable?: (atom: Atom) => boolean): boolean {
  return a.terms.some((term) => term.atoms.some((atom) => atomVaries(atom, loop, stable)));
}

/** Replaces atoms by polynomials; `null` from the map for "cannot be expressed" makes the whole null. */
export function substitute(a: Poly, map: (atom: Atom) => Poly | null): Poly | null {
  let sum: Poly = constant(a.constant);
  for (const term of a.terms) {
    let product: Poly | null = constant(term.coefficient);
    for (const atom of term.atoms) {
      const by = map(atom);
      product = by && product ? multiply(product, by) : null;
      if (!product) return null;
    }
    sum = add(sum, product);
  }
  return sum;
}

/** The part of `a` that is a multiple of `atom`, divided by it, and the rest; null when it occurs in a higher power. */
export function coefficientOf(a: Poly, atom: Atom): { readonly factor: Poly; readonly rest: Poly } | null {
  let factor: Poly = ZERO;
  const rest: Term[] = [];
  for (const term of a.terms) {
    const count = term.atoms.filter((x) => x.key === atom.key).length;
    if (count > 1) return null;
    if (count === 0) {
      rest.push(term);
      continue;
    }
    const others = term.atoms.filter((x) => x.key !== atom.key);
    factor = add(
      factor,
      others.length === 0
        ? constant(term.coefficient)
        : { constant: 0, terms: [{ key: others.map((x) => x.key).join('*'), coefficient: term.coefficient, atoms: others }] },
    );
  }
  return { factor, rest: { constant: a.constant, terms: rest } };
}

const MAX_FACTS = 12;

/**
 * Whether `a >= least` can be proven, given polynomials known to be non-negative.
 * Sound, not complete: looks for a combination in which every remaining term is a product of non-negative atoms.
 */
export function provablyAtLeast(a: Poly, least: number, facts: readonly Poly[]): boolean {
  const goal = add(a, constant(-least));
  return search(goal, facts.slice(0, MAX_FACTS), 3);
}

function plainlyNonNegative(a: Poly): boolean {
  return a.constant >= 0 && a.terms.every((term) => term.coefficient > 0 && term.atoms.every((atom) => atom.nonNegative || lowIsNonNegative(atom)));
}

function lowIsNonNegative(atom: Atom): boolean {
  return atom.low !== null && isConstant(atom.low) && atom.low.constant >= 0;
}

function search(goal: Poly, facts: readonly Poly[], depth: number): boolean {
  if (plainlyNonNegative(goal)) return true;
  if (depth === 0) return false;
  const negative = goal.terms.filter((term) => term.coefficient < 0 || !term.atoms.every((atom) => atom.nonNegative || lowIsNonNegative(atom)));
  for (const fact of facts) {
    // A fact helps when subtracting it removes or weakens a term that stands in the way.
    const useful = negative.length === 0 ? fact.constant < 0 : negative.some((term) => fact.terms.some((f) => f.key === term.key && Math.sign(f.coefficient) === Math.sign(term.coefficient)));
    if (!useful) continue;
    const ratio = negative.length === 0 ? 1 : ratioFor(negative, fact);
    if (ratio > 0 && search(add(goal, fact, -ratio), facts, depth - 1)) return true;
  }
  return false;
}

function ratioFor(negative: readonly Term[], fact: Poly): number {
  for (const term of negative) {
    const f = fact.terms.find((x) => x.key === term.key);
    if (f && f.coefficient !== 0) return term.coefficient / f.coefficient;
  }
  return 0;
}
