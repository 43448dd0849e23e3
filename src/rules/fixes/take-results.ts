/** Takes the results of tasks in Python, so that their exceptions come out. */
import type { TaskSite } from '../../analysis/workers';
import { uniqueName } from '../../edit/python';
import { indentAt, lineEndOf, startsLine } from '../../edit/source';
import type { ForEach, With } from '../../ir/ir';
import { ancestorsOf, parentsOf } from '../../ir/parents';
import { turnVariables, type Dropped } from '../futures';
import { absolute, takenNames, textOf, usesOf } from '../workers';
import type { Fix, RuleContext } from '../types';
import { indentUnit } from './indent';

/** A submit that is the whole body of a `for` keeps its futures and takes their results behind the loop; a map is iterated over. */
export function keepFutures(task: TaskSite, context: RuleContext): Fix | null {
  const { fn, call } = task.site;
  const statement = parentsOf(fn).get(call);
  if (statement?.type !== 'expr' || !insideItsWith(task)) return null;
  const { module } = context.report;
  const edit = (start: number, end: number, text: string): Fix => ({
    id: 'take-results',
    kind: 'edit',
    title: 'Take the results, so that an exception comes out',
    applicability: 'safe',
    edits: [{ path: module.path, edits: [{ start, end, text }] }],
  });
  const range = absolute(fn, call);
  const written = context.text.slice(range.start, range.end);
  if (task.method === 'map' || task.method.startsWith('imap')) return edit(range.start, range.end, `list(${written})`);
  const loop = parentsOf(fn).get(statement);
  if (task.method !== 'submit' || loop?.type !== 'for-each' || loop.body.length !== 1 || loop.orelse.length > 0 || loop.async) return null;
  const whole = absolute(fn, loop);
  const header = textOf(fn, loop);
  const target = textOf(fn, loop.target);
  const iterable = textOf(fn, loop.iterable);
  if (/[\n#]/.test(written + target + iterable) || header.includes('#') || !startsLine(context.text, whole.start) || usedOutside(loop, context, task)) return null;
  const taken = takenNames(module);
  const futures = uniqueName('futures', taken);
  const future = uniqueName('future', taken);
  const indent = indentAt(context.text, whole.start);
  const lines = [`${futures} = [${written} for ${target} in ${iterable}]`, `${indent}for ${future} in ${futures}:`, `${indent}${indentUnit(module, context.text)}${future}.result()`];
  return edit(whole.start, whole.end, lines.join(lineEndOf(context.text)));
}

/** The pool ends, and with it all tasks, where its `with` does: taking the results there waits for nothing more. */
function insideItsWith(task: TaskSite): boolean {
  const { fn, call } = task.site;
  const { pool } = task;
  if (pool?.type !== 'name') return false;
  const within = ancestorsOf(fn, call).filter((node): node is With => node.type === 'with');
  return within.some((w) => w.items.some(({ target }) => target?.type === 'name' && target.variable === pool.variable));
}

function usedOutside(loop: ForEach, context: RuleContext, task: TaskSite): boolean {
  const { fn } = task.site;
  const inside = (offset: number): boolean => loop.span.start <= offset && offset < loop.span.end;
  return [...turnVariables(loop.target)].some((id) => usesOf(context.report.module, id).some((use) => use.fn !== fn || !inside(use.expr.span.start)));
}

/** `wait(futures)` becomes a loop over their results. */
export function takeAll(found: Dropped & { kind: 'waited' }, task: TaskSite, context: RuleContext): Fix | null {
  const { fn } = task.site;
  if (found.wait.args.length !== 1) return null;
  const range = absolute(fn, found.wait);
  const indent = indentAt(context.text, range.start);
  const future = uniqueName('future', takenNames(context.report.module));
  const text = `for ${future} in ${found.name}:${lineEndOf(context.text)}${indent}${indentUnit(context.report.module, context.text)}${future}.result()`;
  if (!startsLine(context.text, range.start)) return null;
  return {
    id: 'take-results',
    kind: 'edit',
    title: 'Take the results, so that an exception comes out',
    applicability: 'safe',
    edits: [{ path: context.report.module.path, edits: [{ ...range, text }] }],
  };
}
