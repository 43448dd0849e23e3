/** `python/process-pool`: concurrent.futures.ProcessPoolExecutor of the standard library. */
import { chunking, type Launch, type PoolStyle } from './pool';
import { poolStrategy } from './pool-strategy';
import { PROCESSES } from './world';

const style: PoolStyle<'python/process-pool'> = {
  meta: {
    id: 'python/process-pool',
    language: 'python',
    title: 'Run in a pool of processes (concurrent.futures)',
    summary: 'Runs the iterations in worker processes of the standard library, with copies of their values, and combines the results in order.',
    memory: 'copied',
    needs: [{ kind: 'interpreter', name: 'Python', version: '>=3.9', install: 'python.org, or the package manager of your system' }],
  },
  world: PROCESSES,
  launch(site, task, wanted): Launch {
    const callable = task.callable();
    const { workers } = site.options;
    const pool = site.unique('pool');
    const chunks = chunking(site, task.count, wanted);
    const executor = wanted.name('concurrent.futures', 'ProcessPoolExecutor');
    return {
      before: [chunks.line],
      scope: { call: { callee: executor, args: [...(workers === null ? [] : [`max_workers=${workers}`]), ...task.initializer] }, as: pool },
      call: { callee: `${pool}.map`, args: [callable, ...task.columns, `chunksize=${chunks.name}`] },
    };
  },
};

export const pythonProcessPool = poolStrategy(style);
