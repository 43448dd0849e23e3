/** Which ways of running a loop are compared, on which interpreter each, and why the others are not. */
import * as path from 'node:path';
import { programName } from '../measure/interpreter';
import { onPath } from '../measure/program';
import type { FixOutcome } from '../protocol/results';
import type { BenchRow, LeftOut, MeasureOptions, Program, RewriteCost } from '../measure/types';
import { strategiesFor, strategyById } from '../strategies';
import type { Strategy } from '../strategies/types';
import { unifiedDiff, type Rewritten } from './diff';
import type { PythonInfo } from './interpreters';
import { versionLabel } from './needs';
import { UsageError, type BenchLoopRequest, type Session } from './session';
import { Toolchains } from './toolchains';

/** One way to run the loop. */
export interface Way {
  readonly outcome: Rewritten;
  /** The interpreter that runs it and the original beside it; null where the project's Node does, or nothing may be started. */
  readonly python: PythonInfo | null;
  /** Another interpreter than the selected one. */
  readonly other: boolean;
}

export interface Plan {
  /** The selected interpreter; null where none is started. */
  readonly selected: PythonInfo | null;
  readonly ways: readonly Way[];
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/** A version on which every strategy's code runs: asked for when no interpreter may be started. */
const NEWEST = '3.15';

/**
 * The ways that fit the loop and can run here.
 * @param options null: nothing is started, and every strategy is taken to find its interpreter
 * @throws UsageError when none is left, with all reasons
 */
export async function planComparison(session: Session, request: BenchLoopRequest, options: MeasureOptions | null): Promise<Plan> {
  const { loop, program } = request;
  const python = loop.module.language === 'python';
  const toolchains = python && options ? await Toolchains.of(selectedPython(program, options.python)) : null;
  const ways: Way[] = [];
  const leftOut: LeftOut[] = [];
  const notes: string[] = [];
  for (const id of request.strategies ?? strategiesFor(loop.module.language).map((s) => s.meta.id)) {
    const strategy = strategyById(id);
    if (!strategy) throw new UsageError(`there is no strategy ${id}`);
    const choice = toolchains && (await toolchains.choose(strategy));
    const outcome = await fixFor(session, request, strategy, choice?.ok ? choice.python : null, notes);
    if (!outcome.ok) {
      const hint = outcome.needsAssume ? ' (allow it with --assume: verifying checks it)' : '';
      leftOut.push({ strategy: id, why: `${outcome.why}${hint}`, because: 'loop', install: null });
    } else if (choice && !choice.ok) leftOut.push({ strategy: id, why: choice.message, because: 'toolchain', install: choice.install });
    else ways.push({ outcome, python: choice?.ok ? choice.python : null, other: choice?.ok === true && choice.other });
  }
  if (ways.length === 0) throw new UsageError(leftOut.map(leftOutText).join('\n') || 'no strategy fits this loop');
  return { selected: toolchains?.selected ?? null, ways, leftOut, notes };
}

/** `python/cython does not fit: …` */
export function leftOutText({ strategy, why, because, install }: LeftOut): string {
  return because === 'loop' ? `${strategy} does not fit: ${why}` : `${strategy} cannot run here: ${why}${install ? ` (\`${install}\`)` : ''}`;
}

/** The rewrite for the project's oldest version; where that is too old for the strategy, for the one that will run it. */
async function fixFor(session: Session, { loop, assume }: BenchLoopRequest, { meta }: Strategy, chosen: PythonInfo | null, notes: string[]): Promise<FixOutcome> {
  if (meta.language !== 'python') return session.fix(loop, meta.id, { assume });
  const freeThreaded = chosen ? chosen.freeThreaded : meta.needs.some((need) => need.freeThreaded === true);
  const first = await session.fix(loop, meta.id, { assume, over: { freeThreaded } });
  const version = chosen?.version ? minorOf(chosen.version) : NEWEST;
  if (first.ok || first.needsAssume || version === session.config.targetPython) return first;
  const second = await session.fix(loop, meta.id, { assume, over: { freeThreaded, target: version } });
  if (second.ok) notes.push(`${meta.id} is compared for Python ${version}; for the project's target, ${session.config.targetPython}, it does not fit: ${first.why}`);
  return second.ok ? second : first;
}

/** The interpreter that the program is started with: one that its command names, else the selected one. */
export function selectedPython(program: Program, python: string, platform: NodeJS.Platform = process.platform): string {
  const [first] = program.command;
  if (first === undefined || !/^python[\d.]*t?$/.test(programName(first))) return python;
  if (/[\\/]/.test(first)) return path.resolve(program.cwd, first);
  // `python` and `python3` mean the selected one; `python3.13` means that one.
  if (/^python[23]?$/.test(programName(first))) return python;
  return onPath(first, program.env?.PATH ?? process.env.PATH ?? process.env.Path ?? '', platform) ?? python;
}

/** The same program started by another interpreter, whatever way its command names one. */
export function programOn(program: Program, python: PythonInfo): Program {
  const [first, ...rest] = program.command;
  return first !== undefined && /^python[\d.]*t?$/.test(programName(first)) ? { ...program, command: [python.path, ...rest] } : program;
}

/** What a person has to carry with a rewrite. */
export function costOf(outcome: Rewritten, root: string): RewriteCost {
  const added = unifiedDiff(outcome, root).split('\n').filter((line) => /^\+(?!\+\+ )/.test(line));
  return {
    lines: added.length,
    newFiles: outcome.newFiles.length,
    dependencies: outcome.dependencies.map(({ name }) => name),
    build: (outcome.build ?? []).length > 0,
  };
}

/** Pools whose workers are started by the default method of the interpreter: what works under one can fail under another. */
export function startsByDefault(strategy: Strategy['meta']['id']): boolean {
  return strategy === 'python/process-pool' || strategy === 'python/multiprocessing';
}

/** Ways that run on the same interpreter, the selected one's first. */
export function byInterpreter(ways: readonly Way[]): readonly (readonly Way[])[] {
  const groups = new Map<string, Way[]>();
  for (const way of [...ways].sort((a, b) => Number(a.other) - Number(b.other))) {
    const key = way.other ? way.python!.executable : '';
    groups.set(key, [...(groups.get(key) ?? []), way]);
  }
  return [...groups.values()];
}

/** What a row says of an interpreter that is not the selected one: `3.13.5t`, or `3.11.7 in venv` where only the environment is another. */
export function otherPython({ other, python }: Way, selected: PythonInfo | null): Pick<BenchRow, 'python' | 'samePython'> {
  if (!other || !python) return {};
  const label = versionLabel(python);
  if (!selected || label !== versionLabel(selected)) return { python: label };
  return { python: `${label} in ${path.basename(python.prefix)}`, samePython: true };
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
