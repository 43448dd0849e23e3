/**
 * Code on its way to another indentation: lines without base indentation, in which a tab at the start stands for one unit of the
 * file's, and a line that begins inside a string is marked, since its indentation is part of the string.
 */
import { applyEdits, type TextEdit } from '../../edit/edit';
import { indentAt, lineStartsIn, reindent } from '../../edit/source';
import type { Range } from '../../analysis/report';
import type { Site } from './site';

const INSIDE_STRING = '\0';

/** Lines of a range of the file with edits made in it and its base indentation taken off. The edits' own lines have none. */
export function cutLines(site: Site, range: Range, edits: readonly TextEdit[], indent: string): string[] {
  const inside = edits.filter((e) => range.start <= e.start && e.end <= range.end);
  const covered = (at: number): boolean => inside.some((e) => e.start <= at && at < e.end);
  const dedent = reindent(site.text, range, indent, '', site.longStrings).filter((d) => !covered(d.start));
  const marks = lineStartsIn(site.text, range)
    .filter((at) => !covered(at) && site.longStrings.some((s) => s.start < at && at < s.end))
    .map((at) => ({ start: at, end: at, text: INSIDE_STRING }));
  const shifted = [...inside, ...dedent, ...marks].map((e) => ({ ...e, start: e.start - range.start, end: e.end - range.start }));
  const text = applyEdits(site.text.slice(range.start, range.end), shifted).replace(/\r\n/g, '\n').replace(/^\n+|\n+$/g, '');
  return text === '' ? [] : text.split('\n');
}

/** The text of a range for use within another line: further lines lose the indentation of the line that it stands on. */
export function cutText(site: Site, range: Range, edits: readonly TextEdit[] = []): string {
  return cutLines(site, range, edits, indentAt(site.text, range.start)).join('\n');
}

/** One unit deeper. */
export function deeper(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' || line.startsWith(INSIDE_STRING) ? line : `\t${line}`));
}

/** Gives lines their indentation in the file. */
export function indented(lines: readonly string[], indent: string, unit: string): string[] {
  return lines
    .flatMap((line) => line.split('\n'))
    .map((line) => {
      if (line.startsWith(INSIDE_STRING)) return line.slice(1);
      if (line.trim() === '') return '';
      const tabs = /^\t*/.exec(line)![0].length;
      return indent + unit.repeat(tabs) + line.slice(tabs);
    });
}
