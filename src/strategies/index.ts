/** Every strategy, in the order in which they are offered. */
import type { Language } from '../ir/ir';
import { piscina } from './javascript/piscina';
import { pythonAsyncio } from './python/asyncio';
import { pythonCExtension } from './python/c-extension';
import { pythonCython } from './python/cython';
import { pythonDask } from './python/dask';
import { pythonFreeThreads } from './python/free-threads';
import { pythonInterpreters } from './python/interpreters';
import { pythonJoblib } from './python/joblib';
import { pythonMojo } from './python/mojo';
import { pythonMultiprocessing } from './python/multiprocessing';
import { pythonNumba } from './python/numba';
import { pythonProcessPool } from './python/process-pool';
import { pythonPyO3 } from './python/pyo3';
import { pythonRay } from './python/ray';
import type { Strategy, StrategyId } from './types';

/** By id, so that the type checker refuses two of one name and an entry under another's. */
const byId = {
  'python/process-pool': pythonProcessPool,
  'python/multiprocessing': pythonMultiprocessing,
  'python/joblib': pythonJoblib,
  'python/interpreters': pythonInterpreters,
  'python/free-threads': pythonFreeThreads,
  'python/c-extension': pythonCExtension,
  'python/cython': pythonCython,
  'python/pyo3': pythonPyO3,
  'python/mojo': pythonMojo,
  'python/numba': pythonNumba,
  'python/ray': pythonRay,
  'python/dask': pythonDask,
  'python/asyncio': pythonAsyncio,
  'javascript/piscina': piscina,
} satisfies { readonly [Id in StrategyId]?: Strategy & { readonly meta: { readonly id: Id } } };

export const strategies: readonly Strategy[] = Object.values(byId);

/** The strategy of that id; null when there is none. */
export function strategyById(id: string): Strategy | null {
  return strategies.find((strategy) => strategy.meta.id === id) ?? null;
}

/** The strategies for a file's language, the default one first. */
export function strategiesFor(language: Language): readonly Strategy[] {
  const family = language === 'python' ? 'python' : 'javascript';
  return strategies.filter((strategy) => strategy.meta.language === family);
}

/** The strategy that is taken when none is named. */
export function defaultStrategy(language: Language): StrategyId {
  return language === 'python' ? 'python/process-pool' : 'javascript/piscina';
}
