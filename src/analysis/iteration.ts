/** What a loop over a value gives: elements, keys, pairs, and what walking over it reads. */
import type { Expr, Target } from '../ir/ir';
import { walkExpr } from '../ir/walk';
import { evaluate } from './evaluate';
import { ANY_ELEMENT, extend, NOTHING, SHAPE, type Loc, type PathStep, type Value } from './domain';
import { callFunction } from './instantiate';
import { typeModel } from './library';
import { counterAtom } from './loopWalk';
import type { Machine } from './machine';
import { operandName } from './messages';
import type { Header } from './report';
import type { LoopTrace } from './trace';
import { add, constant, isConstant, ofAtom, subtract, type Poly } from './symbolic';
import { elementType, groupOf, isScalar, named, type TypeGroup } from './types';

export interface Iteration {
  readonly trips: number | null;
  header(target: Target | null): Header;
  /** The value of one element; emits its reads. Called once an iteration. */
  element(trace: LoopTrace): Value;
  /** The places that the elements come from. */
  places(trace: LoopTrace): readonly Loc[];
}

type Wrapper = (Header & { kind: 'elements' })['wrapper'];

const SIZED: ReadonlySet<TypeGroup | null> = new Set(['list', 'tuple', 'array', 'dict', 'set', 'string', 'range']);

/** Evaluates the iterable once, and tells what walking over it does. */
export function iterate(m: Machine, iterable: Expr, overKeys: boolean): Iteration {
  const wrapped = wrapperOf(m, iterable);
  if (wrapped) return wrapped;
  const value = evaluate(m, iterable);
  return overValue(m, value, iterable, overKeys);
}

function builtinCall(m: Machine, expr: Expr): { name: string; args: readonly Expr[] } | null {
  if (expr.type !== 'call' || expr.args.some((argument) => argument.spread)) return null;
  if (expr.callee.type === 'name' && expr.callee.variable.startsWith('builtin/')) return { name: expr.callee.name, args: expr.args.map((argument) => argument.value) };
  if (m.module.language !== 'python' && expr.callee.type === 'attribute' && expr.callee.object.type === 'name' && expr.callee.object.variable === 'builtin/Object')
    return { name: `Object.${expr.callee.name}`, args: expr.args.map((argument) => argument.value) };
  return null;
}

function wrapperOf(m: Machine, expr: Expr): Iteration | null {
  const builtin = builtinCall(m, expr);
  const python = m.module.language === 'python';
  if (builtin && python) {
    const [first, second] = builtin.args;
    if (builtin.name === 'range' && first) return overRange(m, builtin.args, expr);
    if (builtin.name === 'enumerate' && first) {
      const inner = iterate(m, first, false);
      const start = second ? evaluate(m, second).sym : constant(0);
      return enumerated(inner, start, first, 'enumerate');
    }
    if (builtin.name === 'zip' && builtin.args.length > 0) return zipped(m, builtin.args);
    if (builtin.name === 'reversed' && first) return { ...rewrapped(iterate(m, first, false), 'reversed', first), trips: null };
  }
  if (builtin && !python && builtin.args[0] && ['Object.keys', 'Object.values', 'Object.entries'].includes(builtin.name)) {
    const object = evaluate(m, builtin.args[0]);
    return overKeyed(m, object, expr, builtin.name === 'Object.keys' ? 'keys' : builtin.name === 'Object.values' ? 'values' : 'entries', named('string'));
  }
  if (expr.type === 'call' && expr.args.length === 0 && expr.callee.type === 'attribute') {
    const { name } = expr.callee;
    if (!['items', 'keys', 'values', 'entries'].includes(name)) return null;
    const object = evaluate(m, expr.callee.object);
    const group = groupOf(object.type);
    if (group === 'dict') return overKeyed(m, object, expr, name as Wrapper, elementType(object.type, 'iterate'));
    if (group === 'list' && !python && name === 'entries') return enumerated(overValue(m, object, expr.callee.object, false), constant(0), expr, 'entries');
    if (python && name === 'items' && object.type === null && object.functions.length === 0 && !object.namespace && !object.module && !object.cls) {
      m.unseen.push({ name: operandName(expr.callee.object), at: m.accesses.length, locs: object.locs });
      return overKeyed(m, object, expr, 'items', null);
    }
    return null;
  }
  return null;
}

