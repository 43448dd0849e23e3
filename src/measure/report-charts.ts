/** The report's charts as inline SVG, from the same geometry as the panel's. */
import { barChart, sizesChart, workersChart, type LineChart } from '../protocol/charts';
import { escapeHtml, interval, times } from './report-text';
import type { BenchReport } from './types';

const n = (value: number) => String(Math.round(value * 10) / 10);

/** Bars with whiskers; empty when nothing was measured. */
export function ratioBars(report: BenchReport): string {
  const chart = barChart(report);
  if (!chart) return '';
  const { width, height, bars, barHeight, ticks, even } = chart;
  const bottom = height - 26;
  const spoken = bars.map((bar) => `${bar.label}, ${bar.detail}: ${times(bar.ratio.value)}, ${interval(bar.ratio)}`).join('; ');
  const grid = ticks.map(
    ({ at, label }) =>
      `<line class="grid" x1="${n(at)}" x2="${n(at)}" y1="0" y2="${n(bottom)}"/><text class="faint" x="${n(at)}" y="${n(bottom + 18)}" text-anchor="${at === 0 ? 'start' : 'middle'}">${escapeHtml(label)}</text>`,
  );
  const marks = bars.map((bar) => {
    const middle = bar.y + barHeight / 2;
    return (
      `<text x="0" y="${n(bar.y - 6)}">${escapeHtml(bar.label)}<tspan class="faint" dx="8">${escapeHtml(bar.detail)}</tspan></text>` +
      `<rect class="${bar.good ? 'mark' : 'mark-bad'}" x="0" y="${n(bar.y)}" width="${n(bar.width)}" height="${n(barHeight)}"/>` +
      `<path class="whisker" d="M${n(bar.low)},${n(middle)}H${n(bar.high)}M${n(bar.low)},${n(bar.y + 4)}v${n(barHeight - 8)}M${n(bar.high)},${n(bar.y + 4)}v${n(barHeight - 8)}"/>` +
      `<text x="${n(bar.high + 8)}" y="${n(bar.y + barHeight - 4)}">${times(bar.ratio.value)}</text>`
    );
  });
  return (
    `<figure><figcaption>How many times faster the loop is, with 95 % intervals</figcaption>` +
    `<svg viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-label="${escapeHtml(spoken)}">${grid.join('')}` +
    `<line class="even" x1="${n(even)}" x2="${n(even)}" y1="0" y2="${n(bottom)}"/>${marks.join('')}</svg></figure>`
  );
}

/** Ratio over workers; empty when only one number of workers was measured. */
export function workersLine(report: BenchReport): string {
  return lines(workersChart(report));
}

/** Ratio over sizes of the input; empty when only one was measured. */
export function sizesLine(report: BenchReport): string {
  return lines(sizesChart(report));
}

function lines(chart: LineChart | null): string {
  if (!chart) return '';
  const { caption, axis, width, height, left, right, bottom, series, xTicks, yTicks, even, ideal } = chart;
  const spoken = series.map((s) => `${s.strategy}: ${s.points.map((p) => `${axis} ${p.label} ${times(p.ratio.value)}`).join(', ')}`).join('; ');
  const grid = [
    ...yTicks.map(
      ({ at, label }) =>
        `<line class="grid" x1="${n(left)}" x2="${n(right)}" y1="${n(at)}" y2="${n(at)}"/><text class="faint" x="${n(left - 8)}" y="${n(at + 4)}" text-anchor="end">${escapeHtml(label)}</text>`,
    ),
    ...xTicks.map(({ at, label }) => `<text class="faint" x="${n(at)}" y="${n(bottom + 18)}" text-anchor="middle">${escapeHtml(label)}</text>`),
  ];
  const marks = series.map(
    (s, i) =>
      `<path class="band f${i % 3}" d="${s.band}"/><path class="s${i % 3}" d="${s.line}"/>` +
      s.points.map((p) => `<circle class="f${i % 3}" cx="${n(p.x)}" cy="${n(p.y)}" r="4"/>`).join('') +
      (series.length > 1 ? `<text x="${n(s.points.at(-1)!.x)}" y="${n(s.points.at(-1)!.y - 10)}" text-anchor="end">${escapeHtml(s.strategy)}</text>` : ''),
  );
  return (
    `<figure><figcaption>${escapeHtml(caption)}</figcaption>` +
    `<svg viewBox="0 0 ${n(width)} ${n(height)}" role="img" aria-label="${escapeHtml(spoken)}">${grid.join('')}` +
    `<text class="faint" x="${n((left + right) / 2)}" y="${n(bottom + 38)}" text-anchor="middle">${escapeHtml(axis)}</text>` +
    `<line class="even" x1="${n(left)}" x2="${n(right)}" y1="${n(even)}" y2="${n(even)}"/>${ideal && `<path class="ideal" d="${ideal}"/>`}${marks.join('')}</svg></figure>`
  );
}
