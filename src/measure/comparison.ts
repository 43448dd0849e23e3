/** Holds a candidate's run against two runs of the original. */
import { compareOutput } from './compare-output';
import { firstDifference, instability, type Unstable } from './compare-snapshots';
import type { EntryEvent, SnapshotName } from './events';
import type { Execution } from './execute';
import type { ProbeNames } from './probe-spec';
import type { Difference } from './types';

export interface Observed {
  readonly execution: Execution;
  /** By process or thread. */
  readonly entries: readonly (readonly EntryEvent[])[];
  /** Hash of each file of the program's folder that the run's own processes wrote. */
  readonly files: ReadonlyMap<string, string>;
  readonly filesComplete: boolean;
}

const MAX_DIFFERENCES = 20;

export class Comparison {
  readonly differences: Difference[] = [];
  readonly notCompared: { where: string; why: string }[] = [];
  /** What the loop itself writes and differs between two runs of the original. */
  readonly unstable: string[] = [];
  readonly entries: number;
  readonly iterations: number;
  readonly mostIterations: number;
  /** By process, entry and name. */
  private readonly masks = new Map<string, Unstable>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly first: Observed,
    private readonly second: Observed,
    private readonly names: ProbeNames,
  ) {
    const all = first.entries.flat();
    this.entries = all.length;
    this.iterations = all.reduce((sum, entry) => sum + entry.iterations, 0);
    this.mostIterations = all.reduce((most, entry) => Math.max(most, entry.iterations), 0);
    this.findUnstable();
    for (const entry of all) for (const [where, why] of entry.skipped ?? []) this.leaveOut(where, why);
    const left = all.filter((entry) => !entry.compared).length;
    if (left > 0) this.leaveOut('the loop', `${left} of ${all.length} entries are past the limit and were only counted`);
    if (!first.filesComplete) this.leaveOut('files', 'the folder holds too many files to look at all of them');
  }

  leaveOut(where: string, why: string): void {
    const key = `${where}\0${why}`;
    if (this.seen.has(key) || this.notCompared.length >= 50) return;
    this.seen.add(key);
    this.notCompared.push({ where, why });
  }

  /** Compares one run of the candidate. @param method named in the differences, when there are several */
  compare(candidate: Observed, method: string | null): void {
    const before = this.differences.length;
    this.compareEntries(candidate);
    this.compareRun(candidate);
    if (method === null) return;
    for (let i = before; i < this.differences.length; i++) this.differences[i] = { ...this.differences[i]!, candidate: `${this.differences[i]!.candidate} (${method})` };
  }

  private findUnstable(): void {
    const { first, second } = this;
    if (shapeOf(first) !== shapeOf(second)) {
      this.unstable.push('the number of entries');
      this.leaveOut('the number of entries', `differs between two runs of the original: ${shapeOf(first)} / ${shapeOf(second)}`);
    }
    first.entries.forEach((group, process) =>
      group.forEach((entry, index) => {
        const again = second.entries[process]?.[index];
        if (again) this.findUnstableNames(entry, again, `${process}/${index}`);
      }),
    );
  }

  private findUnstableNames(entry: EntryEvent, again: EntryEvent, key: string): void {
    const others = new Map(again.names.map((name) => [name.name, name]));
    for (const name of entry.names) {
      const other = others.get(name.name);
      // A generator that nobody seeded starts elsewhere in each run: that a library draws from it as well cannot be seen by the program.
      if (name.start !== undefined && other?.start !== undefined && name.start !== other.start && name.hash === other.hash) this.masks.set(`${key}/${name.name}`, 'all');
      const found = other ? instability(name, other) : { lines: 'all' as const, first: { where: name.name, left: 'there', right: 'not there' } };
      if (!found) continue;
      this.masks.set(`${key}/${name.name}`, found.lines);
      this.leaveOut(found.first.where, `differs between two runs of the original: ${found.first.left} / ${found.first.right}`);
      if ((this.names.written.includes(name.name) || name.name === 'return value') && !this.unstable.includes(name.name)) this.unstable.push(name.name);
    }
    if (errorText(entry) !== errorText(again)) {
      this.masks.set(`${key}/ exception`, 'all');
      if (!this.unstable.includes('the exception')) this.unstable.push('the exception');
    }
  }

  private compareEntries(candidate: Observed): void {
    const unstableShape = this.unstable.includes('the number of entries');
    if (!unstableShape && shapeOf(this.first) !== shapeOf(candidate)) {
      this.differ('the number of entries', shapeOf(this.first), shapeOf(candidate), 0);
    }
    let number = 0;
    this.first.entries.forEach((group, process) =>
      group.forEach((entry, index) => {
        number++;
        const other = candidate.entries[process]?.[index];
        if (other && entry.compared && other.compared) this.compareEntry(entry, other, `${process}/${index}`, number);
        for (const [where, why] of other?.skipped ?? []) this.leaveOut(where, why);
      }),
    );
  }

  private compareEntry(entry: EntryEvent, other: EntryEvent, key: string, number: number): void {
    if (!this.masks.has(`${key}/ exception`) && errorText(entry) !== errorText(other)) {
      this.differ('exception', errorText(entry), errorText(other), number);
      return;
    }
    const others = new Map(other.names.map((name) => [name.name, name]));
    for (const name of entry.names) {
      const mask = this.masks.get(`${key}/${name.name}`) ?? null;
      const counterpart = others.get(name.name);
      if (!counterpart || (isUnbound(counterpart) && !isUnbound(name))) {
        // A constant that moved into the worker module: what is still here and reads it would not run.
        if (mask !== 'all' && this.names.written.includes(name.name)) this.differ(name.name, 'there', 'not there', number);
        continue;
      }
      const found = firstDifference(name, counterpart, mask);
      if (found) this.differ(found.where, found.left, found.right, number);
    }
  }

  private compareRun(candidate: Observed): void {
    const [first, second, third] = [this.first.execution.result, this.second.execution.result, candidate.execution.result];
    if (first.exitCode !== second.exitCode) this.leaveOut('exit code', `differs between two runs of the original: ${first.exitCode} / ${second.exitCode}`);
    else if (first.exitCode !== third.exitCode) this.differ('exit code', String(first.exitCode), `${third.exitCode}${lastError(candidate)}`, 0);
    for (const stream of ['stdout', 'stderr'] as const) {
      const { difference, notCompared } = compareOutput(stream, first[stream], second[stream], third[stream]);
      for (const { where, why } of notCompared) this.leaveOut(where, why);
      if (difference) this.differ(difference.where, difference.original, difference.candidate, 0);
    }
    this.compareFiles(candidate);
  }

  private compareFiles(candidate: Observed): void {
    const [first, second] = [this.first.files, this.second.files];
    for (const name of new Set([...first.keys(), ...candidate.files.keys()])) {
      const content = (files: ReadonlyMap<string, string>) => files.get(name) ?? 'not written';
      if (content(first) !== content(second)) this.leaveOut(`file ${name}`, 'differs between two runs of the original');
      else if (content(first) !== content(candidate.files)) this.differ(`file ${name}`, brief(content(first)), brief(content(candidate.files)), 0);
    }
  }

  private differ(where: string, original: string, candidate: string, entry: number): void {
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push({ where, original, candidate, entry });
  }
}

/** A name that this version of the program does not have at this point. */
function isUnbound({ lines }: SnapshotName): boolean {
  return lines.length === 1 && lines[0]!.endsWith('\tnot bound');
}

function shapeOf(observed: Observed): string {
  return observed.entries.map((group) => group.length).join(' + ') || '0';
}

function errorText(entry: EntryEvent): string {
  return entry.error ? `${entry.error.type}: ${entry.error.message}` : 'no exception';
}

/** The last line of stderr says what a crash was. */
function lastError(observed: Observed): string {
  const line = observed.execution.result.stderr.tail.trim().split('\n').at(-1);
  return line ? ` (${line.slice(0, 200)})` : '';
}

function brief(content: string): string {
  return /^[0-9a-f]{64}$/.test(content) ? `SHA-256 ${content.slice(0, 12)}` : content;
}
