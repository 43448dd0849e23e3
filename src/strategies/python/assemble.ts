/** Puts the changes of a file together, and finds the loop's new text in what results. */
import type { Range } from '../../analysis/report';
import { applyEdits, type TextEdit } from '../../edit/edit';
import { statementStart, topLevelStatementAt, withCommentsAbove } from '../../edit/python';
import { lineEndOf, lineStart, mapOffset, withLineEnd } from '../../edit/source';
import type { Rewrite } from '../types';
import { blankLines } from './entry';
import type { Site } from './site';

/**
 * The rewrite of one file, with the file's line ends.
 * @param anchor the edit among `edits` that holds the loop's new text
 * @param within where in the text of `anchor` it stands; white space around it is left out
 * @throws RangeError when edits overlap
 */
export function rewriteOf(
  site: Site,
  edits: readonly TextEdit[],
  anchor: TextEdit,
  within: Range,
  rest: Pick<Rewrite, 'dependencies' | 'notes'>,
): Rewrite {
  const eol = lineEndOf(site.text);
  const written = (text: string): string => withLineEnd(text, eol);
  const sorted = edits
    .filter((e) => e.text !== '' || e.start !== e.end)
    .map((edit, order) => ({ edit, order }))
    // An insertion at the start of a replaced stretch goes before it.
    .sort((a, b) => a.edit.start - b.edit.start || Number(a.edit.end > a.edit.start) - Number(b.edit.end > b.edit.start) || a.order - b.order)
    .map(({ edit }) => edit);
  const final = sorted.map((e) => ({ ...e, text: written(e.text) }));
  const index = sorted.indexOf(anchor);
  const start = mapOffset(anchor.start, final.slice(0, index));
  const trimmedEnd = anchor.text.slice(0, within.end).replace(/\s+$/, '').length;
  const blank = /^\s*/.exec(anchor.text.slice(within.start))![0].length;
  const region = {
    start: start + written(anchor.text.slice(0, within.start + blank)).length,
    end: start + written(anchor.text.slice(0, trimmedEnd)).length,
  };
  applyEdits(site.text, final); // Throws when two overlap: a defect that must not reach a file.
  return { edits: [{ path: site.path, edits: final }], newFiles: [], ...rest, region };
}

/** New functions stand before the top-level statement that holds the loop. */
export function definitionsEdit(site: Site, blocks: readonly string[]): TextEdit {
  const { text, module } = site;
  const top = module.functions.get('')!;
  const loopAt = site.range(site.loop.node).start;
  const stmt = topLevelStatementAt(module, text, loopAt)!;
  const at = withCommentsAbove(text, lineStart(text, statementStart(text, stmt, top.start)));
  return { start: at, end: at, text: blocks.length === 0 ? '' : `${blankLines(text, at)}${blocks.join('\n\n\n')}\n\n\n` };
}
