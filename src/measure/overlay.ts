/**
 * Prepares a run: the candidate's texts in a scratch folder, the manifest that the harness reads, and the environment that
 * brings the harness into every process of the program.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { languageOf } from '../languages/frontend';
import type { Range } from '../analysis/report';
import { cacheDir } from './cache';
import { harnessPath } from './harness-path';
import { plainEnv } from './interpreter';
import { probeJavaScript } from './probe-js';
import { pythonPosition, type ProbeNames } from './probe-spec';
import type { BuiltModules, Candidate, Program } from './types';

export type Mode = 'none' | 'time' | 'verify' | 'sample' | 'profile';

interface ManifestFile {
  readonly path: string;
  /** The file in the scratch folder that holds the text. */
  readonly text: string;
  readonly new: boolean;
  readonly probe?: {
    readonly start: readonly [number, number];
    readonly end: readonly [number, number];
    readonly loop: readonly [readonly [number, number], readonly [number, number]] | null;
    readonly names: readonly string[];
    readonly dead: readonly string[];
    /** Names whose travel is measured before and after the loop (sample mode). */
    readonly enter: readonly string[];
    readonly leave: readonly string[];
    readonly order: IterationOrder | null;
  };
}

/** How the harness lets the loop's iterations run, to see whether they touch each other. */
export interface IterationOrder {
  /** `alone`: each from the state at the loop's entry, beside the run in order. The others are orders. */
  readonly how: 'alone' | 'reversed' | 'shuffled';
  /** Names, with the fields behind them, of lists that the loop only appends to: they are put into the header's order again. */
  readonly collects: readonly (readonly string[])[];
  /** What the loop folds into, as it is written: not held against what one iteration alone makes of it. */
  readonly folded: readonly string[];
}

/** A candidate's texts, written down once for all of its runs. */
export interface PreparedCandidate {
  readonly candidate: Candidate;
  readonly mode: Mode;
  readonly files: readonly ManifestFile[];
  /** What the probes cannot see here. */
  readonly limits: readonly string[];
  /** Why its iterations cannot be put into another order. */
  readonly unordered: readonly string[];
  /** Modules that were built for it; null when it needs none. */
  readonly built: BuiltModules | null;
}

export interface ProbeRequest {
  readonly names: ProbeNames;
  /** The loop in the candidate's text, when its iterations are to be counted (the original's only). */
  readonly loop: Range | null;
  /** Sample mode: what travels to the workers and back. */
  readonly travel?: { readonly enter: readonly string[]; readonly leave: readonly string[] };
  /** Verify mode: another order of the iterations. */
  readonly order?: IterationOrder;
}

/**
 * Writes a candidate's texts, with probes, into a folder.
 * @throws Error when the region holds no statement.
 */
export async function prepareCandidate(
  folder: string,
  candidate: Candidate,
  mode: Mode,
  probe: ProbeRequest | null,
  built: BuiltModules | null = null,
): Promise<PreparedCandidate> {
  const texts = path.join(folder, 'texts');
  fs.mkdirSync(texts, { recursive: true });
  const files: ManifestFile[] = [];
  const limits: string[] = [];
  const unordered: string[] = [];
  const add = async (file: string, text: string, isNew: boolean) => {
    const record = { path: file, text: path.join(texts, `${files.length}-${path.basename(file)}`), new: isNew };
    let written = text;
    if (probe && samePath(file, candidate.path)) {
      if (languageOf(file) === 'python') {
        files.push({ ...record, probe: pythonProbe(text, candidate.region, probe) });
        fs.writeFileSync(record.text, text);
        return;
      }
      const probed = await probeJavaScript(file, text, {
        region: candidate.region,
        loop: mode === 'verify' ? probe.loop : null,
        names: mode === 'verify' ? probe.names.names : mode === 'sample' ? (probe.travel?.leave ?? []) : null,
        sweep: mode === 'verify',
        enter: mode === 'sample' ? (probe.travel?.enter ?? []) : [],
        dead: mode === 'verify' ? probe.names.dead : [],
        order: probe.order ?? null,
      });
      if (!probed) throw new Error(`${file}: there is no statement where the loop should be`);
      limits.push(...probed.limits);
      if (probed.unordered !== null) unordered.push(probed.unordered);
      if (mode === 'verify' && probe.loop && !probed.counted) limits.push(UNCOUNTED);
      written = probed.text;
    }
    files.push(record);
    fs.writeFileSync(record.text, written);
  };
  for (const [file, text] of candidate.texts) await add(file, text, false);
  for (const file of candidate.newFiles) await add(file.path, file.text, true);
  return { candidate, mode, files, limits, unordered, built };
}

