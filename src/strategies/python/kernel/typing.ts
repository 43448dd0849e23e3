/** What is known of the values that the loop takes from around it: their kernel types, and what they may be at run time. */
import type { Call, Expr, FunctionIR, ModuleIR, Target, TypeIR, Variable, VarId } from '../../../ir/ir';
import { walkFunction } from '../../../ir/walk';
import { variableOf, type Site } from '../site';
import type { ArrayType, KType, Origin, Scalar } from './model';

/** A value from outside the kernel. */
export interface Known {
  readonly type: KType;
  readonly from: Origin;
}

/** Types seen in a recorded run; null for a variable that held several or others than numbers and arrays. */
export type Recorded = (variable: VarId) => Known | null;

const SCALARS: Readonly<Record<string, Scalar>> = { int: 'int', float: 'float', bool: 'bool' };
const NUMPY: Readonly<Record<string, Scalar>> = { 'numpy.int64': 'int', 'numpy.float64': 'float', 'numpy.double': 'float', 'numpy.bool_': 'bool', int: 'int', float: 'float', bool: 'bool' };

/** The kernel's type for a type of the program; null when it has none. `dims` is how many subscripts the loop uses on it. */
export function knownType(type: TypeIR | undefined, dims: number): Known | null {
  if (!type) return null;
  const scalar = SCALARS[type.name];
  if (scalar) return { type: scalar, from: 'scalar' };
  if (type.name === 'list') return listType(type.args?.[0]);
  if (/^(?:array\.array|array|memoryview)$/.test(type.name)) {
    const element = SCALARS[type.args?.[0]?.name ?? ''];
    const own = type.name === 'memoryview' && isDims(dims) ? dims : 1;
    return element ? { type: { ...arrayOf(element, own), from: 'buffer' }, from: 'buffer' } : null;
  }
  if (/^numpy\.(?:typing\.)?(?:NDArray|ndarray)$/.test(type.name)) {
    const element = NUMPY[deepest(type)];
    const shape = type.args?.[0];
    const own = shape?.name === 'tuple' && type.args!.length > 1 ? shape.args?.length : dims;
    return element && isDims(own) ? { type: { ...arrayOf(element, own), from: 'numpy' }, from: 'numpy' } : null;
  }
  return null;
}

function listType(item: TypeIR | undefined): Known | null {
  let dims = 1;
  let inner = item;
  for (; inner?.name === 'list'; dims++) inner = inner.args?.[0];
  const scalar = SCALARS[inner?.name ?? ''];
  return scalar && isDims(dims) ? { type: arrayOf(scalar, dims), from: 'list' } : null;
}

function isDims(dims: number | undefined): dims is ArrayType['dims'] {
  return dims === 1 || dims === 2 || dims === 3;
}

/** `numpy.ndarray[Any, numpy.dtype[numpy.float64]]` → `numpy.float64`. */
function deepest(type: TypeIR): string {
  const last = type.args?.[type.args.length - 1];
  return last ? deepest(last) : type.name;
}

export function arrayOf(element: Scalar, dims: ArrayType['dims'] = 1): ArrayType {
  return { kind: 'array', element, dims };
}

export function isArray(type: KType): type is ArrayType {
  return typeof type === 'object';
}

export function sameType(a: KType, b: KType): boolean {
  return isArray(a) && isArray(b) ? a.element === b.element && a.dims === b.dims && a.from === b.from : a === b;
}

/** As a person would say it: `int`, `list of floats`. */
export function typeInWords(type: KType): string {
  if (!isArray(type)) return type;
  return `${type.from === 'numpy' ? 'numpy ' : ''}${{ 1: 'array', 2: 'rows', 3: 'planes' }[type.dims]} of ${type.element}s`;
}

/** What a subscript gives: of an array of several dimensions one of fewer. */
export function rowOf(type: ArrayType): ArrayType {
  return { ...type, dims: type.dims === 3 ? 2 : 1 };
}

/**
 * The type that a parameter without annotation has at every call in the workspace; undefined when calls may exist that cannot be seen,
 * or when they do not agree.
 */
export function typeAtCalls(site: Site, fn: FunctionIR, param: number): TypeIR | undefined {
  const { sites, complete } = site.workspace.callers(site.path, fn.id);
  if (!complete || sites.length === 0) return undefined;
  let common: TypeIR | undefined;
  for (const at of sites) {
    const module = at.path === site.path ? site.module : site.workspace.module(at.path);
    const caller = module?.functions.get(at.function);
    const call = module && caller ? callAt(caller, at.start) : null;
    const name = fn.params[param]!.name;
    const argument = call?.args.find((a) => a.name === name) ?? call?.args[param];
    if (!module || !argument || argument.spread || call!.args.slice(0, param).some((a) => a.spread)) return undefined;
    const type = plainType(module, argument.value);
    if (!type || (common && JSON.stringify(common) !== JSON.stringify(type))) return undefined;
    common = type;
  }
  return common;
}

/** A variable that is set once, from the shape of an array: `rows, columns = grid.shape`. */
export function isExtent(site: Site, variable: Variable): boolean {
  const owner = site.module.functions.get(variable.owner);
  if (!owner || !variable.constant) return false;
  const isShape = (e: Expr): boolean => e.type === 'attribute' && e.name === 'shape' && e.object.type === 'name' && variableOf(site.module, e.object.variable)?.type?.name === 'numpy.ndarray';
  const isIt = (t: Target | null): boolean => t?.type === 'name' && t.variable === variable.id;
  let found = false;
  walkFunction(owner, {
    stmt(s) {
      if (s.type !== 'assign-stmt' || s.operator !== null || s.targets.length !== 1) return;
      const [target] = s.targets;
      if (target!.type === 'tuple-target') found ||= target.items.some(isIt) && isShape(s.value);
      else found ||= isIt(target!) && s.value.type === 'index' && s.value.index.type === 'const' && isShape(s.value.object);
    },
  });
  return found;
}

function callAt(caller: FunctionIR, start: number): Call | null {
  let found: Call | null = null;
  walkFunction(caller, {
    expr(e) {
      if (e.type === 'call' && caller.start + e.span.start === start) found = e;
    },
  });
  return found;
}

/** The type of an argument as its form tells it. */
function plainType(module: ModuleIR, value: Expr): TypeIR | undefined {
  if (value.type === 'const' && ['int', 'float', 'bool'].includes(value.kind)) return { name: value.kind };
  if (value.type === 'unary' && (value.operator === '-' || value.operator === '+')) return plainType(module, value.operand);
  return value.type === 'name' ? variableOf(module, value.variable)?.type : undefined;
}
