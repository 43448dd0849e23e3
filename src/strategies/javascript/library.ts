/** What the models say about a call or a type of the language's and Node's own library, asked with syntax instead of IR. */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import { modelsFor } from '../../models';
import type { FunctionModel, TypeModel } from '../../models/types';
import { requiredPath } from './purity';
import type { Node, Source, Variable } from './syntax';

const models = modelsFor('javascript');

/** The model of a type by the name that planning has for it; arrays are `array` there. */
export function typeModel(name: string): TypeModel | null {
  return models.types.get(name === 'array' ? 'Array' : name) ?? null;
}

/** Why a value of this type does not reach a worker, or come back, as what it is; null when it does, or nothing is known. */
export function transferProblem(name: string): string | null {
  const model = typeModel(name);
  if (!model || model.transfer === undefined || model.transfer === 'serializable') return null;
  return model.transferReason ?? `a ${name} cannot be copied to a worker`;
}

/** Values of this type are copied with all that makes them work. */
export function travels(name: string): boolean {
  return name === 'array' || name === 'object' || typeModel(name)?.transfer === 'serializable';
}

/** The method of a type, or of one that it builds on. */
export function methodModel(type: string, method: string): FunctionModel | null {
  for (let model = typeModel(type), depth = 0; model && depth < 5; depth++) {
    const found = model.methods[method];
    if (found) return found;
    model = model.bases?.[0] ? typeModel(model.bases[0]) : null;
  }
  return null;
}

/** The model of a function of the library that is called by name: `parseInt`, `Math.max`, `createHash`, `fs.readFileSync`. */
export function functionModel(source: Source, callee: Node): FunctionModel | null {
  if (callee.type === T.Identifier) {
    const variable = source.variable(callee);
    if (!variable) return models.globals.functions[callee.name] ?? null;
    const from = importOf(source, variable);
    return from && from.name !== null ? (models.namespaces.get(from.module)?.functions[from.name] ?? null) : null;
  }
  if (callee.type !== T.MemberExpression || callee.computed || callee.property.type !== T.Identifier || callee.object.type !== T.Identifier) return null;
  const variable = source.variable(callee.object);
  const namespace = variable ? importOf(source, variable)?.module : callee.object.name;
  return namespace === undefined ? null : (models.namespaces.get(namespace)?.functions[callee.property.name] ?? null);
}

/** The module and name behind an imported or required variable; the name is null for the module as a whole. */
export function importOf(source: Source, variable: Variable): { readonly module: string; readonly name: string | null } | null {
  const definition = variable.defs[0];
  const plain = (module: string): string => module.replace(/^node:/, '');
  if (definition?.type === DefinitionType.ImportBinding && definition.parent?.type === T.ImportDeclaration) {
    const { node } = definition;
    if (node.type !== T.ImportSpecifier) return { module: plain(definition.parent.source.value), name: null };
    return { module: plain(definition.parent.source.value), name: node.imported.type === T.Identifier ? node.imported.name : node.imported.value };
  }
  if (definition?.type !== DefinitionType.Variable) return null;
  const { id, init } = definition.node;
  const module = requiredPath(init);
  if (module === null) return null;
  if (id.type === T.Identifier) return { module: plain(module), name: init?.type === T.MemberExpression ? source.of(init.property) : null };
  if (id.type !== T.ObjectPattern) return null;
  for (const property of id.properties) {
    if (property.type === T.Property && property.value === definition.name && property.key.type === T.Identifier) return { module: plain(module), name: property.key.name };
  }
  return null;
}

/** The model that holds for a call written like this. */
export function variantFor(model: FunctionModel, args: readonly TSESTree.CallExpressionArgument[]): FunctionModel {
  if (args.some((a) => a.type === T.SpreadElement)) return model;
  const found = model.variants?.find(({ count, argument, matches, literal, absent }) => {
    if (count !== undefined && args.length !== count) return false;
    if (!argument) return true;
    const given = args[argument.at];
    if (!given) return absent === true;
    if (matches !== undefined) return given.type === T.Literal && typeof given.value === 'string' && new RegExp(`^(?:${matches})$`).test(given.value);
    return literal === true && given.type === T.Literal;
  });
  return found?.model ?? model;
}
