/** Cancellation and progress of the protocol, as the session takes them. */
import { WorkDoneProgress, type CancellationToken as LspToken, type Connection, type ProgressToken } from 'vscode-languageserver';
import type { CancellationToken } from '../analysis/cancellation';

export type OnProgress = (message: string, done?: number, total?: number) => void;

/** A token that is cancelled by the request or by the server's end. */
export function anyCancelled(...tokens: readonly (LspToken | { readonly isCancellationRequested: boolean })[]): CancellationToken {
  return {
    get cancelled() {
      return tokens.some((token) => token.isCancellationRequested);
    },
  };
}

/** Reports under a request's token, at most ten times a second; `end` closes it. Without a token, nothing is sent. */
export function reporter(connection: Connection, token: ProgressToken | undefined, title: string): { report: OnProgress; end(): void } {
  if (token === undefined) return { report: () => {}, end: () => {} };
  void connection.sendProgress(WorkDoneProgress.type, token, { kind: 'begin', title, cancellable: true, percentage: 0 });
  let last = 0;
  let lastMessage = '';
  return {
    report(message, done, total) {
      const now = performance.now();
      if (message === lastMessage && now - last < 100) return;
      last = now;
      lastMessage = message;
      const percentage = done !== undefined && total ? Math.min(100, Math.round((100 * done) / total)) : undefined;
      void connection.sendProgress(WorkDoneProgress.type, token, { kind: 'report', message, ...(percentage === undefined ? {} : { percentage }) });
    },
    end() {
      void connection.sendProgress(WorkDoneProgress.type, token, { kind: 'end' });
    },
  };
}
