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
  const fresh: (WantedImport & { alias: string })[] = [];
  for (const want of missing) {
    const edit = want.name === null || want.alias !== want.name ? null : extended(imports, text, top.start, want);
    if (edit && !edits.some((e) => e.start === edit.start)) edits.push(edit);
    else fresh.push(want);
  }
  edits.push(...newLines(top.body, text, top.start, importLines(fresh)));
  return { names, edits };
}

/** One line for each module, or for each name that gets another one. */
function importLines(wanted: readonly (WantedImport & { alias: string })[]): string[] {
  const lines: string[] = [];
  const byModule = new Map<string, string[]>();
  for (const { module, name, alias } of wanted) {
    if (name === null) lines.push(`import ${module}${alias === module ? '' : ` as ${alias}`}`);
    else if (alias !== name) lines.push(`from ${module} import ${name} as ${alias}`);
    else byModule.set(module, [...(byModule.get(module) ?? []), name]);
  }
  for (const [module, names] of byModule) lines.push(`from ${module} import ${names.sort((a, b) => (order(a) < order(b) ? -1 : 1)).join(', ')}`);
  return lines;
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

/** The standard library's modules stand in a block before the packages'. */
function newLines(body: readonly Stmt[], text: string, base: number, lines: readonly string[]): TextEdit[] {
  if (lines.length === 0) return [];
  const blocks = importBlocks(body, text, base);
  const [first, second] = blocks;
  if (!first) return [headOfFile(body, text, base, sections(lines))];
  const start = lineStart(text, base + first[0]!.span.start);
  const standard = lines.filter((line) => isStandardModule(moduleOf(line)));
  const foreign = lines.filter((line) => !standard.includes(line));
  if (!first.some((s) => isStandardModule(s.module))) {
    const before = standard.length > 0 ? [{ start, end: start, text: `${sortLines(standard).join('\n')}\n\n` }] : [];
    return [...before, ...into(first, text, base, foreign)];
  }
  if (foreign.length === 0 || first.some((s) => !isStandardModule(s.module))) return into(first, text, base, lines);
  if (second && second.some((s) => !isStandardModule(s.module))) return [...into(first, text, base, standard), ...into(second, text, base, foreign)];
  const end = nextLineStart(text, base + first[first.length - 1]!.span.end - 1);
  const newline = end > 0 && text[end - 1] !== '\n' ? '\n' : '';
  return [...into(first, text, base, standard), { start: end, end, text: `${newline}\n${sortLines(foreign).join('\n')}\n` }];
}

/** Each line before the first import of the block that sorts after it, or behind the block. */
function into(block: readonly Import[], text: string, base: number, lines: readonly string[]): TextEdit[] {
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

function moduleOf(line: string): string {
  return /^\s*(?:import|from)\s+([\w.]+)/.exec(line)![1]!;
}

/** Lines of both kinds, with a blank line between them. */
function sections(lines: readonly string[]): string {
  const standard = lines.filter((line) => isStandardModule(moduleOf(line)));
  const foreign = lines.filter((line) => !standard.includes(line));
  return [standard, foreign].filter((part) => part.length > 0).map((part) => sortLines(part).join('\n')).join('\n\n');
}

/** The first two runs of top-level imports without a blank line between them, `__future__` left out. */
function importBlocks(body: readonly Stmt[], text: string, base: number): Import[][] {
  const blocks: Import[][] = [];
  let last: Import | null = null;
  for (const stmt of body) {
    if (last === null && (isDocstring(stmt) || (stmt.type === 'import' && stmt.module === '__future__'))) continue;
    if (stmt.type !== 'import') break;
    if (text.slice(lineStart(text, base + stmt.span.start), base + stmt.span.start).trim() !== '') break;
    const apart = last === null || /\n[ \t]*\r?\n/.test(text.slice(base + last.span.end, base + stmt.span.start));
    if (apart && blocks.length === 2) break;
    if (apart) blocks.push([stmt]);
    else blocks[blocks.length - 1]!.push(stmt);
    last = stmt;
  }
  return blocks;
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
function headOfFile(body: readonly Stmt[], text: string, base: number, lines: string): TextEdit {
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
  return { start: at, end: at, text: newline + blankBefore + lines + '\n' + '\n'.repeat(Math.max(0, wanted - blanks)) };
}
