/**
 * Complex numbers, as two floats each: the kernel has no type for them, and what CPython's `complexobject.c` does with the parts is
 * written out. Before 3.14 a real operand is made complex first (`z * 2.0` is `z * (2.0 + 0j)`), from 3.14 on it is not: that tells
 * zeros apart, so the person's version decides. Where 3.14 corrects a result of two NaNs (C11, Annex G), the iteration gives up.
 */
import type { Span } from '../../../ir/ir';
import type { Lowering } from './lowering';
import { float, libm, unary } from './make';
import type { KCompare, KExpr, KVar } from './model';
import { isArray, typeInWords } from './typing';

export interface Complex {
  readonly op: 'complex';
  readonly type: 'complex';
  readonly re: KExpr;
  readonly im: KExpr;
}

export type Value = KExpr | Complex;

interface Placed {
  readonly span: Span;
}

export function isComplex(value: Value): value is Complex {
  return value.op === 'complex';
}

/** @throws KernelRefusal on machines for which nothing tells how the interpreter's own arithmetic was compiled */
export function complex(l: Lowering, re: KExpr, im: KExpr, at: Placed): Complex {
  if (process.arch !== 'x64') l.refuse('a complex number is used, whose parts an interpreter for this processor may round once for two operations,', at);
  l.functions.noteForNumpy('complex numbers are calculated with, which numpy does by itself,', l.line(at));
  return { op: 'complex', type: 'complex', re, im };
}

/** Real operands stay real in arithmetic with complex ones. */
function staysReal(l: Lowering): boolean {
  const [major, minor] = l.site.options.target.split('.').map(Number);
  const newer = major! > 3 || minor! >= 14;
  l.functions.noteMixedComplex(newer);
  return newer;
}

/** `+`, `-`, `*` and `/` where one operand is complex at least. */
export function complexBinary(l: Lowering, operator: string, left: Value, right: Value, at: Placed): Complex {
  if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/') return l.refuse(`\`${operator}\` is applied to a complex number`, at, operator === '**' ? 'multiply' : undefined);
  const a = parts(l, left, at);
  const b = parts(l, right, at);
  const mixed = a.im === null || b.im === null;
  if (mixed && staysReal(l)) return mixedBinary(l, operator, a, b, at);
  const x: Parts = { re: a.re, im: a.im ?? float(0) };
  const y: Parts = { re: b.re, im: b.im ?? float(0) };
  if (operator === '/') return quotient(l, x, y, at);
  if (operator !== '*') return complex(l, plain(operator, x.re, y.re), plain(operator, x.im!, y.im!), at);
  const re = plain('-', plain('*', x.re, y.re), plain('*', x.im!, y.im!));
  const im = plain('+', plain('*', x.re, y.im!), plain('*', x.im!, y.re));
  const product = complex(l, re, im, at);
  const [, minor] = l.site.options.target.split('.').map(Number);
  return minor! >= 14 ? numbers(l, product, at) : product;
}

interface Parts {
  readonly re: KExpr;
  /** null: of a real number. */
  readonly im: KExpr | null;
}

/** The parts, ready to be used several times. */
function parts(l: Lowering, value: Value, at: Placed): Parts {
  if (isComplex(value)) return { re: simple(l, value.re, at), im: simple(l, value.im, at) };
  if (isArray(value.type)) l.refuse(`${typeInWords(value.type)} is calculated with`, at);
  const real: KExpr = value.type === 'float' ? value : { op: 'convert', type: 'float', how: 'float', operand: value.type === 'bool' ? { op: 'convert', type: 'int', how: 'int', operand: value, checked: false } : value, checked: false };
  return { re: simple(l, real, at), im: null };
}

function simple(l: Lowering, value: KExpr, at: Placed): KExpr {
  if (value.op === 'const' || value.op === 'var') return value;
  l.requireHoisting('arithmetic of complex numbers', at);
  return l.held(value, 'part');
}

/** From 3.14 on. */
function mixedBinary(l: Lowering, operator: '+' | '-' | '*' | '/', a: Parts, b: Parts, at: Placed): Complex {
  const [z, x] = a.im === null ? [b, a.re] : [a, b.re];
  const im = z.im!;
  if (operator === '+') return complex(l, plain('+', a.re, b.re), im, at);
  if (operator === '*') return complex(l, plain('*', a.re, b.re), plain('*', im, x), at);
  if (operator === '-') return complex(l, plain('-', a.re, b.re), a.im === null ? unary('-', im, l.scope.bounds) : im, at);
  if (a.im === null) return quotient(l, a, b, at);
  const over = (part: KExpr): KExpr => ({ op: 'divide', type: 'float', operator: '/', left: part, right: x, safe: false });
  return complex(l, over(z.re), over(im), at);
}

