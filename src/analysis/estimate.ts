/**
 * How much a loop has to do, told from its text alone: cheap enough for every function of a workspace. Rules ask it which loops are worth
 * judging, so that the others are never interpreted. It counts as the interpretation does, and where that needs values that are not
 * known here (the class of a receiver), it takes the most that the name can mean.
 */
import type { Call, ClassIR, Comprehension, Expr, FunctionIR, LoopStmt, ModuleIR, Stmt, Target, Variable, VarId } from '../ir/ir';
import { visitExpr, visitStmt, visitTarget, type Parts } from '../ir/walk';
import type { FunctionModel, LanguageModels } from '../models/types';
import { isLoopCall } from './discover';
import { NOTHING, type ClassRef, type Value } from './domain';
import { builtinValue, memberValue } from './library';
import { CIRCLING as CIRCLING_WORK, computesInCircles, isArithmetic, likelyTrips, NUMERIC_TRIPS, workOfModel } from './work';
import type { Analyzer } from './analyzer';

export interface Work {
  /** Plain operations. */
  readonly work: number;
  /** How many of them are arithmetic on numbers. */
  readonly arithmetic: number;
  /** It surely prints, draws random numbers or calls what nobody knows: a loop with it cannot be proven independent. */
  readonly barred: boolean;
}

/** Code that runs once: what it does itself, what it calls, and the loops in it. */
interface Part {
  work: number;
  arithmetic: number;
  readonly calls: { readonly call: Call; readonly fn: FunctionIR }[];
  readonly loops: LoopOutline[];
}

/** A loop as its text shows it. */
export interface LoopOutline extends Part {
  readonly fn: FunctionIR;
  readonly node: LoopStmt | Comprehension | Call;
  /** How often it runs each time it is entered, where the text tells. */
  readonly trips: number | null;
  /** An iteration may end the loop or hand a value out of it: it runs in order whatever else it does. */
  ordered: boolean;
}

interface Outline extends Part {
  readonly callbacks: FunctionIR[];
  /** Fields that it writes. */
  readonly stored: Set<string>;
  /** Names that loops bind, with what they walk over. */
  readonly elements: Map<VarId, Expr>;
}

/** A function that is being counted. */
interface Entry {
  readonly place: FunctionPlace;
  /** How deep in the calls it lies. */
  readonly at: number;
  readonly order: number;
  /** The least depth that it leads back to; no number while it leads back to none. */
  low: number;
}

/** What a call takes besides what it does. */
const CALL = 2;
const MOST = 1e9;
const NONE: Work = { work: 0, arithmetic: 0, barred: false };
const BARRED: Work = { work: 0, arithmetic: 0, barred: true };
/** A call back into a function that is being counted. */
const CIRCLING: Work = { work: CIRCLING_WORK, arithmetic: 0, barred: false };

interface FunctionPlace {
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
}

export class Estimates {
  private readonly known = new Map<FunctionIR, Work>();
  private readonly open = new Map<FunctionIR, Entry>();
  /** Counted, but in a circle of calls whose first function still is. */
  private readonly waiting = new Map<FunctionIR, Entry>();
  private entered = 0;
  private circle: ReadonlySet<FunctionIR> = new Set();

  constructor(private readonly analyzer: Analyzer) {}

  /** What functions do is counted anew: the outlines of those that have not changed are kept. */
  forget(): void {
    this.known.clear();
    this.named.clear();
  }

  /** What one iteration does. */
  iteration(module: ModuleIR, loop: LoopOutline): Work {
    const all = this.total(module, loop);
    return all.barred ? all : { ...all, barred: this.callsUnknown(module, loop) };
  }

  private total(module: ModuleIR, part: Part): Work {
    let { work, arithmetic } = part;
    let barred = false;
    for (const { call, fn } of part.calls) {
      const cost = this.callIn(module, call, fn);
      work += CALL + cost.work;
      arithmetic += cost.arithmetic;
      barred ||= cost.barred;
    }
    for (const loop of part.loops) {
      const each = this.total(module, loop);
      const trips = loop.trips ?? likelyTrips(each);
      work += each.work * trips;
      arithmetic += each.arithmetic * trips;
      barred ||= each.barred;
    }
    return limited(work, arithmetic, barred);
  }

