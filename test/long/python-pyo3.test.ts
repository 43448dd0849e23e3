import assert from 'node:assert/strict';
import * as path from 'node:path';
import { machinePython } from '../../scripts/lib/pythons.mjs';
import { cacheDir } from '../../src/measure/cache';
import { pythonPyO3 } from '../../src/strategies/python/pyo3';
import { holdRandom } from '../strategies/python-kernel/random';
import { toolchain } from '../support/toolchains';

describe('python/pyo3: two thousand random expressions', function () {
  this.timeout(3_600_000);
  const own = process.env.CARGO_TARGET_DIR;

  // PyO3 and rayon are compiled once for all modules.
  before(() => {
    process.env.CARGO_TARGET_DIR = own ?? path.join(cacheDir(), 'cargo');
  });
  after(() => {
    if (own === undefined) delete process.env.CARGO_TARGET_DIR;
  });

  it('have the value that Python gives, or leave it to Python', async function () {
    toolchain(this, 'cargo');
    const held = await holdRandom(pythonPyO3, machinePython()!.path, Number(process.env.RANDOM_KERNELS ?? 2000), Number(process.env.RANDOM_SEED ?? 5));
    console.log(`      ${held.kernels} kernels, ${held.native} of ${held.possible} values computed by the kernel, ${held.different.length} different`);
    assert.deepEqual(held.different, []);
    assert.ok(held.native > held.possible / 2, `${held.native} of ${held.possible}`);
  });
});
