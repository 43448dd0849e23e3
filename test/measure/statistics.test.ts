import assert from 'node:assert/strict';
import fc from 'fast-check';
import { median, pairedRatio, quantile, randomFrom } from '../../src/measure/statistics';

describe('statistics', () => {
  it('median', () => {
    for (const [values, expected] of [
      [[3], 3],
      [[3, 1, 2], 2],
      [[4, 1, 3, 2], 2.5],
    ] as const)
      assert.equal(median(values), expected);
    assert.ok(Number.isNaN(median([])));
  });

  it('quantile interpolates', () => {
    assert.equal(quantile([0, 10], 0.25), 2.5);
    assert.equal(quantile([1, 2, 3], 1), 3);
  });

  it('no pairs have no ratio; equal pairs have that ratio exactly', () => {
    assert.equal(pairedRatio([]), null);
    const ratio = pairedRatio([
      [2, 1],
      [20, 10],
      [0.2, 0.1],
    ])!;
    for (const value of Object.values(ratio)) assert.ok(Math.abs(value - 2) < 1e-12);
  });

  it('is the same each time, and another way round the inverse', () => {
    const pairs = [
      [1.1, 1],
      [1.3, 1.2],
      [0.9, 1],
      [2, 1.5],
    ] as const;
    assert.deepEqual(pairedRatio(pairs), pairedRatio(pairs));
    const inverse = pairedRatio(pairs.map(([a, b]) => [b, a] as const))!;
    assert.ok(Math.abs(inverse.value * pairedRatio(pairs)!.value - 1) < 1e-12);
  });

  it('the interval holds the value, lies within what was seen, and does not depend on the unit', () => {
    const time = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(time, time), { minLength: 1, maxLength: 8 }), (pairs) => {
        const { value, low, high } = pairedRatio(pairs)!;
        const ratios = pairs.map(([a, b]) => a / b);
        assert.ok(low <= value * (1 + 1e-9) && value <= high * (1 + 1e-9));
        assert.ok(low >= Math.min(...ratios) * (1 - 1e-9) && high <= Math.max(...ratios) * (1 + 1e-9));
        const scaled = pairedRatio(pairs.map(([a, b]) => [a * 1000, b * 1000] as const))!;
        assert.ok(Math.abs(scaled.value / value - 1) < 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('finds a true ratio in noisy pairs', () => {
    const random = randomFrom(5);
    const pairs = Array.from({ length: 20 }, () => {
      const minute = 1 + random();
      return [minute * 1.5 * (1 + 0.05 * random()), minute * (1 + 0.05 * random())] as const;
    });
    const { low, high } = pairedRatio(pairs)!;
    assert.ok(low < 1.5 && 1.5 < high && high / low < 1.05, `${low} … ${high}`);
  });
});
