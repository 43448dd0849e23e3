import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { toolchain } from '../../support/toolchains';
import { ARRAYS } from '../python-kernel/arrays';
import { checkArrays } from '../python-kernel/array-suite';

/** The others are in the long suite. */
const programs = ARRAYS.filter(({ name }) => ['stencil_2d', 'planes_3d', 'memory_view'].includes(name));

describe('python/c-extension: numpy arrays, array.array and memoryview', function () {
  this.timeout(600_000);

  it('give what they give in Python', async function () {
    await checkArrays(pythonCExtension, toolchain(this, 'tools'), programs);
  });
});
