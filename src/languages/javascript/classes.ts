/** Classes: their `ClassIR`, what runs where they are defined, and what their constructors do besides what is written in them. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Expr, FieldIR, Stmt, Target, VarId } from '../../ir/ir';
import { typeFromNode } from './annotations';
import { expressionStatement, opaque, type FunctionContext } from './context';
import { lowerExpr } from './expressions';
import { decoratorName, isAmbient, isInstanceField, keyName, type ClassNode } from './nodes';
import type { ClassInfo } from './outline';
import { addSynthetic } from './scopes';
import { lowerStatements } from './statements';

export function lowerClassDeclaration(node: TSESTree.ClassDeclaration, cx: FunctionContext): Stmt[] {
  const info = cx.classOf(node);
  if (!info) return [];
  const target = node.id ? cx.target(node.id) : cx.named(defaultVariable(info, cx), cx.span(node));
  const bases = lowerClass(node, info, cx);
  return [
    {
      type: 'class-def',
      target,
      class: info.id,
      decorators: node.decorators.map((d) => lowerExpr(d.expression, cx)),
      bases,
      body: definitionBody(node, cx.inStatic(target.variable), target),
      span: cx.span(node),
    },
  ];
}

/** The value of `export default class {}`. */
function defaultVariable(info: ClassInfo, cx: FunctionContext): VarId {
  return addSynthetic(cx.module.scopes, cx.info, '<default>', { kind: 'class', target: info.id });
}

export function lowerClassExpression(node: TSESTree.ClassExpression, cx: FunctionContext): Expr {
  const info = cx.classOf(node);
  const span = cx.span(node);
  if (!info) return opaque('class', [], span);
  const bases = lowerClass(node, info, cx);
  const value: Expr = { type: 'class', class: info.id, span };
  const runs = node.body.body.some((m) => m.type === T.StaticBlock || ('computed' in m && m.computed) || (isStaticField(m) && m.value));
  if (!runs && bases.length === 0 && node.decorators.length === 0) return value;
  // Static initializers, computed keys and what `extends` evaluates run here; an expression has no statements to put them in.
  const fields = node.body.body.flatMap((m) => (isStaticField(m) && m.value ? [lowerExpr(m.value, cx)] : []));
  return runs || node.decorators.length
    ? opaque('class', [...bases, ...fields, value], span)
    : { type: 'sequence', items: [...bases, value], span };
}

/** Fills in the class; returns its bases. */
function lowerClass(node: ClassNode, info: ClassInfo, cx: FunctionContext): readonly Expr[] {
  const bases = node.superClass ? [lowerExpr(node.superClass, cx)] : [];
  const methods = new Map<string, string>();
  const staticMethods = new Set<string>();
  const fields = new Map<string, FieldIR>();
  for (const member of node.body.body) {
    if (member.type === T.MethodDefinition) {
      const method = cx.functionOf(member.value);
      if (!method || member.computed) continue;
      methods.set(method.name, method.id);
      if (member.static) staticMethods.add(method.name);
    } else if ((member.type === T.PropertyDefinition || member.type === T.AccessorProperty) && !member.computed) {
      addField(fields, member, info, cx);
    }
  }
  if (info.constructorInfo) {
    methods.set('constructor', info.constructorInfo.id);
    constructorFields(fields, info, cx);
  }
  cx.module.classes.set(info.id, {
    id: info.id,
    name: info.name,
    parent: info.parent.id,
    bases,
    decorators: node.decorators.map((d) => decoratorName(d.expression)),
    methods,
    staticMethods,
    fields,
  });
  return bases;
}

function isStaticField(member: TSESTree.ClassElement): member is TSESTree.PropertyDefinition {
  return (member.type === T.PropertyDefinition || member.type === T.AccessorProperty) && member.static && !isAmbient(member);
}

function addField(
  fields: Map<string, FieldIR>,
  member: TSESTree.PropertyDefinition | TSESTree.AccessorProperty,
  info: ClassInfo,
  cx: FunctionContext,
): void {
  const name = keyName(member.key);
  const type = member.typeAnnotation
    ? typeFromNode(member.typeAnnotation.typeAnnotation, cx.module.annotations)
    : member.value && (member.readonly || !cx.module.outline.reassigned.has(name))
      ? cx.typeOf(member.value)
      : undefined;
  const owner = member.value && cx.module.outline.fieldOwner.get(member.value);
  // An instance field's value belongs to the constructor and its spans to that.
  const value = member.value && owner ? lowerExpr(member.value, owner === cx.info ? cx : contextOf(info, cx)) : undefined;
  fields.set(name, { name, ...(type && { type }), ...(value && { value }), static: member.static, private: name.startsWith('#') });
}

function contextOf(info: ClassInfo, cx: FunctionContext): FunctionContext {
  return info.constructorInfo ? cx.enter(info.constructorInfo) : cx;
}

