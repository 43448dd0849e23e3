/** Global functions and the statics of the global objects. */
import type { NamespaceModel } from '../types';
import { all, constants, copyOf, each, fresh, later, NOTHING_READ, returning, unknown, value } from './make';

export const globals: NamespaceModel = {
  functions: {
    ...all('parseInt parseFloat', value('number')),
    ...all('isNaN isFinite', value('boolean')),
    ...all('encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape', value('string')),
    ...all('btoa atob', value('string', { cost: 'linear' })),
    Number: value('number'),
    String: value('string'),
    Boolean: value('boolean', NOTHING_READ),
    BigInt: value('bigint'),
    // Each call gives a symbol that equals no other, whichever call came first.
    Symbol: value('symbol'),
    // What is transferred is gone here.
    structuredClone: fresh('arg0', {
      writes: ['args'],
      cost: 'linear',
      variants: [{ count: 1, model: fresh('arg0', { cost: 'linear' }) }],
    }),
    ...all('setTimeout setInterval', fresh('Timeout', { reads: ['clock'], writes: ['process'], calls: later(0), bound: 'io' })),
    setImmediate: fresh('Immediate', { reads: [], writes: ['process'], calls: later(0), bound: 'io' }),
    ...all('clearTimeout clearInterval clearImmediate', value('undefined', { reads: [], writes: ['arg0', 'process'] })),
    queueMicrotask: value('undefined', { reads: [], writes: ['process'], calls: later(0) }),
    fetch: fresh('Promise[Response]', { writes: ['network'], bound: 'io' }),
  },
  constants: { ...constants('NaN Infinity', 'number'), undefined: 'undefined' },
};

const MATH_ONE_OR_TWO =
  'abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc';

const math: NamespaceModel = {
  functions: {
    ...all(MATH_ONE_OR_TWO, value('number')),
    random: value('number', { reads: [], writes: ['random:js'] }),
  },
  constants: constants('E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2', 'number'),
};

const json: NamespaceModel = {
  functions: {
    parse: fresh(undefined, { cost: 'linear', calls: each(1) }),
    stringify: value('string', { cost: 'linear', calls: each(1) }),
  },
};

const object: NamespaceModel = {
  functions: {
    keys: fresh('Array[string]', { reads: ['args.shallow'], cost: 'linear' }),
    values: copyOf('arg0', 'Array', { reads: ['args.shallow'], cost: 'linear' }),
    getOwnPropertyNames: fresh('Array[string]', { reads: ['args.shallow'], cost: 'linear' }),
    getOwnPropertySymbols: fresh('Array[symbol]', { reads: ['args.shallow'], cost: 'linear' }),
    ...all('is isFrozen isSealed isExtensible hasOwn', value('boolean', { reads: ['arg0.shallow'] })),
    // What it is given ends up inside of what it gives.
    assign: returning('arg0', {
      reads: ['args.shallow'],
      writes: ['arg0.shallow'],
      type: 'arg0',
      cost: 'linear',
      stores: [{ into: 'arg0', what: 'part:args' }],
    }),
    ...all('freeze seal preventExtensions', returning('arg0', { reads: [], writes: ['arg0.shallow'], type: 'arg0' })),
    ...all(
      'defineProperty defineProperties setPrototypeOf',
      returning('arg0', {
        reads: ['args'],
        writes: ['arg0.shallow'],
        type: 'arg0',
        stores: [
          { into: 'arg0', what: 'args' },
          { into: 'arg0', what: 'part:args' },
        ],
      }),
    ),
    // The parts of the argument lie one level further down in these, or elsewhere: what they hold is not said.
    entries: unknown('Array[Array]', { reads: ['args.shallow'], cost: 'linear' }),
    fromEntries: unknown('object', { cost: 'linear', consumes: [0] }),
    ...all('create getPrototypeOf getOwnPropertyDescriptor getOwnPropertyDescriptors', unknown('object', { reads: ['args.shallow'] })),
  },
};

const array: NamespaceModel = {
  functions: {
    isArray: value('boolean', NOTHING_READ),
    from: copyOf('arg0', 'Array', { reads: ['arg0.shallow'], calls: each(1), cost: 'linear', consumes: [0] }),
    of: unknown('Array', { reads: [] }),
  },
};

const typedArray = (name: string): NamespaceModel => ({
  functions: {
    from: fresh(name, { reads: ['arg0.shallow'], calls: each(1), cost: 'linear', consumes: [0] }),
    of: fresh(name),
  },
  constants: { BYTES_PER_ELEMENT: 'number' },
});

export const TYPED_ARRAYS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

const number: NamespaceModel = {
  functions: {
    ...all('isFinite isInteger isNaN isSafeInteger', value('boolean', NOTHING_READ)),
    ...all('parseFloat parseInt', value('number')),
  },
  constants: constants('EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY', 'number'),
};

