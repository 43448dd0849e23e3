import { quoted } from '../../edit/javascript';
import type { Applicability, Rewrite, Strategy, StrategyContext } from '../types';
import type { PoolDialect } from './dialect';
import { rewriteWithPool } from './rewrite';
import { Refusal } from './refusal';

const PISCINA: PoolDialect = {
  package: { name: 'piscina', range: '^5.3.2' },
  binding: 'Piscina',
  create({ binding, file, task, data, workers, style }) {
    const options = [
      `filename: ${file}`,
      // Named here and not with each task: the workers look the function up when they start.
      `name: ${quoted(task, style)}`,
      ...(workers === null ? [] : [`maxThreads: ${workers}`]),
      ...(data === null ? [] : [`workerData: ${data}`]),
    ];
    const short = `new ${binding}({ ${options.join(', ')} })`;
    if (short.length <= 100) return [short];
    return [`new ${binding}({`, ...options.map((o) => `${style.indent}${o},`), '})'];
  },
  size: (pool) => `${pool}.maxThreads`,
  run: (pool) => [`${pool}.run(`, ')'],
  close: (pool) => `${pool}.close()`,
  data: { module: 'piscina', binding: 'workerData' },
};

/** Iterations in Node's worker threads, handed out in chunks by a Piscina pool that lives as long as the loop. */
export const piscina: Strategy & { readonly meta: { readonly id: 'javascript/piscina' } } = {
  meta: {
    id: 'javascript/piscina',
    language: 'javascript',
    title: 'Run in a Piscina pool of worker threads',
    summary: "Runs chunks of iterations in Node's worker threads, with copies of their values, and puts the results together in order.",
    memory: 'copied',
    needs: [
      { kind: 'interpreter', name: 'node', version: '>=20', install: 'https://nodejs.org/' },
      { kind: 'package', name: 'piscina', version: '^5.3.2', install: 'npm install piscina' },
    ],
  },

  applicability(context: StrategyContext): Applicability {
    try {
      return { ok: true, notes: rewriteWithPool(context, PISCINA).notes };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ok: false, why: error.why, ...(error.remedy ? { remedy: error.remedy } : {}) };
    }
  },

  rewrite(context: StrategyContext): Rewrite {
    return { ...rewriteWithPool(context, PISCINA).rewrite, notes: [] };
  },
};
