/** What an iteration changes outside itself, as it stands in the source. */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import type { LoopPlace, LoopReport, PlaceRole } from '../../analysis/report';
import type { VarId } from '../../ir/ir';
import { MUTATING_METHODS, PART_METHODS } from './builtins';
import type { LoopSyntax } from './loop';
import { Refusal } from '../refusal';
import { contains, isFunction, walk, type Node, type Source, type Variable } from './syntax';
import type { Values } from './values';

export type Root =
  /** A variable from outside the loop. */
  | { readonly kind: 'outer'; readonly variable: Variable }
  /** What the header binds: an element, or a counter. */
  | { readonly kind: 'item'; readonly variable: Variable }
  | { readonly kind: 'this' };

export interface OuterWrite {
  readonly root: Root;
  /** The assignment, update, `delete` or call that changes it. */
  readonly node: Node;
  /** What is changed, as written: `total`, `out[i]`, `this.rows`. */
  readonly target: Node;
  /** The variable itself is assigned, not something in it. */
  readonly direct: boolean;
  /** First field below the root: `x` of `p.x = 1`; null for an element or the root itself. */
  readonly field: string | null;
  /** The local variable through which it happens: `row` of `const row = grid[y]; row[x] = 1`. */
  readonly alias: Variable | null;
}

/** Variables that the header of the loop binds anew for each iteration. */
export function headerVariables(source: Source, syntax: LoopSyntax): ReadonlySet<Variable> {
  const { node } = syntax;
  if (node.type === T.ForStatement && node.init && syntax.header.kind !== 'items') {
    const constants = syntax.header.constants.map((c) => c.name);
    return new Set(source.declared(node.init).filter((v) => !constants.includes(v.name)));
  }
  if (node.type === T.ForOfStatement || node.type === T.ForInStatement) return new Set(source.declared(node.left));
  const callback = syntax.body.kind === 'callback' ? syntax.body.callback : source.parent(syntax.inside);
  const declared = callback && isFunction(callback) ? source.declared(callback) : [];
  const folded = syntax.accumulator?.parameter;
  return new Set(declared.filter((v) => v.identifiers[0] !== folded && v.defs[0]?.node === callback && v.scope.block === callback && v.defs[0]?.type === DefinitionType.Parameter));
}

/** The name at the bottom of `a.b[c].get(d)`; null for a value that is made on the way. */
export function bottomOf(node: Node): Node | null {
  switch (node.type) {
    case T.Identifier:
    case T.ThisExpression:
      return node;
    case T.MemberExpression:
      return bottomOf(node.object);
    case T.TSNonNullExpression:
    case T.TSAsExpression:
    case T.TSSatisfiesExpression:
    case T.TSTypeAssertion:
    case T.ChainExpression:
      return bottomOf(node.expression);
    case T.AssignmentExpression:
      return bottomOf(node.left);
    case T.LogicalExpression:
      return bottomOf(node.left);
    case T.CallExpression: {
      const { callee } = node;
      if (callee.type !== T.MemberExpression || callee.property.type !== T.Identifier) return null;
      return PART_METHODS.has(callee.property.name) ? bottomOf(callee.object) : null;
    }
    default:
      return null;
  }
}

/** All writes of an iteration that reach outside it. */
export function outerWrites(source: Source, syntax: LoopSyntax, values: Values): OuterWrite[] {
  const found: OuterWrite[] = [];
  const header = headerVariables(source, syntax);
  const add = (node: Node, target: Node): void => {
    const bottom = bottomOf(target);
    if (!bottom) return;
    const direct = unwrapped(target) === bottom;
    if (bottom.type === T.ThisExpression) {
      if (!ownThis(source, bottom, syntax.inside)) found.push({ root: { kind: 'this' }, node, target, direct, field: fieldOf(target, bottom), alias: null });
      return;
    }
    const variable = source.variable(bottom);
    if (!variable) throw new Refusal(`${source.of(target)} is changed on line ${source.line(node)}, and belongs to no variable of this file`);
    const reached = reach(source, syntax, values, variable, header, direct, node);
    if (reached) found.push({ ...reached, node, target, direct, field: fieldOf(target, bottom) });
  };
  walk(syntax.inside, (node) => {
    if (node.type === T.AssignmentExpression) for (const target of targetsOf(node.left)) add(node, target);
    if (node.type === T.UpdateExpression) add(node, node.argument);
    if (node.type === T.UnaryExpression && node.operator === 'delete') add(node, node.argument);
    if ((node.type === T.ForOfStatement || node.type === T.ForInStatement) && node.left.type !== T.VariableDeclaration) for (const target of targetsOf(node.left)) add(node, target);
    if (node.type === T.CallExpression && node.callee.type === T.MemberExpression && node.callee.property.type === T.Identifier && !node.callee.computed) {
      // What it is called on is changed, not the variable that holds it.
      if (MUTATING_METHODS.has(node.callee.property.name) && bottomOf(node.callee.object)) add(node, node.callee);
    }
    return undefined;
  });
  return found;
}

