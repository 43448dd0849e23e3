/** What following values takes from each language. */
import type { ClassIR, Expr, FunctionIR, ModuleIR, TypeIR } from '../../ir/ir';
import type { Flow } from './flow';
import type { Binding, Site } from './module-index';
import type { Env, FunctionValue, Value } from './values';

/** Where an expression is evaluated. */
export interface At {
  readonly fn: FunctionIR;
  /** Absolute; what is assigned after it does not reach it. */
  readonly site: Site;
  readonly env: Env | null;
}

/** Arguments of a call, evaluated. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** Some came from a spread whose length is not known. */
  readonly open: boolean;
}

/** What differs between the languages. */
export interface Semantics {
  constant(expr: Expr & { type: 'const' }): Value;
  /** A global name that the module does not bind. */
  builtin(name: string): Value;
  /** Calls something of a library or the language. */
  callLibrary(name: string, args: Arguments, flow: Flow, at: At, construct: boolean): Value;
  /** Calls a method of a container, a plain value or an object that a library made. */
  callMethod(object: Value, name: string, args: Arguments, flow: Flow): Value;
  /** A member of a class that is no method, where the language makes something of it; null elsewhere. */
  member(cls: Value & { kind: 'class' }, name: string, flow: Flow): Value | null;
  /** A field of such an object. */
  attribute(object: Value, name: string): Value;
  /** `container` after a method changed it. */
  mutate(object: Value, method: string, args: Arguments, flow: Flow): Value;
  construct(module: ModuleIR, cls: ClassIR, args: Arguments | null, flow: Flow, depth: number): Value;
  /** `new` of a plain function (JavaScript). */
  constructBy(fn: FunctionValue, args: Arguments, flow: Flow): Value;
  /** The result of entering a context manager (Python). */
  enter(context: Value): Value;
  elementOf(value: Value, keys: boolean): Value;
  typed(type: TypeIR, flow: Flow): Value;
  /** What a decorated function becomes. */
  decorate(fn: FunctionValue, decorators: readonly Expr[], flow: Flow, at: At): Value;
  /** What a handler catches. */
  caught(binding: Binding & { kind: 'caught' }, flow: Flow, at: At): Value;
  binary(operator: string, left: Value, right: Value): Value;
}

export const NO_ARGUMENTS: Arguments = { positional: [], keywords: new Map(), open: false };
/** For calls that stand nowhere in the text: library code calling what it was given. */
export const NOWHERE = null as unknown as At;
