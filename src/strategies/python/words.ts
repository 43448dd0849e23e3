/** Names for what has none yet. */
import type { Site } from './site';

/** `row` for `rows`, `entry` for `entries`; `value` for what is no plural. */
export function singular(word: string): string {
  const bare = word.replace(/^_+/, '');
  if (/(?:results|output|outputs|out|res|ret|list|values)$/i.test(bare)) return bare === 'results' ? 'result' : 'value';
  if (/ies$/.test(bare)) return `${bare.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses)$/.test(bare)) return bare.slice(0, -2);
  if (/[^s]s$/.test(bare) && bare.length > 3) return bare.slice(0, -1);
  return 'value';
}

/** Name of the function that runs one iteration: the function around it and what an iteration makes, `_render_row`. */
export function workerName(site: Site, params: readonly string[], results: readonly string[]): string {
  const around = site.fn.kind === 'module' ? 'process' : site.fn.name.replace(/^_+|_+$/g, '');
  const made = results.length === 1 && !/^new_|^value|^item|^result|^keep|^times/.test(results[0]!) ? results[0]! : null;
  const taken = params.find((p) => p.length > 2 && p !== 'item');
  const what = (made ?? taken ?? 'item').replace(/^_+|_+$/g, '').toLowerCase();
  return around.endsWith(what) ? `_${around}_one` : `_${around}_${what}`;
}
