/** Finds a loop in Python sources, rewrites it, and runs the original and the result in real interpreters. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { neverCancelled } from '../../../src/analysis/cancellation';
import { analyzeLoops } from '../../../src/analysis/pipeline';
import type { LoopReport } from '../../../src/analysis/report';
import { applyEdits } from '../../../src/edit/edit';
import { modelsFor } from '../../../src/models';
import { Documents } from '../../../src/session/documents';
import { resolveImport } from '../../../src/session/resolve';
import { SessionWorkspace } from '../../../src/session/workspace';
import { pythonProcessPool } from '../../../src/strategies/python/process-pool';
import type { Applicability, RewriteOptions, Rewrite, Strategy, StrategyContext } from '../../../src/strategies/types';

export interface Program {
  readonly directory: string;
  /** The file with the loop. */
  readonly file: string;
}

export interface Outcome {
  readonly loop: LoopReport;
  readonly fits: Applicability;
  /** The rewritten file, and the text of the region in it. */
  readonly after: string | null;
  readonly region: string | null;
  readonly rewrite: Rewrite | null;
}

/** Writes files into a directory of their own, which `release` removes. */
export function writeProgram(files: Readonly<Record<string, string>>, main: string): Program {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-')));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), text);
  }
  return { directory, file: path.join(directory, main) };
}

export function release(program: Program): void {
  fs.rmSync(program.directory, { recursive: true, force: true });
}

/**
 * Rewrites the loop whose source begins with `start` (the first one that does).
 * Loops that a session would refuse by their verdict come back with `fits.ok` false.
 */
export async function rewriteLoop(program: Program, start: string, options: Partial<RewriteOptions> = {}, strategy: Strategy = pythonProcessPool): Promise<Outcome> {
  const documents = new Documents();
  await documents.prepare(program.file);
  const sources = fs
    .readdirSync(program.directory, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.py'))
    .map((f) => path.join(program.directory, f));
  const workspace = new SessionWorkspace(documents, program.directory, () => sources);
  const module = documents.module(program.file)!;
  const text = documents.text(program.file)!;
  const report = await analyzeLoops(module, {
    models: modelsFor('python'),
    resolve(source, from) {
      const target = resolveImport(source, from, 'python', program.directory, documents);
      return target ? documents.module(target) : null;
    },
    token: neverCancelled,
  });
  const loop = report.loops.find((l) => text.slice(l.range.start).startsWith(start));
  if (!loop) throw new Error(`no loop begins with ${start}; there are: ${report.loops.map((l) => text.slice(l.range.start, l.range.start + 40).split('\n')[0]).join(' | ')}`);
  const context: StrategyContext = {
    loop,
    text,
    path: program.file,
    language: 'python',
    workspace,
    options: { workers: null, indent: '    ', target: '3.9', ...options },
  };
  const fits = strategy.applicability(context);
  if (!fits.ok) return { loop, fits, after: null, region: null, rewrite: null };
  const rewrite = strategy.rewrite(context);
  const after = applyEdits(text, rewrite.edits[0]!.edits);
  return { loop, fits, after, region: after.slice(rewrite.region.start, rewrite.region.end), rewrite };
}

export interface Run {
  readonly stdout: string;
  readonly exception: string | null;
  readonly code: number;
}

export const START_METHODS = ['fork', 'spawn', 'forkserver'] as const;

/** Sets the start method in the program's process before it runs; children get theirs from multiprocessing. */
const CUSTOMIZE = `
import os, sys
method = os.environ.get("TEST_START_METHOD")
if method:
    import multiprocessing
    multiprocessing.set_start_method(method, force=True)
`;

let customized: string | null = null;

function customizeDirectory(): string {
  if (!customized) {
    customized = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-site-'));
    fs.writeFileSync(path.join(customized, 'sitecustomize.py'), CUSTOMIZE);
  }
  return customized;
}

/** Runs a program from its own directory. `args`: what the interpreter is given. */
export async function run(program: Program, startMethod: string | null, python = 'python3', ...args: readonly string[]): Promise<Run> {
  const env = { ...process.env, PYTHONPATH: customizeDirectory(), PYTHONDONTWRITEBYTECODE: '1', PYTHONHASHSEED: '0', TEST_START_METHOD: startMethod ?? '' };
  try {
    const { stdout } = await promisify(execFile)(python, args.length > 0 ? args : [path.basename(program.file)], { cwd: program.directory, env, timeout: 60_000 });
    return { stdout, exception: null, code: 0 };
  } catch (error) {
    const failed = error as { stdout: string; stderr: string; code: number };
    if (typeof failed.stderr !== 'string') throw error;
    const last = failed.stderr.trim().split('\n').pop() ?? '';
    return { stdout: failed.stdout, exception: last, code: failed.code };
  }
}

/** The interpreters of this machine that the emitted code must suit, by version. */
export function interpreters(): { readonly version: string; readonly python: string }[] {
  const found = [{ version: 'default', python: 'python3' }];
  const pyenv = path.join(os.homedir(), '.pyenv', 'versions');
  for (const name of fs.existsSync(pyenv) ? fs.readdirSync(pyenv).sort() : []) {
    const match = /^3\.(\d+)/.exec(name);
    const python = path.join(pyenv, name, 'bin', 'python');
    if (match && Number(match[1]) >= 9 && fs.existsSync(python)) found.push({ version: name, python });
  }
  return found;
}
