'use strict';
// Makes candidate texts stand in for files: CommonJS through `fs` (which the loader reads by), ES modules through loader hooks.
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');
const events = require('./events.cjs');
const { realPath, replace } = require('./guard.cjs');

/** Overlay entries by real path: `{ path, text, isNew }`, `text` being the file in the scratch folder that holds the text. */
const entries = new Map();
const names = new Set();
const loaded = new Set();

function lookup(file) {
  let text = file;
  if (file instanceof URL) {
    if (file.protocol !== 'file:') return null;
    text = fileURLToPath(file);
  } else if (Buffer.isBuffer(file)) text = file.toString();
  if (typeof text !== 'string') return null;
  const exact = entries.get(text);
  if (exact) return exact;
  if (!names.has(path.basename(text))) return null;
  return entries.get(realPath(text)) ?? null;
}

function note(entry) {
  if (loaded.has(entry.path)) return;
  loaded.add(entry.path);
  events.emit('loaded', { path: entry.path });
}

/** Reads of the file's contents, and questions about files that are not on disk, go to the text in the scratch folder. */
const reads = ['readFile', 'open'];
const questions = ['stat', 'lstat', 'access'];
const isReading = (flags) => flags === undefined || flags === null || flags === 'r' || flags === 0 || typeof flags === 'function';

function redirect(name, args) {
  const entry = lookup(args[0]);
  if (!entry) return args;
  if (name === 'open' ? !isReading(args[1]) : name !== 'readFile' && name !== 'createReadStream' && !entry.isNew) return args;
  if (name === 'readFile') note(entry);
  return [entry.text, ...args.slice(1)];
}

function patchReads() {
  for (const name of [...reads, ...questions]) {
    for (const [object, key] of [
      [fs, `${name}Sync`],
      [fs, name],
      [fs.promises, name],
    ]) {
      replace(object, key, (original) =>
        function (...args) {
          return original.apply(this, redirect(name, args));
        },
      );
    }
  }
  replace(fs, 'createReadStream', (original) =>
    function (...args) {
      return original.apply(this, redirect('createReadStream', args));
    },
  );
  replace(fs, 'existsSync', (original) =>
    function (...args) {
      return original.apply(this, redirect('exists', args));
    },
  );
  replace(fs, 'realpathSync', (original) =>
    function (file, ...rest) {
      const entry = lookup(file);
      return entry?.isNew ? entry.path : original.call(this, file, ...rest);
    },
  );
}

/** CommonJS resolution of files that are only in the overlay. */
function patchFindPath() {
  const endings = ['', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.json'];
  const original = Module._findPath;
  Module._findPath = function (request, paths, isMain) {
    const found = original.call(this, request, paths, isMain);
    if (found) return found;
    const folders = path.isAbsolute(request) ? [''] : (paths ?? []);
    for (const folder of folders) {
      for (const ending of endings) {
        const entry = lookup(path.resolve(folder, request) + ending);
        if (entry?.isNew) return entry.path;
      }
    }
    return found;
  };
}

/** ES modules: in the thread itself where Node can, else by hooks in a thread of their own (Node 20). */
function hookModules() {
  const data = [...entries.values()].map((entry) => ({ ...entry, url: pathToFileURL(entry.path).href }));
  if (typeof Module.registerHooks === 'function') {
    const { createHooks } = require('./hooks.cjs');
    Module.registerHooks(createHooks(data, note, (file) => fs.readFileSync(file, 'utf8')));
  } else {
    Module.register(pathToFileURL(path.join(__dirname, 'hooks.mjs')).href, { data: { entries: data, events: events.manifest.events } });
  }
}

/** A worker that is given an environment of its own still gets the harness. */
function patchWorker() {
  const threads = require('node:worker_threads');
  const ours = { FANOUT_RUN: process.env.FANOUT_RUN, NODE_OPTIONS: process.env.NODE_OPTIONS };
  threads.Worker = new Proxy(threads.Worker, {
    construct(target, [file, options, ...rest], newTarget) {
      const own = options?.env && typeof options.env === 'object' && options.env !== process.env ? { ...options, env: { ...ours, ...options.env } } : options;
      return Reflect.construct(target, [file, own, ...rest], newTarget);
    },
  });
}

function install() {
  for (const record of events.manifest.files) {
    const entry = { path: realPath(record.path), text: record.text, isNew: record.new };
    entries.set(entry.path, entry);
    names.add(path.basename(entry.path));
  }
  if (entries.size > 0) {
    patchReads();
    patchFindPath();
    hookModules();
    patchWorker();
  }
  limitWorkers(events.manifest.workers);
  // `import { readFile } from 'fs'` copies the functions: the copies must be ours too.
  Module.syncBuiltinESMExports();
}

/** What a pool takes as its size by default. */
function limitWorkers(count) {
  if (!count) return;
  const os = require('node:os');
  const cpus = os.cpus;
  os.cpus = () => cpus().slice(0, count);
  os.availableParallelism = () => count;
}

module.exports = { install };
