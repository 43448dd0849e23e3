/** State of the interpretation of one function: environment, contents, accesses, frames of loops. */
import type { Expr, FunctionIR, ModuleIR, Span, Stmt, Target, TypeIR, VarId } from '../ir/ir';
import type { Analyzer } from './analyzer';
import {
  ANY_ELEMENT,
  baseKey,
  extend,
  FEW_OBJECTS,
  isCut,
  isExact,
  isOfCaller,
  isOrdered,
  MAX_PATH,
  locKey,
  mayBeOther,
  NOTHING,
  shapeKey,
  shapeOf,
  type Access,
  type GuardedDef,
  type Literal,
  type Base,
  type Leaving,
  type Loc,
  type PathStep,
  type Site,
  type Unresolved,
  type Update,
  type Value,
} from './domain';
import { locName } from './messages';
import type { Breakable } from './loopWalk';
import type { Callee } from './report';
import type { LoopTrace } from './trace';
import { constant, equal, isWithin, makeAtom, ofAtom, type Atom, type Poly, type Scope } from './symbolic';
import { isExactly, isScalar, joinTypes, sameType } from './types';
import { foldOf } from './updates';

/** What has surely been written since the start of an iteration (or of the function). */
export interface Frame {
  readonly scope: Scope | null;
  /** By place key: index of the access that wrote it, the earliest of several paths. */
  defs: Map<string, number>;
  /** Places with counters of inner loops that have ended: written for the whole range of the counters. */
  ranged: Loc[];
  /** By place key: the conditions under which it was written. */
  guarded: Map<string, readonly GuardedDef[]>;
  /** The written sets at each `continue`. */
  readonly ends: Map<string, number>[];
  /** Where the frame's accesses start. */
  readonly first: number;
}

export interface Snapshot {
  readonly env: Map<VarId, Value>;
  readonly defs: Map<string, number>;
  readonly ranged: readonly Loc[];
  readonly guarded: ReadonlyMap<string, readonly GuardedDef[]>;
  readonly dead: boolean;
}

export interface AccessOptions {
  readonly deep?: boolean;
  readonly update?: Update | null;
  readonly node?: Expr | Target | null;
  readonly type?: TypeIR | null;
  readonly via?: readonly string[];
  readonly site?: Site;
}

/** How many further names of a place are followed, and through how many others they may lead. */
const MAX_ALIASES = 16;
const MAX_ALIAS_DEPTH = 4;

/** Thrown out of the reading of a function that no loop which calls it can be proven independent with. */
export class GivenUp extends Error {}

const NO_GUARDS: readonly GuardedDef[] = [];
const NO_LOCS: readonly Loc[] = [];

let serial = 0;

export class Machine {
  env = new Map<VarId, Value>();
  readonly heap = new Map<string, Value>();
  readonly accesses: Access[] = [];
  readonly unresolved: Unresolved[] = [];
  readonly leaving: Leaving[] = [];
  readonly raises: { readonly callee: string; readonly site: Site; readonly guard: number }[] = [];
  readonly traces: LoopTrace[] = [];
  readonly frames: Frame[];
  scope: Scope | null = null;
  trace: LoopTrace | null = null;
  dead = false;
  /** Operands of unseen type that operators and subscripts were applied to, by name, with where. */
  readonly unseen: { readonly name: string; readonly at: number; readonly locs: readonly Loc[] }[] = [];
  returned: Value | null = null;
  yields = false;
  thisValue: Value | null = null;
  work = 0;
  /** How much of the work is arithmetic on numbers. */
  arithmetic = 0;
  io = false;
  /** It calls a function that was not read to its end. */
  restsOnGivenUp = false;
  /** Update that the expression being evaluated belongs to, with the place it is about. */
  tags: { readonly update: Update; readonly matches: (node: Expr | Target) => boolean }[] = [];
  /** Frame depths of enclosing `try` statements whose handlers catch everything that is raised. */
  guards: number[] = [];
  /** Where `return` of an inlined callback goes. */
  inlined: { returned: Value | null; ends: Snapshot[]; readonly depth: number }[] = [];
  /** Statement being interpreted. */
  statement: Stmt | null = null;
  /** Conditions around what is being interpreted. */
  conditions: readonly Literal[] = [];
  /** Source range of the expression being evaluated. */
  at: Span | null = null;
  callDepth = 0;
  /** Surely written at each `return`. */
  readonly functionEnds: Map<string, number>[] = [];
  /** Class named by each `raise`, by its offset. */
  readonly raisedNames = new Map<number, string>();
  /** Accumulator parameters of `reduce` callbacks, with their loop. */
  readonly foldParams = new Map<VarId, number>();
  readonly breakables: Breakable[] = [];
  /** Lists whose elements are one and the same object. */
  readonly sharedElements = new Set<string>();
  /** Objects made in a loop that are in more than one slot. */
  readonly sharedSites = new Set<string>();
  /** Objects that share memory with others, under subscripts of their own: by the name of their base, what they lie in. */
  readonly views = new Map<string, readonly Loc[]>();
  /** Functions that were put into something, and when: they run later, and see what their variables hold then. */
  readonly kept: { readonly fn: FunctionIR; readonly at: number }[] = [];
  private readonly storedAt = new Map<string, string>();
  /** Callbacks that were read in place. */
  readonly inlinedFunctions: FunctionIR[] = [];
  /** Surely written when the function ends. */
  endDefs: ReadonlyMap<string, number> | null = null;
  private readonly calleeSet = new Map<string, Callee>();
  private readonly places = new Map<string, { loc: Loc }>();
  private readonly epochs = new Map<string, number>();
  private deepEpoch = 0;
  private readonly provisionalBefore: number;

