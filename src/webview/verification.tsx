/** Whether the rewrite gives the same, what differs first, and what could not be compared. */
import type { VerifyResult } from '../measure/types';
import { isEqual } from '../protocol/best';

export function Verification({ result }: { result: VerifyResult }) {
  const difference = result.differences[0];
  const more = result.differences.length - 1;
  return (
    <section aria-labelledby="verification">
      <h2 id="verification">Same results?</h2>
      <p class={`mark ${isEqual(result.status) ? 'mark-good' : 'mark-bad'}`}>{result.message}</p>
      <p class="detail">The program ran {result.runs} times for it.</p>
      {difference && (
        <>
          <h3>
            First difference: <code>{difference.where}</code>
            {difference.entry > 0 && `, entry ${difference.entry} of the loop`}
          </h3>
          <dl class="difference">
            <dt>Original</dt>
            <dd>
              <pre>{difference.original}</pre>
            </dd>
            <dt>Rewrite</dt>
            <dd>
              <pre>{difference.candidate}</pre>
            </dd>
          </dl>
          {more > 0 && <p class="detail">{more} more.</p>}
        </>
      )}
      {result.notCompared.length > 0 && (
        <details>
          <summary>Not compared: {result.notCompared.length}</summary>
          <ul>
            {result.notCompared.map(({ where, why }) => (
              <li key={where}>
                <code>{where}</code>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
