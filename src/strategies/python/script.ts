/**
 * The top level of a module, seen by a worker that imports it anew: what stays there, and what must move under the main guard so that
 * workers do not repeat it.
 */
import type { ModuleIR, Stmt, VarId } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import { bindsOf, isMainGuard } from './globals';
import { isDeclaration, isImportPure } from './purity';

export interface Script {
  /** Imports, definitions and constants: the same in every process. */
  readonly stays: readonly Stmt[];
  /** The program's own work, in order. */
  readonly moves: readonly Stmt[];
  readonly guards: readonly Stmt[];
  /** Names that the statements that stay bind. */
  readonly bound: ReadonlySet<VarId>;
  /** Names that the moved statements bind. */
  readonly moved: ReadonlySet<VarId>;
}

/** Parts the top level of a module. A statement that needs what moved moves too. */
export function partScript(module: ModuleIR): Script {
  const top = module.functions.get('')!;
  const usedByFunctions = new Set<VarId>();
  for (const fn of module.functions.values()) if (fn.kind !== 'module') for (const id of fn.free) usedByFunctions.add(id);
  const stays: Stmt[] = [];
  const moves: Stmt[] = [];
  const guards: Stmt[] = [];
  const moved = new Set<VarId>();
  for (const stmt of top.body) {
    if (isMainGuard(stmt)) guards.push(stmt);
    else if (isDeclaration(stmt) || (isSetting(stmt) && moves.length === 0) || (isConstant(module, stmt, usedByFunctions) && !readsAny(stmt, moved))) stays.push(stmt);
    else {
      moves.push(stmt);
      for (const id of bindsOf([stmt])) moved.add(id);
    }
  }
  return { stays, moves, guards, bound: bindsOf(stays), moved };
}

/** `LIMIT = 100`: bound once, to a value that the text tells, and meant to be seen by functions (they read it, or it is in capitals). */
function isConstant(module: ModuleIR, stmt: Stmt, usedByFunctions: ReadonlySet<VarId>): boolean {
  if (stmt.type !== 'assign-stmt' || stmt.operator !== null) return false;
  const top = module.functions.get('')!;
  const ids = bindsOf([stmt]);
  for (const target of stmt.targets) if (target.type !== 'name' && target.type !== 'tuple-target') return false;
  for (const id of ids) {
    if (id.includes('#')) continue; // A comprehension's own.
    const variable = top.variables.get(id);
    if (!variable || !variable.constant) return false;
    const word = variable.name.replace(/^_+/, '');
    if (!usedByFunctions.has(id) && !(word === word.toUpperCase() && /[A-Z]/.test(word)) && !variable.name.startsWith('__')) return false;
  }
  return isImportPure(module, stmt.value);
}

/** Settings of the process that every worker needs as well: a search path, a recursion limit, the precision of decimals. */
export function isSetting(stmt: Stmt): boolean {
  let setting = false;
  walkStmts([stmt], {
    expr(e) {
      if (e.type === 'call' && e.callee.type === 'attribute' && /^(?:setrecursionlimit|set_int_max_str_digits|seterr|setlocale|filterwarnings|simplefilter|set_start_method)$/.test(e.callee.name)) {
        setting = true;
      }
      if (e.type === 'call' && e.callee.type === 'attribute' && e.callee.object.type === 'attribute' && e.callee.object.name === 'path' && /^(?:insert|append)$/.test(e.callee.name)) setting = true;
    },
    target(t) {
      if (t.type === 'attribute' && /^(?:prec|rounding|Emin|Emax)$/.test(t.name)) setting = true;
      if (t.type === 'index' && t.object.type === 'attribute' && t.object.name === 'environ') setting = true;
    },
  });
  return setting && (stmt.type === 'expr' || stmt.type === 'assign-stmt');
}

function readsAny(stmt: Stmt, names: ReadonlySet<VarId>): boolean {
  let reads = false;
  walkStmts([stmt], {
    expr(e) {
      if (e.type === 'name' && names.has(e.variable)) reads = true;
    },
  });
  return reads;
}
