/** Functions that outlive the iteration that makes them share the variables around them with those of other iterations. */
import type { Expr, Stmt, Target, VarId } from '../ir/ir';
import { boundNames, walkExpr, walkStmts, type Enter } from '../ir/walk';
import { isStmt } from './loopWalk';
import type { Machine } from './machine';
import type { LoopTrace } from './trace';

/** Whether a function that the loop makes and keeps sees a variable that is one and the same in all iterations. */
export function seenByKeptFunction(m: Machine, trace: LoopTrace, id: VarId): boolean {
  const sees = m.kept.some(({ fn, at }) => at >= trace.first && at <= trace.last && fn.free.has(id) && madeInside(m, trace, fn.id));
  return sees && !boundInside(m, trace, id);
}

/** The code of one iteration. */
function* codeOf(trace: LoopTrace): Iterable<Stmt | Expr> {
  const { node } = trace;
  if (node.type === 'comprehension') {
    for (const [at, clause] of node.clauses.entries()) {
      if (at > 0) yield clause.iterable;
      yield* clause.conditions;
    }
    if (node.key) yield node.key;
    yield node.element;
  } else if (node.type === 'call') {
    yield* node.args.map((argument) => argument.value);
  } else yield* node.body;
}

function walkCode(trace: LoopTrace, enter: Enter): void {
  for (const item of codeOf(trace)) {
    if (isStmt(item)) walkStmts([item], enter);
    else walkExpr(item, enter);
  }
}

function madeInside(m: Machine, trace: LoopTrace, id: string): boolean {
  let found = false;
  const look = (made: string, depth: number): void => {
    if (made === id) found = true;
    const fn = depth < 6 ? m.module.functions.get(made) : undefined;
    if (!found && fn) walkStmts(fn.body, enterAt(depth + 1));
  };
  const enterAt = (depth: number): Enter => ({
    expr(expr) {
      if (expr.type === 'function') look(expr.function, depth);
      return !found;
    },
    stmt(stmt) {
      if (stmt.type === 'function-def') look(stmt.function, depth);
      return !found;
    },
  });
  walkCode(trace, enterAt(0));
  return found;
}

/** Whether every iteration has a variable of its own under the name. */
function boundInside(m: Machine, trace: LoopTrace, id: VarId): boolean {
  if (m.inlinedFunctions.some((fn) => fn !== trace.fn && fn.variables.has(id))) return true;
  const { node } = trace;
  const blockScoped = (declares: string | null | undefined): boolean => declares === 'let' || declares === 'const' || declares === 'using';
  const binds = (target: Target): boolean => boundNames(target).some((name) => name.variable === id);
  if (node.type === 'for' && node.init.some((stmt) => stmt.type === 'assign-stmt' && blockScoped(stmt.declares) && stmt.targets.some(binds))) return true;
  if (node.type === 'for-each' && blockScoped(node.declares) && binds(node.target)) return true;
  let found = false;
  walkCode(trace, {
    expr(expr) {
      if (expr.type === 'comprehension' && expr.clauses.some((clause) => binds(clause.target))) found = true;
      return !found;
    },
    stmt(stmt) {
      if (stmt.type === 'assign-stmt' && blockScoped(stmt.declares) && stmt.targets.some(binds)) found = true;
      else if (stmt.type === 'declare' && stmt.declares === 'let' && binds(stmt.target)) found = true;
      else if (stmt.type === 'for' && stmt.init.some((inner) => inner.type === 'assign-stmt' && blockScoped(inner.declares) && inner.targets.some(binds))) found = true;
      else if (stmt.type === 'for-each' && blockScoped(stmt.declares) && binds(stmt.target)) found = true;
      return !found;
    },
  });
  return found;
}
