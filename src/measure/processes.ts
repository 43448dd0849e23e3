/** Ending a run's whole tree of processes. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';

/** The environment variable whose value marks all processes of one run. */
export const RUN_MARK = 'FANOUT_MARK';

/** How a tree of processes is ended on a platform: a signal to the group, or a program with its arguments. */
export type Ending = { readonly signal: 'group' } | { readonly command: string; readonly args: readonly string[] };

export function endingOf(pid: number, platform: NodeJS.Platform, systemRoot = process.env.SystemRoot): Ending {
  if (platform !== 'win32') return { signal: 'group' };
  return { command: systemRoot ? `${systemRoot}\\System32\\taskkill.exe` : 'taskkill.exe', args: ['/PID', String(pid), '/T', '/F'] };
}

/**
 * Ends what is left of a run: first politely, so that pools can remove their semaphores, then for good.
 * On POSIX the process group; on Linux also what left the group but carries the run's mark.
 */
export async function endTree(pid: number, mark: string, platform: NodeJS.Platform = process.platform): Promise<void> {
  const ending = endingOf(pid, platform);
  if ('command' in ending) {
    await new Promise<void>((resolve) => {
      const killer = spawn(ending.command, ending.args, { stdio: 'ignore', windowsHide: true });
      killer.once('error', () => resolve());
      killer.once('close', () => resolve());
    });
    return;
  }
  const left = () => (process.platform === 'linux' ? members(pid, mark).length > 0 : signalOne(-pid, 0));
  if (!left()) return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    signalOne(-pid, signal);
    for (const member of members(pid, mark)) signalOne(member, signal);
    for (let waited = 0; waited < 400; waited += 20) {
      if (!left()) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function signalOne(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Living processes of the group, or with the run's mark in their environment (they may have left the group). Zombies are dead:
 * they wait for a parent that may never ask. Linux only: elsewhere the group is all that can be seen.
 */
function members(group: number, mark: string): readonly number[] {
  if (process.platform !== 'linux') return [];
  const wanted = Buffer.from(`${RUN_MARK}=${mark}`);
  const found: number[] = [];
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, 'latin1');
      // `pid (name) state ppid pgrp …`; the name may hold anything.
      const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state === 'Z' || state === 'X') continue;
      if (Number(pgrp) === group || fs.readFileSync(`/proc/${name}/environ`).includes(wanted)) found.push(Number(name));
    } catch {
      // gone, or another user's
    }
  }
  return found;
}
