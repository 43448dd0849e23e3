/** `--start-method`: for the one strategy that writes a start method into the code. */
import type { ConfigOverrides } from '../session/config';
import { UsageError } from '../session/session';
import type { StartMethod } from '../strategies/types';

export const STARTED = 'python/multiprocessing';

/**
 * What the option sets, over the project's configuration.
 * @param strategies those that are asked for; undefined leaves the choice to the command
 * @throws UsageError where none of them would write it: an option without effect would go unnoticed
 */
export function startOverrides(method: StartMethod | undefined, strategies: readonly string[] | undefined): ConfigOverrides {
  if (method === undefined) return {};
  if (strategies && !strategies.includes(STARTED)) throw new UsageError(`--start-method is for ${STARTED} only; ${strategies.join(', ')} ${strategies.length === 1 ? 'does' : 'do'} not write one`);
  return { startMethod: method };
}
