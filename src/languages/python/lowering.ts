/** The state of reading one module: where in the tree, in which function and scope. The handlers of syntax nodes work on it. */
import type { Expr, ImportSource, NameExpr, Span, Stmt, SyntaxProblem, Target, TypeIR } from '../../ir/ir';
import type { FunctionBuilder } from './builders';
import { type ClassBuilder } from './builders';
import type { PendingType } from './annotations';
import { Scope, type Site } from './scopes';
import type { Grammar } from './grammar';
import type { SyntaxTree } from './tree';

export type ExprHandler = (l: Lowering, node: number) => Expr;
export type StmtHandler = (l: Lowering, node: number) => Stmt | readonly Stmt[];

/** Handlers by the name of the syntax node. */
export interface Handlers {
  readonly expressions: Readonly<Record<string, ExprHandler>>;
  readonly statements: Readonly<Record<string, StmtHandler>>;
}

/** Numbers of the grammar's fields. */
export function fieldsOf(grammar: Grammar) {
  const id = (name: string): number => {
    const at = grammar.fields.indexOf(name);
    if (at < 0) throw new Error(`the grammar of Python has no field ${name}`);
    return at;
  };
  return {
    alias: id('alias'),
    alternative: id('alternative'),
    body: id('body'),
    cause: id('cause'),
    condition: id('condition'),
    consequence: id('consequence'),
    definition: id('definition'),
    guard: id('guard'),
    left: id('left'),
    moduleName: id('module_name'),
    name: id('name'),
    operator: id('operator'),
    parameters: id('parameters'),
    returnType: id('return_type'),
    right: id('right'),
    subject: id('subject'),
    superclasses: id('superclasses'),
    type: id('type'),
    typeParameters: id('type_parameters'),
    value: id('value'),
  };
}

/** Levels of nesting that are read. Passes over the IR recurse; Python's own compiler stops at a few hundred too. */
const MAX_DEPTH = 500;

export class Lowering {
  readonly scopes: Scope[] = [];
  readonly functions: FunctionBuilder[] = [];
  readonly classes: ClassBuilder[] = [];
  readonly problems: SyntaxProblem[] = [];
  readonly imports: ImportSource[] = [];
  readonly starImports: ImportSource[] = [];
  readonly pendingTypes: { readonly type: PendingType; readonly scope: Scope }[] = [];
  readonly fields: ReturnType<typeof fieldsOf>;
  /** The innermost function, class and scope that are being read. */
  fn!: FunctionBuilder;
  scope!: Scope;
  classBuilder: ClassBuilder | null = null;
  /** Loops around the current statement within the function. */
  loops = 0;
  private depth = 0;
  private readonly ids = new Map<string, number>();

  constructor(
    readonly tree: SyntaxTree,
    private readonly handlers: Handlers,
  ) {
    this.fields = fieldsOf(tree.grammar);
  }

  span(node: number): Span {
    const base = this.fn.start;
    return { start: this.tree.start(node) - base, end: this.tree.end(node) - base };
  }

  /** From the start of one node to the end of another. */
  between(first: number, last: number): Span {
    const base = this.fn.start;
    return { start: this.tree.start(first) - base, end: this.tree.end(last) - base };
  }

  // -----------------------------------------------------------------------------------------------------------------
  // Nodes

  /** `node` is missing only where the source is broken. */
  expr(node: number | undefined): Expr {
    if (!node) return { type: 'opaque', span: { start: 0, end: 0 }, what: 'missing', children: [] };
    if (++this.depth > MAX_DEPTH) {
      this.depth--;
      return this.tooDeep(node);
    }
    const handler = this.handlers.expressions[this.tree.kind(node)];
    const expr = handler ? handler(this, node) : this.opaque(node);
    this.depth--;
    return expr;
  }

  /** What the IR has no form for: errors, and syntax newer than the grammar. */
  opaque(node: number): Expr {
    const children = this.tree.children(node).map((child) => this.expr(child));
    return { type: 'opaque', span: this.span(node), what: this.tree.kind(node), children };
  }

  /** Statements of a block; none where it is missing. */
  block(node: number): Stmt[] {
    return node ? this.statementsOf(node) : [];
  }

  statementsOf(node: number): Stmt[] {
    const out: Stmt[] = [];
    const { tree } = this;
    for (let child = tree.first(node); child; child = tree.next(child)) if (tree.named(child)) this.statement(child, out);
    return out;
  }