  /** What a call of a function does. Functions that call each other in a circle are counted together (Tarjan 1972). */
  call(place: FunctionPlace): Work {
    const { fn, module } = place;
    const known = this.known.get(fn);
    if (known) return known;
    if (this.circle.has(fn)) return CIRCLING;
    const before = this.open.get(fn) ?? this.waiting.get(fn);
    if (before) {
      const low = Math.min(before.low, before.at);
      for (const entry of this.open.values()) if (entry.at >= low) entry.low = Math.min(entry.low, low);
      return CIRCLING;
    }
    const entry: Entry = { place, at: this.open.size, order: this.entered++, low: Infinity };
    this.open.set(fn, entry);
    let own: Work;
    try {
      own = this.total(module, outlineOf(module, fn));
    } finally {
      this.open.delete(fn);
    }
    if (entry.low < entry.at) {
      this.waiting.set(fn, entry);
      return CIRCLING;
    }
    if (entry.low === Infinity) this.known.set(fn, own);
    else this.settle(entry);
    return this.known.get(fn)!;
  }

  /** All of a circle do what its functions do together; one that computes with numbers goes round as often as a loop of numbers runs. */
  private settle(head: Entry): void {
    const members = [head, ...[...this.waiting.values()].filter((entry) => entry.order > head.order)];
    const outer = this.circle;
    this.circle = new Set(members.map(({ place }) => place.fn));
    let [work, arithmetic] = [0, 0];
    let barred = false;
    for (const { place } of members) {
      const own = this.total(place.module, outlineOf(place.module, place.fn));
      work += own.work;
      arithmetic += own.arithmetic;
      barred ||= own.barred;
    }
    this.circle = outer;
    const rounds = computesInCircles({ work, arithmetic }) ? NUMERIC_TRIPS : 1;
    for (const { place } of members) {
      this.waiting.delete(place.fn);
      this.known.set(place.fn, limited(work * rounds, arithmetic * rounds, barred));
    }
  }

  // ---- calls

  private callIn(module: ModuleIR, call: Call, fn: FunctionIR): Work {
    const { callee } = call;
    if (callee.type === 'function') {
      const made = module.functions.get(callee.function);
      return made ? this.call({ module, fn: made }) : NONE;
    }
    const value = this.value(module, callee);
    if (value) return this.called(value);
    if (isUnknownLibrary(this.rootOf(module, callee))) return BARRED;
    if (callee.type !== 'attribute') return NONE;
    const own = this.ownMethod(module, callee, fn);
    return own ? most(own.map((place) => this.call(place))) : this.method(module, callee.name);
  }

  private called(callee: Value): Work {
    const { library } = callee;
    if (library) return ofModel(library.model, isArithmetic(library.name));
    if (callee.cls) {
      const { module } = callee.cls;
      const made = this.analyzer.findMethod(callee.cls, module.language === 'python' ? '__init__' : 'constructor');
      return made ? this.call(made) : this.analyzer.fullyKnown(callee.cls) ? NONE : BARRED;
    }
    return most(callee.functions.map((ref) => this.call(ref)));
  }

  /** What a name, or a chain of names, stands for wherever the module runs; null when that depends on the run. */
  private value(module: ModuleIR, expr: Expr, depth = 0): Value | null {
    if (expr.type === 'name') {
      if (expr.variable.startsWith('builtin/')) return builtinValue(this.analyzer.models, expr.name);
      const variable = this.analyzer.variable(module, expr.variable);
      return variable ? this.analyzer.constantValue(module, variable) : null;
    }
    if (expr.type !== 'attribute' || depth > 3) return null;
    const object = this.value(module, expr.object, depth + 1);
    if (object?.namespace) return memberValue(this.analyzer.models, object.namespace, expr.name);
    if (object?.module) return this.analyzer.exported(object.module, expr.name);
    const method = object?.cls ? this.analyzer.findMethod(object.cls, expr.name) : null;
    return method ? { ...NOTHING, functions: [method] } : null;
  }

