/** Iterators, and the modules that make functions and iterators out of others. */
import type { FunctionModel, NamespaceModel, TypeModel } from '../types';
import { all, copyOf, does, each, fresh, later, lazily, namespace, refused, unknown, value } from './make';

/** Advancing it changes it. */
const CONSUMED = { reads: ['receiver'], writes: ['receiver'] } as const;

export const generator: TypeModel = {
  name: 'generator',
  iterator: true,
  ...refused('generators cannot be pickled'),
  methods: {
    ...all('send throw', unknown(undefined, { reads: ['args', 'receiver'], writes: ['receiver'] })),
    close: does(CONSUMED),
  },
};

export const iterator: TypeModel = {
  name: 'iterator',
  iterator: true,
  element: 'arg0',
  methods: { __next__: { returns: 'part:receiver', type: 'element:receiver', ...CONSUMED }, __iter__: { returns: 'receiver', type: 'receiver', reads: [] } },
};

export const fn: TypeModel = { name: 'function', immutable: true, methods: {} };
export const partial: TypeModel = { name: 'functools.partial', ...{ transfer: 'serializable' }, methods: {} };

/** Gives tuples of what the arguments give, each element several times. */
const tuples = (more: Omit<FunctionModel, 'returns' | 'type'> = {}): FunctionModel => ({
  ...lazily({ repeats: true, stores: [{ into: 'result', what: 'part:args' }], ...more }, 'iterator[tuple]'),
  returns: 'fresh',
});

export const itertools: NamespaceModel = namespace({
  count: fresh('iterator', { reads: [] }),
  cycle: lazily({ repeats: true }),
  repeat: fresh('iterator', { repeats: true, reads: [], stores: [{ into: 'result', what: 'arg0' }] }),
  islice: lazily(),
  compress: lazily({ consumes: [0, 1] }),
  // Its arguments may be the same, or overlap.
  chain: lazily({ repeats: true, stores: [{ into: 'result', what: 'part:args' }], consumes: [0, 1, 2, 3, 4, 5] }),
  ...all('product permutations combinations combinations_with_replacement pairwise', tuples()),
  zip_longest: tuples({ consumes: [0, 1, 2, 3, 4, 5], stores: [{ into: 'result', what: 'part:args' }, { into: 'result', what: 'args' }] }),
  // The copies share the original, which nobody may touch any more.
  tee: fresh('tuple', { repeats: true, reads: ['arg0.shallow'], writes: ['arg0'], stores: [{ into: 'result', what: 'part:arg0' }] }),
  accumulate: { ...lazily({ calls: each(1) }), returns: 'unknown' },
  groupby: { ...lazily({ calls: each(1), stores: [{ into: 'result', what: 'part:arg0' }] }, 'iterator[tuple]'), returns: 'fresh' },
  starmap: { ...lazily({ calls: each(0), consumes: [1] }), returns: 'unknown' },
  ...all('dropwhile takewhile filterfalse', { ...lazily({ calls: each(0), consumes: [1] }), returns: 'fresh-of:arg1' }),
});

export const itertoolsChain: NamespaceModel = namespace({
  from_iterable: { ...lazily({ reads: ['args'] }), returns: 'unknown' },
});

export const functools: NamespaceModel = namespace({
  reduce: unknown(undefined, { calls: each(0), consumes: [1], cost: 'linear' }),
  // What it holds runs when it is called.
  partial: fresh('functools.partial', { reads: [], calls: later(0), stores: [{ into: 'result', what: 'args' }] }),
  cmp_to_key: unknown('function', { reads: [], calls: later(0) }),
  // A decorator that copies the name and the text of its argument.
  wraps: unknown('function', { reads: [] }),
});

/** Operators as functions: in place of arrays they make arrays. */
const BINARY = 'add sub mul truediv floordiv mod pow matmul lshift rshift and_ or_ xor';
export const operator: NamespaceModel = namespace({
  ...all(`${BINARY} neg pos invert inv abs eq ne lt le gt ge`, fresh()),
  ...all('not_ truth is_ is_not contains', value('bool')),
  concat: copyOf('arg0', 'arg0', { stores: [{ into: 'result', what: 'part:arg1' }] }),
  ...all('countOf indexOf', value('int', { consumes: [0], cost: 'linear' })),
  index: value('int'),
  getitem: unknown(undefined, { reads: ['args'] }),
  setitem: does({ reads: ['args'], writes: ['arg0.shallow'], stores: [{ into: 'arg0', what: 'arg2' }] }),
  delitem: does({ reads: ['args'], writes: ['arg0.shallow'] }),
  length_hint: value('int'),
});

export const contextlib: NamespaceModel = namespace({
  nullcontext: unknown(undefined, { reads: [] }),
  suppress: fresh('contextlib.suppress', { reads: [] }),
});
const suppress: TypeModel = { name: 'contextlib.suppress', methods: all('__enter__ __exit__', value(undefined, { reads: [] })) };

export const ITERATOR_TYPES: readonly TypeModel[] = [generator, iterator, fn, partial, suppress];
