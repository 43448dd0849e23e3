/** Lowers the statements of a function or of a loop's body. */
import type { Assign, Expr, ForEach, If, Index, Stmt, Target, While } from '../../../ir/ir';
import type { Lowering } from './lowering';
import { isComplex, type Value } from './complex';
import { anyBinary, binary, element, extent, lowerExpr, lowerTest, lowerValue } from './expressions';
import { dotted } from './library';
import { lowerEach } from './loops';
import { divide } from './make';
import type { KExpr, KStmt } from './model';
import { isPending } from './scope';
import { childrenOf } from './walk';
import { isArray, sameType, typeInWords } from './typing';

/** @throws KernelRefusal */
export function lowerBlock(l: Lowering, stmts: readonly Stmt[]): void {
  for (const stmt of stmts) {
    // What cannot be reached is not there.
    if (l.scope.assigned === null) return;
    if (!l.outer(stmt)) lowerStmt(l, stmt);
  }
}

function lowerStmt(l: Lowering, stmt: Stmt): void {
  switch (stmt.type) {
    case 'pass':
      return;
    case 'expr':
      return lowerExpressionStatement(l, stmt.value);
    case 'assign-stmt':
      return lowerAssign(l, stmt);
    case 'declare':
      return;
    case 'if':
      return lowerIf(l, stmt);
    case 'for-each':
      return lowerFor(l, stmt);
    case 'while':
      return lowerWhile(l, stmt);
    case 'break':
    case 'continue':
      if (l.depth === 0 && l.isIteration) {
        if (stmt.type === 'break') l.refuse('the loop ends early', stmt);
        l.leave();
      } else l.emit({ do: stmt.type });
      l.scope.assigned = null;
      return;
    case 'return':
      return lowerReturn(l, stmt.value, stmt);
    case 'raise':
      l.emit({ do: 'give-up' });
      l.scope.assigned = null;
      return;
    case 'assert': {
      const holds = lowerTest(l, stmt.test);
      l.emit({ do: 'if', test: { op: 'not', type: 'bool', operand: holds }, then: [{ do: 'give-up' }], otherwise: [] });
      return;
    }
    default:
      l.refuse(`${WORDS[stmt.type] ?? `\`${stmt.type}\``} is used`, stmt);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  try: '`try`',
  with: '`with`',
  switch: '`match`',
  delete: '`del`',
  'function-def': 'a nested function',
  'class-def': 'a class',
  import: '`import`',
};

function lowerExpressionStatement(l: Lowering, value: Expr): void {
  // A docstring.
  if (value.type === 'const') return;
  if (value.type === 'call' && value.callee.type === 'attribute' && value.callee.name === 'append' && value.args.length === 1 && value.callee.object.type === 'name') {
    const list = l.name(value.callee.object);
    if (list.op !== 'var' || !isArray(list.type)) l.refuse('`append` is called on something that is no list of numbers', value);
    const item = lowerExpr(l, value.args[0]!.value);
    if (isArray(item.type)) l.refuse(`${typeInWords(item.type)} is appended to \`${value.callee.object.name}\``, value, 'append it in the loop that is made parallel');
    if (isPending(list.type)) l.scope.settle(list.type, item.type);
    else if (list.type.element !== item.type) l.refuse(`\`${value.callee.object.name}\` holds ${list.type.element}s and is given a ${item.type}`, value);
    l.scope.noteStore(list.name, l.line(value));
    l.emit({ do: 'append', array: list, value: item });
    return;
  }
  l.refuse('an expression is evaluated for an effect', value);
}

function lowerAssign(l: Lowering, stmt: Assign): void {
  if (stmt.operator !== null) {
    const target = stmt.targets[0]!;
    if (target.type !== 'name' && target.type !== 'index') l.refuse('a field is assigned', stmt);
    const before = lowerValue(l, target as unknown as Expr);
    return assignValue(l, target, anyBinary(l, stmt.operator, before, lowerValue(l, stmt.value), stmt));
  }
  const first = stmt.targets[0]!;
  if (first.type === 'tuple-target') {
    if (stmt.targets.length > 1) l.refuse('several targets are assigned at once', stmt);
    return lowerUnpack(l, first, stmt.value);
  }
  const value = lowerValue(l, stmt.value);
  if (stmt.targets.length === 1) return assignValue(l, first, value);
  if (isComplex(value)) return l.refuse('one complex number gets several names', stmt);
  if (isArray(value.type)) l.refuse('one list gets several names', stmt);
  const held = l.held(value, 'value');
  for (const target of stmt.targets) assign(l, target, held);
}

