/** What is known about the interpreters, asked of each once. */
import * as path from 'node:path';
import { neverCancelled } from '../analysis/cancellation';
import { run } from './run';

export interface Interpreter {
  /** The real executable: behind a shim or a launcher it is another file than what was given. */
  readonly executable: string;
  /** `3.12.1` */
  readonly version: string;
  /** Python: a PEP 703 build. */
  readonly freeThreaded: boolean;
}

const asked = new Map<string, Promise<Interpreter>>();

/** @throws Error with what to do when it cannot be started. */
export function pythonInterpreter(python: string): Promise<Interpreter> {
  const code =
    'import json,sys,sysconfig;print(json.dumps({"executable":sys.executable,"version":"%d.%d.%d"%sys.version_info[:3],"freeThreaded":bool(sysconfig.get_config_var("Py_GIL_DISABLED"))}))';
  return ask(`python ${python}`, [python, '-c', code], `Python (${python})`);
}

/** @throws Error with what to do when it cannot be started. */
export function nodeInterpreter(node: string): Promise<Interpreter> {
  const code = 'console.log(JSON.stringify({executable:process.execPath,version:process.versions.node,freeThreaded:false}))';
  return ask(`node ${node}`, [node, '-e', code], `Node (${node})`);
}

function ask(key: string, command: readonly string[], title: string): Promise<Interpreter> {
  let answer = asked.get(key);
  if (!answer) {
    answer = question(command, title);
    asked.set(key, answer);
    // An interpreter that is installed later is found then.
    answer.catch(() => asked.delete(key));
  }
  return answer;
}

async function question(command: readonly string[], title: string): Promise<Interpreter> {
  const result = await run({ command, cwd: process.cwd(), env: plainEnv(), timeoutMs: 30_000, token: neverCancelled });
  const line = result.stdout.text?.trim().split(/\r?\n/).at(-1);
  if (result.exitCode !== 0 || !line) throw new Error(`${title} does not answer: ${result.error ?? (result.stderr.tail.trim() || `exit code ${result.exitCode}`)}`);
  return JSON.parse(line) as Interpreter;
}

/** The environment that programs are started in: the person's, without what an editor adds for its own processes. */
export function plainEnv(base: NodeJS.ProcessEnv = process.env): Record<string, string | undefined> {
  const env: Record<string, string | undefined> = { ...base };
  for (const name of Object.keys(env)) {
    if (/^(?:VSCODE_|ELECTRON_|FANOUT_RUN$|FANOUT_INSIDE$|FANOUT_MARK$)/.test(name)) delete env[name];
  }
  // An editor's own binary serves as Node when it is told to.
  if (process.versions.electron) env.ELECTRON_RUN_AS_NODE = '1';
  if (env.NODE_OPTIONS && /ms-vscode\.js-debug/.test(env.NODE_OPTIONS)) delete env.NODE_OPTIONS;
  return env;
}

/** Whether `version` (`20.20.1`) is at least `wanted` (`22.15`). */
export function atLeast(version: string, wanted: string): boolean {
  const [left, right] = [version, wanted].map((v) => v.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < right.length; i++) {
    if ((left[i] ?? 0) !== right[i]) return (left[i] ?? 0) > right[i]!;
  }
  return true;
}

/** Start methods of Python's processes on a platform, the default of a version first. */
export function startMethods(platform: NodeJS.Platform, version: string): readonly ('fork' | 'spawn' | 'forkserver')[] {
  if (platform === 'win32') return ['spawn'];
  if (platform === 'darwin') return ['spawn', 'fork', 'forkserver'];
  return atLeast(version, '3.14') ? ['forkserver', 'fork', 'spawn'] : ['fork', 'forkserver', 'spawn'];
}

/** Name of a program without folder and ending, in lower case: `C:\\x\\Python.EXE` is `python`. */
export function programName(command: string): string {
  return path.win32.basename(command).replace(/\.(?:exe|cmd|bat|ps1)$/i, '').toLowerCase();
}
