/** Where a module binds its variables, changes what they hold, and calls its functions: gathered once for each module. */
import type { Argument, Call, ClassDef, Expr, FunctionIR, ImportSource, ModuleIR, Stmt, Target, Try, Variable, VarId } from '../../ir/ir';
import { visitExpr, visitStmt, visitTarget } from '../../ir/walk';

/** A conditional stretch: a branch, a handler, the body of a loop. */
export interface Block {
  readonly kind: 'branch' | 'handler' | 'loop';
  /** Of a handler: the absolute range of the statements that it guards. */
  readonly guards?: { readonly start: number; readonly end: number };
}

/** A point in a function, with the conditional stretches around it, outermost first. */
export interface Site {
  readonly fn: FunctionIR;
  /** Absolute offset in the file. */
  readonly offset: number;
  readonly blocks: readonly Block[];
}

/** A step into a value that a pattern takes apart. */
export type Step =
  | { readonly index: number }
  | { readonly key: string }
  /** What is left of a list from a place on, or of an object without some keys. */
  | { readonly rest: number | readonly string[] }
  | 'any';

export type Binding = Site &
  (
    | { readonly kind: 'value'; readonly value: Expr; readonly path: readonly Step[] }
    | { readonly kind: 'element'; readonly iterable: Expr; readonly keys: boolean; readonly path: readonly Step[] }
    | { readonly kind: 'with'; readonly context: Expr; readonly path: readonly Step[] }
    | { readonly kind: 'import'; readonly source: ImportSource }
    | { readonly kind: 'param'; readonly index: number; readonly path: readonly Step[] }
    | { readonly kind: 'function'; readonly function: string; readonly decorators: readonly Expr[] }
    | { readonly kind: 'class'; readonly class: string; readonly decorators: readonly Expr[] }
    | { readonly kind: 'caught'; readonly from: Try; readonly test: Expr | null }
    /** Declared, not set. */
    | { readonly kind: 'absent' }
    /** Changed in a way that is not followed. */
    | { readonly kind: 'other' }
  );

/** A change to what a variable holds, by way of a path of fields below it. */
export type Mutation = Site & {
  readonly path: readonly string[];
} & (
    | { readonly kind: 'field'; readonly name: string; readonly value: Expr | null }
    | { readonly kind: 'element'; readonly key: Expr; readonly value: Expr | null }
    | { readonly kind: 'delete'; readonly name: string }
    | { readonly kind: 'call'; readonly method: string; readonly call: Call }
    /** Handed to a function as an argument. */
    | { readonly kind: 'argument'; readonly call: Call; readonly index: number }
  );

export interface CallAt extends Site {
  readonly call: Call;
}

export class ModuleIndex {
  readonly variables = new Map<VarId, Variable>();
  readonly bindings = new Map<VarId, Binding[]>();
  readonly mutations = new Map<VarId | `this:${string}`, Mutation[]>();
  readonly calls: CallAt[] = [];
  /** Calls whose callee is a name, by its variable. */
  readonly callsOf = new Map<VarId, CallAt[]>();
  /** The values that each function returns. */
  readonly returns = new Map<string, { readonly value: Expr | null; readonly site: Site }[]>();
  /** The values that each generator yields. */
  readonly yields = new Map<string, { readonly value: Expr | null; readonly delegate: boolean; readonly site: Site }[]>();
  readonly classDefs = new Map<string, { readonly stmt: ClassDef; readonly site: Site }>();

  constructor(readonly module: ModuleIR) {
    for (const fn of module.functions.values()) {
      for (const variable of fn.variables.values()) this.variables.set(variable.id, variable);
    }
    for (const fn of module.functions.values()) if (!fn.broken) new Gatherer(this, fn).run();
  }

  /** The variable that a function statement or `const f = …` binds to a function or class. */
  nameOf(target: string): Variable | null {
    for (const variable of this.variables.values()) if ((variable.kind === 'function' || variable.kind === 'class') && variable.target === target) return variable;
    return null;
  }
}

