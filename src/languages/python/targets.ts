/** What is assigned to, iterated into or deleted. */
import type { Attribute, Expr, NameExpr, Target } from '../../ir/ir';
import { subscriptIndex } from './expressions';
import type { Lowering } from './lowering';
import type { Scope, Site } from './scopes';

/**
 * Lowers a target and binds its names. The site's value goes to a plain name only: inside a tuple the name takes a part of it.
 * `scope` is where names are bound when that is not the function's (a comprehension's loop variables).
 */
export function lowerTarget(l: Lowering, node: number, site: Omit<Site, 'repeated'>, scope?: Scope): Target {
  const { tree } = l;
  switch (tree.kind(node)) {
    case 'identifier':
      return bindName(l, node, site, scope);
    case 'attribute': {
      const [object, name] = tree.children(node);
      const target: Attribute = { type: 'attribute', span: l.span(node), object: l.expr(object!), name: tree.textOf(name!) };
      noteField(l, target, site);
      return target;
    }
    case 'subscript': {
      const [object, ...indices] = tree.children(node);
      return { type: 'index', span: l.span(node), object: l.expr(object!), index: subscriptIndex(l, node, indices) };
    }
    case 'list_splat_pattern':
    case 'list_splat':
      return { type: 'star', span: l.span(node), value: lowerTarget(l, tree.firstNamed(node), { kind: site.kind }, scope) };
    case 'parenthesized_expression':
    case 'as_pattern_target':
      return lowerTarget(l, tree.firstNamed(node), site, scope);
    case 'tuple_pattern':
    case 'tuple':
      if (tree.children(node).length === 1 && !tree.hasToken(node, ',')) return lowerTarget(l, tree.firstNamed(node), site, scope);
      return tupleTarget(l, node, site, scope);
    case 'list_pattern':
    case 'list':
    case 'pattern_list':
    case 'expression_list':
      return tupleTarget(l, node, site, scope);
    default:
      return notATarget(l, node);
  }
}

function tupleTarget(l: Lowering, node: number, site: Omit<Site, 'repeated'>, scope?: Scope): Target {
  const items = l.tree.children(node).map((item) => lowerTarget(l, item, { kind: site.kind }, scope));
  return { type: 'tuple-target', span: l.span(node), items };
}

function bindName(l: Lowering, node: number, site: Omit<Site, 'repeated'>, scope?: Scope): NameExpr {
  if (!scope) return l.bind(node, site);
  const name = l.use(node);
  scope.bind(name.name, { ...site, repeated: true });
  return name;
}

/** Source that no interpreter takes as a target: an element of something unknown stands for it. */
function notATarget(l: Lowering, node: number): Target {
  l.fn.broken = true;
  l.problem(node, `cannot assign to ${l.tree.textOf(node).slice(0, 40)}`);
  const object: Expr = l.expr(node);
  return { type: 'index', span: l.span(node), object, index: { type: 'const', span: l.span(node), kind: 'ellipsis', value: null } };
}

/** `self.x = …` in a method tells of a field of its class. */
function noteField(l: Lowering, target: Attribute, site: Omit<Site, 'repeated'>): void {
  const { fn } = l;
  if (!fn.self || !fn.classBuilder || target.object.type !== 'name' || target.object.name !== fn.self) return;
  fn.classBuilder.noteField(target.name, site.value ?? null, site.type, fn.kind === 'constructor' ? 'constructor' : 'method');
}
