/** What the rules about the use of workers share: where a call stands and what becomes of its result. */
import type { TaskSite } from '../analysis/workers';
import type { Comprehension, Expr, FunctionIR, LoopStmt, ModuleIR, NameExpr, Stmt, Target, VarId } from '../ir/ir';
import { ancestorsOf, isStmt, parentsOf, type Node } from '../ir/parents';
import { boundNames, isLoopStmt, walkExpr, walkFunction, walkStmts } from '../ir/walk';

export interface Use {
  readonly fn: FunctionIR;
  readonly expr: NameExpr;
}

const uses = new WeakMap<ModuleIR['functions'], ReadonlyMap<VarId, readonly Use[]>>();

/** The places of a module that read a variable. */
export function usesOf(module: ModuleIR, id: VarId): readonly Use[] {
  let all = uses.get(module.functions);
  if (!all) {
    const found = new Map<VarId, Use[]>();
    for (const fn of module.functions.values()) {
      walkFunction(fn, {
        expr(expr) {
          if (expr.type !== 'name') return;
          const known = found.get(expr.variable);
          if (known) known.push({ fn, expr });
          else found.set(expr.variable, [{ fn, expr }]);
        },
      });
    }
    uses.set(module.functions, (all = found));
  }
  return all.get(id) ?? [];
}

/** Loops of the same function that run a node in every turn, innermost first. */
export function loopsAround(fn: FunctionIR, node: Node): (LoopStmt | Comprehension)[] {
  const found: (LoopStmt | Comprehension)[] = [];
  let inner = node;
  for (const at of ancestorsOf(fn, node)) {
    if (at.type === 'comprehension' && at.clauses[0]!.iterable !== inner) found.push(at);
    else if (isStmt(at) && isLoopStmt(at) && runsEachTurn(at, inner)) found.push(at);
    inner = at;
  }
  return found;
}

function runsEachTurn(loop: LoopStmt, inner: Node): boolean {
  if (loop.type === 'for-each') return loop.body.includes(inner as Stmt);
  if (loop.type === 'for') return !loop.init.includes(inner as Stmt);
  return !loop.orelse.includes(inner as Stmt);
}

/** The statement that holds an expression. */
export function statementOf(fn: FunctionIR, node: Node): Stmt | null {
  return ancestorsOf(fn, node).find(isStmt) ?? null;
}

/** The value of the expression is thrown away. */
export function isDiscarded(fn: FunctionIR, expr: Expr): boolean {
  return parentsOf(fn).get(expr)?.type === 'expr';
}

/** The statements among which a statement stands. */
export function blockOf(fn: FunctionIR, stmt: Stmt): readonly Stmt[] | null {
  const parent = parentsOf(fn).get(stmt) ?? null;
  if (parent === null) return fn.body.includes(stmt) ? fn.body : null;
  for (const block of blocksIn(parent)) if (block.includes(stmt)) return block;
  return null;
}

function blocksIn(node: Node): readonly (readonly Stmt[])[] {
  switch (node.type) {
    case 'if':
      return [node.then, node.else];
    case 'for-each':
    case 'while':
      return [node.body, node.orelse];
    case 'for':
    case 'with':
    case 'block':
    case 'class-def':
      return [node.body];
    case 'try':
      return [node.body, ...node.handlers.map((h) => h.body), node.orelse, node.finally];
    case 'switch':
      return node.cases.map((c) => c.body);
    default:
      return [];
  }
}

/** Variables that are bound while the node runs, in functions inside it not. */
export function boundIn(nodes: readonly Stmt[]): Set<VarId> {
  const bound = new Set<VarId>();
  walkStmts(nodes, {
    target(target: Target) {
      for (const name of boundNames(target)) bound.add(name.variable);
    },
  });
  return bound;
}

/** Whether an expression reads one of the variables. */
export function reads(expr: Expr, variables: ReadonlySet<VarId>): boolean {
  let found = false;
  walkExpr(expr, {
    expr(inner) {
      if (inner.type === 'name' && variables.has(inner.variable)) found = true;
    },
  });
  return found;
}

/** How messages call the function that a task runs. */
export function workName(task: TaskSite): string {
  const { work, target } = task;
  if (work && (work.type === 'name' || work.type === 'attribute')) return task.site.fn.text?.slice(work.span.start, work.span.end) ?? work.name;
  if (target && !/^</.test(target.fn.name) && target.fn.kind !== 'lambda') return target.fn.name;
  return 'the function';
}

export function absolute(fn: FunctionIR, node: { readonly span: { readonly start: number; readonly end: number } }): { start: number; end: number } {
  return { start: fn.start + node.span.start, end: fn.start + node.span.end };
}

export function textOf(fn: FunctionIR, node: { readonly span: { readonly start: number; readonly end: number } }): string {
  return fn.text?.slice(node.span.start, node.span.end) ?? '';
}

/** Names that a new variable may not have: those of all variables of the module. */
export function takenNames(module: ModuleIR): Set<string> {
  const taken = new Set<string>();
  for (const fn of module.functions.values()) {
    for (const variable of fn.variables.values()) taken.add(variable.name);
    for (const id of fn.free) taken.add(id.slice(id.lastIndexOf('/') + 1).replace(/#\d+$/, ''));
  }
  return taken;
}
