/** Runs a person's program as they would, and says what it prints and how long it takes. */
import { execFileSync } from 'node:child_process';

export interface Ran {
  readonly output: string;
  readonly seconds: number;
}

export function run(command: string, args: readonly string[], cwd: string): Ran {
  const t0 = performance.now();
  const output = execFileSync(command, args, { cwd, encoding: 'utf8', timeout: 120_000, stdio: ['ignore', 'pipe', 'inherit'] });
  return { output, seconds: (performance.now() - t0) / 1000 };
}

/** Shown beside the test: a time is for reading, never for passing. */
export function compare(name: string, before: Ran, after: Ran): void {
  console.log(`      ${name}: ${before.seconds.toFixed(2)} s before, ${after.seconds.toFixed(2)} s after`);
}
