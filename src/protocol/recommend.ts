/** Which of the measured ways is worth taking, and why, in words. One answer for the command line, the report and the panel. */
import type { BenchRow, Recommendation } from '../measure/types';
import { isEqual } from './best';

/** A doubling of the speed is worth this many points of burden. */
const POINTS_PER_DOUBLING = 4;

/**
 * Takes the way with the most speed for the least burden: a dependency, something to compile, another interpreter, code to carry. What was
 * not verified equal is never taken, nor what is not clearly faster than the original.
 */
export function recommend(rows: readonly BenchRow[]): Recommendation {
  const home = rows.find((row) => row.python === undefined && row.baselineSeconds !== null)?.baselineSeconds ?? null;
  const sound = rows.filter((row) => row.loopRatio !== null && row.error === null && isEqual(row.verified));
  // A loop that is faster in a program that is slower for it is no gain.
  const faster = sound.filter((row) => row.loopRatio!.low > 1 && gainOf(row, home) > 1 && !(row.programRatio && row.programRatio.high < 1));
  const best = [...faster].sort((a, b) => scoreOf(b, home) - scoreOf(a, home))[0];
  if (!best) return { strategy: null, workers: null, reason: whyNone(rows, sound) };
  const reason = [gainText(best, home), burdenText(best), otherText(best, faster, home), warmText(best, sound, home)].filter(Boolean).join(' ');
  return { strategy: best.strategy, workers: best.workers, reason };
}

/** Against the original on the selected interpreter: an original that another interpreter runs slower flatters its rewrite. */
function gainOf(row: BenchRow, home: number | null): number {
  if (row.python === undefined || home === null || row.candidateSeconds === null) return row.loopRatio!.value;
  return home / row.candidateSeconds;
}

function scoreOf(row: BenchRow, home: number | null): number {
  return Math.log2(gainOf(row, home)) - burdenOf(row) / POINTS_PER_DOUBLING;
}

function burdenOf({ cost, python, samePython }: BenchRow): number {
  const points = cost ? cost.dependencies.length + (cost.build ? 2 : 0) + cost.newFiles * 0.5 + cost.lines / 60 : 0;
  return points + (python === undefined || samePython ? 0 : 3);
}

function gainText(row: BenchRow, home: number | null): string {
  const { value, low, high } = row.loopRatio!;
  const on = row.python === undefined ? '' : ` on Python ${row.python}`;
  const text = `${row.strategy} with ${count(row.workers, 'worker')} runs the loop ${times(value)} as fast as the original${on} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}), with ${row.verified === 'equal' ? 'equal results' : 'results that are equal as far as they could be compared'}.`;
  return row.python === undefined || home === null ? text : `${text} Against the original on the selected Python that is ${times(gainOf(row, home))}.`;
}

function burdenText({ cost, python, samePython, buildSeconds, compileSeconds }: BenchRow): string {
  const parts: string[] = [];
  if (cost) {
    parts.push(cost.dependencies.length > 0 ? `it needs ${cost.dependencies.join(', ')}` : `it needs no package${cost.build ? ' when it runs' : ''}`);
    parts.push(`adds ${count(cost.lines, 'line')}${cost.newFiles > 0 ? ` and ${count(cost.newFiles, 'file')}` : ''}`);
    if (cost.build) parts.push(`has to be compiled wherever it runs${buildSeconds ? ` (${buildSeconds.toFixed(0)} s here)` : ''}`);
  }
  if (compileSeconds) parts.push(`compiles for ${compileSeconds.toFixed(1)} s at its first call`);
  if (python !== undefined && !samePython) parts.push(`runs only on a Python such as ${python}`);
  if (parts.length === 0) return '';
  const last = parts.pop()!;
  const text = parts.length > 0 ? `${parts.join(', ')} and ${last}` : last;
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

/** The fastest, where it is another; else the next that asks for less. */
function otherText(best: BenchRow, faster: readonly BenchRow[], home: number | null): string {
  const others = faster.filter((row) => row.strategy !== best.strategy).sort((a, b) => gainOf(b, home) - gainOf(a, home));
  const fastest = others[0];
  if (fastest && gainOf(fastest, home) > gainOf(best, home) * 1.05) return `${fastest.strategy} is faster still, ${times(gainOf(fastest, home))}, and asks for more.`;
  const lighter = others.filter((row) => burdenOf(row) < burdenOf(best)).find((row) => (row.cost?.dependencies.length ?? 0) === 0 && !row.cost?.build && row.python === undefined);
  return lighter ? `With nothing to install: ${lighter.strategy}, ${times(gainOf(lighter, home))}.` : '';
}

/** One that would be the fastest in a program that enters the loop again and again. */
function warmText(best: BenchRow, sound: readonly BenchRow[], home: number | null): string {
  const warm = sound.filter((row) => row.strategy !== best.strategy && row.warmRatio && (row.python === undefined || row.samePython));
  const fastest = warm.sort((a, b) => b.warmRatio!.value - a.warmRatio!.value)[0];
  if (!fastest || fastest.warmRatio!.low <= gainOf(best, home) * 1.05) return '';
  return `Entered often, ${fastest.strategy} would be ahead: ${times(fastest.warmRatio!.value)} once its first entry is paid for.`;
}

function whyNone(rows: readonly BenchRow[], sound: readonly BenchRow[]): string {
  if (rows.length === 0) return 'Nothing was measured.';
  if (sound.length > 0) return 'None of the ways is clearly faster than the original here: leave the loop as it is.';
  const different = rows.filter((row) => row.verified === 'different').map((row) => row.strategy);
  if (different.length > 0) return `No way can be recommended: ${[...new Set(different)].join(', ')} gave other results than the original.`;
  return 'No way can be recommended: none was verified equal.';
}

function times(value: number): string {
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(2)} times`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
