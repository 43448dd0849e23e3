/** Sums of products of names, with whole coefficients: `(y * width + x) * 4 + 1`. */

/** Coefficient by product of names, these sorted and joined by `*`; the constant under the empty string. */
export type Polynomial = ReadonlyMap<string, number>;

const SEPARATOR = '*';

export function constant(value: number): Polynomial {
  return value === 0 ? new Map() : new Map([['', value]]);
}

export function symbol(name: string): Polynomial {
  return new Map([[name, 1]]);
}

export function add(a: Polynomial, b: Polynomial, factor = 1): Polynomial {
  const sum = new Map(a);
  for (const [product, coefficient] of b) {
    const total = (sum.get(product) ?? 0) + factor * coefficient;
    if (total === 0) sum.delete(product);
    else sum.set(product, total);
  }
  return sum;
}

export function multiply(a: Polynomial, b: Polynomial): Polynomial {
  let sum: Polynomial = new Map();
  for (const [p, m] of a) {
    for (const [q, n] of b) {
      const names = [...namesOf(p), ...namesOf(q)].sort();
      sum = add(sum, new Map([[names.join(SEPARATOR), m * n]]));
    }
  }
  return sum;
}

export function namesOf(product: string): string[] {
  return product === '' ? [] : product.split(SEPARATOR);
}

/** The polynomial as `name · factor + rest`; null when the name occurs squared. */
export function split(polynomial: Polynomial, name: string): { readonly factor: Polynomial; readonly rest: Polynomial } | null {
  const factor = new Map<string, number>();
  const rest = new Map<string, number>();
  for (const [product, coefficient] of polynomial) {
    const names = namesOf(product);
    const count = names.filter((n) => n === name).length;
    if (count > 1) return null;
    if (count === 0) rest.set(product, coefficient);
    else {
      names.splice(names.indexOf(name), 1);
      factor.set(names.join(SEPARATOR), coefficient);
    }
  }
  return { factor, rest };
}

export function equal(a: Polynomial, b: Polynomial): boolean {
  return add(a, b, -1).size === 0;
}

/** At least zero whenever its names are. */
export function isNatural(polynomial: Polynomial): boolean {
  return [...polynomial.values()].every((c) => c >= 0);
}

/** As code; null for zero. A factor in front of it needs no parentheses when it is one product. */
export function asCode(polynomial: Polynomial): { readonly text: string; readonly isProduct: boolean } | null {
  const terms = [...polynomial].map(([product, coefficient]) => [...namesOf(product), ...(coefficient === 1 && product !== '' ? [] : [String(coefficient)])].join(' * '));
  return terms.length === 0 ? null : { text: terms.join(' + '), isProduct: terms.length === 1 };
}
