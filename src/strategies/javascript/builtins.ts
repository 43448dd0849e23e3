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

/** Objects that structured clone refuses or strips, with what becomes of them. */
export const NOT_CLONED: Readonly<Record<string, string>> = {
  function: 'a function cannot be copied to a worker',
  Function: 'a function cannot be copied to a worker',
  Promise: 'a promise cannot be copied to a worker',
  WeakMap: 'a WeakMap cannot be copied to a worker',
  WeakSet: 'a WeakSet cannot be copied to a worker',
  WeakRef: 'a WeakRef cannot be copied to a worker',
  symbol: 'a symbol cannot be copied to a worker',
  Symbol: 'a symbol cannot be copied to a worker',
  Proxy: 'a Proxy cannot be copied to a worker',
  Buffer: 'a Buffer arrives in a worker as a plain Uint8Array',
  URL: 'a URL cannot be copied to a worker',
  URLSearchParams: 'URLSearchParams cannot be copied to a worker',
  Generator: 'a generator cannot be copied to a worker',
  Iterator: 'an iterator cannot be copied to a worker',
  EventEmitter: 'an EventEmitter arrives in a worker without its methods',
  AbortController: 'an AbortController cannot be copied to a worker',
  AbortSignal: 'an AbortSignal cannot be copied to a worker',
  Intl: 'an Intl object cannot be copied to a worker',
  Worker: 'a Worker cannot be copied to a worker',
  Socket: 'a socket cannot be copied to a worker',
  Server: 'a server cannot be copied to a worker',
  Readable: 'a stream cannot be copied to a worker',
  Writable: 'a stream cannot be copied to a worker',
  ReadStream: 'a stream cannot be copied to a worker',
  WriteStream: 'a stream cannot be copied to a worker',
  RegExp: 'a RegExp arrives in a worker without its lastIndex',
};

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
