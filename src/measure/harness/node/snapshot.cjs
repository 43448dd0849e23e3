'use strict';
// Writes down everything that is reachable from a set of names: types, order, -0, NaN, holes, sharing and cycles.
//
// Each name gives a hash of all of it, and the first values as lines `depth, label, token`, from which the first difference is
// shown as `out[3].x: 1 ≠ 2`. Nothing of the user's is called: getters are listed, not run, and so are proxies.
const { createHash } = require('node:crypto');
const Module = require('node:module');
const path = require('node:path');
const { types } = require('node:util');
const events = require('./events.cjs');

const MAX_VALUES = 3_000_000;
const MAX_LINES = 20_000;
const MAX_SECONDS = 20;
let processLinesLeft = 400_000;

/** Token of a value without parts; null if it has some. */
function scalar(value) {
  switch (typeof value) {
    case 'number':
      return `number ${Object.is(value, -0) ? '-0' : value}`;
    case 'string':
      return `string ${JSON.stringify(value)}`;
    case 'bigint':
      return `bigint ${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'symbol':
      return String(value);
    case 'object':
      return value === null ? 'null' : null;
    default:
      return null;
  }
}

/** A token that stands for itself. */
class Literal {
  constructor(token) {
    this.token = token;
  }
}

class Writer {
  constructor(name, memo, deadline, quiet) {
    this.name = name;
    this.memo = memo;
    this.deadline = deadline;
    this.quiet = quiet;
    this.hash = createHash('sha256');
    this.pending = [];
    this.lines = [];
    this.lineBudget = Math.max(0, Math.min(MAX_LINES, processLinesLeft));
    this.values = 0;
    this.skipped = [];
    /** Labels of the containers around the value that is being read, and its own. */
    this.labels = [];
    this.label = '';
  }

  put(depth, label, token) {
    const text = `${depth}\t${label}\t${token}`;
    this.pending.push(text);
    if (this.pending.length >= 4096) this.flush();
    if (this.lines.length < this.lineBudget) {
      this.lines.push(text.length <= 300 ? text : `${text.slice(0, 300)}... #${createHash('sha256').update(text).digest('hex').slice(0, 16)}`);
    }
    this.values++;
  }

  flush() {
    this.hash.update(`${this.pending.join('\n')}\n`);
    this.pending = [];
  }

  /** Notes that the value being described is not compared; with a label, a part of the one whose parts are being read. */
  skip(why, part = null) {
    if (this.skipped.length < 20) this.skipped.push([this.labels.join('') + (part ?? this.label), why]);
  }

  write(value) {
    // A stack of iterators instead of recursion: a linked list may be deeper than the call stack.
    const { labels } = this;
    const stack = [[[this.name, value]][Symbol.iterator]()];
    while (stack.length > 0) {
      if (this.values > MAX_VALUES || ((this.values & 1023) === 0 && performance.now() > this.deadline)) {
        labels.length = 0;
        this.skip(`only the first ${this.values} values were compared`, this.name);
        break;
      }
      const next = stack[stack.length - 1].next();
      if (next.done) {
        stack.pop();
        labels.pop();
        continue;
      }
      const [label, item] = next.value;
      const children = this.one(stack.length - 1, label, item);
      if (children) {
        stack.push(children[Symbol.iterator]());
        labels.push(label);
      }
    }
    this.flush();
  }

  one(depth, label, value) {
    const token = value instanceof Literal ? value.token : scalar(value);
    if (token !== null) {
      this.put(depth, label, token);
      return null;
    }
    const seen = this.memo.get(value);
    if (seen) {
      this.put(depth, label, `same object as value ${seen[0]} of ${seen[1]}`);
      return null;
    }
    this.memo.set(value, [this.values, this.name]);
    this.label = label;
    const [header, children] = describe(value, this);
    this.put(depth, label, header);
    return children;
  }
}

