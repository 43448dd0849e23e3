/** The charts. Each has its figures in the table below it; marks are told apart by more than colour. */
import type { BenchReport } from '../measure/types';
import { interval, times } from './format';
import { barChart, sizesChart, workersChart, type LineChart } from '../protocol/charts';

export function RatioBars({ report }: { report: BenchReport }) {
  const chart = barChart(report);
  if (!chart) return null;
  const { width, height, bars, barHeight, ticks, even } = chart;
  const bottom = height - 26;
  return (
    <figure>
      <figcaption>How many times faster the loop is, with 95 % intervals</figcaption>
      <svg class="chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={bars.map((bar) => `${bar.label}, ${bar.detail}: ${times(bar.ratio.value)}, ${interval(bar.ratio)}`).join('; ')}>
        {ticks.map(({ at, label }) => (
          <g key={label} class="tick">
            <line class="grid" x1={at} x2={at} y1={0} y2={bottom} />
            <text x={at} y={bottom + 18} text-anchor={at === 0 ? 'start' : 'middle'}>
              {label}
            </text>
          </g>
        ))}
        <line class="even" x1={even} x2={even} y1={0} y2={bottom} />
        {bars.map((bar) => (
          <g key={bar.label}>
            <text x={0} y={bar.y - 6}>
              {bar.label}
              <tspan class="quiet" dx="8">
                {bar.detail}
              </tspan>
            </text>
            <rect class={bar.good ? 'bar' : 'bar bar-bad'} x={0} y={bar.y} width={bar.width} height={barHeight} />
            <path class="whisker" d={`M${bar.low},${bar.y + barHeight / 2}H${bar.high}M${bar.low},${bar.y + 4}v${barHeight - 8}M${bar.high},${bar.y + 4}v${barHeight - 8}`} />
            <text x={bar.high + 8} y={bar.y + barHeight - 4}>
              {times(bar.ratio.value)}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

export function WorkersLine({ report }: { report: BenchReport }) {
  const chart = workersChart(report);
  return chart && <Lines chart={chart} />;
}

export function SizesLine({ report }: { report: BenchReport }) {
  const chart = sizesChart(report);
  return chart && <Lines chart={chart} />;
}

function Lines({ chart }: { chart: LineChart }) {
  const { caption, axis, width, height, left, right, bottom, series, xTicks, yTicks, even, ideal } = chart;
  return (
    <figure>
      <figcaption>{caption}</figcaption>
      <svg
        class="chart"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={series.map((s) => `${s.strategy}: ${s.points.map((p) => `${axis} ${p.label} ${times(p.ratio.value)}`).join(', ')}`).join('; ')}
      >
        {yTicks.map(({ at, label }) => (
          <g key={label} class="tick">
            <line class="grid" x1={left} x2={right} y1={at} y2={at} />
            <text x={left - 8} y={at + 4} text-anchor="end">
              {label}
            </text>
          </g>
        ))}
        {xTicks.map(({ at, label }) => (
          <g key={label} class="tick">
            <text x={at} y={bottom + 18} text-anchor="middle">
              {label}
            </text>
          </g>
        ))}
        <text class="quiet" x={(left + right) / 2} y={bottom + 38} text-anchor="middle">
          {axis}
        </text>
        <line class="axis" x1={left} x2={right} y1={bottom} y2={bottom} />
        <line class="even" x1={left} x2={right} y1={even} y2={even} />
        {ideal && <path class="ideal" d={ideal} />}
        {series.map((s, i) => (
          <g key={s.strategy}>
            <path class={`band f${i % 4}`} d={s.band} />
            <path class={`series s${i % 4}`} d={s.line} />
            {s.points.map((p) => (
              <circle key={p.label} class={`f${i % 4}`} cx={p.x} cy={p.y} r={4} />
            ))}
            {series.length > 1 && (
              <text x={s.points.at(-1)!.x} y={s.points.at(-1)!.y - 10} text-anchor="end">
                {s.strategy}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}