class Gatherer {
  private blocks: readonly Block[] = [];

  constructor(
    private readonly index: ModuleIndex,
    private readonly fn: FunctionIR,
  ) {}

  run(): void {
    const { fn } = this;
    fn.params.forEach((param, index) => {
      const site = this.site(0);
      this.bind(param.variable, { ...site, kind: 'param', index, path: [] });
      if (param.pattern) this.target(param.pattern, (path) => ({ ...site, kind: 'param', index, path }));
      if (param.default) this.expr(param.default);
    });
    for (const stmt of fn.body) this.stmt(stmt);
  }

  private site(offset: number): Site {
    return { fn: this.fn, offset: this.fn.start + offset, blocks: this.blocks };
  }

  private within(kind: Block['kind'], run: () => void, guards?: Block['guards']): void {
    const around = this.blocks;
    this.blocks = [...around, guards ? { kind, guards } : { kind }];
    run();
    this.blocks = around;
  }

  private bind(variable: VarId, binding: Binding): void {
    const known = this.index.bindings.get(variable);
    if (known) known.push(binding);
    else this.index.bindings.set(variable, [binding]);
  }

  private mutate(base: Expr, mutation: (path: readonly string[]) => Mutation): void {
    const path: string[] = [];
    let at = base;
    while (at.type === 'attribute') {
      path.unshift(at.name);
      at = at.object;
    }
    const key = at.type === 'name' ? at.variable : at.type === 'this' && at.kind === 'this' ? (`this:${this.fn.id}` as const) : null;
    if (key === null) return;
    const known = this.index.mutations.get(key);
    if (known) known.push(mutation(path));
    else this.index.mutations.set(key, [mutation(path)]);
  }

  private stmt(stmt: Stmt): void {
    const at = this.site(stmt.span.start);
    const each = (stmts: readonly Stmt[]): void => {
      for (const inner of stmts) this.stmt(inner);
    };
    switch (stmt.type) {
      case 'assign-stmt': {
        this.expr(stmt.value);
        const end = this.site(stmt.span.end);
        for (const target of stmt.targets) this.assign(target, stmt.operator, stmt.value, end);
        return;
      }
      case 'declare':
        return this.target(stmt.target, () => ({ ...at, kind: 'absent' }));
      case 'if':
        this.expr(stmt.test);
        this.within('branch', () => each(stmt.then));
        return this.within('branch', () => each(stmt.else));
      case 'for-each':
        this.expr(stmt.iterable);
        return this.within('loop', () => {
          this.target(stmt.target, (path) => ({ ...this.site(stmt.span.start), kind: 'element', iterable: stmt.iterable, keys: stmt.over === 'keys', path }));
          each(stmt.body);
          each(stmt.orelse);
        });
      case 'for':
        each(stmt.init);
        return this.within('loop', () => {
          if (stmt.test) this.expr(stmt.test);
          each(stmt.body);
          if (stmt.update) this.expr(stmt.update);
        });
      case 'while':
        return this.within('loop', () => {
          this.expr(stmt.test);
          each(stmt.body);
          each(stmt.orelse);
        });
      case 'try':
        each(stmt.body);
        for (const handler of stmt.handlers) {
          const catches = (): void => {
            if (handler.test) this.expr(handler.test);
            if (handler.target) this.target(handler.target, () => ({ ...this.site(handler.span.start), kind: 'caught', from: stmt, test: handler.test }));
            each(handler.body);
          };
          const [first] = stmt.body;
          this.within('handler', catches, first && { start: this.fn.start + first.span.start, end: this.fn.start + stmt.body.at(-1)!.span.end });
        }
        each(stmt.orelse);
        return each(stmt.finally);
      case 'with':
        for (const { context, target } of stmt.items) {
          this.expr(context);
          if (target) this.target(target, (path) => ({ ...at, kind: 'with', context, path }));
        }
        return each(stmt.body);
      case 'switch':
        this.expr(stmt.subject);
        for (const branch of stmt.cases) {
          this.within('branch', () => {
            for (const bind of branch.binds) this.bind(bind.variable, { ...this.site(bind.span.start), kind: 'other' });
            if (branch.guard) this.expr(branch.guard);
            each(branch.body);
          });
        }
        return;
      case 'delete':
        for (const target of stmt.targets) this.remove(target, at);
        return;
      case 'function-def':
        for (const decorator of stmt.decorators) this.expr(decorator);
        for (const value of stmt.defaults) this.expr(value);
        return this.bind(stmt.target.variable, { ...at, kind: 'function', function: stmt.function, decorators: stmt.decorators });
      case 'class-def':
        for (const decorator of stmt.decorators) this.expr(decorator);
        this.bind(stmt.target.variable, { ...at, kind: 'class', class: stmt.class, decorators: stmt.decorators });
        this.index.classDefs.set(stmt.class, { stmt, site: at });
        return each(stmt.body);
      case 'import':
        for (const { target, source } of stmt.bindings) this.bind(target.variable, { ...at, kind: 'import', source });
        return;
      case 'return': {
        if (stmt.value) this.expr(stmt.value);
        const known = this.index.returns.get(this.fn.id) ?? [];
        this.index.returns.set(this.fn.id, [...known, { value: stmt.value, site: this.site(stmt.span.start) }]);
        return;
      }
      default:
        // What is left holds expressions and unconditional statements only.
        return visitStmt(stmt, { expr: (e) => this.expr(e), stmt: (s) => this.stmt(s), target: () => {} });
    }
  }

