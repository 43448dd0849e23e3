/** Types in doc comments: `@param {number[]} xs`, `@returns {Promise<string>}`, `@type {Map<string, number>}`. */
import type { TypeIR } from '../../ir/ir';
import { generic, union } from './annotations';

export interface DocTypes {
  readonly params: ReadonlyMap<string, TypeIR>;
  readonly returns?: TypeIR;
  readonly type?: TypeIR;
}

/** What the names in a doc comment stand for: a type, or nothing that is known (`null`); undefined leaves the name as it is. */
export type DocNames = (name: string) => TypeIR | null | undefined;

/** Reads a `/** … *\/` comment. Types that it can't read are left out. */
export function docTypes(comment: string, names: DocNames): DocTypes {
  const params = new Map<string, TypeIR>();
  let returns: TypeIR | undefined;
  let type: TypeIR | undefined;
  for (const match of comment.matchAll(/@(param|arg|argument|returns?|type)\s*\{/g)) {
    const open = match.index + match[0].length;
    const close = closing(comment, open);
    if (close < 0) continue;
    const read = readDocType(comment.slice(open, close), names);
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

/** A type as written between the braces; undefined when it says nothing or isn't understood. */
export function readDocType(text: string, names: DocNames): TypeIR | undefined {
  return new TypeReader(text, names).read();
}

/** The types that a comment defines: `@typedef {number[]} Shape`, `@callback Visit`. */
export function docDefinitions(comment: string): { readonly name: string; readonly text: string }[] {
  const found: { name: string; text: string }[] = [];
  for (const match of comment.matchAll(/@(?:typedef\s*\{|callback\s+([\w$]+))/g)) {
    if (match[1] !== undefined) {
      found.push({ name: match[1], text: 'function' });
      continue;
    }
    const open = match.index + match[0].length;
    const close = closing(comment, open);
    const name = close < 0 ? null : /^\s*([\w$]+)/.exec(comment.slice(close + 1));
    if (name) found.push({ name: name[1]!, text: comment.slice(open, close) });
  }
  return found;
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
    private readonly names: DocNames,
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
    if (this.tokens[this.at] === '(') return this.parenthesis();
    if (this.tokens[this.at] === '{') return this.skip('{', '}') ? { name: 'object' } : this.give();
    const token = this.tokens[this.at++];
    if (token === undefined || token === '*') return undefined;
    if (/^['"]/.test(token)) return { name: 'string' };
    if (/^\d+$/.test(token)) return { name: 'number' };
    if (token === 'true' || token === 'false') return { name: 'boolean' };
    if (!/^[A-Za-z_$]/.test(token)) return this.give();
    if (token === 'function' && this.tokens[this.at] === '(') return this.callable();
    if (token === 'import' && this.tokens[this.at] === '(') return this.imported();
    const args = this.arguments();
    if (Object.hasOwn(NAMES, token)) {
      const renamed = NAMES[token];
      return renamed ? generic(renamed, renamed === 'object' ? [] : args) : undefined;
    }
    const meaning = this.names(token);
    return meaning === undefined ? generic(token, args) : (meaning ?? undefined);
  }

  /** A type in parentheses, or the parameters of an arrow function's type. */
  private parenthesis(): TypeIR | undefined {
    const open = this.at;
    if (!this.skip('(', ')')) return this.give();
    if (this.take('=>')) {
      this.postfix();
      return { name: 'function' };
    }
    this.at = open + 1;
    const type = this.union();
    return this.take(')') ? type : this.give();
  }

  /** `function(number, string): void` after its first word. */
  private callable(): TypeIR | undefined {
    if (!this.skip('(', ')')) return this.give();
    if (this.take(':')) this.postfix();
    return { name: 'function' };
  }

  /** `import('./m').Name` after its first word. */
  private imported(): TypeIR | undefined {
    if (!this.skip('(', ')') || !this.take('.')) return undefined;
    const name = this.tokens[this.at++];
    return name && /^[\w$]+$/.test(name) ? generic(name, this.arguments()) : this.give();
  }

  /** Goes past a bracket and what it encloses. */
  private skip(open: string, close: string): boolean {
    let depth = 0;
    while (this.at < this.tokens.length) {
      const token = this.tokens[this.at++];
      if (token === open) depth++;
      else if (token === close && --depth === 0) return true;
    }
    return false;
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
