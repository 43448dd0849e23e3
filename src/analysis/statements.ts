/** Interprets statements in order. */
import type { Expr, Handler, If, Stmt, Switch, Try } from '../ir/ir';
import { walkTarget } from '../ir/walk';
import { assignTo, readTarget, writeTarget } from './assign';
import { evaluate, operate, slotOf, useTruth, useValue } from './evaluate';
import { extend, locKey, NOTHING, SHAPE, type Literal, type Value } from './domain';
import { groupingAt } from './groupings';
import { callImplicit } from './implicit';
import { callFunction } from './instantiate';
import { runLoopStmt } from './loopWalk';
import type { Machine, Snapshot } from './machine';
import { tagAssignment, tagCondition, withTags } from './updates';
import { groupOf, isScalar, named } from './types';

/** Python: what an augmented assignment asks a class for first. */
const IN_PLACE: Readonly<Record<string, string>> = {
  '+': '__iadd__',
  '-': '__isub__',
  '*': '__imul__',
  '/': '__itruediv__',
  '//': '__ifloordiv__',
  '%': '__imod__',
  '**': '__ipow__',
  '@': '__imatmul__',
  '|': '__ior__',
  '&': '__iand__',
  '^': '__ixor__',
  '<<': '__ilshift__',
  '>>': '__irshift__',
};

export function runBlock(m: Machine, stmts: readonly Stmt[]): void {
  for (let at = 0; at < stmts.length; ) {
    const grouping = groupingAt(m, stmts, at);
    const end = at + (grouping?.length ?? 1);
    withTags(m, grouping ? [grouping.tag] : [], () => {
      for (; at < end; at++) runOne(m, stmts[at]!);
    });
  }
}

function runOne(m: Machine, stmt: Stmt): void {
  if (m.dead) return;
  const outer = m.statement;
  m.statement = stmt;
  run(m, stmt);
  m.statement = outer;
}

