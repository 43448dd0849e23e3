/**
 * How what an iteration changes outside itself reaches the parent. Two ways:
 *
 * - An array that is only pushed to keeps its name in the worker, which sends its own back to be appended in order.
 * - Any other statement that changes something outside is *deferred*: the worker records the values that it needs, and the parent runs the
 *   person's own statement on them, iteration by iteration. So every result is combined in the order and with the operation that was written.
 */
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import type { LoopReport, PlaceRole } from '../../analysis/report';
import { Deferral, type Deferred } from './deferral';
import { blockOf, type Block } from './blocks';
import type { LoopSyntax } from './loop';
import { Refusal } from '../refusal';
import { contains, walk, type Node, type Source, type Variable } from './syntax';
import type { Types } from './types';
import { refuseUnknown, type Values } from './values';
import { headerVariables, outerWrites, rolesOf, rootNameOf, type OuterWrite } from './writes';

export interface Commits {
  /** Typed arrays of which a chunk is sent its own stretch. */
  readonly blocks: readonly Block[];
  /** Arrays that are pushed to in the worker under their own name. */
  readonly collected: readonly Variable[];
  readonly deferred: readonly Deferred[];
  /** Outer variables that each iteration sets before it reads them: the worker has its own. */
  readonly privates: readonly Variable[];
  /** Those of them that are read after the loop: the last value counts. */
  readonly lasts: readonly Variable[];
}

export interface CommitInput {
  readonly source: Source;
  readonly types: Types;
  readonly values: Values;
  readonly syntax: LoopSyntax;
  readonly loop: LoopReport;
  /** Names that are taken where the rewrite goes. */
  readonly taken: Set<string>;
}

/** @throws Refusal when a change cannot be carried over. */
export function planCommits(input: CommitInput): Commits {
  const { source, syntax, loop, values } = input;
  const writes = outerWrites(source, syntax, values);
  const collected = new Set<Variable>();
  const privates = new Set<Variable>();
  const lasts = new Set<Variable>();
  const deferred: OuterWrite[] = [];
  for (const write of writes) {
    const roles = rolesWithAliases(loop, write, writes);
    if (write.root.kind === 'outer' && write.direct && roles.has('private')) {
      const place = loop.places.find((p) => p.role === 'private' && p.place.path.length === 0 && rootNameOf(p) === rootName(write));
      privates.add(write.root.variable);
      values.adopt(write.root.variable);
      if (place?.liveAfter) {
        if (!place.lastValue) throw new Refusal(`${rootName(write)} is read after the loop, and not every iteration sets it (line ${source.line(write.node)})`);
        lasts.add(write.root.variable);
      }
      continue;
    }
    if (write.root.kind === 'outer' && roles.size === 1 && roles.has('private')) {
      refuseLiveScratch(source, loop, write);
      continue;
    }
    if (roles.has('shared')) throw new Refusal(`${source.of(write.target)} is shared by the iterations (line ${source.line(write.node)})`);
    if (roles.size === 0) throw new Refusal(`the change of ${source.of(write.target)} on line ${source.line(write.node)} cannot be followed`);
    deferred.push(write);
  }
  for (const variable of arraysPushedTo(input, deferred)) collected.add(variable);
  const blocks = blocksOf(input, deferred);
  const done = new Set([...collected, ...blocks.map((b) => b.variable)]);
  const rest = deferred.filter((w) => !(w.root.kind === 'outer' && done.has(w.root.variable)));
  const planned = new Deferral(input, rest, privates).plan();
  refuseUnseenWrites(input, writes);
  return { blocks, collected: [...collected], deferred: planned, privates: [...privates], lasts: [...lasts] };
}

/** The analysis may name a place by the local name that it is changed through. */
function rolesWithAliases(loop: LoopReport, write: OuterWrite, writes: readonly OuterWrite[]): ReadonlySet<PlaceRole> {
  const own = rolesOf(loop, write.root);
  if (own.size > 0) return own;
  const aliases = writes.flatMap((w) => (w.alias && rootName(w) === rootName(write) ? [w.alias.name] : []));
  return new Set(loop.places.filter((p) => p.role !== 'private' && aliases.includes(rootNameOf(p))).map((p) => p.role));
}

