/** Types in doc comments: `@param {number[]} xs`, `@returns {Promise<string>}`, `@type {Map<string, number>}`. */
import type { TypeIR } from '../../ir/ir';
import { generic, union } from './annotations';

export interface DocTypes {
  readonly params: ReadonlyMap<string, TypeIR>;
  readonly returns?: TypeIR;
  readonly type?: TypeIR;
}

/** Reads a `/** … *\/` comment. Names that `classes` knows become class ids. Types that it can't read are left out. */
export function docTypes(comment: string, classes: (name: string) => string | undefined): DocTypes {
  const params = new Map<string, TypeIR>();
  let returns: TypeIR | undefined;
  let type: TypeIR | undefined;
  for (const match of comment.matchAll(/@(param|arg|argument|returns?|type)\s*\{/g)) {
    const open = match.index + match[0].length;
    const close = closing(comment, open);
    if (close < 0) continue;
    const read = new TypeReader(comment.slice(open, close), classes).read();
    if (!read) continue;
    if (match[1] === 'type') type ??= read;
    else if (match[1]!.startsWith('return')) returns ??= read;
    else {
      // `[name=default]` is optional: without the argument it is its default or undefined, so it says nothing sure.
      const name = /^\s*([\w$]+)(?![.\w$[])/.exec(comment.slice(close + 1));
      if (name) params.set(name[1]!, read);
    }
  }
  return { params, ...(returns && { returns }), ...(type && { type }) };
}

function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}

const NAMES: Readonly<Record<string, string | null>> = {
  array: 'Array',
  any: null,
  unknown: null,
  mixed: null,
  Number: 'number',
  String: 'string',
  Boolean: 'boolean',
  bool: 'boolean',
  BigInt: 'bigint',
  Symbol: 'symbol',
  integer: 'number',
  int: 'number',
  float: 'number',
  Object: 'object',
  Function: 'function',
  ReadonlyArray: 'Array',
  void: 'undefined',
};

/** A recursive-descent reader of the common part of JSDoc's and TypeScript's type syntax. */
class TypeReader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(
    source: string,
    private readonly classes: (name: string) => string | undefined,
  ) {
    this.tokens = source.match(/=>|\.\.\.|\.<|\[\]|'[^']*'|"[^"]*"|[\w$]+(?:\.[\w$]+)*|[^\s*]|\*/g) ?? [];
  }

  /** The whole text as a type; undefined when it isn't one that is understood. */
  read(): TypeIR | undefined {
    const type = this.union();
    return this.at === this.tokens.length ? type : undefined;
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private union(): TypeIR | undefined {
    this.take('|');
    const types = [this.postfix()];
    while (this.take('|')) types.push(this.postfix());
    return union(types);
  }

  private postfix(): TypeIR | undefined {
    if (this.take('...')) return generic('Array', [this.postfix()]);
    const nullable = this.take('?');
    if (!nullable) this.take('!');
    let type = this.primary();
    for (;;) {
      if (this.take('[]')) type = generic('Array', [type]);
      else if (!this.take('!')) break;
    }
    // `T=` and `T?` are optional: the value may be undefined.
    if (this.take('=') || this.take('?')) return union([type, { name: 'undefined' }]);
    return nullable ? union([type, { name: 'null' }]) : type;
  }

  private primary(): TypeIR | undefined {
    if (this.take('(')) {
      const type = this.union();
      return this.take(')') && this.tokens[this.at] !== '=>' ? type : this.give();
    }
    const token = this.tokens[this.at++];
    if (token === undefined) return undefined;
    if (/^['"]/.test(token)) return { name: 'string' };
    if (/^\d+$/.test(token)) return { name: 'number' };
    if (token === 'true' || token === 'false') return { name: 'boolean' };
    if (!/^[A-Za-z_$]/.test(token)) return this.give();
    const args = this.arguments();
    if (token in NAMES) {
      const renamed = NAMES[token];
      return renamed ? generic(renamed, renamed === 'object' ? [] : args) : undefined;
    }
    return generic(this.classes(token) ?? token, args);
  }

  private arguments(): (TypeIR | undefined)[] {
    if (!this.take('<') && !this.take('.<')) return [];
    const args = [this.union()];
    while (this.take(',')) args.push(this.union());
    if (!this.take('>')) this.give();
    return args;
  }

  /** Not understood: nothing after this fits. */
  private give(): undefined {
    this.at = this.tokens.length + 1;
    return undefined;
  }
}
