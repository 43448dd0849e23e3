/** Syntax errors: what to say about them, and which functions they spoil. */
import type { FunctionBuilder } from './builders';
import type { Lowering } from './lowering';

/** Lists what the parser could not make sense of, and marks the innermost function around each as broken. */
export function noteErrors(l: Lowering): void {
  const { tree } = l;
  const ends = new Map<FunctionBuilder, number>();
  let listed = 0;
  for (const node of tree.errors) {
    const missing = tree.missing.has(node);
    // Errors inside an error say nothing new.
    if (node >= listed) {
      const written = tree.text.slice(tree.start(node), tree.end(node)).trim();
      l.problem(node, missing ? `missing ${describe(tree.kind(node))}` : `invalid syntax${written ? ` at ${quote(written)}` : ''}`);
      listed = tree.subtreeEnd(node);
    }
    innermost(l.functions, node, (fn) => {
      let end = ends.get(fn);
      if (end === undefined) ends.set(fn, (end = tree.subtreeEnd(fn.node)));
      return end;
    }).broken = true;
  }
}

/** Nodes are numbered in source order, so a function holds the nodes from its own to the end of its subtree. */
function innermost(functions: readonly FunctionBuilder[], node: number, end: (fn: FunctionBuilder) => number): FunctionBuilder {
  let found = functions[0]!;
  for (const fn of functions) if (fn.node <= node && node < end(fn) && fn.node >= found.node) found = fn;
  return found;
}

function describe(kind: string): string {
  return /^[a-z_]+$/.test(kind) ? kind.replace(/_/g, ' ') : `"${kind}"`;
}

function quote(written: string): string {
  const line = written.split(/\r?\n/, 1)[0]!;
  return `"${line.length > 40 ? `${line.slice(0, 40)}…` : line}"`;
}