function run(m: Machine, stmt: Stmt): void {
  m.work++;
  m.at = stmt.span;
  switch (stmt.type) {
    case 'expr':
      withTags(m, tagAssignment(m, stmt), () => evaluate(m, stmt.value));
      return;
    case 'assign-stmt':
      withTags(m, tagAssignment(m, stmt), () => {
        if (stmt.operator !== null) {
          const target = stmt.targets[0]!;
          const old = readTarget(m, target);
          if (stmt.operator === 'and' || stmt.operator === 'or' || stmt.operator === '??') {
            const before = m.snapshot();
            writeTarget(m, target, evaluate(m, stmt.value));
            m.merge([before, m.snapshot()]);
            return;
          }
          const operand = evaluate(m, stmt.value);
          const own = m.module.language === 'python' ? callImplicit(m, old, [IN_PLACE[stmt.operator] ?? ''], target, operand) : null;
          if (own) return writeTarget(m, target, own);
          const value = operate(m, stmt.operator, old, operand, target, stmt.value);
          // In place, where the operator of the type does so.
          const group = groupOf(old.type);
          const inPlace = m.module.language === 'python' && old.locs.length > 0 && (group === 'list' || group === 'array' || group === 'dict' || group === 'set');
          if (inPlace) {
            for (const loc of old.locs) m.write(loc, target, { deep: true, node: target, type: old.type, must: false });
            writeTarget(m, target, { ...old, sym: value.sym, type: old.type ?? value.type, items: null });
          } else writeTarget(m, target, value);
          return;
        }
        const value = evaluate(m, stmt.value);
        const typed: Value = stmt.annotation && stmt.annotation.name !== 'unknown' ? { ...value, type: stmt.annotation, locs: isScalar(stmt.annotation) ? [] : value.locs } : value;
        for (const target of stmt.targets) assignTo(m, target, typed);
      });
      return;
    case 'declare':
      // `var x;` sets nothing: in a loop the variable keeps what it had.
      if (stmt.declares === 'annotation' || stmt.declares === 'var') return;
      walkTarget(stmt.target, {
        expr: () => false,
        target(target) {
          if (target.type !== 'name') return;
          m.write(slotOf(m, target.variable), target, { node: target });
          m.env.set(target.variable, { ...NOTHING, sym: m.opaque(target.name), type: stmt.annotation ?? null });
        },
      });
      return;
    case 'if': {
      withTags(m, tagCondition(m, stmt), () => {
        const from = m.accesses.length;
        const calls = m.unresolved.length;
        useTruth(m, evaluate(m, stmt.test), stmt.test);
        const reads = m.accesses.slice(from);
        const pure = m.unresolved.length === calls && reads.every((access) => access.mode === 'read' && access.loc.base.kind !== 'world');
        branches(m, stmt, pure ? { key: conditionKey(stmt.test), reads } : null);
      });
      return;
    }
    case 'for-each':
    case 'for':
    case 'while':
      runLoopStmt(m, stmt);
      return;
    case 'return': {
      const value = stmt.value ? evaluate(m, stmt.value) : NOTHING;
      const inlined = m.inlined[m.inlined.length - 1];
      if (inlined) {
        inlined.returned = inlined.returned ? m.join(inlined.returned, value) : value;
        if (m.frames.length === inlined.depth) inlined.ends.push(m.snapshot());
        else m.leaving.push({ kind: 'return', site: m.site(stmt), via: [], target: m.frames[inlined.depth - 1]!.scope });
      } else {
        m.returned = m.returned ? m.join(m.returned, value) : value;
        m.leaving.push({ kind: 'return', site: m.site(stmt), via: [], target: null });
        m.functionEnds.push(new Map(m.frames.flatMap((frame) => [...frame.defs])));
      }
      m.dead = true;
      return;
    }
    case 'raise':
      m.raisedNames.set(stmt.span.start, raisedName(stmt.value));
      if (stmt.value) evaluate(m, stmt.value);
      if (stmt.cause) evaluate(m, stmt.cause);
      if (m.guards.length === 0 || m.guards[m.guards.length - 1]! < m.frames.length) m.leaving.push({ kind: 'raise', site: m.site(stmt), via: [], target: m.guards.length > 0 ? m.frames[m.guards[m.guards.length - 1]! - 1]!.scope : null });
      m.dead = true;
      return;
    case 'break':
    case 'continue':
      jump(m, stmt);
      return;
    case 'try':
      runTry(m, stmt);
      return;
    case 'with':
      for (const item of stmt.items) {
        const context = evaluate(m, item.context);
        const entered = contextManager(m, context, item.context);
        if (item.target) assignTo(m, item.target, entered);
      }
      if (stmt.async) m.leaving.push({ kind: 'await', site: m.site(stmt), via: [], target: null });
      runBlock(m, stmt.body);
      return;
    case 'switch':
      runSwitch(m, stmt);
      return;
    case 'block': {
      if (!stmt.label) return runBlock(m, stmt.body);
      const breakable = { kind: 'block' as const, label: stmt.label, trace: null, frames: m.frames.length, continues: [], breaks: [] as Snapshot[] };
      m.breakables.push(breakable);
      runBlock(m, stmt.body);
      m.breakables.pop();
      if (breakable.breaks.length > 0) m.merge([m.snapshot(), ...breakable.breaks]);
      return;
    }
    case 'delete':
      for (const target of stmt.targets) {
        readTarget(m, target);
        if (target.type === 'index') {
          const object = evaluate(m, target.object);
          for (const loc of object.locs) m.write(extend(loc, { kind: 'field', name: SHAPE }), target, { node: target, type: object.type, must: false });
        }
        writeTarget(m, target, NOTHING);
      }
      return;
    case 'assert':
      useTruth(m, evaluate(m, stmt.test), stmt.test);
      if (stmt.message) {
        const before = m.snapshot();
        evaluate(m, stmt.message);
        m.merge([before, m.snapshot()]);
      }
      return;
    case 'function-def': {
      for (const decorator of stmt.decorators) evaluate(m, decorator);
      for (const value of stmt.defaults) evaluate(m, value);
      const variable = m.analyzer.variable(m.module, stmt.target.variable);
      if (variable?.constant) return;
      const fn = m.module.functions.get(stmt.function);
      m.write(slotOf(m, stmt.target.variable), stmt.target, { node: stmt.target });
      m.env.set(stmt.target.variable, fn ? { ...NOTHING, functions: [{ module: m.module, fn, self: null }], type: named('function') } : NOTHING);
      return;
    }
    case 'class-def':
      for (const decorator of stmt.decorators) evaluate(m, decorator);
      for (const base of stmt.bases) evaluate(m, base);
      runBlock(m, stmt.body);
      return;
    case 'import':
      for (const binding of stmt.bindings) {
        const variable = m.analyzer.variable(m.module, binding.target.variable);
        if (variable?.constant) continue;
        m.write(slotOf(m, binding.target.variable), binding.target);
        m.env.set(binding.target.variable, m.analyzer.imported(binding.source, m.module) ?? m.unseenValue(binding.target.name));
      }
      if (stmt.star) m.unseen.push({ name: `* from ${stmt.module}`, at: m.accesses.length, locs: [] });
      return;
    case 'pass':
      return;
    case 'error':
      m.cannotResolve({ callee: 'a syntax error', site: m.site(stmt), via: [], pending: null });
      return;
  }
}

