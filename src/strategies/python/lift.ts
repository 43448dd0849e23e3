/** Moves functions that are defined inside the loop's function to the module's top level, where a worker process finds them. */
import type { Range } from '../../analysis/report';
import type { TextEdit } from '../../edit/edit';
import { applyEdits } from '../../edit/edit';
import { withCommentsAbove } from '../../edit/python';
import { indentAt, lineStart, nextLineStart, startsLine } from '../../edit/source';
import type { Assign, Expr, FunctionDef, FunctionExpr, FunctionIR, Stmt, VarId } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import { usesIn, type Use } from './deep';
import { isTopLevel } from './globals';
import { cutLines } from './lines';
import { Refusal } from '../refusal';
import type { Site } from './site';

export interface LiftedFunction {
  /** The definition at the top level, without a line end behind it. */
  readonly lines: readonly string[];
  /** Edits that take the definition out of the function and rewrite the calls to it (absolute). */
  readonly edits: readonly TextEdit[];
  /** Where the definition was (absolute, whole lines). */
  readonly removed: Range;
}

export interface LiftContext {
  readonly moved: ReadonlySet<VarId>;
  /** Captured values of the worker: those of lifted functions are added. */
  readonly values: { readonly name: string; readonly value: string; readonly large: boolean }[];
  readonly imports: readonly string[];
  readonly globals: Set<VarId>;
}

/**
 * Plans the move of nested functions and lambdas bound to a name. What they take from around them becomes leading parameters, and every
 * call passes it.
 * @throws Refusal when a function cannot be moved so that its meaning stays.
 */
export function planLifts(site: Site, nested: readonly VarId[], context: LiftContext): LiftedFunction[] {
  const all = new Set(nested);
  // A nested function that a lifted one calls must be lifted with it.
  for (const id of all) for (const other of nestedCallees(site, id)) all.add(other);
  const lifted: LiftedFunction[] = [];
  const plans = [...all].map((id) => planOne(site, id, all, context));
  for (const plan of plans) {
    for (const extra of plan.extra) {
      for (const other of plans) if (other !== plan && callsWithin(site, other.fn, plan.id) && !other.extra.includes(extra)) other.extra.push(extra);
    }
  }
  for (const plan of plans.sort((a, b) => a.stmt.span.start - b.stmt.span.start)) lifted.push(finish(site, plan, plans, context));
  return lifted;
}

interface Plan {
  readonly id: VarId;
  readonly fn: FunctionIR;
  readonly stmt: FunctionDef | Assign;
  readonly name: string;
  readonly uses: readonly Use[];
  /** Variables from around that become parameters. */
  readonly extra: VarId[];
}

function planOne(site: Site, id: VarId, all: ReadonlySet<VarId>, context: LiftContext): Plan {
  const owner = site.module.functions.get(id.slice(0, id.lastIndexOf('/')))!;
  const variable = site.variable(id)!;
  const stmt = definitionOf(owner, id);
  const fn = stmt ? site.module.functions.get(stmt.type === 'function-def' ? stmt.function : (stmt.value as FunctionExpr).function) : undefined;
  const where = stmt ? `line ${site.line(stmt, owner)}` : `in \`${owner.name}\``;
  const no = (why: string, remedy = 'define it at the top level of the module'): never => {
    throw new Refusal(`\`${variable.name}\` (${where}) is defined inside \`${owner.name}\` and cannot be moved out of it: ${why}`, remedy);
  };
  if (!fn || !stmt || !variable.constant) return no('it is defined in more than one way');
  if (owner !== site.fn) return no('it belongs to a function further out');
  if (fn.generator || fn.async) return no('it is a generator or async');
  if (stmt.type === 'function-def' && stmt.decorators.length > 0) return no('it is decorated');
  if (fn.params.some((p) => p.default !== null && !isConstant(p.default))) return no('a default of its parameters is computed where it is defined');
  if (!owner.body.includes(stmt)) return no('it is only defined in some branch');
  const top = site.module.functions.get('')!;
  const extra: VarId[] = [];
  for (const free of fn.free) {
    if (free.startsWith('builtin/') || all.has(free)) continue;
    if (isTopLevel(top, free) && !context.moved.has(free)) {
      context.globals.add(free);
      continue;
    }
    const outer = site.variable(free);
    if (!outer) continue;
    if (outer.kind === 'import') return no(`it uses \`${outer.name}\`, which is imported inside the function`, 'import it at the top of the module');
    if (outer.kind === 'function' || outer.kind === 'class') return no(`it uses \`${outer.name}\`, which is defined there as well`);
    if (usesIn(site.module, fn, fn.body).some((u) => u.stores && u.node.variable === free)) return no(`it assigns \`${outer.name}\` of the function around it`);
    if (site.loop.places.some((p) => p.place.root.kind === 'variable' && p.place.root.variable === free)) {
      return no(`it uses \`${outer.name}\`, which the loop changes`, `pass \`${outer.name}\` as an argument`);
    }
    extra.push(free);
  }
  const uses = usesIn(site.module, owner, owner.body).filter((u) => u.node.variable === id && !u.stores);
  return { id, fn, stmt, name: variable.name, uses, extra };
}

