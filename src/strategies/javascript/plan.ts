/** Everything about a rewrite for a pool of workers, but its text: what runs where, what travels, what becomes async. */
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import { freshName, plural } from '../../edit/javascript';
import type { StrategyContext } from '../types';
import { planAwait, type AwaitPlan } from './awaiting';
import type { TextEdit } from '../../edit/edit';
import { planCommits, type Commits } from './commits';
import { Deferral, type Field } from './deferral';
import { refuseConcurrent } from './concurrency';
import { placeOf, type Position } from './position';
import { readLoop, subjectOf, type LoopSyntax } from './loop';
import { planNeeds, type Needs, type SentValue } from './needs';
import { readProject, type Project } from './project';
import { Refusal } from '../refusal';
import { baseName, contains, functionName, isFunction, sourceOf, type Node, type Source, type Variable } from './syntax';
import { Transfer } from './transfer';
import { returnsOf, type Types } from './types';
import { Modules } from './modules';
import { refuseUnknown, Values } from './values';
import { headerVariables } from './writes';

export interface Fold {
  readonly value: Node;
  readonly fields: readonly Field[];
  readonly edits: readonly TextEdit[];
}

/** Names of what the rewrite declares in the parent. */
export interface PoolNames {
  readonly pool: string;
  readonly size: string;
  readonly tasks: string;
  readonly start: string;
  readonly part: string;
  /** In the worker: the first iteration of a chunk, and where it ends. */
  readonly first: string;
  readonly end: string;
}

export interface Plan {
  readonly context: StrategyContext;
  readonly source: Source;
  readonly types: Types;
  readonly syntax: LoopSyntax;
  readonly position: Position;
  readonly commits: Commits;
  readonly needs: Needs;
  readonly project: Project;
  readonly awaiting: AwaitPlan;
  /** Name of the function that the worker module exports. */
  readonly task: string;
  /** Names that are taken where the rewrite goes. */
  readonly taken: Set<string>;
  /** The worker's array of the iterations' values, for calls that give a result. */
  readonly results: string | null;
  readonly names: PoolNames;
  /** Where the loop is, for comments: `main`, or the file. */
  readonly where: string;
  /** What `.reduce` folds in the parent: its own expression, over the values that the workers give. */
  readonly fold: Fold | null;
  /** Name for `node:path`, should the file need it. */
  readonly pathName: string;
  readonly notes: readonly string[];
  /** Annotations that were written into the worker module: it must import what they name. */
  readonly annotations: Set<Node>;
}

/** @throws Refusal when the loop cannot be rewritten so that its meaning stays. */
export function planRewrite(context: StrategyContext): Plan {
  const { loop, workspace } = context;
  if (loop.verdict === 'sequential') throw new Refusal(`the loop is sequential: ${loop.reasons[0]?.message ?? 'its iterations depend on each other'}`);
  const source = sourceOf(context.path, context.text);
  const modules = new Modules(workspace);
  const types = modules.types(source);
  const syntax = readLoop(source, types, loop);
  refuseExits(source, context);
  refuseNested(source, syntax);
  refuseHoisted(source, syntax);
  const project = readProject(source, workspace);
  const position = placeOf(source, syntax);
  const taken = source.namesIn(enclosing(source, syntax));
  const parentNames = {
    pool: freshName(['pool', 'workers', 'workerPool'], taken),
    size: freshName(['size', 'chunkSize', 'step'], taken),
    tasks: freshName(['tasks', 'chunks', 'runs'], taken),
    start: freshName(['start', 'from', 'first'], taken),
    part: freshName(['part', 'chunk', 'outcome'], taken),
  };
  const header = headerVariables(source, syntax);
  const { elements, counters } = splitHeader(syntax, header);
  const values = new Values(source, types, { start: syntax.inside.range[0], end: syntax.inside.range[1] }, elements, counters, modules);
  const commits = planCommits({ source, types, values, syntax, loop, taken });
  refuseSeenLasts(source, syntax, commits);
  const results = syntax.method && syntax.method !== 'forEach' ? resultsName(context, source, syntax, values, taken) : null;
  const fold = foldOf(source, types, values, context, syntax, taken);
  const inWorker = workerCode(commits, fold);
  const provided = new Set<Variable>([...commits.collected, ...commits.privates, ...commits.blocks.map((b) => b.variable)]);
  const planned = planNeeds({ source, types, workspace, system: project.syntax, inside: syntax.inside, inWorker, loop: syntax.node, provided: new Set([...provided, ...header]), taken });
  const needs = { ...planned, values: planned.values.map((v) => atHeader(source, syntax, v)) };
  refuseUncopied(source, types, syntax, context, needs, elements);
  const workerNames = new Set([...source.namesIn(syntax.node), ...needs.values.map((v) => v.name), ...needs.moved.flatMap((s) => namesDeclaredBy(source, s)), ...needs.fromFile]);
  for (const { names: imported } of needs.imports) for (const name of imported) workerNames.add(name);
  if (workerNames.has('workerData')) throw new Refusal('workerData is a name that the worker needs for itself', 'rename workerData');
  const names: PoolNames = { ...parentNames, first: freshName(['start', 'first', 'from'], workerNames), end: freshName(['end', 'stop', 'to'], workerNames) };
  const awaiting = planAwait(source, syntax.node, project, workspace);
  if (awaiting.repeated.length > 0) {
    throw new Refusal(`${awaiting.repeated[0]}, and each call would start a pool of its own, which takes some 100 ms`, 'rewrite the outer loop instead');
  }
  refuseConcurrency(source, syntax, commits, needs, awaiting);
  const subject = subjectOf(source, syntax) ?? placeName(commits) ?? baseName(source.path).replace(/\..*$/, '');
  const fileNames = source.namesIn(source.program);
  const base = camel(subject);
  const task = freshName([`${base}Chunk`, `run${base[0]!.toUpperCase()}${base.slice(1)}Chunk`], fileNames);
  return {
    context,
    source,
    types,
    syntax,
    position,
    commits,
    needs,
    project,
    awaiting,
    task,
    taken,
    results,
    names,
    fold,
    pathName: freshName(['path', 'nodePath'], fileNames),
    where: syntax.fn ? nameForComment(source, syntax) : baseName(source.path),
    notes: notesOf(source, awaiting, needs),
    annotations: new Set(),
  };
}