  constructor(
    readonly analyzer: Analyzer,
    readonly module: ModuleIR,
    /** The function whose code is being read: changes while a callback is read in place. */
    public fn: FunctionIR,
    readonly root: FunctionIR,
    /** It is read for its callers, and of use to them only if they can run in parallel with it. */
    private readonly mayGiveUp = false,
  ) {
    this.provisionalBefore = analyzer.summaries.provisional;
    this.frames = [{ scope: null, defs: new Map(), ranged: [], guarded: new Map(), ends: [], first: 0 }];
  }

  get frame(): Frame {
    return this.frames[this.frames.length - 1]!;
  }

  site(node: { readonly span: Span }): Site {
    return { fn: this.fn, start: node.span.start, end: node.span.end };
  }

  /** Which iteration of a loop it is, from 0. */
  positionOf(scope: Scope): Poly {
    return ofAtom(makeAtom(`iteration@${scope.id}`, scope, { counterOf: scope, low: constant(0), high: null, step: 1, nonNegative: true }));
  }

  foldOperation(value: Expr, place: Expr): string | null {
    return foldOf(value, place);
  }

  /** A place as the person would write it: an object made here by the variable or field that holds it. */
  nameOf(loc: Loc): string {
    const { base } = loc;
    if (base.kind === 'fresh' || base.kind === 'unseen') {
      const key = baseKey(base);
      for (const [id, value] of this.env) {
        if (!value.locs.some((held) => held.path.length === 0 && baseKey(held.base) === key)) continue;
        return locName({ base: { kind: 'variable', id, module: this.module }, path: loc.path });
      }
      for (const { loc: place, value } of this.storedPlaces()) {
        if (baseKey(place.base) === key || place.base.kind === 'fresh') continue;
        if (value.locs.some((held) => held.path.length === 0 && baseKey(held.base) === key)) return locName({ base: place.base, path: [...place.path, ...loc.path] });
      }
    }
    return locName(loc);
  }

  /** A name for a value that nothing more is known about. */
  opaque(hint = 'x'): Poly {
    return ofAtom(makeAtom(`${hint}#${serial++}`, this.scope));
  }

  /** Names where an object is made: the same expression makes objects of the same name, whatever iteration it is read for. */
  newSite(hint: string): string {
    const { at } = this;
    return `${hint}@${this.fn.id}:${at ? `${at.start}-${at.end}` : ''}`;
  }

  fresh(hint: string, type: TypeIR | null, items: readonly Value[] | null = null): Value {
    const base: Base = { kind: 'fresh', site: this.newSite(hint), scope: this.scope };
    return { ...NOTHING, locs: [{ base, path: [] }], type, items };
  }

