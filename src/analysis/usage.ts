/** What the rest of a function says about the kind of a value: who computes with a name takes it for a number. */
import type { Expr, FunctionIR, ModuleIR } from '../ir/ir';
import { walkFunction } from '../ir/walk';

const ARITHMETIC = new Set(['-', '*', '/', '%', '**', '<<', '>>', '>>>', '&', '|', '^']);
const ORDER = new Set(['<', '<=', '>', '>=']);

const known = new WeakMap<FunctionIR, ReadonlySet<string>>();

/** Whether the expression, a name or a path of fields, is computed with or ordered somewhere in the function or those around it. */
export function usedAsNumber(fn: FunctionIR, module: ModuleIR, expr: Expr): boolean {
  const path = pathOf(expr);
  if (path === null) return false;
  for (let at: FunctionIR | undefined = fn; at; at = at.parent === null ? undefined : module.functions.get(at.parent)) if (numbersOf(at).has(path)) return true;
  return false;
}

function numbersOf(fn: FunctionIR): ReadonlySet<string> {
  let found = known.get(fn);
  if (!found) {
    const paths = new Set<string>();
    const put = (expr: Expr): void => {
      const path = pathOf(expr);
      if (path !== null) paths.add(path);
    };
    walkFunction(fn, {
      expr(expr) {
        if (expr.type === 'binary' && ARITHMETIC.has(expr.operator)) {
          put(expr.left);
          put(expr.right);
        } else if (expr.type === 'binary' && expr.operator === '+' && [expr.left, expr.right].some((side) => side.type === 'const' && typeof side.value === 'number')) {
          put(expr.left);
          put(expr.right);
        } else if (expr.type === 'compare' && expr.operators.every((operator) => ORDER.has(operator))) expr.operands.forEach(put);
        else if (expr.type === 'unary' && (expr.operator === '-' || expr.operator === '~')) put(expr.operand);
        else if (expr.type === 'call' && expr.callee.type === 'attribute' && expr.callee.object.type === 'name' && expr.callee.object.variable === 'builtin/Math') expr.args.forEach((argument) => put(argument.value));
      },
    });
    found = paths;
    known.set(fn, paths);
  }
  return found;
}

function pathOf(expr: Expr): string | null {
  if (expr.type === 'name') return expr.variable;
  if (expr.type === 'this') return expr.kind;
  if (expr.type !== 'attribute') return null;
  const object = pathOf(expr.object);
  return object === null ? null : `${object}.${expr.name}`;
}
