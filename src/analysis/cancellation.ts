/** Lets long work be stopped and keeps it from holding the thread for more than 10 ms. */
export interface CancellationToken {
  readonly cancelled: boolean;
}

export class CancelledError extends Error {
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

export const neverCancelled: CancellationToken = { cancelled: false };

const SLICE_MS = 10;

/** Call between units of work: yields to the event loop when the slice is used up. @throws CancelledError */
export class Pacer {
  private sliceStart = performance.now();

  constructor(private readonly token: CancellationToken) {}

  async pause(): Promise<void> {
    if (this.token.cancelled) throw new CancelledError();
    if (performance.now() - this.sliceStart < SLICE_MS) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.sliceStart = performance.now();
    if (this.token.cancelled) throw new CancelledError();
  }
}
