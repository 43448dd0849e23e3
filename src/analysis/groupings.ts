/**
 * Recognises groupings that take several statements:
 * `const g = m.get(k); if (g) g.push(x); else m.set(k, [x]);` and
 * `let g = m.get(k); if (!g) { g = []; m.set(k, g); } g.push(x);`.
 */
import type { Call, Expr, NameExpr, Stmt } from '../ir/ir';
import { walkExpr } from '../ir/walk';
import type { Machine } from './machine';
import type { Tag } from './updates';
import { anyMention, mentions, sameExpr } from './updates';

export interface Grouping {
  /** Statements that it takes, the first one included. */
  readonly length: number;
  readonly tag: Tag;
}

interface Asked {
  readonly name: NameExpr;
  readonly get: MethodCall;
  readonly container: Expr;
  readonly key: Expr;
}

type MethodCall = Call & { readonly callee: Expr & { readonly type: 'attribute' } };

/** The grouping that begins with a statement of a block. */
export function groupingAt(m: Machine, stmts: readonly Stmt[], at: number): Grouping | null {
  const asked = askedBy(stmts[at]!);
  const choice = stmts[at + 1];
  if (!asked || choice?.type !== 'if') return null;
  const absent = absenceOf(choice.test, asked.name);
  if (absent === null) return null;
  const missing = absent ? choice.then : choice.else;
  const there = absent ? choice.else : choice.then;
  const update = { operation: 'grouping' as const, node: choice, statement: null, type: null, targetType: null };
  // Whether there was one already is what earlier iterations left: nothing else may see it.
  const hidden = (length: number): boolean => m.analyzer.variable(m.module, asked.name.variable)?.captured === false && !anyMention(stmts.slice(at + length), asked.name);
  const make = (length: number, set: Expr, grown: Expr): Grouping | null => hidden(length) ? { length, tag: { update, matches: (node) => node === asked.get || node === set || node === grown } } : null;
  if (missing.length === 1 && there.length === 1) {
    const set = setOf(missing[0]!, asked);
    const grown = grownBy(there[0]!, asked);
    return set && grown && isMade(set.args[1]!.value, asked) ? make(2, set, grown) : null;
  }
  const next = stmts[at + 2];
  if (there.length > 0 || missing.length !== 2 || !next) return null;
  const grown = grownBy(next, asked);
  const set = missing.map((stmt) => setOf(stmt, asked)).find((call) => call !== null) ?? null;
  const made = missing.some((stmt) => stmt.type === 'expr' && stmt.value.type === 'assign' && stmt.value.operator === null && sameExpr(stmt.value.target, asked.name) && isMade(stmt.value.value, asked));
  const assigned = missing.some((stmt) => stmt.type === 'assign-stmt' && stmt.operator === null && stmt.targets.length === 1 && sameExpr(stmt.targets[0]!, asked.name) && isMade(stmt.value, asked));
  // Made first, then put under the key.
  return grown && set && (made || assigned) && setOf(missing[1]!, asked) === set && sameExpr(set.args[1]!.value, asked.name) ? make(3, set, grown) : null;
}

const methodCall = (expr: Expr, names: readonly string[]): MethodCall | null =>
  expr.type === 'call' && expr.callee.type === 'attribute' && names.includes(expr.callee.name) && !expr.args.some((argument) => argument.spread || argument.name) ? (expr as MethodCall) : null;

/** `g = m.get(k)` */
function askedBy(stmt: Stmt): Asked | null {
  if (stmt.type !== 'assign-stmt' || stmt.operator !== null || stmt.targets.length !== 1 || stmt.targets[0]!.type !== 'name') return null;
  if (stmt.declares !== 'const' && stmt.declares !== 'let') return null;
  const get = methodCall(stmt.value, ['get']);
  if (!get || get.args.length !== 1) return null;
  const [name, container, key] = [stmt.targets[0]!, get.callee.object, get.args[0]!.value];
  return isSteady(container) && isSteady(key) && !mentions(key, name) && !mentions(container, name) ? { name, get, container, key } : null;
}

/** Gives the same again when it is evaluated a second time. */
function isSteady(expr: Expr): boolean {
  let steady = true;
  walkExpr(expr, {
    expr(inner) {
      if (['call', 'assign', 'update', 'await', 'yield', 'function', 'class', 'opaque', 'collection', 'mapping'].includes(inner.type)) steady = false;
      return steady;
    },
  });
  return steady;
}

/** True where the test asks whether there is none, false where it asks whether there is one. */
function absenceOf(test: Expr, name: NameExpr): boolean | null {
  if (sameExpr(test, name)) return false;
  if (test.type === 'unary' && (test.operator === '!' || test.operator === 'not')) return sameExpr(test.operand, name) ? true : null;
  if (test.type !== 'compare' || test.operators.length !== 1 || !sameExpr(test.operands[0]!, name)) return null;
  const other = test.operands[1]!;
  const unset = (other.type === 'const' && (other.kind === 'undefined' || other.kind === 'none')) || (other.type === 'name' && other.variable === 'builtin/undefined');
  if (!unset) return null;
  return ['===', '==', 'is'].includes(test.operators[0]!) ? true : ['!==', '!=', 'is not'].includes(test.operators[0]!) ? false : null;
}

/** `m.set(k, …)` */
function setOf(stmt: Stmt, asked: Asked): MethodCall | null {
  const call = stmt.type === 'expr' ? methodCall(stmt.value, ['set']) : null;
  return call && call.args.length === 2 && sameExpr(call.callee.object, asked.container) && sameExpr(call.args[0]!.value, asked.key) ? call : null;
}

/** `g.push(x)`: the `g` of it. */
function grownBy(stmt: Stmt, asked: Asked): Expr | null {
  const call = stmt.type === 'expr' ? methodCall(stmt.value, ['push', 'add']) : null;
  if (!call || !sameExpr(call.callee.object, asked.name)) return null;
  return call.args.every((argument) => !mentions(argument.value, asked.name) && !mentions(argument.value, asked.container)) ? call.callee.object : null;
}

/** A new list or set: of the element alone, or empty. */
function isMade(value: Expr, asked: Asked): boolean {
  if (mentions(value, asked.name) || mentions(value, asked.container)) return false;
  if (value.type === 'collection') return value.kind === 'list';
  return value.type === 'call' && value.construct === true && value.callee.type === 'name' && ['builtin/Set', 'builtin/Array'].includes(value.callee.variable) && value.args.length <= 1;
}
