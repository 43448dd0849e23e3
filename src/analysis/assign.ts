/** Stores: assignment to names, fields, elements and patterns. */
import type { Attribute, Expr, Index, Target } from '../ir/ir';
import { literalAccessors } from './accessors';
import { ANY, extend, NOTHING, SHAPE, type CallArgument, type Loc, type PathStep, type Value } from './domain';
import { evaluate, indexValue, readAttribute, readName, slotOf, subscripts, valueOp } from './evaluate';
import { callImplicit } from './implicit';
import { callFunction } from './instantiate';
import type { Machine } from './machine';
import { operandName } from './messages';
import { elementType, groupOf, isScalar } from './types';

/** Evaluates the object and subscript of the target, then stores. */
export function assignTo(m: Machine, target: Target, value: Value): void {
  switch (target.type) {
    case 'name':
    case 'attribute':
    case 'index':
      return writeTarget(m, target, value);
    case 'star':
      return assignTo(m, target.value, m.fresh('rest', null));
    case 'default': {
      const before = m.snapshot();
      const other = evaluate(m, target.value);
      m.merge([before, m.snapshot()]);
      return assignTo(m, target.target, m.join(value, other));
    }
    case 'tuple-target': {
      const star = target.items.findIndex((item) => item?.type === 'star');
      target.items.forEach((item, at) => {
        if (!item) return;
        if (item.type === 'star') {
          const rest = m.fresh('rest', { name: m.module.language === 'python' ? 'list' : 'Array' });
          for (const loc of value.locs) m.store(extend(rest.locs[0]!, { kind: 'element', index: ANY }), { ...NOTHING, locs: [extend(loc, { kind: 'element', index: ANY })] });
          assignTo(m, item.value, rest);
          return;
        }
        const known = value.items && (star < 0 || at < star) ? value.items[at] : null;
        assignTo(m, item, known ?? part(m, value, at, star >= 0 && at > star, item));
      });
      return;
    }
    case 'object-target':
      for (const property of target.properties) {
        if (property.key?.type === 'const' && typeof property.key.value === 'string') {
          const name = property.key.value;
          assignTo(m, property.value, fieldOf(m, value, name, property.value));
        } else {
          if (property.key) evaluate(m, property.key);
          assignTo(m, property.value.type === 'star' ? property.value.value : property.value, wholePart(m, value, property.value));
        }
      }
      return;
  }
}

function fieldOf(m: Machine, value: Value, name: string, node: Target): Value {
  const object: Expr = { type: 'name', name: '', variable: 'builtin/', span: node.span };
  return readAttribute(m, { type: 'attribute', object, name, span: node.span }, value);
}

function part(m: Machine, value: Value, at: number, afterStar: boolean, node: Target): Value {
  if (afterStar) return wholePart(m, value, node);
  const step: PathStep = { kind: 'element', index: { kind: 'number', value: { constant: at, terms: [] } } };
  if (value.type && groupOf(value.type) === 'string') return { ...NOTHING, type: value.type, sym: m.opaque('part') };
  if (value.locs.length === 0) return { ...NOTHING, sym: value.sym ? valueOp(m, `part${at}`, [value.sym]) : m.opaque('part'), type: tupleArg(value, at) };
  const read = indexValue(m, value, [step], node, node as Expr);
  const type = tupleArg(value, at) ?? read.type;
  return { ...read, type, locs: isScalar(type) ? [] : read.locs };
}

const tupleArg = (value: Value, at: number): Value['type'] => {
  if (groupOf(value.type) !== 'tuple' && value.type?.name !== 'Array') return null;
  const arg = value.type?.args?.[value.type.name === 'Array' ? 0 : at];
  return arg && arg.name !== 'unknown' && arg.name !== '...' ? arg : null;
};

function wholePart(m: Machine, value: Value, node: Target): Value {
  const type = elementType(value.type, 'iterate');
  const locs: Loc[] = value.locs.map((loc) => extend(loc, { kind: 'element', index: ANY }));
  for (const loc of locs) m.read(loc, node, { node });
  return { ...NOTHING, type, locs: isScalar(type) ? [] : locs, sym: m.opaque('part') };
}

/** The present value of a target of `+=` or `++`. */
export function readTarget(m: Machine, target: Target): Value {
  switch (target.type) {
    case 'name':
      return readName(m, target);
    case 'attribute':
    case 'index':
      return evaluate(m, target);
    default:
      return NOTHING;
  }
}

