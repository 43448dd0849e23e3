/** The project that a file belongs to. */
import * as fs from 'node:fs';
import * as path from 'node:path';

const MARKERS = ['.git', 'pyproject.toml', 'package.json', 'setup.py', 'setup.cfg'];

/** The nearest folder above with a sign of a project's top; else the file's own folder. */
export function findRoot(file: string): string {
  const start = isDirectory(file) ? file : path.dirname(file);
  for (let directory = start; ; directory = path.dirname(directory)) {
    if (MARKERS.some((marker) => fs.existsSync(path.join(directory, marker)))) return directory;
    if (path.dirname(directory) === directory) return start;
  }
}

function isDirectory(file: string): boolean {
  try {
    return fs.statSync(file).isDirectory();
  } catch {
    return false;
  }
}
