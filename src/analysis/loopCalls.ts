/** Calls that are loops: `map`, `forEach`, `filter`, `reduce`, `Array.from`, and consumers of comprehensions. */
import type { Argument, Call, Expr, FunctionIR, TypeIR } from '../ir/ir';
import { assignTo } from './assign';
import { evaluate, operate } from './evaluate';
import { ANY_ELEMENT, extend, NOTHING, type CallArgument, type Value } from './domain';
import { callValue } from './instantiate';
import { overValue, iterate, type Iteration } from './iteration';
import { evaluateComprehension, runLoop } from './loopWalk';
import type { Machine } from './machine';
import { operandName } from './messages';
import type { LoopNode } from './report';
import { runBlock } from './statements';
import { elementType, groupOf, isScalar, named } from './types';

/** JS array methods that call back once an element, by what they return. */
const METHODS: Readonly<Record<string, 'array' | 'none' | 'flag' | 'element' | 'fold'>> = {
  map: 'array',
  flatMap: 'array',
  filter: 'array',
  forEach: 'none',
  some: 'flag',
  every: 'flag',
  find: 'element',
  findLast: 'element',
  findIndex: 'flag',
  findLastIndex: 'flag',
  reduce: 'fold',
  reduceRight: 'fold',
};

/** Python builtins that walk over a generator given to them. */
const CONSUMERS = new Set(['sum', 'any', 'all', 'min', 'max', 'list', 'tuple', 'set', 'frozenset', 'dict', 'sorted', 'len', 'bytes', 'bytearray', 'Counter', 'OrderedDict', 'deque', 'fsum', 'prod']);

export function evaluateLoopCall(m: Machine, call: Call, callee: Value, method: string | null): Value | null {
  if (m.module.language === 'python') return pythonCall(m, call, callee, method);
  if (method === null) return null;
  if (method === 'from' && (callee.namespace === 'Array' || callee.library?.name === 'Array')) return arrayFrom(m, call, null);
  if (method === 'from' && TYPED_ARRAY.test(callee.library?.name ?? callee.namespace ?? '')) return arrayFrom(m, call, named(callee.library?.name ?? callee.namespace!));
  const kind = Object.prototype.hasOwnProperty.call(METHODS, method) ? METHODS[method]! : null;
  if (!kind || call.args.length === 0) return null;
  const group = groupOf(callee.type);
  const set = (group === 'dict' || group === 'set') && method === 'forEach';
  if (group !== 'list' && group !== 'array' && !set) {
    if (callee.type || callee.namespace || callee.module || callee.cls || callee.library || callee.functions.length > 0) return null;
    if (!isCallback(m, call.args[0]!)) return null;
    m.unseen.push({ name: operandName((call.callee as Expr & { type: 'attribute' }).object), at: m.accesses.length, locs: callee.locs });
  }
  const object = (call.callee as Expr & { type: 'attribute' }).object;
  return overCallback(m, call, call, callee, object, method, kind);
}

function isCallback(m: Machine, argument: Argument): boolean {
  if (argument.value.type === 'function') return true;
  if (argument.value.type === 'name') {
    const id = argument.value.variable;
    const value = m.env.get(id) ?? m.analyzer.initialValue(m, id);
    return value.functions.length > 0 || value.library !== null || value.cls !== null;
  }
  return false;
}