/** Where a target leads, after evaluating its object and subscript. */
export function writeTarget(m: Machine, target: Target, value: Value): void {
  if (target.type === 'name') {
    const known = m.analyzer.variable(m.module, target.variable);
    m.write(slotOf(m, target.variable), target, { node: target, type: value.type });
    // A declaration says more than the constructor: `new Map<string, number[]>()`.
    const declared = known?.type && (!value.type || (known.type.args && !value.type.args && known.type.name === value.type.name)) ? known.type : null;
    m.env.set(target.variable, declared ? { ...value, type: declared, locs: isScalar(declared) ? [] : value.locs } : value);
    return;
  }
  if (target.type === 'attribute') return writeField(m, target, evaluate(m, target.object), value);
  if (target.type === 'index') return writeElement(m, target, evaluate(m, target.object), value);
  assignTo(m, target, value);
}

function writeField(m: Machine, target: Attribute, object: Value, value: Value): void {
  const cls = m.analyzer.classOf(object.type, m.module);
  if (cls) {
    const name = m.module.language === 'python' ? target.name : `set ${target.name}`;
    const setters = m.analyzer.methodsOf(cls, name).filter((ref) => ref.fn.kind === 'setter' || ref.fn.decorators.some((decorator) => /\.setter$/.test(decorator)));
    for (const ref of setters) callFunction(m, { ...ref, self: object }, [argument(value)], target, target.name);
    if (setters.length > 0) return;
    if (m.module.language === 'python' && callImplicit(m, object, ['__setattr__'], target, value)) return;
  } else if (literalAccessors(m.module).has(target.name)) {
    m.cannotResolve({ callee: `set ${target.name}`, site: m.site(target), via: [], pending: null });
    m.forgetLoads();
  }
  const length = m.module.language !== 'python' && target.name === 'length';
  // A shorter length drops elements, so the whole array is written, and what is left depends on what was there.
  if (length && (object.type === null || groupOf(object.type) === 'list')) {
    for (const loc of object.locs) {
      m.read(loc, target, { deep: true, node: target, type: object.type });
      m.write(loc, target, { deep: true, must: false, node: target, type: object.type });
    }
    if (object.locs.length > 0) return;
  }
  put(m, target, object, [{ kind: 'field', name: length ? SHAPE : target.name }], value);
}

function writeElement(m: Machine, target: Index, object: Value, value: Value): void {
  const cls = m.analyzer.classOf(object.type, m.module);
  if (cls && m.module.language === 'python') {
    const setter = m.analyzer.methodsOf(cls, '__setitem__');
    if (setter.length > 0) {
      const index = evaluate(m, target.index);
      callFunction(m, { ...setter[0]!, self: object }, [argument(index), argument(value)], target, '__setitem__');
      return;
    }
  }
  const steps = subscripts(m, target.index);
  if (!object.type && object.locs.length > 0) m.unseen.push({ name: operandName(target.object), at: m.accesses.length, locs: object.locs });
  if (steps.some((step) => step.kind === 'element' && step.index.kind === 'range')) {
    // A slice may change the length of a list.
    if (groupOf(object.type) === 'list') for (const loc of object.locs) m.write(extend(loc, { kind: 'field', name: SHAPE }), target, { must: false, node: target, type: object.type });
  }
  const first = steps[0];
  const field = m.module.language !== 'python' && steps.length === 1 && first?.kind === 'element' && first.index.kind === 'key' && first.index.constant;
  put(m, target, object, field && first.kind === 'element' && first.index.kind === 'key' ? [{ kind: 'field', name: first.index.key }] : steps, value);
}

const argument = (value: Value): CallArgument => ({ value, name: null, spread: null });

function put(m: Machine, target: Target, object: Value, steps: readonly PathStep[], value: Value): void {
  const one = object.locs.length === 1;
  for (const loc of object.locs) {
    const place = extend(loc, ...steps);
    m.write(place, target, { node: target, type: object.type, must: one });
    m.store(place, value, null, target.span.start);
  }
  if (object.locs.length === 0 && !isScalar(object.type)) {
    // An object that nothing is known about: the write may be to anything.
    m.write({ base: { kind: 'unseen', site: 'unseen', scope: null }, path: [...steps] }, target, { node: target, must: false });
  }
}
