/** Every strategy and number of workers that was measured. */
import type { BenchReport, BenchRow, Ratio } from '../measure/types';
import { isEqual } from '../protocol/best';
import { interval, seconds, times, VERIFIED } from './format';

interface Props {
  readonly report: BenchReport;
  readonly busy: boolean;
  readonly onApply: (strategy: string) => void;
}

export function ResultTable({ report, busy, onApply }: Props) {
  const warm = report.rows.some((row) => row.warmRatio);
  const built = report.rows.some((row) => row.buildSeconds);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Figures of every strategy">
      <table>
        <caption class="hidden">Ratios of the original's time to the rewrite's, with 95 % intervals: above 1 the rewrite is faster</caption>
        <thead>
          <tr>
            <th scope="col">Strategy</th>
            <th scope="col" class="number">Workers</th>
            <th scope="col" class="number">Loop</th>
            {warm && <th scope="col" class="number">Warm</th>}
            <th scope="col">Results</th>
            <th scope="col" class="number">Whole program</th>
            <th scope="col" class="number">Predicted</th>
            <th scope="col" class="number">Before → after</th>
            <th scope="col" class="number">Pool start</th>
            {built && <th scope="col" class="number">Build</th>}
            <th scope="col">
              <span class="hidden">Apply</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <Row key={`${row.strategy} ${row.workers}`} row={row} busy={busy} onApply={onApply} warm={warm} built={built} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, busy, onApply, warm, built }: { row: BenchRow; busy: boolean; onApply: Props['onApply']; warm: boolean; built: boolean }) {
  const good = row.error === null && isEqual(row.verified);
  return (
    <tr>
      <th scope="row">
        <code>{row.strategy}</code>
        {row.python !== undefined && <span class="detail"> on Python {row.python}</span>}
      </th>
      <td class="number">{row.workers}</td>
      <RatioCell ratio={row.loopRatio} />
      {warm && <RatioCell ratio={row.warmRatio ?? null} />}
      <td>
        <span class={`mark ${good ? 'mark-good' : 'mark-bad'}`}>{row.error ?? VERIFIED[row.verified]}</span>
      </td>
      <RatioCell ratio={row.programRatio} />
      <td class="number">{row.predicted ? `×${row.predicted.low.toFixed(1)} to ${row.predicted.high.toFixed(1)}` : ''}</td>
      <td class="number">{row.baselineSeconds !== null && row.candidateSeconds !== null ? `${seconds(row.baselineSeconds)} → ${seconds(row.candidateSeconds)}` : ''}</td>
      <td class="number">{row.startupMs === null ? '' : `${row.startupMs.toFixed(0)} ms`}</td>
      {built && <td class="number">{row.buildSeconds ? seconds(row.buildSeconds) : ''}</td>}
      <td>
        {good && (
          <button type="button" class="link" disabled={busy} aria-label={`Apply ${row.strategy}`} onClick={() => onApply(row.strategy)}>
            Apply
          </button>
        )}
      </td>
    </tr>
  );
}

function RatioCell({ ratio }: { ratio: Ratio | null }) {
  if (!ratio) return <td class="number" />;
  return (
    <td class="number">
      <b>{times(ratio.value)}</b> <span class="detail">{interval(ratio)}</span>
    </td>
  );
}
