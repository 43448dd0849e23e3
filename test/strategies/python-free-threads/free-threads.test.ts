import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonFreeThreads } from '../../../src/strategies/python/free-threads';
import { describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonFreeThreads,
  folder: __dirname,
  options: { target: '3.13', freeThreaded: true },
  shared: [
    'ordered-collect',
    'inner-products',
    'nested-append',
    'script-without-guard',
    'lambda-lifted',
    'method-calling-methods',
    'unsized-iterables:items',
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
  own: { 'lambdas-and-files': 'for word in', 'the-objects-themselves': 'for a, b in' },
  marker: 'ThreadPoolExecutor(',
  python: () => findToolchains().freeThreaded,
  ways: [{ name: 'four threads', options: { workers: 4 } }],
};

describeRewrites(suite);
describeRandom(suite, 40);
describePage(suite, 'for y in range');
