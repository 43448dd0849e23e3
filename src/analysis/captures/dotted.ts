/** The dotted name of a library's function or class that an expression stands for, by the imports alone. */
import type { Expr, FunctionIR, ModuleIR, Variable } from '../../ir/ir';

/** `concurrent.futures.ProcessPoolExecutor` for `ProcessPoolExecutor`, `futures.ProcessPoolExecutor`, …; null for anything else. */
export function dottedName(module: ModuleIR, expr: Expr): string | null {
  if (expr.type === 'attribute') {
    const object = dottedName(module, expr.object);
    return object === null ? null : `${object}.${expr.name}`;
  }
  if (expr.type === 'call') {
    const callee = dottedName(module, expr.callee);
    return callee === null ? null : `${callee}()`;
  }
  if (expr.type !== 'name') return null;
  if (expr.variable.startsWith('builtin/')) return `builtins.${expr.name}`;
  const source = variableOf(module, expr.variable)?.import;
  if (!source || source.level) return null;
  const base = source.module.replace(/^node:/, '');
  return source.name === null || source.name === 'default' ? base : `${base}.${source.name}`;
}

function variableOf(module: ModuleIR, id: string): Variable | undefined {
  const owner: FunctionIR | undefined = module.functions.get(id.slice(0, Math.max(0, id.lastIndexOf('/'))));
  return owner?.variables.get(id) ?? module.functions.get('')?.variables.get(id);
}
