/** `python/asyncio`: loops that wait for a network, a disk or a clock, several iterations at a time on one core. */
import type { TextEdit } from '../../edit/edit';
import { strategyOf } from '../attempt';
import { Refusal } from '../refusal';
import type { Rewrite } from '../types';
import { definitionsEdit, rewriteOf } from './assemble';
import { checkWaiting, type Waiting } from './asyncio-checks';
import { planExpression } from './asyncio-expression';
import { LIMIT } from './asyncio-helper';
import type { AsyncPlan } from './asyncio-plan';
import { planStatement } from './asyncio-statement';
import { Site } from './site';
import { Wanted } from './wanted';
import { THREADS, type World } from './world';

export const pythonAsyncio = strategyOf(
  {
    id: 'python/asyncio',
    language: 'python',
    title: 'Wait for several at a time (asyncio)',
    summary: 'Lets the iterations of a loop that waits for a network, a disk or a clock wait at the same time, in order and limited, on one core.',
    memory: 'shared',
    awaits: true,
    needs: [{ kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' }],
  },
  (context) => rewrite(new Site(context, TASKS)),
);

/** Where the iterations run: beside each other, with the very objects of the program. */
const TASKS: World = { ...THREADS, worker: 'task', workers: 'tasks', place: 'task' };

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

/** Puts imports, the helper and the loop's new text together. */
function assemble(site: Site, plan: AsyncPlan, wanted: Wanted, notes: readonly string[]): Rewrite {
  const loopEdit: TextEdit = { ...plan.range, text: plan.text };
  const { block } = plan.helper;
  const edits = [...wanted.edits(), ...(block === null ? [] : [definitionsEdit(site, [block])]), loopEdit];
  return rewriteOf(site, edits, loopEdit, { start: 0, end: plan.text.length }, { dependencies: [], notes });
}
