/** Effects of a library call, from its model. */
import type { Call } from '../ir/ir';
import type { FunctionModel, PlaceRef } from '../models/types';
import { variantOf } from '../models/variants';
import { callValue } from './instantiate';
import { ANY, extend, locKey, NOTHING, SHAPE, type CallArgument, type LibraryRef, type Loc, type Value } from './domain';
import { copyElements, valueOp } from './evaluate';
import { callFromLibrary } from './implicit';
import { usedAsNumber } from './usage';
import { parseType } from './library';
import type { Machine } from './machine';
import { elementType, groupOf, isScalar } from './types';
import { isArithmetic, workOfModel } from './work';

interface Bound {
  readonly m: Machine;
  readonly ref: LibraryRef;
  readonly args: readonly CallArgument[];
  readonly call: Call;
}

export function applyModel(m: Machine, found: LibraryRef, args: readonly CallArgument[], call: Call, name: string): Value {
  const ref: LibraryRef = { ...found, model: variantOf(found.model, call.args) };
  const bound: Bound = { m, ref, args, call };
  const { model } = ref;
  m.work += workOfModel(model);
  if (isArithmetic(ref.name)) m.arithmetic++;
  if (model.bound === 'io') m.io = true;
  if (model.exits) m.leaving.push({ kind: 'exit', site: m.site(call), via: [], target: null });
  for (const place of model.reads ?? ['args', 'receiver']) touch(bound, place, 'read');
  for (const place of model.writes ?? []) touch(bound, place, 'write');
  for (const at of model.consumes ?? []) {
    const argument = args[at];
    if (argument && groupOf(argument.value.type) === 'iterator') for (const loc of argument.value.locs) m.write(loc, call, { deep: true, must: false });
  }
  callFromLibrary(m, ref.name, args.map((argument) => argument.value), call);
  const results: Value[] = [];
  for (const callback of model.calls ?? []) {
    const argument = typeof callback.arg === 'number' ? args[callback.arg] : args.find((candidate) => candidate.name === callback.arg);
    if (!argument || groupOf(argument.value.type) === 'none') continue;
    const parameters = callbackArguments(bound, callback.when);
    results.push(callValue(m, argument.value, parameters, call, name));
  }
  if (model.exits) m.dead = true;
  const result = resultOf(bound, model);
  for (const { into, what } of model.stores ?? []) keep(bound, into === 'result' ? [result] : targets(bound, into), what);
  return result;
}

/** What a call is given may be reached through its result, its receiver or another argument from then on. */
function keep(bound: Bound, holders: readonly Value[], what: string): void {
  const { m } = bound;
  const any = { kind: 'element' as const, index: ANY };
  const inside = what.startsWith('part:');
  for (const value of targets(bound, inside ? what.slice('part:'.length) : what)) {
    const kept = inside ? { ...NOTHING, locs: value.locs.map((loc) => extend(loc, any)) } : value;
    if (kept.locs.length === 0 && kept.functions.length === 0) continue;
    if (!inside && isScalar(value.type)) continue;
    for (const holder of holders) for (const loc of holder.locs) m.store(extend(loc, any), kept);
  }
}

/** A view of a buffer is not a new object: it is one unless it is made of a number or of a plain array. */
function mayBeView(bound: Bound, model: FunctionModel): boolean {
  if (!model.viewOf) return false;
  const [source] = targets(bound, model.viewOf);
  if (!source) return false;
  const group = groupOf(source.type);
  // `new Float64Array(n)`: a count, if something else computes with it.
  const [written] = bound.call.args;
  if (!source.type && bound.call.args.length === 1 && written && usedAsNumber(bound.m.fn, bound.m.module, written.value)) return false;
  // What has no place is a number or text that was computed here, and an array of either kind is copied.
  return source.locs.length > 0 && !isScalar(source.type) && group !== 'list' && group !== 'array' && group !== 'set' && group !== 'iterator';
}

