/** Prints the functions of a kernel in Mojo: those of the program, and one that computes a turn. */
import { Refusal } from '../../refusal';
import { declarationsOf, type Declaration, type Declarations } from '../kernel/declarations';
import type { KExpr, KFor, KFunction, KResult, KStmt, KType, Kernel } from '../kernel/model';
import type { Names } from '../kernel/names';
import { isOwn, ownershipOf, type Ownership } from '../kernel/ownership';
import { INDENT, Level } from '../kernel/python-print';
import { isArray } from '../kernel/typing';
import { childrenOf, walkKernel } from '../kernel/walk';
import { Expressions, typed, typeOf, type Needs } from './expressions';

const WIDTH = 100;

/** The type of what a turn gives. */
export function turnType({ results }: Kernel): string {
  return results.length === 1 ? typeOf(results[0]!.type) : 'Turn';
}

/** One function of the kernel. */
export class FunctionPrinter extends Expressions {
  private readonly ownership: Ownership;
  private readonly fn: KFunction;
  private readonly declarations: Declarations;
  private readonly types: ReadonlyMap<string, KType>;

  /** @throws Refusal for what Mojo's owners cannot express. */
  constructor(
    kernel: Kernel,
    names: Names,
    needs: Needs,
    private readonly fallible: ReadonlySet<string>,
    given: KFunction,
  ) {
    super(kernel, names, needs);
    this.ownership = ownershipOf(given);
    this.fn = this.ownership.fn;
    this.declarations = declarationsOf(this.fn);
    this.types = new Map([...this.fn.params, ...this.fn.locals].map((v) => [v.name, v.type]));
    for (const { name, type } of this.fn.locals) if (isArray(type) && !this.ownership.isOwned(name)) this.checkReference(name);
  }

  protected get depth(): string {
    return this.fn.recursive ? 'depth - 1' : 'MAX_DEPTH';
  }

  protected override changes(name: string): boolean {
    return this.ownership.isOwned(name);
  }

  /** A reference is bound where it is declared, to one list. */
  private checkReference(name: string): void {
    const { fn } = this;
    let times = 0;
    walkKernel(fn.body, { stmt: (s) => void (times += s.do === 'assign' && s.name === name ? 1 : 0) });
    if (times > 1) throw new Refusal(`\`${name}\` in \`${fn.source}\` (line ${fn.line}) stands for one list after another, which a reference of Mojo cannot`, 'give each of them a name of its own');
  }

  definition(): string {
    const { fn } = this;
    const iteration = fn.returns === null;
    const params = fn.params.map((p) => `${assigns(fn.body, p.name) ? 'var ' : ''}${this.names.variable(p.name)}: ${typeOf(p.type)}`);
    if (fn.recursive) params.push('depth: Int');
    const returns = iteration ? turnType(this.kernel) : typeOf(fn.returns);
    const raises = this.fallible.has(fn.name) ? ' raises GiveUp' : '';
    const what = iteration ? `"""A turn of \`${docText(fn.source)}\`, line ${fn.line}."""` : `"""\`${docText(fn.source)}\`, line ${fn.line}."""`;
    const lines = [...signature(this.names.fn(fn.name), params, `${raises} -> ${returns}`), INDENT + what];
    if (fn.recursive) lines.push(`${INDENT}if depth == 0:`, `${INDENT}${INDENT}raise GiveUp()`);
    return [...lines, ...(iteration ? this.turn() : this.block(fn.body, 1))].join('\n');
  }

  // -------------------------------------------------------------------------------------------------------------------
  // What a turn gives

  private turn(): string[] {
    const { body } = this.fn;
    const tail = this.tailResults();
    if (tail) return [...(tail.from > 0 ? this.block(body.slice(0, tail.from), 1) : []), `${INDENT}return ${this.given(tail.values)}`];
    const before = this.kernel.results.map((r) => `${INDENT}var ${this.resultName(r.name)}: ${typeOf(r.type)}${r.optional ? ` = ${neutral(r.type)}` : ''}`);
    const last = body[body.length - 1]?.do === 'return';
    return [...before, ...this.block(body, 1), ...(last ? [] : [`${INDENT}${this.finish()}`])];
  }

  /** The results stand at the end, and nothing leaves before. */
  private tailResults(): { from: number; values: string[] } | null {
    const { body } = this.fn;
    let to = body.length;
    if (body[to - 1]?.do === 'return') to--;
    let from = to;
    while (from > 0 && body[from - 1]!.do === 'result') from--;
    const given = body.slice(from, to) as Extract<KStmt, { do: 'result' }>[];
    if (given.length !== this.kernel.results.length || leaves(body.slice(0, from))) return null;
    return {
      from,
      values: this.kernel.results.map((r) => {
        const stmt = given.find((g) => g.name === r.name)!;
        return this.moved(stmt.value, stmt);
      }),
    };
  }

  private resultName(name: string): string {
    const own = this.types.has(name) ? `${name}_result` : name;
    return this.names.variable(own);
  }

  private finish(): string {
    return `return ${this.given(this.kernel.results.map((r) => `${this.resultName(r.name)}${isArray(r.type) ? '^' : ''}`))}`;
  }

  private given(values: readonly string[]): string {
    return values.length === 1 ? values[0]! : `Turn(${values.join(', ')})`;
  }

