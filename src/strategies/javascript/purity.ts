/** Code that may run again in a worker: module tops without effects, constants that nothing changes. */
import * as path from 'node:path';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Workspace } from '../types';
import { CLONED, MUTATING_METHODS } from './builtins';
import { isFunction, sourceOf, walk, type Node, type Source, type Variable } from './syntax';
import { functionOf, isPrimitive, type Types } from './types';

/** An expression that gives the same wherever and whenever it is evaluated, and does nothing besides. */
export function isConstant(source: Source, node: Node | null, depth = 0): boolean {
  if (!node) return true;
  if (depth > 20) return false;
  const inner = (n: Node | null): boolean => isConstant(source, n, depth + 1);
  switch (node.type) {
    case T.Literal:
    case T.ArrowFunctionExpression:
    case T.FunctionExpression:
      return true;
    case T.TemplateLiteral:
      return node.expressions.every(inner);
    case T.UnaryExpression:
      return node.operator !== 'delete' && inner(node.argument);
    case T.BinaryExpression:
    case T.LogicalExpression:
      return inner(node.left) && inner(node.right);
    case T.ConditionalExpression:
      return inner(node.test) && inner(node.consequent) && inner(node.alternate);
    case T.ArrayExpression:
      return node.elements.every(inner);
    case T.SpreadElement:
      return inner(node.argument);
    case T.ObjectExpression:
      return node.properties.every((p) => (p.type === T.SpreadElement ? inner(p.argument) : (!p.computed || inner(p.key)) && inner(p.value)));
    case T.MemberExpression:
      return isNamespace(source, node.object) && !node.computed ? true : inner(node.object) && (!node.computed || inner(node.property));
    case T.TSAsExpression:
    case T.TSSatisfiesExpression:
    case T.TSNonNullExpression:
    case T.TSTypeAssertion:
      return inner(node.expression);
    case T.Identifier: {
      const variable = source.variable(node);
      if (!variable) return /^(?:undefined|NaN|Infinity)$/.test(node.name);
      const definition = variable.defs[0]?.node;
      if (functionOf(variable)) return true;
      if (definition?.type !== T.VariableDeclarator || definition.id.type !== T.Identifier) return false;
      return variable.references.every((r) => !r.isWrite() || r.init) && inner(definition.init);
    }
    case T.NewExpression:
      return node.callee.type === T.Identifier && !source.variable(node.callee) && (CLONED.has(node.callee.name) || node.callee.name === 'RegExp') && node.arguments.every(inner);
    case T.CallExpression: {
      const { callee } = node;
      if (callee.type !== T.MemberExpression || callee.computed || callee.property.type !== T.Identifier) {
        return callee.type === T.Identifier && !source.variable(callee) && /^(?:Number|String|Boolean|BigInt|parseInt|parseFloat)$/.test(callee.name) && node.arguments.every(inner);
      }
      if (isNamespace(source, callee.object)) return callee.property.name !== 'random' && callee.property.name !== 'now' && node.arguments.every((a) => inner(a) || isConstantFunction(source, a, depth));
      return !MUTATING_METHODS.has(callee.property.name) && inner(callee.object) && node.arguments.every((a) => inner(a) || isConstantFunction(source, a, depth));
    }
    default:
      return false;
  }
}

function isConstantFunction(source: Source, node: Node, depth: number): boolean {
  return isFunction(node) && node.body?.type !== T.BlockStatement && isConstant(source, node.body ?? null, depth + 1);
}

function isNamespace(source: Source, node: Node): boolean {
  return node.type === T.Identifier && !source.variable(node) && /^(?:Math|Number|Object|Array|String|JSON|BigInt|Float64Array|Float32Array|Uint8Array|Int32Array|Uint32Array)$/.test(node.name);
}

/**
 * Whether a variable keeps, for the whole run, the value that it is declared with: never assigned again, and what it holds is only read.
 * Handing it to a function counts as a change.
 */
export function isFrozen(source: Source, types: Types, variable: Variable): boolean {
  if (variable.references.some((r) => r.isWrite() && !r.init)) return false;
  if (isPrimitive(types.variable(variable))) return true;
  return variable.references.every((r) => r.init || r.isTypeReference || isRead(source, r.identifier));
}

/** Whether a use of a name leaves what it stands for as it is. */
export function isRead(source: Source, identifier: Node): boolean {
  let node: Node = identifier;
  for (let parent = source.parent(node); parent; parent = source.parent(node)) {
    switch (parent.type) {
      case T.MemberExpression: {
        if (parent.object !== node) return true;
        const outer = source.parent(parent);
        if (outer?.type === T.AssignmentExpression) return outer.right === parent;
        if (outer?.type === T.UpdateExpression || (outer?.type === T.UnaryExpression && outer.operator === 'delete')) return false;
        if (outer?.type === T.CallExpression && outer.callee === parent) {
          return parent.property.type === T.Identifier && !MUTATING_METHODS.has(parent.property.name);
        }
        node = parent;
        continue;
      }
      case T.TSNonNullExpression:
      case T.TSAsExpression:
        node = parent;
        continue;
      case T.ForOfStatement:
      case T.ForInStatement:
        return parent.right === node;
      case T.SpreadElement:
      case T.BinaryExpression:
      case T.TemplateLiteral:
      case T.UnaryExpression:
      case T.IfStatement:
        return true;
      case T.CallExpression:
        // What Math, JSON or Object is given it only looks at, Object.assign and the like excepted.
        return parent.callee.type === T.MemberExpression && isNamespace(source, parent.callee.object) && parent.callee.property.type === T.Identifier && !/^(?:assign|define|set|freeze)/.test(parent.callee.property.name);
      case T.ExportSpecifier:
        return true;
      default:
        // An element that is taken out of it, `const row = TABLE[i]`, may be changed under that name.
        return node !== identifier && parent.type !== T.VariableDeclarator && parent.type !== T.AssignmentExpression && parent.type !== T.ReturnStatement;
    }
  }
  return false;
}

