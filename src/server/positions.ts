/** Between the session's places (offsets; 1-based lines and columns) and the protocol's (0-based lines and characters). */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Extent } from '../protocol/results';
import type { WirePosition, WireRange } from '../protocol/requests';

export function wireRange(document: TextDocument, range: { readonly start: number; readonly end: number }): WireRange {
  return { start: document.positionAt(range.start), end: document.positionAt(range.end) };
}

export function wireExtent(extent: Extent): WireRange {
  return {
    start: { line: extent.line - 1, character: extent.column - 1 },
    end: { line: extent.endLine - 1, character: extent.endColumn - 1 },
  };
}

export function before(a: WirePosition, b: WirePosition): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** Touching counts: a caret at the end of a range is in it. */
export function overlaps(a: WireRange, b: WireRange): boolean {
  return !before(a.end, b.start) && !before(b.end, a.start);
}

/** The trimmed line of source that holds an offset. */
export function sourceLine(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, end < 0 ? undefined : end).trim();
}
