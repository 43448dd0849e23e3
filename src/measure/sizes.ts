/** Sizes of the input: a program with a list of them in its command, and the size from which a rewrite pays. */
import { ProgramError } from './program';
import type { BenchRow, BreakEven, Program, SizeRows } from './types';

/** `{60,120,240}`, alone or within a word. */
const LIST = /\{([^{},]+(?:,[^{},]+)+)\}/;
const PLACE = '{}';

/** A program that is run with its input in several sizes, as typed: what stands in the place of the size. */
export interface SizedProgram {
  readonly sizes: readonly string[];
  readonly at: (size: string) => Program;
}

/**
 * The sizes that a command asks for: `python app.py {60,120,240}`, or `python app.py {}` with the sizes apart, as a shell may take the
 * braces for its own.
 * @returns null for a command without sizes
 * @throws ProgramError when there is a place without sizes, or sizes without a place
 */
export function sizedProgram(program: Program, sizes: readonly string[] = []): SizedProgram | null {
  const lists = [...new Set(program.command.flatMap((word) => LIST.exec(word)?.[1] ?? []))];
  const place = program.command.some((word) => word.includes(PLACE));
  if (lists.length > 1) throw new ProgramError('the command has more than one list of sizes: vary one at a time');
  if (lists.length === 1 && sizes.length > 0) throw new ProgramError('the sizes stand in the command and apart from it: give them once');
  if (sizes.length > 0 && !place) throw new ProgramError(`the command has no place for the size: write ${PLACE} where it goes, as in \`python app.py ${PLACE}\``);
  if (lists.length === 0 && sizes.length === 0) {
    if (place) throw new ProgramError(`the command has a place for a size, ${PLACE}, and there are no sizes: \`--sizes 60,120,240\``);
    return null;
  }
  const all = lists.length === 1 ? lists[0]!.split(',').map((size) => size.trim()) : sizes;
  const at = (size: string): Program => ({ ...program, command: program.command.map((word) => word.replace(LIST, () => size).replaceAll(PLACE, () => size)) });
  return { sizes: [...new Set(all)], at };
}

/**
 * Where each strategy begins to pay, at its largest number of workers: between two sizes whose ratios lie on either side of 1, by linear
 * interpolation of the logarithms of the ratio and of the time that the original's loop takes. A ratio whose interval holds 1 stands on no
 * side.
 */
export function breakEvens(sizes: readonly SizeRows[]): readonly BreakEven[] {
  const strategies = [...new Set(sizes.flatMap(({ rows }) => rows.map((row) => row.strategy)))];
  return strategies.flatMap((strategy): BreakEven[] => {
    const workers = Math.max(...sizes.flatMap(({ rows }) => rows.filter((row) => row.strategy === strategy).map((row) => row.workers)));
    const points = sizes
      .flatMap(({ size, rows }) => pointOf(size, rows.find((row) => row.strategy === strategy && row.workers === workers)))
      .sort((a, b) => a.seconds - b.seconds);
    const clear = points.filter(({ side }) => side !== 0);
    const crossing = clear.findIndex((point, i) => i > 0 && clear[i - 1]!.side < 0 && point.side > 0);
    const nowhere = { strategy, workers, seconds: null, between: null };
    if (crossing < 0) {
      if (points.length === 0) return [];
      const all = (side: number): boolean => points.every((point) => point.side === side);
      return [{ ...nowhere, always: all(1) ? 'faster' : all(-1) ? 'slower' : null }];
    }
    const [below, above] = [clear[crossing - 1]!, clear[crossing]!];
    const share = -Math.log(below.ratio) / (Math.log(above.ratio) - Math.log(below.ratio));
    const seconds = Math.exp(Math.log(below.seconds) + share * (Math.log(above.seconds) - Math.log(below.seconds)));
    return [{ strategy, workers, seconds, between: [below.size, above.size], always: null }];
  });
}

function pointOf(size: string, row: BenchRow | undefined): { size: string; seconds: number; ratio: number; side: -1 | 0 | 1 }[] {
  if (!row?.loopRatio || row.error !== null || !row.baselineSeconds) return [];
  const { value, low, high } = row.loopRatio;
  return [{ size, seconds: row.baselineSeconds, ratio: value, side: low > 1 ? 1 : high < 1 ? -1 : 0 }];
}

/** A break-even in words. */
export function breakEvenText({ strategy, workers, seconds, between, always }: BreakEven): string {
  const who = `${strategy} with ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
  if (seconds !== null && between !== null) return `${who} breaks even between size ${between[0]} and ${between[1]}, where the original's loop takes about ${seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`}.`;
  if (always === 'faster') return `${who} is faster at every size that was measured.`;
  if (always === 'slower') return `${who} is slower at every size that was measured.`;
  return `${who}: these sizes do not settle where it breaks even.`;
}
