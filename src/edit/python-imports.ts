/** Adds imports to a Python file, reusing those that it has. */
import type { Import, ModuleIR, Stmt } from '../ir/ir';
import type { TextEdit } from './edit';
import { isDocstring } from './python';
import { isStandardModule } from './python-stdlib';
import { lineEnd, lineStart, nextLineStart } from './source';

/** `from module import name`, or `import module` where name is null. */
export interface WantedImport {
  readonly module: string;
  readonly name: string | null;
}

export interface Imported {
  /** How to write each wanted name in the code, in the order wanted. */
  readonly names: readonly string[];
  readonly edits: readonly TextEdit[];
}

/**
 * Finds how each wanted name is reached in the module's top-level scope, and the edits that import the missing ones. New lines go
 * where a formatter would sort them; `from __future__` and the docstring stay first.
 * `free(name)` tells whether a name may be bound at the top level; a taken one is imported under an alias.
 */
export function importNames(module: ModuleIR, text: string, wanted: readonly WantedImport[], free: (name: string) => boolean): Imported {
  const top = module.functions.get('')!;
  const imports = top.body.filter((s): s is Import => s.type === 'import');
  const missing: (WantedImport & { alias: string })[] = [];
  const names = wanted.map((want) => {
    const known = existing(imports, want);
    if (known) return known;
    const base = want.name ?? want.module;
    const alias = free(base) ? base : `_${base}`;
    missing.push({ ...want, alias });
    return alias;
  });
  const edits: TextEdit[] = [];
  const fresh: string[] = [];
  for (const want of missing) {
    const edit = want.name === null || want.alias !== want.name ? null : extended(imports, text, top.start, want);
    if (edit && !edits.some((e) => e.start === edit.start)) edits.push(edit);
    else fresh.push(importLine(want));
  }
  edits.push(...newLines(top.body, text, top.start, fresh));
  return { names, edits };
}

function importLine(want: WantedImport & { alias: string }): string {
  const original = want.name ?? want.module;
  const as = want.alias === original ? '' : ` as ${want.alias}`;
  return want.name === null ? `import ${want.module}${as}` : `from ${want.module} import ${want.name}${as}`;
}

/** The name under which an import of the file already gives it. */
function existing(imports: readonly Import[], want: WantedImport): string | null {
  for (const statement of imports) {
    for (const { target, source } of statement.bindings) {
      if (source.level) continue;
      if (source.module === want.module && source.name === want.name && want.name !== null) return target.name;
      // `from concurrent import futures` gives what `concurrent.futures` has.
      if (source.name !== null && want.name !== null && `${source.module}.${source.name}` === want.module) return `${target.name}.${want.name}`;
      if (source.name !== null || statement.module !== want.module) continue;
      // `import a.b` binds `a`; `import a.b as c` binds `c`.
      const whole = target.name === want.module.split('.')[0] ? want.module : target.name;
      return want.name === null ? whole : `${whole}.${want.name}`;
    }
  }
  return null;
}

/** Adds the name to a `from module import a, b` on one line, keeping its order sorted where it was. */
function extended(imports: readonly Import[], text: string, base: number, want: WantedImport): TextEdit | null {
  const statement = imports.find((s) => !s.star && s.bindings.length > 0 && s.bindings.every((b) => b.source.module === want.module && b.source.name !== null && !b.source.level));
  if (!statement) return null;
  const span = { start: base + statement.span.start, end: base + statement.span.end };
  const source = text.slice(span.start, span.end);
  const match = /^(from\s+[\w.]+\s+import\s+)([\w, ]+)$/.exec(source);
  if (!match || source.length + want.name!.length + 2 > 100) return null;
  const items = match[2]!.split(',').map((item) => item.trim());
  const sorted = items.every((item, i) => i === 0 || order(items[i - 1]!) <= order(item));
  const at = sorted ? items.findIndex((item) => order(item) > order(want.name!)) : -1;
  items.splice(at < 0 ? items.length : at, 0, want.name!);
  return { start: span.start, end: span.end, text: match[1]! + items.join(', ') };
}

