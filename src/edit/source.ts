/** What an edit needs to know about a text, whatever its language: lines, line ends, indentation. Offsets are UTF-16 units. */
import type { Range } from '../analysis/report';
import type { TextEdit } from './edit';

/** The line end that most lines of the text have; `\n` for a text of one line. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const crlf = text.split('\r\n').length - 1;
  return crlf * 2 > text.split('\n').length - 1 ? '\r\n' : '\n';
}

/** Writes a text made with `\n` with the given line ends. */
export function withLineEnd(text: string, eol: '\n' | '\r\n'): string {
  return eol === '\n' ? text : text.replace(/\r?\n/g, eol);
}

/** Offset of the first character of the line that holds `offset`. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset of the line end (or of the end of the text) of the line that holds `offset`. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  if (at < 0) return text.length;
  return at > offset && text[at - 1] === '\r' ? at - 1 : at;
}

/** Offset just behind the line end of the line that holds `offset`. */
export function nextLineStart(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** 1-based number of the line that holds `offset`. */
export function lineNumber(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The white space before the first other character of the line that holds `offset`. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t\f]*/.exec(text.slice(lineStart(text, offset), lineEnd(text, offset)))![0];
}

/** Nothing but white space stands before `offset` on its line. */
export function startsLine(text: string, offset: number): boolean {
  return /^[ \t\f]*$/.test(text.slice(lineStart(text, offset), offset));
}

/** Starts of the lines that begin in `[range.start, range.end)`. */
export function lineStartsIn(text: string, range: Range): number[] {
  const starts: number[] = [];
  let at = lineStart(text, range.start);
  if (at < range.start) at = nextLineStart(text, at);
  for (; at < range.end; at = nextLineStart(text, at)) {
    starts.push(at);
    if (text.indexOf('\n', at) < 0) break;
  }
  return starts;
}

/**
 * Edits that give the lines of a range another base indentation. Blank lines, and lines that begin inside one of the `fixed` ranges
 * (strings over several lines), stay as they are.
 */
export function reindent(text: string, range: Range, from: string, to: string, fixed: readonly Range[]): TextEdit[] {
  const edits: TextEdit[] = [];
  if (from === to) return edits;
  for (const start of lineStartsIn(text, range)) {
    if (fixed.some((f) => f.start < start && start < f.end)) continue;
    if (/^[ \t\f\r]*$/.test(text.slice(start, lineEnd(text, start)))) continue;
    if (text.startsWith(from, start)) edits.push({ start, end: start + from.length, text: to });
  }
  return edits;
}

/** Where an offset of the old text lands after the edits, given that no edit holds it inside. An insertion at it goes before it. */
export function mapOffset(offset: number, edits: readonly TextEdit[]): number {
  let moved = offset;
  for (const edit of edits) {
    if (edit.end <= offset) moved += edit.text.length - (edit.end - edit.start);
    else if (edit.start < offset) throw new RangeError(`offset ${offset} lies inside the edit [${edit.start}, ${edit.end})`);
  }
  return moved;
}
