/** Where the marks of the charts go: numbers only, so that tests can hold them. */
import { scaleLinear, scalePoint } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { BenchReport, BenchRow, Ratio } from '../measure/types';
import { isEqual } from './best';

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface Bar {
  readonly label: string;
  readonly detail: string;
  readonly y: number;
  readonly width: number;
  readonly low: number;
  readonly high: number;
  readonly ratio: Ratio;
  readonly good: boolean;
}

export interface BarChart {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly bars: readonly Bar[];
  readonly barHeight: number;
  readonly ticks: readonly Tick[];
  /** Where the original would be: ratio 1. */
  readonly even: number;
}

type Measured = BenchRow & { readonly loopRatio: Ratio };

const measured = (rows: readonly BenchRow[]): Measured[] => rows.filter((row): row is Measured => row.loopRatio !== null);

const BAR = 18;
const ROW = 50;
const CHART = { width: 440, right: 56, top: 8, axis: 26 };

/** Each strategy at its best number of workers, fastest first; null when nothing was measured. */
export function barChart(report: BenchReport): BarChart | null {
  const best = new Map<string, Measured>();
  for (const row of measured(report.rows)) {
    const known = best.get(row.strategy);
    if (!known || row.loopRatio.value > known.loopRatio.value) best.set(row.strategy, row);
  }
  const rows = [...best.values()].sort((a, b) => b.loopRatio.value - a.loopRatio.value);
  if (rows.length === 0) return null;
  const x = scaleLinear()
    .domain([0, Math.max(1.2, ...rows.map((row) => row.loopRatio.high))])
    .range([0, CHART.width - CHART.right])
    .nice(5);
  return {
    width: CHART.width,
    height: CHART.top + rows.length * ROW + CHART.axis,
    left: 0,
    barHeight: BAR,
    bars: rows.map((row, i) => ({
      label: row.strategy,
      detail: `${row.workers} ${row.workers === 1 ? 'worker' : 'workers'}`,
      y: CHART.top + i * ROW + 20,
      width: x(row.loopRatio.value),
      low: x(row.loopRatio.low),
      high: x(row.loopRatio.high),
      ratio: row.loopRatio,
      good: row.error === null && isEqual(row.verified),
    })),
    ticks: x.ticks(5).map((value) => ({ at: x(value), label: `×${value}` })),
    even: x(1),
  };
}

export interface Series {
  readonly strategy: string;
  /** SVG paths of the line and of the band of its intervals. */
  readonly line: string;
  readonly band: string;
  readonly points: readonly { readonly x: number; readonly y: number; readonly workers: number; readonly ratio: Ratio }[];
}

export interface LineChart {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly series: readonly Series[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly even: number;
  /** As many times faster as there are workers, as far as it fits. */
  readonly ideal: string;
}

/** Ratio over workers, for strategies that were measured with two numbers of workers or more; null when there is none. */
export function lineChart(report: BenchReport): LineChart | null {
  const byStrategy = new Map<string, Measured[]>();
  for (const row of measured(report.rows)) byStrategy.set(row.strategy, [...(byStrategy.get(row.strategy) ?? []), row]);
  const several = [...byStrategy].filter(([, rows]) => rows.length > 1);
  if (several.length === 0) return null;
  const all = several.flatMap(([, rows]) => rows);
  const workers = [...new Set(all.map((row) => row.workers))].sort((a, b) => a - b);
  const [width, height, left, top, bottom] = [440, 240, 40, 12, 44];
  const x = scalePoint<number>().domain(workers).range([left, width - 16]).padding(0.2);
  const y = scaleLinear()
    .domain([0, Math.max(1.2, ...all.map((row) => row.loopRatio.high))])
    .range([height - bottom, top])
    .nice(5);
  const highest = y.domain()[1]!;
  const at = (row: Measured) => x(row.workers)!;
  return {
    width,
    height,
    left,
    right: width - 16,
    bottom: height - bottom,
    series: several.map(([strategy, unsorted]) => {
      const rows = [...unsorted].sort((a, b) => a.workers - b.workers);
      return {
        strategy,
        line: line<Measured>(at, (row) => y(row.loopRatio.value))(rows) ?? '',
        band: area<Measured>(at, (row) => y(row.loopRatio.low), (row) => y(row.loopRatio.high))(rows) ?? '',
        points: rows.map((row) => ({ x: at(row), y: y(row.loopRatio.value), workers: row.workers, ratio: row.loopRatio })),
      };
    }),
    xTicks: workers.map((count) => ({ at: x(count)!, label: String(count) })),
    yTicks: y.ticks(5).map((value) => ({ at: y(value), label: `×${value}` })),
    even: y(1),
    ideal: line<number>((count) => x(count)!, (count) => y(count))(workers.filter((count) => count <= highest)) ?? '',
  };
}
