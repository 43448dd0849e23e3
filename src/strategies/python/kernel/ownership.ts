/**
 * Which variables of a function hold lists of their own and which refer to those of others. Python's names all refer; a language with
 * owners needs to know when a list moves from one name to another, and cannot have two names for one that is changed.
 */
import type { KExpr, KFunction, KStmt } from './model';
import { blocksOf, childrenOf, expressionsOf } from './walk';
import { isArray } from './typing';
import { Refusal } from '../../refusal';

export interface Ownership {
  /** The function with names taken out that only stand for another list. */
  readonly fn: KFunction;
  isOwned(name: string): boolean;
  /** The variable's list is used after the statement. */
  isLiveAfter(stmt: KStmt, name: string): boolean;
}

/** @throws Refusal when two names would stand for one list at the same time. */
export function ownershipOf(given: KFunction): Ownership {
  const fn = withoutAliases(given);
  const owned = ownedNames(fn);
  const live = new Map<KStmt, ReadonlySet<string>>();
  const arrays = new Set([...fn.params, ...fn.locals].filter((v) => isArray(v.type)).map((v) => v.name));
  flow(fn.body, new Set(), { exit: new Set(), next: new Set() }, arrays, live);
  const isLiveAfter = (stmt: KStmt, name: string): boolean => live.get(stmt)?.has(name) === true;
  each(fn.body, (stmt) => {
    if (stmt.do === 'assign' && stmt.value.op === 'var' && owned.has(stmt.value.name) && isLiveAfter(stmt, stmt.value.name)) {
      throw new Refusal(`\`${stmt.name}\` and \`${stmt.value.name}\` name one list in \`${fn.source}\` (line ${fn.line})`, `use a copy, as in \`${stmt.name} = ${stmt.value.name}[:]\``);
    }
    if (stmt.do === 'return' && stmt.value && isArray(stmt.value.type) && !isOwn(stmt.value, owned)) {
      throw new Refusal(`\`${fn.source}\` returns a list that it was given (line ${fn.line})`, 'return a copy of it');
    }
  });
  return { fn, isOwned: (name) => owned.has(name), isLiveAfter };
}

export function isOwn(expr: KExpr, owned: ReadonlySet<string>): boolean {
  return expr.op === 'new-array' || expr.op === 'copy-array' || expr.op === 'call' || (expr.op === 'var' && owned.has(expr.name));
}

function each(body: readonly KStmt[], visit: (stmt: KStmt) => void): void {
  for (const stmt of body) {
    visit(stmt);
    for (const block of blocksOf(stmt)) each(block, visit);
  }
}

function ownedNames(fn: KFunction): Set<string> {
  const owned = new Set<string>();
  const assigned: { name: string; value: KExpr }[] = [];
  each(fn.body, (stmt) => {
    if (stmt.do === 'assign' && isArray(stmt.value.type)) assigned.push(stmt);
  });
  for (let before = -1; before !== owned.size; ) {
    before = owned.size;
    for (const { name, value } of assigned) if (isOwn(value, owned)) owned.add(name);
  }
  const param = fn.params.find((p) => owned.has(p.name));
  if (param) throw new Refusal(`\`${param.name}\`, which \`${fn.source}\` is given (line ${fn.line}), becomes another list`, 'give the other list a name of its own');
  const mixed = assigned.find(({ name, value }) => owned.has(name) && !isOwn(value, owned));
  if (mixed) throw new Refusal(`\`${mixed.name}\` in \`${fn.source}\` (line ${fn.line}) is a list of its own at one time and one that was there before at another`, 'use a copy of the other');
  return owned;
}

interface Exits {
  /** What is used where a `break` leads, and where a `continue` does. */
  readonly exit: ReadonlySet<string>;
  readonly next: ReadonlySet<string>;
}