/** What a callback is given: elements of the other arguments or of the receiver. */
function callbackArguments(bound: Bound, when: string): CallArgument[] {
  const { m, ref, args } = bound;
  const sources = [...(ref.receiver ? [ref.receiver] : []), ...args.filter((argument) => argument.value.functions.length === 0).map((argument) => argument.value)];
  const element = (value: Value): Value => {
    const type = elementType(value.type, 'iterate');
    return { ...NOTHING, locs: isScalar(type) ? [] : value.locs.map((loc) => extend(loc, { kind: 'element', index: ANY })), type, sym: m.opaque('element') };
  };
  const values = when === 'later' ? sources : sources.map(element);
  if (when === 'compare' && values.length === 1) values.push(values[0]!);
  return values.map((value) => ({ value, name: null, spread: null }));
}

function targets(bound: Bound, place: string): readonly Value[] {
  const { ref, args } = bound;
  if (place === 'receiver') return ref.receiver ? [ref.receiver] : [];
  if (place === 'args') return args.map((argument) => argument.value);
  const positional = /^arg(\d+)$/.exec(place);
  if (positional) return args[Number(positional[1])] ? [args[Number(positional[1])]!.value] : [];
  const keyword = /^kw:(\w+)$/.exec(place);
  if (keyword) return args.filter((argument) => argument.name === keyword[1]).map((argument) => argument.value);
  return [];
}

const ARGUMENT = /^(receiver|args|arg\d+|kw:\w+)(\.shallow)?$/;

const UNSEEN: Loc = { base: { kind: 'unseen', site: 'unseen', scope: null }, path: [] };

function touch(bound: Bound, place: PlaceRef, mode: 'read' | 'write'): void {
  const { m, call } = bound;
  const match = ARGUMENT.exec(place);
  if (!match) {
    const loc: Loc = { base: { kind: 'world', what: worldOf(bound, place) }, path: [] };
    if (mode === 'read') m.read(loc, call, { deep: true, node: call });
    else m.write(loc, call, { deep: true, node: call, must: false });
    return;
  }
  const shallow = match[2] !== undefined;
  for (const value of targets(bound, match[1]!)) {
    if (isScalar(value.type)) continue;
    // An object that nothing is known about: the write may be to anything.
    if (mode === 'write' && value.locs.length === 0 && value.type) m.write(UNSEEN, call, { deep: true, must: false, node: call });
    for (const loc of value.locs) {
      // What is changed in place depends on what was there.
      if (mode === 'write' && !shallow) m.read(loc, call, { deep: true, type: value.type, node: call });
      if (!shallow) {
        if (mode === 'read') m.read(loc, call, { deep: true, type: value.type, node: call });
        else m.write(loc, call, { deep: true, type: value.type, must: false, node: call });
        continue;
      }
      for (const step of [{ kind: 'field' as const, name: SHAPE }, { kind: 'element' as const, index: ANY }]) {
        if (mode === 'write') m.read(extend(loc, step), call, { type: value.type, node: call });
        if (mode === 'read') m.read(extend(loc, step), call, { type: value.type, node: call });
        else m.write(extend(loc, step), call, { type: value.type, must: false, node: call });
      }
    }
  }
}

/** `fs:arg0` becomes the file that the argument names, when it is a constant. */
function worldOf(bound: Bound, place: string): string {
  const match = /^(\w+):(arg\d+|receiver)$/.exec(place);
  if (!match) return place;
  const text = targets(bound, match[2]!)[0]?.text;
  return text ? `${match[1]}:${text}` : match[1]!;
}