function overCallback(m: Machine, call: Call, node: LoopNode, receiver: Value, object: Expr, method: string, kind: string): Value {
  const callback = evaluate(m, call.args[0]!.value);
  const rest = call.args.slice(1).map((argument) => evaluate(m, argument.value));
  const mapLike = groupOf(receiver.type) === 'dict';
  const iteration = overValue(m, receiver, object, mapLike);
  const results: Value[] = [];
  const fold = kind === 'fold';
  const made = m.fresh(method, named('Array'));
  let accumulator: Value = rest[0] ?? NOTHING;
  const trace = loopOver(m, call, node, method, callback, iteration, (current) => {
    const element = iteration.element(current);
    const position: Value = { ...NOTHING, type: named('number'), sym: positionSym(m, current) };
    const values = fold ? [accumulator, element, position, receiver] : [element, position, receiver];
    const value = runCallback(m, callback, values, call, call.args[0]!.value, fold ? current.scope.id : null);
    results.push(value);
    current.element = { value, node: null };
    if (method === 'map') m.store(extend(made.locs[0]!, ANY_ELEMENT), value);
  });
  if (fold) trace.fold = foldOf(m, trace, callback);
  const element = results.length > 0 ? results.reduce((a, b) => m.join(a, b)) : NOTHING;
  accumulator = element;
  if (kind === 'none') return { ...NOTHING, type: named('undefined') };
  if (kind === 'flag') return { ...NOTHING, type: named(method.startsWith('find') ? 'number' : 'boolean'), sym: m.opaque(method) };
  if (kind === 'fold') return { ...element, sym: m.opaque('reduce') };
  const type = elementType(receiver.type, 'iterate');
  const part: Value = { ...NOTHING, locs: isScalar(type) ? [] : receiver.locs.map((loc) => extend(loc, ANY_ELEMENT)), type };
  if (kind === 'element') return { ...part, sym: m.opaque('found') };
  const content = method === 'map' ? element : method === 'flatMap' ? flattened(element) : part;
  if (method !== 'map') m.store(extend(made.locs[0]!, ANY_ELEMENT), content);
  return { ...made, type: groupOf(receiver.type) === 'array' ? receiver.type : content.type ? named('Array', content.type) : named('Array') };
}

const flattened = (value: Value): Value => ({ ...NOTHING, locs: value.locs.map((loc) => extend(loc, ANY_ELEMENT)), type: elementType(value.type, 'iterate') });

function positionSym(m: Machine, trace: { readonly scope: { readonly id: number } }) {
  void trace;
  return m.positionOf(trace.scope as never);
}

/** Walks the callback's body in place when it is written there, else applies its summary. */
export function runCallback(m: Machine, callback: Value, values: readonly Value[], call: Call, node: Expr, foldScope: number | null): Value {
  const ref = callback.functions.length === 1 && !callback.open ? callback.functions[0]! : null;
  const inline = ref !== null && node.type === 'function' && ref.module === m.module && !ref.fn.generator && !ref.fn.broken && m.inlined.length < 12;
  const args: CallArgument[] = values.map((value) => ({ value, name: null, spread: null }));
  if (!inline) {
    const wanted = ref ? ref.fn.params.some((param) => param.kind === 'rest') ? args.length : ref.fn.params.length : callback.library ? 1 : args.length;
    return callValue(m, callback, args.slice(0, Math.max(wanted, callback.library ? 1 : 0)), call, ref?.fn.name || 'callback');
  }
  return inlineFunction(m, ref.fn, values, foldScope);
}

function inlineFunction(m: Machine, fn: FunctionIR, values: readonly Value[], foldScope: number | null): Value {
  const outer = m.fn;
  const outerThis = m.thisValue;
  const outerStatement = m.statement;
  const breakables = m.breakables.splice(0, m.breakables.length);
  m.fn = fn;
  m.inlinedFunctions.push(fn);
  if (!fn.arrow && m.module.language !== 'python') m.thisValue = NOTHING;
  if (fn.async) m.leaving.push({ kind: 'await', site: { fn, start: 0, end: 1 }, via: [], target: null });
  let at = 0;
  for (const param of fn.params) {
    let value: Value;
    if (param.kind === 'rest') {
      value = m.fresh('rest', named('Array'));
      for (const each of values.slice(at)) m.store(extend(value.locs[0]!, ANY_ELEMENT), each);
    } else {
      value = values[at] ?? (param.default ? evaluate(m, param.default) : { ...NOTHING, type: named('undefined') });
      if (!value.type && param.type) value = { ...value, type: param.type, locs: isScalar(param.type) ? [] : value.locs };
    }
    const span = { start: 0, end: 1 };
    const name = { type: 'name' as const, name: param.name, variable: param.variable, span };
    if (foldScope !== null && at === 0) m.foldParams.set(param.variable, foldScope);
    assignTo(m, name, value);
    if (param.pattern) assignTo(m, param.pattern, value);
    at++;
  }
  m.inlined.push({ returned: null, ends: [], depth: m.frames.length });
  runBlock(m, fn.body);
  const frame = m.inlined.pop()!;
  if (frame.ends.length > 0) m.merge([m.snapshot(), ...frame.ends]);
  m.fn = outer;
  m.thisValue = outerThis;
  m.statement = outerStatement;
  m.breakables.push(...breakables);
  return frame.returned ?? { ...NOTHING, type: named('undefined') };
}

