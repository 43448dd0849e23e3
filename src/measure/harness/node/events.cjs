'use strict';
// What a thread of a measured run tells Fanout: lines of JSON in a file of its own, never on the program's output.
const fs = require('node:fs');
const path = require('node:path');
const { getEnvironmentData, setEnvironmentData, threadId } = require('node:worker_threads');

// Taken before anything is patched.
const { openSync, writeSync, readFileSync } = fs;

let file = null;

const events = {
  /** The run's manifest, as src/measure/overlay.ts writes it. */
  manifest: null,
  /** This thread or process was started by a loop that is being measured. */
  isInsideWorker: process.env.FANOUT_INSIDE === '1' || getEnvironmentData('fanout.inside') === true,

  load(file) {
    events.manifest = JSON.parse(readFileSync(file, 'utf8'));
  },

  /** Marks what is started from now on as started by the loop, or no longer. */
  setInside(inside) {
    if (inside) process.env.FANOUT_INSIDE = '1';
    else delete process.env.FANOUT_INSIDE;
    setEnvironmentData('fanout.inside', inside || undefined);
  },

  emit(event, fields) {
    if (file === null) {
      const name = `${BigInt(Date.now()) * 1000000n + (process.hrtime.bigint() % 1000000n)}-${process.pid}-${threadId}.jsonl`;
      file = openSync(path.join(events.manifest.events, name), 'a');
    }
    writeSync(file, `${JSON.stringify({ event, pid: process.pid, thread: threadId, at: Date.now() / 1000, ...fields })}\n`);
  },
};

module.exports = events;
