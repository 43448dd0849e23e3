/** What `new X(…)` gives and touches. */
import type { FunctionModel } from '../types';
import { TYPED_ARRAYS } from './globals';
import { all, copyOf, fresh, later, once, partOf, unknown, value } from './make';
import { INTL } from './platform';
import { ERRORS } from './primitives';

/** A typed array over a buffer shares its memory; one of a length, an array or another typed array does not. */
const typedArray = (name: string): FunctionModel => fresh(name, { reads: ['arg0.shallow'], cost: 'linear', viewOf: 'arg0' });

const of = (name: string, model: (type: string) => FunctionModel): [string, FunctionModel] => [name, model(name.replace(/^[a-z_]+\./, ''))];

const plain = (names: string): [string, FunctionModel][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => of(name, (type) => fresh(type)));
/** They register with the process or open something. */
const opening = (names: string): [string, FunctionModel][] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => of(name, (type) => unknown(type, { writes: ['process'], bound: 'io' })));

export const constructors: ReadonlyMap<string, FunctionModel> = new Map<string, FunctionModel>([
  ['Array', fresh('Array', { reads: [], stores: [{ into: 'result', what: 'args' }] })],
  ...TYPED_ARRAYS.map((name): [string, FunctionModel] => [name, typedArray(name)]),
  ...plain('ArrayBuffer SharedArrayBuffer URLSearchParams TextEncoder TextDecoder Headers FormData MessageChannel EventTarget'),
  ['DataView', partOf('arg0', 'DataView', { reads: [] })],
  ['Map', fresh('Map', { reads: ['arg0'], cost: 'linear', consumes: [0], stores: [{ into: 'result', what: 'part:arg0' }] })],
  ['Set', copyOf('arg0', 'Set', { reads: ['arg0.shallow'], cost: 'linear', consumes: [0] })],
  ['WeakMap', fresh('WeakMap', { reads: ['arg0'], stores: [{ into: 'result', what: 'part:arg0' }] })],
  ['WeakSet', copyOf('arg0', 'WeakSet', { reads: ['arg0.shallow'] })],
  ['WeakRef', unknown('WeakRef', { reads: [] })],
  ['Date', fresh('Date', { reads: ['args', 'environment'], variants: [{ count: 0, model: fresh('Date', { reads: ['clock'] }) }] })],
  ['RegExp', fresh('RegExp')],
  ...[...ERRORS, 'AggregateError', 'DOMException'].map((name) =>
    of(name, (type) => fresh(type, { stores: [{ into: 'result', what: 'args' }] })),
  ),
  ['Promise', unknown('Promise', { reads: [], calls: once(0) })],
  ['URL', fresh('URL')],
  ['Blob', fresh('Blob', { cost: 'linear' })],
  ['Request', unknown('Request')],
  ['Response', unknown('Response')],
  ['AbortController', fresh('AbortController')],
  ...Object.entries(all('Number String Boolean', value())),
  ...INTL.map((name) => of(`Intl.${name}`, () => fresh(`Intl.${name}`, { reads: ['args', 'locale'], cost: 'linear' }))),
  ...plain('events.EventEmitter stream.PassThrough'),
  ['events.default', fresh('EventEmitter')],
  ...['Readable', 'Writable', 'Duplex', 'Transform'].map((name) => of(`stream.${name}`, (type) => unknown(type))),
  ...opening('worker_threads.Worker net.Socket worker_threads.BroadcastChannel'),
  ['worker_threads.MessageChannel', fresh('MessageChannel')],
  ['MessageChannel', fresh('MessageChannel')],
  ['async_hooks.AsyncLocalStorage', unknown('AsyncLocalStorage')],
  ['vm.Script', fresh('Script', { cost: 'linear' })],
  ['util.TextEncoder', fresh('TextEncoder')],
  ['util.TextDecoder', fresh('TextDecoder')],
  ['url.URL', fresh('URL')],
  ['url.URLSearchParams', fresh('URLSearchParams')],
  ['buffer.Blob', fresh('Blob', { cost: 'linear' })],
  ['FinalizationRegistry', unknown('FinalizationRegistry', { reads: [], calls: later(0) })],
  // What it does is for its handler to say, whatever is done to it.
  ['Proxy', unknown()],
]);
