/** Text edits: the only way in which Fanout proposes to change a file. */

/** Replaces `[start, end)`, in UTF-16 units of the file's text, by `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FileEdit {
  readonly path: string;
  /** Hash or text that the edit was made for is checked by the caller; edits never overlap and are sorted. */
  readonly edits: readonly TextEdit[];
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Applies edits to a text. Several insertions at one offset keep their order.
 * @throws RangeError when two edits overlap or one lies outside the text.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits.map((edit, order) => ({ edit, order })).sort((a, b) => a.edit.start - b.edit.start || a.order - b.order);
  let out = '';
  let at = 0;
  for (const { edit } of sorted) {
    if (edit.start < at || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit [${edit.start}, ${edit.end}) overlaps another or lies outside the text`);
    }
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}
