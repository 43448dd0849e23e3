/** Lines of a text, whatever its line breaks are. */

/** Offset of the start of each line. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n' || (c === '\r' && text[i + 1] !== '\n')) starts.push(i + 1);
  }
  return starts;
}

/** 0-based line of an offset, by bisection. */
export function lineIndexOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function startOfLine(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text[at - 1] !== '\n' && text[at - 1] !== '\r') at--;
  return at;
}

/** Offset of the line break behind an offset, or the end of the text. */
export function endOfLine(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** The part of a range that lies on its first line, for findings about long statements. */
export function firstLineOf(text: string, range: { readonly start: number; readonly end: number }): { start: number; end: number } {
  const end = Math.min(range.end, endOfLine(text, range.start));
  return { start: range.start, end: Math.max(range.start + text.slice(range.start, end).trimEnd().length, range.start + 1) };
}
