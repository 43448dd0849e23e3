/** Methods of arrays, typed arrays, buffers, maps and sets. */
import type { FunctionModel, TypeModel } from '../types';
import { TYPED_ARRAYS } from './globals';
import { all, comparing, constants, copyOf, each, fresh, OK, partOf, refused, returning, SHALLOW, unknown, value } from './make';

const linear = { ...SHALLOW, cost: 'linear' } as const;
const calling = { ...linear, calls: each(0) } as const;

/** Those that look at the elements and change nothing. */
const searching = {
  ...all('indexOf lastIndexOf', value('number', linear)),
  includes: value('boolean', linear),
  ...all('every some', value('boolean', { ...calling, shortCircuits: true })),
  ...all('findIndex findLastIndex', value('number', { ...calling, shortCircuits: true })),
  forEach: value('undefined', calling),
  // Their elements are turned into strings: that reads all of them.
  ...all('join toString toLocaleString', value('string', { cost: 'linear' })),
  ...all('reduce reduceRight', unknown(undefined, calling)),
} satisfies Record<string, FunctionModel>;

const array: TypeModel = {
  name: 'Array',
  indexable: true,
  element: 'arg0',
  ...OK,
  attributes: { length: 'number' },
  methods: {
    ...searching,
    at: partOf('receiver', 'element:receiver', SHALLOW),
    ...all('find findLast', partOf('receiver', 'element:receiver', { ...calling, shortCircuits: true })),
    filter: copyOf('receiver', 'receiver', calling),
    ...all('slice toReversed', copyOf('receiver', 'receiver', linear)),
    toSorted: copyOf('receiver', 'receiver', { ...linear, calls: comparing(0) }),
    // The new elements are the arguments, or what lies in them.
    ...all('concat toSpliced with', unknown('Array', linear)),
    flat: unknown('Array', { reads: ['receiver'], cost: 'linear' }),
    ...all('map flatMap', unknown('Array', calling)),
    values: copyOf('receiver', 'Iterator', SHALLOW),
    keys: fresh('Iterator[number]', SHALLOW),
    entries: unknown('Iterator[Array]', SHALLOW),
    push: value('number', { ...SHALLOW, writes: ['receiver.shallow'], stores: [{ into: 'receiver', what: 'args' }] }),
    unshift: value('number', { ...linear, writes: ['receiver.shallow'], stores: [{ into: 'receiver', what: 'args' }] }),
    pop: partOf('receiver', 'element:receiver', { ...SHALLOW, writes: ['receiver.shallow'] }),
    shift: partOf('receiver', 'element:receiver', { ...linear, writes: ['receiver.shallow'] }),
    splice: copyOf('receiver', 'receiver', { ...linear, writes: ['receiver.shallow'], stores: [{ into: 'receiver', what: 'args' }] }),
    fill: returning('receiver', {
      ...linear,
      type: 'receiver',
      writes: ['receiver.shallow'],
      stores: [{ into: 'receiver', what: 'arg0' }],
    }),
    ...all('copyWithin reverse', returning('receiver', { ...linear, type: 'receiver', writes: ['receiver.shallow'] })),
    sort: returning('receiver', { ...linear, type: 'receiver', writes: ['receiver.shallow'], calls: comparing(0) }),
  },
};

const typedArray = (name: string): TypeModel => {
  const element = name.startsWith('Big') ? 'bigint' : 'number';
  return {
    name,
    indexable: true,
    element,
    ...OK,
    attributes: constants('BYTES_PER_ELEMENT byteLength byteOffset length', 'number'),
    methods: {
      ...searching,
      at: value(element, SHALLOW),
      ...all('find findLast', value(element, { ...calling, shortCircuits: true })),
      ...all('filter map', fresh(name, calling)),
      ...all('slice toReversed with', fresh(name, linear)),
      toSorted: fresh(name, { ...linear, calls: comparing(0) }),
      // A view of the same memory from another index on.
      subarray: unknown(name, { reads: [] }),
      values: fresh(`Iterator[${element}]`, SHALLOW),
      keys: fresh('Iterator[number]', SHALLOW),
      entries: fresh('Iterator[Array]', SHALLOW),
      set: value('undefined', { reads: ['arg0.shallow'], writes: ['receiver'], cost: 'linear' }),
      ...all('copyWithin fill reverse', returning('receiver', { ...linear, type: 'receiver', writes: ['receiver'] })),
      sort: returning('receiver', { ...linear, type: 'receiver', writes: ['receiver'], calls: comparing(0) }),
    },
  };
};

