/** Awaits the promises of tasks in JavaScript. */
import type { TaskSite } from '../../analysis/workers';
import { parentsOf } from '../../ir/parents';
import { forEachAround } from '../futures';
import { absolute, isDiscarded, loopsAround } from '../workers';
import type { Fix, RuleContext } from '../types';

/** `await` before the call, where it is legal and does not make the tasks of a loop run one after another. */
export function awaitTask(task: TaskSite, context: RuleContext): Fix | null {
  const { fn, call } = task.site;
  if (!isDiscarded(fn, call) || !fn.async || fn.generator || loopsAround(fn, call).length > 0) return null;
  const { start } = absolute(fn, call);
  return fix('Await the task', context, [{ start, end: start, text: 'await ' }]);
}

/** `files.forEach((file) => pool.run(file))` becomes `await Promise.all(files.map(…))`. */
export function awaitAll(task: TaskSite, context: RuleContext): Fix | null {
  const { fn, call } = task.site;
  const each = forEachAround(fn, call, context.report.module);
  if (!each || !each.fn.async || each.fn.generator || parentsOf(each.fn).get(each.call)?.type !== 'expr' || each.call.args.length !== 1) return null;
  const range = absolute(each.fn, each.call);
  const method = absolute(each.fn, each.call.callee).end;
  return fix('Await all the tasks', context, [
    { start: range.start, end: range.start, text: 'await Promise.all(' },
    { start: method - 'forEach'.length, end: method, text: 'map' },
    { start: range.end, end: range.end, text: ')' },
  ]);
}

function fix(title: string, context: RuleContext, edits: readonly { start: number; end: number; text: string }[]): Fix {
  return { id: 'await-task', kind: 'edit', title, applicability: 'safe', edits: [{ path: context.report.module.path, edits }] };
}
