/** Finds installed Pythons and asks them what they are. Plain Node built-ins only. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ask } from './children.mjs';

/** @typedef {{ path: string, version: string, freeThreaded: boolean }} Python */

const PROBE = `import json, sys, sysconfig
print(json.dumps({"version": ".".join(map(str, sys.version_info[:3])), "freeThreaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED"))}))`;

const inspected = new Map();

/** @returns {Python | null} what a Python says of itself; null when it does not start. Asked once. */
export function inspect(file) {
  if (!inspected.has(file)) {
    const said = ask(file, ['-I', '-c', PROBE]);
    inspected.set(file, said === null ? null : { path: file, ...JSON.parse(said) });
  }
  return inspected.get(file);
}

/**
 * Where Pythons of a minor version may be, as data: the same function answers for every platform in tests.
 * @param {string} minor `3.14`, or `3.13t` for a build without the GIL
 * @param {{ platform?: string, env?: NodeJS.ProcessEnv, home?: string, list?: (dir: string) => string[] }} [system]
 * @returns {string[]}
 */
export function placesOf(minor, { platform = process.platform, env = process.env, home = os.homedir(), list = listDir } = {}) {
  const p = platform === 'win32' ? path.win32 : path.posix;
  const plain = minor.replace(/t$/, '');
  const free = minor.endsWith('t');
  const onPath = (name) => (env.PATH ?? env.Path ?? '').split(p.delimiter).filter(Boolean).map((dir) => p.join(dir, name));
  const ofVersion = (dir) => list(dir).filter((name) => name.startsWith(plain) && /^[\d.]+t?$/.test(name) && name.endsWith('t') === free);
  if (platform === 'win32') {
    const root = env.PYENV_ROOT || env.PYENV || p.join(home, '.pyenv', 'pyenv-win');
    const name = free ? `python${minor}.exe` : 'python.exe';
    const programs = [p.join(env.LOCALAPPDATA || p.join(home, 'AppData', 'Local'), 'Programs', 'Python'), env.ProgramFiles || 'C:\\Program Files'];
    return [
      ...onPath(`python${minor}.exe`),
      ...programs.map((dir) => p.join(dir, `Python${plain.replace('.', '')}`, name)),
      ...ofVersion(p.join(root, 'versions')).map((version) => p.join(root, 'versions', version, 'python.exe')),
    ];
  }
  const root = env.PYENV_ROOT || p.join(home, '.pyenv');
  const framework = `/Library/Frameworks/Python${free ? 'T' : ''}.framework/Versions/${plain}/bin/python${minor}`;
  return [
    ...onPath(`python${minor}`),
    ...(platform === 'darwin' ? [framework, `/opt/homebrew/bin/python${minor}`, `/usr/local/bin/python${minor}`] : []),
    ...ofVersion(p.join(root, 'versions')).map((version) => p.join(root, 'versions', version, 'bin', 'python')),
  ];
}

/** @returns {Python | null} an installed Python of that minor version (`3.14`, `3.13t`) */
export function findInstalled(minor) {
  const plain = minor.replace(/t$/, '');
  for (const file of new Set(placesOf(minor))) {
    if (!fs.existsSync(file)) continue;
    const python = inspect(file);
    if (python && python.version.startsWith(`${plain}.`) && python.freeThreaded === minor.endsWith('t')) return python;
  }
  return null;
}

/** @returns {Python | null} the machine's own Python: what `python3` or `python` starts */
export function machinePython() {
  for (const name of process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python']) {
    // A shim may start another one each time, by folder: ask which it is.
    const file = ask(name, ['-c', 'import sys; print(sys.executable)']);
    if (file) return inspect(file);
  }
  return null;
}

/** The interpreter inside a virtual environment or a cache entry. */
export function interpreterIn(dir, platform = process.platform) {
  return platform === 'win32' ? path.win32.join(dir, 'Scripts', 'python.exe') : path.posix.join(dir, 'bin', 'python');
}

function listDir(dir) {
  try {
    return fs.readdirSync(dir).sort().reverse();
  } catch {
    return [];
  }
}
