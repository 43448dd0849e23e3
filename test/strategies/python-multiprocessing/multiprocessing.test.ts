import { pythonMultiprocessing } from '../../../src/strategies/python/multiprocessing';
import { COMMON, describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonMultiprocessing,
  folder: __dirname,
  options: { startMethod: 'forkserver' },
  shared: [...COMMON, 'method-with-fields', 'objects-changed-in-place'],
  marker: '.Pool(',
  python: () => ({ path: 'python3', why: null }),
  ways: [
    { name: 'forkserver' },
    { name: 'spawn', options: { startMethod: 'spawn' }, only: ['large-shared-value', 'exception-after-commits'] },
    { name: 'fork, two workers', options: { startMethod: 'fork', workers: 2 }, only: ['large-shared-value', 'exception-after-commits'] },
  ],
};

describeRewrites(suite);
describeRandom(suite, 12);
describePage(suite, 'for y in range');
