/** Short forms for the models of this folder. Places not given are the default: a call reads its arguments and its receiver deeply. */
import type { CallbackModel, FunctionModel, NamespaceModel, TypeModel } from '../types';

type More = Omit<FunctionModel, 'returns' | 'type'>;
export type Models = Readonly<Record<string, FunctionModel>>;

/** Gives an immutable value that holds nothing mutable. */
export const value = (type?: string, more: More = {}): FunctionModel => ({ returns: 'value', ...(type && { type }), ...more });
/** Gives something new that holds none of its arguments. */
export const fresh = (type?: string, more: More = {}): FunctionModel => ({ returns: 'fresh', ...(type && { type }), ...more });
/** Gives a new container of the elements of `source`. */
export const copyOf = (source: string, type?: string, more: More = {}): FunctionModel => ({
  returns: `fresh-of:${source}`,
  ...(type && { type }),
  ...more,
});
/** Gives something that lies in `source`. */
export const partOf = (source: string, type?: string, more: More = {}): FunctionModel => ({ returns: `part:${source}`, ...(type && { type }), ...more });
/** Gives something that may be, or share memory with, anything. */
export const unknown = (type?: string, more: More = {}): FunctionModel => ({ returns: 'unknown', ...(type && { type }), ...more });
export const returning = (what: FunctionModel['returns'], type?: string, more: More = {}): FunctionModel => ({ returns: what!, ...(type && { type }), ...more });

/** Gives None, for its effect. */
export const does = (more: More): FunctionModel => ({ returns: 'value', type: 'None', ...more });

/** An iterator over what the first argument gives, which it consumes as it goes. */
export const lazily = (more: More = {}, type = 'iterator'): FunctionModel => ({ returns: 'fresh-of:arg0', type, reads: ['args.shallow'], consumes: [0], ...more });

/** Calls its argument once for each element. */
export const each = (arg: number | string): readonly CallbackModel[] => [{ arg, when: 'each' }];
export const later = (...args: (number | string)[]): readonly CallbackModel[] => args.map((arg) => ({ arg, when: 'later' }));

/** The same model under several names. */
export function all(names: string, model: FunctionModel): Models {
  return Object.fromEntries(words(names).map((name) => [name, model]));
}

/** Members of one type. */
export function constants(names: string, type: string): Readonly<Record<string, string>> {
  return Object.fromEntries(words(names).map((name) => [name, type]));
}

export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

export function namespace(functions: Models, members: Readonly<Record<string, string>> = {}, more: Partial<NamespaceModel> = {}): NamespaceModel {
  return { functions, constants: members, importPure: true, ...more };
}

/**
 * Methods as functions of their class: `str.upper(s)` has the receiver for its first argument.
 */
export function unbound(type: TypeModel): Models {
  return Object.fromEntries(Object.entries(type.methods).map(([name, model]) => [name, shift(model)]));
}

function shift(model: FunctionModel): FunctionModel {
  const place = (ref: string): string => ref.replace(/\breceiver\b/, 'arg-').replace(/\barg(\d+)/, (_, n: string) => `arg${Number(n) + 1}`).replace('arg-', 'arg0');
  const {
    reads = ['args', 'receiver'],
    writes,
    calls,
    returns,
    type,
    stores,
    consumes,
    variants,
    ...rest
  } = model;
  // A variant counts arguments from the receiver's on.
  void variants;
  return {
    ...rest,
    reads: [...new Set(reads.map((ref) => (ref === 'receiver' ? 'arg0' : place(ref))))],
    ...(writes && { writes: writes.map(place) }),
    ...(calls && { calls: calls.map((call) => (typeof call.arg === 'number' ? { ...call, arg: call.arg + 1 } : call)) }),
    ...(returns && { returns: place(returns) as NonNullable<FunctionModel['returns']> }),
    ...(type !== undefined && { type: typeof type === 'string' ? place(type) : type }),
    ...(stores && { stores: stores.map((store) => ({ into: place(store.into) as typeof store.into, what: place(store.what) })) }),
    ...(consumes && { consumes: consumes.map((at) => at + 1) }),
  };
}

export const NOTHING_READ = { reads: [] } as const;
/** Looks at the receiver's length and slots, not at what they hold. */
export const SHALLOW = { reads: ['receiver.shallow'] } as const;
/** Looks at the slots of its first argument. */
export const SHALLOW_ARG = { reads: ['arg0.shallow'] } as const;
export const LINEAR = { cost: 'linear' } as const;

export const OK: Pick<TypeModel, 'transfer'> = { transfer: 'serializable' };
export const refused = (transferReason: string): Pick<TypeModel, 'transfer' | 'transferReason'> => ({ transfer: 'not-serializable', transferReason });
