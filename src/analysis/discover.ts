/** Which functions have something to judge: the others are only looked at when one of these calls them. */
import type { Call, FunctionIR, ModuleIR } from '../ir/ir';
import { walkFunction } from '../ir/walk';

const CALLS = new Set(['map', 'flatMap', 'filter', 'forEach', 'some', 'every', 'find', 'findLast', 'findIndex', 'findLastIndex', 'reduce', 'reduceRight', 'from']);

/** Whether a call may run a function over and over, by its form. */
export function isLoopCall(call: Call): boolean {
  const name = call.callee.type === 'attribute' || call.callee.type === 'name' ? call.callee.name : '';
  return CALLS.has(name) && call.args.length > 0;
}

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
        if (isLoopCall(expr)) found = true;
      } else if (expr.type === 'function' && depth < 4) {
        const inner = module.functions.get(expr.function);
        if (inner && hasLoop(inner, module, depth + 1)) found = true;
      }
      return !found;
    },
  });
  return found;
}
