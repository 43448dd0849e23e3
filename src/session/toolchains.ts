/** Which interpreter runs which strategy: the selected one where it can, else another that is installed and has what is needed. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { cacheDir } from '../measure/cache';
import { thisSystem } from '../measure/system';
import { strategies } from '../strategies';
import type { Strategy } from '../strategies/types';
import { inspectPython, type PythonInfo } from './interpreters';
import { lacksOf, versionLabel, type Lack } from './needs';
import { pythonPlaces, type PythonSystem } from './python-places';

export type Choice =
  | { readonly ok: true; readonly python: PythonInfo; /** Another one than the selected. */ readonly other: boolean }
  | { readonly ok: false; readonly message: string; readonly install: string | null };

/** Interpreters at a time: each takes a core for a moment. */
const AT_ONCE = 3;

/** Answers by real path and time of change of the executable: a Python that is upgraded, or gets packages, is asked again. */
const known = new Map<string, Promise<PythonInfo>>();

/** Packages that any strategy asks about: all are looked for at once. */
const PACKAGES = [...new Set(strategies.flatMap(({ meta }) => (meta.language === 'python' ? meta.needs.filter((n) => n.kind === 'package').map((n) => n.name) : [])))];

function inspectOnce(python: string, packages: readonly string[] = PACKAGES): Promise<PythonInfo> {
  const key = [python, changed(python), ...packages].join('\0');
  let answer = known.get(key);
  if (!answer) known.set(key, (answer = inspectPython(python, packages)));
  return answer;
}

/** A package that is installed changes the folder that holds it. */
function changed(python: string): string {
  const environment = path.dirname(path.dirname(python));
  const folders = [python, ...['lib', 'Lib'].map((name) => path.join(environment, name))].flatMap((file) => {
    const inside = path.basename(file).toLowerCase() === 'lib' ? thisSystem.list(file).filter((name) => name.startsWith('python3')).map((name) => path.join(file, name, 'site-packages')) : [];
    return [file, ...inside, path.join(file, 'site-packages')];
  });
  return folders
    .map((file) => {
      try {
        return fs.statSync(file).mtimeMs;
      } catch {
        return '';
      }
    })
    .join(' ');
}

/** The Pythons of this machine, each asked once. Starts them: never in an untrusted workspace. */
export class Toolchains {
  private others: Promise<readonly PythonInfo[]> | null = null;

  constructor(
    readonly selected: PythonInfo,
    private readonly system: PythonSystem = thisSystem,
  ) {}

  static async of(python: string, system: PythonSystem = thisSystem): Promise<Toolchains> {
    return new Toolchains(await inspectOnce(python), system);
  }

  /** All but the selected one, in the order in which they are preferred; each under one of its names. */
  found(): Promise<readonly PythonInfo[]> {
    return (this.others ??= this.discover());
  }

  private async discover(): Promise<readonly PythonInfo[]> {
    const { platform, env, home } = this.system;
    const cache = cacheDir(platform, env, home);
    const places = pythonPlaces(this.system).filter((file) => isWholeEntry(file, cache) && fs.existsSync(file));
    const answers: PythonInfo[] = [];
    for (let i = 0; i < places.length; i += AT_ONCE) answers.push(...(await Promise.all(places.slice(i, i + AT_ONCE).map((python) => inspectOnce(python)))));
    const identity = ({ prefix, version, freeThreaded }: PythonInfo) => `${prefix} ${version} ${freeThreaded}`;
    const seen = new Set([identity(this.selected)]);
    return answers.filter((python) => python.version !== null && !seen.has(identity(python)) && seen.add(identity(python)));
  }

  /** The interpreter for a strategy, or what would have to be installed for it. */
  async choose(strategy: Strategy): Promise<Choice> {
    const { needs } = strategy.meta;
    // A selected one that does not start is a mistake to mend, not to work around.
    if (this.selected.version === null) return { ok: false, message: this.selected.problem ?? `${this.selected.path} does not start`, install: needs[0]?.install ?? null };
    const packages = needs.filter(({ kind }) => kind === 'package').map(({ name }) => name);
    const unasked = packages.some((name) => !PACKAGES.includes(name));
    const lacksOn = async (python: PythonInfo) => lacksOf(needs, unasked && python.version !== null ? await inspectOnce(python.path, packages) : python);
    const here = await lacksOn(this.selected);
    if (here.length === 0) return { ok: true, python: this.selected, other: false };
    let nearest = { python: this.selected, lacks: here };
    for (const python of await this.found()) {
      const lacks = await lacksOn(python);
      if (lacks.length === 0) return { ok: true, python, other: true };
      if (distance(lacks) < distance(nearest.lacks)) nearest = { python, lacks };
    }
    return { ok: false, message: lackText(nearest.lacks, nearest.python, this.selected), install: installAll(nearest.lacks) };
  }
}

/** One command where all that is lacking are packages; what has to be got in several ways is listed in order. */
function installAll(lacks: readonly Lack[]): string {
  const installs = [...new Set(lacks.map(({ install }) => install))];
  const pip = installs.map((install) => /^(.* -m pip install )(.*)$/.exec(install));
  if (pip.every((match) => match !== null && match[1] === pip[0]![1])) return pip[0]![1]! + pip.map((match) => match![2]).join(' ');
  return installs.join(' && ');
}

/** Another interpreter is more to get than a package is. */
function distance(lacks: readonly Lack[]): number {
  return lacks.reduce((sum, { kind }) => sum + (kind === 'interpreter' ? 100 : 1), 0);
}

function lackText(lacks: readonly Lack[], python: PythonInfo, selected: PythonInfo): string {
  const what = lacks.map(({ message }) => message).join('; ');
  if (lacks.some(({ kind }) => kind === 'interpreter')) return `${what}; no other Python that does was found`;
  return python === selected ? what : `${what} (${versionLabel(python)} is ${python.path})`;
}

/** Entries of Fanout's cache count when they are whole. */
function isWholeEntry(file: string, cache: string): boolean {
  const entry = path.dirname(path.dirname(file));
  return path.dirname(entry) !== cache || fs.existsSync(path.join(entry, '.complete'));
}
