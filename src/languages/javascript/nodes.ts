/** Small questions about nodes of the syntax tree. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';

export type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
export type ClassNode = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** Declared for the type checker only: nothing of it runs. */
export function isAmbient(node: TSESTree.Node): boolean {
  return 'declare' in node && node.declare === true;
}

const RUNS: ReadonlySet<string> = new Set([
  T.TSAsExpression,
  T.TSEnumBody,
  T.TSEnumDeclaration,
  T.TSEnumMember,
  T.TSExportAssignment,
  T.TSExternalModuleReference,
  T.TSImportEqualsDeclaration,
  T.TSInstantiationExpression,
  T.TSModuleBlock,
  T.TSModuleDeclaration,
  T.TSNonNullExpression,
  T.TSParameterProperty,
  T.TSSatisfiesExpression,
  T.TSTypeAssertion,
]);

/** A node of TypeScript's that leaves nothing behind in the output. */
export function isTypeOnly(node: TSESTree.Node): boolean {
  return node.type.startsWith('TS') && !RUNS.has(node.type);
}

/** What a property or member key is called; numbers as the string that the engine makes of them. */
export function keyName(key: TSESTree.Node): string {
  switch (key.type) {
    case T.Identifier:
      return key.name;
    case T.PrivateIdentifier:
      return `#${key.name}`;
    case T.Literal:
      return String(key.value);
    default:
      return '<computed>';
  }
}

/** Drops what only the type checker sees: `x as T`, `x!`, `x satisfies T`, `<T>x`, and the wrapper of an optional chain. */
export function bare(node: TSESTree.Node): TSESTree.Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case T.TSAsExpression:
      case T.TSNonNullExpression:
      case T.TSSatisfiesExpression:
      case T.TSTypeAssertion:
      case T.TSInstantiationExpression:
      case T.ChainExpression:
        inner = inner.expression;
        break;
      default:
        return inner;
    }
  }
}

/** The name that a function or class without one gets from where it stands, as the engine gives it; dotted for members. */
export function nameFromParent(node: TSESTree.Node, parent: TSESTree.Node): string | null {
  switch (parent.type) {
    case T.VariableDeclarator:
      return parent.init === node && parent.id.type === T.Identifier ? parent.id.name : null;
    case T.AssignmentExpression:
      return parent.right === node ? dotted(parent.left) : null;
    case T.AssignmentPattern:
      return parent.right === node && parent.left.type === T.Identifier ? parent.left.name : null;
    case T.Property:
    case T.PropertyDefinition:
    case T.AccessorProperty:
      return parent.value === node && !parent.computed ? keyName(parent.key) : null;
    default:
      return null;
  }
}

function dotted(node: TSESTree.Node): string | null {
  if (node.type === T.Identifier) return node.name;
  if (node.type === T.ThisExpression) return 'this';
  if (node.type !== T.MemberExpression || node.computed) return null;
  const object = dotted(node.object);
  return object === null ? null : `${object}.${keyName(node.property)}`;
}

/** Start of a node, decorators before `export` included. */
export function startWithDecorators(node: TSESTree.Node): number {
  const decorators = 'decorators' in node ? (node.decorators as readonly TSESTree.Node[] | undefined) : undefined;
  return Math.min(node.range[0], ...(decorators ?? []).map((d) => d.range[0]));
}

/** The module that `require('…')` names; null for anything else. Whether `require` is the module system's is for the caller to know. */
export function requiredModule(node: TSESTree.Node | null): { readonly module: string; readonly callee: TSESTree.Identifier } | null {
  if (node?.type !== T.CallExpression || node.arguments.length !== 1) return null;
  const [argument] = node.arguments;
  if (node.callee.type !== T.Identifier || node.callee.name !== 'require') return null;
  if (argument!.type === T.Literal && typeof argument!.value === 'string') return { module: argument!.value, callee: node.callee };
  return null;
}

/** An instance field that its class's constructor has to set. */
export function isInstanceField(member: TSESTree.ClassElement): member is TSESTree.PropertyDefinition | TSESTree.AccessorProperty {
  return (
    (member.type === T.PropertyDefinition || member.type === T.AccessorProperty) &&
    !member.static &&
    member.value !== null &&
    !isAmbient(member)
  );
}

/** Whether a member is where something is stored. A property of an object pattern looks like one of a literal: that counts too. */
export function isWritten(node: TSESTree.MemberExpression, parent: TSESTree.Node): boolean {
  switch (parent.type) {
    case T.AssignmentExpression:
    case T.AssignmentPattern:
    case T.ForInStatement:
    case T.ForOfStatement:
      return parent.left === node;
    case T.Property:
      return parent.value === node;
    case T.UpdateExpression:
    case T.ArrayPattern:
    case T.RestElement:
      return true;
    default:
      return false;
  }
}

/** A decorator's name as written, without its arguments. */
export function decoratorName(expression: TSESTree.Expression): string {
  if (expression.type === T.CallExpression) return decoratorName(expression.callee);
  if (expression.type === T.MemberExpression && !expression.computed)
    return `${decoratorName(expression.object)}.${keyName(expression.property)}`;
  return expression.type === T.Identifier ? expression.name : '<decorator>';
}
