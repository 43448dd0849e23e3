/** Which files of the program's folder a run wrote, and what is in them. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

const SKIPPED = /^(?:node_modules|\.git|\.hg|\.svn|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.venv|venv|\.tox|\.nyc_output|target)$/;
const MAX_FILES = 5000;
const MAX_BYTES = 64 << 20;

export interface Listing {
  /** Size and time of the last change, by path relative to the folder. */
  readonly stamps: ReadonlyMap<string, string>;
  /** False: the folder holds too many files to look at all. */
  readonly complete: boolean;
}

/** Looks at a folder and those below it; caches, version control and dependencies are left out. */
export function listFiles(folder: string): Listing {
  const stamps = new Map<string, string>();
  const pending = [''];
  while (pending.length > 0) {
    const below = pending.pop()!;
    let found: fs.Dirent[];
    try {
      found = fs.readdirSync(path.join(folder, below), { withFileTypes: true });
    } catch {
      continue;
    }
    for (const entry of found) {
      if (SKIPPED.test(entry.name)) continue;
      const name = path.join(below, entry.name);
      if (entry.isDirectory()) pending.push(name);
      else if (entry.isFile()) stamps.set(name, stampOf(path.join(folder, name)));
      if (stamps.size > MAX_FILES) return { stamps, complete: false };
    }
  }
  return { stamps, complete: true };
}

function stampOf(file: string): string {
  try {
    const { size, mtimeMs, ino } = fs.statSync(file);
    return `${size} ${mtimeMs} ${ino}`;
  } catch {
    return 'gone';
  }
}

/**
 * Of the changed files, those that the run's own processes wrote: in a folder that is worked in, others write too.
 * @param written absolute paths
 */
export function ownFiles(folder: string, changed: ReadonlyMap<string, string>, written: ReadonlySet<string>): ReadonlyMap<string, string> {
  const root = fs.realpathSync(folder);
  // The harness writes Windows paths in lower case, as Python's `normcase` gives them.
  const norm = (file: string) => (process.platform === 'win32' ? file.toLowerCase() : file);
  const own = new Set([...written].map(norm));
  return new Map([...changed].filter(([name]) => own.has(norm(path.join(root, name)))));
}

/** Contents (hashed) of the files that changed since a listing, by relative path; `deleted` for those that are gone. */
export function changedFiles(folder: string, before: Listing): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  const after = listFiles(folder);
  for (const [name, stamp] of after.stamps) {
    if (before.stamps.get(name) !== stamp) changed.set(name, contentOf(path.join(folder, name)));
  }
  for (const name of before.stamps.keys()) if (!after.stamps.has(name)) changed.set(name, 'deleted');
  return changed;
}

function contentOf(file: string): string {
  try {
    const { size } = fs.statSync(file);
    return size > MAX_BYTES ? `${size} bytes` : createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  } catch {
    return 'unreadable';
  }
}
