/** Statements, but for imports, `match`, functions and classes. */
import type { Assign, Declare, Delete, Expr, ForEach, Handler, Stmt, Target, Try, While, With } from '../../ir/ir';
import { annotationOf } from './annotations';
import { tupleOf } from './expressions';
import { classDefinition, decorated, functionDefinition } from './functions';
import { importFrom, importFuture, importModules } from './imports';
import type { Lowering, StmtHandler } from './lowering';
import { matchStatement } from './patterns';
import { lowerTarget } from './targets';

export const statements: Readonly<Record<string, StmtHandler>> = {
  expression_statement: expressionStatement,
  if_statement: ifStatement,
  for_statement: forStatement,
  while_statement: whileStatement,
  try_statement: tryStatement,
  with_statement: withStatement,
  match_statement: matchStatement,
  function_definition: (l, node) => functionDefinition(l, node),
  class_definition: (l, node) => classDefinition(l, node),
  decorated_definition: decorated,
  import_statement: importModules,
  import_from_statement: importFrom,
  future_import_statement: importFuture,
  pass_statement: (l, node) => ({ type: 'pass', span: l.span(node) }),
  break_statement: (l, node) => ({ type: 'break', span: l.span(node) }),
  continue_statement: (l, node) => ({ type: 'continue', span: l.span(node) }),
  delete_statement: deleteStatement,

  return_statement(l, node) {
    const value = l.tree.firstNamed(node);
    return { type: 'return', span: l.span(node), value: value ? l.expr(value) : null };
  },

  raise_statement(l, node) {
    const cause = l.tree.child(node, l.fields.cause);
    const first = l.tree.firstNamed(node);
    const value = first && first !== cause ? l.expr(first) : null;
    return { type: 'raise', span: l.span(node), value, cause: cause ? l.expr(cause) : null };
  },

  assert_statement(l, node) {
    const [test, message] = l.tree.children(node);
    return { type: 'assert', span: l.span(node), test: l.expr(test), message: message ? l.expr(message) : null };
  },

  global_statement(l, node) {
    for (const name of l.tree.children(node)) (l.scope.globals ??= new Set()).add(l.tree.textOf(name));
    return { type: 'pass', span: l.span(node) };
  },

  nonlocal_statement(l, node) {
    for (const name of l.tree.children(node)) (l.scope.nonlocals ??= new Set()).add(l.tree.textOf(name));
    return { type: 'pass', span: l.span(node) };
  },

  /** The alias is a name like any other; what it stands for is for type checkers. */
  type_alias_statement(l, node) {
    const name = /^[^\W\d]\w*/u.exec(l.tree.textOf(l.tree.child(node, l.fields.left)));
    if (name) l.scope.bind(name[0], { kind: 'other', repeated: l.loops > 0 });
    return { type: 'pass', span: l.span(node) };
  },

  print_statement: (l, node) => python2(l, node, 'the print statement of Python 2'),
  exec_statement: (l, node) => python2(l, node, 'the exec statement of Python 2'),
  ERROR: errorStatement,
};

function python2(l: Lowering, node: number, what: string): Stmt {
  l.fn.broken = true;
  l.problem(node, `${what} is not read`);
  return { type: 'expr', span: l.span(node), value: l.opaque(node) };
}

/** What lies whole inside a stretch that could not be parsed is still read: functions, classes, loops. */
export function errorStatement(l: Lowering, node: number): Stmt[] {
  const { tree } = l;
  const out: Stmt[] = [{ type: 'error', span: l.span(node) }];
  for (const child of tree.children(node)) {
    const kind = tree.kind(child);
    if (kind.endsWith('_definition') || (kind.endsWith('_statement') && kind in statements)) l.statement(child, out);
  }
  return out;
}

function expressionStatement(l: Lowering, node: number): Stmt {
  const { tree } = l;
  const children = tree.children(node);
  const [only] = children;
  if (children.length === 1 && only) {
    const kind = tree.kind(only);
    if (kind === 'assignment') return assignment(l, only, node);
    if (kind === 'augmented_assignment') return augmentedAssignment(l, only, node);
    if (!tree.hasToken(node, ',')) return { type: 'expr', span: l.span(node), value: l.expr(only) };
  }
  return { type: 'expr', span: l.span(node), value: tupleOf(l, children, l.span(node)) };
}

