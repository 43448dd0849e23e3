'use strict';
// Probes around the loop: called from the text that src/measure/probe-js.ts puts around the loop's statements.
const events = require('./events.cjs');

const now = () => performance.now() / 1000;

/** Entries open at this point of the synchronous run, innermost last: an entry that awaits is not among them. */
const around = [];
let snapshot = null;
let mode = 'none';
let sampled = 0;
/** Entries whose data `sample` mode looks at. */
const MAX_SAMPLED = 3;
let open = 0;
let openedAt = 0;
let seconds = 0;
let entries = 0;
let entryNumber = 0;
let flushedAt = -Infinity;

function flush() {
  if (entries > 0) events.emit('time', { seconds, entries });
  seconds = 0;
  entries = 0;
  flushedAt = now();
}

function remove(entry) {
  const index = around.lastIndexOf(entry);
  if (index >= 0) around.splice(index, 1);
}

function stop(entry) {
  const ended = now();
  remove(entry);
  if (entry.nested) return ended;
  open--;
  entries++;
  if (open === 0) {
    seconds += ended - openedAt;
    events.setInside(false);
  }
  return ended;
}

function record(entry, ended, getters) {
  const number = entry.number;
  const base = { number, seconds: ended - entry.started, iterations: entry.ticks };
  if (number > events.manifest.maxEntries) {
    events.emit('entry', { ...base, names: [], compared: false });
    return;
  }
  const names = snapshot.namesOf(getters, entry.error !== null && !getters.caught ? getters.escaping : null);
  if (entry.returned) names.push(['return value', entry.returned.value]);
  events.emit('entry', { ...base, compared: true, ...snapshot.take(names), error: entry.error === null ? null : snapshot.describeError(entry.error.value) });
}

function finish(entry, getters) {
  const ended = stop(entry);
  if (entry.nested) return;
  if (mode === 'verify') {
    record(entry, ended, getters);
    return;
  }
  if (mode === 'sample') transfer(getters.names, 'leave');
  if (ended - flushedAt > 0.5) flush();
}

/** Writes values as a message to a worker would be and reads them back: bytes and seconds of each name. */
function transfer(getters, phase) {
  if (phase === 'enter') sampled++;
  if (sampled > MAX_SAMPLED) return;
  const v8 = require('node:v8');
  for (const [name, get] of Object.entries(getters)) {
    try {
      const value = get();
      const started = now();
      const data = v8.serialize(value);
      v8.deserialize(data);
      events.emit('transfer', { name, phase, bytes: data.length, seconds: now() - started });
    } catch (error) {
      events.emit('transfer', { name, phase, bytes: 0, seconds: 0, error: error?.name ?? 'error' });
    }
  }
}

/** Values that a header may give before it is taken to have no end. */
const MAX_ITEMS = 200_000;

/** Another order of the indices; the last stays last, so that what it leaves behind is the same. */
function orderOf(count, how) {
  const order = Array.from({ length: Math.max(0, count - 1) }, (_, index) => index);
  if (how === 'reversed') order.reverse();
  else {
    // The same order in every run: a linear congruential generator (Numerical Recipes' constants).
    let state = count >>> 0;
    for (let at = order.length - 1; at > 0; at--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const other = Math.floor((state / 4294967296) * (at + 1));
      [order[at], order[other]] = [order[other], order[at]];
    }
  }
  if (count > 0) order.push(count - 1);
  return order;
}

/** Arrays that the loop only appends to: which iteration appended what, and back into the header's order. */
class Collects {
  constructor(getters) {
    this.parts = getters.flatMap((get) => {
      let array = null;
      try {
        array = get();
      } catch {
        // Not bound before the loop: it is no list of it.
      }
      return Array.isArray(array) ? [{ array, start: array.length, added: [], from: array.length }] : [];
    });
  }

  before() {
    for (const part of this.parts) part.from = part.array.length;
  }

  after(index) {
    for (const part of this.parts) part.added.push([index, part.array.slice(part.from)]);
  }

  restore() {
    for (const { array, start, added } of this.parts) {
      added.sort(([a], [b]) => a - b);
      const values = added.flatMap(([, some]) => some);
      for (let at = 0; at < values.length; at++) array[start + at] = values[at];
    }
  }
}

