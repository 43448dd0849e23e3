import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { BenchReport, BenchRow } from '../../src/measure/types';
import { bestRow } from '../../src/protocol/best';
import { EMPTY_STATE, readState, withBench } from '../../src/protocol/panel';
import { barChart, sizesChart, workersChart } from '../../src/protocol/charts';

function row(strategy: string, workers: number, value: number, more: Partial<BenchRow> = {}): BenchRow {
  return {
    strategy,
    workers,
    loopRatio: { value, low: value * 0.95, high: value * 1.05 },
    programRatio: null,
    baselineSeconds: 1,
    candidateSeconds: 1 / value,
    pairs: 10,
    startupMs: null,
    predicted: null,
    verified: 'equal',
    error: null,
    ...more,
  };
}

function report(...rows: BenchRow[]): BenchReport {
  const machine = { cores: 4, usableCores: 4, platform: 'linux', python: null, node: '20.20.2' };
  return { version: 1, path: '/a.py', line: 3, title: 'for i in range(n):', program: ['python3', 'a.py'], machine, rows, verify: null, diff: null, notes: [], madeAt: '2026-11-01T00:00:00Z' };
}

describe('what is recommended', () => {
  it('is the fastest row that was verified equal', () => {
    const best = bestRow(report(row('a', 2, 1.5), row('b', 2, 3, { verified: 'different' }), row('c', 2, 1.8, { verified: 'equal-as-far' }), row('d', 2, 9, { error: 'crashed' })));
    assert.equal(best?.strategy, 'c');
  });
  it('is nothing where nothing was verified', () => {
    assert.equal(bestRow(report(row('a', 2, 2, { verified: 'not-verified' }), row('b', 2, 2, { loopRatio: null }))), null);
  });
});

describe('the bar chart', () => {
  it('shows each strategy once, at its best number of workers, fastest first', () => {
    const chart = barChart(report(row('a', 1, 0.9), row('a', 4, 2), row('b', 2, 3, { verified: 'different' })))!;
    assert.deepEqual(chart.bars.map((bar) => [bar.label, bar.detail, bar.good]), [['b', '2 workers', false], ['a', '4 workers', true]]);
  });
  it('is left out where nothing was measured', () => {
    assert.equal(barChart(report(row('a', 2, 1, { loopRatio: null }))), null);
  });
  it('keeps every mark inside its picture, in proportion to the ratio', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 200, noNaN: true }), { minLength: 1, maxLength: 8 }), (ratios) => {
        const chart = barChart(report(...ratios.map((ratio, i) => row(`s${i}`, 2, ratio))))!;
        for (const bar of chart.bars) {
          assert.ok(bar.low <= bar.width && bar.width <= bar.high && bar.high <= chart.width);
          assert.ok(Math.abs(bar.width - bar.ratio.value * chart.even) < 1e-6);
          assert.ok(bar.y + chart.barHeight <= chart.height);
        }
      }),
    );
  });
});

describe('the chart over workers', () => {
  it('shows strategies that were measured with several numbers of workers, in their order', () => {
    const chart = workersChart(report(row('a', 4, 3), row('a', 1, 0.9), row('a', 2, 1.8), row('b', 2, 1)))!;
    assert.deepEqual(chart.series.map((s) => s.strategy), ['a']);
    assert.deepEqual(chart.series[0]!.points.map((p) => p.label), ['1', '2', '4']);
    assert.deepEqual(chart.xTicks.map((tick) => tick.label), ['1', '2', '4']);
    assert.ok(!/NaN/.test(chart.series[0]!.line + chart.series[0]!.band + chart.ideal));
  });
  it('is left out where there is one number of workers only', () => {
    assert.equal(workersChart(report(row('a', 2, 2), row('b', 2, 1))), null);
  });
});

describe('the chart over sizes', () => {
  const sizes = [
    { size: '10', rows: [row('a', 1, 0.4), row('a', 2, 0.5), row('b', 2, 1)] },
    { size: '80', rows: [row('a', 1, 0.9), row('a', 2, 1.7)] },
  ];
  it('shows each strategy that was measured at several, with all its workers', () => {
    const chart = sizesChart({ ...report(...sizes[1]!.rows), sizes })!;
    assert.deepEqual(chart.series.map(({ strategy, points }) => [strategy, points.map((p) => [p.label, p.ratio.value])]), [['a', [['10', 0.5], ['80', 1.7]]]]);
    assert.equal(chart.ideal, '');
  });
  it('is left out where there is one size only', () => {
    assert.equal(sizesChart(report(row('a', 2, 2))), null);
  });
});

describe("the panel's state", () => {
  const bench = (key: string, line: number) => ({ key, uri: 'file:///a.py', report: { ...report(row('a', 2, 2)), line } });
  it('keeps the newest first, one of each loop, and shows it', () => {
    const state = withBench(withBench(withBench(EMPTY_STATE, bench('a', 1)), bench('b', 2)), bench('a', 3));
    assert.deepEqual(state.benches.map((b) => [b.key, b.report.line]), [['a', 3], ['b', 2]]);
    assert.equal(state.selected, 'a');
  });
  it('comes back from storage, and anything else does not', () => {
    const state = withBench(EMPTY_STATE, bench('a', 1));
    assert.deepEqual(readState(JSON.parse(JSON.stringify(state))), state);
    for (const other of [undefined, null, 3, 'x', {}, { version: 2, benches: [] }, { version: 1 }]) assert.equal(readState(other), null);
  });
});
