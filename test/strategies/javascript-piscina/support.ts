/** Runs the strategy on programs in folders, through a real session, and the programs in a real Node. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import ts from 'typescript';
import type { LoopReport, Range } from '../../../src/analysis/report';
import { applyEdits } from '../../../src/edit/edit';
import { Session } from '../../../src/session/session';
import { piscina } from '../../../src/strategies/javascript/piscina';
import type { StrategyContext } from '../../../src/strategies/types';

const CHECKOUT = path.resolve(__dirname, '../../..');

/** A scratch folder with the given files, in which the checkout's packages can be imported. */
export function scratch(files: Readonly<Record<string, string>>): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-piscina-')));
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  fs.symlinkSync(path.join(CHECKOUT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  return folder;
}

export function filesIn(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  const visit = (at: string): void => {
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const full = path.join(at, entry.name);
      if (entry.name === 'node_modules' || entry.name === 'dist') continue;
      if (entry.isDirectory()) visit(full);
      else files[path.relative(folder, full).split(path.sep).join('/')] = fs.readFileSync(full, 'utf8');
    }
  };
  visit(folder);
  return files;
}

export async function contextOf(folder: string, file: string, line: number, column?: number): Promise<{ loop: LoopReport; context: StrategyContext }> {
  const session = new Session({ root: folder });
  const loop = await session.loopOnLine(path.join(folder, file), line, column);
  return { loop, context: session.strategyContext(loop) };
}

export interface Rewritten {
  /** All files of the folder as they are afterwards. */
  readonly files: Record<string, string>;
  readonly region: Range;
  readonly notes: readonly string[];
}

/** The strategy's answer for the loop on a line: the files afterwards, or why not. */
export async function rewriteIn(folder: string, file: string, line: number, column?: number): Promise<Rewritten | { readonly why: string; readonly remedy?: string }> {
  const { context } = await contextOf(folder, file, line, column);
  const fits = piscina.applicability(context);
  if (!fits.ok) return { why: fits.why, ...(fits.remedy === undefined ? {} : { remedy: fits.remedy }) };
  const rewrite = piscina.rewrite(context);
  const files = filesIn(folder);
  for (const { path: changed, edits } of rewrite.edits) {
    const name = path.relative(folder, changed).split(path.sep).join('/');
    files[name] = applyEdits(files[name]!, edits);
  }
  for (const { path: added, text } of rewrite.newFiles) files[path.relative(folder, added).split(path.sep).join('/')] = text;
  return { files, region: rewrite.region, notes: fits.notes };
}

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program: TypeScript by tsx, or after a build into dist/ when the case asks for it. */
export async function run(folder: string, file: string, how: 'source' | 'build' = 'source', args: readonly string[] = []): Promise<Run> {
  if (how === 'build') {
    await build(folder);
    return node(folder, [path.join('dist', file.replace(/\.([cm]?)ts$/, '.$1js')), ...args]);
  }
  return node(folder, [...(/\.[cm]?ts$/.test(file) ? ['--import', 'tsx'] : []), file, ...args]);
}

async function build(folder: string): Promise<void> {
  const esbuild = await import('esbuild');
  const sources = Object.keys(filesIn(folder)).filter((f) => /\.[cm]?ts$/.test(f));
  const config = JSON.parse(fs.readFileSync(path.join(folder, 'tsconfig.json'), 'utf8')) as { compilerOptions: { module: string } };
  const format = config.compilerOptions.module.toLowerCase() === 'commonjs' ? 'cjs' : 'esm';
  await esbuild.build({ absWorkingDir: folder, entryPoints: sources, outdir: 'dist', format, platform: 'node', logLevel: 'silent' });
}

function node(cwd: string, args: readonly string[]): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const limit = setTimeout(() => child.kill('SIGKILL'), 120_000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, stdout, stderr });
    });
  });
}

export function remove(folder: string): void {
  fs.rmSync(path.join(folder, 'node_modules'), { force: true });
  fs.rmSync(folder, { recursive: true, force: true });
}

/** What the compiler says about the TypeScript files of a folder, by its own tsconfig.json. */
export function typeErrors(folder: string): string[] {
  const config = ts.readConfigFile(path.join(folder, 'tsconfig.json'), (file) => fs.readFileSync(file, 'utf8')).config as object;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const sources = Object.keys(filesIn(folder)).filter((f) => /\.[cm]?ts$/.test(f));
  const program = ts.createProgram(
    sources.map((f) => path.join(folder, f)),
    { ...options, noEmit: true, skipLibCheck: true, types: ['node'], target: options.target ?? ts.ScriptTarget.ES2022 },
  );
  return ts.getPreEmitDiagnostics(program).map((d) => `${d.file ? path.relative(folder, d.file.fileName) : ''}: ${ts.flattenDiagnosticMessageText(d.messageText, '\n')}`);
}