function unwrapped(node: Node): Node {
  return node.type === T.TSNonNullExpression || node.type === T.TSAsExpression || node.type === T.TSSatisfiesExpression ? unwrapped(node.expression) : node;
}

function targetsOf(node: Node): Node[] {
  switch (node.type) {
    case T.ArrayPattern:
      return node.elements.flatMap((e) => (e ? targetsOf(e) : []));
    case T.ObjectPattern:
      return node.properties.flatMap((p) => targetsOf(p.type === T.Property ? p.value : p.argument));
    case T.AssignmentPattern:
      return targetsOf(node.left);
    case T.RestElement:
      return targetsOf(node.argument);
    default:
      return [node];
  }
}

function fieldOf(target: Node, bottom: Node): string | null {
  let at = unwrapped(target);
  let field: string | null = null;
  while (at !== bottom) {
    if (at.type === T.MemberExpression) {
      field = !at.computed && at.property.type === T.Identifier ? at.property.name : null;
      at = unwrapped(at.object);
    } else if (at.type === T.CallExpression) at = unwrapped(at.callee);
    else if (at.type === T.AssignmentExpression || at.type === T.LogicalExpression) at = unwrapped(at.left);
    else if (at.type === T.ChainExpression || at.type === T.TSTypeAssertion) at = at.expression;
    else return null;
  }
  return field;
}

/** `this` of a function that is made inside the iteration. */
function ownThis(source: Source, node: Node, inside: Node): boolean {
  for (const at of source.outwards(node)) {
    if (at === inside) return false;
    if (at.type === T.FunctionExpression || at.type === T.FunctionDeclaration || at.type === T.PropertyDefinition) return true;
  }
  return false;
}

function reach(
  source: Source,
  syntax: LoopSyntax,
  values: Values,
  variable: Variable,
  header: ReadonlySet<Variable>,
  direct: boolean,
  node: Node,
): { root: Root; alias: Variable | null } | null {
  const definition = variable.defs[0];
  if (header.has(variable)) {
    if (direct) throw new Refusal(`${variable.name} is assigned in the body too (line ${source.line(node)})`, 'give the new value a name of its own');
    return { root: { kind: 'item', variable }, alias: null };
  }
  if (!definition || !contains(syntax.inside, definition.name)) return { root: { kind: 'outer', variable }, alias: null };
  if (direct) return null;
  // A local name: does it stand for something from outside?
  if (!isShared(values, variable)) return null;
  const init = definition.node.type === T.VariableDeclarator ? definition.node.init : null;
  const bottom = init && bottomOf(init);
  const constant = !variable.references.some((r) => r.isWrite() && !r.init);
  if (bottom && constant && definition.node.type === T.VariableDeclarator && definition.node.id === definition.name) {
    if (bottom.type === T.ThisExpression) return { root: { kind: 'this' }, alias: variable };
    const next = source.variable(bottom);
    const reached = next && reach(source, syntax, values, next, header, false, node);
    return reached ? { root: reached.root, alias: variable } : null;
  }
  throw new Refusal(`${variable.name} stands for something from outside the loop and is changed on line ${source.line(node)}`, 'change it under its own name, or work on a copy');
}

function isShared(values: Values, variable: Variable): boolean {
  const read = variable.references.find((r) => r.isRead());
  return read !== undefined && values.of(read.identifier).kind === 'shared';
}

// ---------------------------------------------------------------------------------------------------------------------
// What the analysis says about them

/** Name of a variable out of its id. */
export function nameOf(id: VarId): string {
  return id.slice(id.lastIndexOf('/') + 1).replace(/#\d+$/, '');
}

/** The name at the bottom of a place: of a variable, of what the object was first held by, or `this`. */
export function rootNameOf(place: LoopPlace): string {
  const { root } = place.place;
  if (root.kind === 'variable') return nameOf(root.variable);
  return root.kind === 'this' ? 'this' : (/^[\w$]+/.exec(place.label)?.[0] ?? place.label);
}

/** What the analysis makes of the places below a root; empty when it does not know of a write there. */
export function rolesOf(loop: LoopReport, root: Root): ReadonlySet<PlaceRole> {
  const name = root.kind === 'this' ? 'this' : root.variable.name;
  return new Set(loop.places.filter((p) => rootNameOf(p) === name).map((p) => p.role));
}
