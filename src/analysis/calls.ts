/** Calls: who is called, with what, and what that does. */
import type { Argument, Call, Expr } from '../ir/ir';
import { classType, held } from './analyzer';
import { containerEffect } from './containers';
import { evaluate, readAttribute, subscriptOf, useValue } from './evaluate';
import { callFunction, constructClass } from './instantiate';
import { applyModel } from './libraryCall';
import { evaluateLoopCall } from './loopCalls';
import { ANY, extend, NOTHING, SHAPE, type CallArgument, type PathStep, type Value } from './domain';
import { methodModel } from './library';
import type { Machine } from './machine';
import { written } from './messages';
import { variantOf } from '../models/variants';
import { elementType, isScalar, named } from './types';

/** The name of a callee as the person wrote it. */
export const calleeName = (callee: Expr): string => written(callee);

export function evaluateArguments(m: Machine, args: readonly Argument[]): CallArgument[] {
  return args.map((argument) => ({ value: evaluate(m, argument.value), name: argument.name ?? null, spread: argument.spread ?? null }));
}

export function evaluateCall(m: Machine, call: Call): Value {
  const { callee } = call;
  if (callee.type === 'this' && callee.kind === 'super') return superConstructor(m, call);
  if (callee.type === 'call' && callee.callee.type === 'name' && callee.callee.name === 'super') evaluateArguments(m, callee.args);

  if (callee.type === 'attribute') {
    const inherited = superMethod(m, call, callee.object, callee.name);
    if (inherited) return inherited;
    const receiver = evaluate(m, callee.object);
    const looped = evaluateLoopCall(m, call, receiver, callee.name);
    if (looped) return looped;
    const special = containerCall(m, call, receiver, callee.name, callee.object);
    if (special) return special;
    return dispatch(m, call, readCallee(m, call, receiver, callee.name), evaluateArguments(m, call.args), receiver, callee.name);
  }
  const value = evaluate(m, callee);
  const looped = evaluateLoopCall(m, call, value, null);
  if (looped) return looped;
  return dispatch(m, call, value, evaluateArguments(m, call.args), null, null);
}

/** Looks a method up without counting it as a read of a field when it is one. */
function readCallee(m: Machine, call: Call, receiver: Value, name: string): Value {
  const callee = call.callee as Expr & { type: 'attribute' };
  if (receiver.namespace || receiver.module || receiver.cls || m.analyzer.classOf(receiver.type, m.module)) return readAttribute(m, callee, receiver);
  const model = methodModel(m.analyzer.models, receiver.type, name);
  if (model) return { ...NOTHING, library: { name, model, receiver } };
  if (receiver.type && isScalar(receiver.type)) return NOTHING;
  // A field that holds a function that was stored here.
  const stored = storedFunctions(m, receiver, name);
  if (stored) return { ...stored, functions: stored.functions.map((ref) => ({ ...ref, self: ref.self ?? receiver })) };
  return NOTHING;
}

/**
 * The functions that a field was seen to be given. The field of an object that was not made here may have held another before: it is one
 * of these only where it has surely been written.
 */
export function storedFunctions(m: Machine, receiver: Value, name: string): Value | null {
  for (const loc of receiver.locs) {
    const field = extend(loc, { kind: 'field', name });
    const stored = m.contents(field);
    if (!stored || stored.functions.length === 0) continue;
    const all = receiver.locs.length === 1 && (loc.base.kind === 'fresh' || m.isWritten(field));
    return all ? stored : { ...stored, open: true };
  }
  return null;
}