/** Fields that the constructor makes: parameter properties and top-level `this.x = …`. */
function constructorFields(fields: Map<string, FieldIR>, info: ClassInfo, cx: FunctionContext): void {
  const node = info.constructorInfo?.node;
  if (node?.type !== T.FunctionExpression) return;
  for (const param of node.params) {
    if (param.type !== T.TSParameterProperty) continue;
    const name = parameterName(param);
    const annotation = (param.parameter.type === T.AssignmentPattern ? param.parameter.left : param.parameter).typeAnnotation;
    const type = annotation && typeFromNode(annotation.typeAnnotation, cx.module.annotations);
    if (name) fields.set(name.name, { name: name.name, ...(type && { type }), static: false, private: false });
  }
  const assigned = new Map<string, TSESTree.Expression[]>();
  for (const statement of node.body?.body ?? []) {
    if (statement.type !== T.ExpressionStatement || statement.expression.type !== T.AssignmentExpression) continue;
    const { left, operator, right } = statement.expression;
    if (operator !== '=' || left.type !== T.MemberExpression || left.object.type !== T.ThisExpression || left.computed) continue;
    const name = keyName(left.property);
    assigned.set(name, [...(assigned.get(name) ?? []), right]);
  }
  for (const [name, values] of assigned) {
    const known = fields.get(name);
    if (known?.type) continue;
    // Assigned again it may have been one thing and then another.
    const type = known?.value || values.length > 1 || cx.module.outline.reassigned.has(name) ? undefined : cx.typeOf(values[0]!);
    fields.set(name, { ...(known ?? { name, static: false, private: name.startsWith('#') }), ...(type && { type }) });
  }
}

function parameterName(param: TSESTree.TSParameterProperty): TSESTree.Identifier | null {
  const { parameter } = param;
  const name = parameter.type === T.AssignmentPattern ? parameter.left : parameter;
  return name.type === T.Identifier ? name : null;
}

/** Computed keys, decorators of members, static fields and static blocks, in the order of the source. */
function definitionBody(node: ClassNode, cx: FunctionContext, self: { readonly variable: VarId }): Stmt[] {
  const out: Stmt[] = [];
  for (const member of node.body.body) {
    if (member.type === T.StaticBlock) {
      out.push({ type: 'block', body: lowerStatements(member.body, cx), span: cx.span(member) });
      continue;
    }
    if (!('key' in member) || isAmbient(member)) continue;
    if (member.computed) out.push(expressionStatement(lowerExpr(member.key, cx)));
    const decorators = ('decorators' in member && member.decorators) || [];
    if (decorators.length) {
      // A decorator may put anything in the place of what it decorates.
      out.push(
        expressionStatement(
          opaque(
            'decorator',
            decorators.map((d) => lowerExpr(d.expression, cx)),
            cx.span(member),
          ),
        ),
      );
    }
    if (isStaticField(member)) out.push(fieldAssignment(member, cx.named(self.variable, cx.span(member.key)), cx));
  }
  return out;
}

function fieldAssignment(member: TSESTree.PropertyDefinition | TSESTree.AccessorProperty, object: Expr, cx: FunctionContext): Stmt {
  const key = cx.span(member.key);
  const target: Target = member.computed
    ? { type: 'index', object, index: opaque('computed key', [], key), span: key }
    : { type: 'attribute', object, name: keyName(member.key), span: key };
  const value: Expr = member.value ? lowerExpr(member.value, cx) : { type: 'const', kind: 'undefined', value: null, span: key };
  return { type: 'assign-stmt', targets: [target], operator: null, value, span: cx.span(member) };
}

/** What a constructor does that is not written in it: field initializers, then parameter properties; after `super(…)` in a derived class. */
export function withFieldInitializers(body: readonly Stmt[], info: ClassInfo, cx: FunctionContext): Stmt[] {
  const self = (at: TSESTree.Node): Expr => ({ type: 'this', kind: 'this', span: cx.span(at) });
  const added: Stmt[] = [];
  for (const member of info.node.body.body) if (isInstanceField(member)) added.push(fieldAssignment(member, self(member.key), cx));
  const { node } = info.constructorInfo ?? {};
  for (const param of node?.type === T.FunctionExpression ? node.params : []) {
    if (param.type !== T.TSParameterProperty) continue;
    const name = parameterName(param);
    if (!name) continue;
    const target: Target = { type: 'attribute', object: self(name), name: name.name, span: cx.span(name) };
    added.push({ type: 'assign-stmt', targets: [target], operator: null, value: cx.name(name), span: cx.span(param) });
  }
  const after = info.node.superClass ? body.findIndex((s) => callsSuper(s)) + 1 : 0;
  return [...body.slice(0, after), ...added, ...body.slice(after)];
}

function callsSuper(stmt: Stmt): boolean {
  if (stmt.type !== 'expr' || stmt.value.type !== 'call') return false;
  const { callee } = stmt.value;
  return callee.type === 'this' && callee.kind === 'super';
}

/** The body of a constructor that the source leaves out: `constructor(...args) { super(...args); }` in a derived class. */
export function implicitConstructor(info: ClassInfo, cx: FunctionContext): { readonly body: Stmt[]; readonly rest: VarId | null } {
  if (!info.node.superClass) return { body: withFieldInitializers([], info, cx), rest: null };
  const span = cx.span(info.node.body);
  const at = { start: span.start, end: span.start };
  const rest = addSynthetic(cx.module.scopes, cx.info, 'args', { kind: 'param', type: { name: 'Array' } });
  const call: Expr = {
    type: 'call',
    callee: { type: 'this', kind: 'super', span: at },
    args: [{ value: cx.named(rest, at), spread: 'list' }],
    span: at,
  };
  return { body: withFieldInitializers([expressionStatement(call)], info, cx), rest };
}
