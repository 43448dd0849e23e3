/** What the commands share about the terminal: colours only where there is one, progress on standard error, Ctrl+C. */
import pc from 'picocolors';
import type { CancellationToken } from '../analysis/cancellation';

const useColour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
export const colour = pc.createColors(useColour);

export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : text + '\n');
}

export function errorLine(message: string): void {
  process.stderr.write(`fanout: ${message}\n`);
}

let cancelled = false;

/** Cancelled by Ctrl+C: the work in hand ends its children and the command exits. A second Ctrl+C ends it at once. */
export const interrupt: CancellationToken = {
  get cancelled() {
    return cancelled;
  },
};

export function cancelOnInterrupt(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (cancelled) process.exit(130);
      cancelled = true;
      clearProgress();
      process.stderr.write('fanout: stopping…\n');
    });
  }
}

let shown = 0;

/** One line that is written over; nothing when standard error is no terminal, unless `always` asks for a plain line. */
export function progress(message: string, options: { readonly always?: boolean } = {}): void {
  if (process.stderr.isTTY) {
    const width = (process.stderr.columns ?? 80) - 1;
    const line = message.length > width ? message.slice(0, width - 1) + '…' : message;
    process.stderr.write('\r' + line.padEnd(shown));
    shown = line.length;
  } else if (options.always) {
    process.stderr.write(message + '\n');
  }
}

export function clearProgress(): void {
  if (shown > 0) process.stderr.write('\r' + ' '.repeat(shown) + '\r');
  shown = 0;
}

export async function readLine(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const io = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await io.question(question);
  } finally {
    io.close();
  }
}
