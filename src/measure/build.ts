/**
 * Builds what a candidate needs before it can run: its new files are written to scratch, the commands of its build run there, and the
 * module that they make is kept by the contents of all that went into it. Nothing is written beside the person's files.
 */
import { createHash, randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CancelledError } from '../analysis/cancellation';
import { cacheDir } from './cache';
import { plainEnv, pythonInterpreter, type Interpreter } from './interpreter';
import { problemOf, run } from './run';
import { findTool, toolVersion } from './tools';
import type { BuiltModules, Candidate, MeasureOptions } from './types';

/** A compiler that takes longer hangs. */
const LIMIT_MS = 15 * 60_000;
/** Builds that are kept: what was used least recently goes. */
const MOST_KEPT = 60;

/** A command that failed: the message says which, with the end of its output. */
export class BuildError extends Error {
  override readonly name = 'BuildError';
}

type BuildOptions = Pick<MeasureOptions, 'python' | 'token' | 'onProgress'>;

/**
 * The modules of a candidate, built now or taken from an earlier build of the same files by the same tools.
 * @returns null when the candidate needs no build
 * @throws BuildError; CancelledError. Neither leaves a process or a file.
 */
export async function buildCandidate(candidate: Candidate, options: BuildOptions): Promise<BuiltModules | null> {
  const steps = candidate.build ?? [];
  if (steps.length === 0) return null;
  const python = await pythonInterpreter(options.python);
  const sources = sourcesOf(candidate);
  const tools = new Map<string, string>();
  for (const { title, command } of steps) tools.set(command[0]!, toolOf(title, command[0]!, python.executable));
  const key = await keyOf(candidate, sources, [python.executable, python.version, ...tools.values()]);
  const root = path.join(cacheDir(), 'builds');
  const final = path.join(root, key);
  const known = readBuilt(final);
  if (known) return known;

  fs.mkdirSync(root, { recursive: true });
  prune(root);
  const scratch = path.join(root, `part-${process.pid}-${randomUUID()}`);
  try {
    const started = performance.now();
    const target = path.join(scratch, 'target');
    const temporary = path.join(scratch, 'tmp');
    for (const folder of [target, temporary]) fs.mkdirSync(folder, { recursive: true });
    for (const { name, text } of sources.files) {
      const file = path.join(scratch, 'source', name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
    const env = buildEnv(python, temporary);
    for (const step of steps) {
      if (options.token.cancelled) throw new CancelledError();
      options.onProgress(step.title);
      const command = [tools.get(step.command[0]!)!, ...step.command.slice(1)].map((word) => word.replaceAll('{python}', python.executable).replaceAll('{target}', target));
      const cwd = path.join(scratch, 'source', sources.folder, step.cwd);
      fs.mkdirSync(cwd, { recursive: true });
      const result = await run({ command, cwd, env, timeoutMs: LIMIT_MS, token: options.token });
      if (result.ended === 'cancelled') throw new CancelledError();
      const problem = problemOf(result, LIMIT_MS);
      // Some compilers tell what is wrong on standard output.
      if (problem !== null) throw new BuildError(`${step.title} (${shown(step.command)}) ${problem}${result.stderr.tail.trim() ? '' : `:\n${result.stdout.tail.trim().slice(-2000)}`}`);
    }
    for (const { title, module } of steps) {
      if (!hasModule(target, module)) throw new BuildError(`${title}: the command ended well, but there is no module ${module} in its target folder`);
    }
    const seconds = (performance.now() - started) / 1000;
    for (const folder of [path.join(scratch, 'source'), temporary]) fs.rmSync(folder, { recursive: true, force: true });
    fs.writeFileSync(path.join(scratch, 'built.json'), JSON.stringify({ modules: [...new Set(steps.map(({ module }) => module))], seconds }));
    keep(scratch, final);
    return { ...readBuilt(final)!, cached: false };
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

interface Sources {
  /** New files by their path in the scratch folder's `source`. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** The changed file's folder, relative to `source`. */
  readonly folder: string;
}

/** The layout of the new files around the changed file's folder; some may lie above it. */
function sourcesOf(candidate: Candidate): Sources {
  const home = path.dirname(candidate.path);
  let top = home;
  const inside = (file: string) => !path.relative(top, file).startsWith('..');
  while (!candidate.newFiles.every(({ path: file }) => inside(file)) && path.dirname(top) !== top) top = path.dirname(top);
  return { files: candidate.newFiles.map(({ path: file, text }) => ({ name: path.relative(top, file), text })), folder: path.relative(top, home) };
}

/** `{python}` is the interpreter; a bare name is looked up; what has a folder in it is taken as it is. */
function toolOf(title: string, name: string, python: string): string {
  if (name.includes('{') || /[\\/]/.test(name)) return name;
  const file = findTool(name, python);
  if (file === null) throw new BuildError(`${title}: there is no ${name === 'cc' ? 'C compiler' : name} on the path`);
  return file;
}

async function keyOf(candidate: Candidate, sources: Sources, tools: readonly string[]): Promise<string> {
  const parts: unknown[] = [process.platform, process.arch, candidate.build, sources];
  for (const tool of tools) parts.push([tool, /[\\/]/.test(tool) && !tool.includes('{') ? `${stamp(tool)} ${await toolVersion(tool)}` : '']);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function stamp(file: string): string {
  try {
    const { size, mtimeMs } = fs.statSync(file);
    return `${size} ${mtimeMs}`;
  } catch {
    return 'gone';
  }
}

function buildEnv(python: Interpreter, temporary: string): Record<string, string | undefined> {
  const env = plainEnv();
  const name = process.platform === 'win32' && env.Path !== undefined ? 'Path' : 'PATH';
  return {
    ...env,
    // Tools that are installed with the interpreter are found by their names.
    [name]: `${path.dirname(python.executable)}${path.delimiter}${env[name] ?? ''}`,
    // What a compiler that is ended leaves behind goes with the scratch folder.
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    // Crates are compiled once for all loops; those that bind to Python once for each.
    CARGO_TARGET_DIR: env.CARGO_TARGET_DIR ?? path.join(cacheDir(), 'cargo', `${python.version}${python.freeThreaded ? 't' : ''}`),
    PYTHONDONTWRITEBYTECODE: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
  };
}

function hasModule(target: string, module: string): boolean {
  const parts = module.split('.');
  const name = parts.at(-1)!;
  const folders = parts.map((_, depth) => path.join(target, ...parts.slice(0, -1).slice(depth)));
  return folders.some((folder) => fs.existsSync(folder) && fs.readdirSync(folder).some((file) => file === name || file.startsWith(`${name}.`)));
}

function readBuilt(folder: string): BuiltModules | null {
  try {
    const built = JSON.parse(fs.readFileSync(path.join(folder, 'built.json'), 'utf8')) as Pick<BuiltModules, 'modules' | 'seconds'>;
    const now = new Date();
    fs.utimesSync(folder, now, now);
    return { ...built, target: path.join(folder, 'target'), cached: true };
  } catch {
    return null;
  }
}

/** Another process may have built the same meanwhile: its result stays. */
function keep(scratch: string, final: string): void {
  try {
    fs.renameSync(scratch, final);
  } catch (error) {
    if (!fs.existsSync(path.join(final, 'built.json'))) throw error;
  }
}

/** Removes what processes that are gone left half made, and the oldest builds. */
function prune(root: string): void {
  const entries = fs.readdirSync(root).map((name) => ({ name, file: path.join(root, name) }));
  const left = entries.filter(({ name }) => name.startsWith('part-') && !alive(Number(name.split('-')[1])));
  const whole = entries.filter(({ name }) => /^[0-9a-f]{32}$/.test(name)).sort((a, b) => mtime(b.file) - mtime(a.file));
  for (const { file } of [...left, ...whole.slice(MOST_KEPT)]) fs.rmSync(file, { recursive: true, force: true });
}

function mtime(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function shown(command: readonly string[]): string {
  const text = command.join(' ');
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
