/** Prints the statements of a kernel's functions in Rust. */
import type { KExpr, KFor, KFunction, KStmt } from '../kernel/model';
import { isArray } from '../kernel/typing';
import { childrenOf, walkKernel } from '../kernel/walk';
import { declarationsOf, type Declaration, type Declarations } from '../kernel/declarations';
import { typeOf, type Expressions } from './expressions';
import { isOpen } from '../kernel/fallible';
import type { Ownership } from '../kernel/ownership';

const INDENT = '    ';

export interface Ending {
  /** What `return` gives, as an expression of the function's type. */
  result(value: KExpr | null, stmt: KStmt): string;
  /** A statement that gives a result of the iteration; null leaves it out. */
  give(stmt: Extract<KStmt, { do: 'result' }>): string | null;
}

/** The body of one function. */
export class Statements {
  private readonly declarations: Declarations;
  private readonly types: ReadonlyMap<string, KFunction['locals'][number]['type']>;

  constructor(
    private readonly e: Expressions,
    private readonly ownership: Ownership,
    private readonly ending: Ending,
  ) {
    this.declarations = declarationsOf(ownership.fn);
    this.types = new Map(ownership.fn.locals.map((v) => [v.name, v.type]));
  }

  /** @param tail the block's value is the function's */
  block(stmts: readonly KStmt[], depth: number, tail: boolean): string[] {
    return stmts.flatMap((stmt, i) => this.stmt(stmt, depth, tail && i === stmts.length - 1));
  }

  private stmt(stmt: KStmt, depth: number, tail: boolean): string[] {
    const pad = INDENT.repeat(depth);
    const declared = this.declarations.at(stmt);
    const before = declared.filter((d) => !d.withValue).map((d) => `${pad}let ${d.changes ? 'mut ' : ''}${this.bound(d.name)}: ${this.typeOf(d.name)};`);
    return [...before, ...this.plain(stmt, declared.find((d) => d.withValue), pad, depth, tail)];
  }

  private plain(stmt: KStmt, declared: Declaration | undefined, pad: string, depth: number, tail: boolean): string[] {
    const { e } = this;
    switch (stmt.do) {
      case 'assign':
        return [pad + this.assignment(stmt.name, stmt.value, declared)];
      case 'store':
        return this.store(stmt).map((l) => pad + l);
      case 'append':
        return this.aside(stmt.value, stmt.array, 'item', (value) => `${e.help('append')}(&mut ${e.print(stmt.array)}, ${value})?;`).map((l) => pad + l);
      case 'for':
        return [`${pad}for ${this.counter(stmt)} in ${this.range(stmt)} {`, ...this.block(stmt.body, depth + 1, false), `${pad}}`];
      case 'while': {
        const endless = stmt.test.op === 'const' && stmt.test.value === true;
        return [`${pad}${endless ? 'loop' : `while ${e.print(stmt.test)}`} {`, ...this.block(stmt.body, depth + 1, false), `${pad}}`];
      }
      case 'if':
        return this.branches(stmt, pad, depth, tail);
      case 'return': {
        const value = this.ending.result(stmt.value, stmt);
        return [pad + (tail ? value : `return ${value};`)];
      }
      case 'result': {
        const text = this.ending.give(stmt);
        return text === null ? [] : [pad + text];
      }
      case 'break':
      case 'continue':
        return [`${pad}${stmt.do};`];
      case 'give-up':
        return [pad + (tail ? 'None' : 'return None;')];
    }
  }

  /** A name that nothing reads begins with an underscore. */
  private bound(name: string): string {
    const own = this.e.names.variable(name);
    return this.declarations.isRead(name) || own.startsWith('_') ? own : `_${own}`;
  }

  private typeOf(name: string): string {
    return typeOf(this.types.get(name)!, this.ownership.isOwned(name));
  }

  private assignment(name: string, value: KExpr, declared: Declaration | undefined): string {
    const { e } = this;
    const own = this.bound(name);
    if (!declared) {
      const joins = (value.op === 'arith' && !value.checked) || (value.op === 'bits' && '&|^'.includes(value.operator));
      if (joins && value.left.op === 'var' && value.left.name === name) return `${own} ${value.operator}= ${e.print(value.right)};`;
      return `${own} = ${e.print(value)};`;
    }
    // Rust tells the type of a literal, or of a list of literals, from what is done with it: not always early enough.
    const open = isOpen(value) || (value.op === 'new-array' && (value.fill === null || isOpen(value.fill)));
    const several = isArray(value.type) && declared.changes;
    const type = open || several ? `: ${this.typeOf(name)}` : '';
    return `let ${declared.changes ? 'mut ' : ''}${own}${type} = ${e.print(value)};`;
  }

