/** One function or module top level to its `FunctionIR`. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { FunctionIR, Param, Stmt, TypeIR } from '../../ir/ir';
import { typeFromNode } from './annotations';
import { implicitConstructor, withFieldInitializers } from './classes';
import type { FunctionContext } from './context';
import type { DocComments } from './doc-comments';
import { lowerExpr } from './expressions';
import { isInstanceField } from './nodes';
import { lowerTarget } from './patterns';
import { addSynthetic } from './scopes';
import { lowerStatements } from './statements';

type Body = Pick<FunctionIR, 'params' | 'body'> & { readonly returnType?: TypeIR };

export function lowerFunction(cx: FunctionContext, docs: DocComments): FunctionIR {
  const { info, module } = cx;
  const { node } = info;
  const lowered = guarded(cx, () => lowerBody(cx, docs));
  const variables = module.scopes.owned(info);
  for (const variable of variables.values()) {
    const type = variable.type ?? module.types.variable(variable.id);
    if (type) variable.type = type;
  }
  const isFunction = node !== null && node.type !== T.Program;
  return {
    id: info.id,
    name: info.name,
    kind: info.kind,
    parent: info.parent?.id ?? null,
    class: info.class?.id ?? null,
    ...lowered,
    async: isFunction && node.async,
    generator: isFunction && node.generator,
    arrow: node?.type === T.ArrowFunctionExpression,
    decorators: info.decorators,
    variables,
    free: module.scopes.free(info),
    start: info.start,
    length: info.end - info.start,
    broken: info.broken,
    text: module.text.slice(info.start, info.end),
  };
}

/** A tree that was repaired after a syntax error may lack nodes that it should have: then nothing but the error is kept. */
function guarded(cx: FunctionContext, lower: () => Body): Body {
  try {
    return lower();
  } catch (error) {
    if (!cx.info.broken) throw error;
    return { params: [], body: [{ type: 'error', span: { start: 0, end: cx.info.end - cx.info.start } }] };
  }
}

function lowerBody(cx: FunctionContext, docs: DocComments): Body {
  const { info } = cx;
  const { node } = info;
  if (node === null) {
    const { body, rest } = implicitConstructor(info.class!, cx);
    const params: Param[] = rest === null ? [] : [{ variable: rest, name: 'args', kind: 'rest', default: null }];
    return { params, body };
  }
  if (node.type === T.Program) return { params: [], body: lowerStatements(node.body, cx) };
  const params = node.params.filter((p) => !(p.type === T.Identifier && p.name === 'this')).map((p, i) => parameter(p, i, cx));
  let body: Stmt[];
  if (node.body?.type === T.BlockStatement) body = lowerStatements(node.body.body, cx);
  else if (node.body) body = [{ type: 'return', value: lowerExpr(node.body, cx), span: cx.span(node.body) }];
  else body = [];
  const cls = info.kind === 'constructor' ? info.class : null;
  if (cls && (cls.node.body.body.some((m) => isInstanceField(m)) || node.params.some((p) => p.type === T.TSParameterProperty))) {
    body = withFieldInitializers(body, cls, cx);
  }
  const annotated = node.returnType ? typeFromNode(node.returnType.typeAnnotation, cx.module.annotations) : docs.returns(info);
  return { params, body, ...(annotated && { returnType: annotated }) };
}

function parameter(written: TSESTree.Parameter, index: number, cx: FunctionContext): Param {
  let node: TSESTree.Node = written.type === T.TSParameterProperty ? written.parameter : written;
  const rest = node.type === T.RestElement;
  if (node.type === T.RestElement) node = node.argument;
  let value: TSESTree.Node | null = null;
  if (node.type === T.AssignmentPattern) {
    value = node.right;
    node = node.left;
  }
  const kind = rest ? 'rest' : 'plain';
  const initial = value ? lowerExpr(value, cx) : null;
  if (node.type === T.Identifier) {
    const { name, variable } = cx.target(node);
    const type = cx.module.types.variable(variable);
    return { variable, name, kind, default: initial, ...(type && { type }) };
  }
  const annotation = 'typeAnnotation' in node ? (node.typeAnnotation as TSESTree.TSTypeAnnotation | undefined) : undefined;
  const type = annotation && typeFromNode(annotation.typeAnnotation, cx.module.annotations);
  const name = `<param${index}>`;
  const variable = addSynthetic(cx.module.scopes, cx.info, name, { kind: 'param', ...(type && { type }) });
  return { variable, name, kind, pattern: lowerTarget(node, cx), default: initial, ...(type && { type }) };
}
