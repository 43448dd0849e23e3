/** Interprets loops: one iteration with everything that it carries widened, and what is left when it ends. */
import type { Comprehension, Expr, ForEach, For, FunctionIR, LoopStmt, Stmt, Target, VarId, While } from '../ir/ir';
import { boundNames, walkExpr, walkStmts } from '../ir/walk';
import { assignTo } from './assign';
import { evaluate, slotOf, useTruth } from './evaluate';
import { ANY_ELEMENT, extend, locKey, NOTHING, type Loc, type PathStep, type Value } from './domain';
import { counterOfFor, counterOfWhile, type CounterHeader } from './counters';
import { iterate, type Iteration } from './iteration';
import { intersect, type Machine, type Snapshot } from './machine';
import type { Header, LoopKind, LoopNode } from './report';
import { runBlock } from './statements';
import type { LoopTrace } from './trace';
import { constant, isConstant, isWithin, makeAtom, ofAtom, subtract, varies, type Atom, type Poly, type Scope } from './symbolic';
import { groupOf, joinTypes, named, sameType } from './types';
import { likelyTrips } from './work';

let scopes = 0;

export interface LoopPlan {
  readonly node: LoopNode;
  readonly kind: LoopKind;
  readonly header: Header;
  readonly body: readonly Stmt[];
  readonly callback?: FunctionIR | null;
  readonly call?: LoopTrace['call'];
  readonly consumer?: string | null;
  readonly trips: number | null;
  /** Certainly runs at least once. */
  readonly sureOnce: boolean;
  /** Names that the header advances. */
  readonly advances: readonly VarId[];
  readonly label?: string;
  /** What the body may assign: statements to look through. */
  readonly assigns: readonly (Stmt | Expr)[];
  /** The header's own part of each iteration: not an effect of the body. */
  readonly step: (trace: LoopTrace) => void;
  /** The body. */
  readonly run: (trace: LoopTrace) => void;
}

export interface Breakable {
  readonly kind: 'loop' | 'switch' | 'block';
  readonly label: string | null;
  readonly trace: LoopTrace | null;
  readonly frames: number;
  readonly continues: Snapshot[];
  readonly breaks: Snapshot[];
}

export function newScope(m: Machine): Scope {
  return { id: ++scopes, parent: m.scope };
}

/** Names assigned in some code, in callbacks inside it too. */
export function assignedNames(m: Machine, code: readonly (Stmt | Expr)[], seen = new Set<string>()): Set<VarId> {
  const names = new Set<VarId>();
  const put = (target: Target) => {
    if (target.type === 'name') names.add(target.variable);
  };
  const into = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const fn = m.module.functions.get(id);
    if (fn) for (const name of assignedNames(m, fn.body, seen)) if (!fn.variables.has(name)) names.add(name);
  };
  const enter = {
    target: put,
    expr(expr: Expr) {
      if (expr.type === 'function') into(expr.function);
      else if (expr.type === 'name') {
        const variable = m.analyzer.variable(m.module, expr.variable);
        const known = variable?.kind === 'function' || variable?.constant ? m.analyzer.constantValue(m.module, variable!) : null;
        for (const ref of known?.functions ?? []) if (ref.module === m.module && ref.fn.parent !== null && ref.fn.parent !== '') into(ref.fn.id);
      }
    },
  };
  for (const item of code) {
    if (isStmt(item)) walkStmts([item], enter);
    else walkExpr(item, enter);
  }
  return names;
}

const STATEMENTS = new Set<string>(['expr', 'assign-stmt', 'declare', 'if', 'for-each', 'for', 'while', 'return', 'raise', 'break', 'continue', 'try', 'with', 'switch', 'block', 'delete', 'assert', 'function-def', 'class-def', 'import', 'pass', 'error']);
export const isStmt = (node: Stmt | Expr): node is Stmt => STATEMENTS.has(node.type);