  unseenValue(hint: string, type: TypeIR | null = null): Value {
    if (isScalar(type)) return { ...NOTHING, type, sym: this.opaque(hint) };
    return { ...NOTHING, locs: [{ base: { kind: 'unseen', site: this.newSite(hint), scope: this.scope }, path: [] }], type, sym: this.opaque(hint) };
  }

  /** A window on other objects, as a reshaped array is. */
  view(hint: string, type: TypeIR | null, sources: readonly Loc[]): Value {
    const value = this.unseenValue(hint, type);
    for (const { base } of value.locs) this.noteView(base, sources);
    return value;
  }

  noteView(base: Base, sources: readonly Loc[]): void {
    const key = baseKey(base);
    const found = new Map((this.views.get(key) ?? []).map((loc) => [locKey(loc), loc]));
    for (const loc of sources) if (baseKey(loc.base) !== key) found.set(locKey(loc), loc);
    this.views.set(key, [...found.values()]);
  }

  // ---- accesses

  read(loc: Loc, at: { readonly span: Span }, options: AccessOptions = {}): void {
    if (this.dead) return;
    let exposedFrom = this.frames.length;
    while (exposedFrom > 0 && !this.covered(this.frames[exposedFrom - 1]!, loc, options.deep ?? false)) exposedFrom--;
    // exposed at depth k when k >= exposedFrom: nothing in frames k.. covers it
    const key = locKey(loc);
    let coveredAt = -1;
    for (const frame of this.frames) coveredAt = Math.max(coveredAt, frame.defs.get(key) ?? -1);
    const coveredIf = this.frames.flatMap((frame) => frame.guarded.get(key) ?? NO_GUARDS);
    this.push('read', loc, at, options, exposedFrom, coveredAt, coveredIf);
  }

  write(loc: Loc, at: { readonly span: Span }, options: AccessOptions & { readonly must?: boolean } = {}): void {
    if (this.dead) return;
    this.push('write', loc, at, options, 0);
    if (loc.base.kind === 'world' && isOrdered(loc.base.what)) this.giveUp();
    const key = shapeKey(loc);
    this.epochs.set(key, (this.epochs.get(key) ?? 0) + 1);
    if (options.deep) this.deepEpoch++;
    if (this.views.has(baseKey(loc.base))) this.deepEpoch++;
    if (options.must !== false && !options.deep && !isCut(loc) && isExact(loc)) this.frame.defs.set(locKey(loc), this.accesses.length - 1);
  }

  /** A call that nothing is known about. */
  cannotResolve(item: Unresolved): void {
    this.unresolved.push(item);
    if (!item.pending || !isOfCaller(item.pending.callee)) this.giveUp();
  }

  /** Where only loops that can be proven independent are asked for, a function that stands in their way need not be read to its end. */
  private giveUp(): void {
    if (this.mayGiveUp && this.analyzer.summaries.provisional === this.provisionalBefore) throw new GivenUp();
  }

  private push(mode: 'read' | 'write', loc: Loc, at: { readonly span: Span }, options: AccessOptions, exposedFrom: number, coveredAt = -1, coveredIf: readonly GuardedDef[] = NO_GUARDS): void {
    this.accesses.push({
      mode,
      loc,
      deep: (options.deep ?? false) || isCut(loc),
      scope: this.scope,
      site: options.site ?? this.site(at),
      via: options.via ?? [],
      exposedFrom,
      coveredAt,
      coveredIf,
      guards: this.conditions,
      update: options.update ?? (options.node ? this.tagFor(options.node) : null),
      node: options.node ?? null,
      type: options.type ?? null,
      must: options.deep !== true,
    });
  }

  tagFor(node: Expr | Target): Update | null {
    for (let at = this.tags.length - 1; at >= 0; at--) if (this.tags[at]!.matches(node)) return this.tags[at]!.update;
    return null;
  }

  /** Whether every path to here has written a place: it no longer holds what it held before. */
  isWritten(loc: Loc): boolean {
    const key = locKey(loc);
    return this.frames.some((frame) => frame.defs.has(key));
  }

  private covered(frame: Frame, loc: Loc, deep: boolean): boolean {
    if (frame.defs.has(locKey(loc)) && !deep) return true;
    if (deep && loc.path.length > 0 && frame.defs.has(locKey(loc))) return true;
    return !deep && frame.ranged.some((def) => rangeCovers(def, loc));
  }

