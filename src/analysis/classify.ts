/**
 * What each written place of a loop is to its iterations (array privatization after Tu & Padua 1993): private, collected,
 * accumulated, an element of its own, or shared, with the dependences that make it shared.
 */
import type { Stmt, TypeIR } from '../ir/ir';
import { relate, type LoopContext, type Outcome } from './dependence';
import { seenByKeptFunction } from './closures';
import { shareMemory, sourcesOf, throughViews } from './views';
import { baseKey, isOrdered, locKey, SHAPE, shapeKey, type Access, type Base, type Literal, type Loc, type Subscript, type Update, type UpdateOperation } from './domain';
import { variableLiveAfter } from './liveness';
import type { Machine } from './machine';
import type { PlaceRole } from './report';
import { atomsOf, isWithin, varies, type Atom, type Poly } from './symbolic';
import type { LoopTrace } from './trace';
import { groupOf, isScalar } from './types';

export interface Conflict {
  readonly kind: 'flow' | 'anti' | 'output';
  readonly write: Access;
  readonly other: Access;
  /** Whether it surely exists as far as subscripts tell, or hangs on values not seen. */
  readonly certain: boolean;
  /** The other access is the loop's own header. */
  readonly header: boolean;
  readonly throughField: boolean;
}

export interface Classified {
  readonly loc: Loc;
  readonly role: PlaceRole;
  readonly writes: readonly Access[];
  readonly liveAfter: boolean;
  readonly lastValue: boolean;
  readonly operation: UpdateOperation | null;
  readonly statements: readonly Stmt[];
  readonly conflicts: readonly Conflict[];
  readonly type: TypeIR | null;
  readonly exact: boolean;
}

export interface Classification {
  readonly places: readonly Classified[];
  /** Writes of the outside world that order matters for. */
  readonly effects: readonly Access[];
  /** Pairs of objects that must not overlap. */
  readonly overlaps: readonly (readonly [Loc, Loc])[];
  /** Containers whose elements must be different objects. */
  readonly distinct: readonly Loc[];
  /** Too much to compare. */
  readonly overflow: boolean;
}

const MAX_PAIRS = 400_000;

export function classify(m: Machine, trace: LoopTrace): Classification {
  const inLoop = (base: Base): boolean => base.kind !== 'world' && base.kind !== 'variable' && base.kind !== 'this' && isWithin(base.scope, trace.scope);
  const body = m.accesses.slice(trace.first, trace.last).flatMap((access) => throughViews(m, access, inLoop));
  const ofHeader = trace.headerAccesses.flatMap((access) => throughViews(m, access, inLoop));
  const header = new Set(ofHeader);
  const all = [...ofHeader, ...body];
  const inside = (loc: Loc): boolean => loc.base.kind === 'fresh' && isWithin(loc.base.scope, trace.scope);
  const effects = body.filter((access) => access.mode === 'write' && access.loc.base.kind === 'world' && isOrdered(access.loc.base.what));
  const accesses = all.filter((access) => access.loc.base.kind !== 'world' && !inside(access.loc));
  const writes = accesses.filter((access) => access.mode === 'write');
  const behind = writes.flatMap((access) => sourcesOf(m, access.loc).map((loc): Access => ({ ...access, loc, deep: true })));
  const context: LoopContext = { scope: trace.scope, python: m.module.language === 'python', stable: stability(trace, [...writes, ...behind], m.module.language === 'python') };
  const places: Classified[] = [];
  const overlaps = new Map<string, readonly [Loc, Loc]>();
  const distinct = new Map<string, Loc>();

  const slots = groupBy(writes.filter((access) => isSlot(access.loc)), (access) => baseKey(access.loc.base));
  const readsOf = groupBy(accesses.filter((access) => access.mode === 'read' && isSlot(access.loc) && !access.deep), (access) => baseKey(access.loc.base));
  const explained = new Set<Update>();
  for (const [key, group] of slots) {
    const place = classifySlot(m, trace, group, readsOf.get(key) ?? [], header);
    places.push(place);
    if (place.role === 'accumulator') for (const access of group) if (access.update) explained.add(access.update);
  }

  const objects = distinctAccesses(writes.filter((access) => !isSlot(access.loc) || access.deep), header);
  const relevant = distinctAccesses(
    accesses.filter((access) => (!isSlot(access.loc) || access.deep) && (access.mode === 'write' || seesEarlier(m, access, trace.depth) || header.has(access))),
    header,
  );
  if (objects.length * relevant.length > MAX_PAIRS) return { places, effects, overlaps: [], distinct: [], overflow: true };
  const byBase = groupBy(relevant, (access) => baseKey(access.loc.base));
  for (const group of groupBy(objects, placeKey).values()) {
    places.push(classifyObject(m, trace, group, relevant, byBase, header, context, explained, overlaps, distinct));
  }
  return { places: places.filter((place) => place.role !== 'accumulator' || !place.writes.every((access) => isObjectOfSlot(access, explained))), effects, overlaps: [...overlaps.values()], distinct: [...distinct.values()], overflow: false };
}

