/** `fanout survey`: the whole job on a folder, with a table and one self-contained HTML report. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import Table from 'cli-table3';
import { findPySpy, installPySpy } from '../measure/pyspy';
import { renderHtmlReport } from '../measure/report-html';
import type { MeasureOptions } from '../measure/types';
import type { FileResult } from '../protocol/results';
import { expandPaths } from '../session/files';
import { programsOf } from '../session/programs';
import { findRoot } from '../session/root';
import { Session } from '../session/session';
import { survey, type SurveyRow } from '../session/survey';
import { EXIT_FOUND } from './exit';
import { confirmRuns, measureOptions, type MeasureFlags } from './measure-options';
import { formatRatio, formatRange, VERIFIED } from './format';
import { clearProgress, colour, interrupt, print, progress } from './terminal';
import { renderFile } from './check';

export interface SurveyFlags extends MeasureFlags {
  readonly html?: string;
  readonly pairs: number;
  readonly install?: boolean;
}

export async function surveyCommand(given: string, flags: SurveyFlags): Promise<void> {
  const session = new Session({ root: findRoot(path.resolve(given)) });
  const { files } = expandPaths([given], session.config);
  const started = performance.now();

  print(colour.bold('Findings'));
  const findings: FileResult[] = [];
  for await (const result of session.checkAll(files, { loops: 'findings' }, interrupt)) {
    findings.push(result);
    progress(`analysed ${findings.length} of ${files.length} files`);
    const text = renderFile(result, 'findings');
    clearProgress();
    if (text) print(text);
  }
  const analysed = (performance.now() - started) / 1000;
  print(colour.gray(`${files.length} files analysed in ${analysed.toFixed(1)} s`));

  const programs = await programsOf(session, files.map((f) => f.path));
  print('');
  print(colour.bold(`Profiling, rewriting, verifying and measuring ${programs.length} programs`));
  await confirmRuns(`each of ${programs.length} programs about ${2 * flags.pairs + 6} times`, flags);

  const options = await measureOptions(session, flags);
  if (flags.install) await provideProfiler(options);
  const rows: SurveyRow[] = [];
  const named = programs.values();
  let current: string | undefined = named.next().value;
  const shown = (file: string | undefined) => (file === undefined ? '' : path.relative(path.resolve(given), file) || path.basename(file));
  progress(`${shown(current)} …`, { always: true });
  const reporting = { ...options, pairs: flags.pairs, onProgress: (message: string) => progress(`${shown(current)}: ${message}`) };
  for await (const row of survey(session, programs, reporting)) {
    rows.push(row);
    clearProgress();
    print(oneLine(row, shown(row.program)));
    current = named.next().value;
    if (current !== undefined) progress(`${shown(current)} …`);
  }
  clearProgress();
  print('');
  print(table(rows, shown));
  if (flags.html) {
    const html = renderHtmlReport(
      rows.flatMap((row) => (row.bench ? [row.bench] : [])),
      { title: path.basename(path.resolve(given)), findings, notes: rows.filter((r) => r.note !== null).map((r) => ({ program: shown(r.program), note: r.note! })) },
    );
    fs.writeFileSync(flags.html, html);
    print(`The same as a page: ${path.relative(process.cwd(), path.resolve(flags.html)) || flags.html}`);
  }
  if (rows.some((row) => row.failed)) process.exitCode = EXIT_FOUND;
}

/** py-spy, where a Python program is to be profiled. Without it a sampler inside the program takes its place. */
async function provideProfiler(options: MeasureOptions): Promise<void> {
  if (await findPySpy(options)) return;
  try {
    await installPySpy(options);
  } catch (error) {
    clearProgress();
    print(colour.yellow(`${error instanceof Error ? error.message : String(error)}: a sampler inside the program takes its place`));
  }
}

function oneLine(row: SurveyRow, name: string): string {
  if (row.failed) return `${colour.red('failed')}    ${name}${row.line === null ? '' : `:${row.line}`}: ${row.note ?? ''}`;
  const best = row.bench?.rows[0];
  if (!best) return `${colour.yellow('kept')}      ${name}: ${row.note ?? ''}`;
  return `${colour.green('rewritten')} ${name}:${row.line}: ${formatRatio(best.loopRatio)}, ${VERIFIED[best.verified]}`;
}

function table(rows: readonly SurveyRow[], shown: (file: string) => string): string {
  const out = new Table({
    head: ['loop', 'share', 'strategy', 'workers', 'loop ×', 'program ×', 'predicted ×', 'verified'],
    style: { head: [], border: [] },
  });
  for (const row of rows) {
    for (const bench of row.bench?.rows ?? []) {
      out.push([
        `${shown(row.program)}:${row.line}`,
        row.share === null ? '' : `${Math.round(row.share * 100)} %`,
        bench.strategy,
        String(bench.workers),
        formatRatio(bench.loopRatio),
        formatRatio(bench.programRatio),
        formatRange(bench.predicted),
        VERIFIED[bench.verified],
      ]);
    }
  }
  return out.toString();
}