function loopOver(m: Machine, call: Call, node: LoopNode, method: string, callback: Value, iteration: Iteration, run: (trace: Parameters<Iteration['element']>[0]) => void) {
  const fn = callback.functions.length === 1 && !callback.open ? callback.functions[0]!.fn : null;
  const argument = call.args.find((each) => each.value.type === 'function') ?? call.args[method === 'from' || method === 'Array.from' ? 1 : 0] ?? null;
  return runLoop(m, {
    node,
    kind: 'call',
    header: iteration.header(null),
    body: argument?.value.type === 'function' && fn ? fn.body : [],
    callback: fn,
    call: { method, argument },
    consumer: method,
    trips: iteration.trips,
    sureOnce: false,
    advances: [],
    assigns: argument ? [argument.value] : [],
    step: () => undefined,
    run,
  });
}

const TYPED_ARRAY = /^(Float|Int|Uint|BigInt|BigUint)\d+(Clamped)?Array$/;

/** `typed`: the type of the array when it isn't a plain one. */
function arrayFrom(m: Machine, call: Call, typed: TypeIR | null): Value | null {
  const [source, mapper] = call.args;
  if (!source || !mapper) return null;
  // `{ length: n }`: positions only.
  const length = source.value.type === 'mapping' && source.value.properties.length === 1 && source.value.properties[0]!.key?.type === 'const' && source.value.properties[0]!.key.value === 'length';
  const receiver = evaluate(m, source.value);
  const callback = evaluate(m, mapper.value);
  const iteration = length ? positions(source.value) : overValue(m, receiver, source.value, false);
  let result: Value = NOTHING;
  const made = m.fresh('Array.from', named('Array'));
  loopOver(m, call, call, 'Array.from', callback, iteration, (trace) => {
    const element = iteration.element(trace);
    result = runCallback(m, callback, [element, { ...NOTHING, type: named('number'), sym: m.positionOf(trace.scope as never) }], call, mapper.value, null);
    trace.element = { value: result, node: null };
    m.store(extend(made.locs[0]!, ANY_ELEMENT), result);
  });
  if (typed) return { ...made, type: typed };
  return result.type ? { ...made, type: named('Array', result.type) } : made;
}

const positions = (iterable: Expr): Iteration => ({
  trips: null,
  header: (target) => ({ kind: 'elements', target, iterable, sized: true, lazy: false, wrapper: null, distinct: false }),
  element: () => ({ ...NOTHING, type: named('undefined') }),
  places: () => [],
});

// ---------------------------------------------------------------------------------------------------------------------
// Python

function pythonCall(m: Machine, call: Call, callee: Value, method: string | null): Value | null {
  const name = callee.library ? callee.library.name : call.callee.type === 'name' && call.callee.variable.startsWith('builtin/') ? call.callee.name : null;
  const first = call.args[0];
  if (method === null && name === 'range' && call.callee.type === 'name' && call.args.every((argument) => !argument.spread)) {
    const values = call.args.map((argument) => evaluate(m, argument.value));
    const step = values[2]?.sym;
    return {
      ...m.fresh('range', named('range')),
      locs: [],
      range: {
        start: values.length > 1 ? values[0]!.sym : { constant: 0, terms: [] },
        stop: values.length > 1 ? values[1]!.sym : (values[0]?.sym ?? null),
        step: values.length > 2 ? (step && step.terms.length === 0 ? step.constant : 0) : 1,
      },
    };
  }
  if (!first) return null;
  if (method === null && (name === 'map' || name === 'filter') && call.callee.type === 'name' && call.args.length === 2) return mapped(m, call, name, first.value);
  if ((name === 'reduce' || name === 'functools.reduce') && call.args.length >= 2) return reduced(m, call, first.value);
  if (first.value.type === 'comprehension' && first.value.kind === 'generator' && !first.spread) {
    const short = name?.replace(/^.*\./, '') ?? '';
    const join = method === 'join' && groupOf(callee.type) === 'string';
    const extend_ = method === 'extend' || method === 'update';
    if (!CONSUMERS.has(short) && !join && !extend_) return null;
    if (method !== null && !join && !extend_ && !callee.library && !callee.namespace) return null;
    const generator = evaluateComprehension(m, first.value, join ? 'join' : extend_ ? method : short);
    if (extend_) return null;
    const rest = call.args.slice(1).map((argument) => evaluate(m, argument.value));
    void rest;
    return consumed(m, join ? 'join' : short, generator);
  }
  return null;
}