/** Whether a read may see what an earlier iteration left: directly, or in what an update of this iteration made of it. */
function seesEarlier(m: Machine, access: Access, depth: number): boolean {
  return access.exposedFrom <= depth || (access.update === null && updatesEarlier(m, access, depth));
}

function updatesEarlier(m: Machine, access: Access, depth: number): boolean {
  const write = access.coveredAt >= 0 ? m.accesses[access.coveredAt] : undefined;
  if (!write?.update) return false;
  const key = locKey(write.loc);
  for (let at = access.coveredAt - 1; at >= 0; at--) {
    const read = m.accesses[at]!;
    if (read.mode === 'read' && read.update?.node === write.update.node && locKey(read.loc) === key) return read.exposedFrom <= depth || updatesEarlier(m, read, depth);
  }
  return false;
}

/** Accesses that no test can tell apart count once. */
function distinctAccesses(accesses: readonly Access[], header: ReadonlySet<Access>): Access[] {
  const seen = new Map<string, Access>();
  for (const access of accesses) {
    const key = `${access.mode}${access.deep ? '!' : ''}${header.has(access) ? 'h' : ''}${access.update?.operation ?? ''}|${access.type?.name ?? ''}|${access.mode === 'write' ? access.site.start : ''}|${locKey(access.loc)}`;
    if (!seen.has(key)) seen.set(key, access);
  }
  return [...seen.values()];
}

/** An object that is changed in place by an update of the variable that holds it is that variable's place. */
const isObjectOfSlot = (access: Access, explained: ReadonlySet<Update>): boolean => (!isSlot(access.loc) || access.deep) && access.update !== null && explained.has(access.update);