const arrayBuffer: TypeModel = {
  name: 'ArrayBuffer',
  ...OK,
  attributes: { ...constants('byteLength maxByteLength', 'number'), resizable: 'boolean' },
  methods: {
    slice: fresh('ArrayBuffer', { reads: ['receiver'], cost: 'linear' }),
    resize: value('undefined', { writes: ['receiver'] }),
  },
};

const sharedArrayBuffer: TypeModel = {
  name: 'SharedArrayBuffer',
  ...OK,
  attributes: { ...constants('byteLength maxByteLength', 'number'), growable: 'boolean' },
  methods: {
    slice: fresh('SharedArrayBuffer', { reads: ['receiver'], cost: 'linear' }),
    grow: value('undefined', { writes: ['receiver'] }),
  },
};

const VIEWED = 'Int8 Uint8 Int16 Uint16 Int32 Uint32 Float32 Float64';
const dataView: TypeModel = {
  name: 'DataView',
  ...OK,
  attributes: constants('byteLength byteOffset', 'number'),
  methods: {
    ...all(VIEWED.replace(/(\w+)/g, 'get$1'), value('number', { reads: ['receiver'] })),
    ...all('getBigInt64 getBigUint64', value('bigint', { reads: ['receiver'] })),
    ...all(`${VIEWED} BigInt64 BigUint64`.replace(/(\w+)/g, 'set$1'), value('undefined', { reads: [], writes: ['receiver'] })),
  },
};

const map: TypeModel = {
  name: 'Map',
  element: 'Array',
  ...OK,
  attributes: { size: 'number' },
  methods: {
    get: partOf('receiver', undefined, SHALLOW),
    has: value('boolean', SHALLOW),
    set: returning('receiver', {
      ...SHALLOW,
      type: 'receiver',
      writes: ['receiver.shallow'],
      stores: [{ into: 'receiver', what: 'args' }],
    }),
    delete: value('boolean', { ...SHALLOW, writes: ['receiver.shallow'] }),
    clear: value('undefined', { reads: [], writes: ['receiver.shallow'] }),
    forEach: value('undefined', calling),
    ...all('keys values', copyOf('receiver', 'Iterator', SHALLOW)),
    entries: unknown('Iterator[Array]', SHALLOW),
  },
};

const set: TypeModel = {
  name: 'Set',
  element: 'arg0',
  ...OK,
  attributes: { size: 'number' },
  methods: {
    has: value('boolean', SHALLOW),
    add: returning('receiver', {
      ...SHALLOW,
      type: 'receiver',
      writes: ['receiver.shallow'],
      stores: [{ into: 'receiver', what: 'args' }],
    }),
    delete: value('boolean', { ...SHALLOW, writes: ['receiver.shallow'] }),
    clear: value('undefined', { reads: [], writes: ['receiver.shallow'] }),
    forEach: value('undefined', calling),
    ...all('keys values', copyOf('receiver', 'Iterator', SHALLOW)),
    entries: unknown('Iterator[Array]', SHALLOW),
  },
};

const weakMap: TypeModel = {
  name: 'WeakMap',
  ...refused('a WeakMap cannot be cloned'),
  methods: {
    get: partOf('receiver', undefined, SHALLOW),
    has: value('boolean', SHALLOW),
    set: returning('receiver', {
      ...SHALLOW,
      type: 'receiver',
      writes: ['receiver.shallow'],
      stores: [{ into: 'receiver', what: 'args' }],
    }),
    delete: value('boolean', { ...SHALLOW, writes: ['receiver.shallow'] }),
  },
};

const weakSet: TypeModel = {
  name: 'WeakSet',
  ...refused('a WeakSet cannot be cloned'),
  methods: {
    has: value('boolean', SHALLOW),
    add: returning('receiver', { ...SHALLOW, type: 'receiver', writes: ['receiver.shallow'] }),
    delete: value('boolean', { ...SHALLOW, writes: ['receiver.shallow'] }),
  },
};

const weakRef: TypeModel = {
  name: 'WeakRef',
  ...refused('a WeakRef cannot be cloned'),
  methods: { deref: partOf('receiver', undefined, SHALLOW) },
};

const finalizationRegistry: TypeModel = {
  name: 'FinalizationRegistry',
  ...refused('a FinalizationRegistry cannot be cloned'),
  methods: { ...all('register unregister', value(undefined, { reads: [], writes: ['receiver', 'process'] })) },
};

export const collectionTypes: readonly TypeModel[] = [
  array,
  ...TYPED_ARRAYS.map(typedArray),
  arrayBuffer,
  sharedArrayBuffer,
  dataView,
  map,
  set,
  weakMap,
  weakSet,
  weakRef,
  finalizationRegistry,
];
