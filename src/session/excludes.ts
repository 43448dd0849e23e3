/** What Fanout leaves out of a folder unless it is named: what git ignores, packages, environments, build output, generated code. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** In the syntax of .gitignore. A project's own `exclude` comes behind them, so that `!build/` takes one back. */
export const DEFAULT_EXCLUDES: readonly string[] = [
  '.git/', '.hg/', '.svn/', '.jj/',
  'node_modules/', 'bower_components/', 'jspm_packages/', '.yarn/', '.pnpm-store/',
  'venv/', '.venv/', 'virtualenv/', 'site-packages/', '__pypackages__/', '.tox/', '.nox/', '.eggs/', '*.egg-info/',
  '__pycache__/', '.mypy_cache/', '.pytest_cache/', '.ruff_cache/', '.hypothesis/', '.ipynb_checkpoints/',
  'dist/', 'build/', '_build/', 'out/', '.next/', '.nuxt/', '.svelte-kit/', '.output/', '.parcel-cache/', '.turbo/', '.cache/', 'coverage/', '.nyc_output/',
  '.vscode-test/', '.idea/',
  '*.min.js', '*.min.mjs', '*.min.cjs', '*-min.js', '*.bundle.js', '*.chunk.js',
  '*_pb2.py', '*_pb2_grpc.py', '*_pb.js', '*_pb.ts', '*.pb.ts', '*.generated.*', '*.gen.ts', '*.gen.js',
];

/** Decides for the entries of a folder, which is walked from the top: what lies in an excluded folder is never asked about. */
export class Excludes {
  private readonly patterns: Ignore;
  /** Each with the folder that its patterns are relative to, outermost first. */
  private readonly ignoreFiles: { readonly folder: string; readonly rules: Ignore }[] = [];
  private readonly base: string;

  /** `start` is the folder that was asked for: patterns that exclude it are not held against what it holds. */
  constructor(
    root: string,
    start: string,
    exclude: readonly string[],
    private readonly respectGitignore: boolean,
  ) {
    this.patterns = ignore().add(DEFAULT_EXCLUDES).add(exclude);
    const inRoot = relative(root, start);
    this.base = inRoot === null || (inRoot !== '' && this.patterns.ignores(`${inRoot}/`)) ? start : root;
    if (!respectGitignore) return;
    for (const folder of foldersAbove(start)) this.enter(folder);
    if (start !== path.dirname(start) && this.gitIgnores(start, true)) this.ignoreFiles.length = 0;
  }

  /** Reads the folder's .gitignore. Call `leave` when done with it. */
  enter(folder: string): void {
    if (!this.respectGitignore) return;
    const sources = [path.join(folder, '.git', 'info', 'exclude'), path.join(folder, '.gitignore')].map(readIfThere);
    const rules = ignore();
    for (const source of sources) if (source !== null) rules.add(source);
    this.ignoreFiles.push({ folder, rules });
  }

  leave(): void {
    this.ignoreFiles.pop();
  }

  excludes(entry: string, isFolder: boolean): boolean {
    const inBase = relative(this.base, entry);
    if (inBase !== null && inBase !== '') {
      const verdict = this.patterns.test(isFolder ? `${inBase}/` : inBase);
      if (verdict.ignored) return true;
    }
    if (isFolder && isEnvironment(entry)) return true;
    return this.gitIgnores(entry, isFolder);
  }

  /** Deeper files win over those above, as in git. */
  private gitIgnores(entry: string, isFolder: boolean): boolean {
    for (let i = this.ignoreFiles.length - 1; i >= 0; i--) {
      const { folder, rules } = this.ignoreFiles[i]!;
      const inside = relative(folder, entry);
      if (inside === null || inside === '') continue;
      const verdict = rules.test(isFolder ? `${inside}/` : inside);
      if (verdict.ignored) return true;
      if (verdict.unignored) return false;
    }
    return false;
  }
}

/** The folders from the top of the repository down to the one above `folder`; none outside a repository. */
function foldersAbove(folder: string): string[] {
  const above: string[] = [];
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(folder, '.git'))) return [];
    above.unshift(at);
    if (fs.existsSync(path.join(at, '.git'))) return above;
    if (path.dirname(at) === at) return [];
  }
}

/** A virtual environment of Python or conda, whatever it is called. */
function isEnvironment(folder: string): boolean {
  return fs.existsSync(path.join(folder, 'pyvenv.cfg')) || fs.existsSync(path.join(folder, 'conda-meta', 'history'));
}

/** `entry` relative to `folder` with forward slashes; null when it lies outside. */
function relative(folder: string, entry: string): string | null {
  const inside = path.relative(folder, entry);
  if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside)) return null;
  return inside.split(path.sep).join('/');
}

function readIfThere(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

const HEAD_BYTES = 16_384;
const GENERATED = /@generated\b|\bDO NOT EDIT\b|\bauto(?:-|matically )?generated\b|^\W*(?:(?:this )?(?:file|code) (?:is|was) )?generated (?:by|from)\b/i;

/** Whether a file says at its top that a program wrote it, or has the long lines of minified code. */
export function looksGenerated(file: string): boolean {
  let head: string;
  try {
    const handle = fs.openSync(file, 'r');
    try {
      const buffer = Buffer.alloc(HEAD_BYTES);
      head = buffer.toString('latin1', 0, fs.readSync(handle, buffer, 0, HEAD_BYTES, 0));
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return false;
  }
  const top = head.split('\n', 10).filter((line) => /^\s*(#|\/\/|\/?\*|"""|''')/.test(line));
  if (top.some((line) => GENERATED.test(line))) return true;
  const lines = head.split('\n');
  return head.length > 2000 && head.length / lines.length > 400;
}
