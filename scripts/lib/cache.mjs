/**
 * A cache of tools outside the checkout: `FANOUT_CACHE`, or `fanout` in the user's cache directory.
 * Plain Node built-ins only: this runs before any package is installed.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Where the cache lives, as data: the same function answers for every platform in tests. */
export function cacheRoot(platform = process.platform, env = process.env, home = os.homedir()) {
  const join = platform === 'win32' ? path.win32.join : path.posix.join;
  if (env.FANOUT_CACHE) return env.FANOUT_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'fanout', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'fanout');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'fanout');
}

const MARKER = '.complete';
const POLL_MS = 500;

/** Whether the entry is there and whole. A directory that was left half made has no marker. */
export function cached(name, version) {
  const dir = path.join(cacheRoot(), `${name}-${version}`);
  return fs.existsSync(path.join(dir, MARKER)) ? dir : null;
}

/**
 * The directory of a cache entry, made by `install(dir)` when it is not there yet. `install` works in a directory of its own that takes
 * its final name when it is whole, so an interrupted one is never taken for good; a second process waits for the first.
 * @param {string} name
 * @param {string} version everything that decides what the entry holds
 * @param {(dir: string) => Promise<void>} install
 * @param {(message: string) => void} [onProgress]
 * @param {{ inPlace?: boolean }} [options] `inPlace`: for what holds its own absolute path (a virtual environment, a patched binary) and
 * cannot be moved: made where it stays, and whole only when its marker, written last, is there
 * @returns {Promise<string>}
 */
export async function provide(name, version, install, onProgress = () => {}, { inPlace = false } = {}) {
  const root = cacheRoot();
  const final = path.join(root, `${name}-${version}`);
  const done = () => cached(name, version) !== null;
  if (done()) return final;
  fs.mkdirSync(root, { recursive: true });
  const release = await lock(`${final}.lock`, () => onProgress(`waiting for another process that installs ${name} ${version}`));
  try {
    if (done()) return final;
    const scratch = inPlace ? final : `${final}.part`;
    fs.rmSync(scratch, { recursive: true, force: true });
    fs.rmSync(final, { recursive: true, force: true });
    fs.mkdirSync(scratch, { recursive: true });
    try {
      await install(scratch);
    } catch (error) {
      fs.rmSync(scratch, { recursive: true, force: true });
      throw error;
    }
    fs.writeFileSync(path.join(scratch, MARKER), `${new Date().toISOString()}\n`);
    if (!inPlace) fs.renameSync(scratch, final);
    return final;
  } finally {
    release();
  }
}

/** Takes a lock file, waiting while a living process holds it. Gives the function that lets it go. */
export async function lock(file, onWait = () => {}) {
  for (let waited = false; ; waited = true) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      const release = () => {
        process.removeListener('exit', release);
        fs.rmSync(file, { force: true });
      };
      process.once('exit', release);
      return release;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = readOwner(file);
    // No owner yet: it was created a moment ago, or its writer died in between. Give it a moment before taking it away.
    if (owner === null ? olderThan(file, 10_000) : !alive(owner)) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!waited) onWait();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function readOwner(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8')) || null;
  } catch {
    return null;
  }
}

function olderThan(file, ms) {
  try {
    return Date.now() - fs.statSync(file).mtimeMs > ms;
  } catch {
    return false;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
