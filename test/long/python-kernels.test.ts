import assert from 'node:assert/strict';
import { pythonCExtension } from '../../src/strategies/python/c-extension';
import { pythonCython } from '../../src/strategies/python/cython';
import { pythonNumba } from '../../src/strategies/python/numba';
import { compare, kernels, LOOPS, type Outcome } from '../strategies/python-kernel/native';
import { EDGES, NATIVE } from '../strategies/python-kernel/programs';
import { holdRandom } from '../strategies/python-kernel/random';
import { toolchain } from '../support/toolchains';

const count = Number(process.env.RANDOM_KERNELS ?? 2000);
const seed = Number(process.env.RANDOM_SEED ?? 1);

for (const strategy of [pythonCExtension, pythonCython, pythonNumba]) {
  describe(`${strategy.meta.id}: every kernel`, function () {
    this.timeout(4 * 3_600_000);

    it('of the twelve programs gives what Python gives', async function () {
      const outcomes = await compare(strategy, kernels(), toolchain(this, 'tools'));
      assert.deepEqual([...outcomes.keys()].sort(), Object.keys(LOOPS));
      for (const [name, outcome] of outcomes) console.log(`      ${name}: ${shown(outcome)}`);
      assert.deepEqual([...outcomes].filter(([, o]) => o.status !== 'equal' || o.native !== o.turns), []);
    });

    it('leaves to Python what it cannot do', async function () {
      const outcomes = await compare(strategy, EDGES, toolchain(this, 'tools'));
      for (const [name, [native, turns]] of Object.entries(NATIVE)) assert.deepEqual([name, outcomes.get(name)], [name, { status: 'equal', turns, native, detail: '' }]);
    });

    it(`of ${count} random expressions has Python's value or leaves it to Python`, async function () {
      const held = await holdRandom(strategy, toolchain(this, 'tools'), count, seed, strategy === pythonNumba ? 50 : 200);
      console.log(`      ${held.kernels} kernels, ${held.native} of ${held.possible} values computed by the kernel, ${held.different.length} different`);
      assert.deepEqual(held.different, []);
      assert.ok(held.native > held.possible / 2);
    });

    // How numpy's numbers are read and given back is every strategy's own; what is calculated with them is the kernel's.
    if (strategy !== pythonCExtension) return;
    it(`of ${count} random expressions of numpy's numbers has numpy's value or leaves it to numpy`, async function () {
      const held = await holdRandom(strategy, toolchain(this, 'tools'), count, seed, 200, true);
      console.log(`      ${held.kernels} kernels, ${held.native} of ${held.possible} values computed by the kernel, ${held.different.length} different`);
      assert.deepEqual(held.different, []);
      assert.ok(held.native > held.possible / 2);
    });
  });
}

function shown(outcome: Outcome): string {
  return outcome.status === 'refused' ? `refused: ${outcome.why}` : `${outcome.status}, ${outcome.native} of ${outcome.turns} turns by the kernel`;
}
