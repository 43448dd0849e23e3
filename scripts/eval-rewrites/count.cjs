/** Counts the tasks that the program hands to piscina, in the main thread. */
const fs = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { isMainThread } = require('node:worker_threads');

if (isMainThread && process.env.FANOUT_COUNT) {
  const { Piscina } = createRequire(path.join(process.env.FANOUT_ROOT, 'main.cjs'))('piscina');
  const { run } = Piscina.prototype;
  let handed = 0;
  Piscina.prototype.run = function (...args) {
    handed++;
    return run.apply(this, args);
  };
  process.on('exit', () => fs.writeFileSync(process.env.FANOUT_COUNT, String(handed)));
}
