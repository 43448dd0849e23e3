/** `python/asyncio`: loops that wait for a network, a disk or a clock, several iterations at a time on one core. */
import { applyEdits, type TextEdit } from '../../edit/edit';
import { statementStart, topLevelStatementAt, withCommentsAbove } from '../../edit/python';
import { lineEndOf, lineStart, mapOffset, withLineEnd } from '../../edit/source';
import type { Applicability, Rewrite, Strategy, StrategyContext } from '../types';
import { checkWaiting, type Waiting } from './asyncio-checks';
import { planExpression } from './asyncio-expression';
import { LIMIT } from './asyncio-helper';
import type { AsyncPlan } from './asyncio-plan';
import { planStatement } from './asyncio-statement';
import { blankLines } from './entry';
import { Refusal } from './refusal';
import { Site } from './site';
import { Wanted } from './wanted';
import { THREADS, type World } from './world';

export const pythonAsyncio: Strategy & { readonly meta: { readonly id: 'python/asyncio' } } = {
  meta: {
    id: 'python/asyncio',
    language: 'python',
    title: 'Wait for several at a time (asyncio)',
    summary: 'Lets the iterations of a loop that waits for a network, a disk or a clock wait at the same time, in order and limited, on one core.',
    memory: 'shared',
    awaits: true,
    needs: [{ kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' }],
  },
  applicability(context) {
    const outcome = attempt(context);
    if (outcome instanceof Refusal) return { ok: false, why: outcome.why, ...(outcome.remedy === undefined ? {} : { remedy: outcome.remedy }) };
    return { ok: true, notes: outcome.notes } satisfies Applicability;
  },
  rewrite(context) {
    const outcome = attempt(context);
    if (outcome instanceof Refusal) throw outcome;
    return { ...outcome, notes: [] };
  },
};

/** Where the iterations run: beside each other, with the very objects of the program. */
const TASKS: World = { ...THREADS, worker: 'task', workers: 'tasks', place: 'task' };

const made = new WeakMap<object, { readonly text: string; readonly options: string; readonly outcome: Rewrite | Refusal }>();

/** The rewrite, or why there is none. Kept, since it is asked for twice. */
function attempt(context: StrategyContext): Rewrite | Refusal {
  const options = JSON.stringify(context.options);
  const known = made.get(context.loop);
  if (known && known.text === context.text && known.options === options) return known.outcome;
  let outcome: Rewrite | Refusal;
  try {
    outcome = rewrite(new Site(context, TASKS));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    outcome = error;
  }
  made.set(context.loop, { text: context.text, options, outcome });
  return outcome;
}

function rewrite(site: Site): Rewrite {
  const waiting = checkWaiting(site);
  const wanted = new Wanted(site);
  const { node } = site.loop;
  if (node.type === 'while' || node.type === 'for') throw new Refusal(`the loop on line ${site.line(node)} runs while a condition holds`, 'write it as a `for` over a range or a list');
  const plan = node.type === 'for-each' ? planStatement(site, node, waiting, wanted) : planExpression(site, node, waiting, wanted);
  return assemble(site, plan, wanted, notesFor(site, waiting));
}

function notesFor(site: Site, waiting: Waiting): string[] {
  const limit = site.options.workers ?? LIMIT;
  const notes = [`Up to ${limit} iterations wait at a time, so requests go out in another order; results stay in the order of the loop.`];
  if (waiting === 'blocks') notes.push('It starts an event loop of its own: code that already runs in one, as a notebook does, cannot call it.');
  if (waiting === 'blocks-in-coroutine') notes.push('Other coroutines now run while the loop waits; they had to wait for it before.');
  return notes;
}

/** Puts imports, the helper and the loop's new text together, and finds the region in the text that results. */
function assemble(site: Site, plan: AsyncPlan, wanted: Wanted, notes: readonly string[]): Rewrite {
  const loopEdit: TextEdit = { ...plan.range, text: plan.text };
  const all = [...wanted.edits(), ...(plan.helper.block === null ? [] : [helperEdit(site, plan.helper.block)]), loopEdit];
  const eol = lineEndOf(site.text);
  const sorted = all
    .map((edit, order) => ({ edit, order }))
    // An insertion at the start of a replaced stretch goes before it.
    .sort((a, b) => a.edit.start - b.edit.start || Number(a.edit.end > a.edit.start) - Number(b.edit.end > b.edit.start) || a.order - b.order);
  const edits = sorted.map(({ edit }) => ({ ...edit, text: withLineEnd(edit.text, eol) }));
  const index = sorted.findIndex(({ edit }) => edit === loopEdit);
  const start = mapOffset(loopEdit.start, edits.slice(0, index));
  const text = edits[index]!.text;
  const region = { start: start + /^\s*/.exec(text)![0].length, end: start + text.trimEnd().length };
  applyEdits(site.text, edits); // Throws when two overlap: a defect that must not reach a file.
  return { edits: [{ path: site.path, edits }], newFiles: [], dependencies: [], notes, region };
}

/** The helper stands before the top-level statement that holds the loop. */
function helperEdit(site: Site, block: string): TextEdit {
  const { text, module } = site;
  const top = module.functions.get('')!;
  const stmt = topLevelStatementAt(module, text, site.range(site.loop.node).start)!;
  const at = withCommentsAbove(text, lineStart(text, statementStart(text, stmt, top.start)));
  return { start: at, end: at, text: `${blankLines(text, at)}${block}\n\n\n` };
}
