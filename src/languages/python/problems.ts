/** Syntax errors: what to say about them, and which functions they spoil. */
import type { FunctionBuilder } from './builders';
import type { Lowering } from './lowering';

/** Lists what the parser could not make sense of, and marks the innermost function around each as broken. */
export function noteErrors(l: Lowering): void {
  const { tree } = l;
  const ends = new Map<FunctionBuilder, number>();
  let listed = 0;
  for (const node of tree.errors) {
    // Errors inside an error say nothing new.
    if (node >= listed) {
      list(l, node);
      listed = tree.incomplete.has(node) ? node + 1 : tree.subtreeEnd(node);
    }
    innermost(l.functions, node, (fn) => {
      let end = ends.get(fn);
      if (end === undefined) ends.set(fn, (end = tree.subtreeEnd(fn.node)));
      return end;
    }).broken = true;
    breakCutShort(l, tree.start(node));
  }
}

function list(l: Lowering, node: number): void {
  const { tree } = l;
  const start = tree.start(node);
  const written = tree.text.slice(start, tree.end(node));
  if (tree.missing.has(node)) l.problem(node, `missing ${describe(tree.kind(node))}`);
  else if (tree.incomplete.has(node)) {
    // Its end is not where it should be.
    const code = written.trimEnd();
    const line = code.lastIndexOf('\n') + 1;
    l.problems.push({ message: `invalid syntax after ${quote(code.slice(line).trim())}`, start: start + line, end: start + code.length });
  } else l.problem(node, `invalid syntax${written.trim() ? ` at ${quote(written.trim())}` : ''}`);
}

/** A function that ends just before an error on a line which is indented further than its own was cut short: the error belonged to its body. */
function breakCutShort(l: Lowering, error: number): void {
  const { text } = l.tree;
  const indentAt = (at: number): number => /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1, at))![0].length;
  const indent = indentAt(error);
  if (indent === 0) return;
  const before = endOfCode(text, error);
  for (const fn of l.functions) {
    if (fn.kind !== 'module' && before <= fn.end && fn.end <= error && indentAt(fn.start) < indent) fn.broken = true;
  }
}

/** Where the last line before an offset ends that is neither empty nor a comment. */
function endOfCode(text: string, offset: number): number {
  let end = text.lastIndexOf('\n', offset - 1);
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end).trim();
    if (line && !line.startsWith('#')) return start + text.slice(start, end).trimEnd().length;
    end = start - 1;
  }
  return 0;
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
