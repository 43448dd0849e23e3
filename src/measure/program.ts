/** What one would type, turned into an executable and its arguments. No shell takes part. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { atLeast, nodeInterpreter, programName, pythonInterpreter } from './interpreter';
import type { Program } from './types';
import { splitCommand } from './words';

export interface Interpreters {
  readonly python: string;
  readonly node: string;
}

/** Something that the person has to change in what they typed. */
export class ProgramError extends Error {}

/**
 * Takes a command apart: `python app.py --n 3`, `pytest -q`, `npm test`, `node main.mjs`, or a source file.
 * @throws ProgramError when it is empty or needs a shell.
 */
export function parseProgram(command: string | readonly string[], cwd: string, env?: Readonly<Record<string, string>>): Program {
  const argv = typeof command === 'string' ? splitCommand(command) : [...command];
  if (argv.length === 0) throw new ProgramError('no program was given: type what you would in a terminal, such as `python app.py`');
  const operator = typeof command === 'string' ? argv.find((word) => /^(?:\|\|?|&&?|;|>{1,2}|<)$/.test(word)) : undefined;
  if (operator) throw new ProgramError(`\`${operator}\` needs a shell, and none is used: name one program with its arguments`);
  return { command: argv, cwd, ...(env ? { env } : {}) };
}

export interface ResolvedProgram {
  readonly command: readonly string[];
  /** What runs it, as far as can be told. */
  readonly runtime: 'python' | 'node' | 'other';
  /** The source file that it starts with, when the command names one. */
  readonly entry: string | null;
}

const SOURCE = /\.(?:pyw?|[cm]?[jt]s|[jt]sx)$/i;

/**
 * Finds what to start.
 * @throws ProgramError naming what is missing and what to do.
 */
export async function resolveProgram(program: Program, interpreters: Interpreters, platform: NodeJS.Platform = process.platform): Promise<ResolvedProgram> {
  const [first, ...args] = program.command;
  if (first === undefined) throw new ProgramError('no program was given');
  const file = path.resolve(program.cwd, first);
  if (SOURCE.test(first)) {
    if (!isFile(file)) throw new ProgramError(`${file}: there is no such file`);
    return sourceFile(file, args, interpreters);
  }
  const name = programName(first);
  // A path names one file; a bare name is looked up.
  const bare = !/[\\/]/.test(first);
  if (bare && /^(?:python[23]?|py)$/.test(name)) {
    const { executable } = await pythonInterpreter(interpreters.python);
    return withEntry([executable, ...args], 'python', program.cwd);
  }
  if (bare && name === 'node') {
    const { executable } = await nodeInterpreter(interpreters.node);
    return withEntry([executable, ...args], 'node', program.cwd);
  }
  if (bare && (name === 'npm' || name === 'npx')) {
    const { executable } = await nodeInterpreter(interpreters.node);
    return { command: [executable, npmScript(name, executable, platform), ...args], runtime: 'node', entry: null };
  }
  if (!bare) {
    if (!isFile(file) && !isFile(`${file}.exe`)) throw new ProgramError(`${file}: there is no such program`);
    refuseBatch(file);
    return withEntry([file, ...args], /^(?:python|pypy)[\d.]*t?$/.test(name) ? 'python' : name === 'node' ? 'node' : 'other', program.cwd);
  }
  return lookedUp(name, first, args, program, interpreters, platform);
}

/** A bare name that is no interpreter: a tool of the interpreter's environment, of the project, or of the path. */
async function lookedUp(
  name: string,
  given: string,
  args: readonly string[],
  program: Program,
  interpreters: Interpreters,
  platform: NodeJS.Platform,
): Promise<ResolvedProgram> {
  const script = binScript(name, program.cwd);
  if (script) {
    const { executable } = await nodeInterpreter(interpreters.node);
    return { command: [executable, script, ...args], runtime: 'node', entry: null };
  }
  const python = await pythonInterpreter(interpreters.python).catch(() => null);
  if (python) {
    const beside = path.join(path.dirname(python.executable), platform === 'win32' ? 'Scripts' : '', name + (platform === 'win32' ? '.exe' : ''));
    const sameFolder = path.join(path.dirname(python.executable), `${name}.exe`);
    const found = [beside, sameFolder].find(isFile);
    if (found) return { command: [found, ...args], runtime: 'python', entry: null };
    if (name === 'pytest') return { command: [python.executable, '-m', 'pytest', ...args], runtime: 'python', entry: null };
  }
  const found = onPath(given, program.env?.PATH ?? process.env.PATH ?? process.env.Path ?? '', platform);
  if (!found) throw new ProgramError(`${given}: there is no such program on the path`);
  refuseBatch(found);
  return { command: [found, ...args], runtime: /^(?:python|pypy)[\d.]*t?$/.test(name) ? 'python' : 'other', entry: null };
}

