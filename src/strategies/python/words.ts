/** Names for what has none yet. */
import type { Operand } from './operands';
import type { Site } from './site';
import type { Unit } from './units';

/** `row` for `rows`, `entry` for `entries`; `value` for what is no plural. */
export function singular(word: string): string {
  const bare = word.replace(/^_+/, '');
  if (/(?:results|output|outputs|out|res|ret|list|values)$/i.test(bare)) return bare === 'results' ? 'result' : 'value';
  if (/indices$/.test(bare)) return bare.replace(/indices$/, 'index');
  if (/ies$/.test(bare)) return `${bare.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses)$/.test(bare)) return bare.slice(0, -2);
  if (/[^s]s$/.test(bare) && bare.length > 3) return bare.slice(0, -1);
  return 'value';
}

/** Names for a list of what a name stands for, the best first. */
export function plurals(name: string): string[] {
  const bare = name.replace(/_\d+$/, '');
  const plural = bare.endsWith('index') ? bare.replace(/index$/, 'indices') : /(?:s|x|ch|sh)$/.test(bare) ? `${bare}es` : /[^aeiou]y$/.test(bare) ? `${bare.slice(0, -1)}ies` : `${bare}s`;
  return bare.length > 2 ? [plural, `${bare}_list`, 'collected'] : ['found', 'collected', 'values'];
}

/** Names for an operand that comes back from a worker, the best first. */
export function hintsFor(site: Site, unit: Unit, operand: Operand): string[] {
  const place = unit.places[0]!;
  const word = place.field ?? site.variable(place.root)?.name ?? 'value';
  const { stmt } = unit;
  const inTarget = stmt.type === 'assign-stmt' && stmt.targets.some((t) => stmt.operator !== null || t.span.start < stmt.value.span.start) && operand.start < site.range(stmt.value).start;
  if (operand.expr.type === 'name') return [operand.text, 'value', 'result', 'entry'];
  if (place.role === 'collect') return [singular(word), 'value', 'result', 'entry', 'new_value'];
  switch (place.operation) {
    case 'histogram':
    case 'grouping':
    case 'dict-union':
      return inTarget || stmt.type === 'expr' && unit.operands.indexOf(operand) === 0 ? ['key', 'name'] : ['value', 'amount', 'entry'];
    case 'min':
    case 'max':
    case 'argmin':
    case 'argmax':
      return ['candidate', 'value'];
    default:
      return inTarget ? ['position', 'index', 'where'] : [singular(word), 'value', 'term', 'part'];
  }
}

/** Name of the function that runs one iteration: the function around it and what an iteration makes, `_render_row`. */
export function workerName(site: Site, params: readonly string[], results: readonly string[]): string {
  const around = site.fn.kind === 'module' ? 'process' : site.fn.name.replace(/^_+|_+$/g, '');
  const made = results.length === 1 && results[0]!.length > 2 && !/^(?:new_|value|item|result|keep|times|found|term|part)|_\d+$/.test(results[0]!) ? results[0]! : null;
  const taken = params.find((p) => p.length > 2 && p !== 'item' && !/_\d+$/.test(p));
  const what = (made ?? taken ?? 'item').replace(/^_+|_+$/g, '').toLowerCase();
  return around.endsWith(what) ? `_${around}_one` : `_${around}_${what}`;
}
