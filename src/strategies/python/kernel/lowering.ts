/** What the lowering of a function's statements and expressions shares. */
import type { Expr, FunctionIR, Index, NameExpr, Span, Stmt } from '../../../ir/ir';
import type { Site } from '../site';
import { importedConstant } from './library';
import type { Functions } from './functions';
import type { ArrayType, KConst, KExpr, KStmt, KType, KVar, Scalar } from './model';
import type { Plane } from './planes';
import { KernelRefusal } from './refusal';
import { isPending, Scope, type GrowingType } from './scope';
import { arrayOf, isArray, typeInWords } from './typing';

interface Placed {
  readonly span: Span;
}

export class Lowering {
  readonly scope: Scope;
  readonly site: Site;
  /** Statements so far of the block that is being lowered. */
  block: KStmt[] = [];
  /** An expression may put statements before its own: not where it may not be evaluated, or more than once. */
  private hoisting = true;
  /** The loops of this function around the current statement. */
  depth = 0;
  /** The `if`s around it. */
  conditional = 0;
  /** What it returns, once that is known. */
  returns: KType | null = null;
  /** Subscripts that stand for a variable of the kernel, by the text of their source. */
  readonly replacements = new Map<string, KExpr>();
  /** Planes that the iteration works on, by the text of their subscript. */
  readonly planes = new Map<string, Plane>();
  /** The place in a plane that the statement before this one computed. */
  lastPlace: { readonly text: string; readonly block: readonly KStmt[]; readonly length: number; readonly place: KExpr } | null = null;

  constructor(
    readonly functions: Functions,
    readonly fn: FunctionIR,
    /** In the kernel. */
    readonly kernelName: string,
    /** Lowering the loop's body, not a function of its own. */
    readonly isIteration: boolean,
  ) {
    this.site = functions.site;
    this.scope = new Scope((node) => this.line(node));
  }

  line(node: Placed): number {
    return this.site.line(node, this.fn);
  }

  /** @throws KernelRefusal always */
  refuse(reason: string, node: Placed, remedy?: string): never {
    throw new KernelRefusal(reason, this.line(node), remedy);
  }

  emit(stmt: KStmt): void {
    this.block.push(stmt);
  }

  /** The statements that `lower` makes, as a block of their own. */
  inBlock(lower: () => void): KStmt[] {
    const outer = this.block;
    this.block = [];
    try {
      lower();
      return this.block;
    } finally {
      this.block = outer;
    }
  }

  withoutHoisting<T>(lower: () => T): T {
    const before = this.hoisting;
    this.hoisting = false;
    try {
      return lower();
    } finally {
      this.hoisting = before;
    }
  }

  /** @throws KernelRefusal where no statement can be put before the expression. */
  requireHoisting(what: string, node: Placed): void {
    if (!this.hoisting) this.refuse(`${what} is evaluated only sometimes, or again and again,`, node, 'give its value a name before');
  }


  /** The value of a name: a variable of the function, a constant, or a value from outside. */
  name(node: NameExpr): KExpr {
    if (this.scope.has(node.variable) || this.owns(node)) return this.scope.read(node);
    const constant = importedConstant(this, node);
    if (constant) return constant;
    const param = this.functions.capture(node, this.kernelName, this.line(node));
    return { op: 'var', type: param.type, name: param.name };
  }

  /** The name is a variable of what is being lowered, set or not. */
  protected owns(node: NameExpr): boolean {
    return this.fn.variables.has(node.variable);
  }


  /** Lowers a statement that writes to something outside the iteration; false when it is none. */
  outer(_stmt: Stmt): boolean {
    return false;
  }

  /** Ends the iteration. */
  leave(): void {
    this.emit({ do: 'return', value: null });
  }

  replaced(expr: Expr): KExpr | null {
    return this.replacements.get(this.site.source(expr, this.fn).replace(/\s+/g, '')) ?? null;
  }

  /** Of `out[i, j]` what stands for `out[i]`. */
  replacedPart(expr: Index): KExpr | null {
    if (expr.index.type !== 'collection' || this.replacements.size === 0) return null;
    const text = (e: Expr): string => this.site.source(e, this.fn).replace(/\s+/g, '');
    return this.replacements.get(`${text(expr.object)}[${text(expr.index.items[0]!)}]`) ?? null;
  }

  elementOf(array: KExpr, at: Placed): Scalar {
    const { type } = array;
    if (!isArray(type) || type.dims !== 1) this.refuse(`${typeInWords(type)} is used as a list of numbers`, at);
    if (isPending(type)) this.refuse('an element of a list is read before anything tells what it holds,', at);
    return type.element;
  }

  /** `[x] * n` */
  repeat(list: KExpr, times: KExpr, at: Placed): KExpr {
    if (list.op !== 'new-array' || list.length.op !== 'const' || list.length.value !== 1n || times.type !== 'int') this.refuse('`*` is applied to an array', at);
    return { ...list, length: times };
  }

  /** The value in a variable that nothing assigns again; constants stay as they are. */
  held(value: KExpr, base: string): KVar | KConst {
    if (value.op === 'const') return value;
    const variable = this.scope.temporary(base, value.type);
    this.emit({ do: 'assign', name: variable.name, value });
    return variable;
  }

  /** The type of `[]`: what is put into it first tells its elements. */
  growing(): GrowingType & ArrayType {
    return { ...arrayOf('float'), dims: 1, pending: true };
  }
}
