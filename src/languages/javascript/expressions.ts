/** Expressions of ESTree to expressions of the IR. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Argument, AssignExpr, Const, Expr, Property, Span } from '../../ir/ir';
import { lowerClassExpression } from './classes';
import { opaque, type FunctionContext } from './context';
import { lowerJsx } from './jsx';
import { bare, keyName, requiredModule } from './nodes';
import { lowerTarget } from './patterns';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<', '<=', '>', '>=', 'in', 'instanceof']);
const LOGICAL: Readonly<Record<string, 'and' | 'or' | '??'>> = { '&&': 'and', '||': 'or', '??': '??' };

export function lowerExpr(node: TSESTree.Node, cx: FunctionContext): Expr {
  const span = cx.span(node);
  switch (node.type) {
    case T.Literal:
      return literal(node, span);
    case T.Identifier:
      return cx.name(node);
    case T.PrivateIdentifier:
      return stringConst(`#${node.name}`, span);
    case T.ThisExpression:
      return cx.staticOf ? cx.named(cx.staticOf, span) : { type: 'this', kind: 'this', span };
    case T.Super:
      return { type: 'this', kind: 'super', span };
    case T.MetaProperty:
      return { type: 'this', kind: node.meta.name === 'import' ? 'import.meta' : 'new.target', span };
    case T.MemberExpression:
      return member(node, cx);
    case T.CallExpression:
      return call(node, cx);
    case T.NewExpression:
      return { type: 'call', callee: lowerExpr(node.callee, cx), args: args(node.arguments, cx), construct: true, span };
    case T.ImportExpression:
      if (node.source.type === T.Literal && typeof node.source.value === 'string')
        cx.module.imports.push({ module: node.source.value, name: null });
      return opaque('import', [lowerExpr(node.source, cx)], span);
    case T.UnaryExpression:
      if (node.operator === 'void' && node.argument.type === T.Literal) return { type: 'const', kind: 'undefined', value: null, span };
      return { type: 'unary', operator: node.operator, operand: lowerExpr(node.argument, cx), span };
    case T.UpdateExpression:
      return { type: 'update', operator: node.operator, prefix: node.prefix, target: lowerTarget(node.argument, cx), span };
    case T.BinaryExpression: {
      const left = lowerExpr(node.left, cx);
      const right = lowerExpr(node.right, cx);
      if (COMPARISONS.has(node.operator)) return { type: 'compare', operators: [node.operator], operands: [left, right], span };
      return { type: 'binary', operator: node.operator, left, right, span };
    }
    case T.LogicalExpression:
      return { type: 'logical', operator: LOGICAL[node.operator]!, left: lowerExpr(node.left, cx), right: lowerExpr(node.right, cx), span };
    case T.ConditionalExpression:
      return {
        type: 'conditional',
        test: lowerExpr(node.test, cx),
        then: lowerExpr(node.consequent, cx),
        else: lowerExpr(node.alternate, cx),
        span,
      };
    case T.AssignmentExpression:
      return { type: 'assign', ...assignment(node, cx), span } satisfies AssignExpr;
    case T.SequenceExpression:
      return { type: 'sequence', items: node.expressions.map((e) => lowerExpr(e, cx)), span };
    case T.TemplateLiteral:
      if (node.expressions.length === 0) return stringConst(node.quasis[0]?.value.cooked ?? '', span);
      return { type: 'template', parts: node.expressions.map((e) => lowerExpr(e, cx)), span };
    case T.TaggedTemplateExpression: {
      const parts = node.quasi.expressions.map((e) => lowerExpr(e, cx));
      const value: Expr = { type: 'template', parts, span: cx.span(node.quasi) };
      return { type: 'call', callee: lowerExpr(node.tag, cx), args: [{ value }], span };
    }
    case T.ArrayExpression:
      return { type: 'collection', kind: 'list', items: node.elements.map((e) => element(e, span, cx)), span };
    case T.ObjectExpression:
      return { type: 'mapping', properties: node.properties.map((p) => property(p, cx)), span };
    case T.SpreadElement:
      return { type: 'spread', value: lowerExpr(node.argument, cx), span };
    case T.FunctionExpression:
    case T.ArrowFunctionExpression:
    case T.FunctionDeclaration: {
      const info = cx.functionOf(node);
      return info ? { type: 'function', function: info.id, span: cx.between(info.start, info.end) } : opaque('function', [], span);
    }
    case T.ClassExpression:
      return lowerClassExpression(node, cx);
    case T.AwaitExpression:
      return { type: 'await', value: lowerExpr(node.argument, cx), span };
    case T.YieldExpression:
      return { type: 'yield', value: node.argument ? lowerExpr(node.argument, cx) : null, delegate: node.delegate, span };
    case T.ChainExpression:
    case T.TSAsExpression:
    case T.TSNonNullExpression:
    case T.TSSatisfiesExpression:
    case T.TSTypeAssertion:
    case T.TSInstantiationExpression:
      return lowerExpr(node.expression, cx);
    case T.JSXElement:
    case T.JSXFragment:
      return lowerJsx(node, cx);
    default:
      return opaque(node.type, [], span);
  }
}

/** The parts of an assignment, for the statement and for the expression. */
export function assignment(node: TSESTree.AssignmentExpression, cx: FunctionContext): Pick<AssignExpr, 'target' | 'operator' | 'value'> {
  const written = node.operator.slice(0, -1);
  return {
    target: lowerTarget(node.left, cx),
    operator: written === '' ? null : (LOGICAL[written] ?? written),
    value: lowerExpr(node.right, cx),
  };
}

