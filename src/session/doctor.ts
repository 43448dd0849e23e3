/** Which strategies can run here, and the exact command that would make the others. */
import * as os from 'node:os';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { findPySpy } from '../measure/pyspy';
import type { MeasureOptions } from '../measure/types';
import type { DoctorReport, DoctorRow } from '../protocol/results';
import { strategies } from '../strategies';
import type { Need, Strategy } from '../strategies/types';
import { inspectNode, inspectPython, type PythonInfo } from './interpreters';
import type { Session } from './session';

interface Found {
  readonly python: PythonInfo;
  readonly node: string | null;
  readonly root: string;
}

export async function examine(session: Session, options: MeasureOptions): Promise<DoctorReport> {
  options.onProgress('asking the interpreters');
  const packages = strategies.filter((s) => s.meta.language === 'python').flatMap((s) => s.meta.needs.filter((n) => n.kind === 'package').map((n) => n.name));
  const [python, node, pySpy] = await Promise.all([inspectPython(options.python, packages), inspectNode(options.node), findPySpy(options)]);
  const found: Found = { python, node, root: session.root };
  return {
    python: { path: options.python, version: python.version },
    node: { path: options.node, version: node ?? 'does not start' },
    cores: os.availableParallelism(),
    profilers: [
      pySpy
        ? { name: 'py-spy', ok: true, message: pySpy, install: null }
        : { name: 'py-spy', ok: false, message: 'not there: a sampler inside the program takes its place, which slows it a little', install: `${options.python} -m pip install py-spy` },
      { name: 'node --cpu-prof', ok: node !== null, message: node === null ? 'there is no Node' : 'comes with Node', install: null },
    ],
    rows: strategies.map((strategy) => row(strategy, found)),
  };
}

function row(strategy: Strategy, found: Found): DoctorRow {
  const lacking = strategy.meta.needs.map((need) => lack(need, strategy.meta.language, found)).find((problem) => problem !== null);
  return {
    strategy: strategy.meta.id,
    title: strategy.meta.title,
    ok: !lacking,
    message: lacking?.message ?? 'can run here',
    install: lacking?.install ?? null,
  };
}

function lack(need: Need, language: 'python' | 'javascript', { python, node, root }: Found): { message: string; install: string | null } | null {
  switch (need.kind) {
    case 'interpreter': {
      const version = language === 'python' ? python.version : node;
      if (version === null) return { message: python.problem ?? `${need.name} does not start`, install: need.install };
      return need.version && !satisfies(version, need.version) ? { message: `it needs ${need.name} ${need.version}, and this is ${version}`, install: need.install } : null;
    }
    case 'package': {
      const there = language === 'python' ? python.modules.has(need.name) : resolves(need.name, root);
      return there ? null : { message: `the package ${need.name} is not installed`, install: need.install };
    }
    case 'tool':
      return null;
  }
}

function resolves(name: string, root: string): boolean {
  try {
    createRequire(path.join(root, 'package.json')).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** `>=3.9`, the only form that needs are stated in. Versions are compared number by number. */
export function satisfies(version: string, range: string): boolean {
  const wanted = range.replace(/^>=\s*/, '').split('.').map(Number);
  const has = version.split('.').map((part) => Number.parseInt(part, 10));
  for (const [i, n] of wanted.entries()) {
    if ((has[i] ?? 0) !== n) return (has[i] ?? 0) > n;
  }
  return true;
}
