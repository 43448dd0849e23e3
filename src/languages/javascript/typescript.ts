/** TypeScript's constructs that leave something behind at run time: enums and namespaces. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Expr, Property, Span, Stmt, Target } from '../../ir/ir';
import type { FunctionContext } from './context';
import { lowerExpr, stringConst } from './expressions';
import { isAmbient, isTypeOnly, keyName } from './nodes';
import { lowerStatement } from './statements';

/** An enum is an object of its members; the reverse mapping of numbers to names is left out. */
export function lowerEnum(node: TSESTree.TSEnumDeclaration, cx: FunctionContext): Stmt[] {
  const span = cx.span(node);
  const properties: Property[] = [];
  // A member without a value is one more than the member before it.
  let next: (at: Span) => Expr = (at) => ({ type: 'const', kind: 'int', value: 0, span: at });
  for (const member of node.body.members) {
    const at = cx.span(member);
    const value = member.initializer ? lowerExpr(member.initializer, cx) : next(at);
    const previous = keyName(member.id);
    next =
      value.type === 'const' && typeof value.value === 'number'
        ? (span) => ({ type: 'const', kind: 'int', value: (value.value as number) + 1, span })
        : (span) => ({
            type: 'binary',
            operator: '+',
            left: { type: 'attribute', object: cx.named(cx.target(node.id).variable, span), name: previous, span },
            right: { type: 'const', kind: 'int', value: 1, span },
            span,
          });
    properties.push({ key: stringConst(keyName(member.id), cx.span(member.id)), value });
  }
  return bind(cx.target(node.id), { type: 'mapping', properties, span }, cx, span);
}

/** A namespace's body runs where it stands; its exports become members of an object. */
export function lowerNamespace(node: TSESTree.TSModuleDeclaration, cx: FunctionContext): Stmt[] {
  if (node.id.type !== T.Identifier || !('body' in node) || !node.body || node.body.type !== T.TSModuleBlock) return [];
  const span = cx.span(node);
  const body: Stmt[] = [];
  const properties: Property[] = [];
  for (const statement of node.body.body) {
    const exported = statement.type === T.ExportNamedDeclaration ? statement.declaration : null;
    if (!exported) {
      body.push(...lowerStatement(statement, cx));
    } else if (!isAmbient(exported) && !isTypeOnly(exported)) {
      body.push(...lowerStatement(exported, cx));
      for (const name of declaredNames(exported)) properties.push({ key: stringConst(name.name, cx.span(name)), value: cx.target(name) });
    }
  }
  if (body.length === 0) return [];
  return [{ type: 'block', body: [...body, ...bind(cx.target(node.id), { type: 'mapping', properties, span }, cx, span)], span }];
}

/** Declares the object; where the name has other declarations (a class, a function, an earlier part) its members are added to that. */
function bind(target: Target & { type: 'name' }, value: Expr & { type: 'mapping' }, cx: FunctionContext, span: Span): Stmt[] {
  if (cx.module.scopes.definitions(target.variable).length <= 1) {
    return [{ type: 'assign-stmt', targets: [target], operator: null, value, declares: 'const', span }];
  }
  return value.properties.map((property) => {
    const name = property.key?.type === 'const' ? String(property.key.value) : '';
    const member: Target = { type: 'attribute', object: target, name, span: property.value.span };
    return { type: 'assign-stmt', targets: [member], operator: null, value: property.value, span: property.value.span };
  });
}

/** The names that a declaration binds. */
export function declaredNames(node: TSESTree.Node): TSESTree.Identifier[] {
  switch (node.type) {
    case T.VariableDeclaration:
      return node.declarations.flatMap((d) => patternNames(d.id));
    case T.FunctionDeclaration:
    case T.ClassDeclaration:
      return node.id ? [node.id] : [];
    case T.TSEnumDeclaration:
      return [node.id];
    case T.TSModuleDeclaration:
    case T.TSImportEqualsDeclaration:
      return node.id.type === T.Identifier ? [node.id] : [];
    default:
      return [];
  }
}

function patternNames(node: TSESTree.Node | null): TSESTree.Identifier[] {
  switch (node?.type) {
    case T.Identifier:
      return [node];
    case T.ArrayPattern:
      return node.elements.flatMap((e) => patternNames(e));
    case T.ObjectPattern:
      return node.properties.flatMap((p) => patternNames(p.type === T.Property ? p.value : p));
    case T.RestElement:
      return patternNames(node.argument);
    case T.AssignmentPattern:
      return patternNames(node.left);
    default:
      return [];
  }
}
