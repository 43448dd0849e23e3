/** Lowers the body of the loop: what it computes goes into the kernel, what it does to things outside is left to the program. */
import type { Expr, FunctionIR, NameExpr, Stmt, Target, VarId } from '../../../ir/ir';
import { walkExpr } from '../../../ir/walk';
import { baseName, storesOf } from '../deep';
import { compact, planCells, type Cell } from './cells';
import { isComplex } from './complex';
import { element, lowerExpr, lowerValue } from './expressions';
import type { Functions } from './functions';
import { Lowering } from './lowering';
import { copyPlane, planeKey } from './planes';
import type { KExpr, KResult, KStmt, KVar } from './model';
import { isArray, typeInWords } from './typing';
import { blocksOf, childrenOf, expressionsOf } from './walk';

/** A part of a statement that the kernel computes. Absolute offsets. */
export interface Operand {
  readonly start: number;
  readonly end: number;
  readonly result: string;
}

/** A statement that the program runs with the iteration's results. */
export interface Effect {
  /** Absolute range of its text, and what replaces parts of that. */
  readonly start: number;
  readonly end: number;
  readonly operands: readonly Operand[];
  /** It only happens when this result is true. */
  readonly when: string | null;
  /** Instead of a statement of the program: `out[i][:] = out_row`. */
  readonly text?: string;
  /** The array whose element or row it sets; null when it does something else. */
  readonly array: NameExpr | null;
}

const GROWING = new Set(['append', 'extend', 'add']);

export class IterationLowering extends Lowering {
  readonly results: KResult[] = [];
  readonly effects: Effect[] = [];
  private readonly own: ReadonlySet<VarId>;
  private readonly carried = new Set<VarId>();
  /** Lists and dicts that the loop updates element by element in the program: `counts[b] += 1`. */
  private readonly updated = new Set<VarId>();
  private readonly cells: { readonly cell: Cell; readonly variable: KVar; readonly base: KExpr; readonly taken: KStmt }[] = [];
  private left = false;
  /** Inside what only happens for some running values. */
  private deciding = 0;
  /** The loop's variable that counts, if it has one. */
  counter: VarId | null = null;

  constructor(
    functions: Functions,
    fn: FunctionIR,
    name: string,
    private readonly body: readonly Stmt[],
    private readonly targets: readonly NameExpr[],
  ) {
    super(functions, fn, name, true);
    const { loop, module } = functions.site;
    for (const { place, role } of loop.places) {
      if ((role !== 'accumulator' && role !== 'collect') || place.root.kind !== 'variable') continue;
      (place.path.length === 0 ? this.carried : this.updated).add(place.root.variable);
    }
    this.own = new Set([...storesOf(fn, module, body), ...targets.map((t) => t.variable)].filter((id) => !this.carried.has(id)));
  }

  protected override owns(node: NameExpr): boolean {
    return this.own.has(node.variable);
  }

  override name(node: NameExpr): KExpr {
    if (this.carried.has(node.variable) || this.updated.has(node.variable)) this.refuse(`the running value of \`${node.name}\` is used`, node);
    return super.name(node);
  }

  /** Takes copies of the elements and rows that the iteration works on. */
  takeCells(): void {
    const outside = { isOuter: (id: VarId) => !this.own.has(id), isFixed: (id: VarId) => this.isFixed(id), isDistinct: (id: VarId) => this.isDistinct(id) };
    for (const cell of planCells(this.site, this.body, outside)) {
      const { place } = cell;
      const first = place.index.type === 'collection' && place.index.kind === 'tuple' ? place.index.items[0]! : place.index;
      const base = lowerExpr(this, cell.base);
      if (cell.tuple && isArray(base.type) && !base.type.from) this.refuse('a list is subscripted with several numbers at once', place, 'subscript it with one after the other');
      const value = element(this, base, lowerExpr(this, first), place);
      this.functions.markStored(cell.base.variable, cell.whole !== 'element');
      if (cell.whole === 'row' && !isArray(value.type)) this.refuse(`\`${cell.base.name}\` has one dimension and two subscripts`, place);
      const type = value.type;
      if (cell.whole === 'plane') {
        this.takePlane(cell, base, value);
        continue;
      }
      if (isArray(type) && type.dims > 1) this.refuse(`\`${cell.key}\` is written to, and has several rows of its own; it is used`, place);
      const variable = this.scope.temporary(cell.whole === 'row' ? `${cell.base.name}_row` : `${cell.base.name}_value`, type);
      const taken: KStmt = { do: 'assign', name: variable.name, value: isArray(type) ? { op: 'copy-array', type, array: value } : value };
      this.emit(taken);
      this.replacements.set(cell.key, variable);
      this.cells.push({ cell, variable, base, taken });
    }
  }

