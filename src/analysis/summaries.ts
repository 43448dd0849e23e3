/**
 * Summaries of functions, made when first asked for. Functions that call each other in a circle are repeated until nothing
 * changes (Sălcianu & Rinard 2005: field-sensitive, context-insensitive, over strongly connected components).
 */
import { type Analyzer } from './analyzer';
import { baseKey, isCut, isOfCaller, locKey, MAX_OBJECTS, shapeKey, type Access, type FunctionRef, type Loc, type Value } from './domain';
import { interpret } from './interpret';
import { GivenUp, type Machine } from './machine';
import { throughViews } from './views';
import type { Callee } from './report';
import type { Summary } from './summary';
import { computesInCircles, NUMERIC_TRIPS } from './work';
import type { FunctionIR, ModuleIR } from '../ir/ir';

export const calleeKey = ({ path, function: id }: Callee): string => `${path}\n${id}`;

const ROUNDS = 6;
/** Where only loops that can be proven independent are asked for: what takes longer to settle hardly ever lets one be. */
const PROVABLE_ROUNDS = 2;

// Past these a function is one of which nothing is known: parsers that call each other in circles would have summaries without end.
const MAX_ACCESSES = 600;
const MAX_UNRESOLVED = 64;
const MAX_STORES = 80;

interface Pending {
  readonly fn: FunctionIR;
  readonly index: number;
  low: number;
  summary: Summary;
}

export class Summaries {
  private readonly done = new Map<FunctionIR, Summary>();
  private readonly stack: Pending[] = [];
  private readonly open = new Map<FunctionIR, Pending>();
  private readonly parked = new Map<FunctionIR, Summary>();
  /** How often an answer was given that may still change. */
  provisional = 0;

  /** Who wants the state in which the reading of a function of a module ended: it is read once for its summary and its loops. */
  readonly keepers = new Set<{ readonly module: ModuleIR; readonly machines: Map<FunctionIR, Machine> }>();

  constructor(private readonly analyzer: Analyzer) {}

  /** Takes the summary of a function that was read for its loops. */
  offer(ref: FunctionRef, machine: Machine): void {
    const recursive = machine.callees().some((callee) => callee.function === ref.fn.id && callee.path === ref.module.path);
    if (recursive || this.stack.length > 0 || this.done.has(ref.fn)) return;
    this.done.set(ref.fn, summarize(machine, ref));
  }

  /** @param changed functions by their path and id, as `calleeKey` writes them */
  forget(changed: ReadonlySet<string>): void {
    for (const [fn, summary] of this.done) {
      const own = calleeKey({ path: summary.module.path, function: fn.id });
      if (summary.givenUp || changed.has(own) || summary.callees.some((callee) => changed.has(calleeKey(callee)))) this.done.delete(fn);
    }
    this.parked.clear();
  }

  of(ref: FunctionRef): Summary {
    const known = this.done.get(ref.fn);
    if (known) return known;
    const running = this.open.get(ref.fn);
    if (running) {
      const top = this.stack[this.stack.length - 1]!;
      top.low = Math.min(top.low, running.index);
      this.provisional++;
      return { ...running.summary, provisional: true };
    }
    if (this.analyzer.context.provable && this.analyzer.estimates.call(ref).barred) {
      const summary = { ...unknown(ref), givenUp: true };
      this.done.set(ref.fn, summary);
      return summary;
    }
    const entry: Pending = { fn: ref.fn, index: this.stack.length, low: this.stack.length, summary: this.parked.get(ref.fn) ?? empty(ref) };
    this.stack.push(entry);
    this.open.set(ref.fn, entry);
    try {
      this.settle(entry, ref);
    } finally {
      // What fails must not look like a function that is still being read.
      this.stack.length = entry.index;
      this.open.delete(ref.fn);
    }
    const parent = this.stack[this.stack.length - 1];
    if (entry.low < entry.index) {
      // Belongs to a circle whose head is still open: keep for its next round only.
      if (parent) parent.low = Math.min(parent.low, entry.low);
      this.parked.set(ref.fn, entry.summary);
      this.provisional++;
      return { ...entry.summary, provisional: true };
    }
    if (this.wasUsed(entry)) entry.summary = repeated(entry.summary);
    this.done.set(ref.fn, entry.summary);
    return entry.summary;
  }

