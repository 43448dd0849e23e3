import type { ModuleIR, Stmt } from '../../ir/ir';
import { startOfLine } from '../lines';

/** One step of indentation as the module has it: what stands before the first statement inside another; four spaces where none does. */
export function indentUnit(module: ModuleIR, text: string): string {
  for (const fn of module.functions.values()) {
    const inner = fn.parent === '' && fn.class === null ? fn.body.map((s) => fn.start + s.span.start) : fn.id === '' ? fn.body.flatMap(insideOf).map((s) => s.span.start) : [];
    for (const at of inner) {
      const before = text.slice(startOfLine(text, at), at);
      if (/^[ \t]+$/.test(before)) return before;
    }
  }
  return '    ';
}

function insideOf(stmt: Stmt): readonly Stmt[] {
  switch (stmt.type) {
    case 'if':
      return stmt.then;
    case 'for-each':
    case 'while':
    case 'with':
    case 'try':
    case 'class-def':
      return stmt.body;
    default:
      return [];
  }
}
