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
  readonly points: readonly { readonly x: number; readonly y: number; readonly label: string; readonly ratio: Ratio }[];
}

export interface LineChart {
  /** What is shown, and what the horizontal axis is. */
  readonly caption: string;
  readonly axis: string;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly series: readonly Series[];
  readonly xTicks: readonly Tick[];
  readonly yTicks: readonly Tick[];
  readonly even: number;
  /** As many times faster as there are workers, as far as it fits; empty where that says nothing. */
  readonly ideal: string;
}

/** What a line passes: where on the horizontal axis, and the ratio there. */
interface Point {
  readonly label: string;
  readonly ratio: Ratio;
}

/** Ratio over workers, for strategies that were measured with two numbers of workers or more; null when there is none. */
export function workersChart(report: BenchReport): LineChart | null {
  const rows = [...measured(report.rows)].sort((a, b) => a.workers - b.workers);
  const several = bySeries(rows.map((row) => [row.strategy, { label: String(row.workers), ratio: row.loopRatio }]));
  if (several.length === 0) return null;
  const passed = new Set(several.flatMap(([, points]) => points.map(({ label }) => label)));
  const workers = [...new Set(rows.map((row) => String(row.workers)))].filter((label) => passed.has(label));
  const caption = 'The same over the number of workers; dotted: as many times as workers';
  return lineChart(several, workers, { caption, axis: 'workers', ideal: Number });
}

/** Ratio over sizes of the input, for each strategy at its largest number of workers; null when only one was measured. */
export function sizesChart(report: BenchReport): LineChart | null {
  const sizes = report.sizes ?? [];
  const most = new Map<string, number>();
  for (const { rows } of sizes) for (const row of rows) most.set(row.strategy, Math.max(row.workers, most.get(row.strategy) ?? 0));
  const points = sizes.flatMap(({ size, rows }) =>
    measured(rows).flatMap((row): [string, Point][] => (row.workers === most.get(row.strategy) ? [[row.strategy, { label: size, ratio: row.loopRatio }]] : [])),
  );
  const several = bySeries(points);
  if (several.length === 0) return null;
  return lineChart(several, sizes.map(({ size }) => size), { caption: 'The same over the size of the input', axis: 'size', ideal: null });
}

/** The lines that have two points or more. */
function bySeries(points: readonly (readonly [string, Point])[]): [string, Point[]][] {
  const series = new Map<string, Point[]>();
  for (const [strategy, point] of points) series.set(strategy, [...(series.get(strategy) ?? []), point]);
  return [...series].filter(([, list]) => list.length > 1);
}

function lineChart(
  several: readonly (readonly [string, readonly Point[]])[],
  labels: readonly string[],
  words: { readonly caption: string; readonly axis: string; readonly ideal: ((label: string) => number) | null },
): LineChart {
  const [width, height, left, top, bottom] = [440, 240, 40, 12, 44];
  const x = scalePoint<string>().domain(labels).range([left, width - 16]).padding(0.2);
  const y = scaleLinear()
    .domain([0, Math.max(1.2, ...several.flatMap(([, points]) => points.map(({ ratio }) => ratio.high)))])
    .range([height - bottom, top])
    .nice(5);
  const highest = y.domain()[1]!;
  const at = ({ label }: Point) => x(label)!;
  const { ideal } = words;
  return {
    caption: words.caption,
    axis: words.axis,
    width,
    height,
    left,
    right: width - 16,
    bottom: height - bottom,
    series: several.map(([strategy, points]) => ({
      strategy,
      line: line<Point>(at, ({ ratio }) => y(ratio.value))(points) ?? '',
      band: area<Point>(at, ({ ratio }) => y(ratio.low), ({ ratio }) => y(ratio.high))(points) ?? '',
      points: points.map((point) => ({ x: at(point), y: y(point.ratio.value), label: point.label, ratio: point.ratio })),
    })),
    xTicks: labels.map((label) => ({ at: x(label)!, label })),
    yTicks: y.ticks(5).map((value) => ({ at: y(value), label: `×${value}` })),
    even: y(1),
    ideal: ideal ? (line<string>((label) => x(label)!, (label) => y(ideal(label)))(labels.filter((label) => ideal(label) <= highest)) ?? '') : '',
  };
}
