/** The hot loops of a profile. */
import type { PanelProfile, PanelRequest } from '../protocol/panel';
import { fileName, percent } from './format';

export function ProfileView({ profile: { report, program }, ask }: { profile: PanelProfile; ask: (request: PanelRequest) => void }) {
  return (
    <section aria-labelledby="profile">
      <h2 id="profile">
        Where <code>{program.map(fileName).join(' ')}</code> spends its time
      </h2>
      <p class="detail">
        {report.samples} samples in {report.seconds.toFixed(1)} s, by {report.sampler}
      </p>
      {report.loops.length === 0 ? (
        <p>No loop was running in any sample.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Hot loops">
          <table>
            <caption class="hidden">Loops by their share of all samples</caption>
            <thead>
              <tr>
                <th scope="col" class="number">Share</th>
                <th scope="col">
                  <span class="hidden">Share as a bar</span>
                </th>
                <th scope="col">Loop</th>
                <th scope="col">Verdict</th>
                <th scope="col">Bound</th>
                <th scope="col">
                  <span class="hidden">Benchmark</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {report.loops.map((loop) => (
                <tr key={loop.loop + loop.path}>
                  <td class="number">{percent(loop.share)}</td>
                  <td>
                    <svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                      <rect class="share-track" width="100" height="8" />
                      <rect class="share-bar" width={100 * loop.share} height="8" />
                    </svg>
                  </td>
                  <th scope="row">
                    <button type="button" class="link" onClick={() => ask({ kind: 'open', path: loop.path, line: loop.line })}>
                      {fileName(loop.path)}:{loop.line}
                    </button>
                  </th>
                  <td>{loop.verdict}</td>
                  <td>{loop.bound}</td>
                  <td>
                    {loop.verdict !== 'sequential' && (
                      <button
                        type="button"
                        class="link"
                        aria-label={`Benchmark the loop at ${fileName(loop.path)} line ${loop.line}`}
                        onClick={() => ask({ kind: 'bench-loop', path: loop.path, line: loop.line })}
                      >
                        Benchmark
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {report.notes.map((note) => (
        <p key={note} class="detail">
          {note}
        </p>
      ))}
    </section>
  );
}
