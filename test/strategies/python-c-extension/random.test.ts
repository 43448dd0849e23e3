import assert from 'node:assert/strict';
import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { toolchain } from '../../support/toolchains';
import { holdRandom } from '../python-kernel/random';

describe('python/c-extension: random expressions', function () {
  this.timeout(600_000);

  it('have the value that Python gives, or leave it to Python', async function () {
    const held = await holdRandom(pythonCExtension, toolchain(this, 'tools'), Number(process.env.RANDOM_KERNELS ?? 60), Number(process.env.RANDOM_SEED ?? 5));
    assert.deepEqual(held.different, []);
    // Most values are the kernel's own: a kernel that always gives up would be right as well.
    assert.ok(held.native > held.possible / 2, `${held.native} of ${held.possible}`);
  });
});
