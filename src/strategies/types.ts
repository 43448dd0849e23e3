/** What a strategy is: one way to run a loop in parallel. One file a strategy; `index.ts` lists them. */
import type { LoopReport, Range } from '../analysis/report';
import type { FileEdit, NewFile } from '../edit/edit';
import type { Language, ModuleIR } from '../ir/ir';

/** How Python's multiprocessing starts its workers. */
export const START_METHODS = ['fork', 'spawn', 'forkserver'] as const;
export type StartMethod = (typeof START_METHODS)[number];

export type StrategyId = `${'python' | 'javascript'}/${string}`;

export interface StrategyMeta {
  readonly id: StrategyId;
  readonly language: 'python' | 'javascript';
  readonly title: string;
  /** One sentence: what it does, for whom. */
  readonly summary: string;
  /** Runs iterations in separate processes or threads with copies of their values, or shares memory. */
  readonly memory: 'copied' | 'shared';
  /** It takes loops that `await`: that other code runs between two iterations is no obstacle to it. */
  readonly awaits?: boolean;
  /** What must be there to run it: an interpreter, packages, a compiler. Shown by `fanout doctor`. */
  readonly needs: readonly Need[];
}

export interface Need {
  readonly kind: 'interpreter' | 'package' | 'tool';
  readonly name: string;
  /** `>=3.14`, or several such parts with commas between them. */
  readonly version?: string;
  /** An interpreter built without the GIL (PEP 703) is needed; with `false`, one that has it. */
  readonly freeThreaded?: boolean;
  /** The command that would install it, as one would type it. */
  readonly install: string;
}

/** Reads other files of the workspace for a rewrite (callers, package.json). */
export interface Workspace {
  /** Text as it is in the editor, else on disk; null when there is none. */
  read(path: string): string | null;
  /** Lowered form of a module of the workspace; null when it cannot be had. */
  module(path: string): ModuleIR | null;
  /** Modules of the workspace that import this one. */
  importers(path: string): readonly ModuleIR[];
  /** Calls of a function as far as they can be seen; `complete` is false when others may exist (exported API, escaping reference). */
  callers(path: string, functionId: string): { readonly sites: readonly CallSite[]; readonly complete: boolean; readonly why?: string };
}

export interface CallSite {
  readonly path: string;
  /** The function that holds the call. */
  readonly function: string;
  /** Absolute range of the call expression. */
  readonly start: number;
  readonly end: number;
}

export interface StrategyContext {
  readonly loop: LoopReport;
  readonly text: string;
  readonly path: string;
  readonly language: Language;
  readonly workspace: Workspace;
  readonly options: RewriteOptions;
}

export interface RewriteOptions {
  /** Number of workers to write into the code; null lets the pool choose. */
  readonly workers: number | null;
  /** Indentation unit when the file shows none. */
  readonly indent: string;
  /** Version of the interpreter the code must run on: `3.9`, `20`. */
  readonly target: string;
  /** Python: the file is the program's entry script. Undefined when not known: guess from `__main__` guard and importers. */
  readonly entry?: boolean;
  /** Python: the interpreter is a free-threaded build. Undefined when it is not known. */
  readonly freeThreaded?: boolean;
  /** Python: how `python/multiprocessing` starts its workers; undefined takes what is safe on the platform. */
  readonly startMethod?: StartMethod;
  /** The system that the code will run on, as `process.platform` names it; undefined is this one. */
  readonly platform?: string;
}

export type Applicability =
  | { readonly ok: true; /** What the fix changes besides the loop, in words. */ readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string; /** A change that would make it fit. */ readonly remedy?: string };

export interface Rewrite {
  readonly edits: readonly FileEdit[];
  readonly newFiles: readonly NewFile[];
  /** Packages that the result needs, with a version range, and the file that declares them. */
  readonly dependencies: readonly { readonly name: string; readonly range: string }[];
  /** Told to the person beside the diff. */
  readonly notes: readonly string[];
  /** What must be run, in order, before the program can start: a compiler. Absent when nothing has to. */
  readonly build?: readonly BuildStep[];
  /**
   * Where the loop now runs, as a range of whole statements in the main file's text *after* the edits: from the first statement that
   * can only be reached by entering the loop (making the pool included) to the last one after which its results are usable.
   * Verification and benchmarks put their probes around it.
   */
  readonly region: Range;
}

/** A command that makes something out of the rewrite's new files. No shell is used to start it. */
export interface BuildStep {
  /** In words, for progress and errors: `compiling the C extension`. */
  readonly title: string;
  /** `{python}` stands for the interpreter that will run the program, `{target}` for the folder in which Python must find the module. */
  readonly command: readonly string[];
  /** The folder in which it runs, relative to the changed file's; the new files are there. */
  readonly cwd: string;
  /** Name of the module that it makes, as the changed file imports it. */
  readonly module: string;
}

export interface Strategy {
  readonly meta: StrategyMeta;
  applicability(context: StrategyContext): Applicability;
  /** Only called when `applicability` says ok. */
  rewrite(context: StrategyContext): Rewrite;
}
