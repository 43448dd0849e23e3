import assert from 'node:assert/strict';
import * as path from 'node:path';
import { machinePython } from '../../scripts/lib/pythons.mjs';
import { pythonMojo } from '../../src/strategies/python/mojo';
import { compare } from '../strategies/python-kernel/native';
import { EDGES, NATIVE } from '../strategies/python-kernel/programs';
import { holdRandom } from '../strategies/python-kernel/random';
import { toolchain } from '../support/toolchains';

describe('python/mojo: every kernel', function () {
  this.timeout(4 * 3_600_000);
  const own = process.env.PATH;

  // `mojo` is found as the product finds it: beside an interpreter of the cache.
  before(function () {
    process.env.PATH = `${path.dirname(toolchain(this, 'mojo'))}${path.delimiter}${own}`;
  });
  after(() => {
    process.env.PATH = own;
  });

  it('leaves to Python what it cannot do', async () => {
    const outcomes = await compare(pythonMojo, EDGES, machinePython()!.path);
    for (const [name, [native, turns]] of Object.entries(NATIVE)) assert.deepEqual([name, outcomes.get(name)], [name, { status: 'equal', turns, native, detail: '' }]);
  });

  it('of two thousand random expressions has the value that Python gives, or leaves it to Python', async () => {
    const held = await holdRandom(pythonMojo, machinePython()!.path, Number(process.env.RANDOM_KERNELS ?? 2000), Number(process.env.RANDOM_SEED ?? 5));
    console.log(`      ${held.kernels} kernels, ${held.native} of ${held.possible} values computed by the kernel, ${held.different.length} different`);
    assert.deepEqual(held.different, []);
    assert.ok(held.native > held.possible / 2, `${held.native} of ${held.possible}`);
  });
});
