/** Launch configurations as programs. Plain data in and out: does not import `vscode`. */
import * as path from 'node:path';
import type { Program } from '../measure/types';

export interface NamedProgram {
  readonly name: string;
  readonly program: Program;
}

export interface LaunchVariables {
  readonly workspaceFolder: string;
  /** The file at hand, if there is one. */
  readonly file: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * What a launch configuration would start; null for those that attach, that are of another kind, or that hold a variable which only the
 * debugger can fill.
 */
export function programOf(configuration: unknown, variables: LaunchVariables): NamedProgram | null {
  const c = configuration as Record<string, unknown> | null;
  if (!c || typeof c !== 'object' || c.request !== 'launch') return null;
  const kind = c.type === 'python' || c.type === 'debugpy' ? 'python' : c.type === 'node' || c.type === 'pwa-node' ? 'node' : null;
  if (!kind) return null;
  const args = list(c.args);
  const runtimeArgs = list(c.runtimeArgs);
  if (!args || !runtimeArgs) return null;
  const command = [kind === 'node' && typeof c.runtimeExecutable === 'string' ? c.runtimeExecutable : kind];
  if (kind === 'python' && typeof c.module === 'string') command.push('-m', c.module);
  else if (typeof c.program === 'string') command.push(...runtimeArgs, c.program);
  else if (kind === 'node' && typeof c.runtimeExecutable === 'string' && runtimeArgs.length > 0) command.push(...runtimeArgs);
  else return null;
  command.push(...args);
  const filled = command.map((word) => fill(word, variables));
  const cwd = fill(typeof c.cwd === 'string' ? c.cwd : '${workspaceFolder}', variables);
  const env = entries(c.env).map(([key, value]) => [key, fill(value, variables)] as const);
  if (cwd === null || filled.includes(null) || env.some(([, value]) => value === null)) return null;
  return {
    name: typeof c.name === 'string' ? c.name : filled.join(' '),
    program: {
      command: filled as string[],
      cwd: path.resolve(variables.workspaceFolder, cwd),
      ...(env.length > 0 ? { env: Object.fromEntries(env as [string, string][]) } : {}),
    },
  };
}

function list(value: unknown): string[] | null {
  if (value === undefined) return [];
  return Array.isArray(value) && value.every((x) => typeof x === 'string') ? value : null;
}

function entries(value: unknown): [string, string][] {
  return value && typeof value === 'object' ? Object.entries(value).flatMap(([k, v]) => (typeof v === 'string' ? [[k, v] as [string, string]] : [])) : [];
}

/** Fills VS Code's variables in; null when one of them cannot be known here. */
export function fill(text: string, { workspaceFolder, file, env }: LaunchVariables): string | null {
  let known = true;
  const unknown = () => {
    known = false;
    return '';
  };
  const of = (value: string | null | undefined) => value ?? unknown();
  const out = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name.startsWith('env:')) return env[name.slice(4)] ?? '';
    switch (name) {
      case 'workspaceFolder':
      case 'workspaceRoot':
        return workspaceFolder;
      case 'workspaceFolderBasename':
        return path.basename(workspaceFolder);
      case 'file':
        return of(file);
      case 'relativeFile':
        return of(file && path.relative(workspaceFolder, file));
      case 'fileDirname':
        return of(file && path.dirname(file));
      case 'fileBasename':
        return of(file && path.basename(file));
      case 'fileBasenameNoExtension':
        return of(file && path.parse(file).name);
      case 'pathSeparator':
      case '/':
        return path.sep;
      default:
        return unknown();
    }
  });
  return known ? out : null;
}
