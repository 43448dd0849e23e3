/** Types of the web platform and of Node: mostly what becomes of them on the way to a worker, with the methods that are common in loops. */
import type { TypeModel } from '../types';
import { all, constants, fresh, later, lossy, OK, refused, returning, SHALLOW, unknown, value } from './make';

const EMPTY = 'it arrives as an object without its prototype and its state';
const bare = (names: string, verdict: Pick<TypeModel, 'transfer' | 'transferReason'>): TypeModel[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, ...verdict, methods: {} }));

const url: TypeModel = {
  name: 'URL',
  ...lossy(EMPTY),
  attributes: constants('hash host hostname href origin password pathname port protocol search username', 'string'),
  methods: { ...all('toString toJSON', value('string')) },
};

const urlSearchParams: TypeModel = {
  name: 'URLSearchParams',
  ...lossy(EMPTY),
  attributes: { size: 'number' },
  methods: {
    ...all('append delete set sort', value('undefined', { writes: ['receiver'] })),
    get: value('string'),
    getAll: fresh('Array[string]'),
    has: value('boolean'),
    toString: value('string'),
    ...all('keys values', fresh('Iterator[string]')),
    entries: fresh('Iterator[Array]'),
  },
};

const textEncoder: TypeModel = {
  name: 'TextEncoder',
  ...lossy(EMPTY),
  attributes: { encoding: 'string' },
  methods: {
    encode: fresh('Uint8Array', { cost: 'linear' }),
    encodeInto: fresh('object', { reads: ['arg0'], writes: ['arg1'], cost: 'linear' }),
  },
};

/** With `stream: true` it keeps the rest of a character for the next call. */
const textDecoder: TypeModel = {
  name: 'TextDecoder',
  ...lossy(EMPTY),
  attributes: constants('encoding', 'string'),
  methods: {
    decode: value('string', {
      writes: ['receiver'],
      cost: 'linear',
      variants: [0, 1].map((count) => ({ count, model: value('string', { reads: ['args'], cost: 'linear' }) })),
    }),
  },
};

const READS = `readDoubleBE readDoubleLE readFloatBE readFloatLE readInt8 readInt16BE readInt16LE readInt32BE readInt32LE readIntBE readIntLE
   readUInt8 readUInt16BE readUInt16LE readUInt32BE readUInt32LE readUIntBE readUIntLE`;
const BUFFER_FIELDS = constants('BYTES_PER_ELEMENT byteLength byteOffset length', 'number');

const buffer: TypeModel = {
  name: 'Buffer',
  bases: ['Uint8Array'],
  indexable: true,
  element: 'number',
  ...lossy('it arrives as a plain Uint8Array'),
  attributes: BUFFER_FIELDS,
  methods: {
    toString: value('string', { cost: 'linear' }),
    toJSON: fresh('object', { cost: 'linear' }),
    ...all('compare indexOf lastIndexOf', value('number', { cost: 'linear' })),
    ...all('equals includes', value('boolean', { cost: 'linear' })),
    ...all(READS, value('number')),
    ...all('readBigInt64BE readBigInt64LE readBigUInt64BE readBigUInt64LE', value('bigint')),
    ...all(READS.replace(/read/g, 'write'), value('number', { writes: ['receiver'] })),
    ...all('writeBigInt64BE writeBigInt64LE writeBigUInt64BE writeBigUInt64LE write', value('number', { writes: ['receiver'] })),
    ...all('swap16 swap32 swap64', returning('receiver', { writes: ['receiver'], type: 'receiver' })),
    copy: value('number', { reads: ['receiver'], writes: ['arg0'], cost: 'linear' }),
    // Unlike a typed array's, a view of the same memory.
    ...all('slice subarray', unknown('Buffer', { reads: [] })),
    // As methods of Uint8Array they give one of those, or a Buffer: what matters is that it is new.
    ...all('filter map', unknown('Buffer', { calls: [{ arg: 0, when: 'each' }] })),
    toSorted: unknown('Buffer', { calls: [{ arg: 0, when: 'compare' }] }),
    ...all('toReversed with', unknown('Buffer')),
  },
};

