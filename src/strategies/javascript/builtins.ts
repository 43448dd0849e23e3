/** What planning must know of the language's own objects: which values travel, which methods give a value that nothing else holds. */

export const TYPED_ARRAYS: ReadonlySet<string> = new Set([
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
]);

/** Objects that structured clone copies with everything that makes them work. */
export const CLONED: ReadonlySet<string> = new Set([
  ...TYPED_ARRAYS,
  'array',
  'object',
  'Array',
  'Object',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'DataView',
  'Map',
  'Set',
  'Date',
]);

export const PRIMITIVES: ReadonlySet<string> = new Set(['number', 'string', 'boolean', 'bigint', 'undefined', 'null', 'primitive', 'int', 'float', 'bool']);

/** Methods of the builtin types that give a number, string or boolean whatever they are called on. */
export const PRIMITIVE_METHODS: ReadonlySet<string> = new Set(
  `charAt charCodeAt codePointAt indexOf lastIndexOf includes startsWith endsWith trim trimStart trimEnd toFixed toString toUpperCase toLowerCase
  toLocaleString toLocaleUpperCase toLocaleLowerCase join padStart padEnd repeat replace replaceAll substring substr toPrecision toExponential
  getTime getFullYear getMonth getDate getDay getHours getMinutes getSeconds getMilliseconds getUTCFullYear getUTCMonth getUTCDate getUTCHours
  toISOString has localeCompare every some findIndex findLastIndex test push unshift normalize search isWellFormed`.split(/\s+/),
);

/** Methods that give a new container with the receiver's elements in it. */
export const COPYING_METHODS: ReadonlySet<string> = new Set('slice concat filter flat splice toSorted toReversed toSpliced with keys values entries'.split(' '));

/** Methods of strings that give a new array of strings, or nothing. */
export const STRING_LIST_METHODS: ReadonlySet<string> = new Set(['split', 'match', 'matchAll', 'exec']);

/** Methods that give (part of) their receiver. */
export const PART_METHODS: ReadonlySet<string> = new Set('at get find findLast pop shift sort reverse fill copyWithin subarray set add reduce reduceRight'.split(' '));

/** Methods that change their receiver. */
export const MUTATING_METHODS: ReadonlySet<string> = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear append setDate setTime setFullYear setMonth setHours'.split(' '),
);

/** Objects of the language whose members are pure and the same in a worker. */
export const PURE_NAMESPACES: ReadonlySet<string> = new Set(['Math', 'Number', 'String', 'Object', 'Array', 'JSON', 'BigInt', 'Symbol', 'Reflect', 'Date', 'Intl', 'Boolean', 'Atomics']);

/** Globals that a worker has and that mean the same there. */
export const WORKER_GLOBALS: ReadonlySet<string> = new Set([
  ...PURE_NAMESPACES,
  ...TYPED_ARRAYS,
  ...`undefined NaN Infinity Map Set WeakMap WeakSet WeakRef Promise Proxy RegExp Error EvalError RangeError ReferenceError SyntaxError TypeError URIError AggregateError
  ArrayBuffer SharedArrayBuffer DataView parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI decodeURI structuredClone
  atob btoa URL URLSearchParams TextEncoder TextDecoder Buffer console performance crypto Iterator globalThis process queueMicrotask`.split(/\s+/),
]);

/** Functions that call back before they return. Other callbacks may run at any later time. */
export const CALLS_BACK_AT_ONCE: ReadonlySet<string> = new Set(
  `map forEach filter reduce reduceRight some every find findIndex findLast findLastIndex flatMap sort toSorted from replace replaceAll fromEntries
  defineProperty assign parse stringify describe it test apply call bind`.split(/\s+/),
);
