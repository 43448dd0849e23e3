/**
 * Finds the strings and comments of a Python text without parsing it, so that edits leave the inside of strings alone.
 * Handles prefixes, triple quotes, escapes, and expressions nested in f-strings (with PEP 701's reuse of quotes).
 */
import type { Range } from '../analysis/report';

export interface PythonTokens {
  readonly strings: readonly Range[];
  readonly comments: readonly Range[];
}

const PREFIX = /^(?:[rRbBuU]|[fFtT]|[rR][bBfFtT]|[bBfFtT][rR])?('''|"""|'|")/;

export function scanPython(text: string): PythonTokens {
  const strings: Range[] = [];
  const comments: Range[] = [];
  for (let at = 0; at < text.length; ) {
    const c = text[at]!;
    if (c === '#') {
      const end = endOfLine(text, at);
      comments.push({ start: at, end });
      at = end;
    } else if (/[A-Za-z_\u0080-\uffff]/.test(c)) {
      const opening = PREFIX.exec(text.slice(at, at + 5));
      if (opening) {
        const end = stringEnd(text, at);
        strings.push({ start: at, end });
        at = end;
      } else {
        while (at < text.length && /[\w\u0080-\uffff]/.test(text[at]!)) at++;
      }
    } else if (c === "'" || c === '"') {
      const end = stringEnd(text, at);
      strings.push({ start: at, end });
      at = end;
    } else {
      at++;
    }
  }
  return { strings, comments };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** End of the string literal that begins at `at`; the end of its line when it is not closed. */
function stringEnd(text: string, at: number): number {
  const opening = PREFIX.exec(text.slice(at, at + 5))!;
  const quote = opening[1]!;
  const formatted = /[fFtT]/.test(opening[0].slice(0, -quote.length));
  let i = at + opening[0].length;
  while (i < text.length) {
    if (text[i] === '\\') i += 2;
    else if (text.startsWith(quote, i)) return i + quote.length;
    else if (quote.length === 1 && text[i] === '\n') return i;
    else if (formatted && text.startsWith('{{', i)) i += 2;
    else if (formatted && text[i] === '{') i = fieldEnd(text, i, quote);
    else i++;
  }
  return text.length;
}

/** End of the `{…}` field of an f-string that begins at `at`. Falls back to just behind the brace when it is not closed. */
function fieldEnd(text: string, at: number, quote: string): number {
  let depth = 0;
  for (let i = at; i < text.length; ) {
    const c = text[i]!;
    if (c === '{' || c === '[' || c === '(') depth++;
    else if (c === '}' || c === ']' || c === ')') {
      depth--;
      if (depth === 0) return i + 1;
    } else if (c === "'" || c === '"') {
      const end = stringEnd(text, i);
      // Before PEP 701 the outer quote could not be used again: seeing it unclosed means that the f-string itself ends here.
      if (text.startsWith(quote, i) && !text.slice(i + quote.length, end).includes(quote)) return i;
      i = end;
      continue;
    } else if (c === '\n' && quote.length === 1 && depth === 1 && text.slice(at, i).includes(':')) return at + 1;
    i++;
  }
  return at + 1;
}