  /** Only numpy has a way to set a plane that stays the same object. */
  private takePlane(cell: Cell, base: KExpr, value: KExpr): void {
    const { type } = value;
    if (!isArray(type) || type.dims !== 2 || type.from !== 'numpy') {
      return this.refuse(`\`${cell.key}\` is written to, and has several rows of its own; it is used`, cell.place, 'make the loop over them the parallel one');
    }
    const before = this.scope.temporary(`${cell.base.name}_plane`, type);
    const taken: KStmt = { do: 'assign', name: before.name, value };
    this.emit(taken);
    const plane = copyPlane(this, before, cell.base.name);
    this.planes.set(cell.key, plane);
    this.cells.push({ cell, variable: plane.items, base, taken });
  }

  /** What the iteration writes to it reads at that place only: elsewhere would be what was there before. */
  checkCells(): void {
    for (const { cell, base, taken } of this.cells) {
      const name = base.op === 'var' ? base.name : '';
      const mentions = (e: KExpr): boolean => (e.op === 'var' && e.name === name) || (e.op === 'length' ? mentionsInPlace(e.array) : childrenOf(e).some(mentions));
      // Lengths stay.
      const mentionsInPlace = (e: KExpr): boolean => (e.op === 'row' ? mentionsInPlace(e.array) || mentions(e.index) : e.op !== 'var' && mentions(e));
      const inBlock = (stmts: readonly KStmt[]): boolean => stmts.some((s) => s !== taken && (expressionsOf(s).some(mentions) || blocksOf(s).some(inBlock)));
      const called = this.functions.finished.find((f) => ![...f.params, ...f.locals].some((v) => v.name === name) && inBlock(f.body));
      if (called || inBlock(this.block)) this.refuse(`\`${cell.key}\` is written to, and \`${cell.base.name}\` is also used in another way; it is written`, cell.place);
    }
  }

  private isFixed(id: VarId): boolean {
    return !this.own.has(id) ? !this.carried.has(id) : this.targets.some((t) => t.variable === id) && !this.isStored(id);
  }

  /** A counter of `range` or `enumerate` that the body leaves alone. */
  private isDistinct(id: VarId): boolean {
    return this.counter === id && !this.isStored(id);
  }

  /** The body itself gives the variable another value. */
  private isStored(id: VarId): boolean {
    return storesOf(this.fn, this.site.module, this.body).has(id);
  }

  override leave(): void {
    this.giveCells();
    this.left = true;
    super.leave();
  }

  /** At the end of every path: the program puts the elements and rows in their places. */
  giveCells(): void {
    for (const { cell, variable } of this.cells) {
      const { start } = this.site.range(cell.place);
      if (!this.results.some((r) => r.name === variable.name)) {
        this.results.push({ name: variable.name, type: variable.type, optional: false });
        const whole = cell.whole === 'plane' ? '.flat' : cell.whole === 'row' && !cell.tuple ? '[:]' : '';
        const into = `${this.cellText(cell)}${whole}`;
        this.effects.push({ start, end: start, operands: [], when: null, text: `${into} = ${variable.name}`, array: cell.base });
      }
      this.emit({ do: 'result', name: variable.name, value: variable });
    }
  }

  private cellText(cell: Cell): string {
    const first = cell.place.index.type === 'collection' && cell.place.index.kind === 'tuple' ? cell.place.index.items[0]! : cell.place.index;
    return `${cell.base.name}[${this.site.source(first)}]`;
  }