function overRange(m: Machine, args: readonly Expr[], expr: Expr): Iteration {
  const values = args.map((argument) => evaluate(m, argument));
  const start = args.length > 1 ? values[0]!.sym : constant(0);
  const stop = args.length > 1 ? values[1]!.sym : values[0]!.sym;
  const stepSym = args.length > 2 ? values[2]!.sym : constant(1);
  const step = stepSym && isConstant(stepSym) ? stepSym.constant : 0;
  const trips = start && stop && isConstant(start) && isConstant(stop) && step !== 0 ? Math.max(0, Math.ceil((stop.constant - start.constant) / step)) : null;
  return {
    trips,
    header: (target) =>
      target?.type === 'name'
        ? {
            kind: 'counter',
            variable: target.variable,
            start: args.length > 1 ? args[0]! : null,
            stop: args.length > 1 ? args[1]! : args[0]!,
            test: step < 0 ? '>' : '<',
            step: args.length > 2 ? args[2]! : null,
            sized: true,
          }
        : { kind: 'elements', target, iterable: expr, sized: true, lazy: false, wrapper: null, distinct: true },
    element: (trace) => {
      const low = step > 0 ? start : step < 0 && stop ? add(stop, constant(1)) : null;
      const high = step > 0 && stop ? subtract(stop, constant(1)) : step < 0 ? start : null;
      return { ...NOTHING, type: named('int'), sym: ofAtom(counterAtom(trace, 'i', low, high, step)) };
    },
    places: () => [],
  };
}

function rewrapped(inner: Iteration, wrapper: Wrapper, iterable: Expr): Iteration {
  return {
    ...inner,
    header: (target) => {
      const header = inner.header(target);
      return header.kind === 'elements' ? { ...header, wrapper } : { kind: 'elements', target, iterable, sized: true, lazy: false, wrapper, distinct: true };
    },
  };
}

function enumerated(inner: Iteration, start: Poly | null, iterable: Expr, wrapper: Wrapper): Iteration {
  return {
    trips: inner.trips,
    header: (target) => {
      const header = inner.header(target);
      return { kind: 'elements', target, iterable: header.kind === 'elements' ? header.iterable : iterable, sized: header.sized, lazy: header.kind === 'elements' && header.lazy, wrapper, distinct: true };
    },
    element: (trace) => {
      const position = positionOf(trace);
      return { ...NOTHING, items: [{ ...NOTHING, type: named('int'), sym: start ? add(position, start) : null }, inner.element(trace)], type: named('tuple') };
    },
    places: (trace) => inner.places(trace),
  };
}

/** Which iteration it is, from 0. */
const positionOf = (trace: LoopTrace): Poly => ofAtom(counterAtom(trace, 'iteration', constant(0), null, 1));

function zipped(m: Machine, args: readonly Expr[]): Iteration {
  const inner = args.map((argument) => iterate(m, argument, false));
  const headers = inner.map((each) => each.header(null));
  const known = inner.map((each) => each.trips).filter((trips): trips is number => trips !== null);
  return {
    trips: known.length === inner.length && known.length > 0 ? Math.min(...known) : null,
    header: (target) => ({
      kind: 'elements',
      target,
      iterable: args[0]!,
      sized: headers.every((header) => header.sized),
      lazy: headers.some((header) => header.kind === 'elements' && header.lazy),
      wrapper: 'zip',
      distinct: headers.some((header) => header.kind === 'counter' || (header.kind === 'elements' && header.distinct)),
    }),
    element: (trace) => {
      const elements = inner.map((each) => each.element(trace));
      return { ...NOTHING, items: overlap(args) ? elements.map((element) => anyOf(m, element)) : elements, type: named('tuple') };
    },
    places: (trace) => inner.flatMap((each) => each.places(trace)),
  };
}

