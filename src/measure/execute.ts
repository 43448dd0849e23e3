/** One run of a prepared candidate: overlay, program, events. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readEvents, type EntryEvent, type RunEvents } from './events';
import { prepareOverlay, type OverlayRun } from './overlay';
import type { ResolvedProgram } from './program';
import { run, type RunResult } from './run';
import type { MeasureOptions } from './types';

export interface Execution {
  readonly result: RunResult;
  readonly events: RunEvents;
}

let serial = 0;

/** Runs the program once with a candidate's texts. `scratch` is emptied by its owner. */
export async function execute(
  scratch: string,
  resolved: ResolvedProgram,
  overlay: Omit<OverlayRun, 'entry'>,
  options: Pick<MeasureOptions, 'timeoutMs' | 'token'>,
): Promise<Execution> {
  const folder = path.join(scratch, `run-${serial++}`);
  fs.mkdirSync(folder, { recursive: true });
  const { env, events } = prepareOverlay(folder, { ...overlay, entry: resolved.entry });
  const result = await run({ command: resolved.command, cwd: overlay.program.cwd, env, timeoutMs: options.timeoutMs, token: options.token });
  return { result, events: readEvents(events) };
}

/** The loop's entries by process or thread: those of each in their order. */
export function entriesOf(events: RunEvents): readonly (readonly EntryEvent[])[] {
  return events.groups
    .map((group) => group.filter((event): event is EntryEvent & (typeof group)[number] => event.event === 'entry'))
    .filter((entries) => entries.length > 0)
    .map((entries) => [...entries].sort((a, b) => a.number - b.number));
}

export interface LoopTime {
  /** Seconds over all entries. */
  readonly seconds: number;
  readonly entries: number;
  /** Seconds of the entries after the first; null when there was only one. */
  readonly later: number | null;
  /** Seconds that went into compiling at first calls; 0 where nothing tells. */
  readonly compiling: number;
}

/** What the loop took, in time mode; null when it was not entered. */
export function loopSeconds(events: RunEvents): LoopTime | null {
  let seconds = 0;
  let entries = 0;
  let first = 0;
  let firsts = 0;
  let compiling = 0;
  for (const event of events.all) {
    if (event.event !== 'time') continue;
    seconds += event.seconds;
    entries += event.entries;
    compiling += event.compiling ?? 0;
    if (event.first === undefined) continue;
    first += event.first;
    firsts++;
  }
  if (entries === 0) return null;
  return { seconds, entries, later: firsts > 0 && entries > firsts ? seconds - first : null, compiling };
}

/** Processes and threads that the loop started to work for it. Helpers of Python's multiprocessing (`python -c …`) do no work. */
export function workersStarted(events: RunEvents): number {
  return events.all.filter((event) => {
    if (event.event !== 'process' && event.event !== 'worker') return false;
    if (!event.inside) return false;
    return event.how !== 'start' || !(event.argv?.length === 1 && event.argv[0] === '-c');
  }).length;
}

/** Files that the run's own processes opened for writing, renamed or removed, by absolute path. Native code that writes by itself is not seen. */
export function filesWritten(events: RunEvents): ReadonlySet<string> {
  return new Set(events.all.flatMap((event) => (event.event === 'wrote' ? [event.path] : [])));
}

/** The path of a source that the program tried to change; null when it did not. */
export function sourceWritten(events: RunEvents): string | null {
  const found = events.all.find((event) => event.event === 'source-write');
  return found && 'path' in found ? found.path : null;
}
