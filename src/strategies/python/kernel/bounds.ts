/** Interval arithmetic on integers, to tell which operations cannot leave 64 bits. */
import type { Bounds, KExpr } from './model';

export const MIN_INT = -(2n ** 63n);
export const MAX_INT = 2n ** 63n - 1n;
/** No list is longer: its pointers alone would fill the address space. */
const MAX_LENGTH = 2n ** 58n;
/** Integers up to here are floats exactly. */
export const MAX_EXACT = 2n ** 53n;

export const ANY: Bounds = { low: MIN_INT, high: MAX_INT };
export const LENGTH: Bounds = { low: 0n, high: MAX_LENGTH };

export function fits({ low, high }: Bounds): boolean {
  return low >= MIN_INT && high <= MAX_INT;
}

export function isExact({ low, high }: Bounds): boolean {
  return low >= -MAX_EXACT && high <= MAX_EXACT;
}

/** The exact bounds of `left operator right`, which may leave 64 bits. */
export function combine(operator: '+' | '-' | '*', left: Bounds, right: Bounds): Bounds {
  if (operator === '+') return { low: left.low + right.low, high: left.high + right.high };
  if (operator === '-') return { low: left.low - right.high, high: left.high - right.low };
  return hull([left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high]);
}

/** The part of the bounds that a result lies in once it did not give up. */
export function clamp({ low, high }: Bounds): Bounds {
  return { low: low < MIN_INT ? MIN_INT : low, high: high > MAX_INT ? MAX_INT : high };
}

/** Where an integer expression lies, given those of the variables that are known. */
export function boundsOf(expr: KExpr, known: ReadonlyMap<string, Bounds>): Bounds {
  const of = (e: KExpr): Bounds => boundsOf(e, known);
  switch (expr.op) {
    case 'const':
      return typeof expr.value === 'bigint' ? { low: expr.value, high: expr.value } : ANY;
    case 'var':
      return known.get(expr.name) ?? ANY;
    case 'length':
      return LENGTH;
    case 'arith':
      return clamp(combine(expr.operator, of(expr.left), of(expr.right)));
    case 'divide':
      return divided(expr.operator, of(expr.left), of(expr.right));
    case 'unary':
      return expr.operator === 'abs' ? absolute(of(expr.operand)) : expr.operator === '-' ? clamp(combine('-', { low: 0n, high: 0n }, of(expr.operand))) : ANY;
    case 'convert':
      return expr.how === 'int' ? { low: 0n, high: 1n } : ANY;
    case 'choose':
      return union(of(expr.then), of(expr.otherwise));
    case 'extreme':
      return extreme(expr.which, of(expr.left), of(expr.right));
    case 'bits':
      return masked(expr.operator, of(expr.left), of(expr.right));
    case 'range-length':
      return { low: 0n, high: MAX_INT };
    default:
      return ANY;
  }
}

function divided(operator: '/' | '//' | '%', left: Bounds, right: Bounds): Bounds {
  // Only for a positive divisor: the others are rare.
  if (right.low < 1n) return ANY;
  if (operator === '%') return { low: 0n, high: left.low >= 0n && left.high < right.high ? left.high : right.high - 1n };
  return hull([floorDiv(left.low, right.low), floorDiv(left.low, right.high), floorDiv(left.high, right.low), floorDiv(left.high, right.high)]);
}

function floorDiv(a: bigint, b: bigint): bigint {
  const q = a / b;
  return q * b > a ? q - 1n : q;
}

function absolute({ low, high }: Bounds): Bounds {
  if (low >= 0n) return { low, high };
  return clamp({ low: 0n, high: -low > high ? -low : high });
}

function extreme(which: 'min' | 'max', left: Bounds, right: Bounds): Bounds {
  const pick = (a: bigint, b: bigint): bigint => (which === 'min' ? (a < b ? a : b) : a > b ? a : b);
  return { low: pick(left.low, right.low), high: pick(left.high, right.high) };
}

function masked(operator: '&' | '|' | '^' | '<<' | '>>', left: Bounds, right: Bounds): Bounds {
  if (operator === '&' && right.low >= 0n) return { low: 0n, high: right.high };
  if (operator === '&' && left.low >= 0n) return { low: 0n, high: left.high };
  if (operator === '>>' && left.low >= 0n) return { low: 0n, high: left.high };
  return ANY;
}

export function union(a: Bounds, b: Bounds): Bounds {
  return hull([a.low, a.high, b.low, b.high]);
}

function hull(values: readonly bigint[]): Bounds {
  return { low: values.reduce((a, b) => (a < b ? a : b)), high: values.reduce((a, b) => (a > b ? a : b)) };
}
