/** Interpreters and compilers of `scripts/setup-python.mjs` for tests: what is not there leaves a test pending, with the reason. */
import type { Context } from 'mocha';
import { findToolchains } from '../../scripts/setup-python.mjs';

type Name = keyof ReturnType<typeof findToolchains>;

/**
 * The path of a tool; where it is missing the test (or the suite, in `before`) is skipped and says why.
 * @example const python = toolchain(this, 'python314');
 */
export function toolchain(test: Context, name: Name): string {
  const { path, why } = findToolchains()[name];
  if (path !== null) return path;
  const running = test.test ?? test.currentTest;
  if (running) running.title += ` (skipped: ${why})`;
  return test.skip();
}
