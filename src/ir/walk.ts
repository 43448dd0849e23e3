/**
 * Generic visitors of the IR. One place knows the children of every node and their order; passes build on it.
 *
 * Children come in evaluation order, with two conventions. The target of an assignment comes after the value, since the store is
 * last (an assignment with an `operator` also reads its target first; JS evaluates the object and index of a target before the
 * value). A loop's parts come in the order of one iteration: iterable or test, target, body, update, then `else`.
 *
 * Functions and classes are separate units: entering a `function`, `class` or `function-def` node gives its defaults, decorators and
 * bases, never the body of the function. The body of a Python class runs where it stands, so a `class-def` gives it.
 */
import type { Comprehension, Expr, FunctionIR, LoopStmt, NameExpr, Span, Stmt, Target } from './ir';

/** Receives the direct children of a node. */
export interface Parts {
  /** A value that is evaluated. */
  expr(expr: Expr): void;
  /** A place that is stored to, bound or deleted. Its object and index are children of the target. */
  target(target: Target): void;
  stmt(stmt: Stmt): void;
}

/** Called before a node's children; `false` skips them. */
export interface Enter {
  expr?(expr: Expr): boolean | void;
  target?(target: Target): boolean | void;
  stmt?(stmt: Stmt): boolean | void;
}

// Visiting is done for every node of every file: nothing is made for it.

function each(items: readonly Expr[], parts: Parts): void {
  for (const item of items) parts.expr(item);
}

function maybe(item: Expr | null, parts: Parts): void {
  if (item) parts.expr(item);
}

function block(stmts: readonly Stmt[], parts: Parts): void {
  for (const inner of stmts) parts.stmt(inner);
}

/** Direct children of an expression. */
export function visitExpr(expr: Expr, parts: Parts): void {
  switch (expr.type) {
    case 'const':
    case 'name':
    case 'this':
    case 'class':
      return;
    case 'function':
      return each(expr.defaults ?? [], parts);
    case 'attribute':
      return parts.expr(expr.object);
    case 'index':
      parts.expr(expr.object);
      return parts.expr(expr.index);
    case 'slice':
      maybe(expr.lower, parts);
      maybe(expr.upper, parts);
      return maybe(expr.step, parts);
    case 'call':
      parts.expr(expr.callee);
      for (const argument of expr.args) parts.expr(argument.value);
      return;
    case 'unary':
      return parts.expr(expr.operand);
    case 'binary':
    case 'logical':
      parts.expr(expr.left);
      return parts.expr(expr.right);
    case 'compare':
      return each(expr.operands, parts);
    case 'conditional':
      parts.expr(expr.test);
      parts.expr(expr.then);
      return parts.expr(expr.else);
    case 'sequence':
    case 'collection':
      return each(expr.items, parts);
    case 'template':
      return each(expr.parts, parts);
    case 'mapping':
      for (const property of expr.properties) {
        maybe(property.key, parts);
        parts.expr(property.value);
      }
      return;
    case 'spread':
    case 'await':
      return parts.expr(expr.value);
    case 'comprehension':
      for (const clause of expr.clauses) {
        parts.expr(clause.iterable);
        parts.target(clause.target);
        each(clause.conditions, parts);
      }
      maybe(expr.key, parts);
      return parts.expr(expr.element);
    case 'assign':
      parts.expr(expr.value);
      return parts.target(expr.target);
    case 'update':
      return parts.target(expr.target);
    case 'yield':
      return maybe(expr.value, parts);
    case 'opaque':
      return each(expr.children, parts);
    default:
      return never(expr);
  }
}

/** Direct children of a target: what is evaluated to find the place, and the targets inside it. */
export function visitTarget(target: Target, parts: Parts): void {
  switch (target.type) {
    case 'name':
      return;
    case 'attribute':
      return parts.expr(target.object);
    case 'index':
      parts.expr(target.object);
      return parts.expr(target.index);
    case 'tuple-target':
      for (const item of target.items) if (item) parts.target(item);
      return;
    case 'object-target':
      for (const property of target.properties) {
        if (property.key) parts.expr(property.key);
        parts.target(property.value);
      }
      return;
    case 'star':
      return parts.target(target.value);
    case 'default':
      parts.expr(target.value);
      return parts.target(target.target);
    default:
      return never(target);
  }
}

