/** Puts what uses a pool into a `with` statement. */
import type { PoolSite } from '../../analysis/workers';
import { scanPython } from '../../edit/python-lexer';
import { indentAt, lineEnd, nextLineStart, reindent, startsLine } from '../../edit/source';
import { absolute, blockOf, textOf, usesOf } from '../workers';
import type { Fate } from '../pool-fate';
import type { Fix, RuleContext } from '../types';
import { indentUnit } from './indent';

/** Methods whose result is whole when they return: leaving the `with`, which terminates a `multiprocessing.Pool`, takes nothing from them. */
const WHOLE = new Set(['map', 'starmap', 'apply']);

/** The fix, when all uses follow in the block where the pool is made. */
export function withStatement(pool: PoolSite, fate: Fate & { kind: 'local' }, context: RuleContext): Fix | null {
  const { fn } = pool.site;
  const { text } = context;
  const { module } = context.report;
  const { statement, variable } = fate;
  if (pool.library === 'multiprocessing.Pool' && !fate.methods.every((method) => WHOLE.has(method))) return null;
  const block = blockOf(fn, statement);
  const from = block?.indexOf(statement) ?? -1;
  if (!block || from < 0) return null;
  let last = from;
  for (const { expr } of usesOf(module, variable.id)) {
    const at = block.findIndex((stmt) => stmt.span.start <= expr.span.start && expr.span.end <= stmt.span.end);
    if (at <= from) return null;
    last = Math.max(last, at);
  }
  const made = absolute(fn, statement);
  const end = absolute(fn, block[last]!).end;
  const comment = text.slice(made.end, lineEnd(text, made.end));
  if (!startsLine(text, made.start) || !/^\s*(#.*)?$/.test(comment) || !startsLine(text, absolute(fn, block[last]!).start)) return null;
  const indent = indentAt(text, made.start);
  const body = { start: nextLineStart(text, made.end), end };
  const strings = scanPython(text).strings.filter((s) => s.start < end && s.end > body.start);
  return {
    id: 'with-statement',
    kind: 'edit',
    title: 'Make the pool in a with statement',
    applicability: 'safe',
    edits: [
      {
        path: module.path,
        edits: [
          { ...made, text: `with ${textOf(fn, pool.site.call)} as ${variable.name}:` },
          ...reindent(text, body, indent, indent + indentUnit(module, text), strings),
        ],
      },
    ],
  };
}
