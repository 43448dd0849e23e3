/** Whether a place is read after a loop. */
import type { VarId } from '../ir/ir';
import type { Loc } from './domain';
import type { Machine } from './machine';
import type { LoopTrace } from './trace';

/** Whether the value that a variable has when the loop ends may be read. */
export function variableLiveAfter(m: Machine, trace: LoopTrace, id: VarId): boolean {
  if (m.inlinedFunctions.some((fn) => fn.variables.has(id)) && !trace.fn.variables.has(id) && !enclosing(m, trace, id)) return false;
  const variable = m.analyzer.variable(m.module, id);
  const ownedHere = m.root.variables.has(id) || m.inlinedFunctions.some((fn) => fn.variables.has(id));
  if (!ownedHere) return true;
  if (m.root.kind === 'module' && !blockScoped(m, id) && visibleOutside(m, trace, id)) return true;
  return readInModule(m, trace, id, variable?.captured ?? false);
}

/** Whether this very module's code may read a module's name after the loop: nothing is said of the modules that import it. */
export function readAfterInModule(m: Machine, trace: LoopTrace, id: VarId): boolean {
  return readInModule(m, trace, id, true);
}

function readInModule(m: Machine, trace: LoopTrace, id: VarId, captured: boolean): boolean {
  if (captured && capturedElsewhere(m, id)) return true;
  return readLater(m, trace, (loc) => loc.base.kind === 'variable' && loc.base.id === id && loc.path.length === 0);
}

function enclosing(m: Machine, trace: LoopTrace, id: VarId): boolean {
  // A callback around the loop owns it: the loop is inside that callback's code.
  return m.inlinedFunctions.some((fn) => fn.variables.has(id) && (fn === trace.fn || trace.fn.id.startsWith(`${fn.id}.`)));
}

const blockScoped = (m: Machine, id: VarId): boolean => m.module.language !== 'python' && /#\d+$/.test(id);

/** A module's names can be read by others, unless the code only runs as a script. */
function visibleOutside(m: Machine, trace: LoopTrace, id: VarId): boolean {
  if (m.module.language !== 'python') return m.module.exports.some((entry) => entry.variable === id);
  return !underMainGuard(m, trace);
}

/** Python: whether the loop stands under `if __name__ == '__main__'`. */
export function underMainGuard(m: Machine, trace: LoopTrace): boolean {
  if (!m.module.mainGuard || trace.fn.kind !== 'module') return false;
  return trace.fn.body.some((stmt) => {
    if (stmt.type !== 'if' || stmt.test.type !== 'compare') return false;
    const guard = stmt.test.operands.some((operand) => operand.type === 'name' && operand.name === '__name__');
    return guard && stmt.span.start <= trace.node.span.start && trace.node.span.end <= stmt.span.end;
  });
}

function capturedElsewhere(m: Machine, id: VarId): boolean {
  for (const fn of m.module.functions.values()) if (fn !== m.root && fn.free.has(id) && !m.inlinedFunctions.includes(fn) && fn.kind !== 'module') return true;
  return false;
}

function readLater(m: Machine, trace: LoopTrace, matches: (loc: Loc) => boolean): boolean {
  for (let at = trace.last; at < m.accesses.length; at++) {
    const access = m.accesses[at]!;
    if (access.mode === 'read' && access.coveredAt < trace.last && matches(access.loc)) return true;
  }
  // The next iteration of a loop around it may read what this one left.
  for (let outer = trace.parent; outer; outer = outer.parent) {
    for (let at = outer.first; at < trace.first; at++) {
      const access = m.accesses[at]!;
      if (access.mode === 'read' && access.exposedFrom <= outer.depth && matches(access.loc)) return true;
    }
    for (let at = trace.first; at < trace.last; at++) {
      const access = m.accesses[at]!;
      if (access.mode === 'read' && access.exposedFrom <= outer.depth && matches(access.loc)) return true;
    }
  }
  return false;
}
