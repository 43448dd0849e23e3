/** Statements of ESTree to statements of the IR. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { ForEach, Handler, Stmt, Switch } from '../../ir/ir';
import { lowerClassDeclaration } from './classes';
import { expressionStatement, opaque, type FunctionContext } from './context';
import { lowerVariables } from './declarations';
import { assignment, lowerExpr } from './expressions';
import { lowerExport, lowerImport, lowerImportEquals, requireStatement } from './modules';
import { bare, isAmbient, isTypeOnly, type FunctionNode } from './nodes';
import { lowerTarget } from './patterns';
import { lowerEnum, lowerNamespace } from './typescript';

export function lowerStatements(nodes: readonly TSESTree.Node[], cx: FunctionContext): Stmt[] {
  return nodes.flatMap((node) => lowerStatement(node, cx));
}

/** The statements of a branch or loop body: a block's own, without the block. */
function body(node: TSESTree.Node | null, cx: FunctionContext): Stmt[] {
  if (!node) return [];
  return node.type === T.BlockStatement ? lowerStatements(node.body, cx) : lowerStatement(node, cx);
}

export function lowerStatement(node: TSESTree.Node, cx: FunctionContext, label?: string): Stmt[] {
  if (isAmbient(node) || isTypeOnly(node)) return [];
  const span = cx.span(node);
  const labelled = label === undefined ? {} : { label };
  switch (node.type) {
    case T.ExpressionStatement:
      return node.directive === undefined ? [expression(node, cx)] : [];
    case T.VariableDeclaration:
      return lowerVariables(node, cx);
    case T.FunctionDeclaration:
      return functionDeclaration(node, cx);
    case T.ClassDeclaration:
      return lowerClassDeclaration(node, cx);
    case T.ReturnStatement:
      return [{ type: 'return', value: node.argument ? lowerExpr(node.argument, cx) : null, span }];
    case T.IfStatement:
      return [{ type: 'if', test: lowerExpr(node.test, cx), then: body(node.consequent, cx), else: body(node.alternate, cx), span }];
    case T.ForStatement:
      return [
        {
          type: 'for',
          init: node.init ? initializer(node.init, cx) : [],
          test: node.test ? lowerExpr(node.test, cx) : null,
          update: node.update ? lowerExpr(node.update, cx) : null,
          body: body(node.body, cx),
          ...labelled,
          span,
        },
      ];
    case T.ForOfStatement:
    case T.ForInStatement:
      return [{ ...forEach(node, cx), ...labelled, span }];
    case T.WhileStatement:
    case T.DoWhileStatement: {
      const testLast = node.type === T.DoWhileStatement;
      return [{ type: 'while', test: lowerExpr(node.test, cx), testLast, body: body(node.body, cx), orelse: [], ...labelled, span }];
    }
    case T.BreakStatement:
      return [{ type: 'break', ...(node.label && { label: node.label.name }), span }];
    case T.ContinueStatement:
      return [{ type: 'continue', ...(node.label && { label: node.label.name }), span }];
    case T.LabeledStatement:
      return labeled(node, cx);
    case T.BlockStatement:
      return [{ type: 'block', body: lowerStatements(node.body, cx), ...labelled, span }];
    case T.SwitchStatement:
      return [switchStatement(node, cx)];
    case T.ThrowStatement:
      return [{ type: 'raise', value: lowerExpr(node.argument, cx), cause: null, span }];
    case T.TryStatement:
      return [
        {
          type: 'try',
          body: body(node.block, cx),
          handlers: node.handler ? [handler(node.handler, cx)] : [],
          orelse: [],
          finally: body(node.finalizer, cx),
          span,
        },
      ];
    case T.WithStatement:
      // Names in its body may be fields of the object: nothing is known of them.
      return [
        expressionStatement(opaque('with', [lowerExpr(node.object, cx)], cx.span(node.object))),
        { type: 'block', body: body(node.body, cx), span },
      ];
    case T.EmptyStatement:
    case T.DebuggerStatement:
      return [{ type: 'pass', span }];
    case T.ImportDeclaration:
      return lowerImport(node, cx);
    case T.ExportNamedDeclaration:
    case T.ExportDefaultDeclaration:
    case T.ExportAllDeclaration:
    case T.TSExportAssignment:
      return lowerExport(node, cx);
    case T.TSImportEqualsDeclaration:
      return lowerImportEquals(node, cx);
    case T.TSEnumDeclaration:
      return lowerEnum(node, cx);
    case T.TSModuleDeclaration:
      return lowerNamespace(node, cx);
    default:
      return [{ type: 'error', span }];
  }
}

