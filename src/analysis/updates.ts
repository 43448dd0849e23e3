/**
 * Recognises statements that fold a value into a place: sums, minima, flags, histograms, groupings
 * (reduction recognition after Pottenger & Eigenmann 1995). Their accesses are tagged; a later pass sees whether the place is
 * touched in any other way.
 */
import type { Assign, Expr, ExprStmt, If, Stmt, Target } from '../ir/ir';
import { walkExpr, walkStmts } from '../ir/walk';
import type { Update, UpdateOperation } from './domain';
import type { Machine } from './machine';
import { groupOf } from './types';

export interface Tag {
  readonly update: Update;
  readonly matches: (node: Expr | Target) => boolean;
}

export function withTags(m: Machine, tags: readonly Tag[], run: () => void): void {
  m.tags.push(...tags);
  run();
  m.tags.length -= tags.length;
}

const OPERATIONS: Readonly<Record<string, UpdateOperation>> = {
  '+': 'sum',
  '-': 'sum',
  '*': 'product',
  '|': 'bit-or',
  '&': 'bit-and',
  '^': 'bit-xor',
  and: 'and',
  or: 'or',
};

const COMMUTATIVE = new Set(['+', '*', '|', '&', '^']);

export function sameExpr(a: Expr | Target, b: Expr | Target): boolean {
  if (a === b) return true;
  if (a.type !== b.type) return false;
  return same(a, b);
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => same(item, b[at]));
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  // A flag that is not set may be left out.
  for (const key in left) if (key !== 'span' && !same(left[key] || null, right[key] || null)) return false;
  for (const key in right) if (key !== 'span' && right[key] && !left[key]) return false;
  return true;
}

/** Whether an expression reads a place, as written. */
export function mentions(expr: Expr, place: Expr | Target): boolean {
  let found = false;
  walkExpr(expr, {
    expr(inner) {
      if (!found && sameExpr(inner, place)) found = true;
      return !found;
    },
  });
  return found;
}

const isPlace = (target: Target): target is Target & { type: 'name' | 'attribute' | 'index' } => target.type === 'name' || target.type === 'attribute' || target.type === 'index';

function updateOf(m: Machine, operation: UpdateOperation, stmt: Stmt): Update {
  const around = m.tags.find((tag) => tag.update.statement !== null);
  return { operation, node: stmt, statement: around?.update.statement ?? stmt, type: null, targetType: null };
}

/** Tags of an assignment or expression statement. */
export function tagAssignment(m: Machine, stmt: Assign | ExprStmt): readonly Tag[] {
  if (stmt.type === 'expr') {
    const { value } = stmt;
    if (value.type === 'assign') return tagsFor(m, stmt, value.target, value.operator, value.value);
    if (value.type === 'update') return isPlace(value.target) ? [placeTag(updateOf(m, 'sum', stmt), value.target)] : [];
    if (value.type === 'call') return tagCall(m, stmt, value);
    return [];
  }
  return stmt.targets.length === 1 ? tagsFor(m, stmt, stmt.targets[0]!, stmt.operator, stmt.value) : [];
}

const placeTag = (update: Update, ...places: readonly (Expr | Target)[]): Tag => ({ update, matches: (node) => places.some((place) => sameExpr(node, place)) });

function tagsFor(m: Machine, stmt: Stmt, target: Target, operator: string | null, value: Expr): readonly Tag[] {
  if (!isPlace(target)) return [];
  if (operator !== null) {
    const operation = OPERATIONS[operator];
    return operation && !mentions(value, target) ? [placeTag(updateOf(m, refine(m, operation, value), stmt), target)] : [];
  }
  if (value.type === 'const' && value.kind === 'bool') return [placeTag(updateOf(m, value.value === true ? 'or' : 'and', stmt), target)];
  const operation = foldOf(value, target);
  if (operation === null) return [];
  return [{ update: updateOf(m, refine(m, operation, value), stmt), matches: (node) => sameExpr(node, target) || defaultRead(node as Expr, target) !== null }];
}

function refine(_m: Machine, operation: UpdateOperation, value: Expr): UpdateOperation {
  if (operation === 'sum' && (value.type === 'template' || (value.type === 'const' && value.kind === 'string'))) return 'concatenation';
  return operation;
}