export function stringConst(value: string, span: Span): Const {
  return { type: 'const', kind: 'string', value, span };
}

/** A property or member key: a constant unless it is computed. */
export function lowerKey(key: TSESTree.Node, computed: boolean, cx: FunctionContext): Expr {
  return computed ? lowerExpr(key, cx) : stringConst(keyName(key), cx.span(key));
}

function literal(node: TSESTree.Literal, span: Span): Expr {
  if ('bigint' in node) return { type: 'const', kind: 'bigint', value: node.bigint, span };
  if ('regex' in node) return { type: 'const', kind: 'regexp', value: node.raw, span };
  switch (typeof node.value) {
    case 'string':
      return stringConst(node.value, span);
    case 'boolean':
      return { type: 'const', kind: 'bool', value: node.value, span };
    case 'number':
      return number(node.value, span);
    default:
      return { type: 'const', kind: 'none', value: null, span };
  }
}

function number(value: number, span: Span): Const {
  if (Number.isSafeInteger(value)) return { type: 'const', kind: 'int', value, span };
  // Beyond 2^53 the literal rounds like any float.
  return { type: 'const', kind: 'float', value, span };
}

function member(node: TSESTree.MemberExpression, cx: FunctionContext): Expr {
  const object = lowerExpr(node.object, cx);
  const span = cx.span(node);
  const optional = node.optional ? { optional: true } : {};
  if (node.computed) return { type: 'index', object, index: lowerExpr(node.property, cx), ...optional, span };
  return { type: 'attribute', object, name: keyName(node.property), ...optional, span };
}

function call(node: TSESTree.CallExpression, cx: FunctionContext): Expr {
  const span = cx.span(node);
  const callee = bare(node.callee);
  if (cx.isBuiltin(callee, 'eval'))
    return opaque(
      'eval',
      args(node.arguments, cx).map((a) => a.value),
      span,
    );
  const required = requiredModule(node);
  if (required && cx.isBuiltin(required.callee, 'require')) cx.module.imports.push({ module: required.module, name: null });
  const optional = node.optional ? { optional: true } : {};
  return { type: 'call', callee: lowerExpr(callee, cx), args: args(node.arguments, cx), ...optional, span };
}

function args(nodes: readonly TSESTree.CallExpressionArgument[], cx: FunctionContext): Argument[] {
  return nodes.map((node) =>
    node.type === T.SpreadElement ? { value: lowerExpr(node.argument, cx), spread: 'list' } : { value: lowerExpr(node, cx) },
  );
}

function element(node: TSESTree.Node | null, around: Span, cx: FunctionContext): Expr {
  return node ? lowerExpr(node, cx) : { type: 'const', kind: 'undefined', value: null, span: { start: around.start, end: around.start } };
}

function property(node: TSESTree.ObjectLiteralElement, cx: FunctionContext): Property {
  if (node.type === T.SpreadElement) return { key: null, value: lowerExpr(node.argument, cx) };
  const key = lowerKey(node.key, node.computed, cx);
  const value = lowerExpr(node.value, cx);
  if (node.kind !== 'init') return { key, value, accessor: node.kind };
  // `{__proto__: x}` sets the prototype: what the object answers is then not told by its own properties.
  if (!node.computed && !node.method && !node.shorthand && keyName(node.key) === '__proto__') {
    return { key, value: opaque('__proto__', [value], value.span) };
  }
  return { key, value };
}
