/** Methods that the language calls by itself: conversions, comparisons, lengths, iterators of the workspace's own classes. */
import type { Expr, Target } from '../ir/ir';
import type { Value } from './domain';
import { callFunction } from './instantiate';
import type { Machine } from './machine';
import { elementType } from './types';

/** JavaScript: what an operator, a template or a key does to an object. */
export const CONVERSIONS = ['[Symbol.toPrimitive]', 'Symbol.toPrimitive', 'valueOf', 'toString'];

/** Calls those of the methods that the value's class has; the result of the last one. */
export function callImplicit(m: Machine, value: Value, methods: readonly string[], node: Expr | Target, argument: Value | null = null): Value | null {
  const cls = value.locs.length > 0 ? m.analyzer.classOf(value.type, m.module) : null;
  if (!cls) return null;
  let result: Value | null = null;
  for (const name of new Set(methods)) {
    for (const ref of m.analyzer.methodsOf(cls, name)) {
      result = callFunction(m, { ...ref, self: value }, argument ? [{ value: argument, name: null, spread: null }] : [], node, name);
    }
  }
  return result;
}

/** By builtin, the methods that it asks for. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  len: ['__len__'],
  bool: ['__bool__', '__len__'],
  hash: ['__hash__'],
  abs: ['__abs__'],
  next: ['__next__'],
  round: ['__round__'],
  reversed: ['__reversed__', '__len__', '__getitem__'],
  int: ['__int__', '__index__', '__trunc__'],
  float: ['__float__', '__index__'],
  str: ['__str__', '__repr__'],
  repr: ['__repr__'],
  print: ['__str__', '__repr__'],
  format: ['__format__', '__str__'],
  isinstance: [],
  issubclass: [],
  id: [],
  type: [],
  callable: [],
  super: [],
  hasattr: ['__getattr__'],
  getattr: ['__getattr__'],
};

const ANY_OF_PYTHON = ['__str__', '__repr__', '__len__', '__iter__', '__next__', '__getitem__', '__float__', '__int__', '__index__', '__hash__', '__bool__', '__array__', '__reduce__', '__getstate__', '__deepcopy__'];
const OF_ELEMENTS = ['__lt__', '__gt__', '__eq__', '__hash__', '__add__', '__radd__', '__str__', '__repr__'];
const ANY_OF_JAVASCRIPT = [...CONVERSIONS, 'toJSON', '[Symbol.iterator]', 'Symbol.iterator'];

/** What a library function may call of what it is given. */
export function callFromLibrary(m: Machine, name: string, values: readonly Value[], node: Expr): void {
  const python = m.module.language === 'python';
  const methods = python ? (Object.prototype.hasOwnProperty.call(ASKED, name) ? ASKED[name]! : ANY_OF_PYTHON) : ANY_OF_JAVASCRIPT;
  if (methods.length === 0) return;
  for (const value of values) {
    if (!value.type || value.locs.length === 0) continue;
    callImplicit(m, value, methods, node);
    const type = elementType(value.type, 'iterate');
    if (type && methods.length > 2 && m.analyzer.classOf(type, m.module)) {
      const element: Value = { ...value, type, items: null, locs: value.locs.map((loc) => ({ base: loc.base, path: [...loc.path, { kind: 'element' as const, index: { kind: 'any' as const } }] })) };
      callImplicit(m, element, python ? OF_ELEMENTS : ANY_OF_JAVASCRIPT, node, element);
    }
  }
}