function rootName(write: OuterWrite): string {
  return write.root.kind === 'this' ? 'this' : write.root.variable.name;
}

/** Scratch that lives outside: the worker's copy will do, unless someone looks at it afterwards. */
function refuseLiveScratch(source: Source, loop: LoopReport, write: OuterWrite): void {
  const live = loop.places.find((p) => p.role === 'private' && p.liveAfter && rootNameOf(p) === rootName(write));
  if (live) throw new Refusal(`what the loop leaves in ${live.label} is read after it (line ${source.line(write.node)})`, `make ${rootName(write)} inside the loop`);
}

/** Arrays of which the loop does nothing but `xs.push(…)` as a statement, with values that may be copied. */
function arraysPushedTo(input: CommitInput, writes: readonly OuterWrite[]): Variable[] {
  const { source, syntax, loop } = input;
  const found: Variable[] = [];
  for (const { root } of writes) {
    if (root.kind !== 'outer' || found.includes(root.variable)) continue;
    const roles = rolesOf(loop, root);
    if (!roles.has('collect') || roles.size > 1) continue;
    const uses = root.variable.references.filter((r) => contains(syntax.inside, r.identifier));
    const pushes = uses.map((r) => pushOf(source, r.identifier));
    if (pushes.some((p) => p === null)) continue;
    if (pushes.every((p) => p!.arguments.every((a) => a.type !== T.SpreadElement && mayBeCopied(input, a)))) found.push(root.variable);
  }
  return found;
}

function blocksOf(input: CommitInput, writes: readonly OuterWrite[]): Block[] {
  const variables = new Set(writes.flatMap((w) => (w.root.kind === 'outer' && !w.direct && !w.alias ? [w.root.variable] : [])));
  return [...variables].flatMap((variable) => blockOf(input, variable) ?? []);
}

/** The call, when a name stands in a statement `name.push(…)`. */
function pushOf(source: Source, identifier: Node) {
  const member = source.parent(identifier);
  if (member?.type !== T.MemberExpression || member.object !== identifier || member.computed) return null;
  if (member.property.type !== T.Identifier || member.property.name !== 'push') return null;
  const call = source.parent(member);
  if (call?.type !== T.CallExpression || call.callee !== member || call.optional) return null;
  const statement = source.parent(call);
  const alone = statement?.type === T.ExpressionStatement || (statement?.type === T.ArrowFunctionExpression && statement.body === call);
  return alone ? call : null;
}

/** Own values, and those of which nothing speaks against it. @throws Refusal for what a copy would lose. */
function mayBeCopied({ source, loop, values }: CommitInput, node: Node): boolean {
  const kind = values.of(node);
  if (kind.kind === 'unknown') refuseUnknown({ loop }, kind, source.line(node));
  if (kind.kind === 'lost') throw new Refusal(`${kind.what} cannot come back from a worker: ${kind.why}`, 'return plain data, and build the object from it');
  return kind.kind !== 'shared';
}

/** The analysis sees changes through calls, which the syntax does not show: none may be left over. */
function refuseUnseenWrites({ source, syntax, loop }: CommitInput, writes: readonly OuterWrite[]): void {
  const header = headerVariables(source, syntax);
  for (const place of loop.places) {
    if (place.role === 'private') continue;
    const name = rootNameOf(place);
    if ([...header].some((v) => v.name === name) && place.place.path.length === 0) continue;
    if (writes.some((w) => rootName(w) === name || w.alias?.name === name)) continue;
    if (place.role === 'accumulator' && syntax.method === 'reduce') continue;
    // The array that a call makes is no place of the person's.
    if (place.role === 'collect' && isResult(syntax, name)) continue;
    throw new Refusal(`${place.label} is changed in a way that a copy in a worker would lose`, 'return what changes, and change it after the loop');
  }
}

/** Nothing in the body has the name: it stands for what the call gives. */
function isResult(syntax: LoopSyntax, name: string): boolean {
  if (syntax.method === null || syntax.method === 'forEach') return false;
  let mentioned = false;
  walk(syntax.inside, (at) => {
    if (at.type === T.Identifier && at.name === name) mentioned = true;
    return !mentioned;
  });
  return !mentioned;
}
