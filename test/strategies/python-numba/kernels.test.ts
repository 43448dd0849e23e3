import assert from 'node:assert/strict';
import { pythonNumba } from '../../../src/strategies/python/numba';
import { toolchain } from '../../support/toolchains';
import { compare, kernels } from '../python-kernel/native';

describe('python/numba: kernels', function () {
  this.timeout(600_000);

  it('give what Python gives, all of it computed by compiled code', async function () {
    const python = toolchain(this, 'tools');
    const outcomes = await compare(pythonNumba, kernels(['edits', 'collatz']), python);
    for (const [name, outcome] of outcomes) {
      assert.equal(outcome.status, 'equal', `${name}: ${JSON.stringify(outcome)}`);
      if (outcome.status === 'equal') assert.deepEqual([name, outcome.native], [name, outcome.turns]);
    }
    assert.equal(outcomes.size, 2);
  });
});