  private assign(target: Target, operator: string | null, value: Expr, at: Site): void {
    if (operator === '??' || operator === 'or' || operator === 'and') {
      this.within('branch', () => this.assign(target, null, value, { ...at, blocks: this.blocks }));
    } else if (operator !== null) {
      this.target(target, () => ({ ...at, kind: 'other' }));
      if (target.type === 'name') this.mutate(target, (path) => ({ ...at, path, kind: 'element', key: value, value: null }));
    } else {
      this.target(target, (path) => ({ ...at, kind: 'value', value, path }), { value, at });
    }
  }

  /** Binds every name of a target; stores to fields and elements become mutations of `stored`, as far as the target is no pattern. */
  private target(target: Target, binding: (path: readonly Step[]) => Binding, stored?: { readonly value: Expr; readonly at: Site }, path: readonly Step[] = []): void {
    const inner = (next: Target, step: Step): void => this.target(next, binding, undefined, [...path, step]);
    switch (target.type) {
      case 'name':
        return this.bind(target.variable, binding(path));
      case 'attribute':
        this.expr(target.object);
        return this.mutate(target.object, (fields) => ({ ...(stored?.at ?? this.site(target.span.end)), path: fields, kind: 'field', name: target.name, value: stored?.value ?? null }));
      case 'index':
        this.expr(target.object);
        this.expr(target.index);
        return this.mutate(target.object, (fields) => ({ ...(stored?.at ?? this.site(target.span.end)), path: fields, kind: 'element', key: target.index, value: stored?.value ?? null }));
      case 'tuple-target':
        target.items.forEach((item, index) => {
          if (item) inner(item, item.type === 'star' ? { rest: index } : { index });
        });
        return;
      case 'object-target':
        const keys = target.properties.flatMap(({ key }) => (key?.type === 'const' ? [String(key.value)] : []));
        for (const { key, value } of target.properties) {
          if (key && key.type !== 'const') this.expr(key);
          inner(value, value.type === 'star' || key === null ? { rest: keys } : key.type === 'const' ? { key: String(key.value) } : 'any');
        }
        return;
      case 'star':
        return this.target(target.value, binding, stored, path);
      case 'default':
        this.expr(target.value);
        return this.target(target.target, binding, stored, path);
    }
  }

