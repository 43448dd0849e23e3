/** Puts the end of a Python module under `if __name__ == "__main__":`. */
import type { ModuleIR, Stmt } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import { endOfLine, lineIndexOf, lineStarts, startOfLine } from '../lines';
import type { Fix } from '../types';
import { indentUnit } from './indent';

/** The fix from a statement to the end of the module; null where definitions or imports stand behind it, which workers need. */
export function guardFrom(module: ModuleIR, text: string, from: Stmt): Fix | null {
  const { body } = module.functions.get('')!;
  const moved = body.slice(body.indexOf(from));
  if (moved.some((stmt) => ['function-def', 'class-def', 'import', 'error'].includes(stmt.type))) return null;
  const start = startOfLine(text, from.span.start);
  if (text.slice(start, from.span.start).trim() !== '') return null;

  const keep = linesInsideStrings(module, text, moved);
  const starts = lineStarts(text);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = indentUnit(module, text);
  const edits = [{ start, end: start, text: `if __name__ == "__main__":${eol}` }];
  for (let line = lineIndexOf(starts, start); line < starts.length; line++) {
    const at = starts[line]!;
    if (!keep.has(line) && text.slice(at, endOfLine(text, at)).trim() !== '') edits.push({ start: at, end: at, text: indent });
  }
  return {
    id: 'add-main-guard',
    kind: 'edit',
    title: 'Put it under if __name__ == "__main__":',
    applicability: readBack(module, moved) ? 'assumes' : 'safe',
    edits: [{ path: module.path, edits }],
  };
}

/** Lines that begin inside a string: indenting them would change it. */
function linesInsideStrings(module: ModuleIR, text: string, moved: readonly Stmt[]): Set<number> {
  const starts = lineStarts(text);
  const lines = new Set<number>();
  const add = (start: number, end: number): void => {
    for (let line = lineIndexOf(starts, start) + 1; line < starts.length && starts[line]! < end; line++) lines.add(line);
  };
  walkStmts(moved, {
    expr(expr) {
      if ((expr.type === 'const' && (expr.kind === 'string' || expr.kind === 'bytes')) || expr.type === 'template') add(expr.span.start, expr.span.end);
    },
  });
  // Lambdas among them are functions of their own; a string in one may run over lines too.
  for (const fn of module.functions.values()) {
    if (fn.id === '' || fn.start < moved[0]!.span.start) continue;
    walkStmts(fn.body, {
      expr(expr) {
        if (expr.type === 'const' && expr.kind === 'string') add(fn.start + expr.span.start, fn.start + expr.span.end);
      },
    });
  }
  return lines;
}

/** Whether a function reads a global that the moved statements bind: a spawned worker would no longer have it. */
function readBack(module: ModuleIR, moved: readonly Stmt[]): boolean {
  const bound = new Set<string>();
  walkStmts(moved, {
    target(target) {
      if (target.type === 'name') bound.add(target.variable);
    },
  });
  return [...module.functions.values()].some((fn) => fn.id !== '' && fn.start < moved[0]!.span.start && [...fn.free].some((id) => bound.has(id)));
}
