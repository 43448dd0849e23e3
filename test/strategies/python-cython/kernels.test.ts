import assert from 'node:assert/strict';
import { pythonCython } from '../../../src/strategies/python/cython';
import { toolchain } from '../../support/toolchains';
import { compare, kernels } from '../python-kernel/native';

describe('python/cython: kernels', function () {
  this.timeout(600_000);

  it('give what Python gives, all of it computed in Cython', async function () {
    const python = toolchain(this, 'tools');
    const outcomes = await compare(pythonCython, kernels(['histogram']), python);
    assert.deepEqual([...outcomes], [['histogram', { status: 'equal', turns: 24, native: 24, detail: '' }]]);
  });
});