  epochOf(loc: Loc): string {
    return `${this.epochs.get(shapeKey(loc)) ?? 0}.${this.deepEpoch}`;
  }

  /** Something unseen may have written anything: loads before and after it are different values. */
  forgetLoads(): void {
    this.deepEpoch++;
  }

  /** The value of a load, the same for two loads with nothing written between. */
  loadAtom(loc: Loc, nonNegative = false): Poly {
    const deps: Atom[] = [];
    for (const step of loc.path) {
      if (step.kind !== 'element') continue;
      if (step.index.kind === 'number') for (const term of step.index.value.terms) deps.push(...term.atoms);
      else if (step.index.kind === 'key') deps.push(...step.index.deps);
      else return this.opaque('load');
    }
    const scope = loc.base.kind === 'fresh' || loc.base.kind === 'unseen' ? loc.base.scope : null;
    return ofAtom(makeAtom(`${locKey(loc)}@${this.epochOf(loc)}`, scope, { deps, nonNegative, load: loc }));
  }

  // ---- contents

  /**
   * `made`: ending of the names of objects that the store's own call made, of which it is known whether they are shared.
   * `one`: where in the text one slot is stored to that several names may lead to.
   */
  store(loc: Loc, value: Value, made: string | null = null, one: number | null = null): void {
    if (value.locs.length === 0 && value.functions.length === 0 && !value.cls) return;
    this.noteSharing(loc, value, made, one);
    for (const ref of value.functions) if (made === null && ref.fn.parent !== null && ref.fn.parent !== '') this.kept.push({ fn: ref.fn, at: this.accesses.length });
    this.storeAt(loc, value);
    for (const alias of this.aliases(loc)) this.storeAt(alias, value);
  }

  /** An object that goes into several slots is one object in each of them. */
  private noteSharing(loc: Loc, value: Value, made: string | null, one: number | null): void {
    if (loc.path[loc.path.length - 1]?.kind !== 'element') return;
    for (const { base, path } of value.locs) {
      if (base.kind !== 'fresh' || path.length > 0 || (made !== null && base.site.endsWith(made))) continue;
      const where = one === null ? `${shapeKey(loc)}@${this.at?.start ?? 0}` : `@${one}`;
      const known = this.storedAt.get(base.site);
      if (base.scope !== this.scope || (known !== undefined && known !== where)) this.sharedSites.add(base.site);
      this.storedAt.set(base.site, where);
    }
  }

  /** One name for many objects: made in a loop that has ended, or in one of a called function. */
  isMany(base: Base): boolean {
    return base.kind === 'fresh' && (base.many === true || (base.scope !== null && !(this.scope !== null && isWithin(this.scope, base.scope))));
  }

  /** Other names of a place, by what is known to be stored on the way to it. */
  aliases(loc: Loc): readonly Loc[] {
    if (loc.path.length < 2) return NO_LOCS;
    if (this.namedAt !== this.stored) {
      this.named.clear();
      this.namedAt = this.stored;
    }
    const key = locKey(loc);
    let known = this.named.get(key);
    if (!known) this.named.set(key, (known = this.aliasesNow(loc)));
    return known;
  }

  private aliasesNow(loc: Loc): Loc[] {
    const found: Loc[] = [];
    const seen = new Set([shapeKey(loc)]);
    let from = [loc];
    for (let depth = 0; depth < MAX_ALIAS_DEPTH && from.length > 0; depth++) {
      const next: Loc[] = [];
      for (const alias of this.namedBehind(from)) {
        const shape = shapeKey(alias);
        if (seen.has(shape)) continue;
        seen.add(shape);
        next.push(alias);
        found.push(alias);
        if (found.length > MAX_ALIASES) return found;
      }
      from = next;
    }
    return found;
  }

  /** Names of places by what the places on the way to them hold. */
  private *namedBehind(places: readonly Loc[]): Iterable<Loc> {
    for (const { base, path } of places) {
      let key = baseKey(base);
      for (let length = 1; length < path.length; length++) {
        key += shapeOf(path[length - 1]!);
        for (const inner of this.heap.get(key)?.locs ?? []) yield { base: inner.base, path: [...inner.path, ...path.slice(length)].slice(0, MAX_PATH) };
      }
    }
  }

