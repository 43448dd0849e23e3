import { pythonMultiprocessing } from '../../../src/strategies/python/multiprocessing';
import { describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonMultiprocessing,
  folder: __dirname,
  options: { startMethod: 'forkserver' },
  shared: [
    'ordered-collect',
    'several-lists',
    'element-write:dict',
    'rows-written-in-place',
    'nested-float-sum',
    'argmax',
    'visible-after:unbound',
    'comprehension-condition',
    'filtered-items-stay-themselves',
    'set-and-dict-comprehension:both',
    'sum-of-generator:nested',
    'map-call',
    'method-with-fields',
    'nested-function-lifted',
    'module-level-script',
    'large-shared-value',
    'objects-changed-in-place',
    'exception-after-commits',
    'unsized-iterables:zip',
    'crlf-and-tabs',
    'early-commit',
  ],
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