  /** The variable that a chain of names begins with. */
  private rootOf(module: ModuleIR, expr: Expr): Variable | null {
    let at = expr;
    while (at.type === 'attribute') at = at.object;
    return at.type === 'name' ? this.analyzer.variable(module, at.variable) : null;
  }

  /** `self.method(…)`: that of the class and of those below it. Null when it is no such call or the class has none. */
  private ownMethod(module: ModuleIR, callee: Expr & { type: 'attribute' }, fn: FunctionIR): readonly FunctionPlace[] | null {
    const cls = receiverClass(module, callee.object, fn);
    if (!cls) return null;
    const methods = this.analyzer.methodsOf({ module, cls }, callee.name);
    return methods.length > 0 ? methods : null;
  }

  /** Whether it calls something, or a method of something, that nobody knows before the function is called. */
  private callsUnknown(module: ModuleIR, loop: LoopOutline): boolean {
    return loop.calls.some(({ call, fn }) => this.isUnknownCall(module, call, fn)) || loop.loops.some((inner) => this.callsUnknown(module, inner));
  }

  private isUnknownCall(module: ModuleIR, { callee }: Call, fn: FunctionIR, depth = 0): boolean {
    if (callee.type === 'name') return this.isGiven(module, callee) || this.isUnknown(module, callee, fn, depth);
    return callee.type === 'attribute' && !ASSUMED.has(callee.name) && this.isUnknown(module, callee.object, fn, depth);
  }

  /** A parameter that is called: whatever its type says, who is called depends on the caller. */
  private isGiven(module: ModuleIR, callee: Expr, depth = 0): boolean {
    if (callee.type === 'logical') return this.isGiven(module, callee.left, depth) || this.isGiven(module, callee.right, depth);
    if (callee.type === 'conditional') return this.isGiven(module, callee.then, depth) || this.isGiven(module, callee.else, depth);
    const variable = callee.type === 'name' ? this.analyzer.variable(module, callee.variable) : null;
    if (!variable?.constant) return false;
    if (variable.kind === 'param') return this.analyzer.classOf(variable.type ?? null, module) === null;
    const from = variable.kind === 'local' && depth < 4 ? this.analyzer.facts(module).initializers.get(variable.id) : undefined;
    return from !== undefined && this.isGiven(module, from, depth + 1);
  }

  /** Whether the type of a value cannot be told: it comes from a parameter without a type, or from a field that is given none. */
  private isUnknown(module: ModuleIR, expr: Expr, fn: FunctionIR, depth = 0): boolean {
    if (depth > 6) return false;
    switch (expr.type) {
      case 'name': {
        const variable = this.analyzer.variable(module, expr.variable);
        if (!variable?.constant || (variable.type && !ANYTHING.has(variable.type.name))) return false;
        if (variable.kind === 'param') return receiverClass(module, expr, fn) === null;
        const from = outlineOf(module, fn).elements.get(variable.id) ?? this.analyzer.facts(module).initializers.get(variable.id);
        return variable.kind === 'local' && from !== undefined && this.isUnknown(module, from, fn, depth + 1);
      }
      case 'attribute': {
        if (outlineOf(module, fn).stored.has(expr.name)) return false;
        const cls = receiverClass(module, expr.object, fn);
        return cls ? this.isUnknownField({ module, cls }, expr.name) : this.isUnknown(module, expr.object, fn, depth + 1);
      }
      case 'index':
        return this.isUnknown(module, expr.object, fn, depth + 1);
      case 'call':
        return this.isUnknownCall(module, expr, fn, depth + 1);
      case 'await':
        return this.isUnknown(module, expr.value, fn, depth + 1);
      case 'logical':
        return this.isUnknown(module, expr.left, fn, depth + 1) || this.isUnknown(module, expr.right, fn, depth + 1);
      case 'conditional':
        return this.isUnknown(module, expr.then, fn, depth + 1) || this.isUnknown(module, expr.else, fn, depth + 1);
      default:
        return false;
    }
  }

