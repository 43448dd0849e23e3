/** Plans a comprehension, a generator fed to a consumer, or `map(f, xs)` fed to one, whose iterations wait. */
import { applyEdits, type TextEdit } from '../../edit/edit';
import { indentAt, lineEnd, nextLineStart } from '../../edit/source';
import type { Call, Comprehension, Expr, Stmt, Target } from '../../ir/ir';
import { boundNames, walkExpr, walkStmts } from '../../ir/walk';
import type { Waiting } from './asyncio-checks';
import { callLines, definition, functionName, gapAbove, gathering, room, startOf, type AsyncPlan, type Gathering } from './asyncio-plan';
import { statementPath, usesIn } from './deep';
import { indented } from './lines';
import { Refusal } from '../refusal';
import type { Site } from './site';
import type { Wanted } from './wanted';
import { workerName } from './words';

/** Callables that take all of their argument before they return. */
const CONSUMERS = new Set('sum any all min max sorted list tuple set frozenset dict Counter deque fsum prod mean fmean median bytes bytearray join array'.split(' '));

/** What runs for one iteration, and what it is called with. */
interface Worker {
  /** An expression for it: a name or a lambda; null when it needs a definition. */
  readonly inline: string | null;
  readonly params: readonly string[];
  readonly lines: readonly string[];
  readonly columns: readonly string[];
  /** It gives a list of values for each item. */
  readonly nested: boolean;
}

/** @throws Refusal */
export function planExpression(site: Site, node: Comprehension | Call, waiting: Waiting, wanted: Wanted): AsyncPlan {
  const line = site.line(node);
  const { start, end } = site.range(node);
  const path = statementPath(site.fn, site.fn.body, start, end);
  const stmt = path[path.length - 1];
  if (!stmt || stmt.type === 'function-def') throw new Refusal(`the loop on line ${line} is part of a definition`, 'compute the value before it');
  refuseInner(site, stmt, node);
  const worker = node.type === 'comprehension' ? comprehensionWorker(site, node, waiting) : mapWorker(site, node);
  if (isLazy(node) && !isConsumed(site, node)) {
    throw new Refusal(`what the loop on line ${line} gives is taken one by one, later: its tasks would have to go on all the while`, 'make a list of it');
  }
  const gather = gathering(site, waiting, false, wanted);
  const from = startOf(site, stmt);
  const indent = indentAt(site.text, site.range(stmt).start);
  const name = worker.inline ?? functionName(site, workerName(site, worker.params, []));
  const above = worker.inline === null ? [...gapAbove(site, from), ...definition(site, name, worker.params, worker.lines, waiting === 'awaits')] : [];
  const to = nextLineStart(site.text, Math.max(end, firstLineEnd(site, stmt)) - 1);
  const chain = worker.nested ? `${wanted.name('itertools', 'chain')}.from_iterable` : null;
  const edit = replacement(site, node, gather, [gather.callable(name), ...worker.columns], chain);
  const text = applyEdits(site.text.slice(from, to), [{ ...edit, start: edit.start - from, end: edit.end - from }]);
  const definitions = above.length === 0 ? '' : `${indented(above, indent, site.unit).join('\n')}\n`;
  return { range: { start: from, end: to }, text: `${definitions}${text.replace(/\r\n/g, '\n')}`, helper: gather.helper };
}

/** A compound statement is left alone but for its head. */
function firstLineEnd(site: Site, stmt: Stmt): number {
  const { start, end } = site.range(stmt);
  const simple = ['expr', 'assign-stmt', 'return', 'assert', 'raise', 'delete'].includes(stmt.type);
  return simple ? end : lineEnd(site.text, start);
}