export const UNCOUNTED = 'iterations could not be counted';

function pythonProbe(text: string, region: Range, probe: ProbeRequest): NonNullable<ManifestFile['probe']> {
  return {
    start: pythonPosition(text, region.start),
    end: pythonPosition(text, region.end),
    loop: probe.loop ? [pythonPosition(text, probe.loop.start), pythonPosition(text, probe.loop.end)] : null,
    names: probe.names.names,
    dead: probe.names.dead,
    enter: probe.travel?.enter ?? [],
    leave: probe.travel?.leave ?? [],
    order: probe.order ?? null,
  };
}

function samePath(a: string, b: string): boolean {
  return real(a) === real(b);
}

function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

export interface OverlayRun {
  readonly prepared: PreparedCandidate;
  readonly program: Program;
  /** The source file that the program starts with; it may not be written either. */
  readonly entry: string | null;
  readonly maxEntries: number;
  /** Python: multiprocessing's default start method; null leaves it. */
  readonly startMethod: string | null;
  /** What pools take as the number of cores; null leaves it. */
  readonly workers: number | null;
}

export interface Overlay {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where the processes write their events. */
  readonly events: string;
}

/** Sets up one run of a prepared candidate in a folder of its own. */
export function prepareOverlay(folder: string, run: OverlayRun): Overlay {
  const events = path.join(folder, 'events');
  fs.mkdirSync(events, { recursive: true });
  const manifest = {
    mode: run.prepared.mode,
    files: run.prepared.files,
    protect: run.entry ? [run.entry] : [],
    roots: [...new Set([real(run.program.cwd), ...run.prepared.files.map((file) => path.dirname(real(file.path)))])],
    events,
    maxEntries: run.maxEntries,
    startMethod: run.startMethod,
    workers: run.workers,
    built: run.prepared.built ? { modules: run.prepared.built.modules, target: run.prepared.built.target } : null,
  };
  const file = path.join(folder, 'run.json');
  fs.writeFileSync(file, JSON.stringify(manifest));
  const base: Record<string, string | undefined> = { ...threadLimits(run.workers), ...plainEnv(), ...run.program.env };
  return { events, env: harnessEnv(base, file, run.prepared.mode === 'verify') };
}

/** What native code takes as the number of threads; a value that the person set stays. */
function threadLimits(workers: number | null): Record<string, string> {
  if (workers === null) return {};
  return Object.fromEntries(['OMP_NUM_THREADS', 'RAYON_NUM_THREADS', 'NUMBA_NUM_THREADS', 'LOKY_MAX_CPU_COUNT'].map((name) => [name, String(workers)]));
}

/** The environment that loads the harness: in Python by PYTHONPATH, in Node by NODE_OPTIONS. The person's own values stay behind it. */
export function harnessEnv(base: Readonly<Record<string, string | undefined>>, manifest: string, steady: boolean): Record<string, string | undefined> {
  const python = harnessPath('python');
  return {
    ...base,
    FANOUT_RUN: manifest,
    PYTHONPATH: base.PYTHONPATH ? `${python}${path.delimiter}${base.PYTHONPATH}` : python,
    // The person's __pycache__ is not touched; candidates' own texts are never cached at all.
    PYTHONPYCACHEPREFIX: path.join(cacheDir(), 'pycache'),
    // One order of sets and dicts of strings in all runs, in workers too: else a program would differ from itself.
    ...(steady && base.PYTHONHASHSEED === undefined ? { PYTHONHASHSEED: '0' } : {}),
    NODE_OPTIONS: `--require ${quoteNodeOption(harnessPath('node', 'register.cjs'))}${base.NODE_OPTIONS ? ` ${base.NODE_OPTIONS}` : ''}`,
  };
}

/** A path in NODE_OPTIONS: within double quotes a backslash escapes. */
export function quoteNodeOption(value: string): string {
  return /[\s"\\]/.test(value) ? `"${value.replace(/[\\"]/g, '\\$&')}"` : value;
}