/** `zip(xs, xs[1:])`: one object is in several iterations, at different positions. */
function overlap(args: readonly Expr[]): boolean {
  const paths = args.map(pathsIn);
  return paths.some((mine, i) => paths.slice(i + 1).some((others) => mine.some((a) => others.some((b) => a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)))));
}

/** Names with the fields behind them that an expression is made of: `a.xs` for `a.xs[1:]`. */
function pathsIn(expr: Expr): readonly string[] {
  const paths: string[] = [];
  walkExpr(expr, {
    expr(e) {
      const path = fieldPath(e);
      if (path === null) return true;
      if (!path.startsWith('builtin/')) paths.push(path);
      return false;
    },
  });
  return paths;
}

function fieldPath(expr: Expr): string | null {
  if (expr.type === 'name') return expr.variable;
  if (expr.type !== 'attribute') return null;
  const object = fieldPath(expr.object);
  return object === null ? null : `${object}.${expr.name}`;
}

/** The same value, at no known position. */
function anyOf(m: Machine, value: Value): Value {
  if (value.locs.length === 0) return value;
  const locs = value.locs.map((loc) => (loc.path.at(-1)?.kind === 'element' ? { ...loc, path: [...loc.path.slice(0, -1), ANY_ELEMENT] } : loc));
  return { ...value, locs, sym: m.opaque('element') };
}

/** Keys, values or pairs of a dict, Map or plain object: keys are distinct. */
function overKeyed(m: Machine, object: Value, iterable: Expr, wrapper: Wrapper, keyType: Value['type']): Iteration {
  const key = (trace: LoopTrace): Value => ({ ...NOTHING, type: keyType && keyType.name !== 'unknown' ? keyType : null, sym: ofAtom(counterAtom(trace, 'key', null, null, 0)) });
  const entry = (trace: LoopTrace): PathStep => ({ kind: 'element', index: { kind: 'number', value: key(trace).sym! } });
  const value = (trace: LoopTrace): Value => {
    const type = elementType(object.type, 'index');
    const locs = object.locs.map((loc) => extend(loc, entry(trace)));
    for (const loc of locs) m.read(loc, iterable, { type: object.type });
    return withContents(m, { ...NOTHING, type: type?.name === 'unknown' ? null : type, locs: isScalar(type) ? [] : locs, sym: m.opaque('value') }, locs);
  };
  return {
    trips: null,
    header: (target) => ({ kind: 'elements', target, iterable, sized: true, lazy: false, wrapper, distinct: wrapper !== 'values' }),
    element: (trace) => {
      for (const loc of object.locs) m.read(extend(loc, { kind: 'field', name: SHAPE }), iterable, { type: object.type });
      if (wrapper === 'keys') return key(trace);
      if (wrapper === 'values') return value(trace);
      return { ...NOTHING, items: [key(trace), value(trace)], type: named('tuple') };
    },
    places: (trace) => object.locs.map((loc) => extend(loc, entry(trace))),
  };
}

function withContents(m: Machine, value: Value, locs: readonly Loc[]): Value {
  let result = value;
  for (const loc of locs) {
    const stored = m.contents(loc);
    if (stored) result = { ...m.join(result, { ...stored, locs: stored.locs.filter((inner) => inner.path.length > 0 || !m.isMany(inner.base) || (inner.base.kind === 'fresh' && m.sharedSites.has(inner.base.site))) }), type: value.type ?? stored.type, sym: value.sym };
  }
  return isScalar(result.type) ? { ...result, locs: [] } : result;
}