function nameForComment(source: Source, syntax: LoopSyntax): string {
  const name = functionName(source, syntax.fn!);
  return /^[\w$]+$/.test(name) ? name : baseName(source.path);
}

/** What the loop fills, to name its function by. */
function placeName(commits: Commits): string | null {
  const [array] = [...commits.collected, ...commits.blocks.map((b) => b.variable)];
  return array?.name ?? commits.deferred[0]?.place ?? null;
}

function camel(name: string): string {
  const joined = name.replace(/[^A-Za-z0-9_$]+(.)?/g, (_, next: string | undefined) => next?.toUpperCase() ?? '');
  return /^[A-Za-z_$]/.test(joined) ? joined[0]!.toLowerCase() + joined.slice(1) : `loop${joined}`;
}

/** A constant of the header is not there yet when the pool is made: what it is made of is sent. */
function atHeader(source: Source, syntax: LoopSyntax, value: SentValue): SentValue {
  const { header } = syntax;
  const constant = header.kind === 'items' || value.small ? undefined : header.constants.find((c) => c.name === value.name);
  return constant && value.variable && contains(syntax.node, value.variable.defs[0]!.name) ? { ...value, expression: source.of(constant.value) } : value;
}

/** The outermost code whose names the rewrite must not collide with. */
function enclosing(source: Source, syntax: LoopSyntax): Node {
  let outermost: Node = source.program;
  for (const at of source.outwards(syntax.node)) if (isFunction(at)) outermost = at;
  return outermost;
}

/** Header variables that stand for something from outside, and those that are numbers of the loop's own. */
function splitHeader(syntax: LoopSyntax, header: ReadonlySet<Variable>): { elements: Set<Variable>; counters: Set<Variable> } {
  const elements = new Set<Variable>();
  const counters = new Set<Variable>();
  for (const variable of header) {
    const { header: shape } = syntax;
    const counter = shape.kind === 'items' ? variable.name === shape.index : shape.kind === 'counter' || shape.name === variable.name;
    (counter ? counters : elements).add(variable);
  }
  return { elements, counters };
}

function refuseExits(source: Source, { loop }: StrategyContext): void {
  for (const exit of loop.exits) {
    const line = source.line(loop.fn.start + exit.span.start);
    if (exit.kind === 'await') throw new Refusal(`the body waits for something (line ${line}), which a pool would not speed up`, 'see javascript/promise-all');
    if (exit.kind === 'short-circuit') continue;
    throw new Refusal(`the loop can end early (${exit.kind} on line ${line})`);
  }
}