function assignValue(l: Lowering, target: Target, value: Value): void {
  if (!isComplex(value)) return assign(l, target, value);
  if (target.type !== 'name' || !l.fn.variables.has(target.variable)) return l.refuse('a complex number is stored in something else than a variable of its own', target);
  const [re, im] = l.scope.assignComplex(target);
  // Both parts are computed before one of them changes.
  const next = mentions(value.im, re.name) ? l.held(value.re, `next_${re.name}`) : null;
  if (!next) l.emit({ do: 'assign', name: re.name, value: value.re });
  l.emit({ do: 'assign', name: im.name, value: value.im });
  if (next) l.emit({ do: 'assign', name: re.name, value: next });
}

/** `a, b = b, a + b`, `q, r = divmod(a, b)`, `x, y = point`. */
function lowerUnpack(l: Lowering, target: Extract<Target, { type: 'tuple-target' }>, value: Expr): void {
  const targets = target.items.filter((t): t is Target => t !== null && t.type !== 'star');
  if (targets.length !== target.items.length) l.refuse('a value is taken apart with `*`', target);
  let values: KExpr[];
  if (value.type === 'collection' && value.kind !== 'set') {
    if (value.items.length !== targets.length) l.refuse('another number of values than names is assigned', target);
    values = value.items.map((e) => lowerExpr(l, e));
  } else if (value.type === 'call' && dotted(l, value.callee) === 'divmod' && value.args.length === 2 && targets.length === 2) {
    const [x, y] = value.args.map((a) => lowerExpr(l, a.value));
    const quotient = binary(l, '//', x!, y!, value);
    if (quotient.op !== 'divide') return l.refuse('`divmod` is called on something that is no number', value);
    values = [quotient, divide('%', quotient.left, quotient.right, l.scope.bounds)];
  } else if (value.type === 'attribute' && value.name === 'shape') {
    const { type } = lowerExpr(l, value.object);
    if (isArray(type) && type.dims !== targets.length) l.refuse(`the shape of an array of ${type.dims} dimensions is taken apart into ${targets.length} names`, target);
    values = targets.map((_, axis) => extent(l, value, axis));
  } else {
    const row = l.held(lowerExpr(l, value), 'item');
    if (!isArray(row.type)) l.refuse('a value is taken apart that is no list of numbers', target);
    const length: KExpr = { op: 'length', type: 'int', array: row };
    const count: KExpr = { op: 'const', type: 'int', value: BigInt(targets.length) };
    l.emit({ do: 'if', test: { op: 'compare', type: 'bool', operator: '!=', left: length, right: count }, then: [{ do: 'give-up' }], otherwise: [] });
    values = targets.map((_, i) => element(l, row, { op: 'const', type: 'int', value: BigInt(i) }, value));
  }
  assignAll(l, targets, values);
}

/** All values are computed before the first name changes: those that a change would reach wait in variables of their own. */
function assignAll(l: Lowering, targets: readonly Target[], values: readonly KExpr[]): void {
  const names = targets.every((t) => t.type === 'name');
  const last = values.length - 1;
  const waiting: (() => void)[] = [];
  for (const [i, value] of values.entries()) {
    const target = targets[i]!;
    const shared = isArray(value.type) && l.scope.isShared(value);
    const name = target.type === 'name' ? l.scope.nameOf(target.variable) : undefined;
    const reached = name === undefined ? !names : values.slice(i + 1).some((later) => mentions(later, name));
    if (value.op === 'const' || (names && (i === last || !reached))) {
      if (names) assign(l, target, value, shared);
      else waiting.push(() => assign(l, target, value, shared));
      continue;
    }
    const held = l.held(value, target.type === 'name' ? `next_${target.name}` : `value_${i + 1}`);
    waiting.push(() => assign(l, target, held, shared));
  }
  for (const now of waiting) now();
}

function mentions(expr: KExpr, name: string): boolean {
  return (expr.op === 'var' && expr.name === name) || childrenOf(expr).some((child) => mentions(child, name));
}

