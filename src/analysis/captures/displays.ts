/** Lists, dictionaries, object literals and comprehensions as values. */
import type { Comprehension, Expr } from '../../ir/ir';
import { isSymbol, labelOf, withItem } from './fields';
import type { Flow } from './flow';
import type { At } from './semantics';
import { container, containerOf, made, type Value } from './values';

export function collection(flow: Flow, kind: 'list' | 'tuple' | 'set', items: readonly Expr[], at: At): Value {
  const python = flow.module.language === 'python';
  const out: { label: string; value: Value }[] = [];
  let open = false;
  let exact = true;
  for (const item of items) {
    if (item.type === 'spread') {
      const spread = flow.evaluate(item.value, at);
      if (spread.kind === 'container') out.push(...spread.items.map((i) => ({ label: '[…]', value: i.value })));
      if (spread.kind !== 'container' || spread.open) {
        const element = flow.semantics.elementOf(spread, false);
        if (element.kind === 'unknown') open = true;
        else out.push({ label: '[…]', value: element });
      }
      exact = false;
    } else out.push({ label: exact && kind !== 'set' ? `[${out.length}]` : '[…]', value: flow.evaluate(item, at) });
  }
  return container(python ? kind : kind === 'set' ? 'Set' : 'array', out, open);
}

export function mapping(flow: Flow, expr: Expr & { type: 'mapping' }, at: At): Value {
  const python = flow.module.language === 'python';
  let result = container(python ? 'dict' : 'object', []);
  for (const { key, value, accessor } of expr.properties) {
    if (key === null) {
      const spread = flow.evaluate(value, at);
      if (spread.kind === 'container') for (const item of spread.items) result = withItem(result, item.label, item.value, true);
      else if (spread.kind === 'instance' && !python) {
        for (const [name, field] of spread.fields) if (!name.startsWith('#')) result = withItem(result, `.${name}`, field, true);
      }
      else if (spread.kind !== 'plain') result = { ...result, open: true };
      if (spread.kind === 'container' && spread.open) result = { ...result, open: true };
      continue;
    }
    if (!python && key.type === 'const' && key.value === '__proto__') {
      const prototype = flow.evaluate(value, at);
      result = { ...result, prototype: prototype.kind === 'plain' && (prototype.type === 'null' || prototype.type === 'undefined') ? null : 'other' };
      continue;
    }
    const stored = accessor ? made(`accessor:${accessor}`, [flow.evaluate(value, at)]) : flow.evaluate(value, at);
    const symbol = !python && key.type !== 'const' && isSymbol(flow.evaluate(key, at));
    if (python && key.type !== 'const') {
      const held = flow.evaluate(key, at);
      if (held.kind !== 'plain' && held.kind !== 'unknown') result = withItem(result, '[key]', held, false);
    }
    result = withItem(result, symbol ? '[symbol]' : labelOf(key, result.type), stored, true);
  }
  return result;
}

export function comprehension(flow: Flow, expr: Comprehension, at: At): Value {
  const inside: At = { ...at, site: { ...at.site, fn: at.fn, offset: at.fn.start + expr.span.end } };
  const element = flow.evaluate(expr.element, inside);
  switch (expr.kind) {
    case 'generator':
      return made('generator', [element]);
    case 'dict':
      return filteredEntries(flow, expr, inside) ?? container('dict', [
        { label: '[…]', value: element },
        ...(expr.key ? [{ label: '[key]', value: flow.evaluate(expr.key, inside) }] : []),
      ]);
    default:
      return containerOf(expr.kind, element);
  }
}

/** `{k: v for k, v in d.items() if k != "name"}`: the entries of `d` less those that the condition names. */
function filteredEntries(flow: Flow, expr: Comprehension, at: At): Value | null {
  const [clause, ...more] = expr.clauses;
  const { iterable, target, conditions } = clause!;
  if (more.length > 0 || iterable.type !== 'call' || iterable.callee.type !== 'attribute' || iterable.callee.name !== 'items' || target.type !== 'tuple-target') return null;
  const [key, value] = target.items;
  if (key?.type !== 'name' || value?.type !== 'name' || expr.key?.type !== 'name' || expr.element.type !== 'name') return null;
  if (expr.key.variable !== key.variable || expr.element.variable !== value.variable) return null;
  const dict = flow.evaluate(iterable.callee.object, at);
  if (dict.kind !== 'container') return null;
  const left = new Set<string>();
  for (const condition of conditions) {
    if (condition.type !== 'compare' || condition.operators.length !== 1 || condition.operands[0]!.type !== 'name') return null;
    const against = flow.evaluate(condition.operands[1]!, at);
    const named = against.kind === 'container' ? against.items.map((i) => i.value) : [against];
    if (!['!=', 'not in'].includes(condition.operators[0]!)) return null;
    for (const name of named) {
      if (name.kind !== 'plain' || name.constant === undefined) return null;
      left.add(`["${name.constant}"]`);
    }
  }
  return { ...dict, items: dict.items.filter((i) => !left.has(i.label)) };
}
