import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonFreeThreads } from '../../../src/strategies/python/free-threads';
import { COMMON, describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonFreeThreads,
  folder: __dirname,
  options: { target: '3.13', freeThreaded: true },
  shared: [...COMMON, 'inner-products', 'nested-append', 'script-without-guard', 'lambda-lifted', 'method-calling-methods', 'unsized-iterables:items', 'method-with-fields', 'objects-changed-in-place'],
  own: { 'lambdas-and-files': 'for word in', 'the-objects-themselves': 'for a, b in' },
  marker: 'ThreadPoolExecutor(',
  python: () => findToolchains().freeThreaded,
  ways: [{ name: 'four threads', options: { workers: 4 } }],
};

describeRewrites(suite);
describeRandom(suite, 40);
describePage(suite, 'for y in range');
