/** Lowers the loops inside an iteration: over ranges, over arrays, with `enumerate`, `zip` and `reversed`. */
import type { Call, Expr, Stmt, Target, VarId } from '../../../ir/ir';
import { boundNames, walkStmts } from '../../../ir/walk';
import { boundsOf } from './bounds';
import type { Lowering } from './lowering';
import { element, lowerExpr, number } from './expressions';
import { dotted } from './library';
import { arith, counterBounds, int } from './make';
import type { KExpr, KVar } from './model';
import { isArray } from './typing';

/** Goes through an iterable; `body` lowers what is done for each value. `source` is the program's body, to see what it assigns. */
export function lowerEach(l: Lowering, target: Target, iterable: Expr, source: readonly Stmt[], body: () => void): void {
  const before = l.scope.assigned;
  const stored = storedIn(source);
  if (iterable.type === 'call') {
    const name = dotted(l, iterable.callee);
    if (iterable.args.some((a) => a.spread || (a.name !== undefined && a.name !== 'start'))) l.refuse(`\`${name ?? 'a function'}\` is called with keywords or \`*\``, iterable);
    if (name === 'range') overRange(l, target, iterable, stored, body);
    else if (name === 'enumerate' || name === 'zip' || name === 'reversed') overSeveral(l, name, target, iterable, stored, body);
    else overArrays(l, [{ target, array: lowerExpr(l, iterable) }], null, false, stored, body, iterable);
  } else {
    overArrays(l, [{ target, array: lowerExpr(l, iterable) }], null, false, stored, body, iterable);
  }
  // It may not have run at all.
  l.scope.assigned = before;
}

/** The variables that statements bind, and those whose lists they let grow. */
function storedIn(stmts: readonly Stmt[]): Set<VarId> {
  const stored = new Set<VarId>();
  walkStmts(stmts, {
    target(t) {
      if (t.type === 'name') stored.add(t.variable);
    },
    expr(e) {
      if (e.type === 'call' && e.callee.type === 'attribute' && e.callee.object.type === 'name') stored.add(e.callee.object.variable);
    },
  });
  return stored;
}

/** Emits a `for` over the counter. */
function counted(l: Lowering, counter: KVar, start: KExpr, stop: KExpr, step: 1 | -1, body: () => void): void {
  const known = l.scope.bounds;
  known.set(counter.name, counterBounds(boundsOf(start, known), boundsOf(stop, known), step));
  const assigned = l.scope.assigned;
  l.scope.assigned = assigned && new Set(assigned);
  l.depth++;
  l.emit({ do: 'for', counter: counter.name, start, stop, step, body: l.inBlock(body) });
  l.depth--;
  known.delete(counter.name);
  l.scope.within.delete(counter.name);
  l.scope.assigned = assigned;
}

function overRange(l: Lowering, target: Target, call: Call, stored: ReadonlySet<VarId>, body: () => void): void {
  if (target.type !== 'name') l.refuse('an integer is taken apart', target);
  const args = call.args.map((a) => {
    const value = number(l, lowerExpr(l, a.value), a.value);
    if (value.type !== 'int') l.refuse('`range` is given a float', a.value);
    return value;
  });
  if (args.length < 1 || args.length > 3) l.refuse(`\`range\` is called with ${args.length} arguments`, call);
  const start = args.length === 1 ? int(0) : args[0]!;
  const stop = args.length === 1 ? args[0]! : args[1]!;
  const step = args[2] ?? int(1);
  const unit = step.op === 'const' && (step.value === 1n || step.value === -1n) ? (Number(step.value) as 1 | -1) : null;
  if (unit === null) return strided(l, target, start, stop, step, body);
  // The counter is the program's own variable unless that has a value before the loop or gets one in it.
  const own = !stored.has(target.variable) && !l.scope.assigned?.has(target.variable);
  if (!own) {
    const counter = l.scope.temporary(target.name, 'int');
    return counted(l, counter, start, stop, unit, () => {
      l.emit({ do: 'assign', name: l.scope.assign(target, 'int', false), value: counter });
      body();
    });
  }
  const assigned = l.scope.assigned;
  l.scope.assigned = assigned && new Set(assigned);
  const name = l.scope.assign(target, 'int', false);
  l.scope.assigned = assigned;
  const counter: KVar = { op: 'var', type: 'int', name };
  counted(l, counter, start, stop, unit, () => {
    l.scope.assigned?.add(target.variable);
    if (unit === 1 && stop.op === 'length' && stop.array.op === 'var' && boundsOf(start, l.scope.bounds).low >= 0n && !storesName(l, stop.array, stored)) {
      l.scope.within.set(name, stop.array.name);
    }
    body();
  });
}

function storesName(l: Lowering, array: KVar, stored: ReadonlySet<VarId>): boolean {
  return [...stored].some((id) => l.scope.nameOf(id) === array.name);
}

