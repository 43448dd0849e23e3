/** Where and how to write into a Python file so that the result looks like the rest of it. */
import type { ModuleIR, Stmt } from '../ir/ir';
import { scanPython } from './python-lexer';
import { indentAt, lineEnd, lineStart, nextLineStart } from './source';

/** The file's unit of indentation, taken from its first indented line that follows a colon; else `fallback`. */
export function indentUnit(text: string, fallback: string): string {
  const { strings } = scanPython(text);
  const blocks = /:[ \t]*(?:#[^\n]*)?\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*([ \t]+)[^\s#]/g;
  for (let match = blocks.exec(text); match; match = blocks.exec(text)) {
    const colon = match.index;
    if (strings.some((s) => s.start < colon && colon < s.end)) continue;
    const outer = indentAt(text, colon);
    const inner = match[1]!;
    if (inner.startsWith(outer) && inner.length > outer.length) return inner.slice(outer.length);
  }
  return fallback;
}

/** The quote that most of the file's one-line strings use; `"` when it has none, as formatters write it. */
export function preferredQuote(text: string): '"' | "'" {
  let single = 0;
  let double = 0;
  for (const { start, end } of scanPython(text).strings) {
    const quote = /^[a-zA-Z]*(['"])/.exec(text.slice(start, end))?.[1];
    if (/^[a-zA-Z]*('''|""")/.test(text.slice(start, end))) continue;
    if (quote === "'") single++;
    else double++;
  }
  return single > double ? "'" : '"';
}

/** Every identifier in the file, keywords and words in comments among them: a name that is not here collides with nothing. */
export function identifiers(text: string): Set<string> {
  return new Set(text.match(/[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/g) ?? []);
}

const KEYWORDS = new Set(
  ('False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda ' +
    'nonlocal not or pass raise return try while with yield match case type').split(' '),
);

/** Builtins that a generated name must not hide. */
const BUILTINS = new Set(
  ('abs all any bin bool bytes chr dict dir enumerate eval exec filter float format frozenset hash hex id input int iter len list map max min ' +
    'next object oct open ord pow print property range repr reversed round set slice sorted str sum super tuple type vars zip').split(' '),
);

/** `base`, or `base_2`, `base_3`, … : the first that is not taken. It is then taken. */
export function uniqueName(base: string, taken: Set<string>): string {
  let name = base;
  for (let n = 2; taken.has(name) || KEYWORDS.has(name) || BUILTINS.has(name); n++) name = `${base.replace(/_$/, '')}_${n}`;
  taken.add(name);
  return name;
}

/** Offset of the first character of a statement's first line, decorators included. */
export function statementStart(text: string, stmt: Stmt, base: number): number {
  let at = lineStart(text, base + stmt.span.start);
  if (stmt.type !== 'function-def' && stmt.type !== 'class-def') return at;
  for (const decorator of stmt.decorators) at = Math.min(at, lineStart(text, base + decorator.span.start));
  return at;
}

/** Moves up over the comment lines that stand directly above a line, at its indentation. */
export function withCommentsAbove(text: string, start: number): number {
  const indent = indentAt(text, start);
  let at = start;
  while (at > 0) {
    const above = lineStart(text, at - 1);
    const line = text.slice(above, lineEnd(text, above));
    if (!line.startsWith(indent + '#') || (above === 0 && line.startsWith('#!')) || /^#.*coding[:=]/.test(line)) break;
    at = above;
  }
  return at;
}

/** Offset behind the line end of a statement's last line (a comment that follows on that line is part of it). */
export function statementEnd(text: string, stmt: Stmt, base: number): number {
  return nextLineStart(text, Math.max(base + stmt.span.start, base + stmt.span.end - 1));
}

/** The top-level statement that holds an absolute offset. */
export function topLevelStatementAt(module: ModuleIR, text: string, offset: number): Stmt | null {
  const top = module.functions.get('')!;
  return top.body.find((stmt) => statementStart(text, stmt, top.start) <= offset && offset < statementEnd(text, stmt, top.start)) ?? null;
}

/** The statement is the module's docstring: a string by itself, first in the file. */
export function isDocstring(stmt: Stmt | undefined): boolean {
  return stmt?.type === 'expr' && stmt.value.type === 'const' && stmt.value.kind === 'string';
}

/** Some function of the file begins with a docstring. */
export function usesDocstrings(module: ModuleIR): boolean {
  return [...module.functions.values()].some((fn) => fn.kind !== 'module' && fn.kind !== 'lambda' && isDocstring(fn.body[0]));
}
