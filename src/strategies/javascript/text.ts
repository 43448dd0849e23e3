/** Writes code in a file's style. */
import { applyEdits, type TextEdit } from '../../edit/edit';
import { pieceOf, type JavaScriptStyle } from '../../edit/javascript';
import { indentAt, withLineEnd } from '../../edit/source';
import { AST_NODE_TYPES as T } from '@typescript-eslint/types';
import { contains, walk, type Node, type Range, type Source } from './syntax';

/** Lines of code, indented as they are added. They are given with semicolons, which a file that does without them does not get. */
export class Lines {
  private readonly lines: string[] = [];

  /** @param base indentation of depth 0. */
  constructor(
    private readonly style: JavaScriptStyle,
    private readonly base: string,
  ) {}

  indent(depth: number): string {
    return this.base + this.style.indent.repeat(depth);
  }

  add(depth: number, ...lines: string[]): this {
    for (const line of lines) this.lines.push(line === '' ? '' : this.indent(depth) + this.ended(line));
    return this;
  }

  /** A piece of the person's own code: its first line has no indentation, the others have theirs. */
  piece(depth: number, piece: string): this {
    this.lines.push(this.indent(depth) + piece);
    return this;
  }

  /** A call with one object: on a line if it fits, else with a line for each property. */
  call(depth: number, before: string, properties: readonly { readonly name: string; readonly value: string }[], after: string): this {
    const short = `${before}${objectLiteral(properties)}${after}`;
    if (this.indent(depth).length + short.length <= WIDTH) return this.add(depth, short);
    this.add(depth, `${before}{`);
    for (const { name, value } of properties) this.add(depth + 1, `${name === value ? name : `${name}: ${value}`},`);
    return this.add(depth, `}${after}`);
  }

  private ended(line: string): string {
    return this.style.semicolons ? line : line.replace(/;$/, '');
  }

  /** Without indentation before the first line and without a line end behind the last. */
  toString(): string {
    const text = this.lines.join('\n');
    return withLineEnd(text.startsWith(this.base) ? text.slice(this.base.length) : text, this.style.eol);
  }
}

/** Template literals over several lines: their lines must not be moved. */
function fixedRanges(source: Source, range: Range): Range[] {
  const found: Range[] = [];
  walk(source.program, (node) => {
    if (!contains(range, node) && !contains(node, range)) return false;
    if (node.type === T.TemplateElement && source.of(node).includes('\n')) found.push({ start: node.range[0], end: node.range[1] });
    return undefined;
  });
  return found;
}

/** A stretch of the file with its own lines moved from the indentation of its first line to another; `edits` are absolute. */
export function moved(source: Source, range: Range, to: string, edits: readonly TextEdit[] = []): string {
  const piece = pieceOf(source.text, range, { from: indentAt(source.text, range.start), to, edits, fixed: fixedRanges(source, range) });
  return piece.replace(/\r\n/g, '\n');
}

/** The text of a node with edits inside it. */
export function edited(source: Source, node: Node, edits: readonly TextEdit[]): string {
  const inside = edits.filter((e) => e.start >= node.range[0] && e.end <= node.range[1]);
  return applyEdits(
    source.of(node),
    inside.map((e) => ({ start: e.start - node.range[0], end: e.end - node.range[0], text: e.text })),
  );
}

/** Beyond this width a call is written over several lines. */
export const WIDTH = 110;

/** `{ a, b: c }` */
export function objectLiteral(properties: readonly { readonly name: string; readonly value: string }[]): string {
  return properties.length === 0 ? '{}' : `{ ${properties.map(({ name, value }) => (name === value ? name : `${name}: ${value}`)).join(', ')} }`;
}
