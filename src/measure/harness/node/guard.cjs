'use strict';
// Keeps a measured program from writing its own sources.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const events = require('./events.cjs');

const { realpathSync } = fs;
const sources = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const protectedPaths = new Set();

/** Absolute real path of a file argument; null for descriptors and what is no path. A file that is not there yet: by its folder. */
function realPath(file) {
  let text = file;
  try {
    if (file instanceof URL) text = fileURLToPath(file);
    else if (Buffer.isBuffer(file)) text = file.toString();
  } catch {
    return null;
  }
  if (typeof text !== 'string') return null;
  const full = path.resolve(text);
  try {
    return realpathSync(full);
  } catch {
    try {
      return path.join(realpathSync(path.dirname(full)), path.basename(full));
    } catch {
      return full;
    }
  }
}

function refusal(file) {
  const real = realPath(file);
  if (real === null) return null;
  if (!protectedPaths.has(real) && !(sources.test(real) && Object.hasOwn(Module._cache, real))) return null;
  events.emit('source-write', { path: real });
  const error = new Error(`EACCES: Fanout does not let a measured program change its own source, '${real}'`);
  return Object.assign(error, { code: 'EACCES', errno: -13, path: real });
}

const isWriting = (flags) => (typeof flags === 'number' ? (flags & 3) !== 0 || (flags & fs.constants.O_TRUNC) !== 0 : typeof flags === 'string' && /[wa+]/.test(flags));

/** For each function of `fs`: which of its arguments are paths that it writes. */
const writers = {
  writeFile: () => [0],
  appendFile: () => [0],
  truncate: () => [0],
  unlink: () => [0],
  rm: () => [0],
  rename: () => [0, 1],
  copyFile: () => [1],
  cp: () => [1],
  open: (args) => (isWriting(args[1]) ? [0] : []),
};

function check(which, args) {
  for (const index of which(args)) {
    const error = refusal(args[index]);
    if (error) return error;
    noteWritten(args[index]);
  }
  return null;
}

const written = new Set();

/** Says once which file this process writes: what others write meanwhile is not the program's doing. */
function noteWritten(file) {
  const real = realPath(file);
  if (real === null || written.has(real) || written.size > 2000) return;
  written.add(real);
  events.emit('wrote', { path: real });
}

/** Replaces a function and keeps its properties (`realpath.native`, the promisified form). */
function replace(object, name, make) {
  const original = object[name];
  if (typeof original !== 'function') return;
  const wrapped = make(original);
  for (const key of Reflect.ownKeys(original)) {
    if (key === 'length' || key === 'name' || key === 'prototype') continue;
    Object.defineProperty(wrapped, key, Object.getOwnPropertyDescriptor(original, key));
  }
  Object.defineProperty(wrapped, 'name', { value: original.name, configurable: true });
  Object.defineProperty(wrapped, 'length', { value: original.length, configurable: true });
  object[name] = wrapped;
}

function install() {
  for (const file of events.manifest.protect) protectedPaths.add(realPath(file));
  for (const [name, which] of Object.entries(writers)) {
    replace(fs, `${name}Sync`, (original) =>
      function (...args) {
        const error = check(which, args);
        if (error) throw error;
        return original.apply(this, args);
      },
    );
    replace(fs, name, (original) =>
      function (...args) {
        const error = check(which, args);
        const callback = args.at(-1);
        if (!error) return original.apply(this, args);
        if (typeof callback !== 'function') throw error;
        return process.nextTick(callback, error);
      },
    );
    replace(fs.promises, name, (original) =>
      function (...args) {
        const error = check(which, args);
        return error ? Promise.reject(error) : original.apply(this, args);
      },
    );
  }
  replace(fs, 'createWriteStream', (original) =>
    function (...args) {
      const error = check(() => [0], args);
      if (error) throw error;
      return original.apply(this, args);
    },
  );
}

module.exports = { install, realPath, replace };