function className(value) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype === null) return 'null-prototype object';
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'constructor');
  const made = descriptor && typeof descriptor.value === 'function' ? descriptor.value : null;
  return made?.name || 'object';
}

function* properties(value, writer, skipIndexes) {
  for (const key of Reflect.ownKeys(value)) {
    if (skipIndexes && typeof key === 'string' && (key === 'length' || /^(?:0|[1-9]\d*)$/.test(key))) continue;
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (!descriptor) continue;
    const label = typeof key === 'symbol' ? `[${String(key)}]` : /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
    if (descriptor.get || descriptor.set) {
      writer.skip('a getter is not run', label);
      yield [label, new Literal('accessor')];
    } else yield [label, descriptor.value];
  }
}

function* items(value) {
  for (let i = 0; i < value.length; i++) yield [`[${i}]`, Object.hasOwn(value, i) ? value[i] : new Literal('hole')];
}

function* chain(...parts) {
  for (const part of parts) yield* part;
}

function keyLabel(key) {
  const token = scalar(key);
  return token === null ? '{object}' : `{${token.length > 80 ? token.slice(0, 80) : token}}`;
}

function* mapEntries(map) {
  let i = 0;
  for (const [key, item] of Map.prototype.entries.call(map)) {
    if (scalar(key) === null) yield [` key ${i}`, key];
    yield [keyLabel(key), item];
    i++;
  }
}

function* setItems(set) {
  let i = 0;
  for (const item of Set.prototype.values.call(set)) yield [` item ${i++}`, item];
}

function bytes(view) {
  const buffer = ArrayBuffer.isView(view) ? Buffer.from(view.buffer, view.byteOffset, view.byteLength) : Buffer.from(view);
  return createHash('sha256').update(buffer).digest('hex').slice(0, 24);
}

function* numbers(array) {
  const shown = Math.min(array.length, MAX_LINES);
  for (let i = 0; i < shown; i++) yield [`[${i}]`, array[i]];
  // NaNs have many bit patterns that a program cannot tell apart except by looking at the bytes: those are compared.
  if (array.length > shown) yield [' all bytes', new Literal(`#${bytes(array)}`)];
}

/** The token of a value with parts, and its children as [label, value] pairs or null. */
function describe(value, writer) {
  if (types.isProxy(value)) {
    writer.skip('a proxy cannot be looked into');
    return ['proxy', null];
  }
  if (typeof value === 'function') return describeFunction(value, writer);
  const name = className(value);
  if (Array.isArray(value)) return [`${name} of ${value.length}`, chain(items(value), properties(value, writer, true))];
  if (types.isTypedArray(value)) return [`${name} of ${value.length}`, chain(numbers(value), value.length > 100_000 ? [] : properties(value, writer, true))];
  if (types.isMap(value)) return [`${name} of ${value.size}`, chain(mapEntries(value), properties(value, writer, false))];
  if (types.isSet(value)) return [`${name} of ${value.size}`, chain(setItems(value), properties(value, writer, false))];
  if (types.isDate(value)) return [`${name} ${Date.prototype.getTime.call(value)}`, properties(value, writer, false)];
  if (types.isRegExp(value)) return [`${name} ${RegExp.prototype.toString.call(value)}`, properties(value, writer, false)];
  if (types.isAnyArrayBuffer(value)) return [`${name} of ${value.byteLength} bytes #${bytes(value)}`, null];
  if (types.isDataView(value)) return [`${name} #${bytes(value)}`, null];
  if (types.isBoxedPrimitive(value)) return [`boxed ${scalar(value.valueOf())}`, null];
  if (types.isNativeError(value)) return [`error ${name}`, errorFields(value, writer)];
  const opaque = opaqueKind(value);
  if (opaque) {
    writer.skip(`a ${opaque} cannot be compared`);
    return [`opaque ${opaque}`, null];
  }
  if (hasPrivateFields(value)) writer.skip(`private fields of ${name} cannot be seen`);
  return [`object ${name}`, properties(value, writer, false)];
}

