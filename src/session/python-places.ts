/** Where Pythons are installed, by platform: data, so that one machine can test them all. */
import * as path from 'node:path';
import { cacheDir } from '../measure/cache';
import { thisSystem, type System } from '../measure/system';

/** Only names of folders are looked at. */
export type PythonSystem = Omit<System, 'isFile'>;

/** Minor versions that are looked for by name, those first that can run most. */
const NAMED = ['3.14', '3.13', '3.15', '3.14t', '3.13t', '3.15t', '3.12', '3.11', '3.10', '3.9'] as const;

/**
 * Paths at which a Python may be, in the order in which they are preferred: those that `FANOUT_PYTHONS` names (a list as in PATH), what
 * the path starts, Fanout's own cache, then pyenv, uv and the platform's installers.
 */
export function pythonPlaces(system: PythonSystem = thisSystem): readonly string[] {
  const { platform, env, home, list } = system;
  const windows = platform === 'win32';
  const p = windows ? path.win32 : path.posix;
  const split = (value: string | undefined) => (value ?? '').split(p.delimiter).filter(Boolean);
  const below = (folder: string, pattern: RegExp, ...rest: readonly string[]) =>
    list(folder)
      .filter((name) => pattern.test(name))
      .sort(newestFirst)
      .map((name) => p.join(folder, name, ...rest));
  const folders = split(env.PATH ?? env.Path);
  const named = (name: string) => folders.map((folder) => p.join(folder, name + (windows ? '.exe' : '')));
  const inEnvironment = windows ? ['Scripts', 'python.exe'] : ['bin', 'python'];

  return [
    ...new Set([
      ...split(env.FANOUT_PYTHONS),
      ...(windows ? [...named('python'), ...named('py')] : [...named('python3'), ...named('python')]),
      ...NAMED.flatMap((version) => named(`python${version}`)),
      ...below(cacheDir(platform, env, home), /^python-.*[^.](?<!\.(?:lock|part|why))$/, ...inEnvironment),
      ...(windows ? onWindows(system, below) : onPosix(system, below)),
    ]),
  ];
}

type Below = (folder: string, pattern: RegExp, ...rest: readonly string[]) => readonly string[];

function onPosix({ platform, env, home }: PythonSystem, below: Below): readonly string[] {
  const join = path.posix.join;
  const uv = env.UV_PYTHON_INSTALL_DIR ?? join(env.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'uv', 'python');
  const places = [...below(join(env.PYENV_ROOT ?? join(home, '.pyenv'), 'versions'), /^3\.\d+/, 'bin', 'python'), ...below(uv, /^cpython-3\./, 'bin', 'python3')];
  if (platform !== 'darwin') return places;
  const frameworks = NAMED.map((version) => {
    const plain = version.replace('t', '');
    return `/Library/Frameworks/Python${version === plain ? '' : 'T'}.framework/Versions/${plain}/bin/python${version}`;
  });
  return [...places, ...frameworks, ...NAMED.map((version) => `/opt/homebrew/bin/python${version}`)];
}

function onWindows({ env, home }: PythonSystem, below: Below): readonly string[] {
  const join = path.win32.join;
  const local = env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  const pyenv = env.PYENV_ROOT ?? env.PYENV ?? join(home, '.pyenv', 'pyenv-win');
  const installers = [join(local, 'Programs', 'Python'), env.ProgramFiles ?? 'C:\\Program Files'];
  return [
    // The installer puts a build without the GIL beside the usual one.
    ...installers.flatMap((folder) => [
      ...below(folder, /^Python3\d+$/, 'python.exe'),
      ...below(folder, /^Python313$/, 'python3.13t.exe'),
      ...below(folder, /^Python314$/, 'python3.14t.exe'),
    ]),
    // The newer install manager.
    ...below(join(local, 'Python'), /^pythoncore-3\.\d+t?-/, 'python.exe'),
    ...below(join(pyenv, 'versions'), /^3\.\d+/, 'python.exe'),
    ...below(join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'uv', 'python'), /^cpython-3\./, 'python.exe'),
  ];
}

/** `3.14.0` before `3.9.18`, by number. */
function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}
