'use strict';
// Required first by every Node process and worker thread of a measured run (through NODE_OPTIONS).
const { getEnvironmentData, isMainThread, setEnvironmentData } = require('node:worker_threads');

// A worker may be given an environment of its own.
const run = process.env.FANOUT_RUN ?? getEnvironmentData('fanout.run');
if (run) {
  setEnvironmentData('fanout.run', run);
  const events = require('./events.cjs');
  events.load(run);
  require('./guard.cjs').install();
  require('./overlay.cjs').install();
  require('./probe.cjs').install();
  if (events.manifest.mode === 'profile') require('./profiler.cjs').install();
  events.emit(isMainThread ? 'process' : 'worker', { how: isMainThread ? 'start' : 'thread', inside: events.isInsideWorker, argv: process.argv });
}
