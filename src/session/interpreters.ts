/** The interpreters that a program is run with when nobody says otherwise, and what they are. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { neverCancelled } from '../analysis/cancellation';
import { run } from '../measure/run';

/**
 * A project's own environment (`.venv`, `venv`), else an active one, else the first Python on the path.
 * @returns an absolute path where one was found, else the name that the system may know.
 */
export function findPython(root: string, platform = process.platform, env: NodeJS.ProcessEnv = process.env): string {
  const inEnvironment = platform === 'win32' ? path.join('Scripts', 'python.exe') : path.join('bin', 'python');
  const candidates = [
    ...['.venv', 'venv'].map((name) => path.join(root, name, inEnvironment)),
    ...(env.VIRTUAL_ENV ? [path.join(env.VIRTUAL_ENV, inEnvironment)] : []),
    ...onPath(platform === 'win32' ? ['python.exe', 'py.exe'] : ['python3', 'python'], platform, env),
  ];
  return candidates.find(isFile) ?? (platform === 'win32' ? 'python' : 'python3');
}

/** This very Node where it is one; the editor's own binary only behaves like Node with `ELECTRON_RUN_AS_NODE`, so it is not taken. */
export function findNode(platform = process.platform, env: NodeJS.ProcessEnv = process.env): string {
  if (!process.versions.electron && /^node(\.exe)?$/.test(path.basename(process.execPath))) return process.execPath;
  return onPath([platform === 'win32' ? 'node.exe' : 'node'], platform, env).find(isFile) ?? 'node';
}

function onPath(names: readonly string[], platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string[] {
  const separator = platform === 'win32' ? ';' : ':';
  const folders = (env.PATH ?? env.Path ?? '').split(separator).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

export interface PythonInfo {
  /** `3.11.7`; null when it does not start. */
  readonly version: string | null;
  /** Built without the GIL. */
  readonly freeThreaded: boolean;
  /** Modules of those asked for that it can import. */
  readonly modules: ReadonlySet<string>;
  readonly problem: string | null;
}

const PROBE = `import importlib.util, json, sys, sysconfig
print(json.dumps({"version": ".".join(map(str, sys.version_info[:3])), "free": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
 "modules": [m for m in sys.argv[1:] if importlib.util.find_spec(m)]}))`;

/** Asks a Python what it is. Starts it: never in an untrusted workspace. */
export async function inspectPython(python: string, modules: readonly string[] = []): Promise<PythonInfo> {
  const result = await run({ command: [python, '-I', '-c', PROBE, ...modules], cwd: process.cwd(), env: process.env, timeoutMs: 20_000, token: neverCancelled });
  const nothing = { version: null, freeThreaded: false, modules: new Set<string>() };
  if (result.exitCode !== 0) return { ...nothing, problem: result.error ?? `${python} does not start: ${result.stderr.tail.trim().split('\n').at(-1) ?? ''}` };
  try {
    const said = JSON.parse(result.stdout.tail) as { version: string; free: boolean; modules: string[] };
    return { version: said.version, freeThreaded: said.free, modules: new Set(said.modules), problem: null };
  } catch {
    return { ...nothing, problem: `${python} does not answer like Python` };
  }
}

/** The version of a Node without its `v`; null when it does not start. */
export async function inspectNode(node: string): Promise<string | null> {
  const result = await run({ command: [node, '--version'], cwd: process.cwd(), env: process.env, timeoutMs: 20_000, token: neverCancelled });
  return result.exitCode === 0 ? result.stdout.tail.trim().replace(/^v/, '') : null;
}
