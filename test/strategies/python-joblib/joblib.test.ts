import { findToolchains } from '../../../scripts/setup-python.mjs';
import { pythonJoblib } from '../../../src/strategies/python/joblib';
import { describePage, describeRandom, describeRewrites, type PoolSuite } from '../python-pools/suite';

const suite: PoolSuite = {
  strategy: pythonJoblib,
  folder: __dirname,
  options: {},
  shared: [
    'ordered-collect',
    'element-read-and-written',
    'script-without-guard',
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
  marker: 'Parallel(',
  python: () => findToolchains().tools,
  ways: [{ name: 'as many as there are cores' }],
};

describeRewrites(suite);
describeRandom(suite, 12);
describePage(suite, 'for y in range');
