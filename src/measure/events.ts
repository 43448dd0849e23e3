/** Reads what the harness inside the processes of a run wrote down. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface SnapshotName {
  readonly name: string;
  readonly hash: string;
  readonly values: number;
  /** `depth \t label \t token`: the first values, in the order in which they were read. */
  readonly lines: readonly string[];
  /** Of a shared random generator: its state before the loop. */
  readonly start?: string;
}

export interface EntryEvent {
  readonly event: 'entry';
  readonly number: number;
  readonly seconds: number;
  readonly iterations: number;
  readonly compared: boolean;
  readonly names: readonly SnapshotName[];
  /** What could not be read: [path, why]. */
  readonly skipped?: readonly (readonly [string, string])[];
  readonly error?: { readonly type: string; readonly message: string } | null;
}

/** What came of an entry of the loop of which some iterations ran alone, too. */
export interface AloneEvent {
  readonly event: 'alone';
  readonly iterations: number;
  /** Iterations that ran alone. */
  readonly checked: number;
  /** Places whose value after an iteration is another when it runs alone; null: not there. */
  readonly conflicts: readonly { readonly where: string; readonly iteration: number; readonly alone: string | null; readonly inOrder: string | null }[];
  /** Why iterations could not be carried out alone. */
  readonly stopped: readonly string[];
}

export type HarnessEvent = { readonly pid: number; readonly thread?: number; /** Seconds since 1970. */ readonly at: number } & (
  | EntryEvent
  | {
      readonly event: 'time';
      readonly seconds: number;
      readonly entries: number;
      /** Seconds of the process's first entry. */
      readonly first?: number;
      /** Seconds that went into compiling at first calls. */
      readonly compiling?: number;
    }
  | { readonly event: 'process' | 'worker'; readonly how: string; readonly inside: boolean; readonly argv?: readonly string[] }
  | { readonly event: 'loaded' | 'no-region' | 'no-counter' | 'source-write' | 'wrote'; readonly path: string }
  | { readonly event: 'enter' | 'ready' }
  /** The header's values were handed out in another order, all of them. */
  | { readonly event: 'ordered'; readonly how: string; readonly iterations: number }
  | AloneEvent
  /** The iterations of the loop cannot run in another order here. */
  | { readonly event: 'no-order'; readonly why: string }
  | { readonly event: 'transfer'; readonly name: string; readonly phase: 'enter' | 'leave'; readonly bytes: number; readonly seconds: number; readonly error?: string }
  | { readonly event: 'samples'; readonly stacks: readonly (readonly [readonly (readonly [string, number, string])[], number])[]; readonly interval: number }
);

/** The events of one run: those of each process or thread together, in the order in which these first had something to say. */
export interface RunEvents {
  readonly groups: readonly (readonly HarnessEvent[])[];
  readonly all: readonly HarnessEvent[];
}

export function readEvents(folder: string): RunEvents {
  const files = fs.readdirSync(folder).sort((a, b) => compareStamps(a, b));
  const groups = files.map((file) => parse(fs.readFileSync(path.join(folder, file), 'utf8')));
  return { groups, all: groups.flat() };
}

function compareStamps(a: string, b: string): number {
  const [left, right] = [BigInt(a.split('-')[0]!), BigInt(b.split('-')[0]!)];
  return left < right ? -1 : left > right ? 1 : a.localeCompare(b);
}

/** A process that is killed may leave half a line. */
function parse(text: string): HarnessEvent[] {
  const events: HarnessEvent[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    try {
      events.push(JSON.parse(line) as HarnessEvent);
    } catch {
      break;
    }
  }
  return events;
}
