import * as path from 'node:path';
import { pythonCExtension } from '../../src/strategies/python/c-extension';
import { pythonCython } from '../../src/strategies/python/cython';
import { pythonNumba } from '../../src/strategies/python/numba';
import { checkArrays, checkBuiltArrays } from '../strategies/python-kernel/array-suite';
import * as mojo from '../strategies/python-mojo/support';
import * as pyo3 from '../strategies/python-pyo3/support';
import { toolchain } from '../support/toolchains';

describe('numpy arrays, array.array, memoryview and complex numbers give what they give in Python', function () {
  this.timeout(3_600_000);
  const own = process.env.PATH;
  afterEach(() => {
    process.env.PATH = own;
  });

  for (const strategy of [pythonCExtension, pythonCython, pythonNumba]) {
    it(strategy.meta.id, async function () {
      await checkArrays(strategy, toolchain(this, 'tools'));
    });
  }

  it('python/pyo3', async function () {
    toolchain(this, 'cargo');
    await checkBuiltArrays(pyo3.build, toolchain(this, 'tools'));
  });

  it('python/mojo', async function () {
    const python = toolchain(this, 'tools');
    // `mojo` is found as the product finds it: beside an interpreter of the cache.
    process.env.PATH = `${path.dirname(toolchain(this, 'mojo'))}${path.delimiter}${own}`;
    await checkBuiltArrays(mojo.build, python);
  });
});