  /** A value that is handed over: a list that is still used is copied. */
  private moved(value: KExpr, stmt: KStmt): string {
    const text = this.print(value, isArray(value.type) ? Level.Primary : 0);
    if (!isArray(value.type) || (isOwn(value, new Set()) && value.op !== 'var')) return this.print(value);
    if (value.op === 'var' && this.ownership.isOwned(value.name) && !this.ownership.isLiveAfter(stmt, value.name)) return `${text}^`;
    return this.fallible.has(this.fn.name) ? `${this.needs.help('copied')}(${text})` : `${text}.copy()`;
  }

  // -------------------------------------------------------------------------------------------------------------------

  protected override statement(stmt: KStmt, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const declared = this.declarations.at(stmt);
    const before = declared.filter((d) => !d.withValue).map((d) => `${pad}var ${this.names.variable(d.name)}: ${typeOf(this.types.get(d.name)!)}`);
    return [...before, ...this.plain(stmt, declared.find((d) => d.withValue), pad, depth)];
  }

  private plain(stmt: KStmt, declared: Declaration | undefined, pad: string, depth: number): string[] {
    switch (stmt.do) {
      case 'assign':
        return [pad + this.assignment(stmt, declared)];
      case 'store':
        return [`${pad}${this.update(this.item(stmt), stmt.value, isSameItem(stmt) && !readsBeside(stmt))}`];
      case 'append':
        return [`${pad}${this.needs.help('append')}(${this.print(stmt.array)}, ${this.print(typed(stmt.value))})`];
      case 'result':
        return [`${pad}${this.resultName(stmt.name)} = ${this.moved(stmt.value, stmt)}`];
      case 'break':
      case 'continue':
        return [pad + stmt.do];
      case 'give-up':
        return [`${pad}raise GiveUp()`];
      case 'return':
        return [pad + (stmt.value === null ? this.finish() : `return ${isArray(stmt.value.type) && stmt.value.op === 'var' ? `${this.print(stmt.value)}^` : this.print(stmt.value)}`)];
      case 'while':
        return [`${pad}while ${this.print(stmt.test)}:`, ...this.block(stmt.body, depth + 1)];
      case 'for':
        return [`${pad}for ${this.counter(stmt)} in ${this.range(stmt)}:`, ...this.block(stmt.body, depth + 1)];
      case 'if':
        return this.conditional(stmt, depth);
    }
  }

  private assignment({ name, value }: Extract<KStmt, { do: 'assign' }>, declared: Declaration | undefined): string {
    const own = this.names.variable(name);
    if (isArray(value.type)) {
      if (!this.ownership.isOwned(name)) return `ref ${own} = ${this.print(value)}`;
      const text = value.op === 'var' ? `${this.print(value)}^` : this.print(value);
      return declared ? `var ${own} = ${text}` : `${own} = ${text}`;
    }
    if (!declared) return this.update(own, value, value.op === 'arith' || value.op === 'bits' ? value.left.op === 'var' && value.left.name === name : false);
    return `var ${own} = ${this.print(value)}`;
  }

  /** `total += x` where the value begins with what is there; checked integers are written out. */
  private update(place: string, value: KExpr, joins: boolean): string {
    const plain = (value.op === 'arith' && !value.checked) || (value.op === 'bits' && '&|^'.includes(value.operator));
    if (joins && plain) return `${place} ${value.operator}= ${this.print(value.right)}`;
    return `${place} = ${this.print(value)}`;
  }

  private counter({ counter, body }: KFor): string {
    let read = false;
    walkKernel(body, { expr: (e) => void (read ||= e.op === 'var' && e.name === counter) });
    return read ? this.names.variable(counter) : '_';
  }
}

/** `counts[k] = counts[k] + …` */
function isSameItem({ array, index, value }: Extract<KStmt, { do: 'store' }>): boolean {
  if ((value.op !== 'arith' && value.op !== 'bits') || value.left.op !== 'index') return false;
  return same(value.left.array, array) && same(value.left.index, index);
}

/** What is added to an item comes from the same list. */
function readsBeside({ array, value }: Extract<KStmt, { do: 'store' }>): boolean {
  const mentions = (e: KExpr): boolean => (e.op === 'var' && array.op === 'var' && e.name === array.name) || childrenOf(e).some(mentions);
  return 'right' in value && mentions(value.right);
}

function same(a: KExpr, b: KExpr): boolean {
  const plain = (e: KExpr): string => JSON.stringify(e, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));
  return plain(a) === plain(b);
}

function assigns(body: readonly KStmt[], name: string): boolean {
  let found = false;
  walkKernel(body, { stmt: (s) => void (found ||= s.do === 'assign' && s.name === name) });
  return found;
}

/** A statement ends the turn before its last one. */
function leaves(body: readonly KStmt[]): boolean {
  let found = false;
  walkKernel(body, { stmt: (s) => void (found ||= s.do === 'return') });
  return found;
}

export function neutral(type: KResult['type']): string {
  if (isArray(type)) return `${typeOf(type)}()`;
  return { int: '0', float: '0.0', bool: 'False' }[type];
}

export function signature(name: string, params: readonly string[], suffix: string): string[] {
  const flat = `def ${name}(${params.join(', ')})${suffix}:`;
  if (flat.length <= WIDTH) return [flat];
  return [`def ${name}(`, ...params.map((p) => `${INDENT}${p},`), `)${suffix}:`];
}

function docText(source: string): string {
  return source.replace(/\\/g, '\\\\').replace(/"""/g, "'''");
}