  override outer(stmt: Stmt): boolean {
    if (!this.isEffect(stmt)) return false;
    if (this.depth > 0) {
      const label = this.site.source(stmt, this.fn).split('\n')[0]!;
      this.refuse(`\`${label}\` changes something outside the iteration, in an inner loop,`, stmt, 'collect the values in a variable of the iteration and add that once');
    }
    const { start, end } = this.site.range(stmt);
    const conditional = this.conditional > 0 || this.left;
    const operands: Operand[] = [];
    this.operandsOfStmt(stmt, operands, conditional);
    let when: string | null = null;
    if (conditional) {
      when = this.site.uniqueOf('keep', 'wanted', 'found');
      this.give(when, { op: 'const', type: 'bool', value: true }, true, stmt);
    }
    const target = stmt.type === 'assign-stmt' && stmt.targets.length === 1 && stmt.targets[0]!.type === 'index' ? baseName(stmt.targets[0]!) : null;
    this.effects.push({ start, end, operands, when, array: target });
    return true;
  }

  /** Variables that each iteration sets for itself, other than those that only the loop's head sets. */
  ownVariables(): { readonly id: VarId; readonly name: string }[] {
    const stored = storesOf(this.fn, this.site.module, this.body);
    return [...this.own].filter((id) => stored.has(id) && !id.includes('#')).map((id) => ({ id, name: id.slice(id.lastIndexOf('/') + 1) }));
  }

  /** The one value of an iteration of a comprehension. */
  giveElement(expr: Expr): void {
    const parts = expr.type === 'collection' && expr.kind === 'tuple' ? expr.items : [expr];
    for (const part of parts) this.give(this.site.unique('value'), lowerExpr(this, part), false, part);
  }

  private isEffect(stmt: Stmt): boolean {
    if (stmt.type === 'expr') {
      if (stmt.value.type !== 'call' || stmt.value.callee.type !== 'attribute' || !GROWING.has(stmt.value.callee.name)) return false;
      const base = baseName(stmt.value.callee.object);
      return base !== null && !this.own.has(base.variable);
    }
    if (stmt.type === 'assign-stmt') return stmt.targets.some((t) => this.isOuterTarget(t));
    // `if value > best: best = value`
    return stmt.type === 'if' && this.mentionsCarried(stmt.test);
  }

  private isOuterTarget(target: Target): boolean {
    if (target.type === 'tuple-target') return target.items.some((t) => t !== null && this.isOuterTarget(t));
    if (target.type === 'name') return this.carried.has(target.variable);
    if (target.type !== 'index' && target.type !== 'attribute') return false;
    const base = baseName(target);
    if (!base || this.own.has(base.variable)) return false;
    return !(target.type === 'index' && this.replacedTarget(target));
  }

  private replacedTarget(target: Extract<Target, { type: 'index' }>): boolean {
    if (this.replaced(target) || this.planes.has(planeKey(this, target) ?? '')) return true;
    if (target.object.type === 'index' && this.replaced(target.object)) return true;
    return target.index.type === 'collection' && this.replacements.has(`${compact(this.site.source(target.object))}[${compact(this.site.source(target.index.items[0]!))}]`);
  }

  private mentionsCarried(expr: Expr): boolean {
    let found = false;
    walkExpr(expr, { expr: (e) => void (found ||= e.type === 'name' && this.carried.has(e.variable)) });
    return found;
  }

  private operandsOfStmt(stmt: Stmt, into: Operand[], conditional: boolean): void {
    const expr = (e: Expr): void => this.operandsOf(e, into, conditional);
    const target = (t: Target): void => {
      if (t.type === 'tuple-target') for (const item of t.items) if (item) target(item);
      if (t.type === 'index') {
        if (t.object.type === 'index') target(t.object);
        expr(t.index);
      }
    };
    switch (stmt.type) {
      case 'expr':
        return expr(stmt.value);
      case 'assign-stmt':
        for (const t of stmt.targets) target(t);
        return expr(stmt.value);
      case 'if':
        expr(stmt.test);
        this.deciding++;
        for (const inner of [...stmt.then, ...stmt.else]) {
          if (inner.type !== 'pass' && !this.isEffect(inner)) this.refuse('a running value decides what is done', inner);
          this.operandsOfStmt(inner, into, conditional);
        }
        this.deciding--;
        return;
      case 'pass':
        return;
      default:
        this.refuse('something outside the iteration is changed', stmt);
    }
  }

