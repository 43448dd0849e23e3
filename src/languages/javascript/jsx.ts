/** JSX: what it makes is for a library to say, so it is opaque, with the expressions in it as children. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Expr } from '../../ir/ir';
import { opaque, type FunctionContext } from './context';
import { lowerExpr } from './expressions';

export function lowerJsx(node: TSESTree.JSXElement | TSESTree.JSXFragment, cx: FunctionContext): Expr {
  const children: Expr[] = [];
  if (node.type === T.JSXElement) {
    const component = tag(node.openingElement.name, cx);
    if (component) children.push(component);
    for (const attribute of node.openingElement.attributes) {
      if (attribute.type === T.JSXSpreadAttribute) children.push(lowerExpr(attribute.argument, cx));
      else if (attribute.value) part(attribute.value, children, cx);
    }
  }
  for (const child of node.children) part(child, children, cx);
  return opaque('jsx', children, cx.span(node));
}

/** Null for an intrinsic element: a lower-case name is a string to the JSX transform. */
function tag(name: TSESTree.JSXTagNameExpression, cx: FunctionContext): Expr | null {
  switch (name.type) {
    case T.JSXIdentifier:
      if (name.name === 'this') return { type: 'this', kind: 'this', span: cx.span(name) };
      return /^[a-z]/.test(name.name) || name.name.includes('-') ? null : cx.name(name);
    case T.JSXMemberExpression: {
      const object = name.object.type === T.JSXIdentifier ? (tag(name.object, cx) ?? cx.name(name.object)) : tag(name.object, cx);
      return object && { type: 'attribute', object, name: name.property.name, span: cx.span(name) };
    }
    default:
      return null;
  }
}

function part(node: TSESTree.Node, children: Expr[], cx: FunctionContext): void {
  switch (node.type) {
    case T.JSXExpressionContainer:
    case T.JSXSpreadChild:
      if (node.expression.type !== T.JSXEmptyExpression) children.push(lowerExpr(node.expression, cx));
      break;
    case T.JSXElement:
    case T.JSXFragment:
      children.push(lowerJsx(node, cx));
      break;
    default:
  }
}
