/** Puts the `with` of a pool around the loop that holds nothing else. */
import type { PoolSite } from '../../analysis/workers';
import { parentsOf } from '../../ir/parents';
import { absolute } from '../workers';
import type { Fix, RuleContext } from '../types';

/** A header on one line, without a comment, whose body begins on the next. */
const HEADER = /^[^\n#]*:[ \t]*\r?\n[ \t]*$/;

/** The fix, when the two headers can change places. */
export function hoistPool(pool: PoolSite, context: RuleContext): Fix | null {
  const { fn, call } = pool.site;
  const parents = parentsOf(fn);
  const opened = parents.get(call);
  if (opened?.type !== 'with' || opened.async || opened.items.length !== 1) return null;
  const loop = parents.get(opened);
  if ((loop?.type !== 'for-each' && loop?.type !== 'while') || loop.body.length !== 1 || loop.orelse.length > 0 || context.report.module.language !== 'python') return null;
  const { text } = context;
  const outer = { start: absolute(fn, loop).start, end: absolute(fn, opened).start };
  const inner = { start: outer.end, end: absolute(fn, opened.body[0]!).start };
  const [loopHeader, withHeader] = [text.slice(outer.start, outer.end), text.slice(inner.start, inner.end)];
  if (!HEADER.test(loopHeader) || !HEADER.test(withHeader)) return null;
  const swapped = [
    { start: outer.start, end: outer.start + loopHeader.trimEnd().length, text: withHeader.trimEnd() },
    { start: inner.start, end: inner.start + withHeader.trimEnd().length, text: loopHeader.trimEnd() },
  ];
  return {
    id: 'hoist-pool',
    kind: 'edit',
    title: 'Make the pool once, before the loop, if its workers need nothing that earlier turns change',
    applicability: 'assumes',
    edits: [{ path: context.report.module.path, edits: swapped }],
  };
}