function finish(site: Site, plan: Plan, plans: readonly Plan[], context: LiftContext): LiftedFunction {
  const { stmt } = plan;
  const name = isTaken(site, plan.name) ? site.uniqueGlobal(`_${plan.name}`) : plan.name;
  const params = plan.extra.map((id) => site.variable(id)!.name);
  const edits: TextEdit[] = [];
  const calls = callees(site, plan);
  for (const use of plan.uses) {
    const call = calls.get(use.start);
    if (params.length > 0 && !call) {
      throw new Refusal(
        `\`${plan.name}\` (line ${site.line(stmt)}) uses \`${params.join('`, `')}\` of the function around it and is itself used as a value on line ${site.line(use.node, use.fn)}`,
        `pass \`${params.join('`, `')}\` to it as arguments`,
      );
    }
    if (name !== plan.name) edits.push({ start: use.start, end: use.end, text: name });
    if (params.length > 0 && call) {
      const open = site.text.indexOf('(', use.end) + 1;
      edits.push({ start: open, end: open, text: call.args === 0 ? params.join(', ') : `${params.join(', ')}, ` });
    }
  }
  for (const id of plan.extra) {
    const variable = site.variable(id)!;
    if (!context.values.some((v) => v.name === variable.name)) context.values.push({ name: variable.name, value: variable.name, large: false });
  }
  const range = site.range(stmt);
  if (!startsLine(site.text, range.start)) throw new Refusal(`\`${plan.name}\` is defined on the line of another statement (line ${site.line(stmt)})`);
  const removed = { start: withCommentsAbove(site.text, lineStart(site.text, range.start)), end: nextLineStart(site.text, Math.max(range.start, range.end - 1)) };
  const inside = edits.filter((e) => removed.start <= e.start && e.end <= removed.end);
  const fromOthers = plans.filter((p) => p !== plan).flatMap((p) => innerEdits(site, p, removed));
  const lines = definition(site, plan, name, params, [...inside, ...fromOthers], removed);
  // The blank lines behind it go too; those above stay.
  const gap = /^(?:[ \t]*\r?\n)*/.exec(site.text.slice(removed.end))![0].length;
  const hole = { start: removed.start, end: removed.end + gap };
  const outside = edits.filter((e) => !inside.includes(e) && !plans.some((p) => p !== plan && within(e, site.range(p.stmt))));
  return { lines, edits: [{ ...hole, text: '' }, ...outside], removed: hole };
}

/** The module's top level has the name, or means the language's own by it. */
function isTaken(site: Site, name: string): boolean {
  if (site.module.functions.get('')!.variables.has(`/${name}`)) return true;
  return [...site.module.functions.values()].some((fn) => fn.free.has(`builtin/${name}`));
}

