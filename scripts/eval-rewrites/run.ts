/** Child processes of the evaluation: bounded in time and output, ended with all that they started. */
import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly slow: boolean;
}

const MOST_OUTPUT = 8 << 20;

export function run(command: string, args: readonly string[], options: { readonly cwd: string; readonly env: Record<string, string>; readonly seconds: number }): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    let slow = false;
    const end = (): void => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    };
    const timer = setTimeout(() => {
      slow = true;
      end();
    }, options.seconds * 1000);
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (out.length > MOST_OUTPUT) end();
    });
    child.stderr.on('data', (data: Buffer) => (err = (err + data.toString()).slice(-20_000)));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      end();
      resolve({ code, out, err, slow });
    });
  });
}
