/** The models of numpy against the numpy of the tools' environment. */
import assert from 'node:assert/strict';
import { toolchain } from '../support/toolchains';
import { missingOf } from './introspect';

/** Removed in numpy 2.4; older programs have it. */
const GONE = ['numpy.in1d'];

describe('models of numpy', () => {
  it('name what exists', function () {
    assert.deepEqual(missingOf('numpy', toolchain(this, 'tools'), GONE), []);
  });
});
