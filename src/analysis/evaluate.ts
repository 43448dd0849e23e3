/** Evaluation of expressions: the value that each may have and the accesses it makes, in order. */
import type { Attribute, Binary, Collection, Compare, Expr, Index, Mapping, NameExpr, Target } from '../ir/ir';
import { literalAccessors } from './accessors';
import { assignTo, readTarget, writeTarget } from './assign';
import { held } from './analyzer';
import { evaluateCall } from './calls';
import { callFunction } from './instantiate';
import { evaluateComprehension } from './loopWalk';
import {
  ANY,
  extend,
  locKey,
  NOTHING,
  SHAPE,
  type ClassRef,
  type Loc,
  type PathStep,
  type Subscript,
  type Value,
} from './domain';
import { callImplicit, CONVERSIONS } from './implicit';
import { attributeType, memberValue, methodModel, typeModel } from './library';
import type { Machine } from './machine';
import { operandName } from './messages';
import { add, atomsOf, constant, isConstant, keyOf, makeAtom, multiply, ofAtom, scale, subtract, type Atom, type Poly } from './symbolic';
import { arithmeticType, elementType, groupOf, isNumeric, isScalar, joinTypes, literalType, named } from './types';

export function evaluate(m: Machine, expr: Expr): Value {
  m.work++;
  const outer = m.at;
  m.at = expr.span;
  const value = evaluateExpr(m, expr);
  m.at = outer;
  return value;
}

/** Whether the expression is left out when something in its chain is null: `a?.b[i]`, `f?.(x)`. */
function isOptional(expr: Expr): boolean {
  for (let at = expr; ; ) {
    if (at.type === 'call') {
      if (at.optional) return true;
      at = at.callee;
    } else if (at.type === 'attribute' || at.type === 'index') {
      if (at.optional) return true;
      at = at.object;
    } else return false;
  }
}

function evaluateExpr(m: Machine, expr: Expr): Value {
  if ((expr.type === 'call' || expr.type === 'index') && m.module.language !== 'python' && isOptional(expr)) {
    const before = m.snapshot();
    const value = expr.type === 'call' ? evaluateCall(m, expr) : readIndex(m, expr);
    m.merge([before, m.snapshot()]);
    return { ...value, sym: null, type: value.type && joinTypes(value.type, named('undefined')) };
  }
  switch (expr.type) {
    case 'const':
      return constValue(m, expr);
    case 'name':
      return readName(m, expr);
    case 'attribute':
      return readAttribute(m, expr, evaluate(m, expr.object));
    case 'index':
      return readIndex(m, expr);
    case 'slice':
      for (const part of [expr.lower, expr.upper, expr.step]) if (part) evaluate(m, part);
      return NOTHING;
    case 'call':
      return evaluateCall(m, expr);
    case 'unary':
      return evaluateUnary(m, expr);
    case 'binary':
      return evaluateBinary(m, expr, evaluate(m, expr.left), evaluate(m, expr.right));
    case 'compare':
      return evaluateCompare(m, expr);
    case 'logical':
      return branch(m, evaluate(m, expr.left), () => evaluate(m, expr.right));
    case 'conditional': {
      useTruth(m, evaluate(m, expr.test), expr.test);
      return fork(
        m,
        () => evaluate(m, expr.then),
        () => evaluate(m, expr.else),
      );
    }
    case 'sequence': {
      let last = NOTHING;
      for (const item of expr.items) last = evaluate(m, item);
      return last;
    }
    case 'template':
      for (const part of expr.parts) {
        const value = evaluate(m, part);
        useValue(m, value, part);
        if (m.module.language === 'python') callImplicit(m, value, ['__format__', '__str__', '__repr__'], part);
      }
      return { ...NOTHING, type: named(m.module.language === 'python' ? 'str' : 'string'), sym: m.opaque('text') };
    case 'collection':
      return evaluateCollection(m, expr);
    case 'mapping':
      return evaluateMapping(m, expr);
    case 'spread':
      return evaluate(m, expr.value);
    case 'function': {
      for (const value of expr.defaults ?? []) evaluate(m, value);
      const fn = m.module.functions.get(expr.function);
      return fn ? { ...NOTHING, functions: [{ module: m.module, fn, self: m.thisValue }], type: named('function') } : NOTHING;
    }
    case 'class': {
      const cls = m.module.classes.get(expr.class);
      return cls ? { ...NOTHING, cls: { module: m.module, cls } } : NOTHING;
    }
    case 'comprehension':
      return evaluateComprehension(m, expr, null);
    case 'assign': {
      if (expr.operator === null) {
        const value = evaluate(m, expr.value);
        assignTo(m, expr.target, value);
        return value;
      }
      const old = readTarget(m, expr.target);
      const logical = expr.operator === 'and' || expr.operator === 'or' || expr.operator === '??';
      if (logical)
        return branch(m, old, () => {
          const value = evaluate(m, expr.value);
          writeTarget(m, expr.target, value);
          return value;
        });
      const value = operate(m, expr.operator, old, evaluate(m, expr.value), expr.target, expr.value);
      writeTarget(m, expr.target, value);
      return value;
    }
    case 'update': {
      const old = readTarget(m, expr.target);
      const value: Value = { ...NOTHING, type: old.type ?? named('number'), sym: old.sym ? add(old.sym, constant(expr.operator === '++' ? 1 : -1)) : m.opaque() };
      writeTarget(m, expr.target, value);
      return expr.prefix ? value : { ...old, locs: [] };
    }
    case 'await':
      m.leaving.push({ kind: 'await', site: m.site(expr), via: [], target: null });
      return { ...evaluate(m, expr.value), type: null };
    case 'yield': {
      if (expr.value) evaluate(m, expr.value);
      m.yields = true;
      m.leaving.push({ kind: 'yield', site: m.site(expr), via: [], target: null });
      return m.unseenValue('sent');
    }
    case 'this':
      if (expr.kind === 'this') return m.thisValue ?? NOTHING;
      if (expr.kind === 'super') return m.thisValue ?? NOTHING;
      return NOTHING;
    case 'opaque':
      for (const child of expr.children) useValue(m, evaluate(m, child), child);
      m.cannotResolve({ callee: expr.what, site: m.site(expr), via: [], pending: null });
      return m.unseenValue('opaque');
  }
}

