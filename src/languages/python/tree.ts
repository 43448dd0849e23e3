/** A syntax tree as flat arrays of numbers. */
import type { Grammar } from './grammar';

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

/** The arrays behind a tree; they grow and are used again. */
export class Storage {
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
