/** Assignment targets and binding patterns. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Target } from '../../ir/ir';
import type { FunctionContext } from './context';
import { lowerExpr, lowerKey } from './expressions';
import { bare, keyName } from './nodes';

export function lowerTarget(written: TSESTree.Node, cx: FunctionContext): Target {
  const node = bare(written);
  const span = cx.span(node);
  switch (node.type) {
    case T.Identifier:
      return cx.target(node);
    case T.MemberExpression:
      if (node.computed) return { type: 'index', object: lowerExpr(node.object, cx), index: lowerExpr(node.property, cx), span };
      return { type: 'attribute', object: lowerExpr(node.object, cx), name: keyName(node.property), span };
    case T.ArrayPattern:
      return { type: 'tuple-target', items: node.elements.map((e) => (e ? lowerTarget(e, cx) : null)), span };
    case T.ObjectPattern:
      return { type: 'object-target', properties: node.properties.map((p) => property(p, cx)), span };
    case T.RestElement:
      return { type: 'star', value: lowerTarget(node.argument, cx), span };
    case T.AssignmentPattern:
      return { type: 'default', target: lowerTarget(node.left, cx), value: lowerExpr(node.right, cx), span };
    case T.TSParameterProperty:
      return lowerTarget(node.parameter, cx);
    default:
      // Only in broken code: a store that can't be named.
      return { type: 'attribute', object: lowerExpr(node, cx), name: '<invalid>', span };
  }
}

function property(node: TSESTree.Property | TSESTree.RestElement, cx: FunctionContext) {
  if (node.type === T.RestElement) return { key: null, value: lowerTarget(node, cx) };
  return { key: lowerKey(node.key, node.computed, cx), value: lowerTarget(node.value, cx) };
}
