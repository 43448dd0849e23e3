/** From the paths that a person gives to the source files that they mean, and from a file to its text. Nothing here throws for bad input. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { languageOf } from '../languages/frontend';
import type { Config } from './config';
import { decodeSource, type Encoding } from './encoding';
import { Excludes, looksGenerated } from './excludes';

/** Larger files are data, not programs that a person wrote. */
export const MAX_BYTES = 10 * 1024 * 1024;

export interface SourceFile {
  /** Absolute. */
  readonly path: string;
  /** As the person gave it, or below what they gave. */
  readonly shownAs: string;
}

export interface PathProblem {
  /** As given. */
  readonly path: string;
  /** Names the path. */
  readonly message: string;
}

/**
 * The source files that paths name: a file stands for itself, excluded or not; a folder for what it holds less the excludes.
 * Each file comes once, in the order of the paths and by name within a folder. Linked folders are followed, each real one once.
 */
export function expandPaths(
  paths: readonly string[],
  config: Pick<Config, 'root' | 'exclude' | 'respectGitignore'>,
): { readonly files: readonly SourceFile[]; readonly problems: readonly PathProblem[] } {
  const files = new Map<string, SourceFile>();
  const problems: PathProblem[] = [];
  for (const given of paths) {
    const absolute = path.resolve(given);
    const stat = statOf(absolute);
    if (typeof stat === 'string') problems.push({ path: given, message: `${given}: ${stat}` });
    else if (stat.isDirectory()) walk(absolute, given, config, files, problems);
    else if (!stat.isFile()) problems.push({ path: given, message: `${given}: is neither a file nor a folder` });
    else if (!languageOf(given)) problems.push({ path: given, message: `${given}: is not a Python, JavaScript or TypeScript file` });
    else if (!files.has(absolute)) files.set(absolute, { path: absolute, shownAs: given });
  }
  return { files: [...files.values()], problems };
}

/** Absolute paths of the source files of a folder less the excludes. What cannot be read is left out. */
export function sourceFiles(root: string, config: Pick<Config, 'root' | 'exclude' | 'respectGitignore'>): string[] {
  return expandPaths([root], config).files.map((file) => file.path);
}

/** Whether the walk of the project's folder would leave the file out: by a pattern, by git, or because a program wrote it. */
export function isExcluded(file: string, config: Pick<Config, 'root' | 'exclude' | 'respectGitignore'>): boolean {
  const inside = path.relative(config.root, file);
  if (inside.startsWith('..') || path.isAbsolute(inside)) return false;
  const excludes = new Excludes(config.root, config.root, config.exclude, config.respectGitignore);
  let at = config.root;
  const parts = inside.split(path.sep);
  for (const [i, part] of parts.entries()) {
    excludes.enter(at);
    at = path.join(at, part);
    if (excludes.excludes(at, i < parts.length - 1)) return true;
  }
  return looksGenerated(file);
}

export interface SourceText {
  /** Without a byte order mark; null when there is an error. */
  readonly text: string | null;
  /** Names the file and says what to do. */
  readonly error: string | null;
  /** How to write it back; null when there is an error. */
  readonly encoding: Encoding | null;
}

/** The text of a source file, or why it has none. */
export function readSource(file: string): SourceText {
  const fail = (why: string): SourceText => ({ text: null, error: `${shortPath(file)}: ${why}`, encoding: null });
  const stat = statOf(file);
  if (typeof stat === 'string') return fail(stat);
  if (stat.isDirectory()) return fail('is a folder');
  if (!stat.isFile()) return fail('is not a regular file');
  if (stat.size > MAX_BYTES) return fail(`is ${(stat.size / 2 ** 20).toFixed(1)} MB: files over ${MAX_BYTES / 2 ** 20} MB are not analysed`);
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    return fail(reason(error));
  }
  const decoded = decodeSource(bytes, languageOf(file) === 'python');
  if ('problem' in decoded) {
    const at = decoded.line ? `:${decoded.line}` : '';
    return { text: null, error: `${shortPath(file)}${at}: ${decoded.problem}`, encoding: null };
  }
  return { text: decoded.text, error: null, encoding: decoded.encoding };
}

// ---------------------------------------------------------------------------------------------------------------------

function walk(
  start: string,
  given: string,
  config: Pick<Config, 'root' | 'exclude' | 'respectGitignore'>,
  files: Map<string, SourceFile>,
  problems: PathProblem[],
): void {
  const visited = new Set<string>();
  // Links wait until all real folders are known, so that a file is shown under its own path where it has one in here.
  const linked: string[] = [];
  const excludes = new Excludes(config.root, start, config.exclude, config.respectGitignore);
  const shown = (entry: string): string => path.join(given, path.relative(start, entry));

  const folder = (at: string): void => {
    let real: string;
    let entries: fs.Dirent[];
    try {
      real = fs.realpathSync(at);
      if (visited.has(real)) return;
      visited.add(real);
      entries = fs.readdirSync(at, { withFileTypes: true });
    } catch (error) {
      problems.push({ path: shown(at), message: `${shown(at)}: ${reason(error)}` });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    excludes.enter(at);
    for (const entry of entries) visit(path.join(at, entry.name), entry);
    excludes.leave();
  };

  const visit = (at: string, entry: fs.Dirent): void => {
    const isSource = languageOf(entry.name) !== null;
    if (entry.isDirectory()) {
      if (!excludes.excludes(at, true)) folder(at);
    } else if (entry.isFile()) {
      if (isSource) file(at);
    } else if (entry.isSymbolicLink()) {
      const stat = statOf(at);
      if (typeof stat === 'string') {
        if (isSource && !excludes.excludes(at, false)) problems.push({ path: shown(at), message: `${shown(at)}: is a link to nothing (${stat})` });
      } else if (stat.isDirectory()) {
        if (!excludes.excludes(at, true)) linked.push(at);
      } else if (stat.isFile() && isSource) {
        file(at);
      }
    }
  };

  const file = (at: string): void => {
    if (files.has(at) || excludes.excludes(at, false) || looksGenerated(at)) return;
    files.set(at, { path: at, shownAs: shown(at) });
  };

  folder(start);
  for (let link = linked.shift(); link !== undefined; link = linked.shift()) folder(link);
}

function statOf(file: string): fs.Stats | string {
  try {
    return fs.statSync(file);
  } catch (error) {
    return reason(error);
  }
}

/** What a person can do something with, for the codes that the file system gives. */
function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'cannot be read: permission denied';
    case 'ELOOP':
      return 'its links lead round in a circle';
    case 'ENAMETOOLONG':
      return 'the name is too long';
    default:
      return `cannot be read (${code ?? String(error)})`;
  }
}

/** Relative to the working directory when it lies in it. */
function shortPath(file: string): string {
  const inside = path.relative(process.cwd(), file);
  return inside === '' || inside.startsWith('..') || path.isAbsolute(inside) ? file : inside;
}
