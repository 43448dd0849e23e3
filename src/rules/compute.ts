/** What is known of the work of a function that a worker runs: whether it only computes, and how much. */
import type { Target } from '../analysis/workers';
import type { FunctionIR, ModuleIR } from '../ir/ir';
import { walkFunction } from '../ir/walk';

/** Modules of Python's library whose functions hold the GIL while they compute, and neither wait nor lock. */
const HOLDS_GIL = new Set(
  'math cmath random itertools functools collections operator statistics decimal fractions string heapq bisect typing dataclasses enum copy numbers textwrap difflib colorsys __future__'.split(' '),
);

/** The function and all that it calls is Python code in one module that only computes on what it is given, and writes nothing that others see. */
export function onlyComputes(target: Target): boolean {
  const { summary, module } = target;
  if (summary.provisional || summary.io || summary.awaits || summary.generator || summary.exits || summary.unresolved.length > 0) return false;
  if (summary.accesses.some((access) => access.mode === 'write')) return false;
  return calledFunctions(target)?.every((fn) => [...fn.free].every((id) => isPlain(module, id))) ?? false;
}

/** The function and those that it calls, directly or not; null when some are in other modules. */
function calledFunctions(target: Target): readonly FunctionIR[] | null {
  const found = [target.fn];
  for (const { path, function: id } of target.summary.callees) {
    const fn = path === target.module.path ? target.module.functions.get(id) : undefined;
    if (!fn) return null;
    found.push(fn);
  }
  return found;
}

/** Names of the module itself, builtins, and parts of modules that only compute. */
function isPlain(module: ModuleIR, id: string): boolean {
  const owner = module.functions.get(id.slice(0, Math.max(0, id.lastIndexOf('/'))));
  const source = owner?.variables.get(id)?.import;
  return !source || (!source.level && HOLDS_GIL.has(source.module.split('.')[0]!));
}

/** It, or a function that it calls, has a loop. */
export function loops(target: Target): boolean {
  return (calledFunctions(target) ?? []).some((fn) => {
    let found = false;
    walkFunction(fn, {
      stmt(stmt) {
        if (stmt.type === 'for-each' || stmt.type === 'for' || stmt.type === 'while') found = true;
      },
      expr(expr) {
        if (expr.type === 'comprehension') found = true;
      },
    });
    return found;
  });
}
