/**
 * A syntax tree as flat arrays of numbers, filled in one walk.
 *
 * Every question put to a tree-sitter node crosses into wasm and back. Here each node crosses once: about a quarter of the time that
 * parsing takes, and the walk needs no recursion, so that no depth of nesting overflows the stack.
 */
import type { Language, Tree, TreeCursor } from 'web-tree-sitter';

/** What tree-sitter's numbers mean. */
export interface Grammar {
  /** Name of each kind; the last is ERROR. */
  readonly names: readonly string[];
  readonly named: readonly boolean[];
  readonly fields: readonly string[];
  readonly error: number;
  readonly treatment: readonly Treatment[];
  /** Kinds whose children have fields that are asked for. */
  readonly hasFields: readonly boolean[];
}

/** How a kind is walked: not recorded, recorded without children, a comment, recorded with its children. */
type Treatment = 'skip' | 'leaf' | 'comment' | 'node' | 'colon' | 'annotation';

/** Tokens that say nothing which their parent does not say already. */
const SKIPPED_TOKENS = new Set(
  (
    '( ) [ ] { } . ; -> def class if elif else for while try with lambda return import del raise assert global nonlocal ' +
    'match case pass break continue = := finally print exec type __future__'
  ).split(' '),
);

const SKIPPED_NODES = new Set(['line_continuation', 'escape_sequence', 'escape_interpolation', 'type_conversion']);

const LEAVES = new Set(
  (
    'identifier integer float true false none ellipsis string_start string_content string_end import_prefix wildcard_import ' +
    'pass_statement break_statement continue_statement keyword_separator positional_separator'
  ).split(' '),
);

/** Kinds that have no fields, or none that is asked for. */
const WITHOUT_FIELDS = new Set(
  (
    'module block argument_list list tuple set dictionary expression_list pattern_list tuple_pattern list_pattern parameters ' +
    'lambda_parameters dotted_name string concatenated_string expression_statement return_statement parenthesized_expression ' +
    'conditional_expression slice attribute call subscript binary_operator boolean_operator comparison_operator unary_operator not_operator pair'
  ).split(' '),
);

export function grammarOf(language: Language): Grammar {
  const names = language.types.map((name) => name ?? '');
  const error = names.length;
  const named = names.map((_, id) => language.nodeTypeIsNamed(id));
  const treatment = names.map((name, id): Treatment => {
    if (name === ':') return 'colon';
    if (!named[id]) return SKIPPED_TOKENS.has(name) ? 'skip' : 'leaf';
    if (name === 'comment') return 'comment';
    if (name === 'type') return 'annotation';
    return SKIPPED_NODES.has(name) ? 'skip' : LEAVES.has(name) ? 'leaf' : 'node';
  });
  return {
    names: [...names, 'ERROR'],
    named: [...named, true],
    fields: language.fields.map((name) => name ?? ''),
    error,
    treatment: [...treatment, 'node'],
    hasFields: [...names.map((name) => !WITHOUT_FIELDS.has(name)), false],
  };
}

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

export interface CommentToken {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Nodes are numbers in source order, the root is 0; 0 as a link means that there is none. */
export class SyntaxTree {
  readonly comments: CommentToken[] = [];
  /** ERROR and MISSING nodes, and nodes that lack something that is no node (the end of a block). */
  readonly errors: number[] = [];
  readonly missing = new Set<number>();
  readonly incomplete = new Set<number>();

  constructor(
    readonly text: string,
    readonly grammar: Grammar,
    private readonly storage: Storage,
  ) {}

  get root(): number {
    return 0;
  }

  kindId(node: number): number {
    return this.storage.kind[node]!;
  }

  kind(node: number): string {
    return this.grammar.names[this.storage.kind[node]!]!;
  }

  named(node: number): boolean {
    return this.grammar.named[this.storage.kind[node]!]!;
  }

  start(node: number): number {
    return this.storage.start[node]!;
  }

  end(node: number): number {
    return this.storage.end[node]!;
  }

  /** First child, tokens among them. */
  first(node: number): number {
    return this.storage.first[node]!;
  }

  next(node: number): number {
    return this.storage.next[node]!;
  }

  /** Text of a node; empty for none. */
  textOf(node: number | undefined): string {
    return node ? this.text.slice(this.storage.start[node]!, this.storage.end[node]!) : '';
  }

  /** Children that are neither mere tokens nor errors. */
  children(node: number): number[] {
    const { first, next, kind } = this.storage;
    const { named, error } = this.grammar;
    const out: number[] = [];
    for (let child = first[node]!; child; child = next[child]!) if (named[kind[child]!] && kind[child] !== error) out.push(child);
    return out;
  }

  /** The first of `children`, or 0. */
  firstNamed(node: number): number {
    const { first, next, kind } = this.storage;
    const { named, error } = this.grammar;
    let child = first[node]!;
    while (child && (!named[kind[child]!] || kind[child] === error)) child = next[child]!;
    return child;
  }

  /** One more than the last node inside this one. */
  subtreeEnd(node: number): number {
    const { first, next } = this.storage;
    let last = node;
    for (let child = first[node]!; child; child = next[child]! || first[child]!) last = child;
    return last + 1;
  }

  /** The child with this field, or 0. */
  child(node: number, field: number): number {
    const storage = this.storage;
    for (let child = storage.first[node]!; child; child = storage.next[child]!) if (storage.field[child] === field) return child;
    return 0;
  }

  childrenWith(node: number, field: number): number[] {
    const storage = this.storage;
    const out: number[] = [];
    for (let child = storage.first[node]!; child; child = storage.next[child]!) if (storage.field[child] === field) out.push(child);
    return out;
  }

  /** Whether the node has this token among its direct children. */
  hasToken(node: number, token: string): boolean {
    const { first, next, kind } = this.storage;
    const { named, names } = this.grammar;
    for (let child = first[node]!; child; child = next[child]!) if (!named[kind[child]!] && names[kind[child]!] === token) return true;
    return false;
  }
}

class Storage {
  size = 0;
  kind = new Uint16Array(0);
  field = new Uint8Array(0);
  start = new Int32Array(0);
  end = new Int32Array(0);
  first = new Int32Array(0);
  next = new Int32Array(0);

  constructor() {
    this.grow(1 << 14);
  }

  grow(size: number): void {
    const copy = <T extends Uint8Array | Uint16Array | Int32Array>(from: T, to: T): T => {
      to.set(from as never);
      return to;
    };
    this.kind = copy(this.kind, new Uint16Array(size));
    this.field = copy(this.field, new Uint8Array(size));
    this.start = copy(this.start, new Int32Array(size));
    this.end = copy(this.end, new Int32Array(size));
    this.first = copy(this.first, new Int32Array(size));
    this.next = copy(this.next, new Int32Array(size));
  }
}

const shared = new Storage();

/** Copies a tree out of tree-sitter. `raw` null uses the public interface only (slower, same result). */
export function flatten(tree: Tree, text: string, grammar: Grammar, raw: RawCursor | null): SyntaxTree {
  const out = new SyntaxTree(text, grammar, shared);
  // Asked first: between the steps of the raw cursor nothing else may use the binding.
  const hasError = tree.rootNode.hasError;
  const cursor = tree.walk();
  try {
    // What is wrong with a broken tree only the public interface tells.
    const steps = raw && !hasError ? rawSteps(cursor, raw, tree) : publicSteps(cursor);
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

function rawSteps(cursor: TreeCursor, raw: RawCursor, tree: Tree): Steps {
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
    hasError: () => false,
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
