/** The names from outside that a loop's body reads: what has to reach a worker. */
import type { Expr, FunctionIR, Span, Stmt, VarId } from '../ir/ir';
import { walkExpr, walkStmts } from '../ir/walk';
import { isStmt } from './loopWalk';
import type { Machine } from './machine';
import type { Capture } from './report';
import type { LoopTrace } from './trace';
import { baseKey } from './domain';

export function capturesOf(m: Machine, trace: LoopTrace): Capture[] {
  const found = new Map<string, Capture>();
  const relative = (fn: FunctionIR, span: Span): Span => ({ start: span.start + fn.start - trace.fn.start, end: span.end + fn.start - trace.fn.start });
  const exposed = new Set<string>();
  for (let at = trace.first; at < trace.last; at++) {
    const access = m.accesses[at]!;
    const { base, path } = access.loc;
    if (access.mode === 'read' && base.kind === 'variable' && path.length === 0 && access.exposedFrom <= trace.depth) exposed.add(baseKey(base));
  }
  const inner = new Set<FunctionIR>();
  const put = (id: VarId, name: string, span: Span, fn: FunctionIR, nested: boolean): void => {
    if (found.has(id) || trace.headerWrites.has(id)) return;
    for (const each of inner) if (each.variables.has(id)) return;
    const builtin = id.startsWith('builtin/');
    const variable = builtin ? null : m.analyzer.variable(m.module, id);
    const kind = builtin ? 'builtin' : variable?.kind === 'function' ? 'function' : variable?.kind === 'class' ? 'class' : variable?.kind === 'import' ? importKind(m, id) : 'value';
    if (kind === 'value' && !nested && !exposed.has(`v:${m.module.path}:${id}`)) return;
    if (kind === 'value' && nested && variable && declaredInside(trace, variable.owner, id, exposed, m)) return;
    const value = m.env.get(id);
    const type = variable?.type ?? value?.type ?? undefined;
    found.set(id, { variable: id, name, kind, span: relative(fn, span), ...(type ? { type } : {}), mutableGlobal: variable !== null && variable.owner === '' && variable.kind === 'local' && !variable.constant });
  };
  const visit = (code: readonly (Stmt | Expr)[], fn: FunctionIR, nested: boolean): void => {
    const enter = {
      expr(expr: Expr) {
        if (expr.type === 'name') put(expr.variable, expr.name, expr.span, fn, nested);
        else if (expr.type === 'this' && expr.kind === 'this' && (fn.arrow || fn === trace.fn) && !found.has('this'))
          found.set('this', { variable: null, name: 'this', kind: 'this', span: relative(fn, expr.span), mutableGlobal: false });
        else if (expr.type === 'function') enterFunction(expr.function, fn);
      },
      target(target: Parameters<NonNullable<Parameters<typeof walkStmts>[1]['target']>>[0]) {
        if (target.type === 'name') put(target.variable, target.name, target.span, fn, nested);
      },
      stmt(stmt: Stmt) {
        if (stmt.type === 'function-def') enterFunction(stmt.function, fn);
      },
    };
    for (const item of code) {
      if (isStmt(item)) walkStmts([item], enter);
      else walkExpr(item, enter);
    }
  };
  const enterFunction = (id: string, _from: FunctionIR): void => {
    const fn = m.module.functions.get(id);
    if (!fn || inner.has(fn)) return;
    inner.add(fn);
    const inlined = m.inlinedFunctions.includes(fn);
    visit(fn.body, fn, !inlined);
  };
  const { node } = trace;
  if (node.type === 'comprehension') {
    node.clauses.forEach((clause, at) => {
      if (at > 0) visit([clause.iterable], trace.fn, false);
      visit(clause.conditions, trace.fn, false);
    });
    visit([...(node.key ? [node.key] : []), node.element], trace.fn, false);
  } else if (node.type === 'call') {
    if (trace.call?.argument) visit([trace.call.argument.value], trace.fn, true);
  } else visit(node.body, trace.fn, false);
  return [...found.values()];
}

function importKind(m: Machine, id: VarId): Capture['kind'] {
  const variable = m.analyzer.variable(m.module, id);
  const value = variable ? m.analyzer.constantValue(m.module, variable) : null;
  if (value?.cls) return 'class';
  if (value && value.functions.length > 0) return 'function';
  return value?.library ? 'function' : 'module';
}

/** A name of a nested function that the loop's own body binds anew in every iteration does not come from outside. */
function declaredInside(trace: LoopTrace, owner: string, id: VarId, exposed: ReadonlySet<string>, m: Machine): boolean {
  if (owner !== trace.fn.id) return false;
  if (exposed.has(`v:${m.module.path}:${id}`)) return false;
  for (let at = trace.first; at < trace.last; at++) {
    const access = m.accesses[at]!;
    if (access.mode === 'write' && access.loc.base.kind === 'variable' && access.loc.base.id === id && access.loc.path.length === 0) return true;
  }
  return false;
}
