/** Lists, tuples, dicts, sets, and the modules that make or handle containers. */
import type { FunctionModel, NamespaceModel, TypeModel } from '../types';
import { all, copyOf, does, each, fresh, lazily, LINEAR, type Models, namespace, OK, partOf, returning, SHALLOW, value } from './make';

/** Puts its arguments into the receiver. */
const puts = (...what: string[]): Pick<FunctionModel, 'reads' | 'writes' | 'stores'> => ({
  reads: ['receiver.shallow'],
  writes: ['receiver.shallow'],
  stores: what.map((from) => ({ into: 'receiver', what: from })),
});
const CHANGES = { reads: ['receiver.shallow'], writes: ['receiver.shallow'] } as const;
/** Compares elements on the way. */
const COMPARES = { reads: ['args', 'receiver'], cost: 'linear' } as const;
/** Iterates over its first argument. */
const CONSUMES = { consumes: [0], cost: 'linear' } as const;

const sequence: Models = {
  append: does(puts('arg0')),
  extend: does({ ...puts('part:arg0'), reads: ['arg0.shallow', 'receiver.shallow'], ...CONSUMES }),
  insert: does({ ...puts('arg1'), ...LINEAR }),
  pop: partOf('receiver', 'element:receiver', CHANGES),
  remove: does({ ...COMPARES, writes: ['receiver.shallow'] }),
  clear: does(CHANGES),
  reverse: does({ ...CHANGES, ...LINEAR }),
  copy: copyOf('receiver', 'receiver', { ...SHALLOW, ...LINEAR }),
  ...all('index count', value('int', COMPARES)),
};

const list: TypeModel = {
  name: 'list',
  indexable: true,
  element: 'arg0',
  ...OK,
  methods: { ...sequence, sort: does({ ...COMPARES, writes: ['receiver.shallow'], calls: each('key') }) },
};

const tuple: TypeModel = {
  name: 'tuple',
  immutable: true,
  indexable: true,
  element: 'arg0',
  ...OK,
  methods: all('index count', value('int', COMPARES)),
};

const range: TypeModel = {
  name: 'range',
  immutable: true,
  indexable: true,
  element: 'int',
  ...OK,
  attributes: { start: 'int', stop: 'int', step: 'int' },
  methods: all('index count', value('int')),
};

const slice: TypeModel = { name: 'slice', immutable: true, ...OK, methods: { indices: value('tuple[int, int, int]') } };

/** With a default, the default itself may come back; a literal cannot be told from a copy. */
const lookup = (more: Omit<FunctionModel, 'returns' | 'type' | 'variants'>): FunctionModel => ({
  returns: 'unknown',
  ...more,
  variants: [
    { count: 1, model: partOf('receiver', undefined, more) },
    { argument: { at: 1 }, literal: true, model: partOf('receiver', undefined, more) },
  ],
});

const mapping: Models = {
  get: lookup({ reads: ['arg0', 'receiver.shallow'] }),
  // Views show what changes later too, but whoever keeps one keeps the dict.
  keys: copyOf('receiver', 'dict_keys', SHALLOW),
  values: copyOf('receiver', 'dict_values', SHALLOW),
  items: copyOf('receiver', 'dict_items', SHALLOW),
  setdefault: partOf('receiver', undefined, { ...puts('arg1'), reads: ['arg0', 'receiver.shallow'] }),
  update: does({ ...puts('part:args', 'args'), reads: ['args.shallow', 'receiver.shallow'], ...CONSUMES }),
  pop: lookup({ reads: ['arg0', 'receiver.shallow'], writes: ['receiver.shallow'] }),
  popitem: copyOf('receiver', 'tuple', CHANGES),
  clear: does(CHANGES),
  copy: copyOf('receiver', 'receiver', { ...SHALLOW, ...LINEAR }),
};

const dict: TypeModel = { name: 'dict', indexable: true, element: 'arg0', ...OK, methods: mapping };

const views = ['dict_keys', 'dict_values', 'dict_items'].map((name): TypeModel => ({
  name,
  methods: name === 'dict_values' ? {} : all('isdisjoint', value('bool', COMPARES)),
  transfer: 'not-serializable',
  transferReason: `${name} objects cannot be pickled`,
}));

const setReading: Models = {
  ...all('issubset issuperset isdisjoint', value('bool', { ...COMPARES, consumes: [0] })),
  ...all('union', copyOf('receiver', 'receiver', { ...COMPARES, consumes: [0], stores: [{ into: 'result', what: 'part:args' }] })),
  symmetric_difference: copyOf('receiver', 'receiver', { ...COMPARES, consumes: [0], stores: [{ into: 'result', what: 'part:arg0' }] }),
  ...all('intersection difference', copyOf('receiver', 'receiver', { ...COMPARES, consumes: [0], stores: [{ into: 'result', what: 'part:args' }] })),
  copy: copyOf('receiver', 'receiver', { ...SHALLOW, ...LINEAR }),
};

const set: TypeModel = {
  name: 'set',
  element: 'arg0',
  ...OK,
  methods: {
    ...setReading,
    add: does({ ...puts('arg0'), reads: ['arg0', 'receiver.shallow'] }),
    ...all('discard remove', does({ ...CHANGES, reads: ['arg0', 'receiver.shallow'] })),
    pop: partOf('receiver', 'element:receiver', CHANGES),
    clear: does(CHANGES),
    update: does({ ...puts('part:args'), reads: ['args', 'receiver.shallow'], ...CONSUMES }),
    ...all('difference_update intersection_update', does({ ...COMPARES, writes: ['receiver.shallow'], consumes: [0] })),
    symmetric_difference_update: does({ ...COMPARES, ...{ writes: ['receiver.shallow'] }, consumes: [0], stores: [{ into: 'receiver', what: 'part:arg0' }] }),
  },
};

