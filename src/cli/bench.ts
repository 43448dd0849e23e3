import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseProgram } from '../measure';
import { renderHtmlReport } from '../measure/report-html';
import type { BenchReport } from '../measure/types';
import { leftOutText } from '../session/compare';
import { strategyById } from '../strategies';
import type { StartMethod, StrategyId } from '../strategies/types';
import { UsageError } from '../session/session';
import { EXIT_FOUND } from './exit';
import { benchTable, sizesTable } from './bench-table';
import { openLoop } from './location';
import { confirmRuns, measureOptions, type MeasureFlags } from './measure-options';
import { startOverrides } from './start-method';
import { clearProgress, colour, print } from './terminal';

export interface BenchFlags extends MeasureFlags {
  readonly strategy?: readonly string[];
  readonly startMethod?: StartMethod;
  readonly workers?: readonly number[];
  readonly assume?: boolean;
  readonly pairs?: number;
  readonly sizes?: readonly string[];
  readonly json?: string;
  readonly html?: string;
}

export async function benchCommand(where: string, command: readonly string[], flags: BenchFlags): Promise<void> {
  for (const id of flags.strategy ?? []) if (!strategyById(id)) throw new UsageError(`there is no strategy ${id}; \`fanout doctor\` lists them`);
  const { session, loop, location } = await openLoop(where, startOverrides(flags.startMethod, flags.strategy));
  const program = parseProgram(command.length > 0 ? command : [location.file], process.cwd());
  const options = await measureOptions(session, flags);
  const request = {
    loop,
    program,
    assume: flags.assume ?? false,
    ...(flags.strategy ? { strategies: flags.strategy as StrategyId[] } : {}),
    ...(flags.workers ? { workers: flags.workers } : {}),
    ...(flags.pairs ? { pairs: flags.pairs } : {}),
    ...(flags.sizes ? { sizes: flags.sizes } : {}),
  };
  await confirmRuns(`${program.command.join(' ')} ${await session.runsOf(request)}`, flags);
  const report = await session.bench(request, options);
  clearProgress();
  print(renderBench(report));
  if (flags.json) fs.writeFileSync(flags.json, JSON.stringify(report, null, 2) + '\n');
  if (flags.html) fs.writeFileSync(flags.html, renderHtmlReport([report], { title: path.basename(location.file), findings: [], notes: [] }));
  const good = report.rows.length > 0 && report.rows.every((row) => row.error === null && (row.verified === 'equal' || row.verified === 'equal-as-far'));
  if (!good) process.exitCode = EXIT_FOUND;
}

function renderBench(report: BenchReport): string {
  const lines = [`${path.basename(report.path)}:${report.line}  ${colour.cyan(report.title)}`, benchTable(report), ...(report.sizes ? [sizesTable(report.sizes)] : []), 'A ratio above 1 is faster; in brackets its 95 % interval.'];
  if (report.rows.some((row) => row.python !== undefined)) lines.push('Each ratio is against the original on the same Python.');
  for (const message of new Set(report.rows.flatMap((row) => (row.error === null ? [] : [`${row.strategy}: ${row.error}`])))) lines.push(colour.red(message));
  if (report.verify) {
    lines.push(`verified: ${report.verify.message}`);
    for (const difference of report.verify.differences.slice(0, 5)) lines.push(colour.red(`  ${difference.where}: ${difference.original} became ${difference.candidate}`));
    for (const { where, why } of report.verify.notCompared.slice(0, 10)) lines.push(colour.yellow(`  not compared: ${where}: ${why}`));
  }
  for (const left of report.leftOut ?? []) lines.push(colour.gray(leftOutText(left)));
  for (const note of report.notes) lines.push(colour.gray(`note: ${note}`));
  if (report.recommendation) lines.push(`${colour.bold('Recommended:')} ${report.recommendation.reason}`);
  return lines.join('\n');
}
