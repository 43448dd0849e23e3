/** The interpreters that a program is run with when nobody says otherwise, and what they are. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { neverCancelled } from '../analysis/cancellation';
import { plainEnv } from '../measure/interpreter';
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
  /** What was asked, as it was given. */
  readonly path: string;
  /** The real executable: behind a shim or a link it is another file. */
  readonly executable: string;
  /** Its environment: several names of one Python share it. */
  readonly prefix: string;
  /** `3.11.7`; null when it does not start. */
  readonly version: string | null;
  /** Built without the GIL. */
  readonly freeThreaded: boolean;
  /** Versions of those asked for that it has; an empty text where a module does not say. */
  readonly modules: ReadonlyMap<string, string>;
  readonly problem: string | null;
}

/** A package is found by the module that it brings or by its own name. The working folder does not count: it is not the program's. */
const PROBE = `import sys
sys.path[:] = [entry for entry in sys.path if entry]
import importlib.util, json, sysconfig
try:
    from importlib import metadata
except ImportError:
    metadata = None
found = {}
for name in sys.argv[1:]:
    try:
        if metadata:
            found[name] = metadata.version(name)
            continue
    except metadata.PackageNotFoundError:
        pass
    try:
        if importlib.util.find_spec(name):
            found[name] = ""
    except ImportError:
        pass
print(json.dumps({"executable": sys.executable, "prefix": sys.prefix, "version": ".".join(map(str, sys.version_info[:3])), "free": bool(sysconfig.get_config_var("Py_GIL_DISABLED")), "modules": found}))`;

/** Asks a Python what it is. Starts it: never in an untrusted workspace. */
export async function inspectPython(python: string, modules: readonly string[] = []): Promise<PythonInfo> {
  const result = await run({ command: [python, '-c', PROBE, ...modules], cwd: process.cwd(), env: plainEnv(), timeoutMs: 20_000, token: neverCancelled });
  const nothing = { path: python, executable: python, prefix: '', version: null, freeThreaded: false, modules: new Map<string, string>() };
  if (result.exitCode !== 0) return { ...nothing, problem: result.error ?? `${python} does not start: ${result.stderr.tail.trim().split('\n').at(-1) ?? ''}` };
  try {
    const said = JSON.parse(result.stdout.tail) as { executable: string; prefix: string; version: string; free: boolean; modules: Record<string, string> };
    return { path: python, executable: said.executable, prefix: said.prefix, version: said.version, freeThreaded: said.free, modules: new Map(Object.entries(said.modules)), problem: null };
  } catch {
    return { ...nothing, problem: `${python} does not answer like Python` };
  }
}

/** The version of a Node without its `v`; null when it does not start. */
export async function inspectNode(node: string): Promise<string | null> {
  const result = await run({ command: [node, '--version'], cwd: process.cwd(), env: process.env, timeoutMs: 20_000, token: neverCancelled });
  return result.exitCode === 0 ? result.stdout.tail.trim().replace(/^v/, '') : null;
}
