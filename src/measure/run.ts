/** Starts the user's program: without a shell, in a process group of its own, with a time limit, and ends all of it afterwards. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { CancellationToken } from '../analysis/cancellation';
import { endTree, RUN_MARK } from './processes';
import { lastLines, OutputCollector, type Output } from './output';

export interface RunRequest {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  readonly token: CancellationToken;
}

export interface RunResult {
  readonly ended: 'exited' | 'timeout' | 'cancelled' | 'not-started';
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Wall time from the start to the program's end. */
  readonly seconds: number;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly pid: number | null;
  /** Why it was not started. */
  readonly error: string | null;
}

const CANCEL_POLL_MS = 40;

/** Runs one program to its end. Never throws for what the program does: `ended` and `exitCode` tell. No process of it is left when this returns. */
export async function run(request: RunRequest): Promise<RunResult> {
  const stdout = new OutputCollector();
  const stderr = new OutputCollector();
  const mark = randomUUID();
  const started = performance.now();
  const outcome = (ended: RunResult['ended'], exitCode: number | null, signal: string | null, pid: number | null, seconds: number, error: string | null): RunResult => ({
    ended,
    exitCode,
    signal,
    seconds,
    stdout: stdout.result(),
    stderr: stderr.result(),
    pid,
    error,
  });
  if (request.token.cancelled) return outcome('cancelled', null, null, null, 0, null);

  const [file, ...args] = request.command;
  if (file === undefined) return outcome('not-started', null, null, null, 0, 'no program was given');
  const child = spawn(file, args, {
    cwd: request.cwd,
    env: { ...request.env, [RUN_MARK]: mark } as NodeJS.ProcessEnv,
    shell: false,
    // Its own process group: all of it can be ended at once. On Windows `detached` would open a console.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk));

  let stopped: 'timeout' | 'cancelled' | null = null;
  const stop = (why: 'timeout' | 'cancelled') => {
    if (stopped !== null || child.pid === undefined) return;
    stopped = why;
    void endTree(child.pid, mark);
  };
  const limit = setTimeout(() => stop('timeout'), request.timeoutMs);
  const poll = setInterval(() => request.token.cancelled && stop('cancelled'), CANCEL_POLL_MS);
  try {
    const exit = await new Promise<{ code: number | null; signal: string | null } | Error>((resolve) => {
      child.once('error', resolve);
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    const seconds = (performance.now() - started) / 1000;
    if (exit instanceof Error) return outcome('not-started', null, null, null, seconds, startError(exit, file, request.cwd));
    // What the program left running holds its output open: it ends first, then the rest of the output is read.
    await endTree(child.pid!, mark);
    await drained(child);
    return outcome(stopped ?? 'exited', exit.code, exit.signal, child.pid!, seconds, null);
  } finally {
    clearTimeout(limit);
    clearInterval(poll);
    if (child.pid !== undefined) await endTree(child.pid, mark);
  }
}

async function drained(child: ReturnType<typeof spawn>): Promise<void> {
  const streams = [child.stdout!, child.stderr!];
  const ended = Promise.all(streams.map((stream) => (stream.readableEnded || stream.destroyed ? null : new Promise((resolve) => stream.once('close', resolve)))));
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, 3000)))]);
  clearTimeout(timer);
  for (const stream of streams) stream.destroy();
}

function startError(error: Error, file: string, cwd: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `${file} could not be started: there is no such program (or no folder ${cwd})`;
  if (code === 'EACCES') return `${file} could not be started: it may not be executed`;
  return `${file} could not be started: ${error.message}`;
}

/** What went wrong in a run, for a person; null when it ended by itself with exit code 0. */
export function problemOf(result: RunResult, timeoutMs: number): string | null {
  const last = lastLines(result.stderr);
  const tail = last ? `:\n${last}` : '';
  switch (result.ended) {
    case 'not-started':
      return result.error;
    case 'cancelled':
      return 'cancelled';
    case 'timeout':
      return `did not end within ${Math.round(timeoutMs / 100) / 10} s, and was ended${asksForInput(result) ? ' (it seems to wait for input)' : ''}${tail}`;
    default:
      if (asksForInput(result)) return `asks for input, which a measured run does not have: give it by arguments or files${tail}`;
      if (result.signal !== null) return `was ended by ${result.signal}${tail}`;
      return result.exitCode === 0 ? null : `ended with exit code ${result.exitCode}${tail}`;
  }
}

/** Python's `input()` at the end of stdin, and Node's unsettled prompt. */
function asksForInput(result: RunResult): boolean {
  return result.exitCode !== 0 && /EOFError: EOF when reading a line|Detected unsettled top-level await/.test(result.stderr.tail);
}
