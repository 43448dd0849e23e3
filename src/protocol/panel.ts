/** What the results panel and the extension say to each other: one discriminated union each way. */
import type { BenchReport, ProfileReport } from '../measure/types';

/** What the panel shows. The extension keeps it with the workspace, over reloads too. */
export interface PanelState {
  readonly version: 1;
  /** Newest first; a new report of the same loop replaces the old one. */
  readonly benches: readonly PanelBench[];
  readonly profile: PanelProfile | null;
  /** Which bench is shown: its `key`. */
  readonly selected: string | null;
}

export interface PanelBench {
  /** Document and line: what names the loop for a person. */
  readonly key: string;
  readonly uri: string;
  readonly report: BenchReport;
}

export interface PanelProfile {
  readonly uri: string;
  readonly program: readonly string[];
  readonly report: ProfileReport;
}

export const EMPTY_STATE: PanelState = { version: 1, benches: [], profile: null, selected: null };

/** What the panel asks for. Each gets one reply with its `id`. */
export type PanelRequest =
  | { readonly kind: 'apply'; readonly key: string; readonly strategy: string }
  | { readonly kind: 'export'; readonly key: string; readonly format: 'json' | 'html' }
  | { readonly kind: 'bench-again'; readonly key: string }
  | { readonly kind: 'bench-loop'; readonly path: string; readonly line: number }
  | { readonly kind: 'open'; readonly path: string; readonly line: number }
  | { readonly kind: 'show-log' };

export type FromPanel =
  | { readonly type: 'ready' }
  /** The person looks at this result now. */
  | { readonly type: 'select'; readonly key: string }
  | { readonly type: 'request'; readonly id: number; readonly request: PanelRequest };

export type ToPanel =
  | { readonly type: 'state'; readonly state: PanelState }
  | { readonly type: 'progress'; readonly message: string | null }
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly message: string | null }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly error: string };

/** A state that came back from storage: anything that is not one is as if there were none. */
export function readState(value: unknown): PanelState | null {
  const state = value as Partial<PanelState> | null | undefined;
  return state && state.version === 1 && Array.isArray(state.benches) ? (state as PanelState) : null;
}

/** The state after a new measurement of a loop. */
export function withBench(state: PanelState, bench: PanelBench): PanelState {
  return { ...state, benches: [bench, ...state.benches.filter((b) => b.key !== bench.key)].slice(0, 20), selected: bench.key };
}
