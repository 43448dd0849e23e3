/** Functions of other files of the workspace: where an import leads. */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Workspace } from '../types';
import { importOf } from './library';
import { requiredPath, resolveBeside } from './purity';
import { Refusal } from '../refusal';
import { isFunction, sourceOf, type FunctionNode, type Node, type Source, type Variable } from './syntax';
import { functionOf, Types } from './types';

export interface FarFunction {
  readonly source: Source;
  readonly types: Types;
  readonly fn: FunctionNode;
}

export class Modules {
  private readonly known = new Map<Source, Types>();

  constructor(private readonly workspace: Workspace) {}

  types(source: Source): Types {
    let types = this.known.get(source);
    if (!types) this.known.set(source, (types = new Types(source, this)));
    return types;
  }

  /** The function behind an imported name; null when it is of a library, or cannot be followed. */
  functionOf(source: Source, variable: Variable | null): FarFunction | null {
    const from = variable && this.fileOf(source, variable);
    if (!from) return null;
    try {
      const far = sourceOf(from.file, this.workspace.read(from.file)!);
      const fn = exportedFunction(far, from.name);
      return fn && { source: far, types: this.types(far), fn };
    } catch (error) {
      if (error instanceof Refusal) return null;
      throw error;
    }
  }

  private fileOf(source: Source, variable: Variable): { file: string; name: string } | null {
    const imported = importOf(source, variable);
    const definition = variable.defs[0];
    if (!imported || !definition) return null;
    const specifier = definition.type === DefinitionType.ImportBinding ? (definition.parent as TSESTree.ImportDeclaration).source.value : requiredPath((definition.node as TSESTree.VariableDeclarator).init);
    const file = specifier === null ? null : resolveBeside(source.path, specifier, this.workspace);
    const isDefault = definition.node.type === T.ImportDefaultSpecifier;
    return file ? (isDefault ? { file, name: 'default' } : imported.name === null ? null : { file, name: imported.name }) : null;
  }
}

function exportedFunction(source: Source, name: string): FunctionNode | null {
  for (const statement of source.program.body) {
    if (statement.type === T.ExportDefaultDeclaration && name === 'default') {
      const { declaration } = statement;
      if (isFunction(declaration)) return declaration;
      return declaration.type === T.Identifier ? functionOf(source.variable(declaration)) : null;
    }
    if (statement.type === T.ExportNamedDeclaration && !statement.source) {
      const specifier = statement.specifiers.find((s) => s.exported.type === T.Identifier && s.exported.name === name);
      if (specifier) return functionOf(source.moduleVariable((specifier.local as TSESTree.Identifier).name));
    }
    if (statement.type === T.ExpressionStatement && statement.expression.type === T.AssignmentExpression) {
      const fn = assignedExport(source, statement.expression, name);
      if (fn) return fn;
    }
  }
  const variable = source.moduleVariable(name);
  const declaration = variable?.defs[0]?.node as Node | undefined;
  const holder = declaration && source.parent(declaration.type === T.VariableDeclarator ? source.parent(declaration)! : declaration);
  return holder?.type === T.ExportNamedDeclaration ? functionOf(variable) : null;
}

/** `module.exports = { f }`, `exports.f = f`, `exports.f = function …`. */
function assignedExport(source: Source, { left, right }: TSESTree.AssignmentExpression, name: string): FunctionNode | null {
  const target = source.of(left);
  const value = (node: Node): FunctionNode | null => (isFunction(node) ? node : node.type === T.Identifier ? functionOf(source.variable(node)) : null);
  if (target === `exports.${name}` || target === `module.exports.${name}`) return value(right);
  if (target !== 'module.exports' || right.type !== T.ObjectExpression) return null;
  for (const property of right.properties) {
    if (property.type === T.Property && !property.computed && property.key.type === T.Identifier && property.key.name === name) return value(property.value);
  }
  return null;
}
