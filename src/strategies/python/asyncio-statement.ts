/** Plans a `for` statement whose iterations wait. */
import { indentAt, lineEnd } from '../../edit/source';
import type { ForEach } from '../../ir/ir';
import type { Waiting } from './asyncio-checks';
import { callLines, definition, functionName, gapAbove, gathering, room, startOf, type AsyncPlan } from './asyncio-plan';
import { planBody, type BodyPlan } from './body';
import { usesIn } from './deep';
import { planItems, type Items } from './items';
import { indented } from './lines';
import { isVisibleAfter } from './live';
import { Refusal } from '../refusal';
import type { Site } from './site';
import { statementRange } from './statement';
import { showsProgress } from './visible';
import type { Wanted } from './wanted';
import { workerName } from './words';

/** @throws Refusal */
export function planStatement(site: Site, node: ForEach, waiting: Waiting, wanted: Wanted): AsyncPlan {
  const line = site.line(node);
  if (node.async) throw new Refusal(`the loop on line ${line} is an \`async for\`: its items come one after the other`, 'collect the items in a list first');
  if (node.orelse.length > 0) throw new Refusal(`the loop on line ${line} has an \`else\``, 'put what it does behind the loop: without a `break` it always runs');
  refuseSuper(site, node);
  const range = statementRange(site, node);
  const body = planBody(site, node, (id) => isVisibleAfter(site, id));
  for (const { module, name } of body.imports) wanted.name(module, name);
  const reads = new Set(body.uses.filter((u) => !u.stores).map((u) => u.node.name));
  for (const name of body.returnedTargets) reads.add(name);
  const items = inlined(planItems(site, node.target, node.iterable, reads), body.parentNames.size > 0);
  const rendered = returned(body.render([], false));
  const lines = [...(items.unpack ? [items.unpack] : []), ...rendered.lines];
  const awaits = waiting === 'awaits';
  const existing = lines.length === 0 && body.values.length === 0 ? directFunction(site, rendered.returns, items.params, awaits) : null;
  const name = existing ?? functionName(site, workerName(site, items.params, body.results));
  // What the worker starts from and sets itself.
  const params = [...items.params, ...body.values.map((v) => `${v.name}=${v.value}`)];
  const answer = rendered.returns.length > 0 ? [`return ${rendered.returns.join(', ')}`] : [];

  const untilError = showsProgress(site, body.places) && body.replay.length > 0;
  const gather = gathering(site, waiting, untilError, wanted);
  const indent = indentAt(site.text, range.start);
  const args = [gather.callable(name), ...items.columns];
  const width = room(site, range.start);
  const comment = headerComment(site, node);
  const above = existing ? [] : [...gapAbove(site, startOf(site, node)), ...definition(site, name, params, [...lines, ...answer], awaits)];
  const out: string[] = [...items.before];
  const head = (call: string): string => `${loopHead(items, body, call)}:${comment}`;
  const whole = callLines('', gather, args, '', Infinity)[0]!;
  if (body.results.length === 0) out.push(...callLines('', gather, args, comment, width));
  else if (untilError) {
    const results = site.uniqueOf('results', 'outcomes', 'answers');
    const error = site.uniqueOf('error', 'exception');
    out.push(...callLines(`${results}, ${error} = `, gather, args, '', width), head(results));
    out.push(...indented(body.replay, '\t', '\t'), `if ${error} is not None:`, `\traise ${error}`);
  } else if (head(whole).length <= width) out.push(head(whole), ...indented(body.replay, '\t', '\t'));
  else {
    const results = site.uniqueOf('results', 'outcomes', 'answers');
    out.push(...callLines(`${results} = `, gather, args, '', width), head(results), ...indented(body.replay, '\t', '\t'));
  }
  const from = startOf(site, node);
  const comments = site.text.slice(from, range.start).replace(/\r\n/g, '\n');
  const text = (lines: readonly string[]): string => lines.map((l) => `${l}\n`).join('');
  return { range: { start: from, end: range.end }, text: `${text(indented(above, indent, site.unit))}${comments}${text(indented(out, indent, site.unit))}`, helper: gather.helper };
}

/** A value that is only given a name to be returned is returned. */
function returned({ lines, returns }: ReturnType<BodyPlan['render']>): ReturnType<BodyPlan['render']> {
  const last = /^(\w+) = ([^\n]+)$/.exec(lines[lines.length - 1] ?? '');
  const [name] = returns;
  if (!last || returns.length !== 1 || last[1] !== name || / = |\blambda\b|#/.test(last[2]!)) return { lines, returns };
  return { lines: lines.slice(0, -1), returns: [last[2]!] };
}

/** `for page in …`, with what the replay needs of the loop's own target. */
function loopHead(items: Items, body: BodyPlan, call: string): string {
  const result = body.results.join(', ');
  const nested = body.results.length > 1 ? `(${result})` : result;
  if (body.parentNames.size === 0) return `for ${result} in ${call}`;
  if (items.counter !== null && [...body.parentNames].every((n) => n === items.counter)) return `for ${items.counter}, ${nested} in enumerate(${call})`;
  return `for ${items.again.targets.join(', ')}, ${nested} in zip(${items.again.iterables.join(', ')}, ${call})`;
}

/** What is gone through only once needs no name of its own. */
function inlined(items: Items, again: boolean): Items {
  if (again) return items;
  let { columns } = items;
  const before = items.before.filter((line) => {
    const match = /^(\w+) = (?:list\(([^]*)\)|([^]*))$/.exec(line);
    const name = match?.[1];
    if (!match || columns.some((c) => c !== name && new RegExp(`\\b${name}\\b`).test(c))) return true;
    const text = match[2] ?? match[3]!;
    columns = columns.map((c) => (c === name ? text : c));
    return false;
  });
  return { ...items, before, columns };
}

/** The body is one call of a function on the loop's own values: that function is what runs. */
function directFunction(site: Site, returns: readonly string[], params: readonly string[], awaits: boolean): string | null {
  const call = returns.length === 1 ? /^(await )?([A-Za-z_]\w*)\(([\w, ]*)\)$/.exec(returns[0]!) : null;
  if (!call || (call[1] !== undefined) !== awaits) return null;
  if (call[3]!.split(',').map((p) => p.trim()).join() !== params.join()) return null;
  const known = site.fn.variables.get(`${site.fn.id}/${call[2]!}`) ?? site.module.functions.get('')!.variables.get(`/${call[2]!}`);
  return known && ['function', 'import'].includes(known.kind) && known.constant ? call[2]! : null;
}

/** `super()` looks at the function that it stands in, which would be another one. */
function refuseSuper(site: Site, node: ForEach): void {
  const use = usesIn(site.module, site.fn, node.body).find((u) => /^builtin\/(?:super|locals|vars|eval|exec)$/.test(u.node.variable));
  if (use) throw new Refusal(`${use.node.name}() on line ${site.line(use.node, use.fn)} means something else inside a function of its own`);
}

/** The comment behind the colon of the header, with the blanks before it. */
function headerComment(site: Site, node: ForEach): string {
  const from = site.range(node.iterable).end;
  const end = lineEnd(site.text, from);
  const comment = site.tokens.comments.find((c) => c.start >= from && c.start < end);
  return comment && /^[\s)\]}]*:\s*$/.test(site.text.slice(from, comment.start)) ? `  ${site.text.slice(comment.start, comment.end)}` : '';
}