/** Smith's algorithm, as CPython has it: the larger part of the divisor divides. `a.im` null: it is a real number. */
function quotient(l: Lowering, a: Parts, b: Parts, at: Placed): Complex {
  l.requireHoisting('a division of complex numbers', at);
  const [ratio, denominator, re, im] = ['ratio', 'denominator', 're', 'im'].map((name) => l.scope.temporary(name, 'float')) as [KVar, KVar, KVar, KVar];
  const set = (to: KVar, value: KExpr): void => l.emit({ do: 'assign', name: to.name, value });
  const size = (part: KExpr): KExpr => ({ op: 'math', type: 'float', name: 'fabs', args: [part] });
  const test = (operator: KCompare['operator'], left: KExpr, right: KExpr): KExpr => ({ op: 'compare', type: 'bool', operator, left, right });
  const by = (left: KExpr, right: KExpr): KExpr => ({ op: 'divide', type: 'float', operator: '/', left, right, safe: false });
  const negative = unary('-', a.re, l.scope.bounds);
  const [bim, aim] = [b.im!, a.im];
  const realLarger = l.inBlock(() => {
    set(ratio, by(bim, b.re));
    set(denominator, plain('+', b.re, plain('*', bim, ratio)));
    set(re, by(aim ? plain('+', a.re, plain('*', aim, ratio)) : a.re, denominator));
    set(im, by(aim ? plain('-', aim, plain('*', a.re, ratio)) : plain('*', negative, ratio), denominator));
  });
  const imaginaryLarger = l.inBlock(() => {
    set(ratio, by(b.re, bim));
    set(denominator, plain('+', plain('*', b.re, ratio), bim));
    set(re, by(aim ? plain('+', plain('*', a.re, ratio), aim) : plain('*', a.re, ratio), denominator));
    set(im, by(aim ? plain('-', plain('*', aim, ratio), a.re) : negative, denominator));
  });
  l.emit({ do: 'if', test: test('>=', size(b.re), size(bim)), then: realLarger, otherwise: [{ do: 'if', test: test('>=', size(bim), size(b.re)), then: imaginaryLarger, otherwise: [{ do: 'give-up' }] }] });
  return numbers(l, complex(l, re, im, at), at);
}

/** Gives up where both parts are NaN. */
function numbers(l: Lowering, value: Complex, at: Placed): Complex {
  const re = simple(l, value.re, at);
  const im = simple(l, value.im, at);
  const isNan = (part: KExpr): KExpr => ({ op: 'math', type: 'bool', name: 'isnan', args: [part] });
  l.emit({ do: 'if', test: { op: 'logical', type: 'bool', operator: 'and', left: isNan(re), right: isNan(im) }, then: [{ do: 'give-up' }], otherwise: [] });
  return { ...value, re, im };
}

function plain(operator: '+' | '-' | '*', left: KExpr, right: KExpr): KExpr {
  return { op: 'arith', type: 'float', operator, left, right, checked: false };
}

export function complexUnary(l: Lowering, operator: string, value: Complex, at: Placed): Complex {
  if (operator === '+') return value;
  if (operator !== '-') l.refuse(`\`${operator}\` is applied to a complex number`, at);
  return complex(l, unary('-', value.re, l.scope.bounds), unary('-', value.im, l.scope.bounds), at);
}

/** `abs(z)`, for which CPython calls the C library. */
export function magnitude(value: Complex): KExpr {
  return libm('hypot', value.re, value.im);
}

/** `z == w`, `z != w`. */
export function complexCompare(l: Lowering, operator: string, left: Value, right: Value, at: Placed): KExpr {
  if (operator !== '==' && operator !== '!=') l.refuse(`\`${operator}\` is applied to a complex number`, at);
  const part = (value: Value, which: 're' | 'im'): KExpr => {
    if (isComplex(value)) return value[which];
    if (isArray(value.type)) l.refuse(`${typeInWords(value.type)} is compared with a complex number`, at);
    if (value.type !== 'float') l.refuse(`a complex number is compared with ${value.type === 'int' ? 'an int' : 'a bool'}`, at, 'compare it with a float');
    return which === 're' ? value : float(0);
  };
  const pair = (which: 're' | 'im'): KExpr => ({ op: 'compare', type: 'bool', operator, left: part(left, which), right: part(right, which) });
  return { op: 'logical', type: 'bool', operator: operator === '==' ? 'and' : 'or', left: pair('re'), right: pair('im') };
}