/** What lifting another function changes inside this one's text. */
function innerEdits(site: Site, other: Plan, range: Range): TextEdit[] {
  const params = other.extra.map((id) => site.variable(id)!.name);
  if (isTaken(site, other.name)) throw new Refusal(`\`${other.name}\` (line ${site.line(other.stmt)}) has the name of a function of the module`, 'rename it');
  const calls = callees(site, other);
  const edits: TextEdit[] = [];
  for (const use of other.uses) {
    if (use.start < range.start || use.end > range.end || params.length === 0) continue;
    const call = calls.get(use.start);
    if (!call) continue;
    const open = site.text.indexOf('(', use.end) + 1;
    edits.push({ start: open, end: open, text: call.args === 0 ? params.join(', ') : `${params.join(', ')}, ` });
  }
  return edits;
}

function definition(site: Site, plan: Plan, name: string, params: readonly string[], edits: readonly TextEdit[], removed: Range): string[] {
  const { text } = site;
  const range = site.range(plan.stmt);
  const indent = indentAt(text, range.start);
  const own: TextEdit[] = [...edits];
  if (plan.stmt.type === 'function-def') {
    const target = site.range(plan.stmt.target);
    if (name !== plan.name) own.push({ ...target, text: name });
    if (params.length > 0) {
      const open = text.indexOf('(', target.end) + 1;
      own.push({ start: open, end: open, text: plan.fn.params.length === 0 ? params.join(', ') : `${params.join(', ')}, ` });
    }
  } else {
    const ret = plan.fn.body[0];
    const body = ret?.type === 'return' && ret.value ? site.source(ret.value, plan.fn) : null;
    if (body === null) throw new Refusal(`the lambda \`${plan.name}\` on line ${site.line(plan.stmt)} cannot be read`);
    const list = text.slice(plan.fn.start + 'lambda'.length, plan.fn.start + ret!.span.start);
    const written = list.slice(0, list.lastIndexOf(':')).trim();
    const start = plan.fn.start + (ret as { value: Expr }).value.span.start;
    const local = edits.filter((e) => start <= e.start && e.end <= start + body.length).map((e) => ({ ...e, start: e.start - start, end: e.end - start }));
    const value = applyEdits(body, local);
    return [`def ${name}(${[...params, ...(written ? [written] : [])].join(', ')}):`, `\treturn ${value.includes('\n') ? `(${value})` : value}`];
  }
  return cutLines(site, removed, own, indent);
}

/** Calls of the function by the offset of its name, with the number of arguments. */
function callees(site: Site, plan: Plan): Map<number, { readonly args: number }> {
  const calls = new Map<number, { args: number }>();
  for (const fn of site.module.functions.values()) {
    walkStmts(fn.body, {
      expr(e) {
        if (e.type === 'call' && e.callee.type === 'name' && e.callee.variable === plan.id) calls.set(fn.start + e.callee.span.start, { args: e.args.length });
      },
    });
  }
  return calls;
}

function nestedCallees(site: Site, id: VarId): VarId[] {
  const fn = site.module.functions.get(site.variable(id)?.target ?? '');
  const owner = id.slice(0, id.lastIndexOf('/'));
  return fn ? [...fn.free].filter((f) => f.slice(0, f.lastIndexOf('/')) === owner && site.variable(f)?.kind === 'function') : [];
}

function callsWithin(site: Site, fn: FunctionIR, id: VarId): boolean {
  return usesIn(site.module, fn, fn.body).some((u) => u.node.variable === id);
}

export function definitionOf(owner: FunctionIR, id: VarId): FunctionDef | Assign | null {
  let found: FunctionDef | Assign | null = null;
  walkStmts(owner.body, {
    stmt(s: Stmt) {
      if (s.type === 'function-def' && s.target.variable === id) found = s;
      if (s.type === 'assign-stmt' && s.targets.length === 1 && s.targets[0]!.type === 'name' && s.targets[0]!.variable === id && s.value.type === 'function') found = s;
    },
  });
  return found;
}

function isConstant(expr: Expr): boolean {
  return expr.type === 'const' || (expr.type === 'unary' && isConstant(expr.operand));
}

function within(edit: TextEdit, range: Range): boolean {
  return range.start <= edit.start && edit.end <= range.end;
}