/** What a module does when it is loaded, besides making functions, classes and constants; null when that is nothing. */
export function loadingEffect(source: Source, workspace: Workspace, seen: Set<string> = new Set()): { readonly source: Source; readonly node: Node } | null {
  if (seen.has(source.path)) return null;
  seen.add(source.path);
  for (const statement of source.program.body) {
    const effect = statementEffect(source, statement, workspace, seen);
    if (effect) return effect;
  }
  return null;
}

type Effect = { readonly source: Source; readonly node: Node };

function statementEffect(source: Source, statement: Node, workspace: Workspace, seen: Set<string>): Effect | null {
  const here: Effect = { source, node: statement };
  switch (statement.type) {
    case T.ImportDeclaration:
    case T.ExportAllDeclaration:
      if (statement.type === T.ImportDeclaration && statement.importKind === 'type') return null;
      return importEffect(source, statement.source.value, workspace, seen);
    case T.ExportNamedDeclaration:
      if (statement.source) return importEffect(source, statement.source.value, workspace, seen);
      return statement.declaration ? statementEffect(source, statement.declaration, workspace, seen) : null;
    case T.ExportDefaultDeclaration:
      return statement.declaration.type === T.ClassDeclaration || isFunction(statement.declaration) || isConstant(source, statement.declaration) ? null : here;
    case T.FunctionDeclaration:
    case T.TSDeclareFunction:
    case T.TSInterfaceDeclaration:
    case T.TSTypeAliasDeclaration:
    case T.TSEnumDeclaration:
    case T.EmptyStatement:
      return null;
    case T.ClassDeclaration:
      return classEffect(source, statement) ? here : null;
    case T.VariableDeclaration: {
      for (const { init } of statement.declarations) {
        const required = requiredPath(init);
        if (required !== null) {
          const effect = importEffect(source, required, workspace, seen);
          if (effect) return effect;
        } else if (!isConstant(source, init)) return here;
      }
      return null;
    }
    case T.ExpressionStatement:
      if (statement.directive) return null;
      return isExportAssignment(source, statement.expression) ? null : here;
    default:
      return here;
  }
}

/** A class whose making runs code of its own. */
export function classEffect(source: Source, node: TSESTree.ClassDeclaration | TSESTree.ClassExpression): boolean {
  if (node.decorators.length > 0) return true;
  return node.body.body.some((m) => m.type === T.StaticBlock || (m.type === T.PropertyDefinition && m.static && !isConstant(source, m.value)) || ('decorators' in m && m.decorators.length > 0));
}

function isExportAssignment(source: Source, node: Node): boolean {
  if (node.type !== T.AssignmentExpression) return false;
  const target = source.of(node.left);
  if (!/^(?:module\.exports|exports)\b/.test(target)) return false;
  if (node.right.type === T.Identifier) return true;
  if (node.right.type === T.ObjectExpression) return node.right.properties.every((p) => p.type === T.Property && (p.value.type === T.Identifier || isConstant(source, p.value)));
  return isConstant(source, node.right) || node.right.type === T.ClassExpression;
}

function importEffect(source: Source, specifier: string, workspace: Workspace, seen: Set<string>): Effect | null {
  const file = resolveBeside(source.path, specifier, workspace);
  return file ? loadingEffect(sourceOf(file, workspace.read(file)!), workspace, seen) : null;
}

/** `m` of `require('m')` and `require('m').x`; null for anything else. */
export function requiredPath(node: Node | null): string | null {
  if (node?.type === T.MemberExpression) return requiredPath(node.object);
  if (node?.type !== T.CallExpression || node.callee.type !== T.Identifier || node.callee.name !== 'require' || node.arguments.length !== 1) return null;
  const [argument] = node.arguments;
  return argument!.type === T.Literal && typeof argument!.value === 'string' ? argument!.value : null;
}

/** The file that a relative import names; null for packages and for what is not there. */
export function resolveBeside(from: string, specifier: string, workspace: Workspace): string | null {
  if (!/^\.{1,2}(?:\/|$)/.test(specifier)) return null;
  const base = path.resolve(path.dirname(from), specifier);
  const source = base.replace(/\.([cm]?)js(x?)$/, '.$1ts$2');
  const endings = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '/index.ts', '/index.js', '/index.mjs', '/index.cjs'];
  return [base, source].flatMap((b) => endings.map((e) => b + e)).find((file) => /\.[cm]?[jt]sx?$/.test(file) && workspace.read(file) !== null) ?? null;
}

/** Everything under a node that another thread sees differently: the name of the file that runs, the program's arguments. */
export function threadBound(source: Source, node: Node, runs: (node: Node) => boolean): Node | null {
  let found: Node | null = null;
  walk(node, (at) => {
    if (!runs(at)) return undefined;
    if (at.type === T.MetaProperty && source.of(at) === 'import.meta') {
      const member = source.parent(at);
      if (member?.type !== T.MemberExpression || source.of(member) !== 'import.meta.dirname') found ??= member ?? at;
    }
    if (at.type === T.Identifier && at.name === 'performance' && source.reference(at) && !source.variable(at)) found ??= at;
    if (at.type === T.MemberExpression && at.object.type === T.Identifier && at.object.name === 'process' && !source.variable(at.object)) {
      const name = at.property.type === T.Identifier ? at.property.name : '';
      if (!/^(?:env|cwd|platform|arch|version|versions|hrtime|memoryUsage|pid|release|cpuUsage|uptime|nextTick)$/.test(name)) found ??= at;
    }
    return found === null;
  });
  return found;
}