export function dispatch(m: Machine, call: Call, callee: Value, args: CallArgument[], receiver: Value | null, method: string | null): Value {
  m.work += 2;
  if (callee.cls) return constructClass(m, callee.cls, args, call, calleeName(call.callee));
  if (callee.functions.length > 0) {
    if (callee.open) unresolvedCall(m, call, { ...callee, functions: [], open: false }, args, receiver, method);
    let result: Value | null = null;
    const before = callee.functions.length > 1 ? m.snapshot() : null;
    const ends = [];
    for (const ref of callee.functions) {
      if (before) m.restore(before);
      const value = callFunction(m, ref, args, call, calleeName(call.callee), call.construct);
      result = result ? m.join(result, value) : value;
      if (before) ends.push(m.snapshot());
    }
    if (before) m.merge(ends);
    return result!;
  }
  if (callee.library) {
    const model = args.length === call.args.length ? variantOf(callee.library.model, call.args) : callee.library.model;
    const result = applyModel(m, { ...callee.library, model }, args, call, calleeName(call.callee));
    // The factory of a defaultdict tells what its values are.
    const factory = /(^|\.)defaultdict$/.test(callee.library.name) ? args[0]?.value.library?.name : undefined;
    return factory && result.type ? { ...result, type: named(result.type.name, named('unknown'), named(factory)) } : result;
  }
  const called = m.module.language === 'python' && callee.locs.length > 0 ? m.analyzer.classOf(callee.type, m.module) : null;
  const own = called ? m.analyzer.methodsOf(called, '__call__') : [];
  if (own.length > 0) return dispatch(m, call, { ...NOTHING, functions: own.map((ref) => ({ ...ref, self: callee })) }, args, null, null);
  return unresolvedCall(m, call, callee, args, receiver, method);
}

function unresolvedCall(m: Machine, call: Call, callee: Value, args: readonly CallArgument[], receiver: Value | null, method: string | null): Value {
  m.cannotResolve({
    callee: calleeName(call.callee),
    site: m.site(call),
    via: [],
    pending: { callee: receiver ?? callee, method, args },
  });
  m.forgetLoads();
  // What it is given may be written: nothing read from it before is known to stay.
  return method !== null && receiver && WINDOWS.has(method) ? m.view(method, null, receiver.locs) : m.unseenValue(method ?? 'call');
}

/** Methods that give the memory of an array under other subscripts, whatever library the array is of. */
const WINDOWS = new Set(['reshape', 'ravel', 'transpose', 'swapaxes', 'squeeze', 'diagonal', 'view', 'subarray']);

// ---------------------------------------------------------------------------------------------------------------------
// super

function superConstructor(m: Machine, call: Call): Value {
  const args = evaluateArguments(m, call.args);
  const cls = ownClass(m);
  const base = cls ? m.analyzer.bases(cls)[0] : undefined;
  if (!base) {
    m.cannotResolve({ callee: 'super', site: m.site(call), via: [], pending: null });
    return NOTHING;
  }
  const constructor = m.analyzer.findMethod(base, 'constructor');
  if (constructor && m.thisValue) callFunction(m, { ...constructor, self: m.thisValue }, args, call, 'super');
  return NOTHING;
}

function ownClass(m: Machine) {
  let fn = m.fn;
  while (fn.class === null && fn.parent !== null) fn = m.module.functions.get(fn.parent) ?? m.module.functions.get('')!;
  const cls = fn.class === null ? undefined : m.module.classes.get(fn.class);
  return cls ? { module: m.module, cls } : null;
}

function superMethod(m: Machine, call: Call, object: Expr, name: string): Value | null {
  const python = object.type === 'call' && object.callee.type === 'name' && object.callee.name === 'super' && object.callee.variable.startsWith('builtin/');
  const javascript = object.type === 'this' && object.kind === 'super';
  if (!python && !javascript) return null;
  const cls = ownClass(m);
  if (!cls) return null;
  for (const base of m.analyzer.bases(cls)) {
    const method = m.analyzer.findMethod(base, name);
    if (!method) continue;
    const self = python && m.fn.params[0] ? (m.env.get(m.fn.params[0].variable) ?? held(m.module, m.fn.params[0].variable, classType(cls), null)) : m.thisValue;
    return callFunction(m, { ...method, self: self ?? NOTHING }, evaluateArguments(m, call.args), call, `super.${name}`);
  }
  const args = evaluateArguments(m, call.args);
  if (name === '__init__' && cls.cls.bases.length === 0) return NOTHING;
  if (name === '__init__' && m.analyzer.fullyKnown(cls)) return NOTHING;
  m.cannotResolve({ callee: `super.${name}`, site: m.site(call), via: [], pending: null });
  for (const argument of args) useValue(m, argument.value, call);
  return m.unseenValue(name);
}

// ---------------------------------------------------------------------------------------------------------------------
// Containers