/** The operation of `value` when it is `place op something` with the place read exactly once. */
export function foldOf(value: Expr, place: Expr | Target): UpdateOperation | null {
  switch (value.type) {
    case 'binary': {
      const operation = OPERATIONS[value.operator];
      if (!operation) return null;
      if (isRead(value.left, place)) return mentions(value.right, place) ? null : operation;
      if (isRead(value.right, place) && COMMUTATIVE.has(value.operator)) return mentions(value.left, place) ? null : operation;
      // (place + a) + b folds in one statement too.
      if (value.left.type === 'binary' && (value.operator === '+' || value.operator === '-') && !mentions(value.right, place)) {
        const inner = foldOf(value.left, place);
        return inner === 'sum' ? inner : null;
      }
      if (value.left.type === 'binary' && value.operator === '*' && !mentions(value.right, place)) {
        const inner = foldOf(value.left, place);
        return inner === 'product' ? inner : null;
      }
      return null;
    }
    case 'logical':
      if (value.operator === '??') return null;
      return sameExpr(value.left, place) && !mentions(value.right, place) ? value.operator : sameExpr(value.right, place) && !mentions(value.left, place) ? value.operator : null;
    case 'call': {
      const name = value.callee.type === 'name' ? value.callee.name : value.callee.type === 'attribute' && value.callee.object.type === 'name' && ['Math', 'np', 'numpy'].includes(value.callee.object.name) ? value.callee.name : '';
      if (!/^(max|min|maximum|minimum)$/.test(name) || value.args.length < 2 || value.args.some((argument) => argument.spread || argument.name)) return null;
      const hits = value.args.filter((argument) => sameExpr(argument.value, place)).length;
      const others = value.args.filter((argument) => !sameExpr(argument.value, place));
      return hits === 1 && others.every((argument) => !mentions(argument.value, place)) ? (name.startsWith('max') ? 'max' : 'min') : null;
    }
    case 'conditional': {
      const { test, then } = value;
      const otherwise = value.else;
      if (test.type !== 'compare' || test.operators.length !== 1) return null;
      const keep = sameExpr(then, place) ? then : sameExpr(otherwise, place) ? otherwise : null;
      const take = keep === then ? otherwise : then;
      if (!keep || mentions(take, place)) return null;
      return orderOf(test.operators[0]!, test.operands[0]!, test.operands[1]!, place, take, keep === then);
    }
    default:
      return null;
  }
}

/** `e < place` that takes `e` when true (or keeps the place when true, with `inverted`). */
function orderOf(operator: string, left: Expr, right: Expr, place: Expr | Target, take: Expr, inverted: boolean): UpdateOperation | null {
  // `key(e) < key(place)`: the same expression of the one and of the other.
  const placeRight = sameWith(left, right, take, place);
  const placeLeft = sameWith(right, left, take, place);
  if (placeRight === placeLeft) return null;
  let less = operator.startsWith('<');
  if (!/^[<>]=?$/.test(operator)) return null;
  if (placeLeft) less = !less;
  if (inverted) less = !less;
  return less ? 'min' : 'max';
}

/** Whether `b` is `a` with `to` in place of `from`. */
function sameWith(a: Expr, b: Expr, from: Expr, to: Expr | Target): boolean {
  if (sameExpr(a, from)) return sameExpr(b, to);
  if (mentions(a, to) || a.type !== b.type) return false;
  if (!mentions(a, from)) return false;
  switch (a.type) {
    case 'call':
      return b.type === 'call' && sameExpr(a.callee, b.callee) && a.args.length === b.args.length && a.args.length === 1 && sameWith(a.args[0]!.value, b.args[0]!.value, from, to);
    case 'index':
      return b.type === 'index' && ((sameExpr(a.object, b.object) && sameWith(a.index, b.index, from, to)) || (sameExpr(a.index, b.index) && sameWith(a.object, b.object, from, to)));
    case 'attribute':
      return b.type === 'attribute' && a.name === b.name && sameWith(a.object, b.object, from, to);
    default:
      return false;
  }
}

/** The place itself, or its value with a default: `d.get(k, 0)`, `m.get(k) || 0`, `d[k] ?? 0`. */
function isRead(expr: Expr, place: Expr | Target): boolean {
  return sameExpr(expr, place) || defaultRead(expr, place) !== null;
}

function defaultRead(expr: Expr, place: Expr | Target): Expr | null {
  if (expr.type === 'logical' && (expr.operator === 'or' || expr.operator === '??') && expr.right.type === 'const') {
    if (sameExpr(expr.left, place)) return expr.left;
    return defaultRead(expr.left, place);
  }
  if (expr.type === 'call' && expr.callee.type === 'attribute' && expr.callee.name === 'get' && place.type === 'index' && sameExpr(expr.callee.object, place.object)) {
    const [key, fallback] = expr.args;
    if (key && sameExpr(key.value, place.index) && (!fallback || fallback.value.type === 'const')) return expr;
  }
  return null;
}

