/** TypeScript's type annotations to `TypeIR`: what a value is at run time, as far as the annotation says. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { TypeIR } from '../../ir/ir';
import { keyName } from './nodes';
import type { Outline, TypeDeclaration } from './outline';

export interface Annotations extends Pick<Outline, 'types' | 'classOf'> {
  /** The name is a type parameter of something around it. */
  isTypeParameter(name: TSESTree.Identifier): boolean;
}

/** Aliases inside aliases beyond this are not followed. */
const MAX_ALIASES = 8;

/** Types whose argument is what counts. */
const TRANSPARENT: ReadonlySet<string> = new Set(['Readonly', 'Partial', 'Required', 'NonNullable', 'Awaited', 'NoInfer']);
const ARRAY_LIKE: ReadonlySet<string> = new Set(['Array', 'ReadonlyArray', 'ConcatArray']);
const RENAMED: Readonly<Record<string, string>> = {
  ReadonlyMap: 'Map',
  ReadonlySet: 'Set',
  PromiseLike: 'Promise',
  Record: 'object',
  Object: 'object',
  Pick: 'object',
  Omit: 'object',
  Function: 'function',
  CallableFunction: 'function',
  Number: 'number',
  String: 'string',
  Boolean: 'boolean',
};

/** The type that an annotation names; undefined where it says nothing (`any`, `unknown`, a type parameter, a conditional type). */
export function typeFromNode(node: TSESTree.TypeNode | null | undefined, known: Annotations, depth = 0): TypeIR | undefined {
  if (!node || depth > MAX_ALIASES) return undefined;
  const inner = (type: TSESTree.TypeNode | null | undefined): TypeIR | undefined => typeFromNode(type, known, depth + 1);
  switch (node.type) {
    case T.TSNumberKeyword:
      return { name: 'number' };
    case T.TSStringKeyword:
    case T.TSTemplateLiteralType:
      return { name: 'string' };
    case T.TSBooleanKeyword:
    case T.TSTypePredicate:
      return { name: 'boolean' };
    case T.TSBigIntKeyword:
      return { name: 'bigint' };
    case T.TSSymbolKeyword:
      return { name: 'symbol' };
    case T.TSNullKeyword:
      return { name: 'null' };
    case T.TSUndefinedKeyword:
    case T.TSVoidKeyword:
      return { name: 'undefined' };
    case T.TSFunctionType:
    case T.TSConstructorType:
      return { name: 'function' };
    case T.TSObjectKeyword:
      return { name: 'object' };
    case T.TSTypeLiteral:
      return { name: isCallable(node.members) ? 'function' : 'object' };
    case T.TSMappedType:
      return { name: 'object' };
    case T.TSArrayType:
      return generic('Array', [inner(node.elementType)]);
    case T.TSTupleType:
      return generic('Array', [common(node.elementTypes.map((e) => inner(elementOf(e))))]);
    case T.TSTypeOperator:
      return node.operator === 'readonly' ? inner(node.typeAnnotation) : node.operator === 'keyof' ? undefined : { name: 'symbol' };
    case T.TSUnionType:
      return union(node.types.map(inner));
    case T.TSIntersectionType: {
      const types = node.types.map(inner);
      return types.find((t) => t !== undefined && t.name !== 'object') ?? types.find((t) => t !== undefined);
    }
    case T.TSOptionalType:
    case T.TSRestType:
      return inner(node.typeAnnotation);
    case T.TSLiteralType:
      return literalType(node.literal);
    case T.TSTypeReference:
      return reference(node, known, depth);
    default:
      return undefined;
  }
}

function reference(node: TSESTree.TSTypeReference, known: Annotations, depth: number): TypeIR | undefined {
  const args = (node.typeArguments?.params ?? []).map((a) => typeFromNode(a, known, depth + 1));
  if (node.typeName.type !== T.Identifier) {
    return node.typeName.type === T.TSQualifiedName ? generic(keyName(node.typeName.right), args) : undefined;
  }
  const name = node.typeName.name;
  if (known.isTypeParameter(node.typeName)) return undefined;
  const declared = known.types.get(name);
  if (declared) return declaredType(declared, known, depth);
  if (TRANSPARENT.has(name) && args.length === 1) return name === 'Awaited' && args[0]?.name === 'Promise' ? args[0].args?.[0] : args[0];
  if (ARRAY_LIKE.has(name)) return generic('Array', args);
  return generic(RENAMED[name] ?? name, RENAMED[name] === 'object' ? [] : args);
}

function declaredType(node: TypeDeclaration, known: Annotations, depth: number): TypeIR | undefined {
  switch (node.type) {
    case T.TSTypeAliasDeclaration:
      return typeFromNode(node.typeAnnotation, known, depth + 1);
    case T.TSInterfaceDeclaration:
      return { name: isCallable(node.body.body) ? 'function' : 'object' };
    case T.TSEnumDeclaration: {
      const kinds = new Set(
        node.body.members.map((m) => (m.initializer?.type === T.Literal && typeof m.initializer.value === 'string' ? 'string' : 'number')),
      );
      return union([...kinds].map((name) => ({ name })));
    }
    default: {
      const info = known.classOf.get(node);
      return info && { name: info.id };
    }
  }
}

function isCallable(members: readonly TSESTree.TypeElement[]): boolean {
  return members.some((m) => m.type === T.TSCallSignatureDeclaration || m.type === T.TSConstructSignatureDeclaration);
}

function elementOf(node: TSESTree.TypeNode): TSESTree.TypeNode {
  if (node.type === T.TSNamedTupleMember) return elementOf(node.elementType);
  if (node.type === T.TSRestType && node.typeAnnotation.type === T.TSArrayType) return node.typeAnnotation.elementType;
  return node;
}

function literalType(literal: TSESTree.Node): TypeIR | undefined {
  if (literal.type === T.TemplateLiteral) return { name: 'string' };
  if (literal.type === T.UnaryExpression) return { name: 'number' };
  if (literal.type !== T.Literal) return undefined;
  if (literal.value === null) return { name: 'null' };
  return { name: typeof literal.value };
}

/** A type with arguments; unknown ones are left out from the first on, since a later one would move up. */
export function generic(name: string, args: readonly (TypeIR | undefined)[]): TypeIR {
  const kept: TypeIR[] = [];
  for (const arg of args) {
    if (!arg) break;
    kept.push(arg);
  }
  return kept.length ? { name, args: kept } : { name };
}

/** The union of types; undefined when one of them is not known, for the value may then be anything. */
export function union(types: readonly (TypeIR | undefined)[]): TypeIR | undefined {
  const distinct: TypeIR[] = [];
  for (const type of types) {
    if (!type) return undefined;
    for (const one of type.name === 'union' ? (type.args ?? []) : [type]) {
      if (!distinct.some((d) => sameType(d, one))) distinct.push(one);
    }
  }
  return distinct.length === 1 ? distinct[0] : distinct.length ? { name: 'union', args: distinct } : undefined;
}

/** The one type that all have; undefined when they differ or one is unknown. */
export function common(types: readonly (TypeIR | undefined)[]): TypeIR | undefined {
  const [first] = types;
  return first && types.every((t) => t && sameType(t, first)) ? first : undefined;
}

export function sameType(a: TypeIR, b: TypeIR): boolean {
  const left = a.args ?? [];
  const right = b.args ?? [];
  return a.name === b.name && left.length === right.length && left.every((arg, i) => sameType(arg, right[i]!));
}