  /** The largest parts that do not hang on running values; names that the program has anyway stay. */
  private operandsOf(expr: Expr, into: Operand[], conditional: boolean): void {
    if (expr.type === 'const') return;
    if (expr.type === 'name' && (this.carried.has(expr.variable) || this.isFixed(expr.variable))) return;
    if (expr.type === 'call' && expr.callee.type === 'attribute' && GROWING.has(expr.callee.name)) {
      for (const a of expr.args) this.operandsOf(a.value, into, conditional);
      return;
    }
    if (expr.type === 'collection') return expr.items.forEach((e) => this.operandsOf(e, into, conditional));
    if (this.mentionsCarried(expr)) {
      const inside: Expr[] = [];
      switch (expr.type) {
        case 'binary':
        case 'logical':
          inside.push(expr.left, expr.right);
          break;
        case 'compare':
          inside.push(...expr.operands);
          break;
        case 'call':
          if (!['min', 'max'].includes(expr.callee.type === 'name' ? expr.callee.name : '')) this.refuse('a running value is passed to a function', expr);
          inside.push(...expr.args.map((a) => a.value));
          break;
        case 'conditional':
          inside.push(expr.test, expr.then, expr.else);
          break;
        case 'index':
          inside.push(expr.index);
          break;
        case 'unary':
          inside.push(expr.operand);
          break;
        default:
          this.refuse('a running value is used', expr);
      }
      const sometimes = expr.type === 'conditional' || expr.type === 'logical';
      for (const [i, e] of inside.entries()) {
        if (sometimes && i > 0) this.deciding++;
        this.operandsOf(e, into, conditional);
        if (sometimes && i > 0) this.deciding--;
      }
      return;
    }
    const { start, end } = this.site.range(expr);
    const again = into.find((o) => this.site.text.slice(o.start, o.end) === this.site.source(expr));
    if (again) return void into.push({ start, end, result: again.result });
    const wanted = expr.type === 'name' ? expr.name : this.site.uniqueOf('value', 'result', 'amount', 'term', 'part');
    const value = lowerValue(this, expr);
    if (isComplex(value)) {
      if (this.deciding > 0 && (calls(value.re) || calls(value.im))) this.refuse('a running value decides whether a function is called', expr, 'call it before');
      if (!this.isBuiltin('complex')) this.refuse('`complex` is a name of the program, and a complex number is the result', expr, 'rename it');
      const [re, im] = [value.re, value.im].map((part, k) => this.give(this.site.unique(`${wanted}_${k === 0 ? 're' : 'im'}`), part, conditional, expr));
      return void into.push({ start, end, result: `complex(${re!}, ${im!})` });
    }
    // The kernel computes it in every turn; a function that Python would not call need not end.
    if (this.deciding > 0 && calls(value)) this.refuse('a running value decides whether a function is called', expr, 'call it before');
    into.push({ start, end, result: this.give(wanted, value, conditional, expr) });
  }

  private isBuiltin(name: string): boolean {
    return ![...this.site.module.functions.values()].some((fn) => [...fn.variables.values()].some((v) => v.name === name && v.kind !== 'builtin'));
  }

  private give(name: string, value: KExpr, optional: boolean, at: { readonly span: Expr['span'] }): string {
    if (isArray(value.type)) {
      if (value.type.dims !== 1) this.refuse(`${typeInWords(value.type)} are the result`, at);
      if (value.op === 'var' && this.scope.frozen.has(value.name)) this.refuse(`\`${value.name}\` is used as a result twice`, at, 'use a copy the second time');
      if (value.op === 'var') this.scope.frozen.add(value.name);
      if (this.scope.isShared(value)) this.refuse('a row that was there before is the result', at, 'use a copy of it');
    }
    // The same name may stand for another value by now.
    const own = this.results.some((r) => r.name === name) ? this.site.unique(name) : name;
    this.results.push({ name: own, type: value.type, optional });
    this.emit({ do: 'result', name: own, value });
    return own;
  }
}

function calls(expr: KExpr): boolean {
  return expr.op === 'call' || childrenOf(expr).some(calls);
}
