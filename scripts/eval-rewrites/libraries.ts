/** Source files of installed libraries, in a fixed order. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface LibraryFile {
  readonly file: string;
  readonly root: string;
  readonly set: string;
}

/** Parts of Python's library that start, wait for or talk to something; and what only tests and shows. */
const LEFT_OUT = /(^|\/)(test|tests|idlelib|lib2to3|site-packages|turtledemo|turtle\.py|ensurepip|venv|tkinter|curses|msilib|multiprocessing|concurrent|asyncio|wsgiref|xmlrpc|http|socket\w*\.py|subprocess\.py|shutil\.py|pty\.py|os\.py|__main__\.py|antigravity\.py|this\.py)(\/|$)/;

export async function libraryFiles(python: string): Promise<readonly LibraryFile[]> {
  const asked = spawnSync(python, ['-c', "import sysconfig; print(sysconfig.get_path('stdlib'))"], { encoding: 'utf8' });
  const root = asked.stdout.trim();
  if (asked.status !== 0 || !root) return [];
  return fs
    .readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.py') && !LEFT_OUT.test(file) && !path.basename(file).startsWith('_sysconfigdata'))
    .sort()
    .map((file) => ({ file: path.join(root, file), root, set: "Python's library" }));
}

/** Licences that let anyone do this, and the size of a file beyond which it is a bundle. */
const PERMISSIVE = /^(\(?(MIT|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0|Unlicense|Python-2\.0|CC0-1\.0)\)?( OR .*)?)$/;
const LARGEST = 120_000;

/** @param names only these packages. */
export function packageFiles(names: readonly string[] | null): readonly LibraryFile[] {
  const modules = path.join(__dirname, '..', '..', 'node_modules');
  const packages = fs
    .readdirSync(modules)
    .flatMap((name) => (name.startsWith('@') ? fs.readdirSync(path.join(modules, name)).map((inner) => `${name}/${inner}`) : [name]))
    .filter((name) => (names === null || names.includes(name)) && !name.startsWith('.') && !/^(@types|@vscode|@esbuild|typescript|playwright-core)(\/|$)/.test(name))
    .sort();
  const found: LibraryFile[] = [];
  for (const name of packages) {
    const root = path.join(modules, name);
    const manifest = path.join(root, 'package.json');
    if (!fs.existsSync(manifest)) continue;
    const { license } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { license?: unknown };
    if (typeof license !== 'string' || !PERMISSIVE.test(license)) continue;
    for (const file of fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.[cm]?js$/.test(file) || /(^|\/)(node_modules|tests?|__tests__|dist|build|umd|locales?|\w+\.min\.js|benchmark\w*|fixtures)(\/|$)/.test(file) || /\.min\.m?js$/.test(file)) continue;
      if (fs.statSync(path.join(root, file)).size > LARGEST) continue;
      found.push({ file: path.join(root, file), root, set: name });
    }
  }
  return found;
}
