import assert from 'node:assert/strict';
import { toolchain } from '../support/toolchains';
import { python, type Pair, type Snapshot } from './snapshots';

describe('snapshots: numpy', () => {
  const pairs: readonly Pair[] = [
    ['values', 'np.array([1.0, 2.0])', 'np.array([1.0, 3.0])'],
    ['minus zero', 'np.array([0.0])', 'np.array([-0.0])'],
    ['type', 'np.array([1], dtype="i4")', 'np.array([1], dtype="i8")'],
    ['shape', 'np.zeros((2, 3))', 'np.zeros((3, 2))'],
    ['long', 'np.zeros(50000)', 'a = np.zeros(50000);; a[49999] = 1;; a'],
    ['scalars', 'np.float64(1)', '1.0'],
    ['objects', 'np.array([[1], None], dtype=object)', 'np.array([[2], None], dtype=object)'],
    ['records', 'np.array([(1, 2.0)], dtype=[("a", int), ("b", float)])', 'np.array([(1, 3.0)], dtype=[("a", int), ("b", float)])'],
    ['generators', 'np.random.default_rng(1)', 'np.random.default_rng(2)'],
  ];
  it('arrays by type, shape and every value', async function () {
    const taken = await python('import numpy as np', pairs.flatMap(([, left, right]) => [left, right, left]), toolchain(this, 'tools'));
    pairs.forEach(([title], i) => {
      const [left, right, again] = taken.slice(3 * i) as [Snapshot, Snapshot, Snapshot];
      assert.notEqual(left.hash, right.hash, title);
      assert.equal(left.hash, again.hash, title);
      assert.deepEqual(left.skipped, [], title);
    });
  });
});