/** Runs one iteration of a loop, twice when what it carries changes what names refer to. */
export function runLoop(m: Machine, plan: LoopPlan): LoopTrace {
  const assigned = assignedNames(m, plan.assigns);
  const before = m.snapshot();
  const marks = mark(m);
  const carried = new Map<VarId, Value>();
  for (const id of assigned) carried.set(id, m.env.get(id) ?? m.analyzer.initialValue(m, id));
  const scope = newScope(m);
  let result = once(m, plan, assigned, carried, before, scope);
  for (let round = 0; round < 2; round++) {
    const changed = changes(m, result, assigned, carried, before);
    if (changed.size === 0) break;
    if (round === 1) {
      result.trace.gaps.push({ message: 'what names refer to changes from iteration to iteration', start: plan.node.span.start, end: plan.node.span.end });
      break;
    }
    for (const [id, value] of changed) {
      carried.set(id, value);
      assigned.add(id);
    }
    reset(m, marks);
    m.restore(before);
    result = once(m, plan, assigned, carried, before, scope);
  }
  finish(m, plan, result, assigned, before);
  return result.trace;
}

interface Run {
  readonly trace: LoopTrace;
  readonly end: Snapshot[];
  readonly breaks: readonly Snapshot[];
  readonly ranged: readonly LocOf[];
}
type LocOf = Machine['frame']['ranged'][number];

interface Marks {
  readonly accesses: number;
  readonly unresolved: number;
  readonly leaving: number;
  readonly raises: number;
  readonly traces: number;
  readonly unseen: number;
  readonly work: number;
  readonly arithmetic: number;
}

function mark(m: Machine): Marks {
  return { accesses: m.accesses.length, unresolved: m.unresolved.length, leaving: m.leaving.length, raises: m.raises.length, traces: m.traces.length, unseen: m.unseen.length, work: m.work, arithmetic: m.arithmetic };
}

function reset(m: Machine, marks: Marks): void {
  m.accesses.length = marks.accesses;
  m.unresolved.length = marks.unresolved;
  m.leaving.length = marks.leaving;
  m.raises.length = marks.raises;
  m.traces.length = marks.traces;
  m.unseen.length = marks.unseen;
  m.work = marks.work;
  m.arithmetic = marks.arithmetic;
}