/** `var` and functions in blocks outlive the iteration. */
function refuseHoisted(source: Source, syntax: LoopSyntax): void {
  for (const { resolved } of source.referencesIn(syntax.inside)) {
    const name = resolved?.defs[0]?.name;
    if (!resolved || !name || !contains(syntax.inside, name)) continue;
    const outside = resolved.references.find((r) => !contains(syntax.node, r.identifier));
    if (outside) throw new Refusal(`${resolved.name} is declared in the loop and used outside it, on line ${source.line(outside.identifier)}`, `declare ${resolved.name} with let before the loop`);
  }
}

/** What an exception leaves in a variable can be seen: then it must be what the iteration before left. */
function refuseSeenLasts(source: Source, syntax: LoopSyntax, commits: Commits): void {
  for (const variable of commits.lasts) {
    const own = syntax.fn !== null && contains(syntax.fn, variable.defs[0]!.name);
    const caught = [...source.outwards(syntax.node)].some((at) => at !== syntax.fn && at.type === T.TryStatement && (!syntax.fn || contains(syntax.fn, at)));
    const closed = variable.references.some((r) => source.functionAround(r.identifier) !== syntax.fn && !contains(syntax.node, r.identifier));
    if (!own || caught || closed) {
      throw new Refusal(`${variable.name} keeps the last iteration's value (line ${source.line(syntax.node)}), also when a later one throws, and that may be seen`, `set ${variable.name} after the loop`);
    }
  }
}

/** A pool in a loop is started again and again. */
function refuseNested(source: Source, syntax: LoopSyntax): void {
  for (const at of source.outwards(syntax.node)) {
    if (at === syntax.node) continue;
    if (at === syntax.fn) break;
    if (/^(?:For|ForOf|ForIn|While|DoWhile)Statement$/.test(at.type)) {
      throw new Refusal(`the loop runs once for each pass of the one on line ${source.line(at)}, and each would start a pool of its own`, 'rewrite the outer loop, or give the inner one a function of its own');
    }
  }
  const around = syntax.fn && source.parent(syntax.fn);
  if (around?.type === T.CallExpression && around.callee.type === T.MemberExpression && /^(?:map|forEach|filter|flatMap|reduce|some|every|find|findIndex|sort)$/.test(source.of(around.callee.property))) {
    throw new Refusal(`the loop runs once for each element that .${source.of(around.callee.property)} on line ${source.line(around)} goes over, and each would start a pool of its own`, 'rewrite the outer loop');
  }
}

/** Whether code of the body runs in the worker: all of it, but the statements that the parent runs, of which the recorded values remain. */
function workerCode(commits: Commits, fold: Fold | null): (node: Node) => boolean {
  const spots: { statements: readonly Node[]; fields: readonly Field[] }[] = commits.deferred.flatMap((d) => d.spots);
  if (fold) spots.push({ statements: [fold.value], fields: fold.fields });
  return (node) => {
    for (const { statements, fields } of spots) {
      if (!statements.some((s) => contains(s, node))) continue;
      return fields.some((f) => f.value && contains(f.value, node));
    }
    return true;
  };
}

/** The parts of a reducer's expression that do not look at what is folded. */
function foldOf(source: Source, types: Types, values: Values, { loop }: StrategyContext, syntax: LoopSyntax, taken: Set<string>): Fold | null {
  if (!syntax.accumulator || syntax.body.kind !== 'value') return null;
  const { parameter } = syntax.accumulator;
  const callback = source.parent(parameter)!;
  const variable = source.declared(callback).find((v) => v.name === parameter.name)!;
  const { value } = syntax.body;
  const touches = variable.references.filter((r) => contains(value, r.identifier)).map((r) => r.identifier as Node);
  const { fields, edits, index } = new Deferral({ source, types, values, syntax, loop, taken }, [], new Set()).fold(parameter.name, touches, value);
  if (index !== null) throw new Refusal(`the callback of .reduce on line ${source.line(value)} folds the elements themselves, which would come back as copies`, 'use a for loop');
  if (fields.length === 0) throw new Refusal(`the callback of .reduce on line ${source.line(value)} computes nothing that a worker could do`);
  return { value, fields, edits };
}