/** Methods that touch one element or grow a container in a way that can be replayed. */
function containerCall(m: Machine, call: Call, receiver: Value, method: string, object: Expr): Value | null {
  const effect = containerEffect(receiver.type, method);
  if (!effect || receiver.locs.length === 0 || call.args.some((argument) => argument.spread && effect.kind !== 'append')) return null;
  if (!methodModel(m.analyzer.models, receiver.type, method) && receiver.functions.length > 0) return null;
  const python = m.module.language === 'python';
  const args = evaluateArguments(m, call.args);
  const first = args[0]?.value ?? NOTHING;
  const second = args[1]?.value ?? NOTHING;
  const shape: PathStep = { kind: 'field', name: SHAPE };
  const any: PathStep = { kind: 'element', index: ANY };
  m.work++;
  const grow = (operation: 'append' | 'concatenation' | 'set-union' | 'dict-union' | 'histogram', stored: Value | null) => {
    const update = m.tagFor(object) ?? { operation, node: call, statement: m.statement, type: first.type, targetType: receiver.type };
    for (const loc of receiver.locs) {
      m.write(extend(loc, shape), call, { update, node: object, type: receiver.type, must: false });
      m.write(extend(loc, any), call, { update, node: object, type: receiver.type, must: false });
      if (stored) m.store(extend(loc, any), stored, null, call.span.start);
    }
  };
  const elements = (value: Value): Value => ({ ...NOTHING, locs: value.locs.map((loc) => extend(loc, any)), type: elementType(value.type, 'iterate') });
  switch (effect.kind) {
    case 'append':
      for (const argument of args) grow('append', argument.spread ? elements(argument.value) : argument.value);
      for (const argument of args) if (argument.spread) for (const loc of argument.value.locs) m.read(loc, call, { deep: true });
      return { ...NOTHING, type: named(python ? 'None' : 'number') };
    case 'extend':
    case 'union':
    case 'dict-update':
    case 'count-update': {
      const whole = effect.kind !== 'union' || method === 'update';
      if (whole) for (const loc of first.locs) m.read(loc, call, { deep: true, type: first.type });
      else useValue(m, first, call.args[0]?.value ?? call);
      grow(effect.kind === 'extend' ? 'concatenation' : effect.kind === 'union' ? 'set-union' : effect.kind === 'dict-update' ? 'dict-union' : 'histogram', whole ? elements(first) : first);
      return python ? { ...NOTHING, type: named('None') } : receiver;
    }
    case 'keyed-read': {
      useValue(m, first, call.args[0]?.value ?? call);
      const step: PathStep = { kind: 'element', index: subscriptOf(first, call.args[0]?.value ?? null) };
      if (method === 'has') {
        for (const loc of receiver.locs) m.read(extend(loc, step), call, { node: call, type: receiver.type });
        return { ...NOTHING, type: named('boolean') };
      }
      const locs = receiver.locs.map((loc) => extend(loc, step));
      for (const loc of locs) m.read(loc, call, { node: call, type: receiver.type });
      const type = elementType(receiver.type, 'index');
      let value: Value = { ...NOTHING, locs: isScalar(type) ? [] : locs, type, sym: m.opaque('get') };
      for (const loc of locs) {
        const stored = m.contents(loc);
        if (stored) value = { ...m.join(value, stored), type: type ?? stored.type };
      }
      return args.length > 1 ? { ...m.join(value, second), type: type ?? second.type } : value;
    }
    case 'keyed-write': {
      useValue(m, first, call.args[0]?.value ?? call);
      const step: PathStep = { kind: 'element', index: subscriptOf(first, call.args[0]?.value ?? null) };
      for (const loc of receiver.locs) {
        m.write(extend(loc, step), call, { node: call, type: receiver.type, must: receiver.locs.length === 1 });
        m.store(extend(loc, step), second);
      }
      return receiver;
    }
    case 'setdefault': {
      useValue(m, first, call.args[0]?.value ?? call);
      const step: PathStep = { kind: 'element', index: subscriptOf(first, call.args[0]?.value ?? null) };
      const locs = receiver.locs.map((loc) => extend(loc, step));
      for (const loc of locs) {
        m.read(loc, call, { node: call, type: receiver.type });
        m.write(loc, call, { node: call, type: receiver.type, must: false });
        m.store(loc, second);
      }
      const type = elementType(receiver.type, 'index') ?? second.type;
      return { ...NOTHING, locs, type, sym: m.opaque('setdefault') };
    }
  }
}
