import assert from 'node:assert/strict';
import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { toolchain } from '../../support/toolchains';
import { compare, kernels } from '../python-kernel/native';

describe('python/c-extension: kernels', function () {
  this.timeout(600_000);

  it('give what Python gives, all of it computed in C', async function () {
    const python = toolchain(this, 'tools');
    const outcomes = await compare(pythonCExtension, kernels(['collatz', 'edits', 'histogram', 'quadrature', 'stencil']), python);
    for (const [name, outcome] of outcomes) {
      assert.equal(outcome.status, 'equal', `${name}: ${JSON.stringify(outcome)}`);
      if (outcome.status === 'equal') assert.deepEqual([name, outcome.native], [name, outcome.turns]);
    }
    assert.equal(outcomes.size, 5);
  });
});
