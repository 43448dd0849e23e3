/** What the probes around the loop look at, worked out of the loop's report. */
import type { LoopReport } from '../analysis/report';

/** The part of a loop's report that measuring needs. */
export type MeasuredLoop = Pick<LoopReport, 'extent' | 'places'> &
  Partial<Pick<LoopReport, 'captures' | 'header'>> & {
  readonly fn: Pick<LoopReport['fn'], 'id' | 'kind' | 'variables' | 'params'>;
};

export interface ProbeNames {
  /** Names whose values are compared after the loop. */
  readonly names: readonly string[];
  /** Names that the loop writes and nothing reads afterwards: they may differ. */
  readonly dead: readonly string[];
  /** Of `names`: those that the loop writes. */
  readonly written: readonly string[];
}

/**
 * The function's parameters and locals, and what else the loop writes, without what is dead after it. A name with `#` in its id belongs to a
 * block or comprehension and is gone when that ends.
 */
export function probeNames(loop: MeasuredLoop): ProbeNames {
  const names = new Set<string>();
  const blockScoped = new Set<string>();
  for (const variable of loop.fn.variables.values()) {
    if (variable.id.includes('#')) blockScoped.add(variable.name);
    else if (variable.kind === 'param' || variable.kind === 'local') names.add(variable.name);
  }
  const dead = new Set<string>();
  const written = new Set<string>();
  for (const { place, liveAfter: live, readHere } of loop.places) {
    // A script's name that only an importer could read: its rewrite runs in main() and leaves no such name. Who did read it would fail, which the output shows.
    const liveAfter = live && readHere !== false;
    if (place.root.kind === 'this') written.add('this');
    if (place.root.kind !== 'variable') continue;
    const { variable } = place.root;
    const name = variable.slice(variable.lastIndexOf('/') + 1);
    if (name.includes('#') || variable.startsWith('builtin/')) continue;
    if (liveAfter) {
      names.add(name);
      written.add(name);
    } else if (place.path.length === 0) dead.add(name);
  }
  // Read after the loop by one place of it, and dead by another: it is live.
  for (const name of written) dead.delete(name);
  for (const name of dead) names.delete(name);
  if (loop.fn.kind === 'method' || loop.fn.kind === 'constructor') names.add('this');
  return { names: [...names], dead: [...dead], written: [...written] };
}

/** What the loop only folds into: each iteration adds to it, and every rewrite combines it in order. */
export interface Folds {
  /** Lists that it appends to: the name, and the fields behind it. */
  readonly collects: readonly (readonly string[])[];
  /** All of them as they are written: `out`, `self.total`. */
  readonly folded: readonly string[];
  /** Names of accumulators that another order of the iterations rounds or arranges otherwise. */
  readonly inexact: readonly string[];
}

/** Operations whose result is the same in any order, whatever they combine. */
const ANY_ORDER: ReadonlySet<string> = new Set(['set-union', 'count', 'bit-and', 'bit-or', 'bit-xor', 'and', 'or']);

export function foldsOf(loop: MeasuredLoop): Folds {
  const collects: string[][] = [];
  const folded = new Set<string>();
  const inexact = new Set<string>();
  for (const { place, role, accumulator } of loop.places) {
    if (role !== 'collect' && role !== 'accumulator') continue;
    const path = nameOf(place);
    if (path === null) continue;
    folded.add(path.join('.'));
    if (role === 'collect') collects.push(path);
    else if (accumulator && !accumulator.exact && !ANY_ORDER.has(accumulator.operation)) inexact.add(path[0]!);
  }
  return { collects, folded: [...folded], inexact: [...inexact] };
}

/** The variable and the fields behind it, up to the first subscript; null for what hangs on no name. */
function nameOf({ root, path }: MeasuredLoop['places'][number]['place']): string[] | null {
  if (root.kind !== 'variable' && root.kind !== 'this') return null;
  const name = root.kind === 'this' ? 'this' : root.variable.slice(root.variable.lastIndexOf('/') + 1);
  const fields: string[] = [];
  for (const step of path) {
    if (step.kind !== 'field') break;
    fields.push(step.name);
  }
  return [name, ...fields];
}

/** Names of what a pool would have to carry: to the workers for each iteration, to each worker once, and back. */
export interface Travel {
  readonly input: readonly string[];
  readonly shared: readonly string[];
  readonly result: readonly string[];
}

export function travelOf(loop: MeasuredLoop): Travel {
  const header = loop.header;
  const input = new Set(header?.kind === 'elements' ? namesIn(header.iterable) : []);
  const shared = (loop.captures ?? []).filter((c) => c.kind === 'value' && c.variable !== null && !input.has(c.name)).map((c) => c.name);
  const result = new Set<string>();
  for (const { place, role, liveAfter } of loop.places) {
    if (!liveAfter || role === 'private' || place.root.kind !== 'variable') continue;
    const name = place.root.variable.slice(place.root.variable.lastIndexOf('/') + 1);
    if (!name.includes('#')) result.add(name);
  }
  // What only collects results is not carried to the workers.
  return { input: [...input], shared: shared.filter((name) => !result.has(name)), result: [...result] };
}

/** Names of the variables that an expression of the IR reads, functions that it calls left out. */
function namesIn(expr: unknown, callee = false): readonly string[] {
  if (expr === null || typeof expr !== 'object') return [];
  if (Array.isArray(expr)) return expr.flatMap((item) => namesIn(item));
  const node = expr as Record<string, unknown>;
  if (node.type === 'name') return callee ? [] : [String(node.name)];
  return Object.entries(node).flatMap(([key, value]) => (key === 'span' ? [] : namesIn(value, key === 'callee')));
}

/** Zero-based offset → 1-based line and 0-based column in UTF-8 bytes, as Python's syntax tree counts. */
export function pythonPosition(text: string, offset: number): readonly [number, number] {
  // A byte order mark is no part of the first line for Python.
  const before = text.slice(0, offset).replace(/^\uFEFF/, '');
  const lines = before.split(/\r\n|\r|\n/);
  return [lines.length, Buffer.byteLength(lines.at(-1)!, 'utf8')];
}
