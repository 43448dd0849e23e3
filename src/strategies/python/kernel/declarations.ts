/** Where the variables of a function are declared: in the innermost block that holds all their uses, with their first value if that can be. */
import type { KExpr, KFunction, KStmt } from './model';
import { blocksOf, childrenOf, expressionsOf } from './walk';

export interface Declaration {
  readonly name: string;
  /** Declared by this assignment; else just before the statement, without a value. */
  readonly withValue: boolean;
  /** It is assigned again, or its list is changed. */
  readonly changes: boolean;
}

export interface Declarations {
  at(stmt: KStmt): readonly Declaration[];
  /** The name is read somewhere. */
  isRead(name: string): boolean;
}

export function declarationsOf(fn: KFunction): Declarations {
  const found = new Map<KStmt, Declaration[]>();
  const params = new Set(fn.params.map((p) => p.name));
  for (const { name } of fn.locals) {
    if (params.has(name)) continue;
    const block = home(fn.body, name);
    const first = block.find((stmt) => mentions(stmt, name));
    if (!first) continue;
    const withValue = first.do === 'assign' && first.name === name && !expressionsOf(first).some((e) => reads(e, name));
    const writes = block.reduce((sum, stmt) => sum + changesBy(stmt, name), 0);
    const known = found.get(first) ?? [];
    found.set(first, [...known, { name, withValue, changes: writes > 1 }]);
  }
  return { at: (stmt) => found.get(stmt) ?? [], isRead: (name) => fn.body.some((stmt) => isReadIn(stmt, name)) };
}

/** The innermost block with all mentions of the name. */
function home(body: readonly KStmt[], name: string): readonly KStmt[] {
  const where = body.filter((stmt) => mentions(stmt, name));
  const [only] = where;
  if (!only || where.length > 1 || mentionsItself(only, name)) return body;
  const inside = blocksOf(only).filter((block) => block.some((stmt) => mentions(stmt, name)));
  return inside.length === 1 ? home(inside[0]!, name) : body;
}

/** Another variable of the same name counts in the loop. */
function hides(stmt: KStmt, name: string): boolean {
  return stmt.do === 'for' && stmt.counter === name;
}

function mentionsItself(stmt: KStmt, name: string): boolean {
  return (stmt.do === 'assign' && stmt.name === name) || expressionsOf(stmt).some((e) => reads(e, name));
}

function mentions(stmt: KStmt, name: string): boolean {
  return mentionsItself(stmt, name) || (!hides(stmt, name) && blocksOf(stmt).some((block) => block.some((s) => mentions(s, name))));
}

function isReadIn(stmt: KStmt, name: string): boolean {
  return expressionsOf(stmt).some((e) => reads(e, name)) || blocksOf(stmt).some((block) => block.some((s) => isReadIn(s, name)));
}

function reads(expr: KExpr, name: string): boolean {
  return (expr.op === 'var' && expr.name === name) || childrenOf(expr).some((e) => reads(e, name));
}

/** How often a run through the statement may give the variable a value or change its list. */
function changesBy(stmt: KStmt, name: string): number {
  const all = (block: readonly KStmt[]): number => block.reduce((sum, s) => sum + changesBy(s, name), 0);
  switch (stmt.do) {
    case 'assign':
      return stmt.name === name ? 1 : 0;
    case 'store':
    case 'append':
      // A list that is changed has to be declared so however often it happens.
      return stmt.array.op === 'var' && stmt.array.name === name ? 2 : 0;
    case 'if':
      return Math.max(all(stmt.then), all(stmt.otherwise));
    case 'for':
    case 'while':
      return hides(stmt, name) ? 0 : 2 * all(stmt.body);
    default:
      return 0;
  }
}
