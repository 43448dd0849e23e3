import { quoted } from '../../edit/javascript';
import { strategyOf } from '../attempt';
import type { PoolDialect } from './dialect';
import { rewriteWithPool } from './rewrite';

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
export const piscina = strategyOf(
  {
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
  (context) => rewriteWithPool(context, PISCINA),
);