const LISTENING = 'on once addListener prependListener prependOnceListener';
const listeners = {
  ...all(LISTENING, returning('receiver', { reads: [], writes: ['receiver.shallow'], calls: later(1), type: 'receiver' })),
  ...all(
    'off removeListener removeAllListeners setMaxListeners',
    returning('receiver', { reads: [], writes: ['receiver.shallow'], type: 'receiver' }),
  ),
  ...all('listenerCount getMaxListeners', value('number', SHALLOW)),
  eventNames: fresh('Array', SHALLOW),
};

/** `emit` is left out: it calls listeners that are not seen. */
const eventEmitter: TypeModel = {
  name: 'EventEmitter',
  ...lossy('it arrives as a plain object without its listeners, and cannot be cloned at all once it has some'),
  methods: listeners,
};

const port: TypeModel = {
  name: 'MessagePort',
  bases: ['EventEmitter'],
  ...refused('a MessagePort has to be in the transfer list'),
  methods: {
    postMessage: value('undefined', { writes: ['receiver', 'process'], bound: 'io' }),
    ...all('close ref unref start', value('undefined', { reads: [], writes: ['receiver', 'process'] })),
  },
};

const worker: TypeModel = {
  name: 'Worker',
  bases: ['EventEmitter'],
  ...refused('a Worker is a handle of this thread'),
  attributes: { threadId: 'number' },
  methods: {
    postMessage: value('undefined', { writes: ['receiver', 'process'], bound: 'io' }),
    terminate: fresh('Promise[number]', { reads: [], writes: ['receiver', 'process'], bound: 'io' }),
    ...all('ref unref', value('undefined', { reads: [], writes: ['receiver', 'process'] })),
  },
};

const LISTENERS = 'it arrives as a plain object without its state, and cannot be cloned at all once it has listeners';
const readable = {
  read: unknown(undefined, { reads: ['receiver'], writes: ['receiver'], bound: 'io' }),
  ...all('pause resume setEncoding', returning('receiver', { reads: [], writes: ['receiver'], type: 'receiver' })),
  pipe: returning('arg0', { writes: ['receiver', 'arg0'], bound: 'io', type: 'arg0' }),
} satisfies TypeModel['methods'];
const writable = { ...all('write end', value(undefined, { writes: ['receiver'], bound: 'io' })) };
const destroy = { destroy: returning('receiver', { writes: ['receiver'], type: 'receiver' }) };

const stream =
  (methods: TypeModel['methods'], verdict: Pick<TypeModel, 'transfer' | 'transferReason'>) =>
  (name: string): TypeModel => ({
    name,
    bases: ['EventEmitter'],
    ...verdict,
    ...('read' in methods && { iterator: true }),
    methods: { ...methods, ...destroy },
  });
const HOLDS_FUNCTIONS = refused('it holds functions, and a function cannot be cloned');

const streams: readonly TypeModel[] = [
  ...['Readable', 'ReadStream'].map(stream(readable, lossy(LISTENERS))),
  ...['IncomingMessage'].map(stream(readable, HOLDS_FUNCTIONS)),
  ...['Writable', 'WriteStream', 'ServerResponse', 'ClientRequest'].map(stream(writable, HOLDS_FUNCTIONS)),
  ...['Duplex', 'Transform', 'PassThrough', 'Socket', 'Gzip', 'Gunzip'].map(stream({ ...readable, ...writable }, HOLDS_FUNCTIONS)),
];

