/** Which functions have something to judge: the others are only looked at when one of these calls them. */
import type { FunctionIR, ModuleIR } from '../ir/ir';
import { walkFunction } from '../ir/walk';

const CALLS = new Set(['map', 'flatMap', 'filter', 'forEach', 'some', 'every', 'find', 'findLast', 'findIndex', 'findLastIndex', 'reduce', 'reduceRight', 'from']);

/** Whether a function holds a loop, or a callback that does. */
export function hasLoop(fn: FunctionIR, module: ModuleIR, depth = 0): boolean {
  let found = false;
  walkFunction(fn, {
    stmt(stmt) {
      if (stmt.type === 'for' || stmt.type === 'for-each' || stmt.type === 'while') found = true;
      return !found;
    },
    expr(expr) {
      if (expr.type === 'comprehension') found = true;
      else if (expr.type === 'call') {
        const name = expr.callee.type === 'attribute' ? expr.callee.name : expr.callee.type === 'name' ? expr.callee.name : '';
        if (CALLS.has(name) && expr.args.length > 0) found = true;
      } else if (expr.type === 'function' && depth < 4) {
        const inner = module.functions.get(expr.function);
        if (inner && hasLoop(inner, module, depth + 1)) found = true;
      }
      return !found;
    },
  });
  return found;
}
