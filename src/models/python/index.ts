/** Models of Python's builtins, of its standard library as far as programs that compute use it, and of numpy. */
import type { FunctionModel, LanguageModels, NamespaceModel, TypeModel } from '../types';
import { ASYNCIO_NAMESPACES, ASYNCIO_TYPES } from './asyncio';
import { builtinConstructors, globals } from './builtins';
import * as containers from './containers';
import { DATA_NAMESPACES, DATA_TYPES, DATE_CONSTRUCTORS } from './data';
import * as iterators from './iterators';
import { FILE_CONSTRUCTORS, FILE_NAMESPACES, FILE_TYPES } from './files';
import { unbound } from './make';
import * as numbers from './numbers';
import { NUMPY_NAMESPACES, NUMPY_TYPES } from './numpy';
import { PROCESS_NAMESPACES, PROCESS_TYPES } from './processes';
import { SYSTEM_NAMESPACES, SYSTEM_TYPES } from './system';
import * as text from './text';

const types: readonly TypeModel[] = [
  ...text.TEXT_TYPES,
  ...numbers.NUMBER_TYPES,
  numbers.randomType,
  ...containers.CONTAINER_TYPES,
  ...iterators.ITERATOR_TYPES,
  ...DATA_TYPES,
  ...FILE_TYPES,
  ...SYSTEM_TYPES,
  ...ASYNCIO_TYPES,
  ...PROCESS_TYPES,
  ...NUMPY_TYPES,
  { name: 'None', immutable: true, transfer: 'serializable', methods: {} },
  { name: 'object', transfer: 'not-serializable', transferReason: 'a bare object() loses its identity', methods: {} },
];

const constructors: Readonly<Record<string, FunctionModel>> = {
  ...builtinConstructors,
  ...containers.CONTAINER_CONSTRUCTORS,
  ...numbers.NUMBER_CONSTRUCTORS,
  ...DATE_CONSTRUCTORS,
  ...FILE_CONSTRUCTORS,
};

const { math, cmath, statistics, random, secrets, decimalModule, fractionsModule, NUMBER_NAMESPACES } = numbers;
const { collections, array, heapq, bisect, copy, CONTAINER_NAMESPACES } = containers;
const { itertools, itertoolsChain, functools, operator, contextlib } = iterators;
const { re, string, textwrap, unicodedata, difflib, html } = text;

const modules: Readonly<Record<string, NamespaceModel>> = {
  ...DATA_NAMESPACES,
  ...FILE_NAMESPACES,
  ...SYSTEM_NAMESPACES,
  ...ASYNCIO_NAMESPACES,
  ...PROCESS_NAMESPACES,
  ...NUMPY_NAMESPACES,
  ...CONTAINER_NAMESPACES,
  ...NUMBER_NAMESPACES,
  math,
  cmath,
  statistics,
  random,
  secrets,
  decimal: decimalModule,
  fractions: fractionsModule,
  collections,
  array,
  heapq,
  bisect,
  copy,
  itertools,
  'itertools.chain': itertoolsChain,
  functools,
  operator,
  contextlib,
  re,
  string,
  textwrap,
  unicodedata,
  difflib,
  html,
};

/** Types whose methods are also called through the class: `map(str.upper, names)`. */
const CALLED_THROUGH_CLASS = ['str', 'bytes', 'int', 'float', 'list', 'tuple', 'dict', 'set', 'frozenset'];

function namespaces(): ReadonlyMap<string, NamespaceModel> {
  const out = new Map(Object.entries(modules));
  const add = (name: string, functions: Readonly<Record<string, FunctionModel>>): void => {
    const known = out.get(name) ?? { functions: {}, importPure: true };
    // What the class itself offers comes first: `dict.fromkeys` has no receiver.
    out.set(name, { ...known, functions: { ...functions, ...known.functions } });
  };
  for (const type of types) if (CALLED_THROUGH_CLASS.includes(type.name)) add(type.name, unbound(type));
  for (const [name, model] of Object.entries(constructors)) {
    const dot = name.lastIndexOf('.');
    if (dot > 0) add(name.slice(0, dot), { [name.slice(dot + 1)]: model });
  }
  return out;
}

export const pythonModels: LanguageModels = {
  globals,
  namespaces: namespaces(),
  types: new Map(types.map((type) => [type.name, type])),
  constructors: new Map(Object.entries(constructors)),
};
