/** Types as far as they are known: what a value's type says about operators on it. */
import type { Const, Language, TypeIR } from '../ir/ir';

export type TypeGroup = 'int' | 'float' | 'number' | 'bool' | 'string' | 'none' | 'list' | 'array' | 'dict' | 'set' | 'tuple' | 'range' | 'iterator' | 'function' | 'object';

const GROUPS: Readonly<Record<string, TypeGroup>> = {
  int: 'int',
  bigint: 'int',
  BigInt: 'int',
  float: 'float',
  complex: 'float',
  number: 'number',
  Number: 'number',
  bool: 'bool',
  boolean: 'bool',
  Boolean: 'bool',
  str: 'string',
  string: 'string',
  String: 'string',
  bytes: 'string',
  None: 'none',
  null: 'none',
  undefined: 'none',
  void: 'none',
  list: 'list',
  List: 'list',
  Array: 'list',
  ReadonlyArray: 'list',
  deque: 'list',
  'collections.deque': 'list',
  Sequence: 'list',
  MutableSequence: 'list',
  bytearray: 'array',
  ndarray: 'array',
  'np.ndarray': 'array',
  'numpy.ndarray': 'array',
  'array.array': 'array',
  dict: 'dict',
  Dict: 'dict',
  object: 'object',
  Mapping: 'dict',
  Map: 'dict',
  Counter: 'dict',
  'collections.Counter': 'dict',
  defaultdict: 'dict',
  'collections.defaultdict': 'dict',
  OrderedDict: 'dict',
  'collections.OrderedDict': 'dict',
  Record: 'dict',
  set: 'set',
  Set: 'set',
  frozenset: 'set',
  tuple: 'tuple',
  Tuple: 'tuple',
  range: 'range',
  generator: 'iterator',
  Generator: 'iterator',
  Iterator: 'iterator',
  iterator: 'iterator',
  function: 'function',
};

/** The group of a type by its name; null when not seen. */
export function groupOf(type: TypeIR | null | undefined): TypeGroup | null {
  if (!type) return null;
  if (type.name === 'union') {
    const groups = new Set((type.args ?? []).map(groupOf).filter((group) => group !== 'none'));
    return groups.size === 1 ? [...groups][0]! : null;
  }
  if (type.name === 'Optional' && type.args?.length === 1) return groupOf(type.args[0]);
  const group = GROUPS[type.name];
  if (group) return group;
  if (/^(u?int(8|16|32|64)|intp)$/.test(type.name)) return 'int';
  if (/^float(16|32|64)$/.test(type.name)) return 'float';
  if (/^(Float|Int|Uint|BigInt|BigUint)\d+(Clamped)?Array$/.test(type.name)) return 'array';
  return null;
}

const SCALARS: ReadonlySet<TypeGroup | null> = new Set(['int', 'float', 'number', 'bool', 'string', 'none', 'range', 'function']);

/** Values of it cannot change and have no parts that can. */
export const isScalar = (type: TypeIR | null | undefined): boolean => SCALARS.has(groupOf(type));

export const isNumeric = (type: TypeIR | null | undefined): boolean => {
  const group = groupOf(type);
  return group === 'int' || group === 'float' || group === 'number' || group === 'bool';
};

export const named = (name: string, ...args: TypeIR[]): TypeIR => (args.length ? { name, args } : { name });

export function literalType(expr: Const, language: Language): TypeIR | null {
  const python = language === 'python';
  switch (expr.kind) {
    case 'int':
      return named(python ? 'int' : 'number');
    case 'float':
      return named(python ? 'float' : 'number');
    case 'complex':
      return named('complex');
    case 'bigint':
      return named('bigint');
    case 'string':
      return named(python ? 'str' : 'string');
    case 'bytes':
      return named('bytes');
    case 'bool':
      return named(python ? 'bool' : 'boolean');
    case 'none':
      return named(python ? 'None' : 'null');
    case 'undefined':
      return named('undefined');
    case 'regexp':
      return named('RegExp');
    case 'ellipsis':
      return null;
  }
}