function once(m: Machine, plan: LoopPlan, assigned: ReadonlySet<VarId>, carried: ReadonlyMap<VarId, Value>, before: Snapshot, scope: Scope): Run {
  const outerTrace = m.trace;
  const trace: LoopTrace = {
    node: plan.node,
    kind: plan.kind,
    fn: m.fn,
    scope,
    parent: outerTrace,
    depth: m.frames.length,
    header: plan.header,
    headerAccesses: [],
    headerWrites: new Set(plan.advances),
    first: 0,
    last: 0,
    firstUnresolved: 0,
    lastUnresolved: 0,
    firstLeaving: 0,
    lastLeaving: 0,
    firstRaise: 0,
    lastRaise: 0,
    firstUnseen: 0,
    lastUnseen: 0,
    endDefs: new Map(),
    body: plan.body,
    callback: plan.callback ?? null,
    call: plan.call ?? null,
    consumer: plan.consumer ?? null,
    element: null,
    fold: null,
    trips: plan.trips,
    work: 0,
    arithmetic: 0,
    io: false,
    elements: [],
    gaps: [],
  };
  m.traces.push(trace);
  m.trace = trace;
  m.scope = scope;
  const { work, arithmetic } = m;
  const io = m.io;
  m.work = 0;
  m.arithmetic = 0;
  m.io = false;
  m.frames.push({ scope, defs: new Map(), ranged: [], guarded: new Map(), ends: [], first: m.accesses.length });
  for (const id of assigned) {
    const value = carried.get(id)!;
    const name = id.slice(id.lastIndexOf('/') + 1);
    m.env.set(id, { ...value, sym: ofAtom(makeAtom(`${name}@${scope.id}`, scope)), items: null, text: null, range: null });
  }
  const breakable: Breakable = { kind: 'loop', label: plan.label ?? null, trace, frames: m.frames.length, continues: [], breaks: [] };
  m.breakables.push(breakable);
  const headerFrom = m.accesses.length;
  plan.step(trace);
  trace.headerAccesses.push(...m.accesses.slice(headerFrom));
  trace.first = m.accesses.length;
  trace.firstUnresolved = m.unresolved.length;
  trace.firstLeaving = m.leaving.length;
  trace.firstRaise = m.raises.length;
  trace.firstUnseen = m.unseen.length;
  plan.run(trace);
  trace.last = m.accesses.length;
  trace.lastUnresolved = m.unresolved.length;
  trace.lastLeaving = m.leaving.length;
  trace.lastRaise = m.raises.length;
  trace.lastUnseen = m.unseen.length;
  m.breakables.pop();
  trace.work = Math.min(m.work, 1e12);
  trace.arithmetic = Math.min(m.arithmetic, 1e12);
  trace.io = m.io;
  const trips = plan.trips ?? likelyTrips({ work: trace.work, arithmetic: m.arithmetic });
  m.work = Math.min(work + trace.work * trips, 1e12);
  m.arithmetic = Math.min(arithmetic + m.arithmetic * trips, 1e12);
  m.io = io || trace.io;
  const end = [m.snapshot(), ...breakable.continues].filter((state) => !state.dead);
  trace.endDefs = end.length > 0 ? intersect(end.map((state) => state.defs)) : new Map(m.frame.defs);
  const ranged = end.length > 0 ? end[0]!.ranged.filter((loc) => end.every((state) => state.ranged.includes(loc))) : [];
  m.frames.pop();
  m.scope = scope.parent;
  m.trace = outerTrace;
  void before;
  return { trace, end, breaks: breakable.breaks, ranged };
}

/** Names that refer to something else at the end of an iteration than at its start, where that matters. */
function changes(m: Machine, run: Run, assigned: ReadonlySet<VarId>, carried: ReadonlyMap<VarId, Value>, before: Snapshot): Map<VarId, Value> {
  const changed = new Map<VarId, Value>();
  for (const state of run.end) {
    for (const [id, value] of state.env) {
      const start = carried.get(id) ?? before.env.get(id);
      if (!start || start === value) continue;
      if (!assigned.has(id)) {
        changed.set(id, m.join(start, anywhere(value, run.trace.scope)));
        continue;
      }
      if (!isExposed(m, run.trace, id)) continue;
      const known = new Set(start.locs.map(locKey));
      const newLocs = value.locs.some((loc) => !known.has(locKey(loc)) && !known.has(locKey(anyIteration(loc, run.trace.scope))) && !(loc.base.kind === 'fresh' && isWithin(loc.base.scope, run.trace.scope) && start.locs.length > 0 && sameGroup(start, value)));
      const newType = !sameType(start.type, value.type) && !sameType(start.type, joinTypes(start.type, value.type));
      if (newLocs || newType || value.functions.length > start.functions.length) {
        const old = changed.get(id) ?? start;
        changed.set(id, { ...m.join(old, anywhere(value, run.trace.scope)), sym: null });
      }
    }
  }
  return changed;
}

/** The same places in any iteration: what a name may have come from in an earlier one. */
function anywhere(value: Value, scope: Scope): Value {
  return { ...value, locs: value.locs.map((loc) => anyIteration(loc, scope)), items: null };
}

function anyIteration(loc: Loc, scope: Scope): Loc {
  const fixed = (p: Poly | null): boolean => p === null || !varies(p, scope);
  const path = loc.path.map((step): PathStep => {
    if (step.kind === 'field') return step;
    const { index } = step;
    if (index.kind === 'number' ? fixed(index.value) : index.kind === 'range' ? fixed(index.low) && fixed(index.high) : index.kind === 'key' && index.constant) return step;
    return index.kind === 'range' ? { ...step, index: { kind: 'range', low: null, high: null, within: true } } : ANY_ELEMENT;
  });
  return { base: loc.base, path };
}

