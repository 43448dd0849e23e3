/**
 * Running minima and maxima in an inner loop. A worker goes on from the value before the loop and sends the best of its iteration; the
 * parent compares those in order by the same comparison. That gives the same element as the loop: of equals the first one stays, and a
 * NaN, for which no comparison holds, is never taken by either.
 */
import type { Assign, Expr, If, NameExpr } from '../../ir/ir';
import type { Unit } from './units';

export interface Extreme {
  /** Variables that the worker starts from and sends back. */
  readonly names: readonly NameExpr[];
  /** The expressions that stand for new values in the statement, each with the variable whose new value replaces it in the parent. */
  readonly values: readonly { readonly expr: Expr; readonly of: NameExpr }[];
}

/** `best = max(best, e)`, or `if e < best: best = e; where = …`; null for other forms. */
export function extremeOf(unit: Unit): Extreme | null {
  if (unit.places.some((p) => !p.whole)) return null;
  if (unit.stmt.type === 'assign-stmt') return callForm(unit.stmt);
  return unit.stmt.type === 'if' ? compareForm(unit.stmt) : null;
}

/** Only with the variable first: of equals, `max` and `min` keep their first argument. */
function callForm(stmt: Assign): Extreme | null {
  const [target] = stmt.targets;
  const { value } = stmt;
  if (stmt.operator !== null || stmt.targets.length !== 1 || target!.type !== 'name' || value.type !== 'call' || value.callee.type !== 'name') return null;
  if (!['builtin/max', 'builtin/min'].includes(value.callee.variable) || value.args.length !== 2) return null;
  const [first, second] = value.args;
  if (first!.value.type !== 'name' || first!.value.variable !== target!.variable || second!.name || second!.spread) return null;
  return { names: [target!], values: [{ expr: second!.value, of: target! }] };
}

/** Strict comparisons only: with `<=` the last of equals would stay. */
function compareForm(stmt: If): Extreme | null {
  const { test } = stmt;
  if (stmt.else.length > 0 || test.type !== 'compare' || test.operators.length !== 1 || !['<', '>'].includes(test.operators[0]!)) return null;
  const assigned: { target: NameExpr; value: Expr }[] = [];
  for (const inner of stmt.then) {
    if (inner.type !== 'assign-stmt' || inner.operator !== null || inner.targets.length !== 1 || inner.targets[0]!.type !== 'name') return null;
    assigned.push({ target: inner.targets[0]!, value: inner.value });
  }
  for (const [best, candidate] of [test.operands, [...test.operands].reverse()] as [Expr, Expr][]) {
    if (best.type !== 'name') continue;
    const own = assigned.find((a) => a.target.variable === best.variable);
    if (!own || !sameName(own.value, candidate)) continue;
    if (assigned.filter((a) => a.target.variable === best.variable).length !== 1) return null;
    return {
      names: assigned.map((a) => a.target),
      values: [{ expr: candidate, of: own.target }, ...assigned.map((a) => ({ expr: a.value, of: a.target }))],
    };
  }
  return null;
}

function sameName(a: Expr, b: Expr): boolean {
  return a.type === 'name' && b.type === 'name' && a.variable === b.variable;
}
