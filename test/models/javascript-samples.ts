/** A value of each type that the models know, made anew at each call, and where the things that they name are found in this Node. */
import * as childProcess from 'node:child_process';
import * as crypto from 'node:crypto';
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import { createRequire } from 'node:module';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as perf from 'node:perf_hooks';
import * as readline from 'node:readline';
import * as stream from 'node:stream';
import * as vm from 'node:vm';
import { AsyncLocalStorage } from 'node:async_hooks';
import { BroadcastChannel, MessageChannel, Worker } from 'node:worker_threads';
import * as zlib from 'node:zlib';

const WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const FILE = path.join(os.tmpdir(), `fanout-models-${process.pid}`);

function quiet<T extends EventEmitter>(emitter: T): T {
  return emitter.on('error', () => {});
}

/** Type name → a value of it. A promise is a value that has to be awaited, except for `Promise` itself. */
export const SAMPLES: Readonly<Record<string, () => unknown>> = {
  string: () => 'a,b',
  number: () => 1.5,
  boolean: () => true,
  bigint: () => 5n,
  symbol: () => Symbol('s'),
  undefined: () => undefined,
  null: () => null,
  function: () => () => 1,
  object: () => ({ a: 1 }),
  RegExp: () => /a/g,
  StatelessRegExp: () => /a/,
  Date: () => new Date(0),
  Error: () => new Error('x'),
  EvalError: () => new EvalError('x'),
  RangeError: () => new RangeError('x'),
  ReferenceError: () => new ReferenceError('x'),
  SyntaxError: () => new SyntaxError('x'),
  TypeError: () => new TypeError('x'),
  URIError: () => new URIError('x'),
  AggregateError: () => new AggregateError([new Error('a')], 'x'),
  DOMException: () => new DOMException('x', 'AbortError'),
  Iterator: () =>
    (function* () {
      yield 1;
    })(),
  Generator: () =>
    (function* () {
      yield 1;
    })(),
  AsyncGenerator: () =>
    (async function* () {
      yield 1;
    })(),
  Promise: () => Promise.resolve(1),
  Array: () => [3, 1, 2],
  Int8Array: () => new Int8Array([3, 1, 2]),
  Uint8Array: () => new Uint8Array([3, 1, 2]),
  Uint8ClampedArray: () => new Uint8ClampedArray([3, 1, 2]),
  Int16Array: () => new Int16Array([3, 1, 2]),
  Uint16Array: () => new Uint16Array([3, 1, 2]),
  Int32Array: () => new Int32Array([3, 1, 2]),
  Uint32Array: () => new Uint32Array([3, 1, 2]),
  Float32Array: () => new Float32Array([3, 1, 2]),
  Float64Array: () => new Float64Array([3, 1, 2]),
  BigInt64Array: () => new BigInt64Array([3n, 1n, 2n]),
  BigUint64Array: () => new BigUint64Array([3n, 1n, 2n]),
  ArrayBuffer: () => Reflect.construct(ArrayBuffer, [8, { maxByteLength: 16 }]) as ArrayBuffer,
  SharedArrayBuffer: () => new SharedArrayBuffer(8),
  DataView: () => new DataView(new ArrayBuffer(16)),
  Map: () =>
    new Map([
      [1, 'a'],
      [2, 'b'],
    ]),
  Set: () => new Set([1, 2]),
  WeakMap: () => new WeakMap(),
  WeakSet: () => new WeakSet(),
  WeakRef: () => new WeakRef({}),
  FinalizationRegistry: () => new FinalizationRegistry(() => {}),
  URL: () => new URL('http://a/b'),
  URLSearchParams: () => new URLSearchParams('b=2&a=1'),
  TextEncoder: () => new TextEncoder(),
  TextDecoder: () => new TextDecoder(),
  Buffer: () => Buffer.from('abcdefghijklmnop'),
  EventEmitter: () => new EventEmitter(),
  MessagePort: () => new MessageChannel().port1,
  Worker: () => new Worker('', { eval: true }),
  Readable: () => new stream.Readable(),
  Writable: () => new stream.Writable(),
  Duplex: () => new stream.Duplex(),
  Transform: () => new stream.Transform(),
  PassThrough: () => new stream.PassThrough(),
  ReadStream: () => fs.createReadStream(__filename),
  WriteStream: () => quiet(fs.createWriteStream(FILE)),
  Socket: () => new net.Socket(),
  Gzip: () => zlib.createGzip(),
  Gunzip: () => zlib.createGunzip(),
  IncomingMessage: () => new http.IncomingMessage(new net.Socket()),
  ServerResponse: () => new http.ServerResponse(new http.IncomingMessage(new net.Socket())),
  ClientRequest: () => quiet(http.request({ host: '127.0.0.1', port: 1 })),
  Hash: () => crypto.createHash('sha1'),
  Hmac: () => crypto.createHmac('sha1', 'key'),
  Response: () => new Response('a'),
  Stats: () => fs.statSync(os.tmpdir()),
  Dirent: () => fs.readdirSync(path.dirname(__filename), { withFileTypes: true })[0],
  'Intl.Collator': () => new Intl.Collator(),
  'Intl.DateTimeFormat': () => new Intl.DateTimeFormat(),
  'Intl.DisplayNames': () => new Intl.DisplayNames('en', { type: 'language' }),
  'Intl.ListFormat': () => new Intl.ListFormat(),
  'Intl.NumberFormat': () => new Intl.NumberFormat(),
  'Intl.PluralRules': () => new Intl.PluralRules(),
  'Intl.RelativeTimeFormat': () => new Intl.RelativeTimeFormat(),
  'Intl.Segmenter': () => new Intl.Segmenter(),
  MessageChannel: () => new MessageChannel(),
  ReadableStream: () => new ReadableStream(),
  WritableStream: () => new WritableStream(),
  TransformStream: () => new TransformStream(),
  FileHandle: () => fs.promises.open(__filename),
  ChildProcess: () => childProcess.spawn(process.execPath, ['-e', '']),
  Script: () => new vm.Script('1'),
  Interface: () => readline.createInterface({ input: new stream.PassThrough() }),
  Timeout: () => setTimeout(() => {}, 0),
  Immediate: () => setImmediate(() => {}),
  Agent: () => new http.Agent(),
  HttpServer: () => http.createServer(),
  NetServer: () => net.createServer(),
  AsyncLocalStorage: () => new AsyncLocalStorage(),
  AbortController: () => new AbortController(),
  AbortSignal: () => new AbortController().signal,
  EventTarget: () => new EventTarget(),
  Event: () => new Event('a'),
  Headers: () => new Headers(),
  Request: () => new Request('http://a'),
  FormData: () => new FormData(),
  BroadcastChannel: () => new BroadcastChannel('fanout'),
  PerformanceMark: () => performance.mark('a'),
  File: () => new File(['x'], 'n'),
  Blob: () => new Blob(['x']),
  KeyObject: () => crypto.createSecretKey(Buffer.alloc(16)),
  CryptoKey: () => crypto.webcrypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']),
  Histogram: () => perf.createHistogram(),
  BlockList: () => new net.BlockList(),
  SocketAddress: () => new net.SocketAddress({}),
  'WebAssembly.Module': () => new WebAssembly.Module(WASM),
  'WebAssembly.Instance': () => new WebAssembly.Instance(new WebAssembly.Module(WASM)),
  'WebAssembly.Memory': () => new WebAssembly.Memory({ initial: 1 }),
  'WebAssembly.Table': () => new WebAssembly.Table({ initial: 1, element: 'anyfunc' }),
};

