'use strict';
// V8's CPU profiler in this thread: what `node --cpu-prof` does, which NODE_OPTIONS does not take in all versions.
const fs = require('node:fs');
const inspector = require('node:inspector');
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { threadId } = require('node:worker_threads');
const events = require('./events.cjs');

const INTERVAL_US = 1000;

/** Where generated code comes from, for files with a source map (tsx, tsc): added to each call frame and line. */
function addOriginals(profile) {
  for (const node of profile.nodes) {
    const { url, lineNumber, columnNumber } = node.callFrame;
    const map = url ? sourceMap(url) : null;
    if (!map) continue;
    const entry = map.findEntry(lineNumber, columnNumber);
    if (entry && entry.originalSource) {
      node.callFrame.original = { url: entry.originalSource, lineNumber: entry.originalLine, columnNumber: entry.originalColumn };
    }
    // A whole file on one line: its ticks tell nothing about lines.
    const flat = map.payload.mappings.split(';').filter(Boolean).length < 3;
    for (const tick of node.positionTicks ?? []) {
      tick.originalLine = flat ? null : ((map.findEntry(tick.line - 1, 400) || {}).originalLine ?? -1) + 1 || null;
    }
  }
}

const maps = new Map();

function sourceMap(url) {
  if (!maps.has(url)) {
    let found = null;
    try {
      found = Module.findSourceMap(url.startsWith('file:') ? fileURLToPath(url) : url) ?? Module.findSourceMap(url) ?? null;
    } catch {
      // a damaged map
    }
    maps.set(url, found);
  }
  return maps.get(url);
}

function install() {
  if (typeof process.setSourceMapsEnabled === 'function') process.setSourceMapsEnabled(true);
  const session = new inspector.Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  session.post('Profiler.start');
  process.once('exit', () => {
    session.post('Profiler.stop', (error, result) => {
      if (error) return;
      addOriginals(result.profile);
      fs.writeFileSync(path.join(events.manifest.events, '..', `${process.pid}-${threadId}.cpuprofile`), JSON.stringify(result.profile));
    });
  });
}

module.exports = { install };
