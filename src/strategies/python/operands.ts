/**
 * Takes a statement that writes to something outside the loop apart into what a worker can compute beforehand (its operands) and what
 * the parent must do itself: the write, by the person's own operation on the original object.
 */
import type { Expr, NameExpr, Stmt, Target, VarId } from '../../ir/ir';
import { baseName, usesIn, walkDeep } from './deep';
import { Refusal } from '../refusal';
import type { Site } from './site';

/** A part of a statement that the worker evaluates and sends back. Offsets are absolute. */
export interface Operand {
  readonly expr: Expr;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Other places of the statement with the same expression. */
  readonly again: { readonly start: number; readonly end: number }[];
}

export interface Surroundings {
  /** Variables and fields (`self.total`) whose value in the parent is not known to a worker: accumulators and lists that grow. */
  readonly carried: Carried;
  /** The parent has this name's value when it replays an iteration: a loop target, or an outer variable that the loop does not write. */
  available(name: NameExpr): boolean;
  /** Values that cannot change and whose identity nobody asks for: a counter. Sending a copy is as good as the thing itself. */
  plain(name: NameExpr): boolean;
  /** The loop writes elements or fields of what the variable holds: their values are the worker's. */
  written(name: NameExpr): boolean;
  /** A scratch name for a part of an outer object, as in `row = grid[y]`, that the parent can evaluate as well. */
  alias(name: NameExpr): boolean;
}

export class Carried {
  private readonly variables = new Set<VarId>();
  private readonly fields = new Set<string>();

  add(variable: VarId, field: string | null): void {
    if (field === null) this.variables.add(variable);
    else this.fields.add(`${variable}.${field}`);
  }

  has(variable: VarId): boolean {
    return this.variables.has(variable);
  }

  /** The code reads a carried variable or field. */
  mentionedIn(site: Site, code: Expr | Target | readonly Stmt[]): boolean {
    if (usesIn(site.module, site.fn, code).some((use) => this.variables.has(use.node.variable))) return true;
    let found = false;
    walkDeep(site.module, site.fn, code, {
      expr: (e) => void (found ||= this.isField(e)),
      target: (t) => void (found ||= this.isField(t)),
    });
    return found;
  }

  isField(node: Expr | Target): boolean {
    return node.type === 'attribute' && node.object.type === 'name' && this.fields.has(`${node.object.variable}.${node.name}`);
  }
}

/**
 * The operands of a statement, in the order in which they are evaluated.
 * @throws Refusal when a part must be evaluated in the parent and would take work or have effects there.
 */
export function operandsOf(site: Site, stmt: Stmt, around: Surroundings): Operand[] {
  const found: Operand[] = [];
  const fail = (node: Expr | Target | Stmt, what: string): never => {
    throw new Refusal(`\`${shorten(site.source(node))}\` on line ${site.line(node)} ${what}`, 'compute its value before the statement, in a variable of its own');
  };
  const add = (expr: Expr): void => {
    const range = bare(site, expr);
    const text = site.source(expr);
    const same = found.find((o) => o.text === text);
    if (same) same.again.push(range);
    else found.push({ expr, ...range, text, again: [] });
  };
  const visit = (expr: Expr, certain: boolean, position: 'value' | 'index' = 'value'): void => {
    if (isAvailable(expr, around, position)) return;
    if (!around.carried.mentionedIn(site, expr)) {
      if (takesApart(expr, around) || (position === 'index' && expr.type === 'collection')) return children(expr, certain, position);
      if (certain || expr.type === 'name') return add(expr);
      return fail(expr, 'is only evaluated in some iterations, depending on earlier ones');
    }
    children(expr, certain);
  };
  const children = (expr: Expr, certain: boolean, position: 'value' | 'index' = 'value'): void => {
    switch (expr.type) {
      case 'name':
        return;
      case 'attribute':
        return base(expr.object, certain);
      case 'index':
        base(expr.object, certain);
        return visit(expr.index, certain, 'index');
      case 'slice':
        for (const part of [expr.lower, expr.upper, expr.step]) if (part) visit(part, certain, 'index');
        return;
      case 'call':
        if (expr.callee.type === 'attribute') base(expr.callee.object, certain);
        else if (expr.callee.type !== 'name') return fail(expr, 'calls what depends on earlier iterations');
        else if (around.carried.has(expr.callee.variable)) return fail(expr, 'calls what depends on earlier iterations');
        for (const arg of expr.args) visit(arg.value, certain);
        return;
      case 'unary':
        return visit(expr.operand, certain);
      case 'binary':
        visit(expr.left, certain);
        return visit(expr.right, certain);
      case 'compare':
        expr.operands.forEach((operand, i) => visit(operand, certain && i < 2));
        return;
      case 'logical':
        visit(expr.left, certain);
        return visit(expr.right, false);
      case 'conditional':
        visit(expr.test, certain);
        visit(expr.then, false);
        return visit(expr.else, false);
      case 'collection':
        for (const item of expr.items) visit(item, certain, position);
        return;
      case 'spread':
        return visit(expr.value, certain);
      case 'template':
        for (const part of expr.parts) visit(part, certain);
        return;
      case 'mapping':
        for (const property of expr.properties) {
          if (property.key) visit(property.key, certain);
          visit(property.value, certain);
        }
        return;
      default:
        return fail(expr, 'depends on earlier iterations');
    }
  };
  // What the write goes through must be the parent's own object, never a copy that came back.
  const base = (expr: Expr, certain: boolean): void => {
    if (expr.type === 'name') {
      if (!around.carried.has(expr.variable) && !around.available(expr) && !around.alias(expr)) return fail(expr, 'is changed here, and is made anew in each iteration');
      return;
    }
    if (expr.type === 'attribute') return base(expr.object, certain);
    if (expr.type === 'index') {
      base(expr.object, certain);
      return visit(expr.index, certain, 'index');
    }
    if (expr.type === 'call' && expr.callee.type === 'attribute') {
      base(expr.callee.object, certain);
      for (const arg of expr.args) visit(arg.value, certain);
      return;
    }
    visit(expr, certain);
  };
  const target = (t: Target, certain: boolean): void => {
    switch (t.type) {
      case 'name':
        return;
      case 'attribute':
        return base(t.object, certain);
      case 'index':
        base(t.object, certain);
        return visit(t.index, certain, 'index');
      case 'tuple-target':
        for (const item of t.items) if (item) target(item, certain);
        return;
      case 'star':
        return target(t.value, certain);
      default:
        return fail(t, 'is a target that cannot be replayed');
    }
  };
  const statement = (s: Stmt, certain: boolean): void => {
    switch (s.type) {
      case 'assign-stmt':
        visit(s.value, certain);
        for (const t of s.targets) target(t, certain);
        return;
      case 'expr':
        if (s.value.type !== 'call') return fail(s, 'cannot be replayed');
        return children(s.value, certain);
      case 'if':
        visit(s.test, certain);
        for (const inner of [...s.then, ...s.else]) statement(inner, false);
        return;
      case 'delete':
        for (const t of s.targets) target(t, certain);
        return;
      case 'pass':
        return;
      default:
        return fail(s, 'cannot be replayed in order by the parent');
    }
  };
  statement(stmt, true);
  return found;
}

