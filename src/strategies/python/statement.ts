/** Plans a `for` statement. */
import type { Range } from '../../analysis/report';
import { lineEnd, lineStart, nextLineStart, startsLine, indentAt } from '../../edit/source';
import type { ForEach, Stmt, VarId } from '../../ir/ir';
import { boundNames } from '../../ir/walk';
import { planBody } from './body';
import { planCaptures } from './captures';
import { usesIn } from './deep';
import { checkValue } from './identity';
import { planItems } from './items';
import { isVisibleAfter } from './live';
import type { Plan } from './plan';
import { checkReached, reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import type { Site } from './site';
import { raisesStopIteration, showsProgress } from './visible';
import { workerName } from './words';

/** @param moved top-level names that exist only under the main guard. @throws Refusal */
export function planStatement(site: Site, moved: ReadonlySet<VarId>): Plan {
  const node = site.loop.node;
  if (node.type !== 'for-each') throw new Refusal(`the loop on line ${site.line(node)} runs while a condition holds`, 'write it as a `for` over a range or a list');
  if (node.async) throw new Refusal(`the loop on line ${site.line(node)} is an \`async for\``);
  if (node.orelse.length > 0) throw new Refusal(`the loop on line ${site.line(node)} has an \`else\``, 'put what it does behind the loop: without a `break` it always runs');
  if (!startsLine(site.text, site.range(node).start)) throw new Refusal(`the loop on line ${site.line(node)} shares its line with another statement`, 'put it on a line of its own');
  refuseDefinitions(site, node);
  const body = planBody(site, node, (id) => isVisibleAfter(site, id));
  // Threads give the objects themselves, unless an iteration worked on a copy of its own.
  if (site.world.memory === 'copied' || body.copies) for (const expr of body.sent) checkValue(site, expr);
  const targets = boundNames(node.target);
  const own = new Set([...body.own, ...targets.map((t) => t.variable)]);
  const captures = planCaptures(site, node.body, body.uses, own, moved);
  checkReached(site, reachedFunctions(site, body.workerCode), moved);
  const reads = new Set(body.uses.filter((u) => !u.stores).map((u) => u.node.name));
  for (const name of body.returnedTargets) reads.add(name);
  const items = planItems(site, node.target, node.iterable, reads);
  const range = statementRange(site, node);
  const extra = [...captures.edits, ...captures.lifted.flatMap((l) => l.edits)];
  const { errors, portions } = site.world;
  const guarded = errors === 'any' || (portions ? showsProgress(site, body.places) : raisesStopIteration(site));
  const rendered = body.render(extra.filter((e) => range.start <= e.start && e.end <= range.end), guarded);
  const { returns } = rendered;
  const values = [...body.values.filter((v) => !captures.values.some((c) => c.name === v.name)), ...captures.values];
  const direct = directWorker(site, rendered.lines, returns, items.params, values.length > 0 || guarded || items.unpack !== null);
  return {
    items,
    worker: direct ?? {
      name: site.uniqueGlobal(workerName(site, items.params, body.results)),
      lines: [...captures.imports, ...(items.unpack && unpackNeeded(targets, reads) ? [items.unpack] : []), ...rendered.lines],
      returns,
      existing: false,
    },
    values,
    parent: {
      kind: 'statement',
      range,
      indent: indentAt(site.text, range.start),
      results: body.results,
      replay: body.replay,
      parentNames: body.parentNames,
      guarded,
      comment: headerComment(site, node),
    },
    definitions: captures.lifted.map((l) => l.lines),
    elsewhere: captures.lifted.flatMap((l) => l.edits).filter((e) => !(range.start <= e.start && e.end <= range.end)),
    imports: body.imports,
  };
}

function unpackNeeded(targets: readonly { readonly name: string }[], reads: ReadonlySet<string>): boolean {
  return targets.some((t) => reads.has(t.name));
}

/** The body is one call of a function of the module on the loop's own values: that function is the worker. */
function directWorker(site: Site, lines: readonly string[], returns: readonly string[], params: readonly string[], needsMore: boolean): Plan['worker'] | null {
  if (needsMore || lines.length > 0 || returns.length !== 1) return null;
  const call = /^([A-Za-z_]\w*)\(([\w, ]*)\)$/.exec(returns[0]!);
  if (!call || call[2]!.split(',').map((p) => p.trim()).join() !== params.join()) return null;
  const variable = site.module.functions.get('')!.variables.get(`/${call[1]!}`);
  if (variable?.kind !== 'function' || !variable.constant || site.fn.variables.has(`${site.fn.id}/${call[1]!}`)) return null;
  return { name: call[1]!, lines: [], returns: [], existing: true };
}

/** Whole lines of a statement; what follows it on its last line must be a comment. */
export function statementRange(site: Site, stmt: Stmt): Range {
  const { start, end } = site.range(stmt);
  const last = Math.max(start, end - 1);
  const rest = site.text.slice(end, lineEnd(site.text, last)).trim();
  if (!startsLine(site.text, start) || (rest !== '' && !rest.startsWith('#'))) {
    throw new Refusal(`the statement on line ${site.line(stmt)} shares its line with another one`, 'put it on a line of its own');
  }
  return { start: lineStart(site.text, start), end: nextLineStart(site.text, last) };
}

/** Classes defined in the body are made anew in each worker: their objects would be of different classes. */
function refuseDefinitions(site: Site, node: ForEach): void {
  for (const use of usesIn(site.module, site.fn, node.body)) {
    const kind = site.variable(use.node.variable)?.kind;
    if (use.stores && kind === 'class') throw new Refusal(`class \`${use.node.name}\` is defined inside the loop (line ${site.line(use.node, use.fn)})`, 'define it at the top level of the module');
  }
}

/** The comment behind the colon of the header. */
function headerComment(site: Site, node: ForEach): string {
  const from = site.range(node.iterable).end;
  const line = site.text.slice(from, lineEnd(site.text, from));
  const comment = site.tokens.comments.find((c) => c.start >= from && c.start < from + line.length);
  return comment && /^[\s)\]}]*:\s*$/.test(site.text.slice(from, comment.start)) ? site.text.slice(comment.start, comment.end) : '';
}
