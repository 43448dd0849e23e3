/** The way up from a node of a function to its body. */
import type { Expr, FunctionIR, Stmt, Target } from './ir';
import { visitExpr, visitStmt, visitTarget, type Parts } from './walk';

export type Node = Stmt | Expr | Target;

const STATEMENTS: Readonly<Record<Stmt['type'], true>> = {
  expr: true, 'assign-stmt': true, declare: true, if: true, 'for-each': true, for: true, while: true, return: true, raise: true, break: true, continue: true, try: true,
  with: true, switch: true, block: true, delete: true, assert: true, 'function-def': true, 'class-def': true, import: true, pass: true, error: true,
};

export function isStmt(node: Node): node is Stmt {
  return node.type in STATEMENTS;
}

const known = new WeakMap<FunctionIR, ReadonlyMap<Node, Node | null>>();

/** The node right around each node of a function; null for the statements of its body. Made once for each function. */
export function parentsOf(fn: FunctionIR): ReadonlyMap<Node, Node | null> {
  let parents = known.get(fn);
  if (!parents) known.set(fn, (parents = gather(fn)));
  return parents;
}

/** The nodes around a node, innermost first. */
export function ancestorsOf(fn: FunctionIR, node: Node): Node[] {
  const parents = parentsOf(fn);
  const found: Node[] = [];
  for (let at = parents.get(node) ?? null; at !== null; at = parents.get(at) ?? null) found.push(at);
  return found;
}

function gather(fn: FunctionIR): Map<Node, Node | null> {
  const parents = new Map<Node, Node | null>();
  let around: Node | null = null;
  const enter = (node: Node, visit: () => void): void => {
    parents.set(node, around);
    const outer = around;
    around = node;
    visit();
    around = outer;
  };
  const parts: Parts = {
    expr: (expr) => enter(expr, () => visitExpr(expr, parts)),
    target: (target) => enter(target, () => visitTarget(target, parts)),
    stmt: (stmt) => enter(stmt, () => visitStmt(stmt, parts)),
  };
  for (const param of fn.params) {
    if (param.default) parts.expr(param.default);
    if (param.pattern) parts.target(param.pattern);
  }
  for (const stmt of fn.body) parts.stmt(stmt);
  return parents;
}