  /** Reads the function until its summary no longer changes. */
  private settle(entry: Pending, ref: FunctionRef): void {
    let rounds = 0;
    for (;;) {
      const before = outline(entry.summary);
      const machine = this.read(ref);
      if (!machine) {
        entry.summary = { ...unknown(ref), givenUp: true };
        break;
      }
      entry.summary = summarize(machine, ref);
      const recursive = entry.low < entry.index || this.wasUsed(entry);
      if (!recursive) for (const keeper of this.keepers) if (keeper.module === ref.module) keeper.machines.set(ref.fn, machine);
      if (!recursive || outline(entry.summary) === before) break;
      // Only the head of a circle repeats; the others are repeated by it.
      if (entry.low < entry.index) break;
      if (++rounds > (this.analyzer.context.provable ? PROVABLE_ROUNDS : ROUNDS)) {
        entry.summary = { ...entry.summary, unresolved: [...entry.summary.unresolved, ...unknown(ref).unresolved] };
        break;
      }
    }
  }

  /** Null when no loop that calls it can be proven independent, and nothing else is asked. */
  private read(ref: FunctionRef): Machine | null {
    const { provable } = this.analyzer.context;
    try {
      return interpret(this.analyzer, ref.module, ref.fn, provable === true);
    } catch (error) {
      if (error instanceof GivenUp) return null;
      throw error;
    }
  }

  private wasUsed(entry: Pending): boolean {
    return entry.summary.callees.some((callee) => callee.function === entry.fn.id);
  }
}

/** A recursive function that computes with numbers calls itself about as often as a loop of numbers runs; one that walks over a structure does not. */
function repeated(summary: Summary): Summary {
  if (!computesInCircles(summary)) return summary;
  return { ...summary, work: Math.min(summary.work * NUMERIC_TRIPS, 1e9), arithmetic: Math.min(summary.arithmetic * NUMERIC_TRIPS, 1e9) };
}

function empty(ref: FunctionRef): Summary {
  return {
    fn: ref.fn,
    module: ref.module,
    accesses: [],
    returns: null,
    stores: [],
    assigned: new Map(),
    unresolved: [],
    sharedSites: new Set(),
    sharedElements: new Set(),
    views: new Map(),
    raises: false,
    exits: false,
    awaits: false,
    generator: ref.fn.generator,
    work: 20,
    arithmetic: 0,
    io: false,
    callees: [],
    unseen: [],
    provisional: true,
  };
}

/** Of a function that nothing is known about. */
function unknown(ref: FunctionRef): Summary {
  return { ...empty(ref), unresolved: [{ callee: ref.fn.name, site: { fn: ref.fn, start: 0, end: 0 }, via: [], pending: null }], provisional: false };
}

/** What of a summary decides whether another round is needed. */
function outline(summary: Summary): string {
  const parts = new Set(summary.accesses.map((access) => `${access.mode}${shapeKey(access.loc)}${access.deep ? '!' : ''}${access.update?.operation ?? ''}`));
  const returned = (summary.returns?.locs ?? []).map((loc) => (loc.base.kind === 'fresh' || loc.base.kind === 'unseen' ? loc.base.kind : shapeKey(loc)));
  return [...parts].sort().join(';') + '|' + [...new Set(returned)].sort().join(';') + '|' + [...new Set(summary.unresolved.map((item) => item.callee))].sort().join(';') + summary.raises;
}