function opaqueKind(value) {
  if (types.isPromise(value)) return 'Promise';
  if (types.isWeakMap(value)) return 'WeakMap';
  if (types.isWeakSet(value)) return 'WeakSet';
  if (types.isGeneratorObject(value)) return 'generator';
  if (types.isMapIterator(value) || types.isSetIterator(value)) return 'iterator';
  if (types.isExternal(value)) return 'native object';
  if (typeof WeakRef !== 'undefined' && value instanceof WeakRef) return 'WeakRef';
  return null;
}

function* errorFields(value, writer) {
  for (const [label, item] of properties(value, writer, false)) {
    if (label !== '.stack') yield [label, item];
  }
}

const privates = new WeakMap();

/** Whether the class of an object declares private fields, by its source. */
function hasPrivateFields(value) {
  for (let prototype = Object.getPrototypeOf(value); prototype && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
    const made = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
    if (typeof made !== 'function') continue;
    if (!privates.has(made)) {
      const source = Function.prototype.toString.call(made);
      privates.set(made, source.startsWith('class') && /[{};\s]#[\p{ID_Start}$_]/u.test(source));
    }
    if (privates.get(made)) return true;
  }
  return false;
}

function describeFunction(value, writer) {
  const source = Function.prototype.toString.call(value);
  const isClass = source.startsWith('class');
  if (!isClass && !source.includes('[native code]') && !writer.quiet) writer.skip('of a function only the name and its properties are compared');
  const own = Reflect.ownKeys(value).filter((key) => !['length', 'name', 'prototype', 'arguments', 'caller'].includes(key));
  const children = own
    .map((key) => [`.${String(key)}`, Object.getOwnPropertyDescriptor(value, key)])
    .filter(([, descriptor]) => descriptor && 'value' in descriptor && typeof descriptor.value !== 'function')
    .map(([label, descriptor]) => [label, descriptor.value]);
  return [`${isClass ? 'class' : 'function'} ${value.name}`, children];
}

function isProjectFile(file) {
  // Whoever measures Fanout itself has these very files in the project.
  return !file.startsWith(__dirname + path.sep) && !file.split(path.sep).includes('node_modules') && events.manifest.roots.some((root) => file.startsWith(root + path.sep));
}

/** What to look at: the names that the probe's getters give, then what the program's CommonJS modules export. */
function namesOf(getters, only) {
  const found = [];
  for (const [name, get] of Object.entries(getters.names)) {
    if (only && !only.includes(name)) continue;
    let value;
    try {
      value = get();
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      value = new Literal('not bound');
    }
    found.push([name, value]);
  }
  for (const [file, loaded] of Object.entries(Module._cache)) {
    if (!loaded || !isProjectFile(file) || (typeof loaded.exports !== 'object' && typeof loaded.exports !== 'function')) continue;
    found.push([`exports of ${path.basename(file)}`, loaded.exports, true]);
  }
  return found;
}

/** Reads all names of one entry. Sharing is told across names, in their order. */
function take(names) {
  const memo = new Map();
  const deadline = performance.now() + MAX_SECONDS * 1000;
  const rows = [];
  const skipped = [];
  for (const [name, value, quiet] of names) {
    const writer = new Writer(name, memo, deadline, quiet === true);
    writer.write(value);
    rows.push({ name, hash: writer.hash.digest('hex').slice(0, 32), values: writer.values, lines: writer.lines });
    processLinesLeft -= writer.lines.length;
    skipped.push(...writer.skipped);
  }
  return { names: rows, skipped };
}

function describeError(error) {
  if (error instanceof Error) return { type: className(error), message: String(error.message).slice(0, 2000) };
  return { type: typeof error, message: String(error).slice(0, 2000) };
}

module.exports = { namesOf, take, describeError };
