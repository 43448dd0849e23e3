/** Imports and exports of ES modules and of TypeScript's `import x = require()`. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Expr, Import, Span, Stmt, VarId } from '../../ir/ir';
import type { FunctionContext } from './context';
import { lowerExpr } from './expressions';
import { isAmbient, isTypeOnly, keyName, requiredModule } from './nodes';
import { addSynthetic } from './scopes';
import { functionDeclaration, lowerStatement } from './statements';
import { declaredNames } from './typescript';

export function lowerImport(node: TSESTree.ImportDeclaration, cx: FunctionContext): Stmt[] {
  const module = String(node.source.value);
  const typeOnly = node.importKind === 'type';
  const bindings: Import['bindings'][number][] = [];
  for (const specifier of node.specifiers) {
    if (specifier.type === T.ImportSpecifier && specifier.importKind === 'type') continue;
    const target = cx.target(specifier.local);
    const source = cx.module.scopes.variable(target.variable)?.import;
    if (source) bindings.push({ target, source });
  }
  if (!typeOnly) cx.module.imports.push(...(bindings.length ? bindings.map((b) => b.source) : [{ module, name: null }]));
  return [{ type: 'import', bindings, module, ...(typeOnly && { typeOnly }), span: cx.span(node) }];
}

/** `import x = require('m')` and `import x = A.B`. */
export function lowerImportEquals(node: TSESTree.TSImportEqualsDeclaration, cx: FunctionContext): Stmt[] {
  const span = cx.span(node);
  const target = cx.target(node.id);
  const { moduleReference: reference } = node;
  if (reference.type === T.TSExternalModuleReference) {
    const source = cx.module.scopes.variable(target.variable)?.import;
    if (!source || node.importKind === 'type') return [];
    cx.module.imports.push(source);
    return [{ type: 'import', bindings: [{ target, source }], module: source.module, span }];
  }
  return [{ type: 'assign-stmt', targets: [target], operator: null, value: qualified(reference, cx), declares: 'const', span }];
}

function qualified(node: TSESTree.EntityName, cx: FunctionContext): Expr {
  if (node.type === T.TSQualifiedName) {
    return { type: 'attribute' as const, object: qualified(node.left, cx), name: node.right.name, span: cx.span(node) };
  }
  return lowerExpr(node, cx);
}

/** `require('m')` as a statement runs the module and binds nothing. */
export function requireStatement(node: TSESTree.Node, span: Span, cx: FunctionContext): Stmt | null {
  const required = requiredModule(node);
  if (!required || !cx.isBuiltin(required.callee, 'require')) return null;
  cx.module.imports.push({ module: required.module, name: null });
  return { type: 'import', bindings: [], module: required.module, span };
}

type ExportNode =
  | TSESTree.ExportNamedDeclaration
  | TSESTree.ExportDefaultDeclaration
  | TSESTree.ExportAllDeclaration
  | TSESTree.TSExportAssignment;

export function lowerExport(node: ExportNode, cx: FunctionContext): Stmt[] {
  const { exports, imports } = cx.module;
  switch (node.type) {
    case T.ExportAllDeclaration: {
      if (node.exportKind === 'type') return [];
      const from = String(node.source.value);
      exports.push(
        node.exported ? { name: keyName(node.exported), variable: null, from, imported: '*' } : { name: '*', variable: null, from },
      );
      imports.push({ module: from, name: null });
      return [{ type: 'import', bindings: [], module: from, span: cx.span(node) }];
    }
    case T.ExportNamedDeclaration:
      return node.declaration ? exportedDeclaration(node.declaration, cx) : exportedNames(node, cx);
    case T.ExportDefaultDeclaration:
      return exportedDefault(node, cx);
    case T.TSExportAssignment:
      return exportedValue(node.expression, '=', cx.span(node), cx);
  }
}

function exportedDeclaration(node: TSESTree.Node, cx: FunctionContext): Stmt[] {
  if (isAmbient(node) || isTypeOnly(node)) return [];
  for (const name of declaredNames(node)) cx.module.exports.push({ name: name.name, variable: cx.target(name).variable });
  return lowerStatement(node, cx);
}

function exportedNames(node: TSESTree.ExportNamedDeclaration, cx: FunctionContext): Stmt[] {
  if (node.exportKind === 'type') return [];
  const from = node.source ? String(node.source.value) : null;
  for (const specifier of node.specifiers) {
    if (specifier.exportKind === 'type') continue;
    const name = keyName(specifier.exported);
    const local = keyName(specifier.local);
    if (from !== null) cx.module.exports.push({ name, variable: null, from, imported: local });
    else if (specifier.local.type === T.Identifier) {
      const { variable } = cx.target(specifier.local);
      // An interface or type alias is exported by the same form; only what has a value is an export here.
      if (cx.module.scopes.variable(variable)) cx.module.exports.push({ name, variable });
    }
  }
  if (from === null) return [];
  cx.module.imports.push({ module: from, name: null });
  return [{ type: 'import', bindings: [], module: from, span: cx.span(node) }];
}

function exportedDefault(node: TSESTree.ExportDefaultDeclaration, cx: FunctionContext): Stmt[] {
  const { declaration } = node;
  if (isAmbient(declaration) || isTypeOnly(declaration)) return [];
  const span = cx.span(node);
  if (declaration.type === T.FunctionDeclaration) {
    if (declaration.id) return named(cx.target(declaration.id).variable, functionDeclaration(declaration, cx));
    const info = cx.functionOf(declaration);
    if (!info) return [];
    const variable = addSynthetic(cx.module.scopes, cx.info, '<default>', { kind: 'function', target: info.id });
    const target = cx.named(variable, cx.span(declaration));
    return named(variable, [{ type: 'function-def', target, function: info.id, decorators: [], defaults: [], span: cx.span(declaration) }]);
  }
  if (declaration.type === T.ClassDeclaration) {
    const stmts = lowerStatement(declaration, cx);
    const variable = stmts[0]?.type === 'class-def' ? stmts[0].target.variable : null;
    return variable === null ? stmts : named(variable, stmts);
  }
  return exportedValue(declaration, 'default', span, cx);

  function named(variable: VarId, stmts: Stmt[]): Stmt[] {
    cx.module.exports.push({ name: 'default', variable });
    return stmts;
  }
}

/** `export default expression` and `export = expression`: a name stands for what it names, any other value gets a variable of its own. */
function exportedValue(node: TSESTree.Node, name: 'default' | '=', span: Span, cx: FunctionContext): Stmt[] {
  const value = lowerExpr(node, cx);
  if (value.type === 'name') {
    cx.module.exports.push({ name, variable: value.variable });
    return [{ type: 'expr', value, span }];
  }
  const info =
    value.type === 'function'
      ? { kind: 'function' as const, target: value.function }
      : value.type === 'class'
        ? { kind: 'class' as const, target: value.class }
        : { kind: 'local' as const };
  const type = cx.typeOf(node);
  const variable = addSynthetic(cx.module.scopes, cx.info, name === '=' ? '<exports>' : '<default>', { ...info, ...(type && { type }) });
  cx.module.exports.push({ name, variable });
  return [{ type: 'assign-stmt', targets: [cx.named(variable, span)], operator: null, value, declares: 'const', span }];
}
