/** Runs the worker over a list of files, and starts another one behind a file at which one ended. */
import { spawn } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Checked } from './worker';

const WORKER = path.join(__dirname, 'worker.ts');

export interface Limits {
  /** Of the heap: what needs more ends the process. */
  readonly heapMB: number;
  /** Wall time for one file, rewrites included; generous, as other programs may run. */
  readonly stallMs: number;
}

/** What became of each file, in order. A file at which the process ended or stood still has that as its defect. */
export async function checkAll(root: string, files: readonly string[], limits: Limits, onChecked: (done: Checked) => void = () => {}): Promise<Checked[]> {
  const done: Checked[] = [];
  while (done.length < files.length) {
    const before = done.length;
    const ended = await one(root, files.slice(before), limits, (checked) => {
      done.push(checked);
      onChecked(checked);
    });
    const next = files[done.length];
    if (next === undefined) break;
    const lost: Checked = { file: next, lines: 0, loops: 0, cpuMs: 0, rewrites: 0, rewriteCpuMs: 0, peakMB: 0, defects: [ended] };
    done.push(lost);
    onChecked(lost);
  }
  return done;
}

/** Resolves with how the process ended. */
function one(root: string, files: readonly string[], { heapMB, stallMs }: Limits, onChecked: (done: Checked) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${heapMB}`, '--import', 'tsx', WORKER, root], { stdio: ['pipe', 'pipe', 'pipe'], shell: false, windowsHide: true });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('spawn', () => {
      try {
        os.setPriority(child.pid!, os.constants.priority.PRIORITY_LOW);
      } catch {
        // it has ended, or the system does not allow it
      }
    });
    let stalled = false;
    const stall = setTimeout(() => {
      stalled = true;
      kill();
    }, stallMs);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-3000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      stall.refresh();
      onChecked(JSON.parse(line) as Checked);
    });
    child.stdin.on('error', () => {});
    child.stdin.end(JSON.stringify(files));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(stall);
      process.removeListener('exit', kill);
      resolve(stalled ? `no answer in ${stallMs / 1000} s` : `the process ended with ${signal ?? code}\n${errors}`);
    });
  });
}
