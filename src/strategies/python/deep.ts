/** Walks code together with the functions nested in it, and tells which names it reads and binds. */
import type { LoopReport } from '../../analysis/report';
import type { Expr, FunctionIR, ModuleIR, NameExpr, Stmt, Target, VarId } from '../../ir/ir';
import { walkExpr, walkFunction, walkStmts, walkTarget, type Enter } from '../../ir/walk';

export interface DeepEnter {
  expr?(expr: Expr, fn: FunctionIR): boolean | void;
  target?(target: Target, fn: FunctionIR): boolean | void;
  stmt?(stmt: Stmt, fn: FunctionIR): boolean | void;
}

/** A piece of code: statements, an expression or a target of one function. */
export type Code = readonly Stmt[] | Expr | Target;

/** Like the walks of src/ir/walk.ts, but lambdas and nested functions are entered too; `fn` is the function that owns the node. */
export function walkDeep(module: ModuleIR, fn: FunctionIR, code: Code, enter: DeepEnter): void {
  const within = (owner: FunctionIR): Enter => ({
    expr(expr) {
      if (enter.expr?.(expr, owner) === false) return false;
      if (expr.type === 'function') into(expr.function);
      return undefined;
    },
    target: (target) => enter.target?.(target, owner),
    stmt(stmt) {
      if (enter.stmt?.(stmt, owner) === false) return false;
      if (stmt.type === 'function-def') into(stmt.function);
      return undefined;
    },
  });
  const into = (id: string): void => {
    const inner = module.functions.get(id);
    if (inner) walkFunction(inner, within(inner));
  };
  if (isStatements(code)) walkStmts(code, within(fn));
  else if (isTarget(code)) walkTarget(code, within(fn));
  else walkExpr(code, within(fn));
}

function isStatements(code: Code): code is readonly Stmt[] {
  return Array.isArray(code);
}

/** Names, attributes and subscripts are both; as expressions they are read. */
function isTarget(code: Expr | Target): code is Exclude<Target, Expr> {
  return ['tuple-target', 'object-target', 'star', 'default'].includes(code.type);
}

/** A use of a variable, by its absolute offset. */
export interface Use {
  readonly node: NameExpr;
  readonly fn: FunctionIR;
  readonly start: number;
  readonly end: number;
  readonly stores: boolean;
}

/** Every use of a name in the code, nested functions included. The target of `x += 1` counts as a store. */
export function usesIn(module: ModuleIR, fn: FunctionIR, code: Code): Use[] {
  const uses: Use[] = [];
  const add = (node: NameExpr, owner: FunctionIR, stores: boolean): void => {
    uses.push({ node, fn: owner, start: owner.start + node.span.start, end: owner.start + node.span.end, stores });
  };
  walkDeep(module, fn, code, {
    expr(expr, owner) {
      if (expr.type === 'name') add(expr, owner, false);
    },
    target(target, owner) {
      if (target.type === 'name') add(target, owner, true);
    },
  });
  return uses;
}

/** What an iteration runs: the statements of a body, or a comprehension or call as a whole. */
export function codeOf(loop: LoopReport): Code {
  const { node } = loop;
  return loop.body.length === 0 && (node.type === 'comprehension' || node.type === 'call') ? node : loop.body;
}

/** Ids of the variables that the code reads. */
export function readsOf(module: ModuleIR, fn: FunctionIR, code: Code): Set<VarId> {
  return new Set(usesIn(module, fn, code).filter((use) => !use.stores).map((use) => use.node.variable));
}

/** Ids of the variables that the code binds, nested functions left out. */
export function storesOf(fn: FunctionIR, module: ModuleIR, code: Code): Set<VarId> {
  return new Set(usesIn(module, fn, code).filter((use) => use.stores).map((use) => use.node.variable));
}

/** The name at the bottom of `a.b[c].d`; null when it is not a name. */
export function baseName(node: Expr | Target): NameExpr | null {
  let at: Expr | Target = node;
  while (at.type === 'attribute' || at.type === 'index') at = at.object;
  return at.type === 'name' ? at : null;
}

/** Statements from the function's body down to the innermost one that holds the absolute range. Nested functions are not entered. */
export function statementPath(fn: FunctionIR, body: readonly Stmt[], start: number, end: number): Stmt[] {
  const path: Stmt[] = [];
  const descend = (stmts: readonly Stmt[]): boolean => {
    for (const stmt of stmts) {
      if (fn.start + stmt.span.start <= start && end <= fn.start + stmt.span.end) {
        path.push(stmt);
        for (const block of blocksOf(stmt)) if (descend(block)) break;
        return true;
      }
    }
    return false;
  };
  descend(body);
  return path;
}

/** The blocks of statements directly inside a statement, in source order. */
export function blocksOf(stmt: Stmt): (readonly Stmt[])[] {
  switch (stmt.type) {
    case 'if':
      return [stmt.then, stmt.else];
    case 'for-each':
    case 'while':
      return [stmt.body, stmt.orelse];
    case 'for':
    case 'with':
    case 'block':
    case 'class-def':
      return [stmt.body];
    case 'try':
      return [stmt.body, ...stmt.handlers.map((h) => h.body), stmt.orelse, stmt.finally];
    case 'switch':
      return stmt.cases.map((c) => c.body);
    default:
      return [];
  }
}
