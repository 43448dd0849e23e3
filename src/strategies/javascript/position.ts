/** Where the rewrite goes: in the place of the loop's statement, or before the statement that a call stands in. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { LoopSyntax } from './loop';
import { Refusal } from '../refusal';
import { isFunction, isStatement, type Node, type Source } from './syntax';

export type Position =
  /** The statement is the loop. */
  | { readonly kind: 'replace'; readonly statement: Node; readonly braces: boolean }
  /** `const ys = xs.map(f);`: the array is filled where it is declared. */
  | { readonly kind: 'declare'; readonly statement: Node; readonly declaration: TSESTree.VariableDeclaration; readonly braces: false }
  /** The result goes into the statement behind it. */
  | { readonly kind: 'before'; readonly statement: Node; readonly braces: boolean }
  /** `(xs) => xs.map(f)`: the arrow gets a block. */
  | { readonly kind: 'arrow'; readonly arrow: TSESTree.ArrowFunctionExpression; readonly statement: Node; readonly braces: false };

/** @throws Refusal when the call cannot run before the rest of its statement. */
export function placeOf(source: Source, syntax: LoopSyntax): Position {
  const { node, statement } = syntax;
  if (syntax.method === null) return { kind: 'replace', statement, braces: !isInList(source, statement) };
  let at: Node = node;
  for (let parent = source.parent(at); parent; parent = source.parent(at)) {
    if (isFunction(parent)) {
      if (parent.type !== T.ArrowFunctionExpression || parent.body !== at) throw misplaced(source, node);
      return { kind: 'arrow', arrow: parent, statement: at, braces: false };
    }
    if (parent.type === T.PropertyDefinition || parent.type === T.StaticBlock) throw misplaced(source, node);
    refuseOrder(source, syntax, parent, at);
    if (isStatement(parent)) {
      const whole = parent.type === T.ExpressionStatement && parent.expression === node;
      if (whole && syntax.method === 'forEach') return { kind: 'replace', statement: parent, braces: !isInList(source, parent) };
      const outer = source.parent(parent);
      const exported = outer?.type === T.ExportNamedDeclaration || outer?.type === T.ExportDefaultDeclaration ? outer : parent;
      if (!isInList(source, exported) && parent.type === T.VariableDeclaration) throw misplaced(source, node);
      if (isDeclared(syntax, parent)) return { kind: 'declare', statement: exported, declaration: parent as TSESTree.VariableDeclaration, braces: false };
      return { kind: 'before', statement: exported, braces: !isInList(source, exported) };
    }
    at = parent;
  }
  throw misplaced(source, node);
}

function misplaced(source: Source, node: Node): Refusal {
  return new Refusal(`the call on line ${source.line(node)} stands where nothing can be put before it`, 'give its result a name first: const results = …');
}

/** Among the statements of a block: others can stand beside it. */
function isInList(source: Source, statement: Node): boolean {
  const parent = source.parent(statement);
  return parent?.type === T.BlockStatement || parent?.type === T.Program || parent?.type === T.SwitchCase || parent?.type === T.TSModuleBlock;
}

function isDeclared(syntax: LoopSyntax, statement: Node): boolean {
  if (statement.type !== T.VariableDeclaration || statement.declarations.length !== 1) return false;
  const [declarator] = statement.declarations;
  if (declarator!.init !== syntax.node || declarator!.id.type !== T.Identifier) return false;
  return syntax.method === 'from' || (syntax.method === 'map' && syntax.header.kind === 'items' && syntax.header.array && !syntax.header.typed);
}

/** What is evaluated before the call in the same statement must not notice that the loop now runs first. */
function refuseOrder(source: Source, syntax: LoopSyntax, parent: Node, at: Node): void {
  const line = source.line(syntax.node);
  const fail = (): never => {
    throw new Refusal(`something else is evaluated before the call on line ${line}, in the same statement`, 'give its result a name first: const results = …');
  };
  switch (parent.type) {
    case T.ConditionalExpression:
      if (parent.test !== at) fail();
      return;
    case T.LogicalExpression:
      if (parent.left !== at) fail();
      return;
    case T.AssignmentExpression:
      if (parent.operator !== '=' || !isInert(source, parent.left)) fail();
      return;
    case T.ForStatement:
      if (parent.init !== at) fail();
      return;
    case T.ForOfStatement:
    case T.ForInStatement:
      if (parent.right !== at) fail();
      return;
    case T.WhileStatement:
    case T.DoWhileStatement:
    case T.SwitchCase:
      fail();
      return;
    case T.IfStatement:
      if (parent.test !== at) fail();
      return;
    case T.AssignmentPattern:
      fail();
      return;
    case T.MemberExpression:
    case T.CallExpression:
      if ('optional' in parent && parent.optional && at !== (parent.type === T.MemberExpression ? parent.object : parent.callee)) fail();
      break;
    default:
  }
  for (const sibling of source.childrenOf(parent)) {
    if (sibling.range[0] >= at.range[0]) break;
    if (!isInert(source, sibling)) fail();
  }
}

/** Its evaluation does nothing, and gives the same before and after the loop. */
export function isInert(source: Source, node: Node): boolean {
  switch (node.type) {
    case T.Identifier:
    case T.Literal:
    case T.ThisExpression:
    case T.ArrowFunctionExpression:
    case T.FunctionExpression:
    case T.PrivateIdentifier:
      return true;
    case T.MemberExpression:
      return isInert(source, node.object) && (!node.computed || isInert(source, node.property));
    case T.TemplateLiteral:
      return node.expressions.every((e) => isInert(source, e));
    case T.TemplateElement:
      return true;
    case T.UnaryExpression:
      return node.operator !== 'delete' && isInert(source, node.argument);
    case T.BinaryExpression:
    case T.LogicalExpression:
      return isInert(source, node.left) && isInert(source, node.right);
    case T.Property:
      return isInert(source, node.value) && (!node.computed || isInert(source, node.key));
    case T.SpreadElement:
      return isInert(source, node.argument);
    case T.ArrayExpression:
      return node.elements.every((e) => e === null || isInert(source, e));
    case T.ObjectExpression:
      return node.properties.every((p) => isInert(source, p));
    case T.VariableDeclarator:
      return node.init === null || isInert(source, node.init);
    case T.ArrayPattern:
    case T.ObjectPattern:
      return true;
    default:
      return node.type.startsWith('TS') ? ('expression' in node ? isInert(source, node.expression as Node) : true) : false;
  }
}
