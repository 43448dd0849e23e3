/**
 * What the commonest container methods do to single elements: finer than the models, which speak of whole arguments.
 * `append` keeps order, `union` and `update` commute, `keyed` methods touch one key.
 */
import type { TypeIR } from '../ir/ir';
import { groupOf, type TypeGroup } from './types';

export type ContainerEffect =
  | { readonly kind: 'append' }
  | { readonly kind: 'extend' }
  | { readonly kind: 'union' }
  | { readonly kind: 'dict-update' }
  | { readonly kind: 'count-update' }
  | { readonly kind: 'keyed-read' }
  | { readonly kind: 'keyed-write' }
  | { readonly kind: 'setdefault' };

const METHODS: Readonly<Partial<Record<TypeGroup, Readonly<Record<string, ContainerEffect>>>>> = {
  list: { append: { kind: 'append' }, push: { kind: 'append' }, extend: { kind: 'extend' } },
  set: { add: { kind: 'union' }, update: { kind: 'union' }, has: { kind: 'keyed-read' } },
  dict: {
    get: { kind: 'keyed-read' },
    has: { kind: 'keyed-read' },
    set: { kind: 'keyed-write' },
    setdefault: { kind: 'setdefault' },
    update: { kind: 'dict-update' },
  },
};

export function containerEffect(type: TypeIR | null, method: string): ContainerEffect | null {
  const group = groupOf(type);
  if (!group) return null;
  if (/Counter$/.test(type?.name ?? '') && method === 'update') return { kind: 'count-update' };
  const table = METHODS[group];
  return table && Object.prototype.hasOwnProperty.call(table, method) ? table[method]! : null;
}