function assign(l: Lowering, target: Target, value: KExpr, shared = isArray(value.type) && l.scope.isShared(value)): void {
  if (target.type === 'name') {
    if (!l.fn.variables.has(target.variable)) l.refuse(`the global \`${target.name}\` is assigned`, target);
    l.emit({ do: 'assign', name: l.scope.assign(target, value.type, shared), value });
    return;
  }
  if (target.type !== 'index') l.refuse('a field is assigned', target);
  store(l, target, value);
}

function store(l: Lowering, target: Index, value: KExpr): void {
  const replaced = l.replaced(target);
  if (replaced) {
    if (replaced.op !== 'var' || !sameType(replaced.type, value.type)) l.refuse(`${typeInWords(value.type)} is stored where ${typeInWords(replaced.type)} was`, target);
    l.emit({ do: 'assign', name: replaced.name, value });
    return;
  }
  const place = lowerExpr(l, { ...target });
  if (place.op !== 'index') return l.refuse('a whole row is assigned', target, 'assign its elements');
  const array = place.array;
  if (array.op !== 'var') return l.refuse('an element is written of an array that the iteration did not make', target);
  if (place.type !== value.type) l.refuse(`a ${typeInWords(value.type)} is stored among ${place.type}s`, target, place.type === 'float' ? 'store a float' : 'start with floats, as in `[0.0] * n`');
  l.scope.noteStore(array.name, l.line(target));
  const { index, wraps, checked } = place;
  l.emit({ do: 'store', array, index, wraps, checked, value });
}

function lowerIf(l: Lowering, stmt: If): void {
  const test = lowerTest(l, stmt.test);
  const before = l.scope.assigned;
  const branch = (stmts: readonly Stmt[]): { block: KStmt[]; after: Set<string> | null } => {
    l.scope.assigned = before && new Set(before);
    const block = l.inBlock(() => lowerBlock(l, stmts));
    return { block, after: l.scope.assigned };
  };
  l.conditional++;
  const then = branch(stmt.then);
  const otherwise = branch(stmt.else);
  l.conditional--;
  l.emit({ do: 'if', test, then: then.block, otherwise: otherwise.block });
  if (then.after && otherwise.after) l.scope.assigned = new Set([...then.after].filter((id) => otherwise.after!.has(id)));
  else l.scope.assigned = then.after ?? otherwise.after;
}

function lowerFor(l: Lowering, stmt: ForEach): void {
  if (stmt.async) l.refuse('an `async for` is used', stmt);
  if (stmt.orelse.length > 0) l.refuse('a loop has an `else`', stmt);
  lowerEach(l, stmt.target, stmt.iterable, stmt.body, () => lowerBlock(l, stmt.body));
}

function lowerWhile(l: Lowering, stmt: While): void {
  if (stmt.orelse.length > 0) l.refuse('a loop has an `else`', stmt);
  const test = l.withoutHoisting(() => lowerTest(l, stmt.test));
  const before = l.scope.assigned;
  l.scope.assigned = before && new Set(before);
  l.depth++;
  const body = l.inBlock(() => lowerBlock(l, stmt.body));
  l.depth--;
  l.emit({ do: 'while', test, body });
  const endless = test.op === 'const' && test.value === true && !breaks(stmt.body);
  l.scope.assigned = endless ? null : before;
}

/** A `break` of this loop, not of one inside it. */
function breaks(stmts: readonly Stmt[]): boolean {
  return stmts.some((s) => s.type === 'break' || (s.type === 'if' && (breaks(s.then) || breaks(s.else))));
}

function lowerReturn(l: Lowering, value: Expr | null, stmt: Stmt): void {
  if (l.isIteration) l.refuse('the function returns out of the loop', stmt);
  if (!value) l.refuse(`\`${l.fn.name}\` returns nothing`, stmt);
  if (value.type === 'collection' && value.kind === 'tuple') l.refuse(`\`${l.fn.name}\` returns several values`, stmt, 'make a function for each of them');
  const result = lowerExpr(l, value);
  if (isArray(result.type) && result.type.dims > 1) l.refuse(`\`${l.fn.name}\` returns ${typeInWords(result.type)}`, stmt);
  if (l.returns === null) l.returns = result.type;
  else if (!sameType(l.returns, result.type)) l.refuse(`\`${l.fn.name}\` returns ${typeInWords(result.type)}, and elsewhere ${typeInWords(l.returns)},`, stmt, 'return one type');
  l.emit({ do: 'return', value: result });
  l.scope.assigned = null;
}

