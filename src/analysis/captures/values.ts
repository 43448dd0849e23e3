/**
 * What an expression may evaluate to, as far as the serialization of it is concerned: not the value but how it was made, with what
 * it holds.
 */
import type { ClassIR, FunctionIR, ModuleIR, VarId } from '../../ir/ir';

export type Value =
  /** Data without identity or parts that matter: numbers, strings, arrays of numbers. */
  | { readonly kind: 'plain'; readonly type: string; /** Where it is a known string or number. */ readonly constant?: string | number }
  | { readonly kind: 'unknown' }
  | Container
  | Instance
  | FunctionValue
  | { readonly kind: 'class'; readonly module: ModuleIR; readonly class: ClassIR }
  /** A function with the object that it was taken from. */
  | { readonly kind: 'method'; readonly object: Value; readonly name: string; readonly function: FunctionValue | null }
  /** What a dotted name of a library or a builtin stands for: a function, a class, a module, a constant. */
  | { readonly kind: 'library'; readonly name: string; /** A module as a whole. */ readonly module?: boolean }
  | Made
  /** One of these; or `each` of them, one after another. */
  | { readonly kind: 'union'; readonly options: readonly Value[]; readonly each?: boolean };

export interface Item {
  /** How it is reached from the container: `[0]`, `["key"]`, `.field`, `[…]` for an element whose place is not known. */
  readonly label: string;
  readonly value: Value;
}

/** A list, dictionary, array, plain object, `Map`, … of the language itself. */
export interface Container {
  readonly kind: 'container';
  /** `list`, `tuple`, `set`, `dict`; `array`, `object`, `Map`, `Set`. */
  readonly type: string;
  readonly items: readonly Item[];
  /** It may hold more than the items. */
  readonly open: boolean;
  /** JS: `null` for an object without a prototype, else what stands in for `Object.prototype`. */
  readonly prototype?: string | null;
}

export interface Instance {
  readonly kind: 'instance';
  readonly module: ModuleIR;
  readonly class: ClassIR;
  readonly fields: ReadonlyMap<string, Value>;
  /** It may have more fields, or the classes above it are not all known. */
  readonly open: boolean;
  /** Positional arguments of the constructor; null when it is not known how it was made. */
  readonly args: readonly Value[] | null;
  /** The library class at the top of its classes: `builtins.Exception`, `threading.Thread`, `Map`; null for none. */
  readonly base: string | null;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly module: ModuleIR;
  readonly function: FunctionIR;
  /** What the variables of the functions around it held when it was made by a call that was followed. */
  readonly env: Env | null;
  /** Set by a decorator that was followed: the name under which pickle will look for it. */
  readonly wraps?: FunctionIR;
}

/** The result of calling something of a library. */
export interface Made {
  readonly kind: 'made';
  /** Dotted name with `()` for each call: `threading.Lock`, `multiprocessing.Manager().Queue`. */
  readonly by: string;
  readonly args: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Fields that were put on it afterwards. */
  readonly fields: ReadonlyMap<string, Value>;
  /** The variable, or field of a variable, that it was last read from. */
  readonly origin?: string;
}

/** Values of parameters and closed-over variables while a call is followed. */
export type Env = ReadonlyMap<VarId | 'this', Value>;

export const UNKNOWN: Value = { kind: 'unknown' };

export function plain(type: string, constant?: string | number): Value {
  return constant === undefined ? { kind: 'plain', type } : { kind: 'plain', type, constant };
}

export function made(by: string, args: readonly Value[] = [], keywords: ReadonlyMap<string, Value> = new Map()): Made {
  return { kind: 'made', by, args, keywords, fields: new Map() };
}

export function container(type: string, items: readonly Item[], open = false): Container {
  return { kind: 'container', type, items, open };
}

/** A container with elements whose places are not known. */
export function containerOf(type: string, element: Value): Container {
  return container(type, [{ label: '[…]', value: element }]);
}

/** What a variable holds that stands for each of several values in turn. */
export function each(values: readonly Value[]): Value {
  const value = union(values);
  return value.kind === 'union' ? { ...value, each: true } : value;
}

/** One value for several possible ones. */
export function union(values: readonly Value[]): Value {
  if (values.length === 1) return values[0]!;
  const options: Value[] = [];
  for (const value of values) {
    for (const option of value.kind === 'union' ? value.options : [value]) {
      const same = options.findIndex((o) => o === option || (o.kind === 'plain' && option.kind === 'plain' && o.type === option.type) || (o.kind === 'unknown' && option.kind === 'unknown'));
      if (same < 0) options.push(option);
      else if (option.kind === 'plain') options[same] = plain(option.type);
    }
  }
  if (options.length === 0) return UNKNOWN;
  return options.length === 1 ? options[0]! : { kind: 'union', options };
}
