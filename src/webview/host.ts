/** The panel's end of the line to the extension: requests with ids and an answer. */
import type { FromPanel, PanelRequest, PanelState, ToPanel } from '../protocol/panel';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export class Host {
  private readonly api = acquireVsCodeApi();
  private readonly pending = new Map<number, { resolve: (message: string | null) => void; reject: (error: Error) => void }>();
  private nextId = 1;

  constructor(handlers: { onState(state: PanelState): void; onProgress(message: string | null): void }) {
    window.addEventListener('message', (event: MessageEvent<ToPanel>) => {
      const message = event.data;
      switch (message.type) {
        case 'state':
          return handlers.onState(message.state);
        case 'progress':
          return handlers.onProgress(message.message);
        case 'reply': {
          const waiting = this.pending.get(message.id);
          this.pending.delete(message.id);
          if (message.ok) waiting?.resolve(message.message);
          else waiting?.reject(new Error(message.error));
        }
      }
    });
  }

  ready(): void {
    this.api.postMessage({ type: 'ready' });
  }

  select(key: string): void {
    this.api.postMessage({ type: 'select', key });
  }

  /** @returns what to say to the person, if anything */
  request(request: PanelRequest): Promise<string | null> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.api.postMessage({ type: 'request', id, request });
    });
  }
}