export function sameType(a: TypeIR | null, b: TypeIR | null): boolean {
  if (a === b) return true;
  if (!a || !b || a.name !== b.name) return false;
  const left = a.args ?? [];
  const right = b.args ?? [];
  return left.length === right.length && left.every((arg, at) => sameType(arg, right[at]!));
}

const exact = new WeakSet<TypeIR>();

/** Marks a class's type as that of an object made here: it is of none of its subclasses. */
export function markExact(type: TypeIR): void {
  exact.add(type);
}

export const isExactly = (type: TypeIR | null): boolean => type !== null && exact.has(type);

/** The type of a value that has one or the other. */
export function joinTypes(a: TypeIR | null, b: TypeIR | null): TypeIR | null {
  if (!a || !b) return null;
  if (sameType(a, b)) return isExactly(a) ? b : a;
  if (a.name === 'union' && a.args?.some((arg) => sameType(arg, b))) return a;
  if (b.name === 'union' && b.args?.some((arg) => sameType(arg, a))) return b;
  if (groupOf(a) === 'none') return b.name === 'union' ? b : { name: 'union', args: [b, a] };
  if (groupOf(b) === 'none') return a.name === 'union' ? a : { name: 'union', args: [a, b] };
  if (a.name === b.name) return { name: a.name };
  if (isNumeric(a) && isNumeric(b)) return groupOf(a) === 'float' || groupOf(b) === 'float' ? named('float') : a;
  return null;
}

/** What indexing or iterating a value of the type gives; null when not seen. */
export function elementType(type: TypeIR | null, by: 'index' | 'iterate'): TypeIR | null {
  if (!type) return null;
  if (type.name === 'Optional' && type.args?.length === 1) return elementType(type.args[0]!, by);
  if (type.name === 'union') {
    const rest = (type.args ?? []).filter((arg) => groupOf(arg) !== 'none');
    return rest.length === 1 ? elementType(rest[0]!, by) : null;
  }
  const group = groupOf(type);
  const args = type.args ?? [];
  switch (group) {
    case 'string':
      return type.name === 'bytes' ? named('int') : type;
    case 'range':
      return named('int');
    case 'dict':
      if (/Counter$/.test(type.name) && by === 'index') return named('int');
      return by === 'index' ? (args[1] ?? null) : (args[0] ?? null);
    case 'tuple':
      if (args.length === 2 && args[1]!.name === '...') return args[0]!;
      return args.length > 0 && args.every((arg) => sameType(arg, args[0]!)) ? args[0]! : null;
    case 'array':
      if (/^(Float|Int|Uint)\d/.test(type.name)) return named('number');
      if (/^Big/.test(type.name)) return named('bigint');
      if (type.name === 'bytearray') return named('int');
      return null;
    default:
      return args[0] ?? null;
  }
}

/** Type of an arithmetic operation. */
export function arithmeticType(operator: string, left: TypeIR | null, right: TypeIR | null, language: Language): TypeIR | null {
  const a = groupOf(left);
  const b = groupOf(right);
  const python = language === 'python';
  if (!python) {
    if (operator === '+') {
      if (a === 'string' || b === 'string') return named('string');
      return isNumeric(left) && isNumeric(right) ? (a === 'int' && b === 'int' ? left : named('number')) : null;
    }
    if (left?.name === 'bigint' || right?.name === 'bigint') return named('bigint');
    // Every other operator gives a number, or a BigInt of two BigInts; on unseen operands a number is what matters here: no identity.
    return named('number');
  }
  if (a === 'array' || b === 'array') return named(left && a === 'array' ? left.name : right!.name);
  if (isNumeric(left) && isNumeric(right)) {
    if (operator === '/') return named('float');
    if (a === 'float' || b === 'float') return left?.name === 'complex' || right?.name === 'complex' ? named('complex') : named('float');
    return named('int');
  }
  if (operator === '+' && a !== null && a === b) return sameType(left, right) ? left : named(left!.name);
  if (operator === '%' && a === 'string') return left;
  if (operator === '*') {
    if (a === 'string' || a === 'list' || a === 'tuple') return b === 'int' || b === 'bool' ? left : null;
    if (b === 'string' || b === 'list' || b === 'tuple') return a === 'int' || a === 'bool' ? right : null;
  }
  if ((a === 'set' || a === 'dict') && a === b) return left;
  return null;
}
