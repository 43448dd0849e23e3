/** What Dask and Ray share: tasks of a cluster cost about a millisecond each, so that they are given batches of iterations. */
import { indented } from './lines';
import type { Site } from './site';

/** A definition of the module that a rewrite calls. */
export interface Helper {
  readonly name: string;
  /** null when the file has it already, from an earlier rewrite. */
  readonly block: string | null;
}

/** Finds or names a helper. `write` gives its lines for a name; tabs stand for the file's unit. */
export function moduleHelper(site: Site, base: string, write: (name: string) => readonly string[]): Helper {
  const text = (name: string): string => indented(write(name), '', site.unit).join('\n');
  const known = text(base);
  if (`\n${site.text.replace(/\r\n/g, '\n')}`.includes(`\n${known}\n`)) return { name: base, block: null };
  const name = site.uniqueGlobal(base);
  return { name, block: name === base ? known : text(name) };
}

/** What the helper's docstring says of memory. */
export const UNDER_WAY = 'Each core has two batches at a time.';

/**
 * Four batches for each core, so that slower ones even out, but never more than 32 items in one: what a core holds of items and results
 * stays the same however long the loop is, and a task's millisecond is spread over enough of them.
 */
export const batchSize = 'max(1, min(32, len(items) // (4 * cores)))';

/** `_run_batch`: what one task does. */
export function batchRunner(site: Site, decorator: string | null): Helper {
  return moduleHelper(site, '_run_batch', (name) => [...(decorator === null ? [] : [decorator]), `def ${name}(function, items):`, '\treturn [function(item) for item in items]']);
}

/** Blocks of the helpers that the file lacks. */
export function blocksOf(helpers: readonly Helper[]): string[] {
  return helpers.flatMap((h) => (h.block === null ? [] : [h.block]));
}

/** Functions of the script travel by value; those of other modules of the program are imported where they run. */
export function hasModules(site: Site): boolean {
  return site.workspace.importers(site.path).length > 0 || site.module.imports.some((i) => Boolean(i.level) || isNeighbour(site, i.module));
}

/** A module that lies beside the file. */
export function isNeighbour(site: Site, module: string): boolean {
  const file = module.replace(/\./g, '/');
  const folder = site.path.replace(/[^\\/]*$/, '');
  return [`${folder}${file}.py`, `${folder}${file}/__init__.py`].some((path) => site.workspace.read(path) !== null);
}
