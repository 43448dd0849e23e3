/** Applies the summary of a function at a call: parameters become arguments. */
import type { Expr, FunctionIR, ModuleIR, Target, VarId } from '../ir/ir';
import { instanceType } from './analyzer';
import { storedFunctions } from './calls';
import { evaluate } from './evaluate';
import {
  ANY,
  ANY_ELEMENT,
  baseKey,
  extend,
  FEW_OBJECTS,
  locKey,
  MAX_OBJECTS,
  NOTHING,
  type Access,
  type Base,
  type CallArgument,
  type ClassRef,
  type FunctionRef,
  type Loc,
  type PathStep,
  type Subscript,
  type Update,
  type Value,
} from './domain';
import { methodModel } from './library';
import type { Machine } from './machine';
import { functionName, written } from './messages';
import type { Summary } from './summary';
import { atomsOf, isWithin, keyOf, makeAtom, ofAtom, substitute, type Atom, type Poly } from './symbolic';
import { elementType, groupOf, isScalar, named } from './types';
import { CIRCLING } from './work';

/** Decorators that leave what a call does as it is (or only compile it). */
const PLAIN_DECORATORS = /(^|\.)(staticmethod|classmethod|property|cached_property|abstractmethod|override|final|wraps|lru_cache|cache|jit|njit|ngjit|ngjit_parallel|vectorize|guvectorize|overload|static|setter|getter|deleter|dataclass|total_ordering|typing|no_type_check)(\(|$)/;

const isPlain = (fn: FunctionIR): boolean => fn.decorators.every((name) => PLAIN_DECORATORS.test(name));

const MAX_DEPTH = 24;

/** Calls whatever functions a value may be; unresolved when it is none that is known. */
export function callValue(m: Machine, callee: Value, args: readonly CallArgument[], node: Expr, name: string): Value {
  if (callee.cls) return constructClass(m, callee.cls, args, node, name);
  if (callee.functions.length === 0) {
    if (callee.library && (callee.library.model.writes ?? []).length === 0 && (callee.library.model.calls ?? []).length === 0) return m.unseenValue(name, null);
    m.cannotResolve({ callee: written(node), site: m.site(node), via: [], pending: { callee, method: null, args } });
    return m.unseenValue(name);
  }
  if (callee.open) m.cannotResolve({ callee: written(node), site: m.site(node), via: [], pending: { callee: { ...callee, functions: [], open: false }, method: null, args } });
  let result: Value | null = null;
  for (const ref of callee.functions) {
    const value = callFunction(m, ref, args, node, ref.fn.name || name);
    result = result ? m.join(result, value) : value;
  }
  return result!;
}

export function constructClass(m: Machine, ref: ClassRef, args: readonly CallArgument[], node: Expr, name: string): Value {
  const made = m.fresh(ref.cls.name, instanceType(ref));
  const constructor = m.analyzer.findMethod(ref, ref.module.language === 'python' ? '__init__' : 'constructor');
  if (constructor) {
    callFunction(m, { ...constructor, self: made }, args, node, name);
  } else if (!m.analyzer.fullyKnown(ref)) {
    m.cannotResolve({ callee: name, site: m.site(node), via: [], pending: null });
  }
  if (!constructor) for (const argument of args) m.store(extend(made.locs[0]!, { kind: 'field', name: '?' }), argument.value);
  return made;
}

export function callFunction(m: Machine, ref: FunctionRef, args: readonly CallArgument[], node: Expr | Target, name: string, construct = false): Value {
  const { fn } = ref;
  if (!isPlain(fn) || fn.broken || m.callDepth > MAX_DEPTH) {
    m.cannotResolve({ callee: name, site: m.site(node), via: [], pending: null });
    return m.unseenValue(name);
  }
  const self = construct ? m.fresh(functionName(fn), null) : ref.self;
  const summary = m.analyzer.summaries.of(ref);
  m.callDepth++;
  const result = new Instantiation(m, summary, bind(m, ref, self, args, node), self, node, name).run();
  m.callDepth--;
  return construct && self ? self : result;
}

function bind(m: Machine, ref: FunctionRef, self: Value | null, args: readonly CallArgument[], node: Expr | Target): Map<VarId, Value> {
  const bound = new Map<VarId, Value>();
  const params = [...ref.fn.params];
  const python = ref.module.language === 'python';
  if (python && self && ref.fn.class !== null && !ref.fn.decorators.includes('staticmethod')) {
    const receiver = params.shift();
    if (receiver) bound.set(receiver.variable, self);
  }
  let at = 0;
  for (const argument of args) {
    if (argument.name !== null) {
      const param = params.find((candidate) => candidate.name === argument.name);
      if (param) bound.set(param.variable, argument.value);
      else {
        const rest = params.find((candidate) => candidate.kind === 'keywords');
        if (rest) collect(m, bound, rest.variable, 'dict', argument.value, ref.module);
      }
      continue;
    }
    if (argument.spread) {
      // Any of the remaining parameters may get any of its elements.
      const part: Value = { ...NOTHING, locs: argument.value.locs.map((loc) => extend(loc, ANY_ELEMENT)), sym: m.opaque('spread') };
      for (const loc of argument.value.locs) m.read(loc, node, { deep: true });
      for (const param of params.slice(at)) if (!bound.has(param.variable)) bound.set(param.variable, part);
      continue;
    }
    const param = params[at];
    if (!param) break;
    if (param.kind === 'rest') {
      collect(m, bound, param.variable, python ? 'tuple' : 'Array', argument.value, ref.module);
      continue;
    }
    bound.set(param.variable, argument.value);
    at++;
  }
  for (const param of params) {
    if (bound.has(param.variable)) continue;
    if (param.kind === 'rest' || param.kind === 'keywords') {
      bound.set(param.variable, m.fresh('rest', named(param.kind === 'rest' ? (python ? 'tuple' : 'Array') : 'dict')));
    } else if (!param.default) bound.set(param.variable, { ...NOTHING, type: python ? null : named('undefined') });
    else if (param.default.type === 'const') bound.set(param.variable, evaluate(m, param.default));
    else if (!python && (param.default.type === 'collection' || param.default.type === 'mapping')) bound.set(param.variable, m.fresh('default', m.analyzer.typeOfInitializer(param.default, ref.module)));
    // Python makes other defaults once: they stay the parameter's own object.
  }
  return bound;
}

function collect(m: Machine, bound: Map<VarId, Value>, id: VarId, type: string, value: Value, _module: ModuleIR): void {
  const rest = bound.get(id) ?? m.fresh('rest', named(type));
  m.store(extend(rest.locs[0]!, ANY_ELEMENT), value);
  bound.set(id, rest);
}

class Instantiation {
  private readonly atoms = new Map<string, Poly>();
  private readonly bases = new Map<string, Base>();
  private readonly updates = new Map<Update, Update>();
  private readonly answers = new Map<string, readonly Loc[]>();
  private answeredAt = -1;
  private readonly tag: string;

  constructor(
    private readonly m: Machine,
    private readonly summary: Summary,
    private readonly bound: ReadonlyMap<VarId, Value>,
    private readonly self: Value | null,
    private readonly node: Expr | Target,
    private readonly name: string,
  ) {
    this.tag = m.newSite(`${summary.fn.id}()`);
  }

  run(): Value {
    const { m, summary, node } = this;
    if (m.dead) return NOTHING;
    // A call in a circle of calls would count the circle again in every round of the fixpoint.
    m.work += summary.provisional ? CIRCLING : summary.work;
    if (!summary.provisional) m.arithmetic += summary.arithmetic;
    if (summary.io) m.io = true;
    if (summary.givenUp) m.restsOnGivenUp = true;
    m.noteCallee({ path: summary.module.path, function: summary.fn.id }, summary.callees);
    if (m.accesses.length > 60_000) return m.unseenValue(this.name);
    const { accesses } = summary;
    for (const access of accesses) if (access.mode === 'read') this.emit(access);
    for (const access of accesses) if (access.mode === 'write') this.emit(access);
    for (const { loc, value } of summary.stores) for (const target of this.locs(loc)) m.store(target, this.value(value), `~${this.tag}`);
    for (const [id, value] of summary.assigned) {
      const old = m.env.get(id) ?? m.analyzer.initialValue(m, id);
      m.env.set(id, { ...m.join(old, this.value(value)), sym: m.opaque('assigned') });
    }
    const returned = summary.returns ? this.value(summary.returns) : { ...NOTHING, type: null };
    let result = returned;
    for (const item of summary.unresolved) result = this.unresolved(item) ?? result;
    if (summary.raises) m.raises.push({ callee: this.name, site: m.site(node), guard: m.guards.length });
    if (summary.exits) m.leaving.push({ kind: 'exit', site: m.site(node), via: [this.name], target: null });
    for (const item of summary.unseen) if (item.locs.length === 0 || item.locs.some((loc) => !this.isTyped(loc))) m.unseen.push({ name: item.name, at: m.accesses.length, locs: item.locs.flatMap((loc) => this.locs(loc)) });
    const declared = summary.fn.returnType;
    if (summary.generator) {
      const generator = m.fresh('generator', named('generator'));
      if (result.locs.length > 0 || result.sym) m.store(extend(generator.locs[0]!, ANY_ELEMENT), result);
      return generator;
    }
    if (declared?.args && result.type && !result.type.args && groupOf(declared) !== null && groupOf(declared) === groupOf(result.type)) result = { ...result, type: declared };
    if (!result.type && declared && declared.name !== 'unknown') result = { ...result, type: declared, locs: isScalar(declared) ? [] : result.locs };
    return result;
  }

  private emit(access: Access): void {
    const { m, node } = this;
    const locs = this.locs(access.loc);
    const options = {
      deep: access.deep,
      via: [this.name, ...access.via],
      update: this.update(access.update),
      type: access.type,
    };
    if (locs.length === 0 && access.mode === 'write' && this.isLost(access.loc)) m.write({ base: { kind: 'unseen', site: 'unseen', scope: null }, path: [] }, node, { ...options, deep: true, must: false });
    for (const loc of locs) {
      if (loc.path.length === 0 && !access.deep && loc.base.kind !== 'world' && access.loc.path.length > 0) continue;
      if (access.mode === 'read') m.read(loc, node, options);
      else m.write(loc, node, { ...options, must: access.must && locs.length === 1 });
    }
  }

  /** A write to a part of an argument of which nothing is known, not even that it is a number. */
  private isLost({ base, path }: Loc): boolean {
    const whole = path.length > 0 ? this.whole(base) : null;
    return whole !== null && !isScalar(whole.type) && (whole.type !== null || whole.sym !== null);
  }

  private update(update: Update | null): Update | null {
    if (!update) return null;
    let mapped = this.updates.get(update);
    if (!mapped) {
      mapped = { ...update, statement: null, node: this.node as Expr };
      this.updates.set(update, mapped);
    }
    return mapped;
  }

  private unresolved(item: Summary['unresolved'][number]): Value | null {
    const { m, node } = this;
    const { pending } = item;
    if (pending) {
      const callee = this.value(pending.callee);
      const args = pending.args.map((argument) => ({ ...argument, value: this.value(argument.value) }));
      const resolved = pending.method === null ? (callee.functions.length > 0 || callee.cls ? callee : null) : this.method(callee, pending.method);
      if (resolved) {
        const inner = m.unresolved.length;
        callValue(m, resolved, args, node as Expr, item.callee);
        for (let at = inner; at < m.unresolved.length; at++) m.unresolved[at] = { ...m.unresolved[at]!, via: [this.name, ...m.unresolved[at]!.via] };
        return null;
      }
      m.cannotResolve({ callee: item.callee, site: m.site(node), via: [this.name, ...item.via], pending: { callee, method: pending.method, args } });
      return null;
    }
    m.cannotResolve({ callee: item.callee, site: m.site(node), via: [this.name, ...item.via], pending: null });
    return null;
  }

  private method(receiver: Value, name: string): Value | null {
    const { m } = this;
    const cls = m.analyzer.classOf(receiver.type, this.summary.module) ?? m.analyzer.classOf(receiver.type, m.module);
    const refs = cls ? m.analyzer.methodsOf(cls, name) : [];
    if (refs.length > 0) return { ...NOTHING, functions: refs.map((ref) => ({ ...ref, self: receiver })) };
    // A method of a library type that only reads.
    const model = methodModel(m.analyzer.models, receiver.type, name);
    if (model && (model.writes ?? []).length === 0 && (model.calls ?? []).length === 0) return { ...NOTHING, library: { name, model, receiver } };
    const stored = storedFunctions(m, receiver, name);
    return stored ? { ...stored, functions: stored.functions.map((ref) => ({ ...ref, self: ref.self ?? receiver })) } : null;
  }

  // ---- substitution

  value(value: Value): Value {
    const places = new Map<string, Loc>();
    const extra: Value[] = [];
    for (const loc of value.locs) {
      const mapped = this.locs(loc);
      for (const each of mapped) places.set(locKey(each), each);
      if (loc.path.length === 0) {
        const whole = this.whole(loc.base);
        if (whole) extra.push(whole);
      } else if (places.size <= MAX_OBJECTS) {
        for (const each of mapped) {
          const stored = this.m.contents(each);
          if (stored) extra.push(stored);
        }
      }
    }
    const locs = [...places.values()];
    if (locs.length > MAX_OBJECTS) {
      this.m.cannotResolve({ callee: this.name, site: this.m.site(this.node), via: [], pending: null });
      locs.length = FEW_OBJECTS;
    }
    let result: Value = {
      ...value,
      locs,
      sym: value.sym ? this.poly(value.sym) : null,
      functions: value.functions.map((ref) => ({ ...ref, self: ref.self ? (ref.self === value ? value : this.value(ref.self)) : null })),
      library: value.library,
      items: value.items ? value.items.map((item) => this.value(item)) : null,
      range: null,
    };
    for (const other of extra) {
      if (other.functions.length > 0 || other.cls || (!result.type && other.type) || other.items) {
        result = {
          ...result,
          functions: result.functions.length > 0 ? result.functions : other.functions,
          ...(result.functions.length === 0 && other.open ? { open: true } : {}),
          cls: result.cls ?? other.cls,
          type: result.type ?? other.type,
          items: result.items ?? (extra.length === 1 && value.locs.length === 1 ? other.items : null),
          library: result.library ?? other.library,
        };
      }
    }
    if (isScalar(result.type)) result = { ...result, locs: [] };
    return result;
  }

  /** The value that a parameter or the receiver as a whole stands for. */
  private whole(base: Base): Value | null {
    if (base.kind === 'variable') return this.bound.get(base.id) ?? null;
    if (base.kind === 'this') return this.self;
    return null;
  }

  /** Where a place of the function lies for its caller. While nothing is stored, the same question has the same answer. */
  private locs(loc: Loc): readonly Loc[] {
    const key = locKey(loc);
    if (this.answeredAt !== this.m.stored) {
      this.answers.clear();
      this.answeredAt = this.m.stored;
    }
    let known = this.answers.get(key);
    if (!known) this.answers.set(key, (known = [...new Map(this.locsNow(loc).map((each) => [locKey(each), each])).values()]));
    return known;
  }

  private locsNow(loc: Loc): Loc[] {
    const { m } = this;
    const path = loc.path.map((step) => this.step(step));
    const roots = this.roots(loc.base);
    const found: Loc[] = [];
    for (const root of roots) {
      const whole = extend(root, ...path);
      found.push(whole);
      // What was stored on the way is what the path leads through.
      for (let at = 1; at < path.length; at++) {
        const stored = m.contents(extend(root, ...path.slice(0, at)));
        if (!stored) continue;
        const element = path[at - 1]!.kind === 'element';
        for (const inner of stored.locs) {
          if (element && inner.path.length === 0 && m.isMany(inner.base) && inner.base.kind === 'fresh' && !m.sharedSites.has(inner.base.site)) continue;
          found.push(extend(inner, ...path.slice(at)));
        }
      }
    }
    return found;
  }

  private roots(base: Base): readonly Loc[] {
    const { m } = this;
    switch (base.kind) {
      case 'variable': {
        const value = this.bound.get(base.id);
        if (value) return value.locs;
        const own = base.module === m.module ? m.env.get(base.id) : undefined;
        const slot: Loc = { base, path: [] };
        return own && own.locs.length > 0 && !this.isOwn(base.id) ? this.withSlot(own.locs, slot) : [slot];
      }
      case 'this':
        return this.self ? this.self.locs : [];
      case 'world':
        return [{ base, path: [] }];
      case 'fresh':
      case 'unseen': {
        let mapped = this.bases.get(base.site);
        if (!mapped) {
          mapped = { ...base, site: `${base.site}~${this.tag}`, scope: m.scope };
          if (base.kind === 'fresh' && base.scope !== null) mapped = { ...mapped, many: true } as Base;
          if (this.summary.sharedSites.has(base.site) && mapped.kind === 'fresh') m.sharedSites.add(mapped.site);
          this.bases.set(base.site, mapped);
          if (this.summary.sharedElements.has(baseKey(base))) m.sharedElements.add(baseKey(mapped));
          const sources = this.summary.views.get(baseKey(base));
          if (sources) m.noteView(mapped, sources.flatMap((source) => this.locs(source)));
        }
        return [{ base: mapped, path: [] }];
      }
    }
  }

  /** Whether the type of what a parameter leads to is known here. */
  private isTyped(loc: Loc): boolean {
    const whole = this.whole(loc.base);
    if (!whole) return false;
    if (whole.locs.length === 0) return true;
    let { type } = whole;
    for (const step of loc.path) {
      if (step.kind === 'element') type = elementType(type, 'index');
      else {
        const cls = this.m.analyzer.classOf(type, this.m.module) ?? this.m.analyzer.classOf(type, this.summary.module);
        type = cls ? this.m.analyzer.fieldType(cls, step.name) : null;
      }
      if (!type) return false;
    }
    return type !== null && type.name !== 'unknown';
  }

  private isOwn(id: VarId): boolean {
    return this.summary.fn.variables.has(id);
  }

  private withSlot(locs: readonly Loc[], _slot: Loc): readonly Loc[] {
    return locs;
  }

  private step(step: PathStep): PathStep {
    if (step.kind === 'field') return step;
    if (this.summary.provisional) {
      const fixed = step.index.kind === 'key' && step.index.constant;
      return fixed ? step : ANY_ELEMENT;
    }
    return { kind: 'element', index: this.subscript(step.index), ...(step.joined ? { joined: true } : {}) };
  }

  private subscript(index: Subscript): Subscript {
    switch (index.kind) {
      case 'any':
        return index;
      case 'number': {
        const value = this.poly(index.value);
        return value ? { kind: 'number', value } : ANY;
      }
      case 'range': {
        const low = index.low ? this.poly(index.low) : null;
        const high = index.high ? this.poly(index.high) : null;
        return (index.low && !low) || (index.high && !high) ? { kind: 'range', low: null, high: null, within: true } : { ...index, low, high };
      }
      case 'key':
        return index.constant ? index : ANY;
    }
  }

  private poly(p: Poly): Poly | null {
    return substitute(p, (atom) => this.atom(atom));
  }

  private atom(atom: Atom): Poly | null {
    let mapped = this.atoms.get(atom.key);
    if (!mapped) {
      mapped = this.mapAtom(atom) ?? undefined;
      if (!mapped) return null;
      this.atoms.set(atom.key, mapped);
    }
    return mapped;
  }

  private mapAtom(atom: Atom): Poly | null {
    const { m } = this;
    if (atom.input !== null) {
      const id = atom.input;
      const value = this.bound.get(id);
      if (value) return value.sym ?? m.opaque('argument');
      const own = m.env.get(id);
      return own && !this.isOwn(id) ? (own.sym ?? m.opaque('variable')) : ofAtom(atom);
    }
    if (atom.load) {
      const locs = this.locs(atom.load as Loc);
      return locs.length === 1 ? m.loadAtom(locs[0]!, atom.nonNegative) : m.opaque('load');
    }
    if (atom.counterOf) {
      const low = atom.low ? this.poly(atom.low) : null;
      const high = atom.high ? this.poly(atom.high) : null;
      return ofAtom({ ...atom, key: `${atom.key}~${this.tag}`, scope: m.scope, counterOf: atom.counterOf, low, high, deps: [] });
    }
    if (atom.deps.length > 0) {
      const polys = atom.deps.map((dep) => this.atom(dep));
      if (polys.some((p) => p === null)) return m.opaque('op');
      const key = `${atom.key.replace(/\|.*$/, '')}|${polys.map((p) => keyOf(p!)).join(',')}`;
      if (key.length > 500) return m.opaque('op');
      return ofAtom(makeAtom(key, null, { deps: polys.flatMap((p) => [...atomsOf(p!)]), nonNegative: atom.nonNegative }));
    }
    if (atom.key.includes('#') || atom.scope) return ofAtom(makeAtom(`${atom.key}~${this.tag}`, m.scope, { nonNegative: atom.nonNegative }));
    return ofAtom(atom);
  }
}

export { isWithin };
