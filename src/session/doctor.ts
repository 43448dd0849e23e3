/** Which strategies can run here, with which interpreter, and the exact command that would make the others. */
import * as os from 'node:os';
import { findPySpy } from '../measure/pyspy';
import type { MeasureOptions } from '../measure/types';
import type { DoctorReport, DoctorRow } from '../protocol/results';
import { strategies } from '../strategies';
import type { Strategy } from '../strategies/types';
import { inspectNode, type PythonInfo } from './interpreters';
import { nodeLack, versionLabel } from './needs';
import type { Session } from './session';
import { Toolchains } from './toolchains';

export async function examine(session: Session, options: MeasureOptions): Promise<DoctorReport> {
  options.onProgress('asking the interpreters');
  const [toolchains, node, pySpy] = await Promise.all([Toolchains.of(options.python), inspectNode(options.node), findPySpy(options)]);
  const rows: DoctorRow[] = [];
  for (const strategy of strategies) rows.push(strategy.meta.language === 'python' ? await pythonRow(strategy, toolchains) : nodeRow(strategy, node, session.root));
  const { selected } = toolchains;
  return {
    python: { path: options.python, version: selected.version === null ? null : versionLabel(selected) },
    pythons: (await toolchains.found()).map(named),
    node: { path: options.node, version: node ?? 'does not start' },
    cores: os.availableParallelism(),
    profilers: [
      pySpy
        ? { name: 'py-spy', ok: true, message: pySpy, install: null }
        : { name: 'py-spy', ok: false, message: 'not there: a sampler inside the program takes its place, which slows it a little', install: `${options.python} -m pip install py-spy` },
      { name: 'node --cpu-prof', ok: node !== null, message: node === null ? 'there is no Node' : 'comes with Node', install: null },
    ],
    rows,
  };
}

async function pythonRow(strategy: Strategy, toolchains: Toolchains): Promise<DoctorRow> {
  const { id, title } = strategy.meta;
  const choice = await toolchains.choose(strategy);
  if (!choice.ok) return { strategy: id, title, ok: false, message: choice.message, install: choice.install, interpreter: null };
  const { python, other } = choice;
  const message = other ? `can run here with Python ${versionLabel(python)} (${python.path})` : 'can run here';
  return { strategy: id, title, ok: true, message, install: null, interpreter: named(python) };
}

function nodeRow(strategy: Strategy, node: string | null, root: string): DoctorRow {
  const lack = nodeLack(strategy.meta.needs, node, root);
  return { strategy: strategy.meta.id, title: strategy.meta.title, ok: lack === null, message: lack?.message ?? 'can run here', install: lack?.install ?? null };
}

function named(python: PythonInfo): { readonly path: string; readonly version: string } {
  return { path: python.path, version: versionLabel(python) };
}
