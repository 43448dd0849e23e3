/** Looks library functions, methods and constants up in the models. */
import type { TypeIR } from '../ir/ir';
import type { FunctionModel, LanguageModels, NamespaceModel, TypeModel } from '../models/types';
import { NOTHING, type Value } from './domain';
import { named } from './types';

const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record && Object.prototype.hasOwnProperty.call(record, key) ? record[key] : undefined;

export function parseType(type: TypeIR | string | undefined): TypeIR | null {
  if (!type) return null;
  if (typeof type !== 'string') return type;
  const match = /^([\w.$]+)(?:\[(.*)\])?$/.exec(type.trim());
  if (!match) return named(type);
  const args = match[2]
    ? match[2]
        .split(/,(?![^[]*\])/)
        .map((part) => parseType(part)!)
        .filter(Boolean)
    : [];
  return named(match[1]!, ...args);
}

/** A builtin or global name as a value; null when the models do not know it. */
export function builtinValue(models: LanguageModels, name: string): Value | null {
  const constantType = own(models.globals.constants, name);
  const model = own(models.globals.functions, name) ?? models.constructors.get(name);
  const namespace = models.namespaces.has(name) ? name : null;
  if (!model && !namespace && constantType === undefined) return null;
  return {
    ...NOTHING,
    library: model ? { name, model, receiver: null } : null,
    namespace,
    type: model || namespace ? null : parseType(constantType),
  };
}

/** A member of a namespace as a value; null when unknown. */
export function memberValue(models: LanguageModels, namespace: string, name: string): Value | null {
  const inner = `${namespace}.${name}`;
  const space: NamespaceModel | undefined = models.namespaces.get(namespace);
  const model = own(space?.functions, name) ?? models.constructors.get(inner);
  const nested = models.namespaces.has(inner) ? inner : null;
  const constantType = own(space?.constants, name);
  if (!model && !nested && constantType === undefined) return null;
  return {
    ...NOTHING,
    library: model ? { name: inner, model, receiver: null } : null,
    namespace: nested,
    type: model || nested ? null : parseType(constantType),
  };
}

export const normalModule = (module: string): string => module.replace(/^node:/, '');

export function typeModel(models: LanguageModels, type: TypeIR | null): TypeModel | null {
  if (!type) return null;
  if (type.name === 'Optional' && type.args?.length) return typeModel(models, type.args[0]!);
  if (type.name === 'union') {
    const rest = (type.args ?? []).filter((arg) => !['None', 'null', 'undefined'].includes(arg.name));
    return rest.length === 1 ? typeModel(models, rest[0]!) : null;
  }
  return models.types.get(type.name) ?? models.types.get(ALIASES[type.name] ?? '') ?? models.types.get(type.name.replace(/^.*\./, '')) ?? null;
}

const ALIASES: Readonly<Record<string, string>> = {
  List: 'list',
  Dict: 'dict',
  Set: 'set',
  Tuple: 'tuple',
  'np.ndarray': 'ndarray',
  'numpy.ndarray': 'ndarray',
  ReadonlyArray: 'Array',
};

/** A method of a library type; null when the type or the method is not described. */
export function methodModel(models: LanguageModels, type: TypeIR | null, name: string): FunctionModel | null {
  const seen = new Set<string>();
  const find = (model: TypeModel | null): FunctionModel | null => {
    if (!model || seen.has(model.name)) return null;
    seen.add(model.name);
    const method = own(model.methods, name);
    if (method) return method;
    for (const base of model.bases ?? []) {
      const inherited = find(models.types.get(base) ?? null);
      if (inherited) return inherited;
    }
    return null;
  };
  return find(typeModel(models, type));
}

export function attributeType(models: LanguageModels, type: TypeIR | null, name: string): TypeIR | null {
  const model = typeModel(models, type);
  const text = own(model?.attributes, name);
  return text === undefined ? null : parseType(text);
}