/** `a = b = value`, `a: T = value`, `a: T`. */
function assignment(l: Lowering, first: number, whole: number): Assign | Declare {
  const { tree, fields } = l;
  const lefts: number[] = [];
  let annotation = 0;
  let node = first;
  let value = 0;
  while (tree.kind(node) === 'assignment') {
    lefts.push(tree.child(node, fields.left));
    annotation ||= tree.child(node, fields.type);
    value = tree.child(node, fields.right);
    if (!value) break;
    node = value;
  }
  const type = annotation ? annotationOf(l, annotation) : undefined;
  const given = type ? { annotation: type } : {};
  if (!value) {
    const target = lowerAnnotatedOnly(l, lefts[0]!, type);
    return { type: 'declare', span: l.span(whole), target, declares: 'annotation', ...given };
  }
  const lowered = l.expr(value);
  const targets = lefts.map((left) => lowerTarget(l, left, { kind: 'assign', value: lowered, ...(type ? { type } : {}) }));
  for (const target of targets) {
    if (type) l.annotate(target, type);
    noteClassField(l, target, lowered, type);
  }
  return { type: 'assign-stmt', span: l.span(whole), targets, operator: null, value: lowered, ...given };
}

/** `x: T` makes the name local without binding it. */
function lowerAnnotatedOnly(l: Lowering, node: number, type: Assign['annotation']): Target {
  const { tree } = l;
  if (tree.kind(node) !== 'identifier') return lowerTarget(l, node, { kind: 'assign', ...(type ? { type } : {}) });
  const name = l.use(node);
  l.scope.annotate(name.name, type);
  noteClassField(l, name, null, type);
  return name;
}

function noteClassField(l: Lowering, target: Target, value: Expr | null, type: Assign['annotation']): void {
  if (l.scope.kind === 'class' && target.type === 'name') l.classBuilder?.noteField(target.name, value, type, 'class');
}

function augmentedAssignment(l: Lowering, node: number, whole: number): Assign {
  const { tree, fields } = l;
  const value = l.expr(tree.child(node, fields.right));
  const target = lowerTarget(l, tree.child(node, fields.left), { kind: 'other' });
  const operator = tree.kind(tree.child(node, fields.operator)).slice(0, -1);
  return { type: 'assign-stmt', span: l.span(whole), targets: [target], operator, value };
}

function ifStatement(l: Lowering, node: number): Stmt {
  const { tree, fields } = l;
  const clauses = tree.childrenWith(node, fields.alternative);
  if (!l.fits(clauses.length)) return { type: 'expr', span: l.span(node), value: l.tooDeep(node) };
  const head = (at: number): { test: Expr; then: Stmt[] } => {
    const test = l.expr(tree.child(at, fields.condition));
    return { test, then: l.block(tree.child(at, fields.consequence)) };
  };
  const { test, then } = head(node);
  // An `elif` is an `if` inside the `else` of the one before it; source order is kept while they are read.
  const rest = clauses.map((clause) =>
    tree.kind(clause) === 'elif_clause'
      ? { clause, ...head(clause), body: [] as Stmt[] }
      : { clause, test: null, then: [] as Stmt[], body: l.block(tree.child(clause, fields.body)) },
  );
  let otherwise: readonly Stmt[] = [];
  for (const { clause, test: condition, then: consequence, body } of rest.reverse()) {
    otherwise = condition ? [{ type: 'if', span: l.between(clause, node), test: condition, then: consequence, else: otherwise }] : body;
  }
  return { type: 'if', span: l.span(node), test, then, else: otherwise };
}

function forStatement(l: Lowering, node: number): ForEach {
  const { tree, fields } = l;
  const iterable = l.expr(tree.child(node, fields.right));
  const target = lowerTarget(l, tree.child(node, fields.left), { kind: 'loop', value: iterable });
  const body = l.loopBlock(tree.child(node, fields.body));
  return {
    type: 'for-each',
    span: l.span(node),
    over: 'values',
    target,
    iterable,
    body,
    orelse: elseOf(l, node),
    async: tree.hasToken(node, 'async'),
    declares: null,
  };
}

