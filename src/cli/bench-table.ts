/** The figures of a benchmark as a table: the original first, then every way and number of workers. */
import Table from 'cli-table3';
import type { BenchReport, BenchRow, SizeRows } from '../measure/types';
import { formatRange, formatRatio, formatSeconds, VERIFIED } from './format';
import { colour } from './terminal';

interface Column {
  readonly head: string;
  readonly cell: (row: BenchRow) => string;
  /** Only shown when a row has something to say in it. */
  readonly when?: (row: BenchRow) => boolean;
}

const COLUMNS: readonly Column[] = [
  { head: 'strategy', cell: (row) => row.strategy },
  { head: 'Python', cell: (row) => row.python ?? 'selected', when: (row) => row.python !== undefined },
  { head: 'workers', cell: (row) => String(row.workers) },
  { head: 'loop ×', cell: (row) => formatRatio(row.loopRatio) },
  { head: 'warm ×', cell: (row) => formatRatio(row.warmRatio ?? null), when: (row) => Boolean(row.warmRatio) },
  { head: 'program ×', cell: (row) => formatRatio(row.programRatio) },
  { head: 'start-up', cell: (row) => (row.startupMs === null ? '–' : `${Math.round(row.startupMs)} ms`) },
  { head: 'first call compiles', cell: (row) => formatSeconds(row.compileSeconds ?? null), when: (row) => Boolean(row.compileSeconds) },
  { head: 'build', cell: (row) => formatSeconds(row.buildSeconds ?? null), when: (row) => Boolean(row.buildSeconds) },
  { head: 'predicted ×', cell: (row) => formatRange(row.predicted), when: (row) => row.predicted !== null },
  { head: 'verified', cell: (row) => (row.verified === 'different' ? colour.red(VERIFIED.different) : VERIFIED[row.verified]) },
];

export function benchTable(report: BenchReport): string {
  const columns = COLUMNS.filter(({ when }) => !when || report.rows.some(when));
  const table = new Table({ head: columns.map(({ head }) => head), style: { head: [], border: [] } });
  for (const [python, seconds] of originals(report)) {
    table.push(columns.map(({ head }) => ({ strategy: 'sequential', Python: python ?? 'selected', workers: '1', 'loop ×': `1 (${formatSeconds(seconds)})` })[head] ?? ''));
  }
  for (const row of report.rows) table.push(columns.map(({ cell }) => cell(row)));
  return table.toString();
}

/** Seconds that the original's loop took, by interpreter. */
function originals(report: BenchReport): ReadonlyMap<string | undefined, number> {
  const seconds = new Map<string | undefined, number>();
  for (const { python, baselineSeconds } of report.rows) if (baselineSeconds !== null && !seconds.has(python)) seconds.set(python, baselineSeconds);
  return seconds;
}

/** How the gain changes with the size of the input: a line for each way and number of workers, a column for each size. */
export function sizesTable(sizes: readonly SizeRows[]): string {
  const table = new Table({ head: ['loop × at size', 'workers', ...sizes.map(({ size }) => size)], style: { head: [], border: [] } });
  const ways = new Map(sizes.flatMap(({ rows }) => rows.map((row) => [`${row.strategy}\0${row.workers}`, row] as const)));
  table.push(['sequential', '1', ...sizes.map(({ rows }) => formatSeconds(rows[0]?.baselineSeconds ?? null))]);
  for (const { strategy, workers } of ways.values()) {
    const cells = sizes.map(({ rows }) => rows.find((row) => row.strategy === strategy && row.workers === workers));
    table.push([strategy, String(workers), ...cells.map((row) => (!row ? '–' : row.verified === 'different' ? colour.red(VERIFIED.different) : formatRatio(row.loopRatio)))]);
  }
  return table.toString();
}
