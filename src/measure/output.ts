/** What a program printed: all of it hashed and counted, only so much kept. */
import { createHash } from 'node:crypto';

/** Kept whole up to this size; beyond it, the first and last `EDGE` bytes. */
const WHOLE = 4 << 20;
const EDGE = 64 << 10;

export interface Output {
  readonly bytes: number;
  readonly sha256: string;
  /** The text when it is all there; else null. */
  readonly text: string | null;
  readonly head: string;
  readonly tail: string;
}

/** Takes output as it comes; its memory is bounded however much comes. */
export class OutputCollector {
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private chunks: Buffer[] = [];
  private head: Buffer | null = null;
  private tail: Buffer = Buffer.alloc(0);

  add(chunk: Buffer): void {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    if (this.head === null) {
      this.chunks.push(chunk);
      if (this.bytes > WHOLE) {
        const all = Buffer.concat(this.chunks);
        this.chunks = [];
        this.head = Buffer.from(all.subarray(0, EDGE));
        this.tail = Buffer.from(all.subarray(-EDGE));
      }
      return;
    }
    this.tail = Buffer.from(chunk.length >= EDGE ? chunk.subarray(-EDGE) : Buffer.concat([this.tail, chunk]).subarray(-EDGE));
  }

  result(): Output {
    const all = this.head === null ? Buffer.concat(this.chunks) : null;
    return {
      bytes: this.bytes,
      sha256: this.hash.digest('hex'),
      text: all ? all.toString('utf8') : null,
      head: (all ?? this.head!).subarray(0, EDGE).toString('utf8'),
      tail: (all ?? this.tail).subarray(-EDGE).toString('utf8'),
    };
  }
}

/** The last lines that say something, for a message. */
export function lastLines(output: Output, count = 8): string {
  return output.tail
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count)
    .map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line))
    .join('\n');
}
