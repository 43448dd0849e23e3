/**
 * Elements and rows of outer arrays that an iteration owns and works on: `out[i] += …` in an inner loop, `out[i][j] = …`,
 * `row = out[i]`, `for row in grid: row[j] = …`. The iteration takes a copy, works on that, and gives it back; the program puts it in place.
 */
import type { Expr, Index, NameExpr, Stmt, Target, VarId } from '../../../ir/ir';
import { walkExpr, walkStmts } from '../../../ir/walk';
import { baseName } from '../deep';
import type { Site } from '../site';
import { indicesOf } from './planes';
import { KernelRefusal } from './refusal';

/** One element or one row of an outer array, by the text of its subscript. */
export interface Cell {
  /** `out[i]` without white space. */
  readonly key: string;
  /** A place in the source that reads or writes it. */
  readonly place: Index;
  readonly base: NameExpr;
  readonly whole: 'element' | 'row' | 'plane';
  /** Written with a tuple, `out[i, j]`: a numpy array. */
  readonly tuple: boolean;
}

interface Write {
  readonly target: Index;
  readonly base: NameExpr;
  readonly indices: readonly Expr[];
  readonly repeated: boolean;
}

export interface Outside {
  /** The variable belongs to what is around the iteration. */
  isOuter(id: VarId): boolean;
  /** It has the same value for the whole iteration and the program has it too. */
  isFixed(id: VarId): boolean;
  /** A fixed variable with another value in each iteration. */
  isDistinct(id: VarId): boolean;
}

/** @throws KernelRefusal when an outer array is written in a way that cannot be given back. */
export function planCells(site: Site, body: readonly Stmt[], outside: Outside): Cell[] {
  const cells = new Map<string, Cell>();
  const writes = writesIn(body, outside, 0);
  for (const write of writes) {
    const depth = write.indices.length;
    const line = site.line(write.target);
    const first = write.indices[0]!;
    const key = `${write.base.name}[${compact(site.source(first))}]`;
    // One write by itself is left to the program.
    if (!write.repeated && !isRead(body, write.base.variable)) continue;
    if (depth > 3) throw new KernelRefusal(`\`${site.source(write.target)}\` has ${depth} subscripts`, line);
    if (!isOwnPart(first, outside)) {
      throw new KernelRefusal(`\`${site.source(write.target)}\` is written, and which part of \`${write.base.name}\` that is hangs on the iteration's own values`, line);
    }
    const other = [...cells.values()].find((c) => c.base.variable === write.base.variable && c.key !== key);
    if (other) throw new KernelRefusal(`\`${write.base.name}\` is written at two places, \`${other.key}\` and \`${key}\``, line);
    const place = depth === 1 ? write.target : partOf(write.target);
    const tuple = write.target.index.type === 'collection';
    if (!cells.has(key)) cells.set(key, { key, place, base: write.base, whole: (['element', 'row', 'plane'] as const)[depth - 1]!, tuple });
  }
  return [...cells.values()];
}

export function compact(text: string): string {
  return text.replace(/\s+/g, '');
}

/** `out[i]` of `out[i][j]`; of `out[i, j]` the whole, which is taken apart by whoever lowers it. */
function partOf(target: Index): Index {
  return target.object.type === 'index' ? partOf(target.object) : target;
}

function writesIn(body: readonly Stmt[], outside: Outside, depth: number): Write[] {
  const found: Write[] = [];
  const add = (target: Target, repeated: boolean): void => {
    if (target.type === 'tuple-target') for (const item of target.items) if (item) add(item, repeated);
    if (target.type !== 'index') return;
    const base = baseName(target);
    const indices = indicesOf(target);
    if (base && indices && outside.isOuter(base.variable)) found.push({ target, base, indices, repeated });
  };
  for (const stmt of body) {
    if (stmt.type === 'assign-stmt') for (const target of stmt.targets) add(target, depth > 0);
    else if (stmt.type === 'if') found.push(...writesIn([...stmt.then, ...stmt.else], outside, depth));
    else if (stmt.type === 'for-each' || stmt.type === 'while') found.push(...writesIn(stmt.body, outside, depth + 1));
  }
  return found;
}

/** Elements of the array are read, other than by an augmented assignment to them. */
function isRead(body: readonly Stmt[], array: VarId): boolean {
  const written = new Set<unknown>();
  let read = false;
  walkStmts(body, {
    target(t) {
      for (let at: Expr | Target = t; at.type === 'index'; at = at.object) written.add(at.object);
    },
    expr(e) {
      if (e.type === 'index' && !written.has(e) && baseName(e)?.variable === array) read = true;
    },
  });
  return read;
}

/** No two iterations have the same: the loop's own counter, moved by something fixed. */
function isOwnPart(expr: Expr, outside: Outside): boolean {
  if (expr.type === 'name') return outside.isDistinct(expr.variable);
  if (expr.type !== 'binary' || (expr.operator !== '+' && expr.operator !== '-')) return false;
  const { left, right } = expr;
  return (isOwnPart(left, outside) && isFixedExpr(right, outside) && !mentionsDistinct(right, outside)) || (expr.operator === '+' && isOwnPart(right, outside) && isFixedExpr(left, outside) && !mentionsDistinct(left, outside));
}

function mentionsDistinct(expr: Expr, outside: Outside): boolean {
  let found = false;
  walkExpr(expr, { expr: (e) => void (found ||= e.type === 'name' && outside.isDistinct(e.variable)) });
  return found;
}

function isFixedExpr(expr: Expr, outside: Outside): boolean {
  switch (expr.type) {
    case 'const':
      return true;
    case 'name':
      return outside.isFixed(expr.variable);
    case 'binary':
      return isFixedExpr(expr.left, outside) && isFixedExpr(expr.right, outside);
    case 'unary':
      return isFixedExpr(expr.operand, outside);
    default:
      return false;
  }
}