/** `d[k].append(x)`, `d.setdefault(k, []).append(x)`, `m.set(k, (m.get(k) || 0) + 1)`. */
function tagCall(m: Machine, stmt: Stmt, call: Expr & { type: 'call' }): readonly Tag[] {
  if (call.callee.type !== 'attribute') return [];
  const { object, name } = call.callee;
  if (['append', 'push', 'add', 'extend', 'update'].includes(name)) {
    const held = object.type === 'index' || (object.type === 'call' && object.callee.type === 'attribute' && ['setdefault', 'get'].includes(object.callee.name));
    if (held && !call.args.some((argument) => mentions(argument.value, object))) return [placeTag(updateOf(m, 'grouping', stmt), object)];
    return [];
  }
  if (name === 'set' && call.args.length === 2) {
    const key = call.args[0]!.value;
    const get: Expr = { type: 'call', callee: { type: 'attribute', object, name: 'get', span: object.span }, args: [{ value: key }], span: object.span };
    const value = call.args[1]!.value;
    const isGet = (expr: Expr): boolean =>
      sameCall(expr, get) || (expr.type === 'logical' && (expr.operator === 'or' || expr.operator === '??') && expr.right.type === 'const' && isGet(expr.left));
    if (value.type === 'binary' && OPERATIONS[value.operator] && isGet(value.left)) {
      const update = updateOf(m, OPERATIONS[value.operator]!, stmt);
      return [{ update, matches: (node) => node === call || isGet(node as Expr) }];
    }
  }
  return [];
}

function sameCall(a: Expr, b: Expr): boolean {
  return a.type === 'call' && b.type === 'call' && sameExpr(a.callee, b.callee) && a.args.length === b.args.length && a.args.every((argument, at) => sameExpr(argument.value, b.args[at]!.value));
}

// ---------------------------------------------------------------------------------------------------------------------
// Conditions

/** Tags of an `if` that folds: minima and maxima with what goes with them, counts by key. */
export function tagCondition(m: Machine, stmt: If): readonly Tag[] {
  return tagExtremum(m, stmt) ?? tagMembership(m, stmt) ?? [];
}

function plainAssignments(stmts: readonly Stmt[]): { target: Target; value: Expr; operator: string | null }[] | null {
  const found: { target: Target; value: Expr; operator: string | null }[] = [];
  for (const stmt of stmts) {
    if (stmt.type === 'pass') continue;
    if (stmt.type === 'assign-stmt' && stmt.targets.length === 1) found.push({ target: stmt.targets[0]!, value: stmt.value, operator: stmt.operator });
    else if (stmt.type === 'expr' && stmt.value.type === 'assign') found.push({ target: stmt.value.target, value: stmt.value.value, operator: stmt.value.operator });
    else return null;
  }
  return found;
}

function tagExtremum(m: Machine, stmt: If): readonly Tag[] | null {
  const assignments = plainAssignments(stmt.then);
  if (!assignments || assignments.length === 0 || assignments.some((each) => each.operator !== null)) return null;
  const pairs: { target: Target; value: Expr }[] = [];
  for (const { target, value } of assignments) {
    if (target.type === 'tuple-target' && value.type === 'collection' && value.items.length === target.items.length) {
      target.items.forEach((item, at) => item && pairs.push({ target: item, value: value.items[at]! }));
    } else pairs.push({ target, value });
  }
  if (!pairs.every((pair) => isPlace(pair.target))) return null;
  for (const best of pairs) {
    const operation = extremumTest(stmt.test, best.target, best.value);
    if (!operation) continue;
    const others = pairs.filter((pair) => pair !== best);
    if (pairs.some((pair) => mentions(pair.value, best.target))) return null;
    if (others.some((pair) => mentions(stmt.test, pair.target) || pairs.some((each) => mentions(each.value, pair.target)))) return null;
    if (pairs.some((pair) => anyMention(stmt.else, pair.target))) return null;
    const node = updateOf(m, operation, stmt);
    const tags: Tag[] = [placeTag(node, best.target)];
    for (const other of others) tags.push(placeTag({ ...node, operation: operation === 'min' ? 'argmin' : 'argmax' }, other.target));
    return tags;
  }
  return null;
}