/** Both branches, remembering under which condition each of them wrote what. */
function branches(m: Machine, stmt: If, condition: Literal | null): void {
  const before = m.snapshot();
  const outer = m.conditions;
  const literals = condition ? [condition, { ...condition, key: `!${condition.key}` }] : [];
  const run = (body: readonly Stmt[], literal: Literal | undefined): Snapshot => {
    m.restore(before);
    if (literal) m.conditions = [...outer, literal];
    runBlock(m, body);
    m.conditions = outer;
    return m.snapshot();
  };
  const then = run(stmt.then, literals[0]);
  const otherwise = run(stmt.else, literals[1]);
  m.merge([then, otherwise]);
  if (!condition || then.dead || otherwise.dead) return;
  const depth = m.frames.length - 1;
  for (const [state, other, literal] of [
    [then, otherwise, literals[0]!],
    [otherwise, then, literals[1]!],
  ] as const) {
    const add = (key: string, conjunction: readonly Literal[]): void => {
      m.frame.guarded.set(key, [...(m.frame.guarded.get(key) ?? []), { depth, literals: conjunction }].slice(0, 8));
    };
    for (const key of state.defs.keys()) if (!other.defs.has(key)) add(key, [literal]);
    for (const [key, defs] of state.guarded) {
      if (before.guarded.get(key) === defs || state.defs.has(key)) continue;
      for (const def of defs) if (def.literals.length < 4) add(key, [...def.literals, literal]);
    }
  }
}

/** One text for equal conditions. */
function conditionKey(test: Expr): string {
  return JSON.stringify(test, (name, value: unknown) => (name === 'span' ? undefined : value));
}

const raisedName = (value: Expr | null): string => {
  const callee = value?.type === 'call' ? value.callee : value;
  return callee?.type === 'name' || callee?.type === 'attribute' ? callee.name : '';
};

// ---------------------------------------------------------------------------------------------------------------------

function jump(m: Machine, stmt: Stmt & { type: 'break' | 'continue' }): void {
  for (let at = m.breakables.length - 1; at >= 0; at--) {
    const breakable = m.breakables[at]!;
    const fits = stmt.label ? breakable.label === stmt.label : stmt.type === 'continue' ? breakable.kind === 'loop' : breakable.kind !== 'block';
    if (!fits) continue;
    const here = breakable.frames === m.frames.length;
    if (stmt.type === 'continue') {
      if (here) breakable.continues.push(m.snapshot());
      // A jump to the next iteration of a loop further out ends the ones between.
      else leave(m, stmt, m.frames[breakable.frames]?.scope ?? null);
    } else {
      if (here) breakable.breaks.push(m.snapshot());
      if (breakable.kind === 'loop') leave(m, stmt, breakable.trace!.scope);
      else if (!here) leave(m, stmt, m.frames[breakable.frames]?.scope ?? null);
    }
    break;
  }
  m.dead = true;
}

function leave(m: Machine, stmt: Stmt, target: Machine['scope']): void {
  m.leaving.push({ kind: 'break', site: m.site(stmt), via: [], target });
}

function catchesAll(handler: Handler): boolean {
  const { test } = handler;
  return test === null || (test.type === 'name' && (test.name === 'Exception' || test.name === 'BaseException'));
}