/** Liveness of lists, backwards; gives what is used at the block's beginning. */
function flow(body: readonly KStmt[], after: ReadonlySet<string>, exits: Exits, arrays: ReadonlySet<string>, live: Map<KStmt, ReadonlySet<string>>): Set<string> {
  let out = new Set(after);
  const use = (exprs: readonly KExpr[]): void => {
    for (const e of exprs) {
      if (e.op === 'var' && arrays.has(e.name)) out.add(e.name);
      use(childrenOf(e));
    }
  };
  const sub = (block: readonly KStmt[], end: ReadonlySet<string>, to: Exits): Set<string> => flow(block, end, to, arrays, live);
  for (const stmt of [...body].reverse()) {
    switch (stmt.do) {
      case 'break':
        out = new Set(exits.exit);
        break;
      case 'continue':
        out = new Set(exits.next);
        break;
      case 'give-up':
      case 'return':
        out = new Set();
        break;
      case 'if':
        out = new Set([...sub(stmt.then, out, exits), ...sub(stmt.otherwise, out, exits)]);
        break;
      case 'for':
      case 'while': {
        const end = out;
        let head = new Set(end);
        for (let before = -1; before !== head.size; ) {
          before = head.size;
          out = new Set([...head, ...sub(stmt.body, head, { exit: end, next: head })]);
          if (stmt.do === 'while') use([stmt.test]);
          head = out;
        }
        break;
      }
      default:
        live.set(stmt, out);
        out = new Set(out);
        if (stmt.do === 'assign') out.delete(stmt.name);
    }
    use(expressionsOf(stmt));
  }
  return out;
}

/** `items = counts` where neither changes its list while `items` is used: `counts` is used in its place. */
function withoutAliases(fn: KFunction): KFunction {
  const times = new Map<string, number>();
  each(fn.body, (stmt) => {
    if (stmt.do === 'assign') times.set(stmt.name, (times.get(stmt.name) ?? 0) + 1);
  });
  const params = new Set(fn.params.map((p) => p.name));
  const gone = new Map<string, string>();
  const visit = (body: readonly KStmt[]): void => {
    for (const [i, stmt] of body.entries()) {
      for (const block of blocksOf(stmt)) visit(block);
      if (stmt.do !== 'assign' || stmt.value.op !== 'var' || !isArray(stmt.value.type) || times.get(stmt.name) !== 1 || params.has(stmt.name)) continue;
      const source = stmt.value.name;
      const rest = body.slice(i + 1);
      if (count(fn.body, stmt.name) !== count(rest, stmt.name) + 1) continue;
      let last = rest.length - 1;
      while (last >= 0 && count([rest[last]!], stmt.name) === 0) last--;
      if (!assigns(rest.slice(0, last + 1), source)) gone.set(stmt.name, source);
    }
  };
  visit(fn.body);
  if (gone.size === 0) return fn;
  const nameOf = (name: string): string => (gone.has(name) ? nameOf(gone.get(name)!) : name);
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.filter((v) => !isAlias(v)).map(renamed);
    if (typeof value !== 'object' || value === null) return value;
    const copy: Record<string, unknown> = Object.fromEntries(Object.entries(value).map(([k, v]) => [k, renamed(v)]));
    if (copy.op === 'var') copy.name = nameOf(copy.name as string);
    return copy;
  };
  const isAlias = (value: unknown): boolean => (value as KStmt | null)?.do === 'assign' && gone.has((value as { name: string }).name);
  return { ...fn, body: renamed(fn.body) as KStmt[], locals: fn.locals.filter((v) => !gone.has(v.name)) };
}

/** How often the name stands in a block. */
function count(body: readonly KStmt[], name: string): number {
  let found = 0;
  const inside = (e: KExpr): void => {
    if (e.op === 'var' && e.name === name) found++;
    childrenOf(e).forEach(inside);
  };
  each(body, (stmt) => {
    if (stmt.do === 'assign' && stmt.name === name) found++;
    expressionsOf(stmt).forEach(inside);
  });
  return found;
}

function assigns(body: readonly KStmt[], name: string): boolean {
  let found = false;
  each(body, (stmt) => void (found ||= stmt.do === 'assign' && stmt.name === name));
  return found;
}