function constValue(m: Machine, expr: Expr & { type: 'const' }): Value {
  const type = literalType(expr, m.module.language);
  const integer = expr.kind === 'int' && typeof expr.value === 'number' && Number.isSafeInteger(expr.value);
  return {
    ...NOTHING,
    type,
    sym: integer ? constant(expr.value as number) : null,
    text: expr.kind === 'string' && typeof expr.value === 'string' ? expr.value : null,
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Names

/** Names that are never assigned at run time have no place that could be written. */
export function isFixedName(m: Machine, id: string): boolean {
  if (id.startsWith('builtin/')) return true;
  const variable = m.analyzer.variable(m.module, id);
  return variable !== null && variable.constant && (variable.kind === 'function' || variable.kind === 'class' || variable.kind === 'import');
}

export function slotOf(m: Machine, id: string): Loc {
  return { base: { kind: 'variable', id, module: m.module }, path: [] };
}

export function readName(m: Machine, expr: NameExpr): Value {
  if (!isFixedName(m, expr.variable)) m.read(slotOf(m, expr.variable), expr, { node: expr, type: m.env.get(expr.variable)?.type ?? null });
  const value = m.env.get(expr.variable);
  if (value) return value;
  const initial = m.analyzer.initialValue(m, expr.variable);
  if (initial === NOTHING && expr.variable.startsWith('builtin/')) return { ...NOTHING, text: null, sym: ofAtom(makeAtom(expr.variable, null)) };
  // One name for the value until it is assigned.
  if (initial.sym && isConstant(initial.sym) === false) m.env.set(expr.variable, initial);
  return initial;
}

// ---------------------------------------------------------------------------------------------------------------------
// Attributes

export function readAttribute(m: Machine, expr: Attribute, object: Value): Value {
  const { name } = expr;
  if (object.namespace) {
    const member = memberValue(m.analyzer.models, object.namespace, name);
    if (member) return member;
    return { ...NOTHING, sym: ofAtom(makeAtom(`${object.namespace}.${name}`, null)), locs: [{ base: { kind: 'world', what: `${object.namespace}.${name}` }, path: [] }] };
  }
  if (object.module) {
    const member = m.analyzer.exported(object.module, name);
    if (member || !object.cls) return member ?? m.unseenValue(name);
  }
  if (object.cls) return classMember(m, expr, object.cls);
  if (object.range && (name === 'start' || name === 'stop')) return { ...NOTHING, sym: object.range[name], type: named('int') };
  const cls = m.analyzer.classOf(object.type, m.module);
  if (cls) {
    const property = m.analyzer.methodsOf(cls, m.module.language === 'python' ? name : `get ${name}`).filter((ref) => isGetter(ref.fn));
    if (property.length > 0) {
      let result: Value | null = null;
      for (const ref of property) {
        const value = callFunction(m, { ...ref, self: object }, [], expr, name);
        result = result ? m.join(result, value) : value;
      }
      return result!;
    }
    const method = m.analyzer.methodsOf(cls, name);
    if (method.length > 0) return { ...NOTHING, functions: method.map((ref) => ({ ...ref, self: object })), type: named('function') };
    if (m.module.language === 'python' && !m.analyzer.hasField(cls, name)) {
      const given = callImplicit(m, object, ['__getattr__', '__getattribute__'], expr);
      if (given) return given;
    }
    return readField(m, expr, object, m.analyzer.fieldType(cls, name));
  }
  if (typeModel(m.analyzer.models, object.type)?.views?.includes(name)) {
    // The same memory under other subscripts.
    return m.view(name, object.type, object.locs);
  }
  if (!object.type && object.locs.length > 0 && m.module.language === 'python' && name === 'T') {
    m.unseen.push({ name: operandName(expr.object), at: m.accesses.length, locs: object.locs });
    return m.view(name, null, object.locs);
  }
  const model = methodModel(m.analyzer.models, object.type, name);
  if (model) return { ...NOTHING, library: { name, model, receiver: object } };
  if (literalAccessors(m.module).has(name)) {
    m.cannotResolve({ callee: `get ${name}`, site: m.site(expr), via: [], pending: null });
    m.forgetLoads();
    return m.unseenValue(name);
  }
  if (!object.type && !object.locs.length && !object.items) return { ...NOTHING, sym: m.opaque(name) };
  if (!object.type) m.unseen.push({ name: operandName(expr.object), at: m.accesses.length, locs: object.locs });
  return readField(m, expr, object, attributeType(m.analyzer.models, object.type, name));
}

const isGetter = (fn: { readonly kind: string; readonly decorators: readonly string[] }): boolean =>
  fn.kind === 'getter' || fn.decorators.some((name) => /(^|\.)(cached_)?property$/.test(name));

function readField(m: Machine, expr: Attribute, object: Value, type: TypeIRMaybe): Value {
  const length = m.module.language !== 'python' && (expr.name === 'length' || expr.name === 'size');
  const step: PathStep = { kind: 'field', name: length ? SHAPE : expr.name };
  return load(m, object, [step], expr, type ?? (length ? named('number') : null), length);
}

type TypeIRMaybe = Value['type'];

function classMember(m: Machine, expr: Attribute, cls: ClassRef): Value {
  const method = m.analyzer.findMethod(cls, expr.name);
  if (method) {
    const bound = method.fn.decorators.some((name) => /classmethod$/.test(name)) || (m.module.language !== 'python' && method.fn.decorators.includes('static'));
    return { ...NOTHING, functions: [{ ...method, self: bound ? { ...NOTHING, cls } : null }], type: named('function') };
  }
  const id = `class:${cls.cls.id}`;
  const holder = held(cls.module, id, null, null);
  return load(m, holder, [{ kind: 'field', name: expr.name }], expr, m.analyzer.fieldType(cls, expr.name), false);
}

/** Reads a part of an object: the place itself, and whatever was stored there. */
export function load(m: Machine, object: Value, steps: readonly PathStep[], node: Expr | Target, type: TypeIRMaybe, nonNegative: boolean): Value {
  const locs: Loc[] = [];
  let result: Value | null = null;
  let found: Value | null = null;
  for (const loc of object.locs) {
    const part = extend(loc, ...steps);
    m.read(part, node, { node, type: object.type });
    const stored = m.contents(part) ?? m.contents({ base: part.base, path: [...part.path.slice(0, -1), { kind: 'field', name: '?' }] });
    if (stored) found = found ? m.join(found, stored) : stored;
    // What a fresh object holds is only what was stored in it.
    if (loc.base.kind !== 'fresh' || !stored || !isScalar(stored.type)) locs.push(part);
  }
  const finalType = type ?? found?.type ?? null;
  const sym = object.locs.length === 1 ? m.loadAtom(extend(object.locs[0]!, ...steps), nonNegative) : m.opaque('load');
  result = { ...NOTHING, locs: isScalar(finalType) ? [] : locs, type: finalType, sym };
  if (found) {
    const merged = [...result.locs];
    const element = steps[steps.length - 1]?.kind === 'element';
    for (const loc of found.locs) {
      // An object of its own for each slot is named by the slot.
      if (element && loc.path.length === 0 && m.isMany(loc.base) && loc.base.kind === 'fresh' && !m.sharedSites.has(loc.base.site)) continue;
      if (!merged.some((x) => locKey(x) === locKey(loc))) merged.push(loc);
    }
    // The part of an object that was not made here may have held another function before.
    const open = found.functions.length > 0 && (found.open === true || object.locs.some((loc) => loc.base.kind !== 'fresh' && !m.isWritten(extend(loc, ...steps))));
    result = { ...result, locs: isScalar(finalType) ? [] : merged, functions: found.functions, ...(open ? { open } : {}), cls: found.cls, items: null, library: found.library };
  }
  return result;
}

// ---------------------------------------------------------------------------------------------------------------------
// Subscripts

/** The steps that an index stands for: a tuple index is several dimensions. */
export function subscripts(m: Machine, index: Expr): PathStep[] {
  if (index.type === 'collection' && index.kind === 'tuple') return index.items.map((item, at) => ({ kind: 'element', index: subscript(m, item), ...(at > 0 ? { joined: true } : {}) }));
  return [{ kind: 'element', index: subscript(m, index) }];
}

function subscript(m: Machine, index: Expr): Subscript {
  if (index.type === 'slice') {
    const low = index.lower ? boundOf(evaluate(m, index.lower)) : null;
    const high = index.upper ? boundOf(evaluate(m, index.upper)) : null;
    const step = index.step ? evaluate(m, index.step) : null;
    const by = step === null || groupOf(step.type) === 'none' ? 1 : step.sym && isConstant(step.sym) ? step.sym.constant : 0;
    if (low === undefined || high === undefined || by <= 0) return { kind: 'range', low: null, high: null, within: true };
    const fromEnd = [low, high].some((bound) => bound && isConstant(bound) && bound.constant < 0);
    const start = low && isConstant(low) && low.constant < 0 ? null : low;
    const stop = high && isConstant(high) && high.constant < 0 ? null : high;
    return { kind: 'range', low: start, high: stop, ...(fromEnd || by !== 1 ? { within: true } : {}) };
  }
  const value = evaluate(m, index);
  callImplicit(m, value, m.module.language === 'python' ? ['__index__', '__hash__', '__eq__'] : CONVERSIONS, index);
  return subscriptOf(value, index);
}

/** A slice's bound: null is open, undefined is not known. */
const boundOf = (value: Value): Poly | null | undefined => (groupOf(value.type) === 'none' ? null : (value.sym ?? undefined));

export function subscriptOf(value: Value, node: Expr | null): Subscript {
  if (value.text !== null) return { kind: 'key', key: value.text, constant: true, deps: [] };
  if (node?.type === 'const' && node.kind !== 'int') return { kind: 'key', key: `${node.kind}:${String(node.value)}`, constant: true, deps: [] };
  if (!value.sym) return ANY;
  const group = groupOf(value.type);
  if (group === 'array' || group === 'list' || group === 'tuple') return ANY;
  // A key of unseen type may be a float or a string: equal keys are equal subscripts, and nothing more is known.
  return { kind: 'number', value: value.sym };
}

export function readIndex(m: Machine, expr: Index): Value {
  const object = evaluate(m, expr.object);
  const cls = m.analyzer.classOf(object.type, m.module);
  if (cls && m.module.language === 'python') {
    const getter = m.analyzer.methodsOf(cls, '__getitem__');
    if (getter.length > 0) return callFunction(m, { ...getter[0]!, self: object }, [{ value: evaluate(m, expr.index), name: null, spread: null }], expr, '__getitem__');
  }
  const steps = subscripts(m, expr.index);
  return indexValue(m, object, steps, expr, expr.object);
}

export function indexValue(m: Machine, object: Value, steps: readonly PathStep[], node: Expr | Target, objectNode: Expr): Value {
  const first = steps[0]!;
  const index = first.kind === 'element' ? first.index : ANY;
  if (object.items && steps.length === 1 && index.kind === 'number' && isConstant(index.value)) {
    const item = object.items[index.value.constant < 0 ? object.items.length + index.value.constant : index.value.constant];
    if (item && object.locs.every((loc) => loc.base.kind === 'fresh')) {
      for (const loc of object.locs) m.read(extend(loc, first), node, { node, type: object.type });
      return item;
    }
  }
  const group = groupOf(object.type);
  if (group === 'string') return { ...NOTHING, type: object.type, sym: valueOp(m, 'at', [object.sym, index.kind === 'number' ? index.value : null]) };
  if (!object.type && object.locs.length > 0) m.unseen.push({ name: operandName(objectNode), at: m.accesses.length, locs: object.locs });
  if (/defaultdict$/.test(object.type?.name ?? '')) {
    // Reading a missing key puts it there.
    for (const loc of object.locs) m.write(extend(loc, ...steps), node, { node, type: object.type, must: false });
  }
  let type: TypeIRMaybe = object.type;
  const sliced = steps.some((step) => step.kind === 'element' && step.index.kind === 'range');
  if (sliced) type = group === 'list' || group === 'tuple' || group === 'array' ? object.type : null;
  else {
    for (let at = 0; at < steps.length && type; at++) type = elementType(type, 'index');
    if (group === 'dict') type = elementType(object.type, 'index');
    if (group === 'tuple' && object.type?.args && index.kind === 'number' && isConstant(index.value)) type = object.type.args[index.value.constant] ?? null;
  }
  const value = load(m, object, steps, node, type, false);
  if (index.kind === 'range') {
    // A slice of a list is a copy of its slots; of an array, a view.
    if (group === 'list' || group === 'tuple') {
      const copy = m.fresh('slice', object.type);
      for (const loc of object.locs) m.store(extend(copy.locs[0]!, { kind: 'element', index: ANY }), { ...NOTHING, locs: [extend(loc, { kind: 'element', index: ANY })], type: elementType(object.type, 'index') });
      return copy;
    }
    return { ...value, type };
  }
  return value;
}

// ---------------------------------------------------------------------------------------------------------------------
// Operators

/** An operation that is not linear, as an atom: the same operands give the same value. */
export function valueOp(m: Machine, operator: string, operands: readonly (Poly | null)[]): Poly {
  const deps: Atom[] = [];
  const keys: string[] = [];
  for (const operand of operands) {
    if (!operand) return m.opaque('op');
    keys.push(keyOf(operand));
    deps.push(...atomsOf(operand));
  }
  const key = `${operator}(${keys.join(',')})`;
  if (key.length > 400) return m.opaque('op');
  return ofAtom(makeAtom(key, null, { deps }));
}

/** What an operator reads of an operand that may be an object: all of it. */
export function useValue(m: Machine, value: Value, node: Expr | Target): void {
  if (value.locs.length === 0 || isScalar(value.type)) return;
  if (m.module.language !== 'python') callImplicit(m, value, CONVERSIONS, node);
  for (const loc of value.locs) if (loc.base.kind !== 'world') m.read(loc, node, { deep: true, type: value.type, node });
  if (!value.type && value.functions.length === 0 && !value.items && value.locs.some((loc) => loc.base.kind === 'variable' || loc.base.kind === 'this')) m.unseen.push({ name: operandName(node), at: m.accesses.length, locs: value.locs.filter((loc) => loc.base.kind === 'variable' || loc.base.kind === 'this') });
}

/** Truth of a value: the length of a container, the value of anything else. */
export function useTruth(m: Machine, value: Value, node: Expr): void {
  const group = groupOf(value.type);
  if (m.module.language !== 'python' || value.locs.length === 0 || isScalar(value.type)) return;
  callImplicit(m, value, ['__bool__', '__len__'], node);
  if (group === 'list' || group === 'dict' || group === 'set' || group === 'tuple') for (const loc of value.locs) m.read(extend(loc, { kind: 'field', name: SHAPE }), node, { type: value.type });
  else if (!m.analyzer.classOf(value.type, m.module)) useValue(m, value, node);
}

function evaluateUnary(m: Machine, expr: Expr & { type: 'unary' }): Value {
  const python = m.module.language === 'python';
  if (expr.operator === 'delete') {
    const target = expr.operand;
    if (target.type === 'index' || target.type === 'attribute') {
      readTarget(m, target);
      writeTarget(m, target, NOTHING);
      return { ...NOTHING, type: named('boolean') };
    }
  }
  const value = evaluate(m, expr.operand);
  if (expr.operator === 'not' || expr.operator === '!') {
    useTruth(m, value, expr.operand);
    return { ...NOTHING, type: named(python ? 'bool' : 'boolean'), sym: null };
  }
  if (expr.operator === 'typeof') return { ...NOTHING, type: named('string') };
  if (expr.operator === 'void') return { ...NOTHING, type: named('undefined') };
  useValue(m, value, expr.operand);
  if (python) callImplicit(m, value, [{ '-': '__neg__', '+': '__pos__' }[expr.operator] ?? '__invert__'], expr.operand);
  const type = isNumeric(value.type) ? value.type : groupOf(value.type) === 'array' ? value.type : python ? null : named('number');
  if (expr.operator === '-') return { ...NOTHING, type, sym: value.sym ? scale(value.sym, -1) : null, locs: derived(m, type, value) };
  if (expr.operator === '+') return { ...value, locs: derived(m, type, value), type };
  return { ...NOTHING, type, sym: valueOp(m, expr.operator, [value.sym]) };
}

/** The result of an operator is a new value; of unseen type it may be an object of its own. */
function derived(m: Machine, type: TypeIRMaybe, value: Value): Loc[] {
  if (isScalar(type) || value.locs.length === 0) return [];
  return [{ base: { kind: 'fresh', site: m.newSite('op'), scope: m.scope }, path: [] }];
}

function evaluateBinary(m: Machine, expr: Binary, left: Value, right: Value): Value {
  return operate(m, expr.operator, left, right, expr.left, expr.right);
}

const DUNDER: Readonly<Record<string, string>> = {
  '+': '__add__',
  '-': '__sub__',
  '*': '__mul__',
  '/': '__truediv__',
  '//': '__floordiv__',
  '%': '__mod__',
  '**': '__pow__',
  '@': '__matmul__',
  '|': '__or__',
  '&': '__and__',
  '^': '__xor__',
  '<<': '__lshift__',
  '>>': '__rshift__',
};

export function operate(m: Machine, operator: string, left: Value, right: Value, leftNode: Expr | Target, rightNode: Expr | Target): Value {
  useValue(m, left, leftNode);
  useValue(m, right, rightNode);
  if (m.module.language === 'python') {
    const cls = m.analyzer.classOf(left.type, m.module);
    const method = cls && DUNDER[operator] ? m.analyzer.methodsOf(cls, DUNDER[operator]!) : [];
    if (method.length === 0 && DUNDER[operator]) {
      const mirrored = callImplicit(m, right, [DUNDER[operator]!.replace('__', '__r')], rightNode, left);
      if (mirrored) return mirrored;
    }
    if (method.length > 0) return callFunction(m, { ...method[0]!, self: left }, [{ value: right, name: null, spread: null }], leftNode, DUNDER[operator]!);
  }
  const type = arithmeticType(operator, left.type, right.type, m.module.language);
  if (type === null || isNumeric(type)) m.arithmetic++;
  const sym = symbolicOperation(m, operator, left, right);
  if (operator === '*' && groupOf(type) === 'list') return repeated(m, left, right, type);
  if (operator === '+' && (groupOf(type) === 'list' || groupOf(type) === 'tuple')) {
    const joined = m.fresh('concat', type, left.items && right.items ? [...left.items, ...right.items] : null);
    for (const part of [left, right]) for (const loc of part.locs) copyElements(m, loc, joined.locs[0]!);
    return joined;
  }
  const locs = isScalar(type) || (left.locs.length === 0 && right.locs.length === 0) ? [] : [{ base: { kind: 'fresh' as const, site: m.newSite('op'), scope: m.scope }, path: [] }];
  return { ...NOTHING, locs, type, sym };
}

/** `[x] * n`: the elements are one and the same object. */
function repeated(m: Machine, left: Value, right: Value, type: TypeIRMaybe): Value {
  const list = groupOf(left.type) === 'list' ? left : right;
  const result = m.fresh('repeat', type);
  for (const loc of list.locs) {
    const element = m.contents({ base: loc.base, path: [...loc.path, { kind: 'element', index: ANY }] });
    if (element) {
      m.store(extend(result.locs[0]!, { kind: 'element', index: ANY }), element);
      if (element.locs.length > 0) m.sharedElements.add(locKey(result.locs[0]!));
    }
  }
  return result;
}

export function copyElements(m: Machine, from: Loc, to: Loc): void {
  const step: PathStep = { kind: 'element', index: ANY };
  const stored = m.contents(extend(from, step));
  if (m.sharedElements.has(locKey(from))) m.sharedElements.add(locKey(to));
  if (from.base.kind !== 'fresh') m.store(extend(to, step), { ...NOTHING, locs: [extend(from, step)] });
  if (stored) m.store(extend(to, step), stored);
}

function symbolicOperation(m: Machine, operator: string, left: Value, right: Value): Poly | null {
  const a = left.sym;
  const b = right.sym;
  if (!a || !b) return m.opaque('op');
  const python = m.module.language === 'python';
  const numeric = isNumericValue(left) && (isNumericValue(right) || python || operator !== '+');
  const other = isNumericValue(right) && (python || operator !== '+' || isNumericValue(left));
  if (groupOf(left.type) === 'string' || groupOf(right.type) === 'string') return valueOp(m, operator, [a, b]);
  if (operator === '+' && (numeric || other)) return add(a, b);
  if (operator === '-') return subtract(a, b);
  if (operator === '*' && (numeric || other || !python)) return multiply(a, b) ?? valueOp(m, '*', [a, b]);
  if (operator === '*' && isNumericish(left) && isNumericish(right)) return multiply(a, b) ?? valueOp(m, '*', [a, b]);
  if (operator === '<<' && isConstant(b) && b.constant >= 0 && b.constant < 31 && (numeric || other)) return scale(a, 2 ** b.constant);
  return valueOp(m, operator, [a, b]);
}

const isNumericValue = (value: Value): boolean => isNumeric(value.type) || (value.sym !== null && isConstant(value.sym));
const isNumericish = (value: Value): boolean => isNumeric(value.type) || value.type === null;

function evaluateCompare(m: Machine, expr: Compare): Value {
  const values = expr.operands.map((operand) => evaluate(m, operand));
  const python = m.module.language === 'python';
  expr.operators.forEach((operator, at) => {
    const left = values[at]!;
    const right = values[at + 1]!;
    const leftNode = expr.operands[at]!;
    const rightNode = expr.operands[at + 1]!;
    if (operator === 'is' || operator === 'is not' || operator === '===' || operator === '!==' || operator === 'instanceof') return;
    if (!python && (operator === '==' || operator === '!=') && (groupOf(right.type) === 'none' || groupOf(left.type) === 'none')) return;
    if (operator === 'in' || operator === 'not in') {
      membership(m, left, right, leftNode, rightNode);
      return;
    }
    useValue(m, left, leftNode);
    useValue(m, right, rightNode);
    if (python) comparisonMethod(m, operator, left, right, leftNode);
  });
  return { ...NOTHING, type: named(python ? 'bool' : 'boolean') };
}

const COMPARISONS: Readonly<Record<string, string>> = { '<': '__lt__', '<=': '__le__', '>': '__gt__', '>=': '__ge__', '==': '__eq__', '!=': '__ne__' };
const MIRRORED: Readonly<Record<string, string>> = { '<': '__gt__', '<=': '__ge__', '>': '__lt__', '>=': '__le__', '==': '__eq__', '!=': '__ne__' };

function comparisonMethod(m: Machine, operator: string, left: Value, right: Value, node: Expr): void {
  callImplicit(m, left, [COMPARISONS[operator] ?? '__eq__', '__eq__'], node, right);
  callImplicit(m, right, [MIRRORED[operator] ?? '__eq__'], node, left);
}

/** `x in c`: a key of a dict or set; every element of anything else. */
function membership(m: Machine, left: Value, right: Value, leftNode: Expr, rightNode: Expr): void {
  useValue(m, left, leftNode);
  const group = groupOf(right.type);
  if (group === 'dict' || group === 'set') {
    for (const loc of right.locs) m.read(extend(loc, { kind: 'element', index: subscriptOf(left, leftNode) }), rightNode, { type: right.type, node: rightNode });
    return;
  }
  useValue(m, right, rightNode);
  if (m.module.language === 'python') callImplicit(m, right, ['__contains__', '__iter__'], rightNode, left);
}

// ---------------------------------------------------------------------------------------------------------------------
// Branches within expressions

/** The second operand of a short-circuit operator runs on some paths only. */
function branch(m: Machine, left: Value, right: () => Value): Value {
  const before = m.snapshot();
  const value = right();
  const after = m.snapshot();
  m.merge([before, after]);
  return m.join({ ...left, sym: left.sym ?? m.opaque('left') }, value);
}

export function fork(m: Machine, then: () => Value, otherwise: () => Value): Value {
  const before = m.snapshot();
  const a = then();
  const afterThen = m.snapshot();
  m.restore(before);
  const b = otherwise();
  const afterElse = m.snapshot();
  m.merge([afterThen, afterElse]);
  return m.join(a, b);
}

// ---------------------------------------------------------------------------------------------------------------------
// Displays

function evaluateCollection(m: Machine, expr: Collection): Value {
  const python = m.module.language === 'python';
  const items = expr.items.map((item) => evaluate(m, item));
  const spread = expr.items.some((item) => item.type === 'spread');
  const elementTypes = expr.items.map((item, at) => (item.type === 'spread' ? elementType(items[at]!.type, 'iterate') : items[at]!.type));
  const element = elementTypes.length > 0 ? elementTypes.reduce((a, b) => joinTypes(a, b)) : null;
  const name = python ? expr.kind : 'Array';
  const type = expr.kind === 'tuple' && !spread ? { name, args: items.map((item) => item.type ?? named('unknown')) } : element ? named(name, element) : named(name);
  const display = m.fresh(expr.kind, type, spread ? null : items);
  const loc = display.locs[0]!;
  items.forEach((item, at) => {
    const source = expr.items[at]!;
    if (source.type === 'spread') {
      for (const from of item.locs) {
        m.read(from, source, { deep: true, type: item.type });
        copyElements(m, from, loc);
      }
    } else {
      m.store(extend(loc, { kind: 'element', index: ANY }), item);
    }
  });
  return display;
}

function evaluateMapping(m: Machine, expr: Mapping): Value {
  const python = m.module.language === 'python';
  const values: Value[] = [];
  let keyType: TypeIRMaybe = null;
  const display = m.fresh('mapping', named(python ? 'dict' : 'Object'));
  const loc = display.locs[0]!;
  for (const property of expr.properties) {
    const key = property.key ? evaluate(m, property.key) : null;
    const value = evaluate(m, property.value);
    values.push(value);
    keyType = key?.type ?? null;
    if (property.key === null) {
      for (const from of value.locs) {
        m.read(from, property.value, { deep: true });
        copyElements(m, from, loc);
        m.store({ base: loc.base, path: [{ kind: 'field', name: '?' }] }, { ...NOTHING, locs: [extend(from, { kind: 'element', index: ANY })] });
      }
    } else if (!python && key?.text !== null && key !== null) {
      m.store(extend(loc, { kind: 'field', name: key.text! }), value);
    } else {
      m.store(extend(loc, { kind: 'element', index: ANY }), value);
    }
  }
  if (!python) return display;
  const valueType = values.length > 0 ? values.map((value) => value.type).reduce((a, b) => joinTypes(a, b)) : null;
  return { ...display, type: valueType ? named('dict', keyType ?? named('unknown'), valueType) : named('dict') };
}