/** Types whose methods can be called with made-up arguments without touching anything else. */
export const PROBED: ReadonlySet<string> = new Set([
  'string',
  'number',
  'boolean',
  'bigint',
  'symbol',
  'RegExp',
  'StatelessRegExp',
  'Date',
  'Error',
  'Array',
  'Float64Array',
  'Uint8Array',
  'BigInt64Array',
  'ArrayBuffer',
  'DataView',
  'Map',
  'Set',
  'WeakRef',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'TextDecoder',
  'Buffer',
  'Hash',
  'Intl.Collator',
  'Intl.NumberFormat',
  'Intl.PluralRules',
]);

/** Stands for a function that tells when it is called. */
export const PROBE = Symbol('probe');

/** Ends what the samples opened. */
export function release(value: unknown): void {
  if (!value || typeof value !== 'object') return;
  if (value instanceof MessageChannel) return release(value.port1);
  const one = value as { close?: () => unknown; destroy?: () => unknown; terminate?: () => unknown };
  if (value instanceof Worker) void value.terminate();
  else if (value instanceof stream.Stream || value instanceof http.Agent) (value as stream.Readable).destroy();
  else if (value instanceof EventEmitter || value instanceof BroadcastChannel || 'fd' in value)
    Promise.resolve(one.close?.()).catch(() => {});
  fs.rmSync(FILE, { force: true });
}

const load = createRequire(__filename);

/** What a namespace of the models is in this Node: a global, a module, or a member of one. */
export function namespaceValue(name: string): unknown {
  const [first, ...rest] = name.split('.');
  const modular = moduleOrNull(first!);
  const start = first! in globalThis && !(rest.length && modular) ? (globalThis as Record<string, unknown>)[first!] : modular;
  return rest.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], start);
}

/** A module, when the name is one; `crypto` and `process` are globals too, with other members. */
export function moduleOrNull(name: string): unknown {
  try {
    return load(`node:${name}`);
  } catch {
    return null;
  }
}
