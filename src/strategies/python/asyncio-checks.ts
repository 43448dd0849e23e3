/** Which loops can wait for several things at a time on one event loop. */
import type { Comprehension, Expr, VarId } from '../../ir/ir';
import { walkExpr, walkStmts, type Enter } from '../../ir/walk';
import { lineNumber } from '../../edit/source';
import { statementPath, usesIn } from './deep';
import { Refusal } from '../refusal';
import { checkShared } from './shared';
import { variableOf, type Site } from './site';

/** How an iteration waits: `await` in a coroutine, or calls that block their thread, in plain code or in a coroutine. */
export type Waiting = 'awaits' | 'blocks' | 'blocks-in-coroutine';

/** @throws Refusal naming what rules the loop out. */
export function checkWaiting(site: Site): Waiting {
  const { loop, fn } = site;
  const line = site.line(loop.node);
  if (fn.broken) throw new Refusal(`there is a syntax error near the loop on line ${line}`);
  if (fn.generator) throw new Refusal(`the loop on line ${line} is in a generator: between two values other code runs`, 'collect the values in a function of its own');
  if (fn.kind === 'lambda') throw new Refusal(`the loop on line ${line} is in a lambda, which has no room for what the tasks need`, 'make the lambda a function');
  const exit = loop.exits.find((e) => e.kind !== 'short-circuit' && e.kind !== 'raise' && e.kind !== 'await');
  if (exit) throw new Refusal(`the loop on line ${line} may end early (${exit.kind} on line ${site.line(exit)})`);
  const raised = loop.exits.find((e) => e.kind === 'raise');
  if (raised && loop.verdict === 'sequential' && loop.reasons.some((r) => r.kind === 'exit')) throw new Refusal(`the loop on line ${line} may end early (raise on line ${site.line(raised)})`);
  refuseClassBody(site, line);
  checkShared(site);
  const awaits = awaitsIn(site);
  if (loop.bound === 'cpu') {
    throw new Refusal(`asyncio runs on one core, and the loop on line ${line} ${awaits ? 'awaits what never waits for a device or a network' : 'waits for nothing: it computes'}`, 'use a pool of processes');
  }
  if (awaits) {
    if (!fn.async) throw new Refusal(`the \`await\` of the loop on line ${line} stands outside a coroutine`, 'put the loop into an `async def`');
    refuseShared(site, 'what other coroutines see of it while the loop waits would change');
    return 'awaits';
  }
  if (loop.bound === 'unknown') {
    const call = loop.reasons.find((r) => r.kind === 'call');
    throw new Refusal(`asyncio runs on one core, and it is not known whether ${call ? `\`${call.place}\`` : 'the loop'} on line ${call ? lineNumber(site.text, call.range.start) : line} waits for a device or a network`);
  }
  refuseStopIteration(site);
  if (!fn.async) {
    refuseRunningLoop(site, line);
    return 'blocks';
  }
  refuseShared(site, 'other coroutines, which the loop kept waiting until now, would run in between');
  const changing = loop.captures.find((c) => c.mutableGlobal);
  if (changing) throw new Refusal(`\`${changing.name}\` (line ${site.line(changing)}) changes while the program runs: other coroutines, which the loop kept waiting until now, could do that in between`, `pass \`${changing.name}\` as an argument`);
  return 'blocks-in-coroutine';
}

/** The loop's own code waits on the event loop; functions nested in it do that on their own account. */
export function awaitsIn(site: Site): boolean {
  const { node } = site.loop;
  let awaits = false;
  const enter: Enter = {
    expr: (e) => void (awaits ||= e.type === 'await' || (e.type === 'comprehension' && e.clauses.some((c) => c.async))),
    stmt: (s) => void (awaits ||= (s.type === 'with' || s.type === 'for-each') && s.async),
  };
  if (node.type === 'for-each') walkStmts(node.body, enter);
  else if (node.type === 'comprehension') for (const part of partsOf(node)) walkExpr(part, enter);
  return awaits;
}

/** What each iteration of a comprehension evaluates: all but its first iterable. */
function partsOf(node: Comprehension): Expr[] {
  const [first, ...more] = node.clauses;
  return [node.element, ...(node.key ? [node.key] : []), ...first!.conditions, ...more.flatMap((c) => [c.iterable, ...c.conditions])];
}

function refuseClassBody(site: Site, line: number): void {
  const { start, end } = site.range(site.loop.node);
  if (statementPath(site.fn, site.fn.body, start, end).some((s) => s.type === 'class-def')) {
    throw new Refusal(`the loop on line ${line} is in the body of a class`, 'compute the value in a function and assign its result');
  }
}

/** What a coroutine writes to a place that other code holds too is seen by whatever runs while it waits. */
function refuseShared(site: Site, why: string): void {
  for (const place of site.loop.places) {
    const { root, path } = place.place;
    if (place.role === 'private' || root.kind !== 'variable') continue;
    const variable = variableOf(site.module, root.variable);
    const own = variable && site.fn.variables.has(root.variable) && !isCaptured(site, root.variable);
    if (own && (path[0]?.kind !== 'field' || place.role === 'own-object')) continue;
    const line = place.writes[0] ? site.line({ span: place.writes[0] }) : site.line(site.loop.node);
    throw new Refusal(`\`${place.label}\` on line ${line} is held by other code as well: ${why}`, 'collect the values in a local variable and store that after the loop');
  }
}

function isCaptured(site: Site, id: VarId): boolean {
  const uses = usesIn(site.module, site.fn, site.fn.body);
  return uses.some((u) => u.node.variable === id && u.fn !== site.fn);
}

/** A future cannot carry StopIteration: the caller would see another error. */
function refuseStopIteration(site: Site): void {
  walkStmts(site.loop.body, {
    expr(e) {
      if (e.type !== 'call' || e.callee.type !== 'name' || e.callee.variable !== 'builtin/next' || e.args.length !== 1) return;
      throw new Refusal(`\`${site.source(e)}\` on line ${site.line(e)} may raise StopIteration, which a task cannot hand on`, 'give `next` a default');
    },
  });
}

/** `asyncio.run` needs a thread without a running event loop: plain code that a coroutine calls has one. */
function refuseRunningLoop(site: Site, line: number): void {
  if (/\.ipynb\b/.test(site.path)) throw new Refusal(`the loop on line ${line} is in a notebook, where an event loop already runs`, 'put the loop into an `async def` and await that');
  const seen = new Set<string>();
  const visit = (path: string, id: string): void => {
    const key = `${path}\0${id}`;
    if (seen.has(key) || seen.size > 100 || id === '') return;
    seen.add(key);
    for (const call of site.workspace.callers(path, id).sites) {
      const module = call.path === site.path ? site.module : site.workspace.module(call.path);
      const caller = module?.functions.get(call.function);
      if (!caller) continue;
      if (caller.async) {
        const at = lineNumber(call.path === site.path ? site.text : (site.workspace.read(call.path) ?? ''), call.start);
        const file = call.path === site.path ? '' : ` of ${call.path.split(/[\\/]/).pop()!}`;
        throw new Refusal(`the loop on line ${line} runs inside the event loop of \`${caller.name}\` (line ${at}${file}), where a second one cannot be started`, `call it there with \`await asyncio.to_thread(…)\``);
      }
      visit(call.path, call.function);
    }
  };
  visit(site.path, site.fn.id);
}
