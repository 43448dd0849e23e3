/** Functions, lambdas, their parameters, and classes. */
import type { Argument, ClassDef, Expr, FunctionDef, FunctionExpr, FunctionKind, Param, TypeIR } from '../../ir/ir';
import { annotationOf } from './annotations';
import { ClassBuilder, FunctionBuilder } from './builders';
import { lowerArguments } from './expressions';
import type { Lowering } from './lowering';
import type { Scope } from './scopes';
import { lowerTarget } from './targets';

/** A `def`, with the decorators that stand before it; `whole` is the node that holds both. */
export function functionDefinition(l: Lowering, node: number, decoratorNodes: readonly number[] = [], whole = node): FunctionDef {
  const { tree } = l;
  const { fields } = l;
  const decorators = decoratorNodes.map((decorator) => l.expr(tree.firstNamed(decorator)));
  const decoratorNames = decoratorNodes.map((decorator) => decoratorName(l, decorator));
  const nameNode = tree.child(node, fields.name);
  const name = tree.textOf(nameNode);
  const id = l.qualify(name);
  const kind = kindOf(l, name, decoratorNames);
  const owner = l.scope.kind === 'class' ? l.classBuilder : null;
  const fn = new FunctionBuilder(
    id,
    name,
    kind,
    l.fn,
    owner,
    tree.hasToken(node, 'async'),
    decoratorNames,
    whole,
    tree.start(whole),
    tree.end(whole),
  );
  l.functions.push(fn);
  const parent = typeParameters(l, tree.child(node, fields.typeParameters));
  const scope = l.newScope('function', id, fn, parent);
  const parameters = tree.child(node, fields.parameters);
  const { params, defaults } = lowerParams(l, parameters, fn, scope, parent);
  const returns = tree.child(node, fields.returnType);
  if (returns) fn.returnType = annotationOf(l, returns, parent);
  if (owner) {
    owner.methods.set(kind === 'getter' ? `get ${name}` : kind === 'setter' ? `set ${name}` : name, id);
    noteInstance(fn, owner, scope, params);
  }
  l.inFunction(fn, scope, () => {
    fn.body = l.block(tree.child(node, fields.body));
  });
  const overload = decoratorNames.some((written) => /(^|\.)overload$/.test(written));
  const accessor = kind === 'setter' || decoratorNames.some((written) => /\.(deleter|register)$/.test(written));
  const target = l.bind(nameNode, accessor ? { kind: 'other' } : { kind: 'function', target: id, overload });
  return { type: 'function-def', span: l.span(whole), target, function: id, decorators, defaults };
}

function kindOf(l: Lowering, name: string, decorators: readonly string[]): FunctionKind {
  if (l.scope.kind !== 'class') return 'function';
  if (name === '__init__') return 'constructor';
  if (decorators.some((written) => /(^|\.)(cached_)?property$/.test(written) || written.endsWith('.getter'))) return 'getter';
  if (decorators.some((written) => written.endsWith('.setter'))) return 'setter';
  return 'method';
}

/** Names that hold methods without an instance although nothing says so. */
const IMPLICIT_STATIC = new Set(['__new__']);
const IMPLICIT_CLASS = new Set(['__init_subclass__', '__class_getitem__']);

function noteInstance(fn: FunctionBuilder, owner: ClassBuilder, scope: Scope, params: readonly Param[]): void {
  if (fn.decorators.includes('staticmethod')) {
    owner.staticMethods.add(fn.name);
    return;
  }
  const first = params[0];
  if (!first || first.kind === 'rest' || first.kind === 'keywords' || first.kind === 'keyword-only') return;
  const classLike = fn.decorators.includes('classmethod') || IMPLICIT_CLASS.has(fn.name) || IMPLICIT_STATIC.has(fn.name);
  if (!classLike) fn.self = first.name;
  scope.annotate(first.name, classLike ? { name: 'type', args: [{ name: owner.id }] } : { name: owner.id });
}

export function lambda(l: Lowering, node: number): FunctionExpr {
  const { tree } = l;
  const id = l.qualify('<lambda>');
  const fn = new FunctionBuilder(id, '<lambda>', 'lambda', l.fn, null, false, [], node, tree.start(node), tree.end(node));
  l.functions.push(fn);
  const scope = l.newScope('function', id, fn);
  const { defaults } = lowerParams(l, tree.child(node, l.fields.parameters), fn, scope, l.scope);
  const body = tree.child(node, l.fields.body);
  l.inFunction(fn, scope, () => {
    const value = l.expr(body);
    fn.body = [{ type: 'return', span: value.span, value }];
  });
  return { type: 'function', span: l.span(node), function: id, ...(defaults.length ? { defaults } : {}) };
}