  private remove(target: Target, at: Site): void {
    if (target.type === 'attribute') this.mutate(target.object, (path) => ({ ...at, path, kind: 'delete', name: target.name }));
    else if (target.type === 'index' && target.index.type === 'const') {
      const name = String(target.index.value);
      this.mutate(target.object, (path) => ({ ...at, path, kind: 'delete', name }));
    } else if (target.type === 'name') this.bind(target.variable, { ...at, kind: 'other' });
  }

  private expr(expr: Expr): void {
    const at = this.site(expr.span.end);
    switch (expr.type) {
      case 'call':
        this.call(expr, at);
        break;
      case 'assign':
        this.expr(expr.value);
        return this.assign(expr.target, expr.operator, expr.value, at);
      case 'update':
        return this.target(expr.target, () => ({ ...at, kind: 'other' }));
      case 'comprehension':
        for (const clause of expr.clauses) {
          this.expr(clause.iterable);
          this.target(clause.target, (path) => ({ ...this.site(expr.span.start), kind: 'element', iterable: clause.iterable, keys: false, path }));
          for (const condition of clause.conditions) this.expr(condition);
        }
        if (expr.key) this.expr(expr.key);
        return this.expr(expr.element);
      case 'yield': {
        const known = this.index.yields.get(this.fn.id) ?? [];
        this.index.yields.set(this.fn.id, [...known, { value: expr.value, delegate: expr.delegate, site: at }]);
        break;
      }
      case 'unary':
        if (expr.operator === 'delete' && (expr.operand.type === 'attribute' || expr.operand.type === 'index')) this.remove(expr.operand, at);
        break;
      case 'conditional':
        this.expr(expr.test);
        this.within('branch', () => this.expr(expr.then));
        return this.within('branch', () => this.expr(expr.else));
      case 'logical':
        this.expr(expr.left);
        return this.within('branch', () => this.expr(expr.right));
      default:
        break;
    }
    visitExpr(expr, { expr: (e) => this.expr(e), stmt: (s) => this.stmt(s), target: (t) => visitTarget(t, { expr: (e) => this.expr(e), target: () => {}, stmt: () => {} }) });
  }

  private call(call: Call, at: Site): void {
    this.index.calls.push({ ...at, call });
    const { callee } = call;
    if (callee.type === 'name') {
      const known = this.index.callsOf.get(callee.variable);
      if (known) known.push({ ...at, call });
      else this.index.callsOf.set(callee.variable, [{ ...at, call }]);
    }
    if (callee.type === 'attribute') this.mutate(callee.object, (path) => ({ ...at, path, kind: 'call', method: callee.name, call }));
    for (const item of transferred(call)) this.mutate(item, (path) => ({ ...at, path, kind: 'call', method: '[transferred]', call }));
    call.args.forEach((argument: Argument, index) => {
      if (argument.value.type === 'name' || argument.value.type === 'attribute') this.mutate(argument.value, (path) => ({ ...at, path, kind: 'argument', call, index }));
    });
  }
}

/** What a call of JavaScript's puts into a transfer list. A view goes with its buffer. */
function transferred(call: Call): Expr[] {
  const { callee } = call;
  const name = callee.type === 'attribute' || callee.type === 'name' ? callee.name : '';
  if (!/^(postMessage|structuredClone|run|runTask|Worker)$/.test(name)) return [];
  const lists = call.args.slice(1).flatMap(({ value }) => {
    if (value.type === 'collection') return [value];
    if (value.type !== 'mapping') return [];
    return value.properties.filter((p) => p.key?.type === 'const' && /^transfer(List)?$/.test(String(p.key.value))).map((p) => p.value);
  });
  return lists.flatMap((list) => (list.type === 'collection' ? list.items : [])).map((item) => (item.type === 'attribute' && item.name === 'buffer' ? item.object : item));
}

/** Whether a point surely runs before another of the same function: it comes first, and no condition lies on the way that is not on both's. */
export function dominates(first: Site, then: Site): boolean {
  return first.fn === then.fn && first.offset <= then.offset && first.blocks.every((block) => block.kind === 'loop' || then.blocks.includes(block));
}