const isSlot = (loc: Loc): boolean => loc.base.kind === 'variable' && loc.path.length === 0;

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** A load keeps its value in the loop when nothing there writes what it reads. */
function stability(trace: LoopTrace, writes: readonly Access[], _python: boolean): (atom: Atom) => boolean {
  const known = new Map<string, boolean>();
  const written = new Map<string, Access[]>();
  for (const access of writes) {
    const key = baseKey(access.loc.base);
    const list = written.get(key) ?? [];
    list.push(access);
    written.set(key, list);
  }
  return (atom) => {
    let stable = known.get(atom.key);
    if (stable === undefined) {
      const loc = atom.load as Loc;
      const shape = shapeKey(loc);
      stable = !(written.get(baseKey(loc.base)) ?? []).some((access) => {
        if (trace.headerWrites.size > 0 && isSlot(access.loc) && trace.headerWrites.has(access.loc.base.kind === 'variable' ? access.loc.base.id : '')) return shapeKey(access.loc) === shape;
        const other = shapeKey(access.loc);
        return other === shape || (access.deep && shape.startsWith(other)) || shape.startsWith(other + '.') || shape.startsWith(other + '[');
      });
      known.set(atom.key, stable);
    }
    return stable;
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Variables

function classifySlot(m: Machine, trace: LoopTrace, writes: readonly Access[], reads: readonly Access[], header: ReadonlySet<Access>): Classified {
  const { loc } = writes[0]!;
  const id = loc.base.kind === 'variable' ? loc.base.id : '';
  const liveAfter = variableLiveAfter(m, trace, id);
  const advanced = trace.headerWrites.has(id);
  const bodyWrites = writes.filter((access) => !header.has(access));
  const exposed = reads.filter((access) => access.exposedFrom <= trace.depth && !header.has(access) && !coveredByGuards(m, trace, access, bodyWrites));
  const type = writes.reduce<TypeIR | null>((known, access) => known ?? access.type, m.env.get(id)?.type ?? null);
  const always = advanced || trace.endDefs.has(locKey(loc));
  const base = { loc, writes, liveAfter, type, statements: statementsOf(writes), conflicts: [] as Conflict[], exact: false };
  if (seenByKeptFunction(m, trace, id)) {
    return { ...base, liveAfter: true, role: 'shared', lastValue: false, operation: null, conflicts: [conflict('output', bodyWrites[0] ?? writes[0]!, bodyWrites[bodyWrites.length - 1] ?? writes[0]!)] };
  }
  if (exposed.length === 0) {
    if (!liveAfter || always) return { ...base, role: 'private', lastValue: always, operation: null };
    const operation = commonOperation(bodyWrites);
    if ((operation === 'or' || operation === 'and') && reads.length === 0) return { ...base, role: 'accumulator', lastValue: false, operation, exact: true };
    if ((operation === 'argmin' || operation === 'argmax') && reads.length === 0) return { ...base, role: 'accumulator', lastValue: false, operation };
    return { ...base, role: 'shared', lastValue: false, operation: null, conflicts: [conflict('output', bodyWrites[0] ?? writes[0]!, bodyWrites[bodyWrites.length - 1] ?? writes[0]!)] };
  }
  const operation = commonOperation(bodyWrites);
  if (operation && !advanced && reads.every((access) => access.update !== null && compatible(access.update.operation, operation)) && operation !== 'init') {
    return { ...base, role: 'accumulator', lastValue: false, operation, exact: isExact(operation, bodyWrites, type) };
  }
  const source = exposed.find((access) => access.update === null) ?? exposed[0]!;
  const write = [...bodyWrites].reverse()[0] ?? writes[0]!;
  return { ...base, role: 'shared', lastValue: always, operation: null, conflicts: [conflict('flow', write, source)] };
}

/**
 * Whether the read sees this iteration's own value whenever any iteration writes the place: every write stands under conditions that
 * no iteration changes, and under those the place was written before the read.
 */
function coveredByGuards(m: Machine, trace: LoopTrace, read: Access, writes: readonly Access[]): boolean {
  const defs = read.coveredIf.filter((def) => def.depth >= trace.depth && def.literals.every((literal) => isFixed(m, trace, literal)));
  if (defs.length === 0) return false;
  return writes.every((write) => defs.some((def) => def.literals.every((literal) => write.guards.some((guard) => guard.key === literal.key))));
}

const fixedLiterals = new WeakMap<LoopTrace, Map<string, boolean>>();

/** Nothing that the condition reads is written in the loop. */
function isFixed(m: Machine, trace: LoopTrace, literal: Literal): boolean {
  let known = fixedLiterals.get(trace);
  if (!known) fixedLiterals.set(trace, (known = new Map()));
  const key = literal.key.replace(/^!/, '');
  let fixed = known.get(key);
  if (fixed === undefined) {
    const written = [...trace.headerAccesses, ...m.accesses.slice(trace.first, trace.last)].filter((access) => access.mode === 'write');
    fixed = !written.some((write) =>
      literal.reads.some((read) => {
        const [a, b] = [shapeKey(write.loc), shapeKey(read.loc)];
        return a === b || (read.deep && a.startsWith(b)) || (b.startsWith(a) && write.loc.path.length > 0) || (write.deep && b.startsWith(a));
      }),
    );
    // Values read through a name that the loop assigns differ, too.
    known.set(key, fixed);
  }
  return fixed;
}

const conflict = (kind: Conflict['kind'], write: Access, other: Access, certain = true, header = false, throughField = false): Conflict => ({ kind, write, other, certain, header, throughField });

/** The one operation of all updates; null when a write is no update, or they do not go together. */
function commonOperation(writes: readonly Access[]): UpdateOperation | null {
  let found: UpdateOperation | null = null;
  for (const access of writes) {
    if (!access.update) return null;
    const { operation } = access.update;
    if (found === null || found === 'init' || (found === 'sum' && operation === 'concatenation')) found = operation;
    else if (!compatible(found, operation)) return null;
  }
  return found;
}

function compatible(a: UpdateOperation, b: UpdateOperation): boolean {
  if (a === b || a === 'init' || b === 'init') return true;
  const group = (operation: UpdateOperation): string => (operation === 'append' || operation === 'concatenation' || operation === 'sum' ? 'concatenation' : operation === 'argmin' ? 'min' : operation === 'argmax' ? 'max' : operation);
  return group(a) === group(b);
}

function statementsOf(writes: readonly Access[]): Stmt[] {
  const found: Stmt[] = [];
  for (const access of writes) {
    const statement = access.update?.statement;
    if (statement && !found.includes(statement)) found.push(statement);
  }
  return found;
}

/** Whether regrouping gives the same bits: only where the types are proven. */
function isExact(operation: UpdateOperation, writes: readonly Access[], type: TypeIR | null): boolean {
  const groups = new Set(writes.map((access) => groupOf(access.type)));
  groups.add(groupOf(type));
  const only = (...wanted: string[]): boolean => [...groups].every((group) => group !== null && wanted.includes(group));
  switch (operation) {
    case 'sum':
    case 'product':
    case 'bit-and':
    case 'bit-or':
    case 'bit-xor':
      return only('int', 'bool');
    case 'min':
    case 'max':
      return only('int', 'bool');
    case 'and':
    case 'or':
      return only('bool');
    case 'count':
    case 'set-union':
      return true;
    case 'concatenation':
      return only('string', 'list');
    default:
      return false;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Objects

const CONTAINER_UPDATES: ReadonlySet<UpdateOperation> = new Set(['append', 'concatenation', 'set-union', 'dict-union', 'histogram']);

/** Writes of one kind of place go together: subscripts forgotten, the parts of a growing container as one. */
function placeKey(access: Access): string {
  return shapeKey(containerOf(access));
}

function containerOf(access: Access): Loc {
  const { loc, update } = access;
  const last = loc.path[loc.path.length - 1];
  const grows = update && (CONTAINER_UPDATES.has(update.operation) || update.operation === 'grouping');
  const shape = last && ((last.kind === 'field' && last.name === SHAPE) || (last.kind === 'element' && last.index.kind === 'any'));
  return grows && shape ? { base: loc.base, path: loc.path.slice(0, -1) } : loc;
}

function classifyObject(
  m: Machine,
  trace: LoopTrace,
  writes: readonly Access[],
  relevant: readonly Access[],
  byBase: ReadonlyMap<string, readonly Access[]>,
  header: ReadonlySet<Access>,
  context: LoopContext,
  explained: ReadonlySet<Update>,
  overlaps: Map<string, readonly [Loc, Loc]>,
  distinct: Map<string, Loc>,
): Classified {
  const first = writes[0]!;
  const loc = containerOf(first);
  const conflicts: Conflict[] = [];
  const needDistinct: Loc[] = [];
  const own = byBase.get(baseKey(first.loc.base)) ?? [];
  let own_ = false;
  for (const write of writes) {
    for (const other of own) {
      if (header.has(write) && header.has(other)) continue;
      const outcome = relate(write, other, context);
      if (outcome.relation === 'never' || outcome.relation === 'same') {
        if (outcome.relation === 'same') own_ = true;
        if (outcome.distinctElements) {
          if (write.loc.base.kind === 'unseen' && !m.views.has(baseKey(write.loc.base))) conflicts.push(conflict(kindOf(write, other), write, other, false));
          else if (sharedElements(m, write.loc)) conflicts.push(conflict(kindOf(write, other), write, other));
          else if (outcome.throughField && !(write === other)) conflicts.push(conflict(kindOf(write, other), write, other, false, false, true));
          else if (outcome.throughField) conflicts.push(conflict('output', write, other, false, false, true));
          else needDistinct.push(write.loc);
        }
        continue;
      }
      if (write.update && other.update && compatible(write.update.operation, other.update.operation)) {
        conflicts.push({ ...conflict(kindOf(write, other), write, other, false), certain: false });
        continue;
      }
      const grows = (access: Access): boolean => access.update !== null && CONTAINER_UPDATES.has(access.update.operation);
      conflicts.push(conflict(kindOf(write, other), write, other, outcome.relation === 'carried' || grows(write) || isShape(write.loc) || asksForKey(write, other), header.has(other)));
    }
    for (const other of m.views.size > 0 ? relevant : []) {
      if (!sameBase(other.loc, write.loc) && !(header.has(write) && header.has(other)) && shareMemory(m, write.loc, other.loc, context)) conflicts.push(conflict(kindOf(write, other), write, other, false));
    }
    if (first.loc.base.kind === 'fresh') continue;
    for (const other of relevant) {
      if (other.loc.base.kind === 'fresh' || sameBase(other.loc, write.loc)) continue;
      if (!mayOverlap(write, other)) continue;
      const outcome = relate(write, other, { ...context, quick: true });
      if (outcome.relation === 'same' || outcome.relation === 'never') continue;
      overlaps.set(`${shapeKey(write.loc)}|${shapeKey(other.loc)}`, [write.loc, other.loc]);
    }
  }
  const type = first.type;
  const statements = statementsOf(writes);
  // What came from something unseen before the loop is one object throughout it.
  const unseenBase = first.loc.base.kind === 'unseen' && (first.loc.base.site === 'unseen' || isWithin(first.loc.base.scope, trace.scope));
  const result = { loc, writes, liveAfter: first.loc.base.kind !== 'fresh' || liveObject(m, trace, first.loc), lastValue: false, operation: null, statements, type, exact: false };
  if (unseenBase) return { ...result, role: 'shared', conflicts: [conflict('output', first, first, false)] };
  if (conflicts.length === 0) {
    for (const each of needDistinct) distinct.set(baseKey(each.base), each);
    const lastStep = loc.path[loc.path.length - 1];
    const element = loc.path.some((step) => step.kind === 'element');
    return { ...result, role: lastStep?.kind === 'field' && lastStep.name !== SHAPE && element && own_ ? 'own-object' : 'element', conflicts: [] };
  }
  const updates = conflicts.every((each) => each.write.update && each.other.update && compatible(each.write.update.operation, each.other.update.operation) && !each.throughField);
  const operation = commonOperation(conflicts.map((each) => each.write));
  if (updates && operation && operation !== 'init') {
    const folded = objectOperation(operation, loc, type);
    const container = folded === 'histogram' || folded === 'grouping' ? keyedContainer(loc) : loc;
    const isCollect = operation === 'append' && conflicts.every((each) => each.write.update!.operation === 'append') && loc.path.every((step) => step.kind === 'field');
    void explained;
    return { ...result, loc: container, role: isCollect ? 'collect' : 'accumulator', operation: isCollect ? 'append' : folded, conflicts: [], exact: folded === 'set-union' };
  }
  const outputOnly = conflicts.every((each) => each.kind === 'output');
  if (outputOnly) {
    const throughField = conflicts.some((each) => each.throughField);
    if (!result.liveAfter && !throughField) return { ...result, role: 'private', conflicts: [] };
    const always = writes.every((write) => trace.endDefs.has(locKey(write.loc)) && !write.deep) && conflicts.every((each) => each.certain);
    if (always && !throughField && writes.every((write) => fixedPlace(write.loc, context))) return { ...result, role: 'private', lastValue: true, conflicts: [] };
    const keyed = writes.every((write) => groupOf(write.type) === 'dict' || (write.type?.name === 'Object' && write.loc.path[write.loc.path.length - 1]?.kind === 'element'));
    if (keyed && writes.every((write) => write.loc.path[write.loc.path.length - 1]?.kind === 'element' && !write.deep)) {
      return { ...result, loc: { base: loc.base, path: loc.path.slice(0, -1) }, role: 'accumulator', operation: 'dict-union', conflicts: [], exact: false };
    }
  }
  return { ...result, role: 'shared', conflicts };
}

/** A memo: the body asks by a key for what is stored under another key, and neither key tells the iteration that it belongs to. */
function asksForKey(write: Access, read: Access): boolean {
  if (read.mode !== 'read' || read.deep || write.deep || write.update || read.update) return false;
  if (groupOf(write.type) !== 'dict' || groupOf(read.type) !== 'dict' || write.loc.path.length !== read.loc.path.length) return false;
  const key = (loc: Loc): Subscript | null => {
    const last = loc.path[loc.path.length - 1];
    return last?.kind === 'element' ? last.index : null;
  };
  const [stored, asked] = [key(write.loc), key(read.loc)];
  if (!stored || !asked) return false;
  const seen = (index: Subscript): boolean => index.kind === 'key' || (index.kind === 'number' && atomsOf(index.value).every((atom) => atom.counterOf !== null || atom.scope === null));
  return !seen(stored) && !seen(asked);
}

const isShape = (loc: Loc): boolean => {
  const last = loc.path[loc.path.length - 1];
  return last?.kind === 'field' && last.name === SHAPE;
};

function kindOf(_write: Access, other: Access): Conflict['kind'] {
  return other.mode === 'write' ? 'output' : 'flow';
}

/** A place without a subscript that changes: the same one in every iteration. */
function fixedPlace(loc: Loc, context: LoopContext): boolean {
  return loc.path.every((step) => step.kind === 'field' || fixedIndex(step.index, context));
}

function fixedIndex(index: Subscript, context: LoopContext): boolean {
  const fixed = (p: Poly | null): boolean => p === null || !varies(p, context.scope, context.stable);
  if (index.kind === 'key') return index.constant;
  if (index.kind === 'number') return fixed(index.value);
  return index.kind === 'range' && fixed(index.low) && fixed(index.high);
}

function sharedElements(m: Machine, loc: Loc): boolean {
  for (let length = 0; length < loc.path.length; length++) if (m.sharedElements.has(locKey({ base: loc.base, path: loc.path.slice(0, length) }))) return true;
  return false;
}

function objectOperation(operation: UpdateOperation, loc: Loc, type: TypeIR | null): UpdateOperation {
  const keyed = loc.path.some((step) => step.kind === 'element');
  if (keyed && ['sum', 'count', 'product', 'bit-or', 'bit-and', 'bit-xor', 'concatenation', 'and', 'or', 'min', 'max'].includes(operation)) return operation === 'sum' || operation === 'count' ? 'histogram' : operation;
  if (keyed && (operation === 'append' || operation === 'set-union')) return 'grouping';
  void type;
  return operation;
}

function keyedContainer(loc: Loc): Loc {
  const at = loc.path.findIndex((step) => step.kind === 'element');
  return at < 0 ? loc : { base: loc.base, path: loc.path.slice(0, at) };
}

const sameBase = (a: Loc, b: Loc): boolean => baseKey(a.base) === baseKey(b.base);

/** Objects that hang on different names may still be one. */
function mayOverlap(write: Access, other: Access): boolean {
  if (write.loc.path.length === 0 && !write.deep) return false;
  if (other.loc.path.length === 0 && !other.deep) return false;
  if (isScalar(other.type)) return false;
  const a = groupOf(write.type);
  const b = groupOf(other.type);
  if (a !== null && b !== null && a !== b) return false;
  if (write.type && other.type && write.type.name !== other.type.name && a === null && b === null) return false;
  return true;
}

/** Whether an object made before the loop in this function is seen after it. */
function liveObject(m: Machine, trace: LoopTrace, loc: Loc): boolean {
  const key = baseKey(loc.base);
  for (let at = trace.last; at < m.accesses.length; at++) if (m.accesses[at]!.mode === 'read' && baseKey(m.accesses[at]!.loc.base) === key) return true;
  for (let outer = trace.parent; outer; outer = outer.parent) {
    for (let at = outer.first; at < trace.last; at++) {
      const access = m.accesses[at]!;
      if (access.mode === 'read' && access.exposedFrom <= outer.depth && baseKey(access.loc.base) === key) return true;
    }
  }
  return escapes(m, key);
}

/** Returned, stored in something that outlives the function, or held by a variable that others see. */
function escapes(m: Machine, key: string): boolean {
  if (m.returned?.locs.some((loc) => baseKey(loc.base) === key)) return true;
  if (m.root.kind === 'module') return true;
  for (const { value } of m.storedPlaces()) if (value.locs.some((loc) => baseKey(loc.base) === key)) return true;
  for (const [id, value] of m.env) if (!m.root.variables.has(id) && value.locs.some((loc) => baseKey(loc.base) === key)) return true;
  return m.unresolved.some((item) => item.pending?.args.some((argument) => argument.value.locs.some((loc) => baseKey(loc.base) === key)));
}

export type { Outcome };
