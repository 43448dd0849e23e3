/** Statements of a Python module that start processes while it is imported. */
import type { Call, Expr, FunctionIR, ModuleIR, Stmt } from '../../ir/ir';
import { walkExpr, walkFunction, walkStmts } from '../../ir/walk';
import type { Range } from '../report';
import { dottedName } from './dotted';
import { normalize } from './python-library';

export interface ProcessStart {
  /** The statement of the top level. */
  readonly statement: Stmt;
  /** Of the call in it. */
  readonly range: Range;
  /** `Pool`, or the function that is called. */
  readonly what: string;
  /** Where that function starts them. */
  readonly inside: Range | null;
}

/** Constructors whose processes run at once or by their first use. `Process` counts only when it is started. */
const STARTS = /^(multiprocessing\.(Pool|Manager)|concurrent\.futures\.ProcessPoolExecutor)$/;
/** A module that names none of them starts no process. */
const LIBRARIES = /multiprocessing|concurrent|joblib|loky/;
const CHOOSES_FORK = /^multiprocessing\.(set_start_method|get_context)$/;

/** The starts in the order of the text; none when the module chooses fork itself. */
export function startsProcesses(module: ModuleIR): readonly ProcessStart[] {
  const top = module.functions.get('');
  if (!top || (top.text !== undefined && !LIBRARIES.test(top.text)) || choosesFork(module)) return [];
  const within = functionsThatStart(module);
  const found: ProcessStart[] = [];
  const look = (statement: Stmt): void => {
    if (statement.type === 'if' && isMainTest(statement.test)) return statement.else.forEach(look);
    if (statement.type === 'function-def' || statement.type === 'class-def') return;
    if (statement.type === 'if' || statement.type === 'try') {
      const bodies = statement.type === 'if' ? [statement.then, statement.else] : [statement.body, statement.orelse, statement.finally];
      return bodies.flat().forEach(look);
    }
    const start = firstStart(module, top, statement, within);
    if (start) found.push({ ...start, statement: top.body.find((s) => s.span.start <= statement.span.start && statement.span.end <= s.span.end) ?? statement });
  };
  top.body.forEach(look);
  return found;
}

type Start = Omit<ProcessStart, 'statement'>;

function firstStart(module: ModuleIR, fn: FunctionIR, statement: Stmt, within: ReadonlyMap<string, Range>): Start | null {
  let found: Start | null = null;
  walkStmts([statement], {
    stmt: (stmt) => !(stmt.type === 'if' && isMainTest(stmt.test)) && stmt.type !== 'function-def',
    expr(expr) {
      if (expr.type !== 'call' || found) return;
      const range = { start: fn.start + expr.span.start, end: fn.start + expr.span.end };
      const direct = directStart(module, expr);
      if (direct) found = { range, what: direct, inside: null };
      else if (expr.callee.type === 'name') {
        const target = targetOf(module, expr.callee);
        const inside = target && within.get(target);
        if (target && inside) found = { range, what: expr.callee.name, inside };
      }
    },
  });
  return found;
}

/** What a call starts: a pool by making it, a process by `start()`. */
function directStart(module: ModuleIR, call: Call): string | null {
  const name = dottedName(module, call.callee);
  if (name !== null && STARTS.test(normalize(name)) && !call.args.some((a) => a.name === 'mp_context')) return name.split('.').at(-1)!;
  if (call.callee.type !== 'attribute' || call.callee.name !== 'start') return null;
  return isProcess(module, call.callee.object) ? 'start()' : null;
}

function isProcess(module: ModuleIR, expr: Expr): boolean {
  if (expr.type === 'call') return normalize(dottedName(module, expr.callee) ?? '') === 'multiprocessing.Process';
  if (expr.type !== 'name') return false;
  let process = false;
  for (const fn of module.functions.values()) {
    if (!fn.variables.has(expr.variable)) continue;
    walkFunction(fn, {
      stmt(stmt) {
        const binds = stmt.type === 'assign-stmt' && stmt.targets.some((t) => t.type === 'name' && t.variable === expr.variable);
        if (binds && stmt.type === 'assign-stmt' && stmt.value.type === 'call' && isProcess(module, stmt.value)) process = true;
      },
    });
  }
  return process;
}

/** Functions of the module that start processes, themselves or by one that they call, with the place. */
function functionsThatStart(module: ModuleIR): ReadonlyMap<string, Range> {
  const starts = new Map<string, Range>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const fn of module.functions.values()) {
      if (fn.id === '' || fn.broken || starts.has(fn.id) || fn.generator) continue;
      walkFunction(fn, {
        expr(expr) {
          if (expr.type !== 'call' || starts.has(fn.id)) return;
          const target = expr.callee.type === 'name' ? targetOf(module, expr.callee) : null;
          const range = { start: fn.start + expr.span.start, end: fn.start + expr.span.end };
          const inner = target === null ? undefined : starts.get(target);
          if (directStart(module, expr)) starts.set(fn.id, range);
          else if (inner) starts.set(fn.id, inner);
          else return;
          grown = true;
        },
      });
    }
  }
  return starts;
}

function targetOf(module: ModuleIR, name: Expr & { type: 'name' }): string | null {
  const variable = module.functions.get('')?.variables.get(name.variable);
  return variable?.kind === 'function' && variable.constant ? (variable.target ?? null) : null;
}

function choosesFork(module: ModuleIR): boolean {
  let fork = false;
  for (const fn of module.functions.values()) {
    walkFunction(fn, {
      expr(expr) {
        if (expr.type !== 'call' || !CHOOSES_FORK.test(dottedName(module, expr.callee) ?? '')) return;
        const method = expr.args[0]?.value;
        if (method?.type === 'const' && method.value === 'fork') fork = true;
      },
    });
  }
  return fork;
}

/** `__name__ == "__main__"`, either way round, alone or with `and`. */
export function isMainTest(test: Expr): boolean {
  if (test.type === 'logical') return test.operator === 'and' && (isMainTest(test.left) || isMainTest(test.right));
  if (test.type !== 'compare' || test.operators[0] !== '==') return false;
  let name = false;
  let main = false;
  for (const operand of test.operands) {
    walkExpr(operand, {
      expr(expr) {
        if (expr.type === 'name' && expr.name === '__name__') name = true;
        if (expr.type === 'const' && expr.value === '__main__') main = true;
      },
    });
  }
  return name && main;
}
