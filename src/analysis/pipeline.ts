/** The passes in their order. */
import type { ImportSource, ModuleIR } from '../ir/ir';
import type { LanguageModels } from '../models/types';
import type { CancellationToken } from './cancellation';
import type { CaptureReport } from './captures';
import type { ModuleReport } from './report';

export interface AnalysisContext {
  readonly models: LanguageModels;
  /** The workspace module that an import names, lowered; null for libraries and what cannot be found. */
  resolve(source: ImportSource, from: string): ModuleIR | null;
  readonly token: CancellationToken;
}

/** Judges every loop of a module. */
export async function analyzeLoops(_module: ModuleIR, _context: AnalysisContext): Promise<ModuleReport> {
  throw new Error('not built yet');
}

/** Judges every value that the module hands to a worker. */
export async function analyzeCaptures(_module: ModuleIR, _context: AnalysisContext): Promise<readonly CaptureReport[]> {
  throw new Error('not built yet');
}