/** A promise holds what it was made of. */
const promise: NamespaceModel = {
  functions: {
    ...all('all allSettled', unknown('Promise[Array]', { reads: ['arg0.shallow'], consumes: [0] })),
    ...all('race any', unknown('Promise', { reads: ['arg0.shallow'], consumes: [0] })),
    ...all('resolve reject', unknown('Promise', { reads: [] })),
  },
};

const reflect: NamespaceModel = {
  functions: {
    ...all('has isExtensible', value('boolean', { reads: ['arg0.shallow'] })),
    ownKeys: fresh('Array', { reads: ['arg0.shallow'] }),
    ...all('deleteProperty preventExtensions', value('boolean', { reads: ['arg0.shallow'], writes: ['arg0.shallow'] })),
    set: value('boolean', { reads: ['arg0.shallow'], writes: ['arg0.shallow'], stores: [{ into: 'arg0', what: 'arg2' }] }),
  },
};

/** They order what threads do: the reads too are part of a protocol that other threads follow. */
const atomics: NamespaceModel = {
  functions: {
    ...all('add and or sub xor exchange compareExchange store', returning('value', { reads: ['arg0'], writes: ['arg0'] })),
    load: value(undefined, { reads: ['arg0'] }),
    isLockFree: value('boolean'),
    notify: value('number', { reads: ['arg0'], writes: ['arg0', 'process'] }),
    wait: value('string', { reads: ['arg0', 'clock'], writes: ['process'], bound: 'io' }),
    waitAsync: unknown('object', { reads: ['arg0', 'clock'], writes: ['process'], bound: 'io' }),
  },
};

const intl: NamespaceModel = {
  functions: {
    getCanonicalLocales: fresh('Array[string]'),
    supportedValuesOf: fresh('Array[string]'),
  },
};

const printed = { writes: ['stdout'], bound: 'cpu' } as const;
const warned = { writes: ['stderr'], bound: 'cpu' } as const;

const consoleModel: NamespaceModel = {
  functions: {
    ...all(
      'log info debug dir dirxml table group groupCollapsed groupEnd timeEnd timeLog count',
      value('undefined', { ...printed, reads: ['args', 'clock'] }),
    ),
    ...all('error warn trace assert', value('undefined', warned)),
    ...all('time countReset', value('undefined', { reads: ['clock'], writes: ['stdout'] })),
    ...all('timeStamp profile profileEnd clear', value('undefined', printed)),
  },
};

const date: NamespaceModel = {
  functions: {
    now: value('number', { reads: ['clock'] }),
    parse: value('number', { reads: ['args', 'environment'] }),
    UTC: value('number'),
  },
};

const performanceModel: NamespaceModel = {
  functions: {
    now: value('number', { reads: ['clock'] }),
    ...all('mark measure', fresh(undefined, { reads: ['args', 'clock'], writes: ['process'] })),
    ...all('clearMarks clearMeasures', value('undefined', { writes: ['process'] })),
  },
  constants: { timeOrigin: 'number' },
};

/** Everything that can be reached from a global name, by that name. */
export const globalNamespaces: readonly (readonly [string, NamespaceModel])[] = [
  ['Math', math],
  ['JSON', json],
  ['Object', object],
  ['Array', array],
  ...TYPED_ARRAYS.map((name) => [name, typedArray(name)] as const),
  ['Number', number],
  ['String', { functions: { ...all('fromCharCode fromCodePoint', value('string')), raw: value('string') } }],
  ['BigInt', { functions: all('asIntN asUintN', value('bigint')) }],
  [
    'Symbol',
    {
      functions: { for: value('symbol'), keyFor: value(undefined) },
      constants: constants(
        'asyncIterator hasInstance isConcatSpreadable iterator match matchAll replace search species split toPrimitive toStringTag unscopables',
        'symbol',
      ),
    },
  ],
  ['Promise', promise],
  ['Reflect', reflect],
  ['Atomics', atomics],
  ['Intl', intl],
  ['Date', date],
  ['ArrayBuffer', { functions: { isView: value('boolean', NOTHING_READ) } }],
  ['Error', { functions: { captureStackTrace: value('undefined', { reads: [], writes: ['arg0.shallow'] }) } }],
  ['URL', { functions: { canParse: value('boolean') } }],
  [
    'AbortSignal',
    {
      functions: {
        abort: fresh('AbortSignal'),
        any: fresh('AbortSignal'),
        timeout: fresh('AbortSignal', { reads: ['clock'], writes: ['process'] }),
      },
    },
  ],
  ['console', consoleModel],
  ['performance', performanceModel],
  ['perf_hooks.performance', performanceModel],
];
