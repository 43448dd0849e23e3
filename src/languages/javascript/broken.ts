/** Which functions a syntax error touches. */
import type { SyntaxProblem } from '../../ir/ir';
import type { FunctionInfo, Outline } from './outline';

/** Nothing is claimed about a function, nor about those around it; the module's own top level is spared when it is not the one. */
export function breakWithOuter(innermost: FunctionInfo): void {
  innermost.broken = true;
  for (let info = innermost.parent; info && info.kind !== 'module'; info = info.parent) info.broken = true;
}

/** Marks the functions that a syntax error lies in: the innermost around it and those around that, the module only if it is the innermost. */
export function markBroken(outlined: Outline, problems: readonly SyntaxProblem[], text: string): void {
  const end = text.trimEnd().length;
  for (const problem of problems) {
    let innermost = outlined.module;
    for (const info of outlined.functions) {
      const inside = info.start <= problem.start && (problem.start < info.end || (problem.start >= end && info.end >= end));
      if (inside && info.end - info.start <= innermost.end - innermost.start) innermost = info;
    }
    breakWithOuter(innermost);
  }
}