function replacement(site: Site, node: Comprehension | Call, gather: Gathering, args: readonly string[], chain: string | null): TextEdit {
  const range = site.range(node);
  const column = range.start - (site.text.lastIndexOf('\n', range.start - 1) + 1);
  const behind = lineEnd(site.text, range.end) - range.end;
  const kind = node.type === 'comprehension' ? node.kind : 'call';
  const outer = kind === 'set' || kind === 'dict' ? kind : kind === 'list' && chain ? 'list' : '';
  const prefix = `${outer === '' ? (kind === 'generator' ? '(' : '') : `${outer}(`}${chain ? `${chain}(` : ''}`;
  const suffix = `${chain ? ')' : ''}${outer === '' && kind !== 'generator' ? '' : ')'}`;
  const indent = indentAt(site.text, range.start);
  const lines = callLines(prefix, gather, args, suffix, room(site, range.start) + indent.length - column - behind);
  const [first, ...rest] = lines;
  return { ...range, text: [first!, ...indented(rest, indent, site.unit)].join('\n') };
}

// ---------------------------------------------------------------------------------------------------------------------

function comprehensionWorker(site: Site, node: Comprehension, waiting: Waiting): Worker {
  const line = site.line(node);
  if (node.clauses[0]!.async) throw new Refusal(`the comprehension on line ${line} is asynchronous: its items come one after the other`, 'collect the items in a list first');
  for (const use of usesIn(site.module, site.fn, node)) {
    const binds = use.stores && use.fn === site.fn && !/#\d+$/.test(use.node.variable);
    if (binds) throw new Refusal(`\`${use.node.name}\` is assigned inside the comprehension on line ${line}`, 'write it as a `for` loop');
    if (/^builtin\/(?:super|locals|vars|eval|exec)$/.test(use.node.variable)) throw new Refusal(`${use.node.name}() on line ${site.line(use.node, use.fn)} means something else inside a function of its own`);
  }
  const [first, ...more] = node.clauses;
  const { params, columns, unpack } = itemsOf(site, first!.target, first!.iterable);
  const value = node.key ? `(${site.source(node.key)}, ${site.source(node.element)})` : tupled(site, node.element);
  const conditions = first!.conditions.map((c) => (first!.conditions.length > 1 ? `(${site.source(c)})` : site.source(c))).join(' and ');
  const nested = more.length > 0 || conditions !== '';
  const inner = more.length > 0 ? `[${value} ${site.text.slice(clauseStart(site, node), site.range(lastPart(node)).end)}]` : nested ? `[${value}]` : value;
  const lines = [...(unpack ? [unpack] : []), ...(conditions === '' ? [`return ${bracketed(inner)}`] : [`if ${bracketed(conditions)}:`, `\treturn ${inner}`, 'return []'])];
  const plain = unpack === null && !inner.includes('\n') && !conditions.includes('\n');
  const text = conditions === '' ? inner : `${inner} if ${conditions} else []`;
  return { params, columns, lines: lines.flatMap((l) => l.split('\n')), nested, inline: plain ? inlineText(site, node, params, text, waiting) : null };
}

/** A lambda, or the function that it would call; null when it would have to await in the middle of something. */
function inlineText(site: Site, node: Comprehension, params: readonly string[], text: string, waiting: Waiting): string | null {
  const { element } = node;
  const whole = node.key === null && node.clauses.length === 1 && node.clauses[0]!.conditions.length === 0;
  let body = text;
  if (waiting === 'awaits') {
    if (!whole || element.type !== 'await' || countAwaits(element) > 1) return null;
    body = site.source(element.value);
  }
  const called = waiting === 'awaits' && element.type === 'await' ? element.value : element;
  if (whole && called.type === 'call' && called.callee.type === 'name' && !called.callee.name.startsWith('_lambda')) {
    const variable = site.variable(called.callee.variable);
    const same = called.args.length === params.length && called.args.every((a, i) => !a.name && !a.spread && a.value.type === 'name' && a.value.name === params[i]);
    if (same && variable && ['function', 'import'].includes(variable.kind) && variable.constant) return called.callee.name;
  }
  const lambda = `lambda ${params.join(', ')}: ${body}`;
  return lambda.length <= 60 ? lambda : null;
}

function countAwaits(expr: Expr): number {
  let count = 0;
  walkExpr(expr, { expr: (e) => void (count += e.type === 'await' ? 1 : 0) });
  return count;
}

/** The iterables that the function is called with, and its parameters. */
function itemsOf(site: Site, target: Target, iterable: Expr): { params: readonly string[]; columns: readonly string[]; unpack: string | null } {
  const { header } = site.loop;
  if (header.kind === 'elements' && header.lazy) {
    throw new Refusal(`\`${site.source(iterable)}\` on line ${site.line(iterable)} gives its values lazily, with effects of its own or without end: the tasks would run ahead of it`, 'make a list of them before the loop');
  }
  if (target.type === 'name') return { params: [target.name], columns: [bare(site, iterable)], unpack: null };
  const zipped = iterable.type === 'call' && iterable.callee.type === 'name' && iterable.callee.variable === 'builtin/zip' && iterable.args.every((a) => !a.name && !a.spread);
  if (zipped && target.type === 'tuple-target' && target.items.length === iterable.args.length && target.items.every((t) => t?.type === 'name')) {
    return { params: boundNames(target).map((n) => n.name), columns: iterable.args.map((a) => site.source(a.value)), unpack: null };
  }
  const param = site.uniqueOf('item', 'pair', 'entry', 'element');
  return { params: [param], columns: [bare(site, iterable)], unpack: `${site.source(target)} = ${param}` };
}

/** A tuple or a generator as an argument stands in brackets. */
function bare(site: Site, expr: Expr): string {
  const text = site.source(expr);
  return expr.type === 'collection' && expr.kind === 'tuple' && !text.startsWith('(') ? `(${text})` : text;
}

function tupled(site: Site, expr: Expr): string {
  return bare(site, expr);
}

/** Lines after the first are only read as its continuation inside brackets. */
function bracketed(text: string): string {
  return text.includes('\n') && !/^[([{][^]*[)\]}]$/.test(text) ? `(${text})` : text;
}

function clauseStart(site: Site, node: Comprehension): number {
  const clause = node.clauses[1]!;
  const between = site.range(lastOf(node.clauses[0]!)).end;
  const target = site.range(clause.target).start;
  const text = site.text.slice(between, target);
  return between + /(?:async\s+)?for\b[^]*$/.exec(text)!.index;
}

function lastOf(clause: Comprehension['clauses'][number]): Expr {
  return clause.conditions[clause.conditions.length - 1] ?? clause.iterable;
}

function lastPart(node: Comprehension): Expr {
  return lastOf(node.clauses[node.clauses.length - 1]!);
}

function mapWorker(site: Site, node: Call): Worker {
  const isMap = node.callee.type === 'name' && node.callee.variable === 'builtin/map' && node.args.length >= 2 && node.args.every((a) => !a.name && !a.spread);
  if (!isMap) throw new Refusal(`the call on line ${site.line(node)} is not one of map()`);
  const [callable, ...iterables] = node.args.map((a) => a.value);
  return { inline: site.source(callable!), params: [], lines: [], columns: iterables.map((i) => site.source(i)), nested: false };
}

// ---------------------------------------------------------------------------------------------------------------------

function isLazy(node: Comprehension | Call): boolean {
  return node.type === 'call' || node.kind === 'generator';
}

/** It is an argument of something that goes through all of it at once. */
function isConsumed(site: Site, node: Expr): boolean {
  let consumed = false;
  walkStmts(site.fn.body, {
    expr(e) {
      const named = e.type === 'call' && (e.callee.type === 'name' || e.callee.type === 'attribute') && CONSUMERS.has(e.callee.name);
      if (named && e.args.some((a) => a.value === node)) consumed = true;
    },
  });
  return consumed;
}

function refuseInner(site: Site, stmt: Stmt, node: Expr): void {
  walkStmts([stmt], {
    expr(e) {
      if (e.type !== 'comprehension' || e === node || !(e.span.start <= node.span.start && node.span.end <= e.span.end)) return;
      const once = e.clauses[0]!.iterable.span;
      if (once.start <= node.span.start && node.span.end <= once.end) return;
      throw new Refusal(`the loop on line ${site.line(node)} is inside another comprehension, which runs it again and again`, 'let the outer one wait for several at a time');
    },
  });
}