const frozenset: TypeModel = { name: 'frozenset', immutable: true, element: 'arg0', ...OK, methods: setReading };

const deque: TypeModel = {
  name: 'collections.deque',
  indexable: true,
  element: 'arg0',
  ...OK,
  attributes: { maxlen: 'int' },
  methods: {
    ...sequence,
    appendleft: sequence['append']!,
    extendleft: sequence['extend']!,
    popleft: sequence['pop']!,
    rotate: does({ ...CHANGES, ...LINEAR }),
  },
};

const counter: TypeModel = {
  name: 'collections.Counter',
  bases: ['dict'],
  indexable: true,
  element: 'arg0',
  ...OK,
  methods: {
    elements: copyOf('receiver', 'iterator', SHALLOW),
    most_common: copyOf('receiver', 'list[tuple]', { ...SHALLOW, ...LINEAR }),
    ...all('subtract update', does({ ...puts('part:args', 'args'), reads: ['args', 'receiver.shallow'], ...CONSUMES })),
    total: fresh(undefined, { reads: ['receiver'] }),
  },
};

/** Indexing it adds what is missing: not `indexable`. */
const defaultdict: TypeModel = { name: 'collections.defaultdict', bases: ['dict'], element: 'arg0', ...OK, methods: {} };

const orderedDict: TypeModel = {
  name: 'collections.OrderedDict',
  bases: ['dict'],
  indexable: true,
  element: 'arg0',
  ...OK,
  methods: { move_to_end: does({ ...CHANGES, reads: ['arg0', 'receiver.shallow'] }), popitem: copyOf('receiver', 'tuple', CHANGES) },
};

const numbers: TypeModel = {
  name: 'array.array',
  indexable: true,
  ...OK,
  attributes: { typecode: 'str', itemsize: 'int' },
  methods: {
    ...all('append insert fromlist frombytes extend byteswap remove reverse', does({ reads: ['args', 'receiver'], writes: ['receiver'], ...LINEAR })),
    pop: value(undefined, { reads: ['receiver'], writes: ['receiver'] }),
    ...all('index count', value('int', COMPARES)),
    tobytes: value('bytes', LINEAR),
    tolist: fresh('list', LINEAR),
    buffer_info: value('tuple[int, int]'),
    fromfile: does({ reads: ['args', 'receiver'], writes: ['receiver', 'arg0'], bound: 'io' }),
    tofile: does({ writes: ['arg0', 'fs'], bound: 'io' }),
  },
};

export const CONTAINER_TYPES: readonly TypeModel[] = [
  list,
  tuple,
  range,
  slice,
  dict,
  ...views,
  set,
  frozenset,
  deque,
  counter,
  defaultdict,
  orderedDict,
  numbers,
];

const holdsArguments = { stores: [{ into: 'result', what: 'args' }] } as const;

export const CONTAINER_CONSTRUCTORS: Models = {
  'collections.deque': copyOf('arg0', 'collections.deque', { reads: ['args.shallow'], ...CONSUMES }),
  // Keys are hashed and compared.
  'collections.Counter': copyOf('arg0', 'collections.Counter', CONSUMES),
  'collections.OrderedDict': copyOf('arg0', 'collections.OrderedDict', { ...CONSUMES, ...holdsArguments }),
  // The factory runs when something is missing.
  'collections.defaultdict': copyOf('arg1', 'collections.defaultdict', { cost: 'linear', consumes: [1], calls: [{ arg: 0, when: 'later' }], ...holdsArguments }),
  'array.array': fresh('array.array', { cost: 'linear', consumes: [1] }),
};

export const collections: NamespaceModel = namespace({});
export const array: NamespaceModel = namespace({});

/** The heap is the first argument. */
const HEAP = { reads: ['args'], writes: ['arg0.shallow'] } as const;
export const heapq: NamespaceModel = namespace({
  heappush: does({ ...HEAP, stores: [{ into: 'arg0', what: 'arg1' }] }),
  heappop: partOf('arg0', 'element:arg0', HEAP),
  heapify: does({ ...HEAP, ...LINEAR }),
  // What comes back may be the item that was given.
  ...all('heappushpop heapreplace', partOf('arg0', 'element:arg0', { ...HEAP, stores: [{ into: 'arg0', what: 'arg1' }] })),
  ...all('nlargest nsmallest', copyOf('arg1', 'list', { cost: 'linear', consumes: [1], calls: each('key') })),
  merge: { ...lazily({ reads: ['args'], calls: each('key') }), returns: 'fresh', stores: [{ into: 'result', what: 'part:args' }] },
});

export const bisect: NamespaceModel = namespace({
  ...all('bisect bisect_left bisect_right', value('int', { calls: each('key') })),
  ...all('insort insort_left insort_right', does({ ...HEAP, cost: 'linear', calls: each('key'), stores: [{ into: 'arg0', what: 'arg1' }] })),
});

export const copy: NamespaceModel = namespace({
  copy: copyOf('arg0', 'arg0', { reads: ['arg0.shallow'], ...LINEAR }),
  deepcopy: returning('fresh', 'arg0', LINEAR),
});

/** Class methods and methods taken from the class: `dict.fromkeys`. */
export const CONTAINER_NAMESPACES: Readonly<Record<string, NamespaceModel>> = {
  dict: namespace({ fromkeys: copyOf('arg0', 'dict', { ...CONSUMES, stores: [{ into: 'result', what: 'args' }] }) }),
};