  private isUnknownField(ref: ClassRef, name: string): boolean {
    if (this.analyzer.methodsOf(ref, name).length > 0 || this.analyzer.fieldType(ref, name) !== null) return false;
    const value = ref.cls.fields.get(name)?.value;
    if (value?.type === 'name') return this.analyzer.variable(ref.module, value.variable)?.kind === 'param';
    return value?.type !== 'function' && value?.type !== 'class' && value?.type !== 'attribute';
  }

  /** A method of whatever class: the dearest of the name that the module, or one that it imports from, can call. */
  private method(module: ModuleIR, name: string): Work {
    const library = ofMethod(this.analyzer.models, name);
    // Hardly anybody means a class of their own by `get` or `append`.
    return library ?? most((this.methods(module).get(name) ?? []).map((place) => this.call(place)));
  }

  private readonly named = new Map<ModuleIR, ReadonlyMap<string, readonly FunctionPlace[]>>();

  private methods(module: ModuleIR): ReadonlyMap<string, readonly FunctionPlace[]> {
    let known = this.named.get(module);
    if (!known) {
      const methods = new Map<string, FunctionPlace[]>();
      const seen = new Set([module]);
      for (const source of module.imports) {
        const other = this.analyzer.context.resolve(source, module.path);
        if (other) seen.add(other);
      }
      for (const other of seen) {
        for (const cls of other.classes.values()) {
          for (const [name, id] of cls.methods) {
            const fn = other.functions.get(id);
            if (fn) methods.set(name, [...(methods.get(name) ?? []), { module: other, fn }]);
          }
        }
      }
      this.named.set(module, (known = methods));
    }
    return known;
  }
}

const limited = (work: number, arithmetic: number, barred: boolean): Work => ({ work: Math.min(work, MOST), arithmetic: Math.min(arithmetic, MOST), barred });

/** Methods that are taken for those of the builtin types, on an assumption that is named. */
const ASSUMED = new Set(['items', 'keys', 'values', 'entries', 'map', 'flatMap', 'filter', 'forEach', 'some', 'every', 'find', 'findLast', 'findIndex', 'findLastIndex', 'reduce', 'reduceRight']);

/** Types that tell nothing. */
const ANYTHING = new Set(['any', 'unknown', 'Any', 'object']);

const isUnknownLibrary = (variable: Variable | null): boolean => variable?.kind === 'import' && variable.constant;

/** The class of `self` or `this` in a method. */
function receiverClass(module: ModuleIR, object: Expr, fn: FunctionIR): ClassIR | null {
  if (fn.class === null) return null;
  const isReceiver = object.type === 'this' ? object.kind === 'this' : module.language === 'python' && object.type === 'name' && object.variable === fn.params[0]?.variable;
  return isReceiver ? (module.classes.get(fn.class) ?? null) : null;
}

/** The dearest, and the most arithmetic: neither may hide the other. */
function most(works: readonly Work[]): Work {
  let [work, arithmetic] = [0, 0];
  for (const each of works) {
    work = Math.max(work, each.work);
    arithmetic = Math.max(arithmetic, each.arithmetic);
  }
  return { work, arithmetic, barred: works.length > 0 && works.every((each) => each.barred) };
}

function ofModel(model: FunctionModel, computes: boolean): Work {
  const barred = model.variants === undefined && (model.writes ?? []).some((place) => ORDERED_WORLD.test(place));
  return { work: workOfModel(model), arithmetic: computes ? 1 : 0, barred };
}

/** Parts of the world in which the order of iterations shows. */
const ORDERED_WORLD = /^(stdout|stderr|stdin|random|id-counter|environment|locale|warnings|process)\b/;

const dearest = new WeakMap<LanguageModels, ReadonlyMap<string, Work>>();

