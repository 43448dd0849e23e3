/**
 * What a worker finds in the module when it starts. Under spawn and forkserver it imports the module anew: names that the import sets
 * are there, what the program assigned or changed afterwards is not.
 */
import type { Expr, FunctionIR, ModuleIR, Stmt, Target, VarId } from '../../ir/ir';
import { walkExpr, walkFunction, walkStmts } from '../../ir/walk';
import { baseName } from './deep';

export interface Change {
  /** What happens to it, in words: `is assigned`, `is changed`. */
  readonly what: string;
  readonly fn: FunctionIR;
  readonly node: Stmt | Expr | Target;
}

/** Methods that change the builtin container that they are called on. */
const MUTATORS = new Set(
  ('append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft extendleft popleft rotate ' +
    'intersection_update difference_update symmetric_difference_update fill put resize write writelines seed shuffle send throw close register').split(' '),
);

/** `if __name__ == "__main__":` */
export function isMainGuard(stmt: Stmt): boolean {
  if (stmt.type !== 'if' || stmt.test.type !== 'compare' || stmt.test.operators.length !== 1 || stmt.test.operators[0] !== '==') return false;
  const [a, b] = stmt.test.operands;
  const isName = (e: Expr | undefined): boolean => e?.type === 'name' && e.name === '__name__';
  const isMain = (e: Expr | undefined): boolean => e?.type === 'const' && e.value === '__main__';
  return (isName(a) && isMain(b)) || (isMain(a) && isName(b));
}

/** Module-level names and what happens to them after import (or only when the module is the program). Cached by module. */
export function changesAfterImport(module: ModuleIR): ReadonlyMap<VarId, Change> {
  let changes = cache.get(module.functions);
  if (!changes) {
    changes = collect(module);
    cache.set(module.functions, changes);
  }
  return changes;
}

const cache = new WeakMap<ModuleIR['functions'], ReadonlyMap<VarId, Change>>();

function collect(module: ModuleIR): Map<VarId, Change> {
  const changes = new Map<VarId, Change>();
  const top = module.functions.get('')!;
  const note = (variable: VarId | undefined, what: string, fn: FunctionIR, node: Stmt | Expr | Target): void => {
    if (variable !== undefined && isTopLevel(top, variable) && !changes.has(variable)) changes.set(variable, { what, fn, node });
  };
  const scan = (fn: FunctionIR, walk: (enter: Parameters<typeof walkFunction>[1]) => void): void => {
    walk({
      target(t) {
        if (t.type === 'name') note(t.variable, 'is assigned', fn, t);
        else if (t.type === 'attribute' || t.type === 'index') note(baseName(t)?.variable, 'is changed', fn, t);
      },
      expr(e) {
        if (e.type === 'call' && e.callee.type === 'attribute' && MUTATORS.has(e.callee.name)) {
          const base = baseName(e.callee.object);
          // `module.append(x)` is a function of a module, not a method that changes it.
          if (base && top.variables.get(base.variable)?.kind !== 'import') note(base.variable, 'is changed', fn, e);
        }
        if (e.type === 'call' && e.callee.type === 'name' && ['next', 'setattr', 'delattr'].includes(e.callee.name) && e.args[0]) {
          note(baseName(e.args[0].value)?.variable, 'is changed', fn, e);
        }
      },
    });
  };
  for (const fn of module.functions.values()) if (fn.kind !== 'module') scan(fn, (enter) => walkFunction(fn, enter));
  for (const stmt of top.body) if (isMainGuard(stmt)) scan(top, (enter) => walkStmts([stmt], enter));
  return changes;
}

export function isTopLevel(top: FunctionIR, variable: VarId): boolean {
  return top.variables.has(variable) && !variable.includes('#');
}

/** Names that a statement of the top level binds, nested blocks included and functions left out. */
export function bindsOf(stmts: readonly Stmt[]): Set<VarId> {
  const bound = new Set<VarId>();
  walkStmts(stmts, {
    expr(e) {
      if (e.type === 'comprehension') walkExpr(e, { target: (t) => void (t.type === 'name' && bound.add(t.variable)) });
    },
    target(t) {
      if (t.type === 'name') bound.add(t.variable);
    },
  });
  return bound;
}
