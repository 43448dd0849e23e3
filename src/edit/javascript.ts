/** What an edit of JavaScript needs: the file's style, its pieces under another indentation, where imports go. Offsets are UTF-16 units. */
import { applyEdits, type TextEdit } from './edit';
import { lineEnd, lineEndOf, lineStart, lineStartsIn, nextLineStart } from './source';

export interface JavaScriptStyle {
  /** One unit of indentation. */
  readonly indent: string;
  readonly quote: "'" | '"';
  readonly semicolons: boolean;
  readonly eol: '\n' | '\r\n';
}

/** The style that most of a file shows. `fallback` is the indentation of a file that has none. */
export function javaScriptStyle(text: string, fallback: string): JavaScriptStyle {
  const single = text.match(/(?<=^|[\s(,=:[{])'(?=[^'\n]*')/gm)?.length ?? 0;
  const double = text.match(/(?<=^|[\s(,=:[{])"(?=[^"\n]*")/gm)?.length ?? 0;
  const ended = text.match(/;[ \t]*(?:\/\/.*)?\r?$/gm)?.length ?? 0;
  // Lines that would carry a semicolon in a file that uses them.
  const open = text.match(/^[ \t]*(?:(?:const|let|var|import|return|throw)\b.*|\w[\w.]*\(.*\))[^;,{([+\-*/&|=?:.<>\s]\r?$/gm)?.length ?? 0;
  return { indent: indentUnit(text) ?? fallback, quote: double > single ? '"' : "'", semicolons: ended >= open, eol: lineEndOf(text) };
}

/** The step by which lines are indented; null when no line is. Lines of block comments are not counted. */
function indentUnit(text: string): string | null {
  if (/^\t/m.test(text)) return '\t';
  const steps = new Map<number, number>();
  let before = 0;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:\*|$)/.test(line)) continue;
    const width = /^ */.exec(line)![0].length;
    if (width > before) steps.set(width - before, (steps.get(width - before) ?? 0) + 1);
    before = width;
  }
  const usual = [...steps].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0];
  return usual ? ' '.repeat(usual[0]) : null;
}

/** A string literal in the file's quotes. */
export function quoted(value: string, style: JavaScriptStyle): string {
  const json = JSON.stringify(value).slice(1, -1);
  return style.quote === '"' ? `"${json}"` : `'${json.replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
}

/**
 * A stretch of a file under another indentation. `edits` (absolute) are made on the way; lines that begin in a `fixed` range (template
 * literals over several lines) keep their white space. The first line comes without indentation.
 */
export function pieceOf(
  text: string,
  range: { readonly start: number; readonly end: number },
  options: { readonly from: string; readonly to: string; readonly edits?: readonly TextEdit[]; readonly fixed?: readonly { readonly start: number; readonly end: number }[] },
): string {
  const { from, to, edits = [], fixed = [] } = options;
  const own = edits.filter((e) => e.start >= range.start && e.end <= range.end);
  const moves: TextEdit[] = [];
  for (const start of lineStartsIn(text, range)) {
    if (start === range.start && start !== 0) continue;
    if (fixed.some((f) => f.start < start && start <= f.end)) continue;
    if (own.some((e) => e.start < start && start < e.end)) continue;
    if (/^[ \t]*\r?$/.test(text.slice(start, lineEnd(text, start)))) continue;
    const common = commonPrefix(text.slice(start, lineEnd(text, start)), from);
    moves.push({ start, end: start + common, text: to });
  }
  const shifted = [...own, ...moves].map((e) => ({ start: e.start - range.start, end: e.end - range.start, text: e.text }));
  return applyEdits(text.slice(range.start, range.end), shifted.filter((e) => e.start >= 0));
}

function commonPrefix(line: string, prefix: string): number {
  let at = 0;
  while (at < prefix.length && line[at] === prefix[at]) at++;
  return at;
}

/** Removes whole lines: the statement's own, comments right above it, and one of the blank lines around them. */
export function withoutLines(text: string, range: { readonly start: number; readonly end: number }): TextEdit {
  const start = lineStart(text, range.start);
  let end = nextLineStart(text, range.end);
  const blankBefore = start === 0 || /(^|\n)[ \t]*\r?\n$/.test(text.slice(0, start));
  while (blankBefore && end < text.length && /^[ \t]*\r?$/.test(text.slice(end, lineEnd(text, end)))) end = nextLineStart(text, end);
  return { start, end, text: '' };
}

/** A name that is not taken; it is taken from then on. */
export function freshName(wanted: readonly string[], taken: Set<string>): string {
  const free = wanted.find((name) => !taken.has(name));
  let name = free ?? wanted[0]!;
  for (let n = 2; !free && taken.has(name); n++) name = `${wanted[0]}${n}`;
  taken.add(name);
  return name;
}

/** `payoff` → `payoffs`, `index` → `indices`, `category` → `categories`. */
export function plural(name: string): string {
  if (/index$/i.test(name)) return name.replace(/index$/, 'indices').replace(/Index$/, 'Indices');
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return `${name}s`;
}
