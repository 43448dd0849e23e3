/** Sampled stacks, whatever took them, and their mapping to loops. */
import * as fs from 'node:fs';
import { languageOf } from '../languages/frontend';
import type { LoopReport } from '../analysis/report';
import type { FunctionIR } from '../ir/ir';
import type { ProfiledLoop, ProfileLine } from './types';

/** The part of a loop's report that profiling needs. */
export type SampledLoop = Pick<LoopReport, 'id' | 'extent' | 'range' | 'verdict' | 'bound' | 'work'> & {
  readonly fn: Pick<FunctionIR, 'id' | 'start' | 'length'>;
  readonly module: { readonly path: string; readonly functions: ReadonlyMap<string, Pick<FunctionIR, 'id' | 'start' | 'length' | 'name'>> };
};

/** Loops of a file, by its absolute path; none for files that are not the project's. */
export type LoopsOf = (file: string) => Promise<readonly SampledLoop[]>;

export interface Frame {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly name: string;
}

export interface Stack {
  /** Outermost first. */
  readonly frames: readonly Frame[];
  readonly count: number;
}

/** Line starts of a text, to turn offsets into 1-based lines and back. */
export class Lines {
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    for (const match of text.matchAll(/\r\n|\r|\n/g)) this.starts.push(match.index + match[0].length);
  }

  /** 1-based line of an offset. */
  at(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Offset of a 1-based line and 0-based column. */
  offset(line: number, column: number): number {
    return (this.starts[Math.min(line, this.starts.length) - 1] ?? 0) + column;
  }

  get count(): number {
    return this.starts.length;
  }
}

export interface LocatedLoop {
  readonly loop: SampledLoop;
  readonly path: string;
  readonly first: number;
  readonly last: number;
  /** Line that names the loop. */
  readonly line: number;
}

/** Finds the loops of the files that samples fall into, once for each file. */
export class LoopIndex {
  private readonly files = new Map<string, Promise<{ readonly lines: Lines; readonly loops: readonly LocatedLoop[] } | null>>();

  constructor(
    private readonly loopsOf: LoopsOf,
    /** Texts that are not on disk as they are run. */
    private readonly texts: ReadonlyMap<string, string>,
  ) {}

  get(file: string): Promise<{ readonly lines: Lines; readonly loops: readonly LocatedLoop[] } | null> {
    let found = this.files.get(file);
    if (!found) {
      found = this.load(file);
      this.files.set(file, found);
    }
    return found;
  }

  private async load(file: string) {
    if (!languageOf(file) || /[\\/](?:node_modules|site-packages|dist-packages)[\\/]/.test(file)) return null;
    let text = this.texts.get(file);
    try {
      text ??= fs.readFileSync(file, 'utf8');
    } catch {
      return null;
    }
    const lines = new Lines(text);
    const loops = (await this.loopsOf(file)).map((loop) => ({
      loop,
      path: file,
      first: lines.at(loop.extent.start),
      last: lines.at(Math.max(loop.extent.start, loop.extent.end - 1)),
      line: lines.at(loop.range.start),
    }));
    return { lines, loops };
  }
}

/** Adds up what falls into loops and lines. */
export class Tally {
  private readonly loops = new Map<LocatedLoop, number>();
  private readonly lines = new Map<string, { path: string; line: number; count: number }>();
  total = 0;

  addLoop(loop: LocatedLoop, count: number): void {
    this.loops.set(loop, (this.loops.get(loop) ?? 0) + count);
  }

  addLine(path: string, line: number, count: number): void {
    const key = `${line} ${path}`;
    const known = this.lines.get(key);
    if (known) known.count += count;
    else this.lines.set(key, { path, line, count });
  }

  profiledLoops(): readonly ProfiledLoop[] {
    return [...this.loops]
      .filter(([, count]) => count > 0)
      .map(([{ loop, path, line }, count]) => ({ path, line, loop: loop.id, share: Math.min(1, count / this.total), verdict: loop.verdict, bound: loop.bound }))
      .sort((a, b) => b.share - a.share || a.path.localeCompare(b.path) || a.line - b.line);
  }

  profileLines(): readonly ProfileLine[] {
    return [...this.lines.values()]
      .map(({ path, line, count }) => ({ path, line, self: count / this.total }))
      .sort((a, b) => b.self - a.self)
      .slice(0, 200);
  }
}

/** A sample belongs to a loop when a frame of its stack is at a line of it, calls from there included. */
export async function tallyStacks(stacks: readonly Stack[], index: LoopIndex): Promise<Tally> {
  const tally = new Tally();
  for (const { frames, count } of stacks) {
    tally.total += count;
    const hit = new Set<LocatedLoop>();
    for (const frame of frames) {
      const file = await index.get(frame.file);
      for (const loop of file?.loops ?? []) if (frame.line >= loop.first && frame.line <= loop.last) hit.add(loop);
    }
    for (const loop of hit) tally.addLoop(loop, count);
    const leaf = frames.at(-1);
    if (leaf && (await index.get(leaf.file))) tally.addLine(leaf.file, leaf.line, count);
  }
  return tally;
}
