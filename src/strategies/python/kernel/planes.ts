/**
 * The plane of an array of three dimensions that an iteration owns and works on: `out[i, j, k] = …` in inner loops. The iteration has
 * its elements behind each other in a list of its own, and gives that back; the program sets the plane from it.
 */
import type { Expr, Index, Span } from '../../../ir/ir';
import { compact } from './cells';
import { lowerExpr, number } from './expressions';
import type { Lowering } from './lowering';
import { boundsOf } from './bounds';
import { choose, compare, int } from './make';
import type { ArrayType, KExpr, KVar } from './model';
import { arrayOf, rowOf } from './typing';

export interface Plane {
  readonly items: KVar;
  readonly height: KExpr;
  readonly width: KExpr;
}

/** Copies a plane, row after row. One without elements is left to Python. */
export function copyPlane(l: Lowering, plane: KVar, name: string): Plane {
  const type = rowOf(plane.type as ArrayType);
  const list = arrayOf(type.element);
  const items = l.scope.temporary(`${name}_items`, list);
  const [j, k] = [l.scope.temporary('j', 'int'), l.scope.temporary('k', 'int')];
  const height = l.held({ op: 'length', type: 'int', array: plane }, 'height');
  const first: KExpr = { op: 'row', type, array: plane, index: int(0), wraps: false, checked: true };
  const width = l.held({ op: 'length', type: 'int', array: first }, 'width');
  const row: KExpr = { op: 'row', type, array: plane, index: j, wraps: false, checked: true };
  const item: KExpr = { op: 'index', type: type.element, array: row, index: k, wraps: false, checked: true };
  l.emit({ do: 'if', test: compare('==', width, int(0)), then: [{ do: 'give-up' }], otherwise: [] });
  l.emit({ do: 'assign', name: items.name, value: { op: 'new-array', type: list, fill: null, length: int(0) } });
  const inner = l.inBlock(() => l.emit({ do: 'append', array: items, value: item }));
  const outer = l.inBlock(() => l.emit({ do: 'for', counter: k.name, start: int(0), stop: width, step: 1, body: inner }));
  l.emit({ do: 'for', counter: j.name, start: int(0), stop: height, step: 1, body: outer });
  return { items, height, width };
}

/** The subscripts of `out[i, j][k]` from the name on; null when something else is between them. */
export function indicesOf(node: Index): Expr[] | null {
  const own = node.index.type === 'collection' && node.index.kind === 'tuple' ? [...node.index.items] : [node.index];
  if (node.object.type === 'name') return own;
  if (node.object.type !== 'index') return null;
  const inner = indicesOf(node.object);
  return inner && [...inner, ...own];
}

/** `out[i]` for `out[i, j, k]`, as cells are called; null for what has fewer subscripts. */
export function planeKey(l: Lowering, node: Index): string | null {
  const indices = indicesOf(node);
  if (!indices || indices.length !== 3) return null;
  let base: Expr = node;
  while (base.type === 'index') base = base.object;
  return `${compact(l.site.source(base, l.fn))}[${compact(l.site.source(indices[0]!, l.fn))}]`;
}

/** The element of the list that `out[i, j, k]` is. An index outside the array gives up. */
export function planeElement(l: Lowering, { items, height, width }: Plane, node: Index): KExpr {
  l.requireHoisting('an element that the iteration may write', node);
  const text = compact(l.site.source(node, l.fn));
  const type = (items.type as ArrayType).element;
  // `out[i, j, k] += x` names its place once.
  const again = l.lastPlace;
  if (again?.text === text && again.block === l.block && again.length === l.block.length) return { op: 'index', type, array: items, index: again.place, wraps: false, checked: true };
  const [, j, k] = indicesOf(node)!;
  const row = within(l, j!, height, node);
  const column = within(l, k!, width, node);
  const offset: KExpr = { op: 'arith', type: 'int', operator: '*', left: row, right: width, checked: false };
  const index: KExpr = { op: 'arith', type: 'int', operator: '+', left: offset, right: column, checked: false };
  const place = l.held(index, 'place');
  l.lastPlace = { text, block: l.block, length: l.block.length, place };
  return { op: 'index', type, array: items, index: place, wraps: false, checked: true };
}

function within(l: Lowering, expr: Expr, length: KExpr, at: { readonly span: Span }): KExpr {
  const lowered = lowerExpr(l, expr);
  if (lowered.type === 'bool') l.functions.noteForNumpy('a bool is a subscript, which numpy takes for a mask,', l.line(at));
  const given = number(l, lowered, expr);
  if (given.type !== 'int') l.refuse('a subscript is a float', at);
  const wraps = boundsOf(given, l.scope.bounds).low < 0n;
  const held = wraps ? l.held(given, 'index') : given.op === 'var' || given.op === 'const' ? given : l.held(given, 'index');
  // Of a negative index and a length the sum cannot overflow.
  const fromEnd: KExpr = { op: 'arith', type: 'int', operator: '+', left: held, right: length, checked: false };
  const index = wraps ? l.held(choose(compare('<', held, int(0)), fromEnd, held), 'index') : held;
  const outside: KExpr = { op: 'logical', type: 'bool', operator: 'or', left: compare('<', index, int(0)), right: compare('>=', index, length) };
  l.emit({ do: 'if', test: wraps ? outside : compare('>=', index, length), then: [{ do: 'give-up' }], otherwise: [] });
  return index;
}
