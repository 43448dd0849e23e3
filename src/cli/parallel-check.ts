/** `check` over all cores: the files go out in batches to processes of this same program, the results come back in the files' order. */
import { fork, type ChildProcess } from 'node:child_process';
import * as os from 'node:os';
import { CancelledError, type CancellationToken } from '../analysis/cancellation';
import type { FileResult } from '../protocol/results';
import type { SourceFile } from '../session/files';
import { Session } from '../session/session';

/** With fewer files for each process than this, starting it costs more than it gains. */
const FILES_EACH = 40;
/** Neighbours import each other: a batch is one stretch of the list. Small enough that no process is left with the last one for long. */
const BATCH = 12;
const MAX_PROCESSES = 16;
const POLL_MS = 100;

/** The hidden command by which a process is one of these. */
export const PART = 'check-part';

interface CheckOptions {
  readonly loops: 'findings' | 'all';
}

interface Task {
  readonly root: string;
  readonly first: number;
  readonly files: readonly SourceFile[];
  readonly loops: CheckOptions['loops'];
}

interface Answer {
  readonly index: number;
  readonly result: FileResult;
}

/** How many processes are worth starting; 1 is this one alone. `FANOUT_PROCESSES` sets an upper bound. */
export function processesFor(files: number, cores = os.availableParallelism(), bound = Number(process.env.FANOUT_PROCESSES ?? MAX_PROCESSES)): number {
  return Math.max(1, Math.min(cores, MAX_PROCESSES, bound || 1, Math.floor(files / FILES_EACH)));
}

/** Like `session.checkAll`, on several processes. A process that dies leaves its batch to this one. */
export async function* checkInParallel(session: Session, files: readonly SourceFile[], options: CheckOptions, processes: number, token: CancellationToken): AsyncGenerator<FileResult> {
  const results = new Map<number, FileResult>();
  const abandoned: number[] = [];
  const children: ChildProcess[] = [];
  let next = 0;
  let wake = (): void => undefined;
  for (let i = 0; i < processes; i++) {
    const child = fork(process.argv[1]!, [PART], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    const open = new Set<number>();
    const give = (): void => {
      if (next >= files.length) return void child.disconnect();
      const task: Task = { root: session.root, first: next, files: files.slice(next, next + BATCH), loops: options.loops };
      task.files.forEach((_, at) => open.add(task.first + at));
      next += task.files.length;
      child.send(task);
    };
    let gone = false;
    const leave = (): void => {
      if (gone) return;
      gone = true;
      abandoned.push(...open);
      wake();
    };
    child.on('message', ({ index, result }: Answer) => {
      results.set(index, result);
      open.delete(index);
      if (open.size === 0) give();
      wake();
    });
    child.on('error', leave);
    child.on('exit', leave);
    give();
  }
  try {
    for (let at = 0; at < files.length; at++) {
      while (!results.has(at)) {
        if (token.cancelled) throw new CancelledError();
        const left = abandoned.indexOf(at);
        // All processes may be gone before a file was given out.
        if (left >= 0 || (at >= next && children.every((child) => child.exitCode !== null || child.signalCode !== null))) {
          results.set(at, await session.check(files[at]!.path, files[at]!.shownAs, options, token));
          break;
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, POLL_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      yield results.get(at)!;
      results.delete(at);
    }
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** The other side: checks what it is sent until the sender goes. */
export function servePart(): void {
  const sessions = new Map<string, Session>();
  const serve = async ({ root, first, files, loops }: Task): Promise<void> => {
    const session = sessions.get(root) ?? new Session({ root });
    sessions.set(root, session);
    let index = first;
    for await (const result of session.checkAll(files, { loops })) process.send!({ index: index++, result } satisfies Answer);
  };
  process.on('message', (task: Task) => void serve(task));
  process.on('disconnect', () => process.exit(0));
}