  private store(stmt: Extract<KStmt, { do: 'store' }>): string[] {
    const { e } = this;
    const { array, index, value } = stmt;
    if (!stmt.checked && !stmt.wraps) return [this.update(`${e.print(array)}[${e.place(index)}]`, stmt)];
    if (stmt.wraps) return this.aside(index, array, 'place', (place) => `*${e.help('at_mut')}(&mut ${e.print(array)}, ${place})? = ${e.print(value)};`);
    if (!mentions(index, array)) return [this.update(`*${e.print(array)}.get_mut(${e.place(index)})?`, stmt)];
    return this.aside(index, array, 'place', (place) => `*${e.print(array)}.get_mut(${place} as usize)? = ${e.print(value)};`);
  }

  /** `counts[k] += 1.0` for floats; checked integers are written out. */
  private update(place: string, { array, index, value }: Extract<KStmt, { do: 'store' }>): string {
    const { e } = this;
    if (value.op === 'arith' && !value.checked && value.left.op === 'index' && same(value.left.array, array) && same(value.left.index, index)) {
      return `${place} ${value.operator}= ${e.print(value.right)};`;
    }
    return `${place} = ${e.print(value)};`;
  }

  /** What reads the list that is changed is computed before it is lent. */
  private aside(expr: KExpr, array: KExpr, name: string, line: (text: string) => string): string[] {
    if (!mentions(expr, array)) return [line(this.e.print(expr))];
    const own = this.types.has(name) || this.ownership.fn.params.some((p) => p.name === name) ? `${name}_` : name;
    return [`let ${own} = ${this.e.print(expr)};`, line(own)];
  }

  private counter({ counter, body }: KFor): string {
    const own = this.e.names.variable(counter);
    return readsIn(body, counter) ? own : `_${own.replace(/^_+/, '')}`;
  }

  private range({ start, stop, step }: KFor): string {
    const { e } = this;
    const limit = (expr: KExpr): string => e.print(expr, 3);
    if (step === 1) return `${limit(start)}..${limit(stop)}`;
    if (stop.op !== 'const') return `(${limit(stop)}..${limit(start)}).rev().map(|k| k + 1)`;
    const low = (stop.value as bigint) + 1n;
    const isOneLess = start.op === 'arith' && start.operator === '-' && start.right.op === 'const' && start.right.value === 1n;
    return isOneLess ? `(${low}..${limit(start.left)}).rev()` : `(${low}..=${limit(start)}).rev()`;
  }

  private branches(stmt: Extract<KStmt, { do: 'if' }>, pad: string, depth: number, tail: boolean): string[] {
    const lines = [`${pad}if ${this.e.print(stmt.test)} {`, ...this.block(stmt.then, depth + 1, tail)];
    const [only] = stmt.otherwise;
    if (stmt.otherwise.length === 1 && only!.do === 'if' && this.declarations.at(only!).length === 0) {
      const [first, ...rest] = this.branches(only!, pad, depth, tail);
      return [...lines, `${pad}} else ${first!.trimStart()}`, ...rest];
    }
    if (stmt.otherwise.length === 0) return [...lines, `${pad}}`];
    return [...lines, `${pad}} else {`, ...this.block(stmt.otherwise, depth + 1, tail), `${pad}}`];
  }
}

function mentions(expr: KExpr, array: KExpr): boolean {
  return (expr.op === 'var' && array.op === 'var' && expr.name === array.name) || childrenOf(expr).some((c) => mentions(c, array));
}

function readsIn(body: readonly KStmt[], name: string): boolean {
  let found = false;
  walkKernel(body, { expr: (e) => void (found ||= e.op === 'var' && e.name === name) });
  return found;
}

function same(a: KExpr, b: KExpr): boolean {
  const plain = (e: KExpr): string => JSON.stringify(e, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));
  return plain(a) === plain(b);
}
