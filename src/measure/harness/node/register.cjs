'use strict';
// Required first by every Node process and worker thread of a measured run (through NODE_OPTIONS).
if (process.env.FANOUT_RUN) {
  const events = require('./events.cjs');
  events.load();
  require('./guard.cjs').install();
  require('./overlay.cjs').install();
  require('./probe.cjs').install();
  if (events.manifest.mode === 'profile') require('./profiler.cjs').install();
  const { isMainThread } = require('node:worker_threads');
  events.emit(isMainThread ? 'process' : 'worker', { how: isMainThread ? 'start' : 'thread', inside: events.isInsideWorker, argv: process.argv });
}
