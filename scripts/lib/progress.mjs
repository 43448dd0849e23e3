/** Progress of a script: one line a step with the seconds since the start. Plain Node built-ins only. */
const started = performance.now();

/** @param {string} message */
export function step(message) {
  process.stdout.write(`[${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s] ${message}\n`);
}

/** Runs a step and says what it took. */
export async function timed(message, work) {
  step(`${message} …`);
  const t0 = performance.now();
  const result = await work();
  step(`${message}: ${((performance.now() - t0) / 1000).toFixed(1)} s`);
  return result;
}