function refuseBatch(file: string): void {
  if (/\.(?:cmd|bat|ps1)$/i.test(file)) {
    throw new ProgramError(`${file} is a script of a shell, and none is used: name the program that it starts, such as \`node path/to/cli.js\``);
  }
}

async function sourceFile(file: string, args: readonly string[], interpreters: Interpreters): Promise<ResolvedProgram> {
  if (/\.pyw?$/i.test(file)) {
    const { executable } = await pythonInterpreter(interpreters.python);
    return { command: [executable, file, ...args], runtime: 'python', entry: file };
  }
  const node = await nodeInterpreter(interpreters.node);
  const flags = /\.(?:[cm]?ts|[jt]sx)$/i.test(file) ? typescriptFlags(file, node.version) : [];
  return { command: [node.executable, ...flags, file, ...args], runtime: 'node', entry: file };
}

/**
 * How Node runs a TypeScript file: through the project's tsx where there is one, else by type stripping.
 * @throws ProgramError when it can do neither.
 */
function typescriptFlags(file: string, version: string): readonly string[] {
  for (const folder of foldersUp(path.dirname(file))) {
    const loader = path.join(folder, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    if (isFile(loader)) return ['--import', pathToFileURL(loader).href];
  }
  if (!/x$/i.test(file)) {
    if (atLeast(version, '23.6') || (atLeast(version, '22.18') && !atLeast(version, '23.0'))) return [];
    if (atLeast(version, '22.6')) return ['--experimental-strip-types'];
  }
  throw new ProgramError(`${file}: Node ${version} does not run TypeScript. Install tsx in the project (npm install --save-dev tsx) or select Node 22.18 or later`);
}

function withEntry(command: readonly string[], runtime: 'python' | 'node' | 'other', cwd: string): ResolvedProgram {
  const named = command.slice(1).find((word) => SOURCE.test(word));
  const file = named === undefined ? null : path.resolve(cwd, named);
  return { command, runtime, entry: file !== null && isFile(file) ? file : null };
}

/** npm's own script: beside Node, or what the path's `npm` points at. */
function npmScript(name: 'npm' | 'npx', node: string, platform: NodeJS.Platform): string {
  const script = path.join('npm', 'bin', `${name}-cli.js`);
  const folder = path.dirname(node);
  const beside = [path.join(folder, 'node_modules', script), path.join(folder, '..', 'lib', 'node_modules', script), path.join(folder, '..', 'share', 'nodejs', script)];
  const found = beside.find(isFile);
  if (found) return found;
  const link = onPath(name, process.env.PATH ?? process.env.Path ?? '', platform);
  if (link) {
    const real = fs.realpathSync(link);
    if (real.endsWith('.js')) return real;
    const near = [path.join(path.dirname(real), 'node_modules', script), path.join(path.dirname(real), '..', 'lib', 'node_modules', script)].find(isFile);
    if (near) return near;
  }
  throw new ProgramError(`${name} was not found beside ${node} or on the path`);
}

/** The JavaScript file behind a tool of the project (`node_modules/.bin/NAME`), read from its package: the shims are shell scripts. */
function binScript(name: string, cwd: string): string | null {
  for (const folder of foldersUp(cwd)) {
    const shim = path.join(folder, 'node_modules', '.bin', name);
    if (!fs.existsSync(shim)) continue;
    const real = fs.realpathSync(shim);
    if (/\.[cm]?js$/i.test(real)) return real;
    const target = /"\$basedir[\\/]([^"]+?\.[cm]?js)"/.exec(fs.readFileSync(real, 'latin1'))?.[1];
    if (target) return path.resolve(path.dirname(shim), target);
    if (/^#!.*\bnode\b/.test(fs.readFileSync(real, 'latin1').slice(0, 80))) return real;
  }
  return null;
}

function* foldersUp(from: string): Generator<string> {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    yield folder;
    if (folder === path.dirname(folder)) return;
  }
}

/** First match of a name on a path, with the endings that the platform tries. */
export function onPath(name: string, searchPath: string, platform: NodeJS.Platform): string | null {
  const endings = platform === 'win32' ? ['.exe', '.com', '.cmd', '.bat'] : [''];
  for (const folder of searchPath.split(platform === 'win32' ? ';' : ':')) {
    if (!folder) continue;
    for (const ending of endings) {
      const file = path.join(folder, /\.\w+$/.test(name) && platform === 'win32' ? name : name + ending);
      if (isFile(file)) return file;
    }
  }
  return null;
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
