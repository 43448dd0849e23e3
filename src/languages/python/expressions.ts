/** Expressions, but for literals and what makes functions. */
import type { Argument, Compare, ComprehensionClause, Expr, Property, Span } from '../../ir/ir';
import { lambda } from './functions';
import { literals } from './literals';
import type { ExprHandler, Lowering } from './lowering';
import { lowerTarget } from './targets';

export const expressions: Readonly<Record<string, ExprHandler>> = {
  ...literals,
  identifier: (l, node) => l.use(node),
  dotted_name: dottedName,
  parenthesized_expression: inner,
  parenthesized_list_splat: inner,
  list_splat: (l, node) => ({ type: 'spread', span: l.span(node), value: l.expr(l.tree.firstNamed(node)) }),
  list_splat_pattern: (l, node) => ({ type: 'spread', span: l.span(node), value: l.expr(l.tree.firstNamed(node)) }),
  list: (l, node) => collection(l, node, 'list'),
  list_pattern: (l, node) => collection(l, node, 'list'),
  set: (l, node) => collection(l, node, 'set'),
  tuple: (l, node) => collection(l, node, 'tuple'),
  tuple_pattern: (l, node) => collection(l, node, 'tuple'),
  expression_list: (l, node) => collection(l, node, 'tuple'),
  pattern_list: (l, node) => collection(l, node, 'tuple'),
  dictionary: (l, node) => ({ type: 'mapping', span: l.span(node), properties: l.tree.children(node).map((child) => property(l, child)) }),
  list_comprehension: (l, node) => comprehension(l, node, 'list'),
  set_comprehension: (l, node) => comprehension(l, node, 'set'),
  dictionary_comprehension: (l, node) => comprehension(l, node, 'dict'),
  generator_expression: (l, node) => comprehension(l, node, 'generator'),
  lambda: (l, node) => lambda(l, node),

  attribute(l, node) {
    const [object, name] = l.tree.children(node);
    return { type: 'attribute', span: l.span(node), object: l.expr(object!), name: l.tree.textOf(name!) };
  },

  subscript(l, node) {
    const [object, ...indices] = l.tree.children(node);
    return { type: 'index', span: l.span(node), object: l.expr(object!), index: subscriptIndex(l, node, indices) };
  },

  slice(l, node) {
    const { tree } = l;
    const parts: [Expr | null, Expr | null, Expr | null] = [null, null, null];
    let at = 0;
    for (let child = tree.first(node); child; child = tree.next(child)) {
      if (tree.named(child)) parts[at] = l.expr(child);
      else if (tree.kind(child) === ':') at = Math.min(at + 1, 2);
    }
    return { type: 'slice', span: l.span(node), lower: parts[0], upper: parts[1], step: parts[2] };
  },

  call(l, node) {
    const [callee, args] = l.tree.children(node);
    return { type: 'call', span: l.span(node), callee: l.expr(callee!), args: args ? lowerArguments(l, args) : [] };
  },

  unary_operator(l, node) {
    const { tree } = l;
    const operand = tree.firstNamed(node);
    return { type: 'unary', span: l.span(node), operator: tree.kind(tree.first(node)), operand: l.expr(operand) };
  },

  not_operator: (l, node) => ({ type: 'unary', span: l.span(node), operator: 'not', operand: l.expr(l.tree.firstNamed(node)) }),

  binary_operator(l, node) {
    const [left, right] = l.tree.children(node);
    return { type: 'binary', span: l.span(node), operator: operatorOf(l, node), left: l.expr(left!), right: l.expr(right!) };
  },

  boolean_operator(l, node) {
    const [left, right] = l.tree.children(node);
    const operator = operatorOf(l, node) === 'and' ? 'and' : 'or';
    return { type: 'logical', span: l.span(node), operator, left: l.expr(left!), right: l.expr(right!) };
  },

  comparison_operator(l, node): Compare {
    const { tree } = l;
    const operators: string[] = [];
    const operands: Expr[] = [];
    for (let child = tree.first(node); child; child = tree.next(child)) {
      if (tree.named(child)) operands.push(l.expr(child));
      else operators.push(tree.kind(child) === '<>' ? '!=' : tree.kind(child));
    }
    return { type: 'compare', span: l.span(node), operators, operands };
  },

  conditional_expression(l, node) {
    const [then, test, otherwise] = l.tree.children(node);
    const condition = l.expr(test!);
    return { type: 'conditional', span: l.span(node), test: condition, then: l.expr(then!), else: l.expr(otherwise!) };
  },

  named_expression(l, node) {
    const [name, value] = l.tree.children(node);
    const assigned = l.expr(value!);
    const target = l.bind(name!, { kind: 'assign', value: assigned });
    return { type: 'assign', span: l.span(node), target, operator: null, value: assigned };
  },

  await: (l, node) => ({ type: 'await', span: l.span(node), value: l.expr(l.tree.firstNamed(node)) }),

  yield(l, node) {
    l.fn.generator = true;
    const value = l.tree.firstNamed(node);
    return { type: 'yield', span: l.span(node), value: value ? l.expr(value) : null, delegate: l.tree.hasToken(node, 'from') };
  },
};