/** The dearest method of the name that a type of the libraries has; null when none has one. */
function ofMethod(models: LanguageModels, name: string): Work | null {
  let known = dearest.get(models);
  if (!known) {
    const methods = new Map<string, Work>();
    for (const type of models.types.values()) {
      for (const [method, model] of Object.entries(type.methods)) methods.set(method, most([methods.get(method) ?? NONE, { ...ofModel(model, false), barred: false }]));
    }
    dearest.set(models, (known = methods));
  }
  return known.get(name) ?? null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Outlines

const outlines = new WeakMap<FunctionIR, Outline>();

/** The loops of a function, each after the one around it, with those of callbacks that run in it. */
function loopOutlines(module: ModuleIR, fn: FunctionIR): readonly LoopOutline[] {
  const found: LoopOutline[] = [];
  const collect = (part: Part): void => {
    for (const loop of part.loops) {
      found.push(loop);
      collect(loop);
    }
  };
  collect(outlineOf(module, fn));
  return found;
}

/** The id that its report has. */
export const outlineId = (loop: LoopOutline): string => `${loop.fn.id}@${loop.node.span.start}`;

/**
 * The functions with a loop that is asked for, and the callbacks that are read in them.
 * @param wanted told the loop and, when it asks, what one iteration of it does
 */
export function functionsWith(module: ModuleIR, estimates: Estimates, wanted: (loop: LoopOutline, work: () => Work) => boolean): ReadonlySet<FunctionIR> {
  const found = new Set<FunctionIR>();
  const read = new Set<FunctionIR>();
  for (const fn of module.functions.values()) {
    if (fn.broken || read.has(fn)) continue;
    const { callbacks } = outlineOf(module, fn);
    for (const callback of callbacks) read.add(callback);
    if (!loopOutlines(module, fn).some((loop) => wanted(loop, () => estimates.iteration(module, loop)))) continue;
    for (const each of [fn, ...callbacks]) found.add(each);
  }
  return found;
}

function outlineOf(module: ModuleIR, fn: FunctionIR): Outline {
  let known = outlines.get(fn);
  if (!known) outlines.set(fn, (known = new Reader(module, fn).outline));
  return known;
}

/** A loop around what is being read, and how many `try` and `switch` lay around it. */
interface Around {
  readonly loop: LoopOutline;
  readonly tries: number;
  readonly switches: number;
}

/** Reads a function once, counting as the interpretation does: one for each statement and expression. */
class Reader implements Parts {
  readonly outline: Outline = { ...emptyPart(), callbacks: [], stored: new Set(), elements: new Map() };
  /** What is being counted: the function, or the innermost loop. */
  private at: Part = this.outline;
  private around: Around[] = [];
  private tries = 0;
  private switches = 0;

  constructor(
    private readonly module: ModuleIR,
    /** The function whose code is being read: another one within a callback. */
    private fn: FunctionIR,
  ) {
    for (const param of fn.params) if (param.default && !param.defaultAtDefinition) this.expr(param.default);
    for (const stmt of fn.body) this.stmt(stmt);
  }

  expr(expr: Expr): void {
    this.at.work++;
    switch (expr.type) {
      case 'comprehension':
        return this.comprehension(expr);
      case 'call':
        return this.call(expr);
      case 'binary':
        if (!isText(expr.left) && !isText(expr.right)) this.at.arithmetic++;
        break;
      case 'assign':
        if (expr.operator !== null && !isText(expr.value)) this.at.arithmetic++;
        break;
      case 'update':
        this.at.arithmetic++;
        break;
      case 'yield':
        for (const { loop } of this.around) loop.ordered = true;
        break;
    }
    visitExpr(expr, this);
  }

  target(target: Target): void {
    this.at.work++;
    if (target.type === 'attribute') this.outline.stored.add(target.name);
    visitTarget(target, this);
  }

  stmt(stmt: Stmt): void {
    this.at.work++;
    switch (stmt.type) {
      case 'for-each':
        this.expr(stmt.iterable);
        this.noteElement(stmt.target, stmt.iterable);
        this.loop(stmt, tripsOf(stmt.iterable), () => {
          this.target(stmt.target);
          this.block(stmt.body);
        });
        return this.block(stmt.orelse);
      case 'for':
        this.block(stmt.init);
        return this.loop(stmt, null, () => visitStmt({ ...stmt, init: [] }, this));
      case 'while':
        this.loop(stmt, null, () => visitStmt({ ...stmt, orelse: [] }, this));
        return this.block(stmt.orelse);
      case 'assign-stmt':
        if (stmt.operator !== null && !isText(stmt.value)) this.at.arithmetic++;
        break;
      case 'return':
        for (const { loop } of this.around) loop.ordered = true;
        break;
      case 'break': {
        const innermost = this.around.at(-1);
        if (stmt.label === undefined && innermost && (innermost.switches === this.switches || this.module.language === 'python')) innermost.loop.ordered = true;
        break;
      }
      case 'raise':
        for (const { loop, tries } of this.around) if (tries === this.tries) loop.ordered = true;
        break;
      case 'try':
        if (stmt.handlers.length === 0) break;
        this.tries++;
        this.block(stmt.body);
        this.tries--;
        return visitStmt({ ...stmt, body: [] }, this);
      case 'switch':
        this.switches++;
        visitStmt(stmt, this);
        this.switches--;
        return;
    }
    visitStmt(stmt, this);
  }

  private noteElement(target: Target, iterable: Expr): void {
    if (target.type === 'name') this.outline.elements.set(target.variable, iterable);
  }

  private block(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) this.stmt(stmt);
  }

  private loop(node: LoopOutline['node'], trips: number | null, body: () => void): void {
    const loop: LoopOutline = { ...emptyPart(), fn: this.fn, node, trips, ordered: false };
    const outer = this.at;
    outer.loops.push(loop);
    this.at = loop;
    this.around.push({ loop, tries: this.tries, switches: this.switches });
    body();
    this.around.pop();
    this.at = outer;
  }

  private comprehension(comprehension: Comprehension): void {
    const clause = (at: number): void => {
      const here = comprehension.clauses[at];
      if (!here) {
        if (comprehension.key) this.expr(comprehension.key);
        return this.expr(comprehension.element);
      }
      this.expr(here.iterable);
      this.noteElement(here.target, here.iterable);
      this.loop(comprehension, tripsOf(here.iterable), () => {
        this.target(here.target);
        for (const condition of here.conditions) this.expr(condition);
        clause(at + 1);
      });
    };
    clause(0);
  }

  private call(call: Call): void {
    this.at.calls.push({ call, fn: this.fn });
    if (call.callee.type !== 'function') this.expr(call.callee);
    const repeats = isLoopCall(call);
    for (const { value } of call.args) {
      if (value.type === 'function') this.callback(call, value, repeats);
      else if (repeats && (value.type === 'name' || value.type === 'attribute')) this.loop(call, null, () => this.at.calls.push({ call: calling(value), fn: this.fn }));
      else this.expr(value);
    }
  }

  /** A function that is written as an argument: read in place where the call is a loop, else taken to be called once. */
  private callback(call: Call, value: Expr & { type: 'function' }, repeats: boolean): void {
    const fn = this.module.functions.get(value.function);
    if (!fn || !repeats) {
      this.at.calls.push({ call: calling(value), fn: this.fn });
      return;
    }
    this.outline.callbacks.push(fn);
    const { around, fn: outer } = this;
    this.loop(call, null, () => {
      // What it returns is its caller's: no loop around is left.
      this.around = [];
      this.fn = fn;
      this.block(fn.body);
      this.fn = outer;
      this.around = around;
    });
  }
}

const emptyPart = (): Part => ({ work: 0, arithmetic: 0, calls: [], loops: [] });

const calling = (callee: Expr): Call => ({ type: 'call', callee, args: [], span: callee.span });

const isText = (expr: Expr): boolean => expr.type === 'template' || (expr.type === 'const' && (expr.kind === 'string' || expr.kind === 'bytes'));

/** How many elements a display has, or a range of literals. */
function tripsOf(iterable: Expr): number | null {
  if (iterable.type === 'collection') return iterable.items.some((item) => item.type === 'spread') ? null : iterable.items.length;
  if (iterable.type !== 'call' || iterable.callee.type !== 'name' || iterable.callee.variable !== 'builtin/range') return null;
  const bounds = iterable.args.map(({ value }) => (value.type === 'const' && typeof value.value === 'number' ? value.value : null));
  if (bounds.some((bound) => bound === null)) return null;
  const [start, stop, step] = bounds.length === 1 ? [0, bounds[0]!, 1] : [bounds[0]!, bounds[1]!, bounds[2] ?? 1];
  return step === 0 ? null : Math.max(0, Math.ceil((stop - start) / step));
}