const sameGroup = (a: Value, b: Value): boolean => groupOf(a.type) !== null && groupOf(a.type) === groupOf(b.type);

function isExposed(m: Machine, trace: LoopTrace, id: VarId): boolean {
  for (let at = trace.first; at < trace.last; at++) {
    const access = m.accesses[at]!;
    if (access.mode === 'read' && access.exposedFrom <= trace.depth && access.loc.path.length === 0 && access.loc.base.kind === 'variable' && access.loc.base.id === id) return true;
  }
  return false;
}

/** What is known after the loop. */
function finish(m: Machine, plan: LoopPlan, run: Run, assigned: ReadonlySet<VarId>, before: Snapshot): void {
  const ends = [...run.end, ...run.breaks];
  const env = new Map(before.env);
  const touched = new Set<VarId>(assigned);
  for (const state of ends) {
    for (const [id, value] of state.env) {
      const old = env.get(id);
      if (old === value) continue;
      touched.add(id);
      env.set(id, old && !(plan.sureOnce && run.trace.endDefs.has(locKey(slotOf(m, id)))) ? m.join(old, value) : value);
    }
  }
  for (const id of touched) {
    const value = env.get(id);
    if (value) env.set(id, { ...value, sym: m.opaque(id.slice(id.lastIndexOf('/') + 1)), items: null });
  }
  m.env = env;
  m.frame.defs = new Map(before.defs);
  m.frame.ranged = [...before.ranged];
  m.frame.guarded = new Map(before.guarded);
  m.dead = before.dead || (ends.length === 0 && plan.sureOnce && run.breaks.length === 0 && plan.kind !== 'comprehension');
  const complete = run.breaks.length === 0 && !m.leaving.slice(run.trace.firstLeaving, run.trace.lastLeaving).some((leaving) => leaving.kind === 'break' && leaving.target !== null && leaving.target !== run.trace.scope && !isWithin(leaving.target, run.trace.scope));
  if (plan.sureOnce && complete) for (const [key, at] of run.trace.endDefs) m.frame.defs.set(key, at);
  if (!complete) return;
  for (const loc of run.ranged) m.frame.ranged.push(loc);
  for (let at = run.trace.first; at < run.trace.last; at++) {
    const access = m.accesses[at]!;
    if (access.mode !== 'write' || access.deep || access.scope !== run.trace.scope || !run.trace.endDefs.has(locKey(access.loc))) continue;
    if (access.loc.path.some((step) => step.kind === 'element' && step.index.kind === 'number' && step.index.value.terms.some((term) => term.atoms.some((atom) => atom.scope === run.trace.scope)))) m.frame.ranged.push(access.loc);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Loop statements

export function runLoopStmt(m: Machine, loop: LoopStmt): void {
  if (loop.type === 'for-each') return runForEach(m, loop);
  if (loop.type === 'for') return runFor(m, loop);
  runWhile(m, loop);
}

function runForEach(m: Machine, loop: ForEach): void {
  const iteration = iterate(m, loop.iterable, loop.over === 'keys');
  if (loop.async) m.leaving.push({ kind: 'await', site: m.site(loop), via: [], target: null });
  const trace = runLoop(m, {
    node: loop,
    kind: 'for',
    header: iteration.header(loop.target),
    body: loop.body,
    trips: iteration.trips,
    sureOnce: iteration.trips !== null && iteration.trips > 0,
    advances: boundNames(loop.target).map((name) => name.variable),
    label: loop.label,
    assigns: [...loop.body, targetAsStmt(loop.target, loop.iterable)],
    step: (current) => bindElement(m, current, iteration, loop.target),
    run: () => runBlock(m, loop.body),
  });
  void trace;
  runBlock(m, loop.orelse);
}

/** A statement that assigns the target: for collecting assigned names. */
const targetAsStmt = (target: Target, value: Expr): Stmt => ({ type: 'assign-stmt', targets: [target], operator: null, value: { type: 'const', kind: 'none', value: null, span: value.span }, span: target.span });

/** Binds a loop's target to an element. The read of the element counts as the iteration's own. */
export function bindElement(m: Machine, trace: LoopTrace, iteration: Iteration, target: Target | null): Value {
  const value = iteration.element(trace);
  (trace as { elements: LoopTrace['elements'] }).elements = iteration.places(trace);
  if (target) assignTo(m, target, value);
  return value;
}

function runFor(m: Machine, loop: For): void {
  for (const stmt of loop.init) runBlock(m, [stmt]);
  const counter = counterOfFor(m, loop);
  if (counter) return runCounted(m, loop, counter, loop.body);
  runLoop(m, {
    node: loop,
    kind: 'for',
    header: { kind: 'condition', test: loop.test, sized: false },
    body: loop.body,
    trips: null,
    sureOnce: false,
    advances: [],
    label: loop.label,
    assigns: [...loop.body, ...(loop.update ? [loop.update] : []), ...(loop.test ? [loop.test] : [])],
    step: () => undefined,
    run: () => {
      if (loop.test) useTruth(m, evaluate(m, loop.test), loop.test);
      runBlock(m, loop.body);
      rejoin(m);
      if (loop.update) evaluate(m, loop.update);
    },
  });
}

/** `continue` leads to the update. */
function rejoin(m: Machine): void {
  const breakable = m.breakables[m.breakables.length - 1]!;
  if (breakable.continues.length === 0) return;
  m.merge([m.snapshot(), ...breakable.continues]);
  breakable.continues.length = 0;
}

function runWhile(m: Machine, loop: While): void {
  const counter = counterOfWhile(m, loop);
  if (counter) {
    runCounted(m, loop, counter, loop.body.slice(0, -1));
    runBlock(m, loop.orelse);
    return;
  }
  const forever = loop.test.type === 'const' && (loop.test.value === true || loop.test.value === 1);
  runLoop(m, {
    node: loop,
    kind: 'while',
    header: { kind: 'condition', test: loop.test, sized: false },
    body: loop.body,
    trips: null,
    sureOnce: loop.testLast || forever,
    advances: [],
    label: loop.label,
    assigns: [...loop.body, loop.test],
    step: () => undefined,
    run: () => {
      if (!loop.testLast) useTruth(m, evaluate(m, loop.test), loop.test);
      runBlock(m, loop.body);
      if (loop.testLast) {
        rejoin(m);
        useTruth(m, evaluate(m, loop.test), loop.test);
      }
    },
  });
  if (forever && m.breakables.length >= 0 && !hasBreak(loop.body)) m.dead = true;
  runBlock(m, loop.orelse);
}

function hasBreak(body: readonly Stmt[]): boolean {
  let found = false;
  walkStmts(body, {
    expr: () => false,
    stmt(stmt) {
      if (stmt.type === 'break') found = true;
    },
  });
  return found;
}

function runCounted(m: Machine, loop: For | While, counter: CounterHeader, body: readonly Stmt[]): void {
  const { name } = counter;
  const first = counter.start;
  runLoop(m, {
    node: loop,
    kind: loop.type === 'while' ? 'while' : 'for',
    header: counter.header,
    body: loop.body,
    trips: counter.trips,
    sureOnce: counter.trips !== null && counter.trips > 0,
    advances: [name.variable],
    label: loop.label,
    assigns: [...body, ...(loop.type === 'for' && loop.update ? [loop.update] : []), ...(loop.type === 'while' ? loop.body.slice(-1) : [])],
    step: (trace) => {
      // The test is read before every iteration, with the counter's value.
      m.env.set(name.variable, { ...NOTHING, type: named(m.module.language === 'python' ? 'int' : 'number'), sym: ofAtom(counterAtom(trace, name.name, null, null, counter.step)) });
      const stop = evaluate(m, counter.stop).sym;
      const bounded = counter.step !== 0;
      const low = !bounded ? null : counter.step > 0 ? first : stop && strictShift(stop, counter);
      const high = !bounded ? null : counter.step > 0 ? stop && strictShift(stop, counter) : first;
      m.env.set(name.variable, { ...NOTHING, type: named(m.module.language === 'python' ? 'int' : 'number'), sym: ofAtom(counterAtom(trace, name.name, low, high, counter.step)) });
      m.write(slotOf(m, name.variable), name, { node: name, type: named(m.module.language === 'python' ? 'int' : 'number') });
    },
    run: () => runBlock(m, body),
  });
}

function strictShift(stop: NonNullable<Value['sym']>, counter: CounterHeader): NonNullable<Value['sym']> {
  if (counter.test === '<' || (counter.test === '!=' && counter.step > 0)) return subtract(stop, constant(1));
  if (counter.test === '>' || counter.test === '!=') return subtract(stop, constant(-1));
  return stop;
}

export function counterAtom(trace: LoopTrace, name: string, low: Atom['low'], high: Atom['high'], step: number): Atom {
  const nonNegative = low !== null && isConstant(low) && low.constant >= 0;
  return makeAtom(`${name}@${trace.scope.id}`, trace.scope, { counterOf: trace.scope, low, high, step, nonNegative });
}

// ---------------------------------------------------------------------------------------------------------------------
// Comprehensions

const CONTAINER = { list: 'list', set: 'set', dict: 'dict', generator: 'generator' } as const;

export function evaluateComprehension(m: Machine, comprehension: Comprehension, consumer: string | null): Value {
  const result = m.fresh(comprehension.kind, named(CONTAINER[comprehension.kind]));
  const values: Value[] = [];
  const inner = (at: number): void => {
    const clause = comprehension.clauses[at];
    if (!clause) {
      if (comprehension.key) evaluate(m, comprehension.key);
      const value = evaluate(m, comprehension.element);
      values.push(value);
      m.store(extend(result.locs[0]!, ANY_ELEMENT), value);
      return;
    }
    const iteration = iterate(m, clause.iterable, false);
    if (clause.async) m.leaving.push({ kind: 'await', site: m.site(clause.iterable), via: [], target: null });
    const rest = comprehension.clauses.slice(at + 1);
    const trace = runLoop(m, {
      node: comprehension,
      kind: 'comprehension',
      header: iteration.header(clause.target),
      body: [],
      consumer: at === 0 ? (consumer ?? (comprehension.kind === 'generator' ? null : comprehension.kind)) : 'inner',
      trips: iteration.trips,
      sureOnce: false,
      advances: boundNames(clause.target).map((name) => name.variable),
      assigns: [...clause.conditions, ...rest.flatMap((each) => [each.iterable, ...each.conditions, targetAsStmt(each.target, each.iterable)]), comprehension.element, ...(comprehension.key ? [comprehension.key] : []), targetAsStmt(clause.target, clause.iterable)],
      step: (current) => bindElement(m, current, iteration, clause.target),
      run: () => {
        const before = m.snapshot();
        for (const condition of clause.conditions) useTruth(m, evaluate(m, condition), condition);
        inner(at + 1);
        if (clause.conditions.length > 0) m.merge([before, m.snapshot()]);
      },
    });
    if (at === 0) trace.element = { value: values[values.length - 1] ?? NOTHING, node: comprehension.element };
  };
  inner(0);
  const value = values[values.length - 1] ?? NOTHING;
  const element = value.type ?? null;
  const name = CONTAINER[comprehension.kind];
  const type = element === null ? named(name) : comprehension.kind === 'dict' ? named('dict', named('unknown'), element) : named(name, element);
  return { ...result, type };
}
