/** Names of Python's library that kernels know: which name of the program stands for which. */
import type { Attribute, Expr, NameExpr } from '../../../ir/ir';
import { variableOf } from '../site';
import type { Lowering } from './lowering';
import { float } from './make';
import type { KExpr } from './model';

/** `math.sqrt` for `sqrt` of `from math import sqrt`; null for what is not imported. */
export function importedFrom(l: Lowering, expr: NameExpr): string | null {
  const source = variableOf(l.site.module, expr.variable)?.import;
  if (!source || source.level) return null;
  return source.name === null ? source.module : `${source.module}.${source.name}`;
}

/** The dotted name of what is called: `len`, `math.sqrt`; null when it is no builtin and not imported. */
export function dotted(l: Lowering, expr: Expr): string | null {
  if (expr.type === 'name') return expr.variable.startsWith('builtin/') ? expr.name : importedFrom(l, expr);
  if (expr.type !== 'attribute') return null;
  const object = expr.object.type === 'name' && expr.object.variable.startsWith('builtin/') ? null : dotted(l, expr.object);
  return object === null ? null : `${object}.${expr.name}`;
}

export function mathConstant(l: Lowering, expr: Attribute): number | null {
  return MATH_CONSTANTS[dotted(l, expr) ?? ''] ?? null;
}

/** A name that stands for a constant of a module: `from math import pi`. */
export function importedConstant(l: Lowering, expr: NameExpr): KExpr | null {
  const from = importedFrom(l, expr);
  const value = from ? MATH_CONSTANTS[from] : undefined;
  return value === undefined ? null : float(value);
}

const MATH_CONSTANTS: Readonly<Record<string, number>> = {
  'math.pi': Math.PI,
  'math.e': Math.E,
  'math.tau': 2 * Math.PI,
  'math.inf': Infinity,
  'math.nan': NaN,
};
