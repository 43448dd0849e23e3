/** How a JavaScript project runs: its module system, the names of its files once built, what package.json says. */
import * as path from 'node:path';
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import type { TextEdit } from '../../edit/edit';
import { lineEndOf } from '../../edit/source';
import type { Workspace } from '../types';
import { Refusal } from '../refusal';
import { baseName, type Source } from './syntax';

export interface Project {
  /** What runs: after the compiler, for TypeScript. */
  readonly system: 'esm' | 'commonjs';
  /** What is written: TypeScript may be written with `import` and run as CommonJS. */
  readonly syntax: 'esm' | 'commonjs';
  readonly manifest: { readonly path: string; readonly text: string; readonly json: Manifest } | null;
  readonly worker: WorkerFile;
  /** Top-level `await` is legal. */
  readonly topLevelAwait: boolean;
}

export interface WorkerFile {
  readonly path: string;
  /** As the worker is started by: the name of what runs. */
  readonly runsAs: string;
  /** As it is imported by the file beside it. */
  readonly specifier: string;
  /** As the file is imported from the worker. */
  readonly back: string;
}

interface Manifest {
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** @throws Refusal when it cannot be told how the file runs. */
export function readProject(source: Source, workspace: Workspace): Project {
  const manifest = nearest(source.path, 'package.json', workspace);
  const config = source.typescript ? readTsconfig(source.path, workspace) : null;
  const syntax = usesImports(source) ? 'esm' : usesRequire(source) ? 'commonjs' : null;
  const system = systemOf(source, manifest?.json ?? null, config, syntax);
  const written = syntax ?? system;
  return {
    system,
    syntax: written,
    manifest,
    worker: workerFile(source, workspace, system, written, manifest?.json ?? null, config),
    topLevelAwait: system === 'esm',
  };
}

function usesImports(source: Source): boolean {
  return source.program.body.some((s) => /^(?:Import|Export)/.test(s.type) || s.type === T.TSExportAssignment);
}

function usesRequire(source: Source): boolean {
  return /\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w/.test(source.text);
}

function systemOf(source: Source, manifest: Manifest | null, config: Tsconfig | null, syntax: 'esm' | 'commonjs' | null): 'esm' | 'commonjs' {
  const ending = path.extname(source.path).toLowerCase();
  if (ending === '.mjs' || ending === '.mts') return 'esm';
  if (ending === '.cjs' || ending === '.cts') return 'commonjs';
  const byType = manifest?.type === 'module' ? 'esm' : 'commonjs';
  if (!source.typescript) return syntax ?? byType;
  const target = config?.compilerOptions?.module?.toLowerCase();
  if (syntax === 'commonjs') return 'commonjs';
  if (target === 'commonjs') return 'commonjs';
  // A bundler or tsx goes by package.json, as Node does with the compiler's output.
  if (target === undefined || target.startsWith('node')) return byType;
  return byType === 'esm' || emits(config) ? 'esm' : byType;
}

interface Tsconfig {
  readonly path: string;
  readonly compilerOptions?: {
    readonly module?: string;
    readonly moduleResolution?: string;
    readonly outDir?: string;
    readonly noEmit?: boolean;
    readonly allowImportingTsExtensions?: boolean;
    readonly rewriteRelativeImportExtensions?: boolean;
    readonly erasableSyntaxOnly?: boolean;
  };
  readonly extends?: string;
}

function readTsconfig(file: string, workspace: Workspace): Tsconfig | null {
  const found = nearest(file, 'tsconfig.json', workspace);
  if (!found) return null;
  const own = found.json as Tsconfig;
  const base = typeof own.extends === 'string' && own.extends.startsWith('.') ? parseJson(workspace.read(path.resolve(path.dirname(found.path), own.extends.replace(/(\.json)?$/, '.json')))) : null;
  return { path: found.path, compilerOptions: { ...(base as Tsconfig | null)?.compilerOptions, ...own.compilerOptions } };
}

/** The compiler writes JavaScript that is what runs. */
function emits(config: Tsconfig | null): boolean {
  return config?.compilerOptions?.outDir !== undefined && config.compilerOptions.noEmit !== true;
}

/**
 * Whether TypeScript files run as they are (tsx, ts-node, Node's type stripping) or as the compiler's output. `noEmit`, imports of `.ts`
 * and scripts that start `.ts` files say the first; an `outDir` the second; without either, it depends on what the scripts start.
 */
function runsSources(manifest: Manifest | null, config: Tsconfig | null): boolean {
  const options = config?.compilerOptions;
  const scripts = Object.values(manifest?.scripts ?? {}).join('\n');
  if (options?.rewriteRelativeImportExtensions) return false;
  if (options?.noEmit || options?.allowImportingTsExtensions || options?.erasableSyntaxOnly) return true;
  const startsSources = /\b(?:tsx|ts-node|bun|deno|--experimental-strip-types)\b|\bnode\s+(?:-\S+\s+)*\S+\.[cm]?ts\b/.test(scripts);
  if (emits(config)) return startsSources && !/\btsc\b/.test(scripts);
  return startsSources || !/\btsc\b/.test(scripts);
}

function workerFile(source: Source, workspace: Workspace, system: 'esm' | 'commonjs', syntax: 'esm' | 'commonjs', manifest: Manifest | null, config: Tsconfig | null): WorkerFile {
  const directory = path.dirname(source.path);
  const ending = path.extname(source.path);
  const stem = baseName(source.path).slice(0, -ending.length);
  let own = ending.replace(/x$/, '');
  if (own === '.js') {
    const byType = manifest?.type === 'module' ? 'esm' : 'commonjs';
    if (byType !== system) own = system === 'esm' ? '.mjs' : '.cjs';
  }
  const free = (name: string): boolean => workspace.read(path.join(directory, name + own)) === null;
  let name = `${stem}.worker`;
  for (let n = 2; !free(name); n++) name = `${stem}.worker${n}`;
  if (!source.typescript) {
    return { path: path.join(directory, name + own), runsAs: name + own, specifier: `./${name}${own}`, back: `./${baseName(source.path)}` };
  }
  const built = own.replace('ts', 'js');
  const runsAs = name + (runsSources(manifest, config) ? own : built);
  const written = importEnding(source, own, config, syntax);
  return { path: path.join(directory, name + own), runsAs, specifier: `./${name}${written}`, back: `./${stem}${written}` };
}

/** How the file's own relative imports end: with `.js`, with `.ts`, or not at all; else as the compiler's options ask. */
function importEnding(source: Source, own: string, config: Tsconfig | null, syntax: 'esm' | 'commonjs'): string {
  for (const statement of source.program.body) {
    if (statement.type !== T.ImportDeclaration || !/^\.{1,2}\//.test(statement.source.value)) continue;
    const written = /\.[cm]?[jt]sx?$/.exec(statement.source.value)?.[0] ?? '';
    return written === '' ? '' : written.includes('t') ? own : own.replace('ts', 'js');
  }
  const options = config?.compilerOptions;
  if (options?.allowImportingTsExtensions || options?.rewriteRelativeImportExtensions) return own;
  const resolution = (options?.moduleResolution ?? options?.module ?? '').toLowerCase();
  if (resolution.startsWith('node1') || resolution === 'nodenext') return syntax === 'esm' ? own.replace('ts', 'js') : '';
  return '';
}

// ---------------------------------------------------------------------------------------------------------------------
// package.json

function nearest(file: string, name: string, workspace: Workspace): { path: string; text: string; json: Manifest } | null {
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const text = workspace.read(path.join(directory, name));
    if (text !== null) return { path: path.join(directory, name), text, json: (parseJson(text) ?? {}) as Manifest };
    if (path.dirname(directory) === directory) return null;
  }
}

/** JSON with comments and trailing commas, as tsconfig.json has them; null for what is neither. */
function parseJson(text: string | null): object | null {
  if (text === null) return null;
  const plain = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string: string | undefined) => string ?? '').replace(/,(\s*[}\]])/g, '$1');
  try {
    return JSON.parse(plain) as object;
  } catch {
    return null;
  }
}