/** Any step but 1 and -1: the values are computed from the number of the turn. */
function strided(l: Lowering, target: Extract<Target, { type: 'name' }>, start: KExpr, stop: KExpr, step: KExpr, body: () => void): void {
  const from = l.held(start, `${target.name}_start`);
  const by = l.held(step, `${target.name}_step`);
  const counter = l.scope.temporary('turn', 'int');
  const count: KExpr = { op: 'range-length', type: 'int', start: from, stop, step: by };
  counted(l, counter, int(0), count, 1, () => {
    // Within the range, so neither the product nor the sum can overflow.
    const offset: KExpr = { op: 'arith', type: 'int', operator: '*', left: counter, right: by, checked: false };
    const value: KExpr = from.op === 'const' && from.value === 0n ? offset : { op: 'arith', type: 'int', operator: '+', left: from, right: offset, checked: false };
    l.emit({ do: 'assign', name: l.scope.assign(target, 'int', false), value });
    body();
  });
}

interface Part {
  readonly target: Target;
  readonly array: KExpr;
}

function overSeveral(l: Lowering, name: 'enumerate' | 'zip' | 'reversed', target: Target, call: Call, stored: ReadonlySet<VarId>, body: () => void): void {
  const arrays = call.args.filter((a) => a.name === undefined).map((a) => a.value);
  if (name === 'reversed') {
    const inner = arrays[0]!;
    if (inner.type === 'call' && dotted(l, inner.callee) === 'range') l.refuse('`reversed(range(…))` is used', call, 'count down, as in `range(n - 1, -1, -1)`');
    return overArrays(l, [{ target, array: lowerExpr(l, inner) }], null, true, stored, body, call);
  }
  if (target.type !== 'tuple-target' || target.items.some((t) => !t || t.type === 'star')) l.refuse(`what \`${name}\` gives is not taken apart at once`, call);
  const items = target.items as readonly Target[];
  if (name === 'zip') {
    if (items.length !== arrays.length) l.refuse('`zip` gives another number of values than there are names', call);
    return overArrays(l, arrays.map((e, i) => ({ target: items[i]!, array: lowerExpr(l, e) })), null, false, stored, body, call);
  }
  const [number_, value] = items;
  const start = call.args.find((a) => a.name === 'start')?.value ?? arrays[1];
  const first = start ? lowerExpr(l, start) : int(0);
  if (items.length !== 2 || number_!.type !== 'name' || first.type !== 'int') l.refuse('what `enumerate` gives is not taken apart into a number and a value', call);
  overArrays(l, [{ target: value!, array: lowerExpr(l, arrays[0]!) }], { target: number_, first }, false, stored, body, call);
}

/** Goes through arrays side by side. */
function overArrays(
  l: Lowering,
  parts: readonly Part[],
  numbered: { readonly target: Extract<Target, { type: 'name' }>; readonly first: KExpr } | null,
  backwards: boolean,
  stored: ReadonlySet<VarId>,
  body: () => void,
  at: Expr,
): void {
  const held = parts.map(({ target, array }) => {
    if (!isArray(array.type)) l.refuse('something that is no list or array is gone through', at);
    if (array.op !== 'var') return { target, array: l.held(array, 'items') };
    if (storesName(l, array, stored)) l.refuse('a list is changed or replaced while it is gone through', at, 'go through a copy');
    return { target, array };
  });
  const lengths = held.map(({ array }): KExpr => ({ op: 'length', type: 'int', array }));
  const stop = lengths.reduce((left, right) => ({ op: 'extreme', type: 'int', which: 'min', left, right }));
  const counter = l.scope.temporary('k', 'int');
  const start: KExpr = backwards ? arith('-', stop, int(1), l.scope.bounds) : int(0);
  counted(l, counter, start, backwards ? int(-1) : stop, backwards ? -1 : 1, () => {
    for (const { array } of held) if (array.op === 'var') l.scope.within.set(counter.name, array.name);
    if (numbered) {
      const value = numbered.first.op === 'const' && numbered.first.value === 0n ? counter : arith('+', numbered.first, counter, l.scope.bounds);
      l.emit({ do: 'assign', name: l.scope.assign(numbered.target, 'int', false), value });
    }
    for (const { target, array } of held) {
      const item = element(l, array, counter, at);
      const inside = item.op === 'index' || item.op === 'row' ? { ...item, wraps: false, checked: false } : item;
      bind(l, target, inside);
    }
    body();
  });
}

/** Binds a name, or the names of a fixed number of elements (`for x, y in points`). */
function bind(l: Lowering, target: Target, value: KExpr): void {
  if (target.type === 'name') {
    l.emit({ do: 'assign', name: l.scope.assign(target, value.type, isArray(value.type) && l.scope.isShared(value)), value });
    return;
  }
  const names = boundNames(target);
  if (target.type !== 'tuple-target' || names.length !== target.items.length || !isArray(value.type)) l.refuse('a value is taken apart in a way that kernels do not have,', target);
  const row = l.held(value, 'item');
  // Python raises unless there are exactly as many.
  const length: KExpr = { op: 'length', type: 'int', array: row };
  l.emit({ do: 'if', test: { op: 'compare', type: 'bool', operator: '!=', left: length, right: int(names.length) }, then: [{ do: 'give-up' }], otherwise: [] });
  for (const [i, name] of names.entries()) {
    const item: KExpr = { op: 'index', type: l.elementOf(row, target), array: row, index: int(i), wraps: false, checked: true };
    l.emit({ do: 'assign', name: l.scope.assign(name, item.type, false), value: item });
  }
}