/** Hash, Hmac: fed piece by piece, so the order of the pieces counts. */
const hash = (name: string): TypeModel => ({
  name,
  ...lossy(EMPTY),
  methods: {
    update: returning('receiver', { reads: ['arg0'], writes: ['receiver'], type: 'receiver', cost: 'linear' }),
    // A Buffer, or a string when an encoding is given.
    digest: fresh(undefined, {
      writes: ['receiver'],
      variants: [{ argument: { at: 0 }, literal: true, model: value('string', { writes: ['receiver'] }) }],
    }),
    ...(name === 'Hash' ? { copy: fresh('Hash') } : {}),
  },
});

const response: TypeModel = {
  name: 'Response',
  ...lossy(EMPTY),
  attributes: { ok: 'boolean', status: 'number', statusText: 'string', url: 'string' },
  methods: {
    text: fresh('Promise[string]', { reads: ['network'], writes: ['receiver'], bound: 'io' }),
    arrayBuffer: fresh('Promise[ArrayBuffer]', { reads: ['network'], writes: ['receiver'], bound: 'io' }),
    ...all('json blob formData', fresh('Promise', { reads: ['network'], writes: ['receiver'], bound: 'io' })),
  },
};

const stats: TypeModel = {
  name: 'Stats',
  ...lossy('it arrives as a plain object without its methods'),
  attributes: {
    ...constants('dev ino mode nlink uid gid rdev size blksize blocks atimeMs mtimeMs ctimeMs birthtimeMs', 'number'),
    ...constants('atime mtime ctime birthtime', 'Date'),
  },
  methods: all('isBlockDevice isCharacterDevice isDirectory isFIFO isFile isSocket isSymbolicLink', value('boolean')),
};

const dirent: TypeModel = {
  name: 'Dirent',
  ...lossy('it arrives as a plain object without its methods'),
  attributes: constants('name path', 'string'),
  methods: all('isBlockDevice isCharacterDevice isDirectory isFIFO isFile isSocket isSymbolicLink', value('boolean')),
};

const format = (name: string): TypeModel => ({
  name: `Intl.${name}`,
  ...refused(`an Intl.${name} cannot be cloned`),
  methods:
    name === 'Collator'
      ? { compare: value('number') }
      : name === 'PluralRules'
        ? { select: value('string') }
        : name === 'Segmenter'
          ? { segment: fresh('object') }
          : name === 'DisplayNames'
            ? { of: value('string') }
            : { format: value('string'), formatToParts: fresh('Array[object]') },
});

export const INTL = [
  'Collator',
  'DateTimeFormat',
  'DisplayNames',
  'ListFormat',
  'NumberFormat',
  'PluralRules',
  'RelativeTimeFormat',
  'Segmenter',
] as const;

export const platformTypes: readonly TypeModel[] = [
  url,
  urlSearchParams,
  textEncoder,
  textDecoder,
  buffer,
  eventEmitter,
  port,
  worker,
  ...streams,
  hash('Hash'),
  hash('Hmac'),
  response,
  stats,
  dirent,
  ...INTL.map(format),
  ...bare('MessageChannel', refused('its ports have to be in the transfer list')),
  ...bare('ReadableStream WritableStream TransformStream FileHandle', refused('it has to be in the transfer list')),
  ...bare('ChildProcess Script Interface', refused('it is a handle of this thread')),
  ...bare('Timeout Immediate', refused('a timer holds its callback, and a function cannot be cloned')),
  ...bare('Agent HttpServer', refused('it holds functions, and a function cannot be cloned')),
  ...bare('AsyncLocalStorage', refused('it holds a symbol, and a symbol cannot be cloned')),
  ...bare(
    'NetServer AbortController AbortSignal EventTarget Event Headers Request FormData BroadcastChannel PerformanceMark',
    lossy(EMPTY),
  ),
  ...bare('File', lossy('it arrives as a Blob, without its name')),
  ...bare('Blob KeyObject CryptoKey Histogram BlockList SocketAddress WebAssembly.Module', OK),
  ...bare('WebAssembly.Instance WebAssembly.Memory WebAssembly.Table', refused('it belongs to this thread')),
];