/** Elements of a value: list-like by position, dicts and sets by key, iterators by consuming them. */
export function overValue(m: Machine, value: Value, iterable: Expr, overKeys: boolean): Iteration {
  const group = groupOf(value.type);
  if (overKeys || group === 'dict') {
    if (!overKeys && m.module.language !== 'python') return overKeyed(m, value, iterable, 'entries', elementType(value.type, 'iterate'));
    return { ...overKeyed(m, value, iterable, 'keys', overKeys ? named('string') : elementType(value.type, 'iterate')), header: (target) => ({ kind: 'elements', target, iterable, sized: true, lazy: false, wrapper: null, distinct: true }) };
  }
  const cls = m.analyzer.classOf(value.type, m.module);
  const iterator = group === 'iterator' || typeModel(m.analyzer.models, value.type)?.iterator === true;
  const userIterator = cls !== null;
  if (!value.type && value.locs.length > 0) m.unseen.push({ name: operandName(iterable), at: m.accesses.length, locs: value.locs });
  const counted = value.items && group !== 'iterator' ? value.items.length : null;
  const type = elementType(value.type, 'iterate');
  const distinct = group === 'set' || group === 'range';
  return {
    trips: counted,
    header: (target) => ({ kind: 'elements', target, iterable, sized: SIZED.has(group), lazy: iterator || userIterator, wrapper: null, distinct }),
    element: (trace) => {
      if (value.range) {
        const { start, stop, step } = value.range;
        return { ...NOTHING, type: named('int'), sym: ofAtom(counterAtom(trace, 'i', step > 0 ? start : null, step > 0 && stop ? subtract(stop, constant(1)) : null, step)) };
      }
      if (group === 'string') return { ...NOTHING, type: value.type!.name === 'bytes' ? named('int') : value.type, sym: m.opaque('character') };
      if (cls) {
        const method = m.analyzer.methodsOf(cls, m.module.language === 'python' ? '__iter__' : 'Symbol.iterator')[0] ?? m.analyzer.methodsOf(cls, '[Symbol.iterator]')[0];
        if (method) {
          const generator = callFunction(m, { ...method, self: value }, [], iterable, 'iterator');
          const locs = generator.locs.map((loc) => extend(loc, ANY_ELEMENT));
          return withContents(m, { ...NOTHING, locs, sym: m.opaque('item') }, locs);
        }
        for (const loc of value.locs) m.read(loc, iterable, { deep: true, type: value.type });
        return { ...NOTHING, locs: value.locs.map((loc) => extend(loc, ANY_ELEMENT)), sym: m.opaque('item') };
      }
      const step: PathStep = distinct
        ? { kind: 'element', index: { kind: 'number', value: ofAtom(counterAtom(trace, 'member', null, null, 0)) } }
        : { kind: 'element', index: { kind: 'number', value: positionOf(trace) } };
      const locs = value.locs.map((loc) => extend(loc, step));
      for (const loc of value.locs) {
        m.read(extend(loc, { kind: 'field', name: SHAPE }), iterable, { type: value.type });
        if (iterator) m.write(extend(loc, { kind: 'field', name: SHAPE }), iterable, { type: value.type, must: false });
      }
      for (const loc of locs) m.read(loc, iterable, { type: value.type });
      const sym = distinct ? ofAtom(counterAtom(trace, 'member', null, null, 0)) : locs.length === 1 ? m.loadAtom(locs[0]!) : m.opaque('element');
      let element = withContents(m, { ...NOTHING, type: type?.name === 'unknown' ? null : type, locs: isScalar(type) ? [] : locs, sym }, locs);
      if (value.items && value.items.length > 0 && !type) element = value.items.reduce((a, b) => m.join(a, b));
      else if (value.items && value.items.length > 0 && value.items.every((item) => item.items)) {
        const shared = value.items.map((item) => item.items!).reduce((a, b) => (a.length === b.length ? a.map((x, at) => m.join(x, b[at]!)) : []));
        if (shared.length > 0) element = { ...element, items: shared };
      }
      return element;
    },
    places: (trace) => value.locs.map((loc) => extend(loc, { kind: 'element', index: { kind: 'number', value: positionOf(trace) } })),
  };
}