  statement(node: number, out: Stmt[]): void {
    if (++this.depth > MAX_DEPTH) {
      out.push({ type: 'expr', span: this.span(node), value: this.tooDeep(node) });
    } else {
      const handler = this.handlers.statements[this.tree.kind(node)];
      const lowered = handler ? handler(this, node) : ({ type: 'expr', span: this.span(node), value: this.expr(node) } as const);
      if (Array.isArray(lowered)) out.push(...(lowered as readonly Stmt[]));
      else out.push(lowered as Stmt);
    }
    this.depth--;
  }

  /** Statements that may run again and again. */
  loopBlock(node: number): Stmt[] {
    this.loops++;
    const body = this.block(node);
    this.loops--;
    return body;
  }

  /** Whether a chain of so many links, each inside the one before it, can stand here. */
  fits(links: number): boolean {
    return this.depth + links <= MAX_DEPTH;
  }

  tooDeep(node: number): Expr {
    this.fn.broken = true;
    const start = this.tree.start(node);
    if (!this.problems.some((problem) => problem.start <= start && start <= problem.end)) {
      this.problems.push({ message: `nested more than ${MAX_DEPTH} levels deep`, start, end: this.tree.end(node) });
    }
    return { type: 'opaque', span: this.span(node), what: 'nested too deeply', children: [] };
  }

  problem(node: number, message: string): void {
    this.problems.push({ message, start: this.tree.start(node), end: this.tree.end(node) });
  }

  // -----------------------------------------------------------------------------------------------------------------
  // Names

  /** A use of a name; what it means is known when the module is read to its end. */
  use(node: number | undefined): NameExpr {
    return this.useAs(this.tree.textOf(node), node ? this.span(node) : { start: 0, end: 0 });
  }

  useAs(written: string, span: Span): NameExpr {
    const expr: NameExpr = { type: 'name', span, name: normalize(written), variable: '' };
    this.scope.uses.push(expr);
    return expr;
  }

  /** A name that is bound here. */
  bind(node: number | undefined, site: Omit<Site, 'repeated'>): NameExpr {
    return this.bindAs(this.tree.textOf(node), node ? this.span(node) : { start: 0, end: 0 }, site);
  }

  bindAs(written: string, span: Span, site: Omit<Site, 'repeated'>): NameExpr {
    const expr = this.useAs(written, span);
    this.bindingScope().bind(expr.name, { ...site, repeated: this.loops > 0 });
    return expr;
  }

  annotate(target: Target, type: TypeIR | undefined): void {
    if (target.type === 'name') this.scope.annotate(target.name, type);
  }

  /** Comprehensions bind their own loop variables only; anything else in them belongs to the function around. */
  private bindingScope(): Scope {
    let scope = this.scope;
    while (scope.kind === 'comprehension' && scope.parent) scope = scope.parent;
    return scope;
  }

  /** Scopes are listed parents first: resolution relies on it. */
  newScope(kind: Scope['kind'], owner: string, unit = this.fn, parent: Scope | null = this.scope ?? null): Scope {
    const scope = new Scope(kind, owner, unit, parent);
    this.scopes.push(scope);
    return scope;
  }

  inScope<T>(scope: Scope, read: () => T): T {
    const outer = this.scope;
    this.scope = scope;
    try {
      return read();
    } finally {
      this.scope = outer;
    }
  }

  /** Runs `read` inside a function. */
  inFunction<T>(fn: FunctionBuilder, scope: Scope, read: () => T): T {
    const { fn: outerFn, loops, classBuilder } = this;
    this.fn = fn;
    this.loops = 0;
    this.classBuilder = null;
    try {
      return this.inScope(scope, read);
    } finally {
      this.fn = outerFn;
      this.loops = loops;
      this.classBuilder = classBuilder;
    }
  }

  /** Qualified name for something defined here; the n-th of the same name ends in `#n`. */
  qualify(name: string): string {
    const prefix = this.classBuilder ? `${this.classBuilder.id}.` : this.fn.id ? `${this.fn.id}.<locals>.` : '';
    const id = prefix + name;
    const n = (this.ids.get(id) ?? 0) + 1;
    this.ids.set(id, n);
    return n === 1 ? id : `${id}#${n}`;
  }
}

/** Identifiers are the same when their NFKC forms are (Python's language reference, 2.3). */
function normalize(name: string): string {
   
  return /^[\x00-\x7f]*$/.test(name) ? name : name.normalize('NFKC');
}
