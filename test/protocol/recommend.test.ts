import assert from 'node:assert/strict';
import { bestRow } from '../../src/protocol/best';
import { recommend } from '../../src/protocol/recommend';
import type { BenchReport, BenchRow, RewriteCost } from '../../src/measure/types';

const LIGHT: RewriteCost = { lines: 12, newFiles: 0, dependencies: [], build: false };
const NUMBA: RewriteCost = { lines: 20, newFiles: 0, dependencies: ['numba'], build: false };
const COMPILED: RewriteCost = { lines: 150, newFiles: 2, dependencies: [], build: true };

const row = (strategy: string, value: number, more: Partial<BenchRow> = {}): BenchRow => ({
  strategy: `python/${strategy}`,
  workers: 2,
  loopRatio: { value, low: value * 0.95, high: value * 1.05 },
  programRatio: null,
  baselineSeconds: 10,
  candidateSeconds: 10 / value,
  pairs: 5,
  startupMs: null,
  predicted: null,
  verified: 'equal',
  error: null,
  cost: LIGHT,
  ...more,
});

describe('the recommendation', () => {
  const cases: [name: string, rows: BenchRow[], strategy: string | null, reason: RegExp][] = [
    ['the only one that is faster', [row('process-pool', 1.8), row('joblib', 0.9)], 'python/process-pool', /1\.80 times as fast as the original \(95 % interval 1\.71 to 1\.89\), with equal results\. It needs no package and adds 12 lines\./],
    ['a far faster one for a package', [row('process-pool', 1.8), row('numba', 140, { cost: NUMBA, compileSeconds: 1.7 })], 'python/numba', /140 times .* It needs numba, adds 20 lines and compiles for 1\.7 s at its first call\. With nothing to install: python\/process-pool, 1\.80 times\./],
    ['the lighter of two that are alike', [row('numba', 139, { cost: NUMBA }), row('c-extension', 141, { cost: COMPILED, buildSeconds: 8 })], 'python/numba', /./],
    ['what has to be compiled, where it gains enough', [row('process-pool', 1.8), row('c-extension', 141, { cost: COMPILED, buildSeconds: 8 })], 'python/c-extension', /adds 150 lines and 2 files and has to be compiled wherever it runs \(8 s here\)/],
    ['never what differs', [row('numba', 140, { verified: 'different', cost: NUMBA }), row('process-pool', 1.8)], 'python/process-pool', /./],
    ['nothing, where all differ', [row('numba', 140, { verified: 'different' })], null, /python\/numba gave other results than the original/],
    ['nothing, where none is clearly faster', [row('process-pool', 1.02), row('joblib', 0.8)], null, /leave the loop as it is/],
    ['never what failed', [row('joblib', 9, { error: 'The candidate ended with exit code 1' })], null, /none was verified equal/],
    ['not one that another Python flatters', [row('free-threads', 1.9, { python: '3.13.5t', baselineSeconds: 20, candidateSeconds: 20 / 1.9 }), row('process-pool', 1.2)], 'python/process-pool', /./],
    [
      'another Python where it is worth it, against the selected one',
      [row('interpreters', 9, { python: '3.14.0', baselineSeconds: 9, candidateSeconds: 1 }), row('process-pool', 1.1)],
      'python/interpreters',
      /9\.00 times as fast as the original on Python 3\.14\.0 .* Against the original on the selected Python that is 10 times\. .* runs only on a Python such as 3\.14\.0\./,
    ],
    ['the same Python in another environment is no burden', [row('numba', 140, { cost: NUMBA, python: '3.11.7 in venv', samePython: true }), row('process-pool', 1.8)], 'python/numba', /^(?!.*runs only on)/],
    [
      'what would be ahead in a loop that is entered often',
      [row('process-pool', 1.8), row('numba', 0.3, { cost: NUMBA, compileSeconds: 18, warmRatio: { value: 51, low: 40, high: 60 } })],
      'python/process-pool',
      /Entered often, python\/numba would be ahead: 51 times once its first entry is paid for\./,
    ],
    ['nothing that slows the program down', [row('asyncio', 1.13, { programRatio: { value: 0.86, low: 0.84, high: 0.88 } })], null, /leave the loop as it is/],
    ['what could not be compared in full is told', [row('process-pool', 1.8, { verified: 'equal-as-far' })], 'python/process-pool', /with results that are equal as far as they could be compared\./],
    ['nothing was measured', [], null, /Nothing was measured/],
  ];
  for (const [name, rows, strategy, reason] of cases) {
    it(name, () => {
      const answer = recommend(rows);
      assert.equal(answer.strategy, strategy);
      assert.match(answer.reason, reason);
      if (strategy !== null) assert.equal(bestRow({ rows, recommendation: answer } as unknown as BenchReport)?.strategy, strategy);
    });
  }
});
