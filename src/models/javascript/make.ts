/** Short forms for the models of this folder. Places not given are the default: a call reads its arguments and its receiver deeply. */
import type { CallbackModel, FunctionModel, TypeModel } from '../types';

type More = Omit<FunctionModel, 'returns' | 'type'>;
type Models = Readonly<Record<string, FunctionModel>>;

/** Gives an immutable value. */
export const value = (type?: string, more: More = {}): FunctionModel => ({ returns: 'value', ...(type && { type }), ...more });
/** Gives something new that holds none of its arguments. */
export const fresh = (type?: string, more: More = {}): FunctionModel => ({ returns: 'fresh', ...(type && { type }), ...more });
/** Gives a new container of the elements of `source`. */
export const copyOf = (source: string, type: string, more: More = {}): FunctionModel => ({ returns: `fresh-of:${source}`, type, ...more });
/** Gives something that lies in `source`, or undefined. */
export const partOf = (source: string, type: string | undefined, more: More = {}): FunctionModel => ({
  returns: `part:${source}`,
  ...(type && { type }),
  ...more,
});
/** Gives something that may be, or hold, anything: writing to it later is not accounted for. */
export const unknown = (type?: string, more: More = {}): FunctionModel => ({ returns: 'unknown', ...(type && { type }), ...more });
export const returning = (what: FunctionModel['returns'], more: More & Pick<FunctionModel, 'type'> = {}): FunctionModel => ({
  returns: what!,
  ...more,
});

/** Calls its argument once for each element. */
export const each = (arg: number): readonly CallbackModel[] => [{ arg, when: 'each' }];
export const once = (arg: number): readonly CallbackModel[] => [{ arg, when: 'once' }];
export const later = (...args: number[]): readonly CallbackModel[] => args.map((arg) => ({ arg, when: 'later' }));
export const comparing = (arg: number): readonly CallbackModel[] => [{ arg, when: 'compare' }];

/** The same model under several names. */
export function all(names: string, model: FunctionModel): Models {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, model]),
  );
}

/** Constants of one type. */
export function constants(names: string, type: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, type]),
  );
}

export const NOTHING_READ = { reads: [] } as const;
export const SHALLOW = { reads: ['receiver.shallow'] } as const;

export const OK: Pick<TypeModel, 'transfer'> = { transfer: 'serializable' };
export const refused = (transferReason: string): Pick<TypeModel, 'transfer' | 'transferReason'> => ({
  transfer: 'not-serializable',
  transferReason,
});
export const lossy = (transferReason: string): Pick<TypeModel, 'transfer' | 'transferReason'> => ({ transfer: 'lossy', transferReason });