function* inOrder(items, how, collected) {
  for (const index of orderOf(items.length, how)) {
    collected.before();
    yield items[index];
    collected.after(index);
  }
  collected.restore();
  events.emit('ordered', { how, iterations: items.length });
}

function* chained(items, iterator) {
  yield* items;
  for (let next = iterator.next(); !next.done; next = iterator.next()) yield next.value;
}

/** An array's methods that call a function for each element, in another order. */
function methodsInOrder(array, how, collected) {
  const each = (callback, self) => {
    const results = [];
    const indices = array.flatMap((_, index) => [index]);
    for (const at of orderOf(indices.length, how)) {
      collected.before();
      results[indices[at]] = callback.call(self, array[indices[at]], indices[at], array);
      collected.after(at);
    }
    collected.restore();
    events.emit('ordered', { how, iterations: indices.length });
    return results;
  };
  return {
    forEach: (callback, self) => void each(callback, self),
    map(callback, self) {
      const results = each(callback, self);
      results.length = array.length;
      return results;
    },
    filter(callback, self) {
      const kept = each(callback, self);
      return array.filter((_, index) => kept[index]);
    },
    flatMap: (callback, self) => each(callback, self).flat(),
  };
}

const api = {
  /** What a loop walks over, in another order. `getters`: of the arrays that it appends to. */
  ordered(entry, iterable, how, getters) {
    if (entry.nested) return iterable;
    const items = [];
    const iterator = iterable[Symbol.iterator]();
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      items.push(next.value);
      if (items.length <= MAX_ITEMS) continue;
      events.emit('no-order', { why: `the loop's header gives more than ${MAX_ITEMS} values` });
      return chained(items, iterator);
    }
    return inOrder(items, how, new Collects(getters));
  },

  /** The object whose `map`, `forEach`, `filter` or `flatMap` is the loop. */
  reordered(entry, object, how, getters) {
    if (entry.nested || object === null || object === undefined) return object;
    if (Array.isArray(object)) return methodsInOrder(object, how, new Collects(getters));
    events.emit('no-order', { why: 'what the loop walks over is no array' });
    return object;
  },

  /** `getters`: in sample mode, what the loop is fed with. */
  enter(getters) {
    const nested = around.length > 0 || events.isInsideWorker;
    const entry = { nested, started: 0, number: 0, ticks: 0, returned: null, error: null, promise: null };
    around.push(entry);
    if (!nested) {
      entry.number = ++entryNumber;
      if (mode === 'sample') transfer(getters ?? {}, 'enter');
      else if (mode === 'time' && entries === 0 && flushedAt === -Infinity) events.emit('enter');
      if (++open === 1) {
        events.setInside(true);
        openedAt = now();
      }
      entry.started = now();
    }
    return entry;
  },

  /** From the `finally` behind the loop. A promise that was returned is waited for: its value is the loop's result. */
  leave(entry, getters) {
    if (entry.promise === null) {
      finish(entry, getters);
      return;
    }
    remove(entry);
    entry.getters = getters;
  },

  threw(entry, error) {
    entry.error = { value: error };
    return error;
  },

  ret(entry, value) {
    if (!(value instanceof Promise)) {
      entry.returned = { value };
      return value;
    }
    entry.promise = value.then(
      (result) => {
        entry.returned = { value: result };
        finish(entry, entry.getters);
        return result;
      },
      (error) => {
        entry.error = { value: error };
        finish(entry, entry.getters);
        throw error;
      },
    );
    return entry.promise;
  },

  suspend(entry, value) {
    remove(entry);
    return value;
  },

  resume(entry, value) {
    around.push(entry);
    return value;
  },

  tick(entry) {
    entry.ticks++;
  },

  counted(entry, callback) {
    if (typeof callback !== 'function') return callback;
    return function (...args) {
      entry.ticks++;
      return callback.apply(this, args);
    };
  },
};

function install() {
  ({ mode } = events.manifest);
  if (mode === 'none' || mode === 'profile') return;
  if (mode === 'verify') snapshot = require('./snapshot.cjs');
  Object.defineProperty(globalThis, '__fanout', { value: api });
  if (mode !== 'verify') process.on('exit', flush);
}

module.exports = { install };
