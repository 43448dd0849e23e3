/** One self-contained HTML page about benchmarks: no script, nothing loaded from elsewhere. Every chart has its table. */
import * as path from 'node:path';
import { bestRow, gainWords, isEqual } from '../protocol/best';
import type { FileResult } from '../protocol/results';
import { ratioBars, sizesLine, workersLine } from './report-charts';
import { STYLE } from './report-style';
import { escapeHtml as text, interval, seconds, times, VERIFIED } from './report-text';
import type { BenchReport, BenchRow, LeftOut, VerifyResult } from './types';

export interface ReportExtra {
  readonly title: string;
  readonly findings: readonly FileResult[];
  /** What there is to say about programs that have no benchmark. */
  readonly notes: readonly { readonly program: string; readonly note: string }[];
}

/** The page of one benchmark. */
export function reportHtml(report: BenchReport): string {
  return renderHtmlReport([report], { title: path.basename(report.path), findings: [], notes: [] });
}

/** The page of several, with the findings of the analysis. */
export function renderHtmlReport(reports: readonly BenchReport[], extra: ReportExtra): string {
  const body = [
    `<h1>Fanout: ${text(extra.title)}</h1>`,
    `<p class="quiet">${text(conditions(reports))}</p>`,
    reports.length > 1 ? overview(reports) : '',
    notes(extra.notes),
    ...reports.map((report, index) => section(report, index)),
    findings(extra.findings),
  ].join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Fanout: ${text(extra.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function conditions(reports: readonly BenchReport[]): string {
  const [first] = reports;
  if (!first) return 'Nothing was measured.';
  const { cores, usableCores, platform } = first.machine;
  const languages = [...new Set(reports.map(({ machine }) => (machine.python ? `Python ${machine.python}` : `Node.js ${machine.node}`)))];
  return `${platform}, ${cores} cores, ${usableCores} of them usable, ${languages.join(', ')}. ${first.madeAt.slice(0, 16).replace('T', ' ')} UTC. A ratio above 1 is faster; intervals are at 95 %.`;
}

const name = (report: BenchReport) => `${path.basename(report.path)}:${report.line}`;

function overview(reports: readonly BenchReport[]): string {
  const rows = reports.map((report, index) => {
    const row = bestRow(report) ?? report.rows[0];
    if (!row) return '';
    return `<tr><th scope="row"><a href="#loop-${index}">${text(name(report))}</a></th>${cells(row)}</tr>`;
  });
  return `<div class="scroll"><table><caption>Each loop with its best rewrite</caption>${head('loop')}<tbody>${rows.join('')}</tbody></table></div>`;
}

function head(first: string): string {
  const columns = ['strategy', 'workers', 'loop', 'warm', 'program', 'predicted', 'original', 'rewritten', 'start-up', 'build', 'pairs', 'verified'];
  const cell = (label: string) => `<th scope="col"${NUMBERS.has(label) ? ' class="number"' : ''}>${label}</th>`;
  return `<thead><tr>${first ? cell(first) : ''}${columns.map(cell).join('')}</tr></thead>`;
}

const NUMBERS = new Set(['workers', 'loop', 'warm', 'program', 'predicted', 'original', 'rewritten', 'start-up', 'build', 'pairs']);

function cells(row: BenchRow): string {
  const number = (value: string) => `<td class="number">${value}</td>`;
  const ratio = (value: BenchRow['loopRatio']) => number(value ? `<strong>${times(value.value)}</strong><br><span class="quiet">${interval(value)}</span>` : '–');
  const verified = row.error ?? VERIFIED[row.verified];
  return [
    `<td>${text(row.strategy)}${row.python === undefined ? '' : `<br><span class="quiet">on Python ${text(row.python)}</span>`}</td>`,
    number(String(row.workers)),
    ratio(row.loopRatio),
    ratio(row.warmRatio ?? null),
    ratio(row.programRatio),
    number(row.predicted ? interval(row.predicted) : '–'),
    number(seconds(row.baselineSeconds)),
    number(seconds(row.candidateSeconds)),
    number(seconds(row.startupMs === null ? null : row.startupMs / 1000)),
    number(seconds(row.buildSeconds ?? null)),
    number(String(row.pairs)),
    `<td class="${row.error === null && isEqual(row.verified) ? 'good' : 'bad'}">${text(verified)}</td>`,
  ].join('');
}

function section(report: BenchReport, index: number): string {
  return `<section aria-labelledby="loop-${index}">
<h2 id="loop-${index}">${text(name(report))}</h2>
<p><code>${text(report.title)}</code></p>
<p class="answer">${answer(report)}</p>
<div class="charts">${ratioBars(report)}${workersLine(report)}${sizesLine(report)}</div>
<div class="scroll"><table><caption>Wall time of the loop summed over its entries, pool start included, against the original on the same interpreter; warm: without what only its first entry pays</caption>${head('')}<tbody>${report.rows.map((row) => `<tr>${cells(row)}</tr>`).join('')}</tbody></table></div>
${leftOut(report.leftOut ?? [])}
${report.verify ? verification(report.verify) : ''}
${report.diff ? `<details><summary>The rewrite</summary><pre>${diff(report.diff)}</pre></details>` : ''}
<p class="quiet">Program: <code>${text(report.program.map((word) => path.basename(word)).join(' '))}</code></p>
${report.notes.length > 0 ? `<ul class="quiet">${report.notes.map((note) => `<li>${text(note)}</li>`).join('')}</ul>` : ''}
</section>`;
}

function answer(report: BenchReport): string {
  const best = bestRow(report);
  const { recommendation } = report;
  if (!best?.loopRatio) {
    if (recommendation) return text(recommendation.reason);
    const bad = report.rows.find((row) => row.error !== null || !isEqual(row.verified));
    return `No rewrite can be recommended${bad ? `: ${text(bad.error ?? VERIFIED[bad.verified])}` : ''}.`;
  }
  const gain = `<strong>${times(best.loopRatio.value)}</strong> ${gainWords(best.loopRatio)}`;
  if (recommendation?.strategy) return `${gain}<br><span class="quiet">${text(recommendation.reason)}</span>`;
  return `${gain} with ${text(best.strategy)} and ${best.workers} workers, results ${VERIFIED[best.verified]}`;
}

function leftOut(list: readonly LeftOut[]): string {
  if (list.length === 0) return '';
  const row = ({ strategy, why, install }: LeftOut) => `<tr><th scope="row">${text(strategy)}</th><td>${text(why)}</td><td>${install ? `<code>${text(install)}</code>` : ''}</td></tr>`;
  return `<h3>Not compared</h3><div class="scroll"><table><caption>Strategies that do not fit the loop or cannot run on this machine</caption><thead><tr><th scope="col">strategy</th><th scope="col">why</th><th scope="col">to make it run</th></tr></thead><tbody>${list.map(row).join('')}</tbody></table></div>`;
}

function verification(result: VerifyResult): string {
  const differences = result.differences
    .slice(0, 10)
    .map(({ where, original, candidate, entry }) => `<li class="bad"><code>${text(where)}</code>${entry > 0 ? ` (entry ${entry})` : ''}: ${text(original)} became ${text(candidate)}</li>`);
  const left = result.notCompared.map(({ where, why }) => `<li><code>${text(where)}</code>: ${text(why)}</li>`);
  return `<h3>Verification</h3>
<p>${text(result.message)}</p>
${differences.length > 0 ? `<ul>${differences.join('')}</ul>` : ''}
${left.length > 0 ? `<details><summary>Not compared (${left.length})</summary><ul>${left.join('')}</ul></details>` : ''}`;
}

function diff(unified: string): string {
  return unified
    .split('\n')
    .map((line) => {
      const kind = /^\+(?!\+\+)/.test(line) ? 'added' : /^-(?!--)/.test(line) ? 'removed' : null;
      return kind ? `<span class="${kind}">${text(line)}</span>` : text(line);
    })
    .join('\n');
}

function notes(list: ReportExtra['notes']): string {
  if (list.length === 0) return '';
  return `<h2>Programs without a rewrite</h2><ul>${list.map(({ program, note }) => `<li><code>${text(program)}</code>: ${text(note)}</li>`).join('')}</ul>`;
}

function findings(files: readonly FileResult[]): string {
  const rows = files.flatMap((file) =>
    file.findings.map((finding) => `<tr><th scope="row">${text(file.path)}:${finding.line}</th><td>${text(finding.rule)}</td><td>${text(finding.severity)}</td><td>${text(finding.message)}</td></tr>`),
  );
  if (rows.length === 0) return '';
  return `<h2>Findings</h2><div class="scroll"><table><caption>${rows.length} findings in ${files.length} files</caption><thead><tr><th scope="col">place</th><th scope="col">rule</th><th scope="col">severity</th><th scope="col">message</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}
