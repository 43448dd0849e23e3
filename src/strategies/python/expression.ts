/** Plans a comprehension, a generator fed to a consumer, or `map(f, xs)` fed to one. */
import type { Range } from '../../analysis/report';
import { applyEdits, type TextEdit } from '../../edit/edit';
import { indentAt } from '../../edit/source';
import type { Call, Comprehension, Expr, FunctionIR, NameExpr, Stmt, VarId } from '../../ir/ir';
import { boundNames, visitExpr, visitStmt, walkExpr } from '../../ir/walk';
import { returnText } from './body';
import { planCaptures, type CapturePlan } from './captures';
import { statementPath, usesIn, type Code } from './deep';
import { checkValue } from './identity';
import { isCheap, planItems, type Items } from './items';
import { Carried, isAvailable, operandsOf, shorten, type Operand, type Surroundings } from './operands';
import type { ExpressionParent, Plan, WorkerPlan } from './plan';
import { checkReached, reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import type { Site } from './site';
import { statementRange } from './statement';
import { singular, workerName } from './words';

/** Callables that take all of their argument before they return. */
const CONSUMERS = new Set(('sum any all min max sorted list tuple set frozenset dict Counter deque fsum prod mean fmean median stdev pstdev variance bytes bytearray join array').split(' '));

export function planExpression(site: Site, moved: ReadonlySet<VarId>): Plan {
  const node = site.loop.node;
  if (node.type === 'comprehension') return planComprehension(site, node, moved);
  if (node.type === 'call') return planMap(site, node, moved);
  throw new Refusal(`the loop on line ${site.line(node)} is no comprehension`);
}

// ---------------------------------------------------------------------------------------------------------------------

function planComprehension(site: Site, node: Comprehension, moved: ReadonlySet<VarId>): Plan {
  const line = site.line(node);
  if (node.clauses.some((c) => c.async)) throw new Refusal(`the comprehension on line ${line} is asynchronous`);
  const first = node.clauses[0]!;
  const holder = holderOf(site, node);
  const targets = boundNames(first.target);
  const inner = node.clauses.length > 1 || first.conditions.length > 0;
  const code: Expr = node;
  refuseWalrus(site, node);
  const bound = new Map(targets.map((t) => [t.variable, t]));
  const counted = countedTargets(node);
  const around: Surroundings = {
    carried: new Carried(),
    available: (name) => bound.has(name.variable) || (isOuterName(site, name) && !usesIn(site.module, site.fn, node).some((u) => u.stores && u.node.variable === name.variable)),
    plain: (name) => counted.has(name.variable) || ['int', 'float', 'bool', 'str'].includes(site.variable(name.variable)?.type?.name ?? ''),
    written: () => false,
    alias: () => false,
  };
  const sent = node.clauses.length > 1 ? [whole(site, node.element), ...(node.key ? [whole(site, node.key)] : [])] : elementOperands(site, node, around);
  if (site.world.memory === 'copied') for (const operand of sent) checkValue(site, operand.expr, new Set(targets.map((t) => t.variable)));
  if (sent.length === 0 && !inner) throw new Refusal(`the comprehension on line ${line} does nothing that a worker could take over`);

  const workerCode: Expr[] = [...sent.map((o) => o.expr), ...first.conditions, ...node.clauses.slice(1).flatMap((c) => [c.iterable, ...c.conditions])];
  const uses = workerCode.flatMap((e) => usesIn(site.module, site.fn, e));
  const innerNames = node.clauses.slice(1).flatMap((c) => boundNames(c.target).map((n) => n.variable));
  const captures = planCaptures(site, code, uses, new Set([...bound.keys(), ...innerNames]), moved);
  checkReached(site, reachedFunctions(site, workerCode), moved);
  const reads = new Set(uses.filter((u) => !u.stores).map((u) => u.node.name));
  const items = planItems(site, first.target, first.iterable, reads);
  const render = renderer(site, captures);

  const dict = node.kind === 'dict';
  const wholeOnly = sent.length === (dict ? 2 : 1) && sent.every((o) => o.expr === node.element || o.expr === node.key);
  // A dict's key is evaluated before its value.
  const ordered = dict && wholeOnly ? [sent.find((o) => o.expr === node.key)!, sent.find((o) => o.expr === node.element)!] : sent;
  const names = ordered.map((o) => nameOf(site, o, node, holder.assigned));
  const returned = ordered.map((o) => asItem(o, render));
  const value = returned.length === 1 ? returned[0]! : `(${returned.join(', ')})`;

  const guarded = site.world.errors === 'any';
  let lines: string[] = [];
  let returns: string[];
  if (!inner) returns = returned;
  else if (node.clauses.length > 1) {
    const clauses = site.text.slice(site.range(node.clauses[1]!.target).start, site.range(lastPart(node)).end);
    const start = site.range(node.clauses[1]!.target).start;
    const rest = `for ${render(clauses, start)}`;
    const conditions = first.conditions.map((c) => render(site.source(c), site.range(c).start));
    if (conditions.length > 0) lines = [`if not (${conditions.join(' and ')}):`, `\t${returnText(['[]'], guarded)}`];
    returns = [`[${value} ${rest}]`];
  } else {
    const conditions = first.conditions.map((c) => render(site.source(c), site.range(c).start));
    const test = conditions.length === 1 ? conditions[0]! : conditions.map((c, i) => (needsParentheses(first.conditions[i]!) ? `(${c})` : c)).join(' and ');
    if (sent.length === 0) returns = [/^[\w.]+\(/.test(test) && !/ (?:and|or) /.test(test) ? `bool(${test})` : isBoolean(first.conditions) ? test : `bool(${test})`];
    else {
      lines = [`if ${test}:`, `\t${returnText([`[${value}]`], guarded)}`];
      returns = ['[]'];
    }
  }

  const parentTargets = items.again.targets.join(', ');
  const zipped = (map: string, result: string): string => `for ${parentTargets}, ${result} in zip(${items.again.iterables.join(', ')}, ${map})`;
  const rebuilt = (): string => {
    const edits = ordered.flatMap((o, i) => [o, ...o.again].map((at) => ({ start: at.start, end: at.end, text: names[i]! })));
    const part = (e: Expr): string => {
      const { start, end } = site.range(e);
      return applyEdits(site.text.slice(start, end), edits.filter((x) => start <= x.start && x.end <= end).map((x) => ({ ...x, start: x.start - start, end: x.end - start })));
    };
    return dict ? `${part(node.key!)}: ${part(node.element)}` : part(node.element);
  };
  const [open, close] = node.kind === 'list' ? ['[', ']'] : node.kind === 'generator' ? ['', ''] : ['{', '}'];
  const result = names.length > 1 ? `(${names.join(', ')})` : names[0]!;
  let flattened = false;
  let replacement: (map: string) => string;
  if (sent.length === 0) {
    const keep = site.unique('keep');
    replacement = (map) => `${open}${rebuilt()} ${zipped(map, keep)} if ${keep}${close}`;
  } else if (wholeOnly) {
    flattened = inner;
    replacement = (map) => (node.kind === 'generator' ? map : `${node.kind}(${map})`);
  } else if (inner) {
    const found = site.unique('found');
    replacement = (map) => `${open}${rebuilt()} ${zipped(map, found)} for ${names.join(', ')} in ${found}${close}`;
  } else {
    replacement = (map) => `${open}${rebuilt()} ${zipped(map, result)}${close}`;
  }
  const worker = directFunction(site, lines, returns, items, captures) ?? {
    name: site.uniqueGlobal(workerName(site, items.params, names)),
    lines: [...captures.imports, ...(items.unpack ? [items.unpack] : []), ...lines],
    returns,
    existing: false,
  };
  return assemble(site, holder, node, items, captures, worker, flattened, replacement, sent.length > 0 && wholeOnly);
}

function assemble(
  site: Site,
  holder: Holder,
  node: Comprehension | Call,
  items: Items,
  captures: CapturePlan,
  worker: WorkerPlan,
  flattened: boolean,
  replacement: (map: string) => string,
  single: boolean,
): Plan {
  const range = holder.range;
  const lifted = captures.lifted.flatMap((l) => l.edits);
  const expression = site.range(node);
  const parent: ExpressionParent = {
    kind: 'expression',
    range,
    indent: indentAt(site.text, range.start),
    expression,
    // A generator's span includes the parentheses of the call that it is the only argument of.
    replacement: (map) => (node.type === 'comprehension' && node.kind === 'generator' ? `(${replacement(map)})` : replacement(map)),
    flattened,
    guarded: site.world.errors === 'any',
    hoisted: holder.hoisted,
  };
  void single;
  return {
    items,
    worker,
    values: captures.values,
    parent,
    definitions: captures.lifted.map((l) => l.lines),
    elsewhere: lifted.filter((e) => !(range.start <= e.start && e.end <= range.end)),
    imports: [],
  };
}

/** Operands of the element (and key), the parts that the parent holds itself left out. */
function elementOperands(site: Site, node: Comprehension, around: Surroundings): Operand[] {
  const parts = node.key ? [node.key, node.element] : [node.element];
  return parts.flatMap((expr): readonly Operand[] => {
    if (isAvailable(expr, around) && (expr.type !== 'binary' || isCheap(expr))) return [];
    if (expr.type === 'collection' || expr.type === 'mapping') {
      const stmt: Stmt = { type: 'expr', span: expr.span, value: { type: 'call', span: expr.span, callee: { type: 'name', span: { start: expr.span.start, end: expr.span.start }, name: '', variable: 'builtin/' }, args: [{ value: expr }] } };
      return operandsOf(site, stmt, around);
    }
    return [whole(site, expr)];
  });
}

function whole(site: Site, expr: Expr): Operand {
  return { expr, ...site.range(expr), text: site.source(expr), again: [] };
}

function asItem(operand: Operand, render: (text: string, start: number) => string): string {
  const text = render(operand.text, operand.start);
  if (operand.expr.type === 'collection' && operand.expr.kind === 'tuple' && !text.startsWith('(')) return `(${text})`;
  return text.includes('\n') && !/^[([{]/.test(text) ? `(${text})` : text;
}

/** Applies the captures' edits to a piece of the source that begins at an absolute offset. */
function renderer(site: Site, captures: CapturePlan): (text: string, start: number) => string {
  const edits: TextEdit[] = [...captures.edits, ...captures.lifted.flatMap((l) => l.edits)];
  void site;
  return (text, start) =>
    applyEdits(
      text,
      edits.filter((e) => start <= e.start && e.end <= start + text.length).map((e) => ({ ...e, start: e.start - start, end: e.end - start })),
    ).replace(/\r\n/g, '\n');
}

function nameOf(site: Site, operand: Operand, node: Comprehension, assigned: string | null): string {
  if (operand.expr === node.key) return site.unique('key');
  const hint = assigned === null ? 'value' : singular(assigned);
  return site.unique(hint === '' ? 'value' : hint);
}

function lastPart(node: Comprehension): Expr {
  const clause = node.clauses[node.clauses.length - 1]!;
  return clause.conditions[clause.conditions.length - 1] ?? clause.iterable;
}

function needsParentheses(expr: Expr): boolean {
  return expr.type === 'logical' || expr.type === 'conditional' || expr.type === 'function';
}

function isBoolean(conditions: readonly Expr[]): boolean {
  return conditions.every((c) => c.type === 'compare' || (c.type === 'unary' && c.operator === 'not'));
}

function countedTargets(node: Comprehension): Set<VarId> {
  const { target, iterable } = node.clauses[0]!;
  const callee = iterable.type === 'call' && iterable.callee.type === 'name' ? iterable.callee.variable : '';
  const counted = new Set<VarId>();
  if (callee === 'builtin/range' && target.type === 'name') counted.add(target.variable);
  if (callee === 'builtin/enumerate' && target.type === 'tuple-target' && target.items[0]?.type === 'name') counted.add(target.items[0].variable);
  return counted;
}

function isOuterName(site: Site, name: NameExpr): boolean {
  if (name.variable.startsWith('builtin/') || /#\d+$/.test(name.variable)) return false;
  const owner = name.variable.slice(0, name.variable.lastIndexOf('/'));
  for (let id: string | null = site.fn.id; id !== null; id = site.module.functions.get(id)?.parent ?? null) if (id === owner) return true;
  return false;
}

/** `:=` inside a comprehension binds a name of the function around it. */
function refuseWalrus(site: Site, node: Comprehension): void {
  for (const use of usesIn(site.module, site.fn, node)) {
    if (use.stores && use.fn === site.fn && !/#\d+$/.test(use.node.variable)) {
      throw new Refusal(`\`${use.node.name}\` is assigned inside the comprehension on line ${site.line(use.node)}`, 'write it as a `for` loop');
    }
  }
}

function directFunction(site: Site, lines: readonly string[], returns: readonly string[], items: Items, captures: CapturePlan): WorkerPlan | null {
  if (lines.length > 0 || items.unpack || captures.values.length > 0 || captures.imports.length > 0 || returns.length !== 1) return null;
  const call = /^([A-Za-z_]\w*)\(([\w, ]*)\)$/.exec(returns[0]!);
  if (!call || call[2]!.split(',').map((p) => p.trim()).join() !== items.params.join()) return null;
  const variable = site.module.functions.get('')!.variables.get(`/${call[1]!}`);
  if (!variable || !['function', 'import'].includes(variable.kind) || !variable.constant || site.fn.variables.has(`${site.fn.id}/${call[1]!}`) === (site.fn.kind !== 'module')) return null;
  return { name: call[1]!, lines: [], returns: [], existing: true };
}

// ---------------------------------------------------------------------------------------------------------------------
// map(f, xs)

function planMap(site: Site, node: Call, moved: ReadonlySet<VarId>): Plan {
  const line = site.line(node);
  const isMap = node.callee.type === 'name' && node.callee.variable === 'builtin/map' && node.args.length >= 2 && node.args.every((a) => !a.name && !a.spread);
  if (!isMap) throw new Refusal(`the call on line ${line} is not one of map()`);
  const holder = holderOf(site, node);
  const callable = node.args[0]!.value;
  const iterables = node.args.slice(1).map((a) => a.value);
  const params: string[] = [];
  let lines: string[] = [];
  let returns: string[];
  let code: Code;
  let owner: FunctionIR | null = null;
  let existing: string | null = null;
  if (callable.type === 'function') {
    owner = site.module.functions.get(callable.function) ?? null;
    const ret = owner?.body[0];
    if (!owner || ret?.type !== 'return' || !ret.value) throw new Refusal(`the function on line ${line} cannot be read`);
    if (owner.params.some((p) => p.kind !== 'plain' || p.default !== null)) throw new Refusal(`the lambda on line ${line} has more than plain parameters`, 'make it a function');
    params.push(...owner.params.map((p) => p.name));
    code = ret.value;
    returns = [site.source(ret.value, owner)];
    if (site.world.memory === 'copied') checkValue(site, ret.value, new Set(owner.params.map((p) => p.variable)), owner);
  } else if (callable.type === 'name') {
    code = callable;
    params.push(...iterables.map((_, i) => (iterables.length === 1 ? 'item' : `item_${i + 1}`)));
    returns = [`${callable.name}(${params.join(', ')})`];
    existing = callable.name;
    if (site.world.memory === 'copied') checkValue(site, { type: 'call', span: node.span, callee: callable, args: [] }, new Set());
  } else {
    throw new Refusal(`\`${site.source(callable)}\` on line ${line} is looked up on an object each time`, 'write the call as a comprehension');
  }
  const uses = usesIn(site.module, owner ?? site.fn, code);
  const captures = planCaptures(site, code, uses, new Set(owner ? owner.params.map((p) => p.variable) : []), moved);
  checkReached(site, reachedFunctions(site, [code]), moved);
  if (owner) returns = [renderer(site, captures)(returns[0]!, site.range((owner.body[0] as { value: Expr }).value, owner).start)];
  const columns = iterables.map((iterable) => columnOf(site, iterable));
  const items: Items = {
    before: columns.flatMap((c) => c.before),
    columns: columns.map((c) => c.name),
    count: columns.length === 1 ? `len(${columns[0]!.name})` : `min(${columns.map((c) => `len(${c.name})`).join(', ')})`,
    params,
    unpack: null,
    again: { targets: params, iterables: columns.map((c) => c.name) },
    counter: null,
  };
  const isTop = existing !== null && (callable as NameExpr).variable.startsWith('/') && captures.values.length === 0;
  const isBuiltin = existing !== null && (callable as NameExpr).variable.startsWith('builtin/');
  const worker: WorkerPlan =
    existing !== null && (isTop || isBuiltin || captures.lifted.length > 0)
      ? { name: existing, lines: [], returns: [], existing: true }
      : { name: site.uniqueGlobal(workerName(site, params, [])), lines: [...captures.imports, ...lines], returns, existing: false };
  lines = [];
  return assemble(site, holder, node, items, captures, worker, false, (map) => map, true);
}

function columnOf(site: Site, iterable: Expr): { readonly name: string; readonly before: readonly string[] } {
  const { header } = site.loop;
  const sized = header.kind === 'elements' && header.sized;
  if (header.kind === 'elements' && header.lazy) throw new Refusal(`\`${site.source(iterable)}\` on line ${site.line(iterable)} gives its values lazily, with effects of its own or without end`, 'make a list of them before');
  const type = iterable.type === 'name' ? site.variable(iterable.variable)?.type?.name : undefined;
  const known = sized || (type !== undefined && ['list', 'tuple', 'dict', 'set', 'range', 'str', 'bytes'].includes(type));
  if (known && (iterable.type === 'name' || isCheap(iterable))) return { name: site.source(iterable), before: [] };
  if (iterable.type === 'call' && iterable.callee.type === 'name' && iterable.callee.variable === 'builtin/range' && iterable.args.every((a) => isCheap(a.value))) return { name: site.source(iterable), before: [] };
  const name = site.unique('items');
  return { name, before: [known ? `${name} = ${site.source(iterable)}` : `${name} = list(${site.source(iterable)})`] };
}

// ---------------------------------------------------------------------------------------------------------------------
// The statement around the expression

interface Holder {
  readonly range: Range;
  readonly hoisted: string | null;
  /** Name that the statement assigns, for naming values. */
  readonly assigned: string | null;
}

/** The statement that holds the expression, and how a `with` can be put around it. */
function holderOf(site: Site, node: Comprehension | Call): Holder {
  const { start, end } = site.range(node);
  const line = site.line(node);
  const path = statementPath(site.fn, site.fn.body, start, end);
  const stmt = path[path.length - 1];
  if (!stmt) throw new Refusal(`the loop on line ${line} is not in a statement that could be put in a \`with\``);
  const chain = ancestors(stmt, node);
  if (chain === null) throw new Refusal(`the loop on line ${line} is part of a definition`, 'compute the value before it');
  const lazy = node.type === 'call' || node.kind === 'generator';
  const parent = chain[chain.length - 1];
  if (lazy && !(parent?.type === 'call' && parent.args[0]?.value === node && isConsumer(parent)) && !(parent?.type === 'call' && parent.args.some((a) => a.value === node) && isConsumer(parent))) {
    throw new Refusal(`what the loop on line ${line} gives is taken one by one, later: a pool would have to stay open`, 'make a list of it');
  }
  if (chain.some((e) => e.type === 'comprehension' && e !== node)) throw new Refusal(`the loop on line ${line} is inside another comprehension, which runs it again and again`, 'parallelize the outer one');
  checkEvaluation(site, stmt, chain, node);
  const assigned = stmt.type === 'assign-stmt' && stmt.targets.length === 1 && stmt.targets[0]!.type === 'name' && stmt.value === node ? stmt.targets[0]!.name : null;
  switch (stmt.type) {
    case 'expr':
    case 'assign-stmt':
    case 'return':
    case 'assert':
    case 'raise':
    case 'delete':
      return { range: statementRange(site, stmt), hoisted: null, assigned };
    case 'if':
    case 'for-each':
      break;
    default:
      throw new Refusal(`the loop on line ${line} is in the head of a \`${stmt.type}\` statement`, 'assign its result to a variable before the statement');
  }
  throw new Refusal(`the loop on line ${line} is in the head of ${stmt.type === 'if' ? 'an `if`' : 'a `for`'}`, 'assign its result to a variable before the statement');
}

/** The header moves in front of the statement: it must be evaluated in any case, and before anything with effects. */
function checkEvaluation(site: Site, stmt: Stmt, chain: readonly Expr[], node: Expr): void {
  const line = site.line(node);
  const remedy = 'assign its result to a variable before the statement';
  const branch = chain.find((e) => e.type === 'conditional' || e.type === 'logical' || (e.type === 'compare' && e.operators.length > 1));
  if (branch || stmt.type === 'assert') throw new Refusal(`the loop on line ${line} only runs when a condition of its statement holds`, remedy);
  const before: Expr[] = [];
  visitStmt(stmt, { expr: (e) => void before.push(e), target: () => undefined, stmt: () => undefined });
  let call: Expr | null = null;
  for (const e of before) {
    walkExpr(e, {
      expr(inner) {
        if (inner.span.end <= node.span.start && inner.type === 'call') call ??= inner;
        return inner !== node;
      },
    });
  }
  if (call) throw new Refusal(`\`${shorten(site.source(call))}\` on line ${site.line(call)} is evaluated before the loop, in the same statement`, remedy);
}

function isConsumer(call: Call): boolean {
  const { callee } = call;
  return (callee.type === 'name' || callee.type === 'attribute') && CONSUMERS.has(callee.name);
}

/** Expressions from the statement's own down to the one around the node; null when the node is not among them. */
function ancestors(stmt: Stmt, node: Expr): Expr[] | null {
  const path: Expr[] = [];
  const find = (expr: Expr): boolean => {
    if (expr === node) return true;
    path.push(expr);
    let found = false;
    visitExpr(expr, { expr: (child) => void (found ||= find(child)), target: () => undefined, stmt: () => undefined });
    if (!found) path.pop();
    return found;
  };
  let found = false;
  if (stmt.type === 'function-def' || stmt.type === 'class-def') return null;
  visitStmt(stmt, { expr: (child) => void (found ||= find(child)), target: () => undefined, stmt: () => undefined });
  return found ? path : null;
}