function runTry(m: Machine, stmt: Try): void {
  const before = m.snapshot();
  const guarded = stmt.handlers.some(catchesAll);
  if (guarded) m.guards.push(m.frames.length);
  const leavingFrom = m.leaving.length;
  runBlock(m, stmt.body);
  if (guarded) m.guards.pop();
  const handled = stmt.handlers.flatMap((handler) => (handler.test ? names(handler.test) : []));
  // A raise of a class that a handler names is caught.
  if (!guarded && handled.length > 0) {
    for (let at = m.leaving.length - 1; at >= leavingFrom; at--) {
      const leaving = m.leaving[at]!;
      if (leaving.kind === 'raise' && handled.includes(m.raisedNames.get(leaving.site.start) ?? '')) m.leaving.splice(at, 1);
    }
  }
  runBlock(m, stmt.orelse);
  const after = m.snapshot();
  const ends: Snapshot[] = [after];
  for (const handler of stmt.handlers) {
    m.restore(before);
    m.dead = before.dead;
    // The body may have got anywhere.
    for (const [id, value] of after.env) {
      const old = m.env.get(id);
      if (old !== value) m.env.set(id, old ? m.join(old, value) : value);
    }
    if (handler.test) evaluate(m, handler.test);
    if (handler.target) assignTo(m, handler.target, m.fresh('exception', null));
    runBlock(m, handler.body);
    ends.push(m.snapshot());
  }
  m.merge(ends);
  if (stmt.finally.length > 0) {
    const dead = m.dead;
    m.dead = false;
    runBlock(m, stmt.finally);
    m.dead = m.dead || dead;
  }
}

const names = (test: Handler['test']): string[] =>
  test === null ? [] : test.type === 'name' ? [test.name] : test.type === 'collection' ? test.items.flatMap((item) => names(item)) : test.type === 'attribute' ? [test.name] : [];

function runSwitch(m: Machine, stmt: Switch): void {
  const subject = evaluate(m, stmt.subject);
  useValue(m, subject, stmt.subject);
  const breakable = { kind: 'switch' as const, label: null, trace: null, frames: m.frames.length, continues: [], breaks: [] as Snapshot[] };
  if (stmt.fallsThrough) m.breakables.push(breakable);
  const start = m.snapshot();
  const ends: Snapshot[] = [];
  let complete = false;
  let falling: Snapshot | null = null;
  for (const branch of stmt.cases) {
    m.restore(start);
    m.dead = start.dead;
    for (const test of branch.tests ?? []) useValue(m, evaluate(m, test), test);
    if (branch.tests === null || (!stmt.fallsThrough && branch.guard === null && branch.tests.length === 0)) complete = true;
    for (const bind of branch.binds) assignTo(m, bind, subject.locs.length > 0 && !isScalar(subject.type) ? { ...NOTHING, locs: subject.locs, sym: m.opaque('bind') } : { ...NOTHING, sym: m.opaque('bind') });
    if (branch.guard) useTruth(m, evaluate(m, branch.guard), branch.guard);
    if (stmt.fallsThrough && falling && !falling.dead) m.merge([m.snapshot(), falling]);
    runBlock(m, branch.body);
    if (stmt.fallsThrough) falling = m.snapshot();
    else ends.push(m.snapshot());
  }
  if (stmt.fallsThrough) {
    m.breakables.pop();
    if (falling) ends.push(falling);
    ends.push(...breakable.breaks);
  }
  if (!complete || ends.length === 0) ends.push(start);
  m.merge(ends);
}

/** What `with` does with its context: a class's own methods, or those of a library type. */
function contextManager(m: Machine, context: Value, node: Expr): Value {
  const cls = m.analyzer.classOf(context.type, m.module);
  if (cls) {
    const enter = m.analyzer.methodsOf(cls, '__enter__')[0];
    const exit = m.analyzer.methodsOf(cls, '__exit__')[0];
    const entered = enter ? callFunction(m, { ...enter, self: context }, [], node, '__enter__') : context;
    if (exit) callFunction(m, { ...exit, self: context }, [], node, '__exit__');
    return entered;
  }
  if (!context.type) {
    m.cannotResolve({ callee: 'with', site: m.site(node), via: [], pending: null });
    return context;
  }
  for (const loc of context.locs) m.write(loc, node, { deep: true, must: false, type: context.type });
  return context;
}

export { locKey };
