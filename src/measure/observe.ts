/** Runs of a prepared program that are looked at, and why one of them cannot be. */
import { CancelledError } from '../analysis/cancellation';
import { execute, entriesOf, filesWritten, sourceWritten, type Execution } from './execute';
import { changedFiles, listFiles, ownFiles } from './files';
import type { Observed } from './comparison';
import type { PreparedCandidate } from './overlay';
import type { ResolvedProgram } from './program';
import { problemOf } from './run';
import type { MeasureOptions, Program } from './types';

/** Why a run cannot serve: `not-run` when the loop was not reached. */
export interface Unusable {
  readonly status: 'failed' | 'not-run';
  readonly message: string;
}

export class Observer {
  /** Runs so far. */
  runs = 0;

  constructor(
    private readonly request: { readonly program: Program; readonly maxEntries: number; readonly original: { readonly path: string } },
    private readonly options: MeasureOptions,
    private readonly resolved: ResolvedProgram,
    private readonly scratch: string,
  ) {}

  /** Runs the program once. @param what the run, in words, for the progress */
  async observe(prepared: PreparedCandidate, startMethod: string | null, what: string, total: number): Promise<Observed> {
    const { request, options } = this;
    options.onProgress(`verifying: ${what}`, this.runs, total);
    const before = listFiles(request.program.cwd);
    this.runs++;
    const execution = await execute(
      this.scratch,
      this.resolved,
      { prepared, program: request.program, maxEntries: request.maxEntries, startMethod, workers: null },
      options,
    );
    const files = ownFiles(request.program.cwd, changedFiles(request.program.cwd, before), filesWritten(execution.events));
    return { execution, entries: entriesOf(execution.events), files, filesComplete: before.complete };
  }

  /** Why a run of the original cannot serve as the measure; null when it can. @throws CancelledError */
  unusable(observed: Observed): Unusable | null {
    const { result, events } = observed.execution;
    if (result.ended === 'cancelled') throw new CancelledError();
    const failed = (message: string): Unusable => ({ status: 'failed', message });
    const wrote = sourceWritten(events);
    if (wrote) return failed(`The program changes its own source ${wrote}: that is not allowed while it is measured, and nothing was written.`);
    const problem = problemOf(result, this.options.timeoutMs);
    if (result.ended !== 'exited' || result.signal !== null) return failed(`The original program ${problem}`);
    if (observed.entries.length > 0) return null;
    if (problem !== null) return failed(`The original program ${problem}`);
    return { status: 'not-run', message: this.whyNotEntered(observed.execution) };
  }

  /** Why a run of another version did not come to an end by itself; null when it did. */
  stopped(observed: Observed, label: string): Unusable | null {
    const { result, events } = observed.execution;
    if (sourceWritten(events)) return { status: 'failed', message: `${capital(label)} changes the program's source, which the original does not.` };
    if (result.ended === 'exited' && result.signal === null) return null;
    return { status: 'failed', message: `${capital(label)} ${problemOf(result, this.options.timeoutMs)}` };
  }

  private whyNotEntered(execution: Execution): string {
    const { path } = this.request.original;
    if (execution.events.all.length === 0) return `No process of ${this.resolved.command[0]} took part: it may ignore PYTHONPATH or NODE_OPTIONS (python -I, -E), or not be Python or Node at all.`;
    if (!hasEvent(execution, 'loaded')) return `The program never loads ${path}. If it runs a built copy, run the sources instead (tsx, or Node 22.18 and later).`;
    if (hasEvent(execution, 'no-region')) return `The loop was not found in ${path} by the interpreter.`;
    return 'The program never enters the loop.';
  }
}

export function hasEvent(execution: Execution, event: string): boolean {
  return execution.events.all.some((e) => e.event === event);
}

export function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
