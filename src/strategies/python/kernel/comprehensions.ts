/** Lists that an iteration makes, and what is folded over a list or generator: `[f(x) for x in xs]`, `sum(…)`, `max(row)`. */
import type { Call, Collection, Comprehension, Expr } from '../../../ir/ir';
import type { Lowering } from './lowering';
import { binary, lowerExpr, lowerTest, number } from './expressions';
import { int } from './make';
import { lowerEach } from './loops';
import type { KExpr, KVar } from './model';
import { arrayOf, isArray, typeInWords } from './typing';

/** A list display or list comprehension. @throws KernelRefusal */
export function lowerComprehension(l: Lowering, expr: Collection | Comprehension): KExpr {
  if (expr.kind !== 'list') l.refuse(`a ${expr.kind} is made`, expr);
  if (expr.type === 'comprehension') return collected(l, expr);
  if (expr.items.length === 0) return { op: 'new-array', type: l.growing(), fill: null, length: int(0) };
  const [first, ...rest] = expr.items.map((e) => scalar(l, lowerExpr(l, e), e));
  const single: KExpr = { op: 'new-array', type: arrayOf(first!.type as 'int'), fill: first!, length: int(1) };
  if (rest.length === 0) return single;
  l.requireHoisting('a list', expr);
  const list = l.scope.temporary('items', single.type);
  l.emit({ do: 'assign', name: list.name, value: single });
  for (const value of rest) {
    if (value.type !== first!.type) l.refuse('a list holds values of two types', expr);
    l.emit({ do: 'append', array: list, value });
  }
  return list;
}

function scalar(l: Lowering, value: KExpr, at: Expr): KExpr {
  if (isArray(value.type)) l.refuse(`a list of ${typeInWords(value.type)} is made`, at);
  return value;
}

function collected(l: Lowering, expr: Comprehension): KExpr {
  l.requireHoisting('a comprehension', expr);
  const type = l.growing();
  const list = l.scope.temporary('values', type);
  l.emit({ do: 'assign', name: list.name, value: { op: 'new-array', type, fill: null, length: int(0) } });
  each(l, expr, (value) => {
    if (type.pending) l.scope.settle(type, value.type as 'int');
    else if (type.element !== value.type) l.refuse('a list holds values of two types', expr);
    l.emit({ do: 'append', array: list, value });
  });
  return list;
}

/** Runs the clauses, and `use` with each value. */
function each(l: Lowering, expr: Comprehension, use: (value: KExpr) => void, from = 0): void {
  const clause = expr.clauses[from];
  if (!clause) return use(scalar(l, lowerExpr(l, expr.element), expr.element));
  if (clause.async) l.refuse('an `async for` is used', expr);
  lowerEach(l, clause.target, clause.iterable, [], () => {
    const [first, ...more] = clause.conditions;
    if (!first) return each(l, expr, use, from + 1);
    const test = [first, ...more].map((c) => lowerTest(l, c)).reduce((left, right) => ({ op: 'logical', type: 'bool', operator: 'and', left, right }));
    l.emit({ do: 'if', test, then: l.inBlock(() => each(l, expr, use, from + 1)), otherwise: [] });
  });
}

/** `sum`, `min`, `max` of one iterable. */
export function lowerConsumer(l: Lowering, name: 'sum' | 'min' | 'max', expr: Call): KExpr {
  const argument = expr.args[0];
  if (expr.args.length !== 1 || argument!.spread || argument!.name !== undefined) l.refuse(`\`${name}\` is called with more than one iterable`, expr);
  l.requireHoisting(`\`${name}\` over an iterable`, expr);
  const over = argument!.value;
  let folded: KVar | null = null;
  let any: KVar | null = null;
  const before = l.block.length;
  const step = (raw: KExpr): void => {
    if (name !== 'sum' && raw.type === 'bool') l.refuse(`\`${name}\` compares bools`, expr, 'compare them by conditions');
    const value = number(l, raw, over);
    if (name === 'sum' && value.type === 'float') {
      l.refuse('`sum` adds floats, which Python does with compensation from 3.12 and plainly before,', expr, 'add them in a loop of your own');
    }
    folded ??= l.scope.temporary(name === 'sum' ? 'total' : name === 'min' ? 'smallest' : 'largest', value.type);
    if (name === 'sum') return l.emit({ do: 'assign', name: folded.name, value: binary(l, '+', folded, value, expr) });
    any ??= l.scope.temporary('found', 'bool');
    const taken: KExpr = { op: 'extreme', type: value.type as 'int', which: name, left: folded, right: value };
    l.emit({
      do: 'if',
      test: any,
      then: [{ do: 'assign', name: folded.name, value: taken }],
      otherwise: [
        { do: 'assign', name: folded.name, value },
        { do: 'assign', name: any.name, value: { op: 'const', type: 'bool', value: true } },
      ],
    });
  };
  const loop = l.inBlock(() => {
    if (over.type === 'comprehension' && over.kind !== 'set' && over.kind !== 'dict') each(l, over, step);
    else eachElement(l, over, step);
  });
  const result = folded as KVar | null;
  if (!result) return l.refuse(`\`${name}\` has nothing to go through`, expr);
  const start: KExpr = result.type === 'int' ? int(0) : { op: 'const', type: 'float', value: 0 };
  l.block.splice(before, 0, { do: 'assign', name: result.name, value: start });
  const found = any as KVar | null;
  if (found) l.block.splice(before, 0, { do: 'assign', name: found.name, value: { op: 'const', type: 'bool', value: false } });
  for (const stmt of loop) l.emit(stmt);
  // Of nothing: Python raises.
  if (found) l.emit({ do: 'if', test: { op: 'not', type: 'bool', operand: found }, then: [{ do: 'give-up' }], otherwise: [] });
  return result;
}

function eachElement(l: Lowering, over: Expr, use: (value: KExpr) => void): void {
  const array = lowerExpr(l, over);
  if (!isArray(array.type) || array.type.dims !== 1) l.refuse('something that is no list of numbers is gone through', over);
  const counter = l.scope.temporary('k', 'int');
  const list = l.held(array, 'items');
  l.emit({
    do: 'for',
    counter: counter.name,
    start: int(0),
    stop: { op: 'length', type: 'int', array: list },
    step: 1,
    body: l.inBlock(() => use({ op: 'index', type: l.elementOf(list, over), array: list, index: counter, wraps: false, checked: false })),
  });
}

