/** Options that the commands which run programs share. */
import { UsageError, type Session } from '../session/session';
import type { MeasureOptions } from '../measure/types';
import { clearProgress, interrupt, progress, readLine } from './terminal';
import { CancelledError } from '../analysis/cancellation';

export interface MeasureFlags {
  readonly python?: string;
  readonly timeout: number;
  readonly yes?: boolean;
}

export async function measureOptions(session: Session, flags: MeasureFlags): Promise<MeasureOptions> {
  return {
    python: flags.python ?? session.defaultPython(),
    node: session.defaultNode(),
    timeoutMs: flags.timeout * 1000,
    token: interrupt,
    onProgress: (message, done, total) => progress(total === undefined ? message : `${message} (${done} of ${total})`),
  };
}

/**
 * Before the first run: the person is told how often their program will run, and asked on a terminal.
 * @throws CancelledError when they say no; UsageError where nobody can be asked.
 */
export async function confirmRuns(what: string, flags: MeasureFlags): Promise<void> {
  clearProgress();
  process.stderr.write(`This runs ${what}.\n`);
  if (flags.yes) return;
  if (!process.stdin.isTTY) throw new UsageError('pass --yes to allow it: there is no terminal to ask on');
  const answer = await readLine('Go on? [Y/n] ');
  if (/^\s*n/i.test(answer)) throw new CancelledError();
}