/**
 * Names, numbers and subscripts of what the parent has: it evaluates them itself, so that objects stay the same objects. Sums of them
 * only as subscripts: as values they are the workers' work.
 */
export function isAvailable(expr: Expr, around: Surroundings, position: 'value' | 'index' = 'value'): boolean {
  switch (expr.type) {
    case 'const':
      return true;
    case 'name':
      return around.available(expr);
    case 'unary':
      return isAvailable(expr.operand, around, position);
    case 'binary':
      return position === 'index' && ['+', '-', '*', '//', '%'].includes(expr.operator) && isAvailable(expr.left, around, 'index') && isAvailable(expr.right, around, 'index');
    case 'index': {
      const base = baseName(expr.object);
      return base !== null && !around.written(base) && isAvailable(expr.object, around) && isAvailable(expr.index, around, 'index');
    }
    case 'slice':
      return [expr.lower, expr.upper, expr.step].every((e) => e === null || isAvailable(e, around, 'index'));
    case 'collection':
      if (expr.items.length === 0) return true; // A new empty list is the parent's to make.
      return expr.kind === 'tuple' && expr.items.every((item) => isAvailable(item, around, position));
    case 'mapping':
      return expr.properties.length === 0;
    default:
      return false;
  }
}

/** Something built around an object that the parent holds: only what is new about it is sent. */
function takesApart(expr: Expr, around: Surroundings): boolean {
  // `table[key]` of an outer table: only the key is sent, and the parent looks it up.
  if (expr.type === 'index') {
    const base = baseName(expr.object);
    return base !== null && !around.written(base) && isAvailable(expr.object, around);
  }
  const items = expr.type === 'collection' && expr.kind !== 'set' ? expr.items : expr.type === 'mapping' ? expr.properties.map((p) => p.value) : [];
  return items.some((item) => isAvailable(item, around) && item.type !== 'const' && !isPlain(item, around));
}

function isPlain(expr: Expr, around: Surroundings): boolean {
  if (expr.type === 'name') return around.plain(expr);
  if (expr.type === 'binary') return isPlain(expr.left, around) && isPlain(expr.right, around);
  if (expr.type === 'unary') return isPlain(expr.operand, around);
  return expr.type === 'const';
}

/** The expression's range, with the parentheses around it when they are only for grouping. */
function bare(site: Site, expr: Expr): { start: number; end: number } {
  let { start, end } = site.range(expr);
  const { text } = site;
  for (;;) {
    const before = /\(\s*$/.exec(text.slice(Math.max(0, start - 200), start));
    const after = /^\s*\)/.exec(text.slice(end, end + 200));
    if (!before || !after) break;
    const open = start - before[0].length;
    if (/[\w\])'"]\s*$/.test(text.slice(Math.max(0, open - 80), open)) && !/\b(?:in|and|or|not|is|if|else|return|lambda)\s*$/.test(text.slice(Math.max(0, open - 80), open))) break;
    start = open;
    end += after[0].length;
  }
  return { start, end };
}

export function shorten(source: string): string {
  const line = source.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

/** Name of the variable whose object a target changes: `grid` in `grid[y][x]`. */
export function writtenThrough(target: Target): NameExpr | null {
  return target.type === 'attribute' || target.type === 'index' ? baseName(target.object) : null;
}
