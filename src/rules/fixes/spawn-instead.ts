/** Starts processes by spawn instead of fork. */
import type { PoolSite, TaskSite } from '../../analysis/workers';
import type { TextEdit } from '../../edit/edit';
import { preferredQuote } from '../../edit/python';
import { importNames } from '../../edit/python-imports';
import type { Import } from '../../ir/ir';
import type { StartMethod } from '../start-method';
import { absolute, takenNames, usesOf } from '../workers';
import type { Fix, RuleContext } from '../types';

export function spawnInstead(start: PoolSite | TaskSite, method: StartMethod, context: RuleContext): Fix | null {
  const edits = method.named ? renamed(method.named, context) : contextOf(start, context);
  if (!edits) return null;
  return {
    id: 'spawn-instead',
    kind: 'edit',
    title: 'Start the processes with spawn, if what they get can be pickled',
    applicability: 'assumes',
    edits: [{ path: context.report.module.path, edits }],
  };
}

/** The literal that says fork. */
function renamed({ site, literal }: NonNullable<StartMethod['named']>, context: RuleContext): TextEdit[] | null {
  const range = absolute(site.fn, literal);
  const written = context.text.slice(range.start, range.end);
  return /^(['"])fork\1$/.test(written) ? [{ ...range, text: written.replace('fork', 'spawn') }] : null;
}

function contextOf(start: PoolSite | TaskSite, context: RuleContext): TextEdit[] | null {
  const { module } = context.report;
  const { fn, call } = start.site;
  const { callee } = call;
  const spawn = `${preferredQuote(context.text)}spawn${preferredQuote(context.text)}`;
  const at = absolute(fn, callee);
  const taken = takenNames(module);
  if (start.library === 'concurrent.futures.ProcessPoolExecutor') {
    const close = absolute(fn, call).end - 1;
    const last = call.args.at(-1);
    const between = last ? context.text.slice(absolute(fn, last.value).end, close) : '';
    if (between !== '' || call.args.filter((a) => a.name === undefined).length > 1) return null;
    const { names, edits } = importNames(module, context.text, [{ module: 'multiprocessing', name: null }], (name) => !taken.has(name));
    return [...edits, { start: close, end: close, text: `${last ? ', ' : ''}mp_context=${names[0]}.get_context(${spawn})` }];
  }
  if (callee.type === 'attribute' && callee.object.type === 'name') {
    const end = absolute(fn, callee.object).end;
    return [{ start: end, end, text: `.get_context(${spawn})` }];
  }
  if (callee.type !== 'name' || (callee.name !== 'Pool' && callee.name !== 'Process')) return null;
  const top = module.functions.get('')!;
  const statement = top.body.find((stmt): stmt is Import => stmt.type === 'import' && stmt.bindings.some(({ target }) => target.variable === callee.variable));
  const binding = statement?.bindings.find(({ target }) => target.variable === callee.variable);
  if (!binding || binding.source.module !== 'multiprocessing' || binding.source.name !== callee.name) return null;
  const called = { start: at.start, end: at.end, text: `get_context(${spawn}).${callee.name}` };
  if (usesOf(module, callee.variable).length === 1 && statement!.bindings.length === 1 && !taken.has('get_context')) return [{ ...absolute(top, binding.target), text: 'get_context' }, called];
  const { names, edits } = importNames(module, context.text, [{ module: 'multiprocessing', name: 'get_context' }], (name) => !taken.has(name));
  return [...edits, { ...called, text: `${names[0]}(${spawn}).${callee.name}` }];
}
