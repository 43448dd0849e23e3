/** One measured loop: the answer first, then the figures, the proof and the change. */
import type { BenchReport, BenchRow } from '../measure/types';
import { bestRow, gainWords, isEqual } from '../protocol/best';
import type { PanelBench, PanelRequest } from '../protocol/panel';
import { RatioBars, SizesLine, WorkersLine } from './charts';
import { Diff } from './diff';
import { fileName, interval, times, VERIFIED } from './format';
import { LeftOutTable } from './left-out';
import { ResultTable } from './table';
import { Verification } from './verification';

interface Props {
  readonly bench: PanelBench;
  readonly busy: boolean;
  readonly ask: (request: PanelRequest) => void;
}

export function BenchView({ bench: { key, report }, busy, ask }: Props) {
  const best = bestRow(report);
  return (
    <article aria-labelledby="loop">
      <header>
        <p class="where">
          <button type="button" class="link" onClick={() => ask({ kind: 'open', path: report.path, line: report.line })}>
            {fileName(report.path)}, line {report.line}
          </button>
        </p>
        <h1 id="loop">
          <code>{report.title}</code>
        </h1>
        <Answer report={report} best={best} />
        <div class="actions">
          {best && (
            <button
              type="button"
              class={best.loopRatio!.low > 1 ? undefined : 'secondary'}
              disabled={busy}
              onClick={() => ask({ kind: 'apply', key, strategy: best.strategy })}
            >
              Apply this rewrite
            </button>
          )}
          <button type="button" class="secondary" disabled={busy} onClick={() => ask({ kind: 'bench-again', key })}>
            Measure again
          </button>
          <button type="button" class="secondary" onClick={() => ask({ kind: 'export', key, format: 'json' })}>
            Export JSON
          </button>
          <button type="button" class="secondary" onClick={() => ask({ kind: 'export', key, format: 'html' })}>
            Export HTML
          </button>
        </div>
      </header>
      <div class="charts">
        <RatioBars report={report} />
        <WorkersLine report={report} />
        <SizesLine report={report} />
      </div>
      <section aria-labelledby="figures">
        <h2 id="figures">Figures</h2>
        <ResultTable report={report} busy={busy} onApply={(strategy) => ask({ kind: 'apply', key, strategy })} />
      </section>
      <LeftOutTable list={report.leftOut ?? []} />
      {report.verify && <Verification result={report.verify} />}
      {report.diff && <Diff text={report.diff} />}
      <section aria-labelledby="conditions">
        <h2 id="conditions">Conditions</h2>
        <ul class="plain">
          <li>
            Program: <code>{report.program.map(fileName).join(' ')}</code>
          </li>
          <li>
            {report.machine.usableCores} of {report.machine.cores} cores usable, {report.machine.platform}
            {report.machine.python && `, Python ${report.machine.python}`}, Node.js {report.machine.node}
          </li>
          <li>{new Date(report.madeAt).toLocaleString()}</li>
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </section>
    </article>
  );
}

function Answer({ report, best }: { report: BenchReport; best: BenchRow | null }) {
  const { recommendation } = report;
  if (!best?.loopRatio) {
    if (recommendation) return <p class="answer">{recommendation.reason}</p>;
    const bad = report.rows.find((row) => row.error !== null || !isEqual(row.verified));
    return <p class="answer">No rewrite can be recommended{bad ? `: ${bad.error ?? VERIFIED[bad.verified]}` : ''}.</p>;
  }
  const { loopRatio: ratio } = best;
  return (
    <p class="answer">
      <span class="ratio">{times(ratio.value)}</span>
      <span>
        {gainWords(ratio)}
        <span class="detail">
          {recommendation?.strategy ? (
            recommendation.reason
          ) : (
            <>
              {interval(ratio)} at 95 % confidence, <code>{best.strategy}</code> with {best.workers} workers, results {VERIFIED[best.verified]}
            </>
          )}
        </span>
      </span>
    </p>
  );
}