/** Direct children of a statement. */
export function visitStmt(stmt: Stmt, parts: Parts): void {
  switch (stmt.type) {
    case 'pass':
    case 'error':
    case 'break':
    case 'continue':
      return;
    case 'expr':
      return parts.expr(stmt.value);
    case 'assign-stmt':
      parts.expr(stmt.value);
      for (const target of stmt.targets) parts.target(target);
      return;
    case 'declare':
      return parts.target(stmt.target);
    case 'if':
      parts.expr(stmt.test);
      block(stmt.then, parts);
      return block(stmt.else, parts);
    case 'for-each':
      parts.expr(stmt.iterable);
      parts.target(stmt.target);
      block(stmt.body, parts);
      return block(stmt.orelse, parts);
    case 'for':
      block(stmt.init, parts);
      maybe(stmt.test, parts);
      block(stmt.body, parts);
      return maybe(stmt.update, parts);
    case 'while':
      if (!stmt.testLast) parts.expr(stmt.test);
      block(stmt.body, parts);
      if (stmt.testLast) parts.expr(stmt.test);
      return block(stmt.orelse, parts);
    case 'return':
      return maybe(stmt.value, parts);
    case 'raise':
      maybe(stmt.value, parts);
      return maybe(stmt.cause, parts);
    case 'try':
      block(stmt.body, parts);
      for (const handler of stmt.handlers) {
        maybe(handler.test, parts);
        if (handler.target) parts.target(handler.target);
        block(handler.body, parts);
      }
      block(stmt.orelse, parts);
      return block(stmt.finally, parts);
    case 'with':
      for (const item of stmt.items) {
        parts.expr(item.context);
        if (item.target) parts.target(item.target);
      }
      return block(stmt.body, parts);
    case 'switch':
      parts.expr(stmt.subject);
      for (const branch of stmt.cases) {
        for (const test of branch.tests ?? []) parts.expr(test);
        for (const bind of branch.binds) parts.target(bind);
        maybe(branch.guard, parts);
        block(branch.body, parts);
      }
      return;
    case 'block':
      return block(stmt.body, parts);
    case 'delete':
      for (const target of stmt.targets) parts.target(target);
      return;
    case 'assert':
      parts.expr(stmt.test);
      return maybe(stmt.message, parts);
    case 'function-def':
      for (const decorator of stmt.decorators) parts.expr(decorator);
      for (const value of stmt.defaults) parts.expr(value);
      return parts.target(stmt.target);
    case 'class-def':
      for (const decorator of stmt.decorators) parts.expr(decorator);
      for (const base of stmt.bases) parts.expr(base);
      for (const keyword of stmt.keywords ?? []) parts.expr(keyword.value);
      block(stmt.body, parts);
      return parts.target(stmt.target);
    case 'import':
      for (const binding of stmt.bindings) parts.target(binding.target);
      return;
    default:
      return never(stmt);
  }
}

/** Every expression and target inside an expression, itself first. */
export function walkExpr(expr: Expr, enter: Enter): void {
  new Walker(enter).expr(expr);
}

/** Every expression and target inside a target, itself first. */
export function walkTarget(target: Target, enter: Enter): void {
  new Walker(enter).target(target);
}

/** Every statement, target and expression of a list of statements, each before its children. Nested functions are not entered. */
export function walkStmts(stmts: readonly Stmt[], enter: Enter): void {
  const parts = new Walker(enter);
  for (const stmt of stmts) parts.stmt(stmt);
}

/** What runs when the function is called: its parameters' patterns, those defaults that are evaluated at the call, and its body. */
export function walkFunction(fn: FunctionIR, enter: Enter): void {
  const parts = new Walker(enter);
  for (const param of fn.params) {
    if (param.default && !param.defaultAtDefinition) parts.expr(param.default);
    if (param.pattern) parts.target(param.pattern);
  }
  for (const stmt of fn.body) parts.stmt(stmt);
}

class Walker implements Parts {
  constructor(private readonly enter: Enter) {}

  expr(expr: Expr): void {
    if (this.enter.expr?.(expr) !== false) visitExpr(expr, this);
  }

  target(target: Target): void {
    if (this.enter.target?.(target) !== false) visitTarget(target, this);
  }

  stmt(stmt: Stmt): void {
    if (this.enter.stmt?.(stmt) !== false) visitStmt(stmt, this);
  }
}

export function isLoopStmt(stmt: Stmt): stmt is LoopStmt {
  return stmt.type === 'for-each' || stmt.type === 'for' || stmt.type === 'while';
}

/** A loop that can be told by its form: a statement or a comprehension. Loops that are calls need the library models. */
export interface FoundLoop {
  readonly node: LoopStmt | Comprehension;
  /** The next loop around it in the same function. */
  readonly parent: FoundLoop | null;
}

/**
 * The loops of a function (or of some statements) in source order, each after the one around it; those of nested functions are not
 * among them. What is evaluated once, before the loop or after it (its iterable, its `else`), belongs to the loop around it.
 */
export function loopsOf(from: FunctionIR | readonly Stmt[]): FoundLoop[] {
  const found: FoundLoop[] = [];
  let around: FoundLoop | null = null;
  const enter = (node: LoopStmt | Comprehension, once: readonly (Expr | Stmt)[]): void => {
    const outer = around;
    const loop: FoundLoop = { node, parent: outer };
    found.push(loop);
    const visit = (child: Expr | Stmt, descend: () => void): void => {
      around = once.includes(child) ? outer : loop;
      descend();
      around = loop;
    };
    const inner: Parts = {
      expr: (child) => visit(child, () => parts.expr(child)),
      target: (child) => parts.target(child),
      stmt: (child) => visit(child, () => parts.stmt(child)),
    };
    around = loop;
    if (node.type === 'comprehension') visitExpr(node, inner);
    else visitStmt(node, inner);
    around = outer;
  };
  const parts: Parts = {
    expr(expr) {
      if (expr.type === 'comprehension') enter(expr, [expr.clauses[0]!.iterable]);
      else visitExpr(expr, parts);
    },
    target(target) {
      visitTarget(target, parts);
    },
    stmt(stmt) {
      if (stmt.type === 'for-each') enter(stmt, [stmt.iterable, ...stmt.orelse]);
      else if (stmt.type === 'for') enter(stmt, stmt.init);
      else if (stmt.type === 'while') enter(stmt, stmt.orelse);
      else visitStmt(stmt, parts);
    },
  };
  for (const stmt of 'body' in from ? from.body : from) parts.stmt(stmt);
  return found;
}

/** The names that a target binds, in order; not those that it reads to find an element or field. */
export function boundNames(target: Target): NameExpr[] {
  const names: NameExpr[] = [];
  walkTarget(target, {
    expr: () => false,
    target(inner) {
      if (inner.type === 'name') names.push(inner);
    },
  });
  return names;
}

export function spanContains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function never(node: never): never {
  throw new TypeError(`no such node: ${JSON.stringify(node)}`);
}
