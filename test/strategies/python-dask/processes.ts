/** Processes that tests start, and all that those start: they are told by a mark in their environment, and ended one by one. */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const MARK = 'FANOUT_TEST_MARK';

export interface Marked {
  /** To be put into the environment of what is started. */
  readonly env: Readonly<Record<string, string>>;
  /** Ids of the processes that bear the mark and live. */
  alive(): number[];
  /** Waits until none is left, for some seconds at the most. */
  gone(seconds: number): Promise<number[]>;
  /** Ends those that are left. */
  end(): Promise<void>;
}

export function marked(): Marked {
  const mark = crypto.randomUUID();
  const alive = (): number[] => {
    const found: number[] = [];
    for (const name of fs.readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        if (!fs.readFileSync(`/proc/${name}/environ`, 'latin1').includes(`${MARK}=${mark}`)) continue;
        const state = /^State:\s+(\w)/m.exec(fs.readFileSync(`/proc/${name}/status`, 'latin1'))?.[1];
        if (state !== 'Z') found.push(Number(name));
      } catch {
        // It has ended meanwhile, or belongs to somebody else.
      }
    }
    return found;
  };
  const gone = async (seconds: number): Promise<number[]> => {
    for (let i = 0; i < seconds * 5 && alive().length > 0; i++) await pause(200);
    return alive();
  };
  return {
    env: { [MARK]: mark },
    alive,
    gone,
    async end() {
      for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
        for (const id of alive()) {
          try {
            process.kill(id, signal);
          } catch {
            // It has ended meanwhile.
          }
        }
        if ((await gone(5)).length === 0) return;
      }
    },
  };
}

/** The command line of a process, for telling what was left. */
export function commandOf(id: number): string {
  try {
    return fs.readFileSync(`/proc/${id}/cmdline`, 'utf8').replace(/\0/g, ' ').trim();
  } catch {
    return '';
  }
}

/** Id of the process that started another one; 0 when that is gone. */
export function parentOf(id: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${id}/status`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
