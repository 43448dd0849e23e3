/**
 * Fills a flat syntax tree in one walk.
 *
 * Every question put to a tree-sitter node crosses into wasm and back. Here each node crosses once: about a quarter of the time that
 * parsing takes, and the walk needs no recursion, so that no depth of nesting overflows the stack.
 */
import type { Node, Tree, TreeCursor } from 'web-tree-sitter';
import type { Grammar } from './grammar';
import { Storage, SyntaxTree } from './tree';

/**
 * The functions behind `TreeCursor`, without its copying of the cursor to and fro at each call: they keep it in one buffer between
 * calls. `read` gives a word of that buffer.
 */
export interface RawCursor {
  firstChild(tree: number): number;
  nextSibling(tree: number): number;
  parent(tree: number): number;
  kind(tree: number): number;
  field(tree: number): number;
  start(tree: number): number;
  end(tree: number): number;
  missing(tree: number): number;
  read(at: number): number;
}

const shared = new Storage();

/** Copies a tree out of tree-sitter. `raw` null uses the public interface only (slower, same result). */
export function flatten(tree: Tree, text: string, grammar: Grammar, raw: RawCursor | null): SyntaxTree {
  const out = new SyntaxTree(text, grammar, shared);
  // Asked first: between the steps of the raw cursor nothing else may use the binding.
  const hasError = tree.rootNode.hasError;
  const bad = hasError ? brokenNodes(tree.rootNode) : NOTHING_BROKEN;
  const cursor = tree.walk();
  try {
    const steps = raw ? rawSteps(cursor, raw, tree, bad) : publicSteps(cursor);
    fill(out, shared, steps, hasError);
    out.errors.sort((a, b) => a - b);
    steps.end();
  } finally {
    cursor.delete();
  }
  return out;
}

interface Steps {
  firstChild(): boolean;
  nextSibling(): boolean;
  parent(): boolean;
  kind(): number;
  field(): number;
  startIndex(): number;
  endIndex(): number;
  missing(): boolean;
  /** The node or something inside it is wrong. */
  hasError(): boolean;
  end(): void;
}

function publicSteps(cursor: TreeCursor): Steps {
  return {
    firstChild: () => cursor.gotoFirstChild(),
    nextSibling: () => cursor.gotoNextSibling(),
    parent: () => cursor.gotoParent(),
    kind: () => cursor.nodeTypeId,
    field: () => cursor.currentFieldId,
    startIndex: () => cursor.startIndex,
    endIndex: () => cursor.endIndex,
    missing: () => cursor.nodeIsMissing,
    hasError: () => cursor.currentNode.hasError,
    end: () => undefined,
  };
}

const NOTHING_BROKEN: ReadonlySet<string> = new Set();

const nodeKey = (kind: number, start: number, end: number): string => `${kind}:${start}:${end}`;

/** The nodes that are wrong or hold what is: only the public interface tells, so it is asked on the way to the errors and nowhere else. */
function brokenNodes(root: Node): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [root];
  for (let node = pending.pop(); node; node = pending.pop()) {
    found.add(nodeKey(node.typeId, node.startIndex, node.endIndex));
    for (const child of node.children) if (child?.hasError) pending.push(child);
  }
  return found;
}

function rawSteps(cursor: TreeCursor, raw: RawCursor, tree: Tree, bad: ReadonlySet<string>): Steps {
  const address = (tree as unknown as Record<number, number>)[0]!;
  const words = cursor as unknown as Record<number, number>;
  // Asking anything copies the cursor into the buffer.
  void cursor.startIndex;
  return {
    firstChild: () => raw.firstChild(address) === 1,
    nextSibling: () => raw.nextSibling(address) === 1,
    parent: () => raw.parent(address) === 1,
    kind: () => raw.kind(address),
    field: () => raw.field(address),
    startIndex: () => raw.start(address),
    endIndex: () => raw.end(address),
    missing: () => raw.missing(address) === 1,
    hasError: () => bad.has(nodeKey(raw.kind(address), raw.start(address), raw.end(address))),
    // The cursor's memory may have moved: its owner must know where it is to free it.
    end: () => {
      for (let at = 0; at < 4; at++) words[at] = raw.read(at);
    },
  };
}

function fill(out: SyntaxTree, storage: Storage, cursor: Steps, hasError: boolean): void {
  const { treatment, error, hasFields, names } = out.grammar;
  const slice = names.indexOf('slice');
  let size = 0;
  /** Ancestors of the cursor's node, and for each the last child recorded. */
  const parents: number[] = [];
  const last: number[] = [];
  /** For each ancestor: whether something in it is wrong, and whether what is wrong was found. */
  const bad: boolean[] = [];
  const explained: boolean[] = [];
  const root = -1;
  const wrong = (node: number, depth: number, missing: boolean): void => {
    out.errors.push(node);
    if (missing) out.missing.add(node);
    if (depth >= 0) explained[depth] = true;
  };
  const record = (kind: number, parent: number, depth: number): number => {
    if (size === storage.kind.length) storage.grow(size * 2);
    const node = size++;
    storage.kind[node] = kind;
    storage.first[node] = 0;
    storage.next[node] = 0;
    storage.start[node] = cursor.startIndex();
    storage.end[node] = cursor.endIndex();
    storage.field[node] = parent >= 0 && hasFields[storage.kind[parent]!] ? cursor.field() : 0;
    if (parent >= 0) {
      const previous = last[depth]!;
      if (previous) storage.next[previous] = node;
      else storage.first[parent] = node;
      last[depth] = node;
    }
    return node;
  };
  let parent = root;
  for (;;) {
    const raw = cursor.kind();
    const kind = raw >= error ? error : raw;
    const depth = parents.length - 1;
    let into = -1;
    switch (treatment[kind]!) {
      case 'skip':
        // A token that the parser made up has no text: what is wrong is where it should be.
        if (hasError && cursor.missing()) wrong(record(kind, parent, depth), depth, true);
        break;
      case 'colon':
        if (parent >= 0 && storage.kind[parent] === slice) record(kind, parent, depth);
        else if (hasError && cursor.missing()) wrong(record(kind, parent, depth), depth, true);
        break;
      case 'comment': {
        const start = cursor.startIndex();
        const end = cursor.endIndex();
        out.comments.push({ start, end, text: out.text.slice(start, end) });
        break;
      }
      case 'leaf':
      case 'annotation': {
        const node = record(kind, parent, depth);
        if (hasError && cursor.missing()) wrong(node, depth, true);
        // Annotations are read from their text; only errors are looked for inside.
        if (hasError && treatment[kind] === 'annotation') into = node;
        break;
      }
      case 'node': {
        into = record(kind, parent, depth);
        if (kind === error) wrong(into, depth, false);
        else if (hasError && cursor.missing()) wrong(into, depth, true);
        break;
      }
    }
    const intoBad = hasError && into >= 0 && (depth < 0 || bad[depth]!) && cursor.hasError();
    if (intoBad && depth >= 0) explained[depth] = true;
    if (into >= 0 && cursor.firstChild()) {
      parents.push(into);
      last.push(0);
      bad.push(intoBad);
      explained.push(kind === error);
      parent = into;
      continue;
    }
    let more = true;
    while (!cursor.nextSibling()) {
      if (!cursor.parent()) {
        more = false;
        break;
      }
      const left = parents.pop()!;
      last.pop();
      const known = explained.pop()!;
      if (bad.pop()! && !known) {
        out.errors.push(left);
        out.incomplete.add(left);
      }
      parent = parents.length ? parents[parents.length - 1]! : root;
    }
    if (!more) break;
  }
  storage.size = size;
}
