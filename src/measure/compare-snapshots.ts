/** Compares what two runs wrote down about one name, down to the first value that differs. */
import type { SnapshotName } from './events';

export interface ValueDifference {
  /** `out[3].x` */
  readonly where: string;
  readonly left: string;
  readonly right: string;
}

/** Lines of a name that differ between two runs of the same program; `all` when its shape does. */
export type Unstable = 'all' | ReadonlySet<number>;

interface Line {
  readonly depth: number;
  readonly label: string;
  readonly token: string;
}

function parse(line: string): Line {
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  return { depth: Number(line.slice(0, first)), label: line.slice(first + 1, second), token: line.slice(second + 1) };
}

const isWhole = (name: SnapshotName) => name.lines.length >= name.values;

/** Which lines of a name differ between two runs that should be the same. Null: none. */
export function instability(left: SnapshotName, right: SnapshotName): { readonly lines: Unstable; readonly first: ValueDifference } | null {
  if (left.hash === right.hash) return null;
  const first = firstDifference(left, right, null) ?? { where: left.name, left: 'one value', right: 'another, beyond what is shown' };
  const lines = new Set<number>();
  const sameShape =
    left.lines.length === right.lines.length &&
    isWhole(left) &&
    isWhole(right) &&
    left.lines.every((line, index) => {
      const other = right.lines[index]!;
      if (line === other) return true;
      lines.add(index);
      const [a, b] = [parse(line), parse(other)];
      return a.depth === b.depth && a.label === b.label;
    });
  return { lines: sameShape ? lines : 'all', first };
}

/**
 * The first value that differs, leaving out lines that are unstable. Null: none that could be seen. Names of the same hash need not be asked about.
 */
export function firstDifference(left: SnapshotName, right: SnapshotName, unstable: Unstable | null): ValueDifference | null {
  if (left.hash === right.hash || unstable === 'all') return null;
  const labels: string[] = [];
  const count = Math.max(left.lines.length, right.lines.length);
  for (let index = 0; index < count; index++) {
    const [a, b] = [left.lines[index], right.lines[index]];
    if (a === undefined || b === undefined) {
      const line = parse((a ?? b)!);
      if (a === undefined ? isWhole(left) : isWhole(right)) {
        return { where: pathOf(labels, line), left: a === undefined ? 'nothing' : shown(parse(a).token), right: b === undefined ? 'nothing' : shown(parse(b).token) };
      }
      break;
    }
    const line = parse(a);
    if (a === b || unstable?.has(index)) {
      labels.length = line.depth;
      labels[line.depth] = line.label;
      continue;
    }
    const other = parse(b);
    if (line.depth === other.depth && line.label === other.label) {
      const [l, r] = tokens(line.token, other.token);
      return { where: pathOf(labels, line), left: l, right: r };
    }
    return { where: labels.slice(0, Math.min(line.depth, other.depth)).join('') || left.name, left: place(line, labels), right: place(other, labels) };
  }
  // The hashes cover more than the lines.
  if (unstable && isWhole(left) && isWhole(right)) return null;
  return { where: left.name, left: `differs beyond the first ${count} values`, right: 'differs' };
}

function pathOf(labels: readonly string[], line: Line): string {
  return labels.slice(0, line.depth).join('') + line.label;
}

function place(line: Line, labels: readonly string[]): string {
  return `${line.depth < labels.length - 1 ? 'ends before ' : ''}${line.label.trim()}: ${shown(line.token)}`;
}

const SCALARS = /^(?:int|float|number|bigint|str|string|bytes) /;

/** Two tokens for a person: the type is named only where it is the difference. */
function tokens(left: string, right: string): [string, string] {
  const [a, b] = [SCALARS.exec(left)?.[0], SCALARS.exec(right)?.[0]];
  return a !== undefined && a === b ? [shown(left.slice(a.length)), shown(right.slice(a.length))] : [shown(left), shown(right)];
}

function shown(token: string): string {
  return token.length > 160 ? `${token.slice(0, 160)}…` : token;
}
