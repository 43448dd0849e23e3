/** Holds what a strategy needs against what an interpreter and the machine have. */
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { findTool, toolVersion } from '../measure/tools';
import type { Need } from '../strategies/types';
import type { PythonInfo } from './interpreters';

export interface Lack {
  readonly kind: Need['kind'];
  readonly message: string;
  /** The command that would mend it, for this interpreter. */
  readonly install: string;
}

/** `3.13.5t`: a `t` marks a build without the GIL. */
export function versionLabel(python: Pick<PythonInfo, 'version' | 'freeThreaded'>): string {
  return `${python.version ?? '?'}${python.freeThreaded ? 't' : ''}`;
}

/** What a Python strategy lacks on an interpreter, in the order of its needs; empty when it can run there. */
export async function lacksOf(needs: readonly Need[], python: PythonInfo): Promise<readonly Lack[]> {
  const lacks: Lack[] = [];
  for (const need of needs) {
    const message = await lackOf(need, python);
    if (message !== null) lacks.push({ kind: need.kind, message, install: installFor(need, python) });
  }
  return lacks;
}

async function lackOf(need: Need, python: PythonInfo): Promise<string | null> {
  switch (need.kind) {
    case 'interpreter':
      return interpreterLack(need, python);
    case 'package': {
      const version = python.modules.get(need.name);
      if (version === undefined) return `the package ${need.name} is not installed for Python ${versionLabel(python)}`;
      if (need.version && version && !satisfies(version, need.version)) return `it needs ${need.name} ${need.version}, and version ${version} is installed`;
      return null;
    }
    case 'tool': {
      const file = findTool(need.name, python.executable);
      if (file === null) return need.name === 'cc' ? 'there is no C compiler on the path' : `${need.name} is not on the path`;
      const version = need.version ? await toolVersion(file) : null;
      if (need.version && version && !satisfies(version, need.version)) return `it needs ${need.name} ${need.version}, and ${file} is ${version}`;
      return null;
    }
  }
}

function interpreterLack(need: Need, python: PythonInfo): string | null {
  if (python.version === null) return python.problem ?? `${need.name} does not start`;
  if (need.version && !satisfies(python.version, need.version)) return `it needs Python ${need.version}, and this is ${python.version}`;
  if (need.freeThreaded === true && !python.freeThreaded) return `it needs a Python without the GIL (a free-threaded build), and ${python.version} here has it`;
  if (need.freeThreaded === false && python.freeThreaded) return `it does not run on a free-threaded Python, and this is ${versionLabel(python)}`;
  return null;
}

/** The need's command with the interpreter that it is for: `pip` alone may belong to another one. */
export function installFor(need: Need, python: Pick<PythonInfo, 'path'>): string {
  const quoted = /\s/.test(python.path) ? `"${python.path}"` : python.path;
  return need.install.replace(/^(?:(?:python3?|py) -m )?pip3? install /, () => `${quoted} -m pip install `);
}

/** What a JavaScript strategy lacks in a folder, the first of it; null when it can run there. */
export function nodeLack(needs: readonly Need[], node: string | null, root: string): Lack | null {
  for (const need of needs) {
    const lack = (message: string): Lack => ({ kind: need.kind, message, install: need.install });
    if (need.kind === 'interpreter') {
      if (node === null) return lack(`${need.name} does not start`);
      if (need.version && !satisfies(node, need.version)) return lack(`it needs ${need.name} ${need.version}, and this is ${node}`);
    } else if (need.kind === 'package' && !resolves(need.name, root)) return lack(`the package ${need.name} is not installed`);
    else if (need.kind === 'tool' && findTool(need.name, null) === null) return lack(`${need.name} is not on the path`);
  }
  return null;
}

function resolves(name: string, root: string): boolean {
  try {
    createRequire(path.join(root, 'package.json')).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** `>=3.9`, `<3.14`, `==3.13.*`, or several with commas between them. Versions are compared number by number. */
export function satisfies(version: string, range: string): boolean {
  return range.split(',').every((part) => {
    const match = /^\s*(>=|<=|==|!=|>|<)?\s*v?([\d.]+)(\.\*)?\s*$/.exec(part);
    // Free text is for people: it cannot be held against anything.
    if (!match) return true;
    const [, operator = '>=', wanted] = match;
    const order = compare(version, wanted!, match[3] !== undefined || operator === '==' || operator === '!=');
    switch (operator) {
      case '>=':
        return order >= 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '<':
        return order < 0;
      case '==':
        return order === 0;
      default:
        return order !== 0;
    }
  });
}

/** @param prefix only as many numbers count as `right` has */
function compare(left: string, right: string, prefix: boolean): number {
  const [a, b] = [left, right].map((v) => v.split('.').filter(Boolean).map((part) => Number.parseInt(part, 10))) as [number[], number[]];
  const length = prefix ? b.length : Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