function whileStatement(l: Lowering, node: number): While {
  const { tree, fields } = l;
  // A walrus in the test is evaluated again and again.
  l.loops++;
  const test = l.expr(tree.child(node, fields.condition));
  l.loops--;
  const body = l.loopBlock(tree.child(node, fields.body));
  return { type: 'while', span: l.span(node), test, testLast: false, body, orelse: elseOf(l, node) };
}

/** The statements of the node's `else:`. */
function elseOf(l: Lowering, node: number): Stmt[] {
  const { tree } = l;
  const clause = tree.children(node).find((child) => tree.kind(child) === 'else_clause');
  return clause ? l.block(tree.child(clause, l.fields.body)) : [];
}

function tryStatement(l: Lowering, node: number): Try {
  const { tree } = l;
  const body = l.block(tree.child(node, l.fields.body));
  const handlers: Handler[] = [];
  let last: Stmt[] = [];
  let orelse: Stmt[] = [];
  for (const child of tree.children(node)) {
    const kind = tree.kind(child);
    if (kind === 'except_clause') handlers.push(handler(l, child));
    else if (kind === 'else_clause') orelse = l.block(tree.child(child, l.fields.body));
    else if (kind === 'finally_clause') last = l.block(blockOf(l, child));
  }
  return { type: 'try', span: l.span(node), body, handlers, orelse, finally: last };
}

function blockOf(l: Lowering, node: number): number {
  return l.tree.children(node).find((child) => l.tree.kind(child) === 'block') ?? 0;
}

function handler(l: Lowering, node: number): Handler {
  const { tree, fields } = l;
  const values = tree.childrenWith(node, fields.value);
  let alias = tree.child(node, fields.alias);
  let test: Expr | null = null;
  const [first] = values;
  if (first && values.length === 1 && tree.kind(first) === 'as_pattern') {
    test = l.expr(tree.firstNamed(first));
    alias = tree.child(first, fields.alias);
  } else if (first) {
    test = values.length === 1 ? l.expr(first) : tupleOf(l, values, l.between(first, values[values.length - 1]!));
  }
  // The name is deleted at the end of the handler.
  const target = alias ? lowerTarget(l, alias, { kind: 'other' }) : null;
  return { span: l.span(node), test, target, body: l.block(blockOf(l, node)) };
}

function withStatement(l: Lowering, node: number): With {
  const { tree } = l;
  const items: { context: Expr; target: Target | null }[] = [];
  const clause = tree.children(node).find((child) => tree.kind(child) === 'with_clause');
  for (const item of clause ? tree.children(clause) : []) withItem(l, tree.firstNamed(item), items);
  const body = l.block(tree.child(node, l.fields.body));
  return { type: 'with', span: l.span(node), items, body, async: tree.hasToken(node, 'async') };
}

/** Parentheses around the items may be read as a tuple or as plain parentheses. */
function withItem(l: Lowering, node: number, items: { context: Expr; target: Target | null }[]): void {
  const { tree } = l;
  const kind = tree.kind(node);
  if (kind === 'as_pattern') {
    const context = l.expr(tree.firstNamed(node));
    items.push({ context, target: lowerTarget(l, tree.child(node, l.fields.alias), { kind: 'assign' }) });
  } else if ((kind === 'tuple' || kind === 'parenthesized_expression') && tree.children(node).some((child) => tree.kind(child) === 'as_pattern')) {
    for (const child of tree.children(node)) withItem(l, child, items);
  } else {
    items.push({ context: l.expr(node), target: null });
  }
}

function deleteStatement(l: Lowering, node: number): Delete {
  const { tree } = l;
  const list = tree.firstNamed(node);
  const targets = tree.kind(list) === 'expression_list' ? tree.children(list) : [list];
  return { type: 'delete', span: l.span(node), targets: targets.map((target) => lowerTarget(l, target, { kind: 'other' })) };
}
