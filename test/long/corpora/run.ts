/** Runs the worker over a list of files, and starts another one behind a file at which one ended. */
import { buildSync } from 'esbuild';
import { spawn } from 'node:child_process';
import * as os from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import type { Checked, Read } from './worker';

/** As the product is built: what loads TypeScript on the fly names every function anew each time it is made, which takes half of the time. */
function built(): string {
  const outfile = path.resolve(__dirname, '../../../out/corpora-worker.cjs');
  buildSync({ entryPoints: [path.join(__dirname, 'worker.ts')], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20', packages: 'external', logLevel: 'warning' });
  return outfile;
}

export interface Limits {
  /** Of the heap: what needs more ends the process. */
  readonly heapMB: number;
  /** Wall time for one file, rewrites included; generous, as other programs may run. */
  readonly stallMs: number;
}

/** What became of each file. A file at which the process ended or stood still has that as its defect. */
export async function checkAll(root: string, files: readonly string[], limits: Limits, onChecked: (done: Checked) => void = () => {}): Promise<Checked[]> {
  const worker = built();
  const done: Checked[] = [];
  let left = [...files];
  while (left.length > 0) {
    const read = new Set<string>();
    const ended = await one(worker, root, left, limits, (said) => {
      if ('read' in said) {
        read.add(said.read);
        return;
      }
      done.push(said);
      left = left.filter((file) => file !== said.file);
      onChecked(said);
    });
    const culprit = left.find((file) => !read.has(file)) ?? left[0];
    if (culprit === undefined) break;
    const lost: Checked = { file: culprit, lines: 0, loops: 0, cpuMs: 0, rewrites: 0, rewriteCpuMs: 0, peakMB: 0, defects: [ended] };
    done.push(lost);
    left = left.filter((file) => file !== culprit);
    onChecked(lost);
  }
  return done;
}

/** Resolves with how the process ended. */
function one(worker: string, root: string, files: readonly string[], { heapMB, stallMs }: Limits, onLine: (said: Checked | Read) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${heapMB}`, worker, root], { stdio: ['pipe', 'pipe', 'pipe'], shell: false, windowsHide: true });
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
      onLine(JSON.parse(line) as Checked | Read);
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