function consumed(m: Machine, name: string, generator: Value): Value {
  const element = m.contents(extend(generator.locs[0]!, ANY_ELEMENT));
  const type = generator.type?.args?.[0] ?? null;
  const sym = m.opaque(name);
  switch (name) {
    case 'any':
    case 'all':
      return { ...NOTHING, type: named('bool'), sym };
    case 'len':
      return { ...NOTHING, type: named('int'), sym };
    case 'join':
      return { ...NOTHING, type: named('str'), sym };
    case 'sum':
      return groupOf(type) === 'int' || groupOf(type) === 'bool' ? { ...NOTHING, type: named('int'), sym } : { ...m.fresh('sum', groupOf(type) === 'float' ? named('float') : null), sym };
    case 'fsum':
      return { ...NOTHING, type: named('float'), sym };
    case 'min':
    case 'max':
      return { ...NOTHING, ...(element ?? {}), type, sym };
    default: {
      const made = m.fresh(name, type && name !== 'dict' && name !== 'Counter' ? named(name === 'sorted' ? 'list' : name, type) : named(name === 'sorted' ? 'list' : name));
      if (element) m.store(extend(made.locs[0]!, ANY_ELEMENT), element);
      return { ...made, sym };
    }
  }
}

function mapped(m: Machine, call: Call, name: string, fnExpr: Expr): Value {
  const callback = evaluate(m, fnExpr);
  const iteration = iterate(m, call.args[1]!.value, false);
  let result: Value = NOTHING;
  const made = m.fresh(name, named('iterator'));
  loopOver(m, call, call, name, callback, iteration, (trace) => {
    const element = iteration.element(trace);
    result = groupOf(callback.type) === 'none' || (fnExpr.type === 'const' && fnExpr.kind === 'none') ? element : runCallback(m, callback, [element], call, fnExpr, null);
    trace.element = { value: result, node: null };
    if (name === 'filter') result = element;
    m.store(extend(made.locs[0]!, ANY_ELEMENT), result);
  });
  return result.type ? { ...made, type: named('iterator', result.type) } : made;
}

function reduced(m: Machine, call: Call, fnExpr: Expr): Value {
  const callback = evaluate(m, fnExpr);
  const initial = call.args[2] ? evaluate(m, call.args[2].value) : NOTHING;
  const iteration = iterate(m, call.args[1]!.value, false);
  let result: Value = NOTHING;
  const trace = loopOver(m, call, call, 'reduce', callback, iteration, (current) => {
    const element = iteration.element(current);
    result = runCallback(m, callback, [{ ...initial, sym: m.opaque('fold') }, element], call, fnExpr, current.scope.id);
  });
  trace.fold = foldOf(m, trace, callback);
  return { ...result, sym: m.opaque('reduce') };
}

/** The operation of a `reduce` whose callback only combines: `(a, x) => a + f(x)`. */
function foldOf(m: Machine, trace: { readonly callback: FunctionIR | null }, callback: Value): { operation: string | null; exact: boolean } {
  const library = callback.library?.name ?? '';
  const direct: Record<string, string> = { 'operator.add': 'sum', 'operator.mul': 'product', 'operator.or_': 'bit-or', 'operator.and_': 'bit-and', 'operator.xor': 'bit-xor', max: 'max', min: 'min' };
  if (direct[library]) return { operation: direct[library]!, exact: false };
  const fn = trace.callback;
  const param = fn?.params[0];
  if (!fn || !param || fn.body.length !== 1) return { operation: null, exact: false };
  const stmt = fn.body[0]!;
  if (stmt.type !== 'return' || !stmt.value) return { operation: null, exact: false };
  const place: Expr = { type: 'name', name: param.name, variable: param.variable, span: { start: 0, end: 0 } };
  return { operation: m.foldOperation(stmt.value, place), exact: false };
}

export { operate };
