/** Mocha's spec reporter that also leaves its counts, and what failed, in `FANOUT_COUNTS`, so that a runner can add them up. */
const fs = require('node:fs');
const Mocha = require('mocha');

module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on('fail', (test, error) => failures.push(`${test.fullTitle()}: ${error.message ?? error}`));
    runner.once('end', () => {
      const { passes, failures: failed, pending } = this.stats;
      if (process.env.FANOUT_COUNTS) fs.writeFileSync(process.env.FANOUT_COUNTS, JSON.stringify({ passed: passes, failed, skipped: pending, failures }));
    });
  }
};
