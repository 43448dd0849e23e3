/** Syntax that is newer than the grammar, written over so that the rest can be read. */

/**
 * Blanks the defaults of type parameters (`class C[T = int]`, PEP 696), which nobody needs at run time. The result has the same length,
 * so that positions hold. Null when there is nothing to blank.
 */
export function withoutTypeDefaults(text: string): string | null {
  const header = /\b(?:def|class|type)[ \t]+[^\W\d]\w*[ \t]*\[/gu;
  let out: string | null = null;
  for (let match = header.exec(text); match; match = header.exec(text)) {
    for (const [start, end] of defaults(text, header.lastIndex)) {
      const blank = text.slice(start, end).replace(/[^\r\n]/g, ' ');
      out = (out ?? text).slice(0, start) + blank + (out ?? text).slice(end);
    }
  }
  return out;
}

/** Ranges from `=` to the end of its expression, in a list of type parameters that begins here. */
function defaults(text: string, start: number): [number, number][] {
  const found: [number, number][] = [];
  let depth = 1;
  let equals = -1;
  for (let at = start; at < text.length && depth > 0; at++) {
    const char = text[at]!;
    if (char === '"' || char === "'") at = text.indexOf(char, at + 1);
    if (at < 0) return [];
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    if (depth === 1 && char === '=' && equals < 0) equals = at;
    if (equals >= 0 && ((depth === 1 && char === ',') || depth === 0)) {
      found.push([equals, at]);
      equals = -1;
    }
  }
  return found;
}
