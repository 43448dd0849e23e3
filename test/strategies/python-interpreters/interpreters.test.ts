import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonInterpreters } from '../../../src/strategies/python/interpreters';
import { COMMON, describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonInterpreters,
  folder: __dirname,
  options: { target: '3.14' },
  shared: COMMON,
  marker: 'InterpreterPoolExecutor(',
  python: () => findToolchains().python314,
  ways: [{ name: 'as many as there are cores' }],
};

describeRewrites(suite);
describeRandom(suite, 20);
describePage(suite, 'for y in range');
