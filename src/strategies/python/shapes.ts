/** Questions about the form of single statements. */
import type { Assign, Attribute, Expr, Index, NameExpr, Stmt } from '../../ir/ir';
import { applyEdits } from '../../edit/edit';
import { baseName } from './deep';
import { isAvailable, type Surroundings } from './operands';
import type { Site } from './site';
import type { Unit } from './units';

/** `row = grid[y]`: one name for a part of an object. */
export function aliasOf(stmt: Stmt): NameExpr | null {
  if (stmt.type !== 'assign-stmt' || stmt.operator !== null || stmt.targets.length !== 1) return null;
  const target = stmt.targets[0]!;
  if (target.type !== 'name' || (stmt.value.type !== 'index' && stmt.value.type !== 'attribute')) return null;
  return baseName(stmt.value) ? target : null;
}

/** A part of an object that the parent can reach in the same way. */
export function isAvailablePart(expr: Expr, available: (name: NameExpr) => boolean): boolean {
  if (expr.type === 'attribute') return isAvailablePart(expr.object, available);
  if (expr.type === 'index') return isAvailablePart(expr.object, available) && isAvailablePart(expr.index, available);
  if (expr.type === 'binary') return isAvailablePart(expr.left, available) && isAvailablePart(expr.right, available);
  return expr.type === 'const' || (expr.type === 'name' && available(expr));
}

/** The one element or field that the assignment sets. */
export function targetOf(stmt: Assign): Index | Attribute | null {
  const target = stmt.targets[0]!;
  return target.type === 'index' || target.type === 'attribute' ? target : null;
}

/** The appended value is sent as it is: no part of it is an object that the parent holds itself. */
export function sendsWhole(stmt: Stmt, around: Surroundings): boolean {
  if (stmt.type !== 'expr' || stmt.value.type !== 'call' || stmt.value.callee.type !== 'attribute') return false;
  const whole = (value: Expr): boolean => {
    if (value.type === 'name') return !around.available(value) || around.plain(value);
    if (value.type === 'collection') return value.items.every(whole);
    return value.type !== 'index' || !isAvailable(value, around);
  };
  return stmt.value.args.every(({ value }) => whole(value));
}

/** The statement's text with its operands blanked out: two statements of one shape can share one replay. */
export function shapeOf(site: Site, unit: Unit): string {
  const edits = unit.operands.flatMap((o, i) => [o, ...o.again].map((at) => ({ start: at.start - unit.start, end: at.end - unit.start, text: `\0${i}` })));
  return applyEdits(site.text.slice(unit.start, unit.end), edits).replace(/\s+/g, ' ');
}