export function anyMention(stmts: readonly Stmt[], place: Expr | Target): boolean {
  let found = false;
  const check = (node: Expr | Target): boolean => {
    if (sameExpr(node, place)) found = true;
    return !found;
  };
  walkStmts(stmts, { expr: check, target: check });
  return found;
}

/** Whether the test asks for a value that beats the place. */
function extremumTest(test: Expr, place: Target, taken: Expr): UpdateOperation | null {
  if (test.type === 'compare' && test.operators.length === 1) return orderOf(test.operators[0]!, test.operands[0]!, test.operands[1]!, place, taken, false);
  if (test.type === 'logical' && test.operator !== '??') {
    const left = extremumTest(test.left, place, taken);
    const right = extremumTest(test.right, place, taken);
    const other = left ? test.right : test.left;
    if (!left && !right) return null;
    if (!mentions(other, place as Expr)) return left ?? right;
    // `best is None or x < best`: the other part asks whether there is one yet.
    return isUnsetTest(other, place) ? (left ?? right) : null;
  }
  return null;
}

function isUnsetTest(test: Expr, place: Target): boolean {
  if (test.type === 'unary') return sameExpr(test.operand, place);
  return test.type === 'compare' && test.operators.length === 1 && test.operands.some((operand) => sameExpr(operand, place)) && test.operands.some((operand) => operand.type === 'const' || (operand.type === 'unary' && operand.operand.type === 'const') || operand.type === 'name');
}

/** `if k in d: d[k] += 1 else: d[k] = 1`, `if k not in d: d[k] = []`. */
function tagMembership(m: Machine, stmt: If): readonly Tag[] | null {
  const asked = membershipOf(stmt.test);
  if (!asked) return null;
  const { container, key } = asked;
  const isSlot = (node: Expr | Target): boolean => node.type === 'index' && sameExpr(node.object, container) && sameExpr(node.index, key);
  const branches = [plainAssignments(stmt.then), plainAssignments(stmt.else)];
  if (branches.some((branch) => branch === null)) {
    // A branch may grow what the key holds.
    const statements = [...stmt.then, ...stmt.else];
    const fine = statements.every((each) => {
      if (each.type === 'expr' && each.value.type === 'call' && each.value.callee.type === 'attribute') return isSlot(each.value.callee.object) && ['append', 'push', 'add'].includes(each.value.callee.name);
      const assigned = plainAssignments([each]);
      return assigned !== null && assigned.every((one) => isSlot(one.target) && one.operator === null);
    });
    if (!fine || statements.length === 0) return null;
    return [{ update: updateOf(m, 'grouping', stmt), matches: (node) => node === asked.node || isSlot(node) || sameExpr(node, container) }];
  }
  const all = branches.flatMap((branch) => branch!);
  if (all.length === 0 || !all.every((each) => isSlot(each.target) && !mentions(each.value, container))) return null;
  const operators = new Set(all.map((each) => each.operator).filter((operator) => operator !== null));
  if ([...operators].some((operator) => !OPERATIONS[operator!])) return null;
  const operation: UpdateOperation = operators.size === 0 ? 'init' : OPERATIONS[[...operators][0]!]!;
  if (operators.size === 0 && !all.every((each) => isInitial(each.value))) return null;
  return [{ update: updateOf(m, operation, stmt), matches: (node) => node === asked.node || isSlot(node) || sameExpr(node, container) }];
}

/** A start value: the same whoever puts it there first. */
function isInitial(value: Expr): boolean {
  if (value.type === 'const') return true;
  if (value.type === 'collection') return value.items.length === 0;
  if (value.type === 'mapping') return value.properties.length === 0;
  return value.type === 'call' && value.args.length === 0 && value.callee.type === 'name' && ['list', 'set', 'dict', 'Set', 'Map', 'Array'].includes(value.callee.name);
}

function membershipOf(test: Expr): { container: Expr; key: Expr; node: Expr } | null {
  if (test.type === 'unary' && (test.operator === 'not' || test.operator === '!')) return membershipOf(test.operand);
  if (test.type === 'compare' && test.operators.length === 1 && /^(not )?in$/.test(test.operators[0]!)) return { container: test.operands[1]!, key: test.operands[0]!, node: test.operands[1]! };
  if (test.type === 'index') return { container: test.object, key: test.index, node: test };
  return null;
}

export const isKeyed = (type: Parameters<typeof groupOf>[0]): boolean => groupOf(type) === 'dict';
