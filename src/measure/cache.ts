/** Fanout's own folder for what is measured once or downloaded: nothing in it belongs to the person's project. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/**
 * The user's cache folder for Fanout by platform. `FANOUT_CACHE` overrides it.
 * XDG base directories on Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function cacheDir(
  platform: NodeJS.Platform = process.platform,
  env: Readonly<Record<string, string | undefined>> = process.env,
  home: string = os.homedir(),
): string {
  const join = platform === 'win32' ? path.win32.join : path.posix.join;
  if (env.FANOUT_CACHE) return env.FANOUT_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'fanout', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'fanout');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'fanout');
}

/** Reads a JSON file of the cache; null when there is none or it is damaged. */
export function readCached<T>(name: string): T | null {
  try {
    return JSON.parse(fs.readFileSync(path.join(cacheDir(), name), 'utf8')) as T;
  } catch {
    return null;
  }
}

/** Writes a JSON file of the cache, whole or not at all. A cache that cannot be written is done without. */
export function writeCached(name: string, value: unknown): void {
  const file = path.join(cacheDir(), name);
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const partial = `${file}.${process.pid}`;
    fs.writeFileSync(partial, JSON.stringify(value, null, 1));
    fs.renameSync(partial, file);
  } catch {
    // Measured again next time.
  }
}
