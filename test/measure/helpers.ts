/** Programs written down for a test, and hand-made loops in them. Texts mark the loop's statements by `«` and `»`. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { neverCancelled } from '../../src/analysis/cancellation';
import type { NewFile } from '../../src/edit/edit';
import type { MeasuredLoop } from '../../src/measure/probe-spec';
import type { Candidate, MeasureOptions } from '../../src/measure/types';

export const options: MeasureOptions = {
  python: process.env.FANOUT_TEST_PYTHON ?? 'python3',
  node: process.env.FANOUT_TEST_NODE ?? process.execPath,
  timeoutMs: 60_000,
  token: neverCancelled,
  onProgress: () => {},
};

/** A folder with files; `remove` takes it away. */
export function folderOf(files: Readonly<Record<string, string>>): { readonly path: string; file(name: string): string; remove(): void } {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-test-')));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  return { path: folder, file: (name) => path.join(folder, name), remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

/** Takes the marks out of a text and gives the range between them. */
export function marked(text: string): { readonly text: string; readonly region: { start: number; end: number } } {
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  return { text: text.replace('«', '').replace('»', ''), region: { start, end } };
}

export function candidateOf(id: string, file: string, markedText: string, newFiles: readonly NewFile[] = []): Candidate {
  const { text, region } = marked(markedText);
  return { id, texts: new Map([[file, text]]), newFiles, path: file, region };
}

/** A loop whose function has these variables; those in `dead` are written by the loop and not read after it. */
export function loopOf(extent: { start: number; end: number }, live: readonly string[], dead: readonly string[] = [], kind: MeasuredLoop['fn']['kind'] = 'function'): MeasuredLoop {
  const variables = new Map(
    [...live, ...dead].map((name) => [`f/${name}`, { id: `f/${name}`, name, kind: 'local' as const, owner: 'f', constant: false, captured: false }]),
  );
  const place = (name: string, liveAfter: boolean) => ({
    place: { root: { kind: 'variable' as const, variable: `f/${name}` }, path: [] },
    role: 'private' as const,
    label: name,
    writes: [],
    liveAfter,
    lastValue: liveAfter,
  });
  return { extent, places: [...live.map((name) => place(name, true)), ...dead.map((name) => place(name, false))], fn: { id: 'f', kind, variables, params: [] } };
}
