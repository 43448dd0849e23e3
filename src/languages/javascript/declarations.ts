/** `var`, `let`, `const` and `using`. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Assign, Declare, Import, Span, Stmt } from '../../ir/ir';
import { typeFromNode } from './annotations';
import { opaque, type FunctionContext } from './context';
import { lowerExpr } from './expressions';
import { lowerTarget } from './patterns';

/** A statement for each declarator; a lone one has the whole declaration's span. */
export function lowerVariables(node: TSESTree.VariableDeclaration, cx: FunctionContext): Stmt[] {
  const alone = node.declarations.length === 1;
  return node.declarations.flatMap((declarator) => declaration(declarator, node.kind, cx.span(alone ? node : declarator), cx));
}

function declaration(
  node: TSESTree.VariableDeclarator,
  kind: TSESTree.VariableDeclaration['kind'],
  span: Span,
  cx: FunctionContext,
): Stmt[] {
  const imported = requireImport(node, span, cx);
  if (imported) return [imported];
  const target = lowerTarget(node.id, cx);
  const annotation = node.id.typeAnnotation ? typeFromNode(node.id.typeAnnotation.typeAnnotation, cx.module.annotations) : undefined;
  const typed = annotation ? { annotation } : {};
  if (!node.init) {
    const declares = kind === 'var' ? 'var' : 'let';
    return [{ type: 'declare', target, declares, ...typed, span } satisfies Declare];
  }
  const using = kind === 'using' || kind === 'await using';
  const init = lowerExpr(node.init, cx);
  return [
    {
      type: 'assign-stmt',
      targets: [target],
      operator: null,
      // What is disposed of at the end of the scope runs code that is not seen.
      value: using ? opaque('using', [init], init.span) : init,
      declares: kind === 'await using' ? 'using' : kind,
      ...typed,
      span,
    } satisfies Assign,
  ];
}

/** `const x = require('m')` in the forms that bind names for good is an import. */
function requireImport(node: TSESTree.VariableDeclarator, span: Span, cx: FunctionContext): Import | null {
  const names = bindingNames(node.id);
  const bindings: Import['bindings'][number][] = [];
  for (const name of names) {
    const meaning = cx.module.scopes.meaning(name);
    const variable = meaning.kind === 'variable' ? cx.module.scopes.variable(meaning.id) : undefined;
    if (variable?.kind !== 'import' || !variable.import) return null;
    bindings.push({ target: cx.target(name), source: variable.import });
  }
  const [first] = bindings;
  if (!first) return null;
  cx.module.imports.push(...bindings.map((b) => b.source));
  return { type: 'import', bindings, module: first.source.module, span };
}

function bindingNames(id: TSESTree.BindingName): TSESTree.Identifier[] {
  if (id.type === T.Identifier) return [id];
  if (id.type !== T.ObjectPattern) return [];
  return id.properties.flatMap((p) => (p.type === T.Property && p.value.type === T.Identifier ? [p.value] : []));
}
