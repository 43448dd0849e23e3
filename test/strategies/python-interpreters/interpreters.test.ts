import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonInterpreters } from '../../../src/strategies/python/interpreters';
import { describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonInterpreters,
  folder: __dirname,
  options: { target: '3.14' },
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
    'nested-function-lifted',
    'module-level-script',
    'large-shared-value',
    'exception-after-commits',
    'unsized-iterables:zip',
    'crlf-and-tabs',
    'early-commit',
  ],
  marker: 'InterpreterPoolExecutor(',
  python: () => findToolchains().python314,
  ways: [{ name: 'as many as there are cores' }],
};

describeRewrites(suite);
describeRandom(suite, 20);
describePage(suite, 'for y in range');
