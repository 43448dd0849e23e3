import assert from 'node:assert/strict';
import { pythonCExtension } from '../../../src/strategies/python/c-extension';
import { toolchain } from '../../support/toolchains';
import { compare } from '../python-kernel/native';
import { EDGES, NATIVE } from '../python-kernel/programs';

describe('python/c-extension: what C cannot do is done by Python', function () {
  this.timeout(600_000);

  it('and nobody can tell', async function () {
    const outcomes = await compare(pythonCExtension, EDGES, toolchain(this, 'tools'));
    const expected = Object.entries(NATIVE).map(([name, [native, turns]]) => [name, { status: 'equal', turns, native, detail: '' }]);
    assert.deepEqual([...outcomes], expected);
  });
});