function expression(node: TSESTree.ExpressionStatement, cx: FunctionContext): Stmt {
  const span = cx.span(node);
  const value = bare(node.expression);
  if (value.type === T.AssignmentExpression) {
    const { target, operator, value: assigned } = assignment(value, cx);
    return { type: 'assign-stmt', targets: [target], operator, value: assigned, span };
  }
  if (value.type === T.UnaryExpression && value.operator === 'delete' && bare(value.argument).type === T.MemberExpression) {
    return { type: 'delete', targets: [lowerTarget(value.argument, cx)], span };
  }
  return requireStatement(value, span, cx) ?? { type: 'expr', value: lowerExpr(value, cx), span };
}

function initializer(node: TSESTree.ForInitialiser, cx: FunctionContext): Stmt[] {
  if (node.type === T.VariableDeclaration) return lowerVariables(node, cx);
  const parts = node.type === T.SequenceExpression ? node.expressions : [node];
  return parts.map((part) => {
    if (part.type !== T.AssignmentExpression) return expressionStatement(lowerExpr(part, cx));
    const { target, operator, value } = assignment(part, cx);
    return { type: 'assign-stmt', targets: [target], operator, value, span: cx.span(part) };
  });
}

function forEach(node: TSESTree.ForOfStatement | TSESTree.ForInStatement, cx: FunctionContext): Omit<ForEach, 'span'> {
  const declared = node.left.type === T.VariableDeclaration ? node.left : null;
  const target = declared ? (declared.declarations[0]?.id ?? declared) : node.left;
  const kind = declared ? (declared.kind === 'await using' ? 'using' : declared.kind) : null;
  const iterable = lowerExpr(node.right, cx);
  return {
    type: 'for-each',
    over: node.type === T.ForOfStatement ? 'values' : 'keys',
    target: lowerTarget(target, cx),
    // What `using` disposes of at the end of an iteration runs code that is not seen.
    iterable: kind === 'using' ? opaque('using', [iterable], iterable.span) : iterable,
    body: body(node.body, cx),
    orelse: [],
    async: node.type === T.ForOfStatement && node.await,
    declares: kind,
  };
}

function labeled(node: TSESTree.LabeledStatement, cx: FunctionContext): Stmt[] {
  const inner = lowerStatement(node.body, cx, node.label.name);
  const [only] = inner;
  const takesLabel =
    only &&
    inner.length === 1 &&
    'label' in only &&
    only.label === node.label.name &&
    node.body.type !== T.BreakStatement &&
    node.body.type !== T.ContinueStatement;
  return takesLabel ? inner : [{ type: 'block', body: inner, label: node.label.name, span: cx.span(node) }];
}

function switchStatement(node: TSESTree.SwitchStatement, cx: FunctionContext): Switch {
  return {
    type: 'switch',
    subject: lowerExpr(node.discriminant, cx),
    fallsThrough: true,
    cases: node.cases.map((c) => ({
      tests: c.test ? [lowerExpr(c.test, cx)] : null,
      binds: [],
      guard: null,
      body: lowerStatements(c.consequent, cx),
    })),
    span: cx.span(node),
  };
}

function handler(node: TSESTree.CatchClause, cx: FunctionContext): Handler {
  return { test: null, target: node.param ? lowerTarget(node.param, cx) : null, body: body(node.body, cx), span: cx.span(node) };
}

/** A function declaration, wherever it stands; its own body is lowered apart. */
export function functionDeclaration(node: FunctionNode, cx: FunctionContext): Stmt[] {
  const info = cx.functionOf(node);
  if (!info || !node.id) return [];
  return [{ type: 'function-def', target: cx.target(node.id), function: info.id, decorators: [], defaults: [], span: cx.span(node) }];
}