  /** Counts changes of the heap: what is known of contents holds until the next. */
  stored = 0;
  private readonly named = new Map<string, readonly Loc[]>();
  private namedAt = -1;

  private storeAt(loc: Loc, value: Value): void {
    const key = shapeKey(loc);
    const old = this.heap.get(key);
    // What a place holds is looked up by those who want to know which object it is, not which number.
    const joined = old ? this.join(old, { ...value, sym: null }) : { ...value, sym: null, text: null, range: null };
    if (old && isSameContent(old, joined)) return;
    this.stored++;
    this.heap.set(key, joined);
    if (!this.places.has(key)) this.places.set(key, { loc });
  }

  /** Everything that was stored, by place. */
  *storedPlaces(): Iterable<{ loc: Loc; value: Value }> {
    for (const [key, { loc }] of this.places) {
      const value = this.heap.get(key);
      if (value) yield { loc, value };
    }
  }

  noteCallee(callee: Callee, inner: readonly Callee[]): void {
    for (const each of [callee, ...inner]) this.calleeSet.set(`${each.path}\n${each.function}`, each);
  }

  callees(): readonly Callee[] {
    return [...this.calleeSet.values()];
  }

  contents(loc: Loc): Value | null {
    if (this.heldAt !== this.stored) {
      this.held.clear();
      this.heldAt = this.stored;
    }
    const key = shapeKey(loc);
    let known = this.held.get(key);
    if (known === undefined) this.held.set(key, (known = this.contentsNow(loc)));
    return known;
  }

  /** What places hold, until something is stored. */
  private readonly held = new Map<string, Value | null>();
  private heldAt = -1;

  private contentsNow(loc: Loc): Value | null {
    let found = this.heap.get(shapeKey(loc)) ?? null;
    for (const alias of this.aliases(loc)) {
      const stored = this.heap.get(shapeKey(alias));
      if (stored) found = found && stored !== found ? this.join(found, stored) : stored;
    }
    return found;
  }

  // ---- joining

  join(a: Value, b: Value): Value {
    if (a === b) return a;
    const locs = bothOf(a.locs, b.locs);
    const functions = unionOf(a.functions, b.functions);
    const open = functions.length > 0 && (mayBeOther(a) || mayBeOther(b));
    const sym = a.sym && b.sym && equal(a.sym, b.sym) ? a.sym : null;
    return {
      locs,
      functions,
      ...(open ? { open } : {}),
      sym: sym ?? (a.sym || b.sym ? this.opaque('join') : null),
      type: joinTypes(a.type, b.type),
      library: a.library && b.library && a.library.model === b.library.model ? a.library : null,
      namespace: a.namespace === b.namespace ? a.namespace : null,
      module: a.module === b.module ? a.module : null,
      cls: a.cls?.cls === b.cls?.cls ? a.cls : null,
      items: a.items && b.items && a.items.length === b.items.length ? a.items.map((item, at) => this.join(item, b.items![at]!)) : null,
      text: a.text === b.text ? a.text : null,
      range: a.range === b.range ? a.range : null,
    };
  }

  snapshot(): Snapshot {
    const frame = this.frame;
    return { env: new Map(this.env), defs: new Map(frame.defs), ranged: [...frame.ranged], guarded: new Map(frame.guarded), dead: this.dead };
  }

  restore(state: Snapshot): void {
    this.env = new Map(state.env);
    this.frame.defs = new Map(state.defs);
    this.frame.ranged = [...state.ranged];
    this.frame.guarded = new Map(state.guarded);
    this.dead = state.dead;
  }

