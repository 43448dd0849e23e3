import assert from 'node:assert/strict';
import { breakEvens, breakEvenText, sizedProgram } from '../../src/measure/sizes';
import type { BenchRow } from '../../src/measure/types';

const program = (...command: string[]) => ({ command, cwd: '/app' });

describe('a program with sizes', () => {
  const CASES: readonly [string, readonly string[], readonly string[], readonly (readonly string[])[] | null][] = [
    ['no sizes', ['python', 'app.py', '10'], [], null],
    ['a list in the command', ['app.py', '{60,120}'], [], [['app.py', '60'], ['app.py', '120']]],
    ['a list within a word', ['app.py', '--n={1,2}', 'x'], [], [['app.py', '--n=1', 'x'], ['app.py', '--n=2', 'x']]],
    ['sizes apart', ['app.py', '{}', '-v'], ['5', '50'], [['app.py', '5', '-v'], ['app.py', '50', '-v']]],
    ['the same list twice', ['app.py', '{3,4}', '{3,4}'], [], [['app.py', '3', '3'], ['app.py', '4', '4']]],
    ['a size twice', ['app.py', '{}'], ['5', '5'], [['app.py', '5']]],
    ['braces that are no list', ['app.py', '{"a":1}', '{x}'], [], null],
  ];
  for (const [name, command, sizes, expected] of CASES) {
    it(name, () => {
      const sized = sizedProgram(program(...command), sizes);
      assert.deepEqual(sized && sized.sizes.map((size) => sized.at(size).command), expected);
    });
  }
  const WRONG: readonly [string, readonly string[], readonly string[], RegExp][] = [
    ['sizes without a place', ['app.py'], ['1', '2'], /no place for the size: write \{\}/],
    ['a place without sizes', ['app.py', '{}'], [], /there are no sizes: `--sizes 60,120,240`/],
    ['two lists', ['app.py', '{1,2}', '{3,4}'], [], /more than one list/],
    ['both', ['app.py', '{1,2}'], ['3'], /give them once/],
  ];
  for (const [name, command, sizes, message] of WRONG) it(`refuses ${name}`, () => assert.throws(() => sizedProgram(program(...command), sizes), message));
});

describe('where a rewrite breaks even', () => {
  const row = (strategy: string, workers: number, seconds: number, value: number, spread = 1.02) =>
    ({ strategy, workers, baselineSeconds: seconds, loopRatio: { value, low: value / spread, high: value * spread }, error: null }) as BenchRow;
  const at = (...rows: [string, BenchRow][]) => rows.map(([size, one]) => ({ size, rows: [one] }));

  it('is between the sizes on either side of 1', () => {
    const [even] = breakEvens(at(['1', row('p', 2, 0.01, 0.25)], ['2', row('p', 2, 0.1, 0.5)], ['3', row('p', 2, 0.4, 2)], ['4', row('p', 2, 4, 1.9)]));
    assert.deepEqual(even!.between, ['2', '3']);
    assert.ok(Math.abs(even!.seconds! - 0.2) < 1e-9);
    assert.match(breakEvenText(even!), /p with 2 workers breaks even between size 2 and 3, where the original's loop takes about 200 ms\./);
  });
  it('does not depend on the order of the sizes', () => {
    const sizes = at(['1', row('p', 2, 0.1, 0.5)], ['2', row('p', 2, 0.4, 2)]);
    assert.deepEqual(breakEvens([...sizes].reverse()), breakEvens(sizes));
  });
  it('is told of the largest number of workers', () => {
    const sizes = [{ size: '1', rows: [row('p', 1, 1, 0.9), row('p', 2, 1, 1.8)] }];
    assert.deepEqual(breakEvens(sizes).map(({ workers, always }) => [workers, always]), [[2, 'faster']]);
  });
  it('is not told where an interval holds 1', () => {
    assert.deepEqual(breakEvens(at(['1', row('p', 2, 1, 1, 1.1)], ['2', row('p', 2, 2, 1.5)])).map(({ seconds, always }) => [seconds, always]), [[null, null]]);
  });
  it('is nowhere for one that is always slower', () => {
    assert.match(breakEvenText(breakEvens(at(['1', row('p', 2, 1, 0.5)], ['2', row('p', 2, 2, 0.6)]))[0]!), /slower at every size/);
  });
  it('leaves out what was not measured', () => {
    assert.deepEqual(breakEvens([{ size: '1', rows: [{ ...row('p', 2, 1, 1), loopRatio: null }] }]), []);
  });
});