function resultOf(bound: Bound, model: FunctionModel): Value {
  const { m, ref, args } = bound;
  // One of several arguments comes back.
  if (/^(max|min)$/.test(ref.name) && args.length > 1 && args.every((argument) => argument.name === null && argument.spread === null)) {
    return { ...args.map((argument) => argument.value).reduce((a, b) => m.join(a, b)), sym: numericResult(bound), items: null, text: null };
  }
  const returns = model.returns ?? 'fresh';
  const type = resultType(bound, model);
  const sym = returns === 'value' || isScalar(type) ? numericResult(bound) : m.opaque(ref.name);
  if (returns === 'value' || isScalar(type)) return { ...NOTHING, type, sym };
  if (returns === 'receiver') return ref.receiver ?? NOTHING;
  if (/^arg\d+$/.test(returns)) return targets(bound, returns)[0] ?? NOTHING;
  if (returns === 'unknown' && groupOf(type) !== 'array') return m.unseenValue(ref.name, type);
  // What gives an array and nothing new gives a window on what it is given.
  if (returns === 'unknown') return m.view(ref.name, type, [...(ref.receiver ? [ref.receiver] : []), ...args.map((argument) => argument.value)].filter((value) => !isScalar(value.type)).flatMap((value) => value.locs));
  if (mayBeView(bound, model)) return m.view(ref.name, type, targets(bound, model.viewOf!)[0]!.locs);
  if (returns.startsWith('part:')) {
    const sources = targets(bound, returns.slice('part:'.length));
    const locs = sources.flatMap((value) => value.locs.map((loc) => extend(loc, { kind: 'element', index: ANY })));
    let value: Value = { ...NOTHING, locs, type, sym };
    for (const loc of locs) {
      const stored = m.contents(loc);
      if (stored) value = { ...m.join(value, stored), type: type ?? stored.type };
    }
    return value;
  }
  const made = { ...m.fresh(ref.name, type), sym };
  if (model.repeats) for (const loc of made.locs) m.sharedElements.add(locKey(loc));
  if (returns.startsWith('fresh-of:')) {
    for (const source of targets(bound, returns.slice('fresh-of:'.length))) for (const loc of source.locs) copyElements(m, loc, made.locs[0]!);
  }
  // Nothing is said about what a fresh result holds of its arguments: arguments that are functions or objects may be inside.
  if (returns === 'fresh') for (const argument of args) if (argument.value.functions.length > 0) m.store(extend(made.locs[0]!, { kind: 'field', name: '?' }), { ...argument.value, locs: [] });
  return made;
}

function resultType(bound: Bound, model: FunctionModel): Value['type'] {
  const { ref, args } = bound;
  if (model.type === undefined) return null;
  if (typeof model.type !== 'string') return model.type;
  if (model.type === 'receiver') return ref.receiver?.type ?? null;
  const argument = /^arg(\d+)$/.exec(model.type);
  if (argument) return args[Number(argument[1])]?.value.type ?? null;
  const element = /^element:(receiver|arg\d+)$/.exec(model.type);
  if (element) return elementType(targets(bound, element[1]!)[0]?.type ?? null, 'iterate');
  return parseType(model.type);
}

/** Calls without effects on values that are known by name give a value that is known by name. */
function numericResult(bound: Bound): Value['sym'] {
  const { m, ref, args } = bound;
  if ((ref.model.writes ?? []).length > 0 || (ref.model.calls ?? []).length > 0 || (ref.model.reads ?? []).some((place) => !ARGUMENT.test(place))) return m.opaque(ref.name);
  if (/(^|\.)(len|int)$/.test(ref.name) && args.length === 1) {
    const value = args[0]!.value;
    if (ref.name === 'int' && value.sym && groupOf(value.type) === 'int') return value.sym;
    if (ref.name === 'len' && value.locs.length === 1) return m.loadAtom(extend(value.locs[0]!, { kind: 'field', name: SHAPE }), true);
  }
  const operands = [...(ref.receiver ? [ref.receiver] : []), ...args.map((argument) => argument.value)];
  if (operands.some((value) => value.locs.length > 0 && !isScalar(value.type) && value.type !== null)) return m.opaque(ref.name);
  return valueOp(m, ref.name, operands.map((value) => value.sym));
}
