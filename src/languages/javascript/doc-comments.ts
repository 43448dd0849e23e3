/** Which doc comment belongs to which function or declaration. */
import type { TSESTree } from '@typescript-eslint/types';
import type { TypeIR } from '../../ir/ir';
import { docDefinitions, docTypes, readDocType, type DocTypes } from './jsdoc';
import type { FunctionInfo, Outline } from './outline';

export class DocComments {
  /** Doc comments by the offset of the first character of what follows them. */
  private readonly byNext = new Map<number, string>();
  private readonly read = new Map<number, DocTypes | undefined>();
  /** Types that comments define, by name, as written; null while one is read, for it may speak of itself. */
  private readonly defined = new Map<string, string | null>();

  constructor(
    comments: readonly TSESTree.Comment[],
    text: string,
    private readonly outline: Outline,
  ) {
    for (const comment of comments) {
      const [start, end] = comment.range;
      if (!text.startsWith('/**', start) || !text.slice(start, end).includes('@')) continue;
      for (const { name, text: type } of docDefinitions(text.slice(start, end))) this.defined.set(name, type);
      const gap = /^(?:\s|\/\/[^\r\n]*)*/.exec(text.slice(end, end + 2000))![0].length;
      this.byNext.set(end + gap, text.slice(start, end));
    }
  }

  parameter(fn: FunctionInfo, name: string): TypeIR | undefined {
    return this.of(fn)?.params.get(name);
  }

  returns(fn: FunctionInfo): TypeIR | undefined {
    return this.of(fn)?.returns;
  }

  variable(node: TSESTree.VariableDeclarator): TypeIR | undefined {
    if (this.byNext.size === 0) return undefined;
    const declaration = this.outline.declarationStart.get(node);
    return declaration === undefined ? undefined : this.at(declaration)?.type;
  }

  private of(fn: FunctionInfo): DocTypes | undefined {
    if (this.byNext.size === 0) return undefined;
    return this.at(fn.start) ?? this.at(fn.docStart);
  }

  private at(offset: number): DocTypes | undefined {
    if (!this.read.has(offset)) {
      const comment = this.byNext.get(offset);
      this.read.set(offset, comment === undefined ? undefined : docTypes(comment, (name) => this.meaning(name)));
    }
    return this.read.get(offset);
  }

  private meaning(name: string): TypeIR | null | undefined {
    const node = this.outline.types.get(name);
    const id = node && this.outline.classOf.get(node)?.id;
    if (id !== undefined) return { name: id };
    const written = this.defined.get(name);
    if (written === undefined || written === null) return written;
    this.defined.set(name, null);
    const type = readDocType(written, (inner) => this.meaning(inner)) ?? null;
    this.defined.set(name, written);
    return type;
  }
}
