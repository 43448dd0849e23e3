/** Reading and changing the parts of values, none of which needs the flow. */
import type { Expr } from '../../ir/ir';
import { union, UNKNOWN, type Container, type Made, type Value } from './values';

/** Whether a value counts as true; null where that is not known. */
export function isTrue(value: Value): boolean | null {
  switch (value.kind) {
    case 'plain':
      if (value.type === 'undefined' || value.type === 'null') return false;
      return value.constant === undefined ? null : Boolean(value.constant);
    case 'container':
      return value.open ? null : value.items.length > 0 || value.type === 'object' || value.type === 'array' || value.type === 'Map' || value.type === 'Set';
    case 'unknown':
    case 'union':
    case 'instance':
    case 'library':
      return null;
    default:
      return true;
  }
}

export function isThere(value: Value): boolean | null {
  if (value.kind === 'plain') return value.type !== 'undefined' && value.type !== 'null';
  return value.kind === 'unknown' || value.kind === 'union' || value.kind === 'library' ? null : true;
}

/** What `...rest` holds of a list or an object. */
export function rest(value: Container, step: number | readonly string[]): Value {
  if (typeof step !== 'number') return { ...value, items: value.items.filter((i) => !step.some((key) => i.label === `.${key}` || i.label === `["${key}"]`)) };
  const kept = value.items.filter((i) => !/^\[\d+\]$/.test(i.label) || Number(i.label.slice(1, -1)) >= step);
  return { ...value, items: kept.map((i) => ({ label: '[…]', value: i.value })) };
}

/** `items[1:3]` with bounds that are written down; else some of the items. */
export function sliced(list: Container, slice: Expr & { type: 'slice' }): Value {
  const bound = (expr: Expr | null, otherwise: number): number | null => (expr === null ? otherwise : expr.type === 'const' && typeof expr.value === 'number' && expr.value >= 0 ? expr.value : null);
  const from = bound(slice.lower, 0);
  const to = bound(slice.upper, Number.MAX_SAFE_INTEGER);
  const places = list.items.map((i) => /^\[(\d+)\]$/.exec(i.label)?.[1]);
  if (list.items.length === 0) return list;
  if (from === null || to === null || slice.step !== null || places.includes(undefined)) return { ...list, items: [{ label: '[…]', value: union(list.items.map((i) => i.value)) }] };
  const kept = list.items.filter((_, i) => Number(places[i]) >= from && Number(places[i]) < to);
  return { ...list, items: kept.map((item, i) => ({ label: `[${i}]`, value: item.value })) };
}

/** A name for where a value was read from: a variable, or a field of one. */
export function originOf(expr: Expr): string | null {
  if (expr.type === 'name') return expr.variable;
  if (expr.type === 'attribute' && expr.object.type === 'name') return `${expr.object.variable}.${expr.name}`;
  return null;
}

export function labelOf(key: Expr, type: string): string {
  if (key.type !== 'const' || typeof key.value === 'boolean' || key.value === null) return '[…]';
  if (typeof key.value === 'number') return `[${key.value}]`;
  return type === 'object' || type === 'array' ? (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(key.value) ? `.${key.value}` : `["${key.value}"]`) : `["${key.value}"]`;
}

/** A field of an object, or an entry of a dictionary by its key. */
export function fieldOf(value: Value, name: string): Value | null {
  if (value.kind === 'instance' || value.kind === 'made') return value.fields.get(name) ?? null;
  if (value.kind === 'container') return value.items.find((i) => i.label === `.${name}` || i.label === `["${name}"]`)?.value ?? null;
  return null;
}

export function withField(value: Value, name: string, field: Value): Value {
  if (value.kind === 'instance') return { ...value, fields: new Map(value.fields).set(name, field) };
  if (value.kind === 'made') return { ...(value as Made), fields: new Map(value.fields).set(name, field) };
  if (value.kind === 'container') return withItem(value, `.${name}`, field, true);
  if (value.kind === 'union') return union(value.options.map((option) => withField(option, name, field)));
  // A function that is given another name may be found under it.
  if (value.kind === 'function' && /^__(qual)?name__$/.test(name)) return UNKNOWN;
  return value;
}

export function withItem(value: Container, label: string, item: Value, sure: boolean): Container {
  const known = label === '[…]' ? undefined : value.items.find((i) => i.label === label);
  const items = sure && known ? value.items.filter((i) => i !== known) : value.items;
  return { ...value, items: [...items, { label, value: sure || !known ? item : union([known.value, item]) }] };
}

export function withoutField(value: Value, name: string): Value {
  if (value.kind === 'instance' || value.kind === 'made') {
    const fields = new Map(value.fields);
    fields.delete(name);
    return { ...value, fields };
  }
  if (value.kind === 'container') return { ...value, items: value.items.filter((i) => i.label !== `.${name}` && i.label !== `["${name}"]` && i.label !== `[${name}]`) };
  return value;
}

export function isSymbol(value: Value): boolean {
  return (value.kind === 'made' && value.by === 'Symbol') || (value.kind === 'library' && value.name.startsWith('Symbol.'));
}