/** What a pair of parentheses holds. */
function inner(l: Lowering, node: number): Expr {
  const child = l.tree.firstNamed(node);
  return child ? l.expr(child) : { type: 'opaque', span: l.span(node), what: 'nothing in parentheses', children: [] };
}

function operatorOf(l: Lowering, node: number): string {
  const { tree } = l;
  let child = tree.first(node);
  while (child && tree.named(child)) child = tree.next(child);
  return child ? tree.kind(child) : '?';
}

export function dottedName(l: Lowering, node: number): Expr {
  const [first, ...rest] = l.tree.children(node);
  let expr: Expr = l.use(first!);
  for (const name of rest) expr = { type: 'attribute', span: l.between(first!, name), object: expr, name: l.tree.textOf(name) };
  return expr;
}

function collection(l: Lowering, node: number, kind: 'list' | 'tuple' | 'set'): Expr {
  const items = l.tree.children(node);
  // `(a)` is read as a tuple where a pattern could stand.
  if (kind === 'tuple' && items.length === 1 && !l.tree.hasToken(node, ',')) return l.expr(items[0]!);
  return { type: 'collection', span: l.span(node), kind, items: items.map((item) => l.expr(item)) };
}

export function tupleOf(l: Lowering, items: readonly number[], span: Span): Expr {
  return { type: 'collection', span, kind: 'tuple', items: items.map((item) => l.expr(item)) };
}

export function subscriptIndex(l: Lowering, node: number, indices: readonly number[]): Expr {
  const [first] = indices;
  if (!first) return { type: 'opaque', span: l.span(node), what: 'no index', children: [] };
  const single = indices.length === 1 && !l.tree.hasToken(node, ',') && l.tree.kind(first) !== 'list_splat';
  return single ? l.expr(first) : tupleOf(l, indices, l.between(first, indices[indices.length - 1]!));
}

function property(l: Lowering, node: number): Property {
  const children = l.tree.children(node);
  if (l.tree.kind(node) === 'pair') {
    const key = l.expr(children[0]!);
    return { key, value: l.expr(children[1]!) };
  }
  if (l.tree.kind(node) === 'dictionary_splat') return { key: null, value: l.expr(children[0]!) };
  return { key: null, value: l.opaque(node) };
}

/** Arguments of a call or the bases of a class. A generator may stand in for the parentheses. */
export function lowerArguments(l: Lowering, node: number): Argument[] {
  const { tree } = l;
  if (tree.kind(node) === 'generator_expression') return [{ value: l.expr(node) }];
  return tree.children(node).map((child): Argument => {
    const children = tree.children(child);
    switch (tree.kind(child)) {
      case 'keyword_argument':
        return { value: l.expr(children[1]!), name: tree.textOf(children[0]!) };
      case 'list_splat':
      case 'list_splat_pattern':
        return { value: l.expr(children[0]!), spread: 'list' };
      case 'dictionary_splat':
      case 'dictionary_splat_pattern':
        return { value: l.expr(children[0]!), spread: 'dict' };
      default: {
        const value = l.expr(child);
        return value.type === 'spread' ? { value: value.value, spread: 'list' } : { value };
      }
    }
  });
}

/** The first iterable is evaluated in the scope around; everything else in the comprehension's own. */
function comprehension(l: Lowering, node: number, kind: 'list' | 'set' | 'dict' | 'generator'): Expr {
  const { tree } = l;
  const [body, ...rest] = tree.children(node);
  const scope = l.newScope('comprehension', l.fn.id);
  const clauses: (ComprehensionClause & { conditions: Expr[] })[] = [];
  for (const part of rest) {
    if (tree.kind(part) === 'for_in_clause') {
      const [target, ...iterables] = tree.children(part);
      const read = (): Expr =>
        iterables.length === 1 ? l.expr(iterables[0]!) : tupleOf(l, iterables, l.between(iterables[0]!, iterables[iterables.length - 1]!));
      const iterable = clauses.length ? l.inScope(scope, read) : read();
      clauses.push({
        iterable,
        target: l.inScope(scope, () => lowerTarget(l, target!, { kind: 'loop', value: iterable }, scope)),
        conditions: [],
        async: tree.hasToken(part, 'async'),
      });
    } else {
      const condition = l.inScope(scope, () => l.expr(tree.kind(part) === 'if_clause' ? tree.firstNamed(part) : part));
      clauses[clauses.length - 1]?.conditions.push(condition);
    }
  }
  return l.inScope(scope, () => {
    if (kind === 'dict') {
      const [key, value] = tree.children(body!);
      const lowered = l.expr(key!);
      return { type: 'comprehension', span: l.span(node), kind, clauses, key: lowered, element: l.expr(value!) };
    }
    return { type: 'comprehension', span: l.span(node), kind, clauses, key: null, element: l.expr(body!) };
  });
}
