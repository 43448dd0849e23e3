import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonJoblib } from '../../../src/strategies/python/joblib';
import { COMMON, describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonJoblib,
  folder: __dirname,
  options: {},
  shared: [...COMMON, 'element-read-and-written', 'script-without-guard', 'method-with-fields', 'objects-changed-in-place'],
  marker: 'Parallel(',
  python: () => findToolchains().tools,
  ways: [{ name: 'as many as there are cores' }],
};

describeRewrites(suite);
describeRandom(suite, 12);
describePage(suite, 'for y in range');