/** Parameters are bound in the function's scope; their defaults are evaluated in the scope around, with spans of the function around. */
function lowerParams(
  l: Lowering,
  node: number,
  fn: FunctionBuilder,
  scope: Scope,
  /** Where annotations find their names. */
  around: Scope,
): { params: readonly Param[]; defaults: Expr[] } {
  const { tree } = l;
  const params: Param[] = [];
  const defaults: Expr[] = [];
  let keywordOnly = false;
  const add = (written: string, kind: Param['kind'], value: number, annotation: number): void => {
    if (value) defaults.push(l.expr(value));
    const given = annotation ? annotationOf(l, annotation, around) : undefined;
    const type: TypeIR | undefined =
      given && kind === 'rest' ? { name: 'tuple', args: [given] } : given && kind === 'keywords' ? { name: 'dict', args: [{ name: 'str' }, given] } : given;
    scope.bind(written, { kind: 'param', repeated: false });
    scope.annotate(written, type);
    params.push({
      variable: `${fn.id}/${written}`,
      name: written,
      kind,
      default: value ? defaults[defaults.length - 1]! : null,
      ...(value ? { defaultAtDefinition: true } : {}),
      ...(type ? { type } : {}),
    });
  };
  const plain = (): Param['kind'] => (keywordOnly ? 'keyword-only' : 'plain');
  for (const child of node ? tree.children(node) : []) {
    switch (tree.kind(child)) {
      case 'identifier':
        add(tree.textOf(child), plain(), 0, 0);
        break;
      case 'default_parameter':
      case 'typed_default_parameter':
        add(tree.textOf(tree.child(child, l.fields.name)), plain(), tree.child(child, l.fields.value), tree.child(child, l.fields.type));
        break;
      case 'typed_parameter': {
        const inner = tree.firstNamed(child);
        const kind = splatKind(tree.kind(inner)) ?? plain();
        if (kind === 'rest') keywordOnly = true;
        add(tree.textOf(kind === 'rest' || kind === 'keywords' ? tree.firstNamed(inner) : inner), kind, 0, tree.child(child, l.fields.type));
        break;
      }
      case 'list_splat_pattern':
      case 'dictionary_splat_pattern': {
        const kind = splatKind(tree.kind(child))!;
        if (kind === 'rest') keywordOnly = true;
        add(tree.textOf(tree.firstNamed(child)), kind, 0, 0);
        break;
      }
      case 'keyword_separator':
        keywordOnly = true;
        break;
      case 'positional_separator':
        params.forEach((param, at) => (params[at] = { ...param, kind: 'positional-only' }));
        break;
      default:
        // Python 2's tuple parameters.
        l.problem(child, 'invalid parameter');
        fn.broken = true;
        l.inScope(scope, () => lowerTarget(l, child, { kind: 'param' }));
    }
  }
  fn.params = params;
  return { params, defaults };
}

function splatKind(kind: string): 'rest' | 'keywords' | null {
  return kind === 'list_splat_pattern' ? 'rest' : kind === 'dictionary_splat_pattern' ? 'keywords' : null;
}

/** `[T, *Ts, **P]` opens a scope of its own around the function or class. */
function typeParameters(l: Lowering, node: number): Scope {
  if (!node) return l.scope;
  const scope = l.newScope('types', l.fn.id);
  for (const child of l.tree.children(node)) {
    const name = /^\*{0,2}\s*([^\W\d]\w*)/u.exec(l.tree.textOf(child));
    if (name) scope.bind(name[1]!, { kind: 'assign', repeated: false });
  }
  return scope;
}

/** A `class` with the decorators that stand before it. */
export function classDefinition(l: Lowering, node: number, decoratorNodes: readonly number[] = [], whole = node): ClassDef {
  const { tree, fields } = l;
  const decorators = decoratorNodes.map((decorator) => l.expr(tree.firstNamed(decorator)));
  const nameNode = tree.child(node, fields.name);
  const name = tree.textOf(nameNode);
  const id = l.qualify(name);
  const builder = new ClassBuilder(
    id,
    name,
    l.fn.id,
    decoratorNodes.map((decorator) => decoratorName(l, decorator)),
  );
  l.classes.push(builder);
  const parent = typeParameters(l, tree.child(node, fields.typeParameters));
  const superclasses = tree.child(node, fields.superclasses);
  const args: readonly Argument[] = superclasses ? l.inScope(parent, () => lowerArguments(l, superclasses)) : [];
  const bases = args.filter((arg) => arg.name === undefined && arg.spread !== 'dict').map((arg) => arg.value);
  const keywords = args.filter((arg) => arg.name !== undefined || arg.spread === 'dict');
  builder.bases = bases;
  const scope = l.newScope('class', id, l.fn, parent);
  const outer = l.classBuilder;
  l.classBuilder = builder;
  const body = l.inScope(scope, () => l.block(tree.child(node, fields.body)));
  l.classBuilder = outer;
  const target = l.bind(nameNode, { kind: 'class', target: id });
  return { type: 'class-def', span: l.span(whole), target, class: id, decorators, bases, ...(keywords.length ? { keywords } : {}), body };
}

/** As written, without the arguments: `functools.lru_cache`. */
function decoratorName(l: Lowering, node: number): string {
  const written = l.tree.textOf(l.tree.firstNamed(node));
  return /^[^(\s]*/.exec(written)![0];
}

/** Functions and classes with decorators. */
export function decorated(l: Lowering, node: number): FunctionDef | ClassDef {
  const { tree } = l;
  const decorators = tree.children(node).filter((child) => tree.kind(child) === 'decorator');
  const definition = tree.child(node, l.fields.definition);
  if (tree.kind(definition) === 'class_definition') return classDefinition(l, definition, decorators, node);
  return functionDefinition(l, definition, decorators, node);
}
