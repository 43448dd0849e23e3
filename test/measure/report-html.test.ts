import assert from 'node:assert/strict';
import { renderHtmlReport, reportHtml } from '../../src/measure/report-html';
import type { BenchReport, BenchRow } from '../../src/measure/types';

const row = (strategy: string, workers: number, value: number, verified: BenchRow['verified'] = 'equal'): BenchRow => ({
  strategy,
  workers,
  loopRatio: { value, low: value * 0.9, high: value * 1.1 },
  programRatio: { value: 1.2, low: 1.1, high: 1.3 },
  baselineSeconds: 2,
  candidateSeconds: 2 / value,
  pairs: 5,
  startupMs: 12,
  predicted: { low: 1.1, high: 1.9 },
  verified,
  error: null,
});

const report: BenchReport = {
  version: 1,
  path: '/home/ada/<app>.py',
  line: 12,
  title: 'for x in xs: # <b> & "quotes"',
  program: ['python', 'app.py'],
  machine: { cores: 2, usableCores: 1.9, platform: 'linux x64', python: '3.12.1', node: '20.20.0' },
  rows: [row('python/process-pool', 1, 0.9), row('python/process-pool', 2, 1.7), row('python/joblib', 2, 1.9, 'different')],
  verify: {
    status: 'equal-as-far',
    message: 'Equal as far as compared',
    differences: [{ where: 'out[0]', original: '1', candidate: '<2>', entry: 1 }],
    notCompared: [{ where: 'stdout line 3', why: 'differs between two runs' }],
    entries: 1,
    iterations: 9,
    runs: 3,
    startMethods: ['fork'],
  },
  diff: '--- a\n+++ b\n-for x in xs:\n+with Pool() as pool: # <script>',
  notes: ['a note & more'],
  madeAt: '2026-11-20T10:00:00.000Z',
};

describe('HTML report', () => {
  const html = reportHtml(report);

  it('is one page with no script and nothing loaded from elsewhere', () => {
    assert.doesNotMatch(html, /<script|src=|href="(?!#)|url\(|@import/i);
    assert.match(html, /^<!doctype html>\n<html lang="en">/);
    assert.match(html, /prefers-color-scheme: dark/);
  });

  it('keeps what it is given from being read as markup', () => {
    assert.doesNotMatch(html, /<b>|<app>|<2>/);
    assert.match(html, /&#60;b&#62; &#38; &#34;quotes&#34;/);
  });

  it('has a table with every row, and charts that can be read aloud', () => {
    const section = html.slice(html.indexOf('<section'));
    assert.equal(section.match(/<tr>/g)!.length, 1 + report.rows.length);
    assert.equal(html.match(/<svg /g)!.length, 2);
    for (const svg of html.matchAll(/<svg [^>]*>/g)) assert.match(svg[0], /role="img" aria-label="[^"]+"/);
    assert.match(html, /aria-label="[^"]*workers 1 ×0\.90, workers 2 ×1\.70/);
  });

  it('recommends the fastest that is equal, not the fastest', () => {
    assert.match(html, /<strong>×1\.70<\/strong> faster with python\/process-pool and 2 workers, results equal/);
    const none = reportHtml({ ...report, rows: [row('python/joblib', 2, 3, 'different')] });
    assert.match(none, /No rewrite can be recommended: different/);
  });

  it('colours added and removed lines of the diff, not its head', () => {
    assert.match(html, /<span class="removed">-for x in xs:<\/span>/);
    assert.doesNotMatch(html, /<span class="(?:added|removed)">(?:---|\+\+\+)/);
  });

  it('names the loops of several reports, the programs without one, and the findings', () => {
    const page = renderHtmlReport([report, { ...report, path: '/home/ada/other.py', line: 3 }], {
      title: 'samples',
      notes: [{ program: 'walk.py', note: 'the loop is a recurrence' }],
      findings: [
        {
          path: 'app.py',
          language: 'python',
          error: null,
          loops: [],
          captures: [],
          findings: [{ rule: 'parallelizable-loop', severity: 'information', line: 12, column: 1, endLine: 12, endColumn: 5, message: 'can run in parallel', fixes: [] }],
        },
      ],
    });
    for (const expected of ['href="#loop-1"', 'id="loop-1"', 'other.py:3', 'walk.py', 'the loop is a recurrence', 'parallelizable-loop']) assert.ok(page.includes(expected), expected);
  });

  it('says so when nothing was measured', () => {
    assert.match(renderHtmlReport([], { title: 'empty', findings: [], notes: [] }), /Nothing was measured/);
  });
});
