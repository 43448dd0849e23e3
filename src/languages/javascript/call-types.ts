/** What a call or a member gives, by the library models. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { TypeIR } from '../../ir/ir';
import { javascriptModels } from '../../models/javascript/index';
import type { FunctionModel } from '../../models/types';
import { generic, typeFromNode } from './annotations';
import { bare, keyName } from './nodes';
import type { VariableTypes } from './variable-types';

export function callType(node: TSESTree.CallExpression | TSESTree.NewExpression, types: VariableTypes): TypeIR | undefined {
  const callee = bare(node.callee);
  if (node.type === T.NewExpression) return constructed(node, callee, types);
  if (callee.type === T.Identifier) {
    const name = builtinName(callee, types);
    if (name === null) return undefined;
    return typeOfModel(javascriptModels.globals.functions[name], undefined);
  }
  if (callee.type !== T.MemberExpression || callee.computed) return undefined;
  const method = keyName(callee.property);
  const namespace = builtinName(callee.object, types);
  if (namespace !== null) return typeOfModel(javascriptModels.namespaces.get(namespace)?.functions[method], undefined);
  const receiver = types.infer(callee.object);
  return receiver && typeOfModel(javascriptModels.types.get(receiver.name)?.methods[method], receiver);
}

export function memberType(node: TSESTree.MemberExpression, types: VariableTypes): TypeIR | undefined {
  if (node.computed) return undefined;
  const name = keyName(node.property);
  const namespace = builtinName(node.object, types);
  if (namespace !== null) return named(javascriptModels.namespaces.get(namespace)?.constants?.[name]);
  const receiver = types.infer(node.object);
  return receiver && named(javascriptModels.types.get(receiver.name)?.attributes?.[name]);
}

function constructed(node: TSESTree.NewExpression, callee: TSESTree.Node, types: VariableTypes): TypeIR | undefined {
  if (callee.type !== T.Identifier) return undefined;
  const name = builtinName(callee, types);
  if (name !== null) {
    const args = (node.typeArguments?.params ?? []).map((a) => typeFromNode(a, types.annotations));
    return javascriptModels.constructors.has(name) ? generic(name, args) : undefined;
  }
  const meaning = types.scopes.meaning(callee);
  const variable = meaning.kind === 'variable' ? types.scopes.variable(meaning.id) : undefined;
  if (!variable?.constant) return undefined;
  if (variable.kind === 'class' && variable.target !== undefined) return { name: variable.target };
  // A class of another module, by the name it is imported under.
  return variable.kind === 'import' ? { name: variable.name } : undefined;
}

function builtinName(written: TSESTree.Node, types: VariableTypes): string | null {
  const node = bare(written);
  if (node.type !== T.Identifier) return null;
  const meaning = types.scopes.meaning(node);
  return meaning.kind === 'variable' && meaning.id === `builtin/${node.name}` ? node.name : null;
}

function typeOfModel(model: FunctionModel | undefined, receiver: TypeIR | undefined): TypeIR | undefined {
  if (typeof model?.type !== 'string') return model?.type;
  if (model.type === 'receiver') return receiver;
  if (model.type === 'element:receiver') return receiver?.args?.[0];
  return /^(?:element:)?arg\d/.test(model.type) ? undefined : named(model.type);
}

/** A model's type in text form: `Array[string]`. */
function named(text: string | undefined): TypeIR | undefined {
  const match = /^([^[]+)(?:\[(.+)\])?$/.exec(text ?? '');
  if (!match) return undefined;
  const args = match[2] ? match[2].split(/,\s*(?![^[]*\])/).map(named) : [];
  return generic(match[1]!, args);
}
