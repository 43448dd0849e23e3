/** ES module or CommonJS. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import { visitorKeys } from '@typescript-eslint/visitor-keys';

const MODULE_SYNTAX: ReadonlySet<string> = new Set([
  T.ImportDeclaration,
  T.ExportNamedDeclaration,
  T.ExportDefaultDeclaration,
  T.ExportAllDeclaration,
]);

/** By extension, else by the syntax that only one of the two has; a file that shows neither is CommonJS, as it is to Node. */
export function moduleSystem(path: string, program: TSESTree.Program, text: string): 'esm' | 'commonjs' {
  const extension = /\.([mc])[jt]s$/i.exec(path);
  if (extension) return extension[1]!.toLowerCase() === 'm' ? 'esm' : 'commonjs';
  if (program.body.some((statement) => MODULE_SYNTAX.has(statement.type))) return 'esm';
  return /\bawait\b|\bimport\s*\.\s*meta\b/.test(text) && awaitsOrAsksMeta(program) ? 'esm' : 'commonjs';
}

/** `await` outside functions, or `import.meta` anywhere. */
function awaitsOrAsksMeta(program: TSESTree.Program): boolean {
  const pending: { readonly node: TSESTree.Node; readonly inFunction: boolean }[] = [{ node: program, inFunction: false }];
  for (let at = pending.pop(); at; at = pending.pop()) {
    const { node } = at;
    if (node.type === T.MetaProperty && node.meta.name === 'import') return true;
    if (!at.inFunction && (node.type === T.AwaitExpression || (node.type === T.ForOfStatement && node.await))) return true;
    const inFunction = at.inFunction || /Function/.test(node.type);
    for (const key of visitorKeys[node.type] ?? []) {
      const child = (node as unknown as Record<string, unknown>)[key];
      for (const one of Array.isArray(child) ? child : [child]) {
        if (one && typeof one === 'object' && 'type' in one) pending.push({ node: one as TSESTree.Node, inFunction });
      }
    }
  }
  return false;
}
