/** The panel: what was measured, newest first, and what is going on. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { EMPTY_STATE, type PanelRequest, type PanelState } from '../protocol/panel';
import { BenchView } from './bench';
import { fileName } from './format';
import { Host } from './host';
import { ProfileView } from './profile';

interface Said {
  readonly text: string;
  readonly error: boolean;
}

export function App() {
  const [state, setState] = useState<PanelState>(EMPTY_STATE);
  const [progress, setProgress] = useState<string | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const host = useMemo(() => new Host({ onState: setState, onProgress: setProgress }), []);

  useEffect(() => host.ready(), [host]);

  const ask = (request: PanelRequest) => {
    setSaid(null);
    host.request(request).then(
      (text) => setSaid(text === null ? null : { text, error: false }),
      (error: Error) => setSaid({ text: error.message, error: true }),
    );
  };
  const select = (key: string) => {
    setState({ ...state, selected: key });
    host.select(key);
  };

  const bench = state.benches.find((b) => b.key === state.selected) ?? state.benches[0];
  return (
    <>
      <p class={`status ${said?.error ? 'status-error' : ''}`} role="status" aria-live="polite">
        {progress !== null && <span class="busy">{progress}</span>}
        {said && <span>{said.text}</span>}
        {said?.error && (
          <button type="button" class="link" onClick={() => ask({ kind: 'show-log' })}>
            Show log
          </button>
        )}
      </p>
      {state.benches.length > 1 && (
        <nav aria-label="Measured loops">
          {state.benches.map(({ key, report }) => (
            <button key={key} type="button" class="tab" aria-current={key === bench?.key ? 'true' : undefined} onClick={() => select(key)}>
              {fileName(report.path)}:{report.line}
            </button>
          ))}
        </nav>
      )}
      {bench && <BenchView key={bench.key} bench={bench} busy={progress !== null} ask={ask} />}
      {state.profile && <ProfileView profile={state.profile} ask={ask} />}
      {!bench && !state.profile && progress === null && <Empty />}
    </>
  );
}

function Empty() {
  return (
    <section class="empty">
      <h1>Nothing measured yet</h1>
      <p>
        Put the cursor on a loop and run <b>Fanout: Benchmark This Loop</b>, or find the loops that are worth it with{' '}
        <b>Fanout: Profile This Program</b>.
      </p>
    </section>
  );
}
