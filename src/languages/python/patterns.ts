/** `match`: the values that patterns compare with, and the names that they bind. */
import type { Expr, NameExpr, Switch } from '../../ir/ir';
import { dottedName, tupleOf } from './expressions';
import type { Lowering } from './lowering';

interface Pattern {
  readonly tests: Expr[];
  readonly binds: NameExpr[];
  /** Something is asked of the subject, even where no expression is evaluated (`case [a, b]`). */
  refutable: boolean;
}

export function matchStatement(l: Lowering, node: number): Switch {
  const { tree, fields } = l;
  const subjects = tree.childrenWith(node, fields.subject);
  const single = subjects.length === 1 && !tree.hasToken(node, ',');
  const subject = single ? l.expr(subjects[0]) : tupleOf(l, subjects, l.between(subjects[0] ?? node, subjects[subjects.length - 1] ?? node));
  const block = tree.child(node, fields.body);
  const cases: Switch['cases'][number][] = [];
  for (const clause of block ? tree.children(block) : []) {
    if (tree.kind(clause) !== 'case_clause') continue;
    const pattern: Pattern = { tests: [], binds: [], refutable: false };
    const patterns = tree.children(clause).filter((child) => tree.kind(child) === 'case_pattern');
    if (patterns.length > 1 || tree.hasToken(clause, ',')) pattern.refutable = true;
    for (const child of patterns) readPattern(l, child, pattern);
    const guard = tree.child(clause, fields.guard);
    cases.push({
      tests: pattern.refutable ? pattern.tests : null,
      binds: pattern.binds,
      guard: guard ? l.expr(tree.firstNamed(guard)) : null,
      body: l.block(tree.child(clause, fields.consequence)),
    });
  }
  return { type: 'switch', span: l.span(node), subject, fallsThrough: false, cases };
}

function readPattern(l: Lowering, node: number, out: Pattern): void {
  const { tree } = l;
  const each = (nodes: readonly number[]): void => {
    for (const child of nodes) readPattern(l, child, out);
  };
  const children = tree.children(node);
  switch (tree.kind(node)) {
    case 'case_pattern':
      return members(l, node, out); // `_` has none
    case 'dotted_name':
      if (children.length === 1) {
        // The grammar gives `_` as a name too.
        if (tree.textOf(children[0]) !== '_') out.binds.push(l.bind(children[0], { kind: 'assign' }));
        return;
      }
      out.refutable = true;
      out.tests.push(dottedName(l, node));
      return;
    case 'as_pattern': {
      const name = children[children.length - 1];
      each(children.slice(0, -1));
      out.binds.push(l.bind(name, { kind: 'assign' }));
      return;
    }
    case 'splat_pattern':
      if (children[0] && tree.textOf(children[0]) !== '_') out.binds.push(l.bind(children[0], { kind: 'assign' }));
      return;
    case 'class_pattern':
      out.refutable = true;
      out.tests.push(dottedName(l, children[0]!));
      return each(children.slice(1));
    case 'keyword_pattern':
      return each(children.slice(1));
    case 'tuple_pattern':
      // `(p)` is p.
      if (children.length === 1 && !tree.hasToken(node, ',')) return each(children);
      out.refutable = true;
      return each(children);
    case 'union_pattern':
      out.refutable = true;
      return members(l, node, out);
    case 'list_pattern':
    case 'dict_pattern':
      out.refutable = true;
      return each(children);
    case 'complex_pattern':
      out.refutable = true;
      out.tests.push(...children.map((child) => l.expr(child)));
      return;
    default:
      out.refutable = true;
      out.tests.push(l.expr(node));
  }
}

/** Patterns among which numbers may have a sign, which is a token beside them. */
function members(l: Lowering, node: number, out: Pattern): void {
  const { tree } = l;
  let sign = 0;
  for (let child = tree.first(node); child; child = tree.next(child)) {
    if (tree.kind(child) === '-') sign = child;
    else if (tree.named(child) && sign) {
      out.refutable = true;
      out.tests.push({ type: 'unary', span: l.between(sign, child), operator: '-', operand: l.expr(child) });
      sign = 0;
    } else if (tree.named(child)) readPattern(l, child, out);
  }
}