function summarize(m: Machine, ref: FunctionRef): Summary {
  const own = (id: string): boolean => ref.fn.variables.has(id);
  const seen = new Set<string>();
  const accesses: Access[] = [];
  const endDefs = m.endDefs ?? new Map<string, number>();
  for (const access of m.accesses.flatMap((each) => throughViews(m, each, () => true))) {
    const { base, path } = access.loc;
    if (base.kind === 'fresh' || (base.kind === 'unseen' && access.mode === 'read')) continue;
    if (base.kind === 'variable' && path.length === 0 && !access.deep && (own(base.id) || base.id.startsWith('builtin/'))) continue;
    if (base.kind === 'variable' && ownedByInlined(m, base.id) && path.length === 0 && !access.deep) continue;
    if (access.mode === 'read' && access.exposedFrom > 0 && !seesUpdate(m, access)) continue;
    const must = access.mode === 'write' && access.must && endDefs.has(locKey(access.loc));
    const key = `${access.mode}${locKey(access.loc)}${access.deep ? '!' : ''}${access.update?.operation ?? ''}${must ? 'm' : ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    accesses.push({ ...access, must });
  }
  const stores: Summary['stores'][number][] = [];
  for (const { loc, value } of m.storedPlaces()) stores.push({ loc, value });
  const assigned = new Map<string, Value>();
  for (const access of m.accesses) {
    const { base, path } = access.loc;
    if (access.mode === 'write' && base.kind === 'variable' && path.length === 0 && !own(base.id) && base.module === ref.module && !ownedByInlined(m, base.id)) {
      const value = m.env.get(base.id);
      if (value) assigned.set(base.id, value);
    }
  }
  const unresolved = dedupe(m);
  if (unresolved.some(({ pending }) => pending === null)) {
    // A loop that calls it cannot be proven independent: what is left to tell of it is what makes the loop run in order.
    const written = new Set(accesses.flatMap(({ mode, loc }) => (mode === 'write' ? [headKey(loc)] : [])));
    const telling = accesses.filter(({ mode, loc }) => mode === 'write' || written.has(headKey(loc)));
    accesses.splice(0, accesses.length, ...telling);
  }
  const work = { work: Math.min(m.work, 1e9), arithmetic: Math.min(m.arithmetic, 1e9), io: m.io, callees: m.callees(), ...(m.restsOnGivenUp ? { givenUp: true } : {}) };
  if (accesses.length > MAX_ACCESSES || unresolved.length > MAX_UNRESOLVED || stores.length > MAX_STORES || isWide(m.returned, stores, unresolved)) {
    return { ...unknown(ref), ...work };
  }
  return {
    fn: ref.fn,
    module: ref.module,
    accesses,
    returns: m.returned,
    stores,
    assigned,
    unresolved,
    sharedSites: m.sharedSites,
    sharedElements: m.sharedElements,
    views: m.views,
    raises: m.leaving.some((leaving) => leaving.kind === 'raise') || m.raises.some((raise) => raise.guard === 0),
    exits: m.leaving.some((leaving) => leaving.kind === 'exit'),
    awaits: m.leaving.some((leaving) => leaving.kind === 'await'),
    generator: ref.fn.generator || m.yields,
    ...work,
    unseen: [...new Map(m.unseen.map((item) => [item.name + item.locs.map(shapeKey).join(), item])).values()].slice(0, 40),
    provisional: false,
    ...(m.restsOnGivenUp ? { givenUp: true } : {}),
  };
}

/** A read of what an update left: `total += x; return total` hands out the running total, though nothing is read that was not written. */
function seesUpdate(m: Machine, access: Access): boolean {
  return access.update === null && access.coveredAt >= 0 && m.accesses[access.coveredAt]?.update != null;
}

const ownedByInlined = (m: Machine, id: string): boolean => m.inlinedFunctions.some((fn) => fn.variables.has(id));

/**
 * One of each kind. Objects that the function itself made count as one kind: those of a recursive function are made anew, under
 * another name, in every round, and would multiply without end.
 */
function dedupe(m: Machine): Summary['unresolved'] {
  const seen = new Map<string, Summary['unresolved'][number]>();
  for (const each of m.unresolved) {
    const item = each.pending && !isOfCaller(each.pending.callee) ? { ...each, pending: null } : each;
    const key = `${item.callee}|${item.pending ? [item.pending.callee, ...item.pending.args.map((arg) => arg.value)].map(kindOfValue).join('|') : ''}`;
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

const headKey = ({ base, path }: Loc): string => shapeKey({ base, path: path.slice(0, 1) });

/** Whether one of its values may be so many objects that following them all leads nowhere. */
function isWide(returned: Value | null, stores: Summary['stores'], unresolved: Summary['unresolved']): boolean {
  const values = [returned, ...stores.map(({ value }) => value), ...unresolved.flatMap(({ pending }) => (pending ? [pending.callee, ...pending.args.map(({ value }) => value)] : []))];
  return values.some((value) => value !== null && value.locs.length > MAX_OBJECTS);
}

function kindOfValue(value: Value): string {
  const places = new Set(value.locs.map((loc) => (loc.base.kind === 'fresh' || loc.base.kind === 'unseen' ? loc.base.kind : shapeKey(loc))));
  return [...places, ...value.functions.map((ref) => ref.fn.id)].sort().join(',');
}

export { baseKey, isCut };