/**
 * The edit that puts a package among `dependencies`, in the file's own formatting and in alphabetical order.
 * Null when it is there already. @throws Refusal when package.json is no JSON object.
 */
export function dependencyEdit(manifest: { readonly path: string; readonly text: string; readonly json: Manifest }, name: string, range: string): TextEdit | null {
  const { text, json } = manifest;
  if (json.dependencies?.[name] !== undefined || json.devDependencies?.[name] !== undefined) return null;
  const eol = lineEndOf(text);
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const entry = `${JSON.stringify(name)}: ${JSON.stringify(range)}`;
  const dependencies = /(?<=[{,]\s*)"dependencies"\s*:\s*\{/.exec(text);
  if (dependencies) {
    const open = dependencies.index + dependencies[0].length;
    const close = text.indexOf('}', open);
    const entries = [...text.slice(open, close).matchAll(/"((?:[^"\\]|\\.)*)"\s*:\s*"(?:[^"\\]|\\.)*"/g)];
    if (entries.length === 0) return { start: open, end: close, text: `${eol}${unit}${unit}${entry}${eol}${unit}` };
    const before = entries.find((e) => e[1]! > name);
    const gap = /^\s*/.exec(text.slice(open))![0];
    if (before) return { start: open + before.index, end: open + before.index, text: `${entry},${gap === '' ? ' ' : gap}` };
    const last = entries.at(-1)!;
    const end = open + last.index + last[0].length;
    return { start: end, end, text: `,${gap === '' ? ' ' : gap}${entry}` };
  }
  const close = text.lastIndexOf('}');
  const open = text.indexOf('{');
  if (close < 0 || open < 0) throw new Refusal(`${baseName(manifest.path)} is not a JSON object`);
  const block = `"dependencies": {${eol}${unit}${unit}${entry}${eol}${unit}}`;
  const body = text.slice(open + 1, close);
  const end = open + 1 + body.replace(/\s+$/, '').length;
  return { start: end, end: close, text: `${body.trim() === '' ? '' : ','}${eol}${unit}${block}${eol}` };
}
