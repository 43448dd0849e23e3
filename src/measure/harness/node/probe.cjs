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

const api = {
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
