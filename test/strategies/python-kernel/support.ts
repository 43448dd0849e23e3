/** Finds the loops of a Python file and makes their kernels. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { neverCancelled } from '../../../src/analysis/cancellation';
import { analyzeLoops } from '../../../src/analysis/pipeline';
import type { LoopReport } from '../../../src/analysis/report';
import { modelsFor } from '../../../src/models';
import { Documents } from '../../../src/session/documents';
import { SessionWorkspace } from '../../../src/session/workspace';
import { buildKernel, type LoopKernel } from '../../../src/strategies/python/kernel/kernel';
import type { Recorded } from '../../../src/strategies/python/kernel/typing';
import { Refusal } from '../../../src/strategies/refusal';
import { Site } from '../../../src/strategies/python/site';
import type { RewriteOptions, StrategyContext } from '../../../src/strategies/types';

const OPTIONS: RewriteOptions = { workers: null, indent: '    ', target: '3.9' };

/** What a strategy is given for each loop of a file, in source order. */
export async function contextsOf(file: string): Promise<StrategyContext[]> {
  const documents = new Documents();
  await documents.prepare(file);
  const directory = path.dirname(file);
  const workspace = new SessionWorkspace(documents, directory, () => [file]);
  const module = documents.module(file)!;
  const text = fs.readFileSync(file, 'utf8');
  const { loops } = await analyzeLoops(module, { models: modelsFor('python'), resolve: () => null, token: neverCancelled });
  return loops.map((loop) => ({ loop, text, path: file, language: 'python', workspace, options: OPTIONS }));
}

export interface Analyzed {
  readonly loop: LoopReport;
  /** The kernel, or why there is none. */
  readonly outcome: LoopKernel | string;
}

/** The kernels of a file's loops. */
export async function analyzed(file: string): Promise<Analyzed[]> {
  return (await contextsOf(file)).map((context) => ({ loop: context.loop, outcome: kernelOf(context) }));
}

export function kernelOf(context: StrategyContext, recorded?: Recorded): LoopKernel | string {
  try {
    return buildKernel(new Site(context), recorded);
  } catch (error) {
    if (error instanceof Refusal) return error.why;
    throw error;
  }
}