function resultsName(context: StrategyContext, source: Source, syntax: LoopSyntax, values: Values, taken: Set<string>): string {
  const { body, method } = syntax;
  if (body.kind === 'value' && method !== 'filter' && method !== 'reduce') {
    const kind = values.of(body.value);
    const line = source.line(body.value);
    if (kind.kind === 'lost') throw new Refusal(`${kind.what} on line ${line} cannot come back from a worker: ${kind.why}`, 'return plain data, and build the object from it');
    if (kind.kind === 'unknown') refuseUnknown(context, kind, line);
    if (kind.kind === 'shared') throw new Refusal(`the callback on line ${line} gives something that holds (part of) ${kind.what}, of which a copy would come back`, 'return numbers, strings or new objects made of them');
  }
  if (body.kind === 'callback' && method !== 'filter') {
    const { callback } = body;
    const fn = isFunction(callback) ? callback : null;
    const kinds = fn ? returnsOf(fn).map((r) => (r.argument ? values.of(r.argument) : null)) : [values.called(callback)];
    for (const kind of kinds) {
      if (kind?.kind === 'lost') throw new Refusal(`${kind.what} cannot come back from a worker: ${kind.why} (line ${source.line(callback)})`, 'return plain data, and build the object from it');
      if (kind?.kind === 'unknown') refuseUnknown(context, kind, source.line(callback));
      if (kind?.kind === 'shared') throw new Refusal(`the callback on line ${source.line(callback)} gives something that holds (part of) ${kind.what}, of which a copy would come back`, 'return numbers, strings or new objects made of them');
    }
  }
  const parent = source.parent(syntax.node);
  const target = parent?.type === T.VariableDeclarator && parent.init === syntax.node && parent.id.type === T.Identifier ? parent.id.name : null;
  if (method === 'filter') return freshName(['kept', 'keep', 'flags'], taken);
  if (target && (method === 'map' || method === 'from')) return target;
  if (method === 'reduce') return freshName(['values', 'parts', 'terms'], taken);
  return freshName(['results', 'values', ...(target ? [plural(target)] : [])], taken);
}

function refuseUncopied(source: Source, types: Types, syntax: LoopSyntax, { loop }: StrategyContext, needs: Needs, elements: ReadonlySet<Variable>): void {
  const transfer = new Transfer(source, types, loop.captures);
  for (const value of [...needs.values, ...needs.atStart]) {
    if (value.variable) transfer.variable(value.variable, syntax.inside);
  }
  if (syntax.header.kind === 'items') transfer.expression(syntax.header.iterable, syntax.inside);
  for (const variable of elements) transfer.use(variable, variable.name, syntax.inside);
}

function refuseConcurrency(source: Source, syntax: LoopSyntax, commits: Commits, needs: Needs, awaiting: AwaitPlan): void {
  const own = (variable: Variable): boolean => syntax.fn !== null && contains(syntax.fn, variable.defs[0]!.name);
  const written = new Set<Variable>([...commits.collected, ...commits.lasts, ...commits.blocks.map((b) => b.variable)]);
  for (const deferred of commits.deferred) {
    for (const { statements } of deferred.spots) {
      for (const statement of statements) for (const r of source.referencesIn(statement)) if (r.resolved && !contains(syntax.inside, r.resolved.defs[0]?.name ?? syntax.inside)) written.add(r.resolved);
    }
  }
  const read = new Set<Variable>(needs.values.flatMap((v) => (v.variable ? [v.variable] : [])));
  if (syntax.header.kind === 'items') for (const r of source.referencesIn(syntax.header.iterable)) if (r.resolved) read.add(r.resolved);
  const touched = [...new Set([...written, ...read])]
    .filter((v) => !own(v) || v.references.some((r) => source.functionAround(r.identifier) !== syntax.fn))
    .map((variable) => ({ variable, written: written.has(variable) }));
  refuseConcurrent(
    source,
    syntax.node,
    touched,
    awaiting.chain.filter((c) => c.source === source).map((c) => c.fn),
  );
}

function notesOf(source: Source, awaiting: AwaitPlan, needs: Needs): string[] {
  const notes: string[] = [];
  const changed = awaiting.chain.filter(({ fn }) => !fn.async).map(({ source: s, fn }) => functionName(s, fn));
  if (changed.length > 0) notes.push(`${changed.join(', ')} ${changed.length > 1 ? 'become' : 'becomes'} async, and ${changed.length > 1 ? 'their' : 'its'} callers await`);
  const names = needs.moved.flatMap((s) => namesDeclaredBy(source, s));
  if (names.length > 0) notes.push(`${names.join(', ')} ${names.length > 1 ? 'move' : 'moves'} to the worker module`);
  return notes;
}

/** Names that a declaration at the top of a file binds. */
export function namesDeclaredBy(source: Source, statement: Node): string[] {
  const declaration = statement.type === T.ExportNamedDeclaration && statement.declaration ? statement.declaration : statement;
  if (declaration.type === T.VariableDeclaration) return declaration.declarations.flatMap((d) => source.declared(d).map((v) => v.name));
  return 'id' in declaration && declaration.id?.type === T.Identifier ? [declaration.id.name] : [];
}