/** Constants before classes before functions, as import sorters have it. */
function order(name: string): string {
  const group = name === name.toUpperCase() ? 0 : /^[A-Z]/.test(name) ? 1 : 2;
  return `${group}${name.toLowerCase()}`;
}

function newLines(body: readonly Stmt[], text: string, base: number, lines: readonly string[]): TextEdit[] {
  if (lines.length === 0) return [];
  const block = firstBlock(body, text, base);
  if (block.length === 0) return [headOfFile(body, text, base, lines)];
  const first = block[0]!;
  if (!block.some((s) => isStandardModule(s.module))) {
    const at = lineStart(text, base + first.span.start);
    return [{ start: at, end: at, text: sortLines(lines).join('\n') + '\n\n' }];
  }
  // Each line before the first import that sorts after it, or behind the block.
  const edits = new Map<number, string[]>();
  for (const line of sortLines(lines)) {
    const next = block.find((s) => sortKey(text.slice(base + s.span.start, base + s.span.end)) > sortKey(line));
    const at = next ? lineStart(text, base + next.span.start) : nextLineStart(text, base + block[block.length - 1]!.span.end - 1);
    edits.set(at, [...(edits.get(at) ?? []), line]);
  }
  return [...edits].map(([at, inserted]) => ({
    start: at,
    end: at,
    text: (at > 0 && text[at - 1] !== '\n' ? '\n' : '') + inserted.join('\n') + '\n',
  }));
}

/** The first run of top-level imports without a blank line between them, `__future__` left out. */
function firstBlock(body: readonly Stmt[], text: string, base: number): Import[] {
  const block: Import[] = [];
  for (const stmt of body) {
    if (block.length === 0 && (isDocstring(stmt) || (stmt.type === 'import' && stmt.module === '__future__'))) continue;
    if (stmt.type !== 'import') break;
    const last = block[block.length - 1];
    if (last && /\n[ \t]*\r?\n/.test(text.slice(base + last.span.end, base + stmt.span.start))) break;
    if (text.slice(lineStart(text, base + stmt.span.start), base + stmt.span.start).trim() !== '') break;
    block.push(stmt);
  }
  return block;
}

/** `import x` lines before `from x import y` lines, each by module. */
function sortKey(line: string): string {
  const match = /^\s*(import|from)\s+([\w.]+)/.exec(line);
  return match ? `${match[1] === 'import' ? 0 : 1} ${match[2]!.toLowerCase()}` : '2';
}

function sortLines(lines: readonly string[]): string[] {
  return [...lines].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

/** A file without imports: behind the shebang, comments at the head, docstring and `__future__`. */
function headOfFile(body: readonly Stmt[], text: string, base: number, lines: readonly string[]): TextEdit {
  let at = 0;
  for (const stmt of body) {
    if (!isDocstring(stmt) && !(stmt.type === 'import' && stmt.module === '__future__')) break;
    at = nextLineStart(text, base + stmt.span.end - 1);
  }
  const behindHead = at > 0;
  if (!behindHead) {
    if (text.startsWith('\ufeff')) at = 1;
    // Comments at the head of the file that a blank line parts from the code: shebang, licence, coding.
    let end = at;
    while (end < text.length && text[end] === '#') end = nextLineStart(text, end);
    const shebang = text.startsWith('#!', at) || /^#.*coding[:=]/.test(text.slice(at, lineEnd(text, at)));
    if (end > at && (shebang || /^[ \t\r]*\n/.test(text.slice(end)))) at = end;
  }
  const blankBefore = at > 0 && !(at === 1 && text.startsWith('\ufeff')) ? '\n' : '';
  const rest = text.slice(at);
  const blanks = /^(?:[ \t]*\r?\n)*/.exec(rest)![0].split('\n').length - 1;
  const next = rest.trimStart();
  const wanted = /^(?:@|def |class |async def )/.test(next) ? 2 : 1;
  const newline = at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\ufeff' ? '\n' : '';
  return { start: at, end: at, text: newline + blankBefore + sortLines(lines).join('\n') + '\n' + '\n'.repeat(Math.max(0, wanted - blanks)) };
}