  /** Continues from where several paths meet; paths that ended elsewhere do not count. */
  merge(states: readonly Snapshot[]): void {
    const live = states.filter((state) => !state.dead);
    if (live.length === 0) {
      this.restore(states[0]!);
      this.dead = true;
      return;
    }
    const [first, ...rest] = live;
    const env = new Map(first!.env);
    for (const state of rest) {
      for (const [id, value] of state.env) {
        const old = env.get(id);
        if (old === value) continue;
        env.set(id, old ? this.join(old, value) : this.join(this.analyzer.initialValue(this, id), value));
      }
      for (const [id, value] of env) if (!state.env.has(id)) env.set(id, this.join(value, this.analyzer.initialValue(this, id)));
    }
    this.env = env;
    this.frame.defs = intersect(live.map((state) => state.defs));
    this.frame.guarded = new Map([...first!.guarded].filter(([key, defs]) => rest.every((state) => state.guarded.get(key) === defs)));
    this.frame.ranged = first!.ranged.filter((loc) => rest.every((state) => state.ranged.includes(loc)));
    this.dead = false;
  }
}

/** What was written on every path, by the earliest write. */
export function intersect(sets: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const [first, ...rest] = sets;
  const both = new Map<string, number>();
  for (const [key, at] of first ?? []) {
    if (rest.every((set) => set.has(key))) both.set(key, rest.reduce((least, set) => Math.min(least, set.get(key)!), at));
  }
  return both;
}

/** Whether a place that was written for the whole range of inner counters includes another one. */
function rangeCovers(def: Loc, loc: Loc): boolean {
  if (def.path.length !== loc.path.length) return false;
  const counters = new Map<string, string>();
  return locKey({ base: def.base, path: [] }) === locKey({ base: loc.base, path: [] }) && def.path.every((step, at) => stepCovers(step, loc.path[at]!, counters));
}

function stepCovers(def: PathStep, step: PathStep, used: Map<string, string>): boolean {
  if (def.kind === 'field' || step.kind === 'field') return def.kind === 'field' && step.kind === 'field' && def.name === step.name;
  if (def.index.kind !== 'number' || step.index.kind !== 'number') return false;
  if (equal(def.index.value, step.index.value)) return true;
  // Both subscripts are counters that run over the same values.
  const a = soleCounter(def.index.value);
  const b = soleCounter(step.index.value);
  if (!a || !b || !a.low || !a.high || !b.low || !b.high || Math.abs(a.step) !== 1) return false;
  if (used.has(a.key) && used.get(a.key) !== b.key) return false;
  used.set(a.key, b.key);
  return equal(a.low, b.low) && equal(a.high, b.high);
}

function soleCounter(p: Poly): Atom | null {
  if (p.constant !== 0 || p.terms.length !== 1) return null;
  const term = p.terms[0]!;
  return term.coefficient === 1 && term.atoms.length === 1 && term.atoms[0]!.counterOf ? term.atoms[0]! : null;
}

export const elementOf = (loc: Loc): Loc => extend(loc, ANY_ELEMENT);

function bothOf(a: readonly Loc[], b: readonly Loc[]): readonly Loc[] {
  if (a === b || b.length === 0) return a.length > FEW_OBJECTS ? a.slice(0, FEW_OBJECTS) : a;
  const locs = a.slice(0, FEW_OBJECTS);
  for (const loc of b) {
    if (locs.length >= FEW_OBJECTS) break;
    const key = locKey(loc);
    if (!locs.some((known) => known === loc || locKey(known) === key)) locs.push(loc);
  }
  return locs;
}

function isSameContent(a: Value, b: Value): boolean {
  return (
    a.locs.length === b.locs.length &&
    a.functions.length === b.functions.length &&
    a.open === b.open &&
    (a.type === b.type || (sameType(a.type, b.type) && isExactly(a.type) === isExactly(b.type))) &&
    a.cls === b.cls &&
    a.library === b.library &&
    a.items === b.items &&
    a.namespace === b.namespace &&
    a.module === b.module &&
    a.text === b.text &&
    a.range === b.range
  );
}

type Functions = Value['functions'];

/** The same two lists meet over and over where a loop settles; in a library's one large closure they are long. */
const unions = new WeakMap<Functions, WeakMap<Functions, Functions>>();

function unionOf(a: Functions, b: Functions): Functions {
  if (a === b || b.length === 0) return a;
  let known = unions.get(a);
  if (!known) unions.set(a, (known = new WeakMap()));
  let union = known.get(b);
  if (!union) {
    const there = new Set(a.map((ref) => ref.fn));
    const added = b.filter((ref) => !there.has(ref.fn) && there.add(ref.fn));
    known.set(b, (union = added.length === 0 ? a : [...a, ...added]));
  }
  return union;
}
