/** Makes nodes with the checks that they need, and no others. */
import { ANY, MAX_INT, MIN_INT, boundsOf, combine, fits, isExact } from './bounds';
import type { Bounds, KCompare, KConst, KConvert, KExpr, MathFunction } from './model';

type Known = ReadonlyMap<string, Bounds>;

export function int(value: bigint | number): KConst {
  return { op: 'const', type: 'int', value: BigInt(value) };
}

export function float(value: number): KConst {
  return { op: 'const', type: 'float', value };
}

export function bool(value: boolean): KConst {
  return { op: 'const', type: 'bool', value };
}

export function arith(operator: '+' | '-' | '*', left: KExpr, right: KExpr, known: Known): KExpr {
  if (left.type === 'float') return { op: 'arith', type: 'float', operator, left, right, checked: false };
  const checked = !fits(combine(operator, boundsOf(left, known), boundsOf(right, known)));
  return { op: 'arith', type: 'int', operator, left, right, checked };
}

export function divide(operator: '/' | '//' | '%', left: KExpr, right: KExpr, known: Known): KExpr {
  if (left.type === 'float') {
    const safe = right.op === 'const' && right.value !== 0;
    return { op: 'divide', type: 'float', operator, left, right, safe };
  }
  const by = boundsOf(right, known);
  const safe = by.low > 0n || by.high < -1n || (by.high < 0n && boundsOf(left, known).low > MIN_INT);
  return { op: 'divide', type: 'int', operator, left, right, safe };
}

/** `-x`, `abs(x)`. A negated literal is one. */
export function unary(operator: '-' | '~' | 'abs', operand: KExpr, known: Known): KExpr {
  if (operand.op === 'const' && operator === '-') {
    if (typeof operand.value === 'number') return float(-operand.value);
    if (typeof operand.value === 'bigint' && -operand.value <= MAX_INT) return int(-operand.value);
  }
  if (operand.type === 'float') return operator === 'abs' ? { op: 'math', type: 'float', name: 'fabs', args: [operand] } : { op: 'unary', type: 'float', operator, operand, checked: false };
  return { op: 'unary', type: 'int', operator, operand, checked: operator !== '~' && boundsOf(operand, known).low === MIN_INT };
}

export function compare(operator: KCompare['operator'], left: KExpr, right: KExpr): KExpr {
  return { op: 'compare', type: 'bool', operator, left, right };
}

export function convert(how: KConvert['how'], operand: KExpr, known: Known): KExpr {
  if (operand.op === 'const' && typeof operand.value === 'bigint' && how === 'float') return float(Number(operand.value));
  if (operand.op === 'const' && typeof operand.value === 'bigint' && how === 'exact-float' && isExact({ low: operand.value, high: operand.value })) return float(Number(operand.value));
  if (operand.op === 'const' && typeof operand.value === 'boolean' && how === 'int') return int(operand.value ? 1 : 0);
  const type = how === 'float' || how === 'exact-float' ? 'float' : how === 'truth' ? 'bool' : 'int';
  const checked = how === 'exact-float' ? !isExact(boundsOf(operand, known)) : ['trunc', 'floor', 'ceil', 'round'].includes(how);
  return { op: 'convert', type, how: how === 'exact-float' && !checked ? 'float' : how, operand, checked };
}

export function choose(test: KExpr, then: KExpr, otherwise: KExpr): KExpr {
  return { op: 'choose', type: then.type as 'int' | 'float' | 'bool', test, then, otherwise };
}

export function libm(name: MathFunction, ...args: readonly KExpr[]): KExpr {
  return { op: 'math', type: 'float', name, args };
}

/** Whether an index needs to be counted from the end, and whether it needs to be checked. */
export function indexing(array: KExpr, index: KExpr, known: Known, within: ReadonlyMap<string, string>): { wraps: boolean; checked: boolean } {
  const inside = index.op === 'var' && array.op === 'var' && within.get(index.name) === array.name;
  return { wraps: boundsOf(index, known).low < 0n, checked: !inside };
}

/** The values that a counter of `range(start, stop, step)` takes. */
export function counterBounds(start: Bounds, stop: Bounds, step: 1 | -1): Bounds {
  const bounds = step === 1 ? { low: start.low, high: stop.high - 1n } : { low: stop.low + 1n, high: start.high };
  const { low, high } = bounds;
  return low > high ? ANY : { low: low < MIN_INT ? MIN_INT : low, high: high > MAX_INT ? MAX_INT : high };
}
