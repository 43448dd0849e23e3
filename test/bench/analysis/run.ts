/** Starts programs and times them. */
import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Stopped at the time limit. */
  readonly stopped: boolean;
}

/** @param limit seconds */
export function run(command: string, args: readonly string[], limit: number, options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: options.cwd, env: options.env ?? process.env });
    const out: Buffer[] = [];
    let stderr = '';
    let stopped = false;
    const timer = setTimeout(() => {
      stopped = true;
      child.kill('SIGKILL');
    }, limit * 1000);
    child.stdout.on('data', (chunk: Buffer) => void out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => void (stderr = (stderr + chunk.toString()).slice(-4000)));
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, seconds: (performance.now() - started) / 1000, stdout: Buffer.concat(out).toString(), stderr, stopped });
    };
    child.once('error', (error) => {
      stderr += error.message;
      end(null);
    });
    child.once('close', end);
  });
}
