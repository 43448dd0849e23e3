/** Splits a loop's body between worker and parent: what is computed, what is sent back, and what the parent replays in order. */
import type { LoopPlace, Range } from '../../analysis/report';
import type { TextEdit } from '../../edit/edit';
import { withCommentsAbove } from '../../edit/python';
import { indentAt, lineEnd, lineStart, nextLineStart, startsLine } from '../../edit/source';
import type { Expr, ForEach, If, NameExpr, Stmt, Target, VarId } from '../../ir/ir';
import { boundNames, walkStmts } from '../../ir/walk';
import type { CapturedValue } from './captures';
import { baseName, blocksOf, statementPath, usesIn, type Code, type Use } from './deep';
import { extremeOf } from './extremes';
import { cutLines, cutText, deeper } from './lines';
import { Carried, operandsOf, shorten, type Operand, type Surroundings } from './operands';
import { transportedFields, type Transport } from './objects';
import { partialOf } from './partial';
import { Refusal } from '../refusal';
import { aliasOf, isAvailablePart, sendsWhole, shapeOf, targetOf } from './shapes';
import type { Site } from './site';
import { showsProgress } from './visible';
import { continuesOf, findUnits, groupUnits, unseenCalls, writtenPlaces, type Unit, type Written } from './units';
import { hintsFor, plurals } from './words';

/** One value that a worker returns for an iteration. */
export interface Result {
  /** The parent's name for it. */
  readonly name: string;
  /** Two results of one text are one. */
  readonly text: string;
  /** How the worker writes it in its `return`, with edits of captures made in it. */
  render(extra: readonly TextEdit[]): string;
}

export interface BodyPlan {
  /** The worker's statements with what it returns, with edits of captures (absolute) made in them. */
  render(extra: readonly TextEdit[], guarded: boolean): { readonly lines: readonly string[]; readonly returns: readonly string[] };
  /** Names of the results, in the order of the return. */
  readonly results: readonly string[];
  /** Expressions of the person's whose values are sent back. */
  readonly sent: readonly Expr[];
  /** The statements and expressions that workers run. */
  readonly workerCode: readonly Code[];
  /** Values before the loop that the worker starts from. */
  readonly values: readonly CapturedValue[];
  /** The parent's statements for one iteration. */
  readonly replay: readonly string[];
  /** Names of the loop target that the parent needs for the replay or after the loop. */
  readonly parentNames: ReadonlySet<string>;
  /** Names of the loop target that come back with a value of their own. */
  readonly returnedTargets: ReadonlySet<string>;
  /** What the worker's code uses, by absolute offset. */
  readonly uses: readonly Use[];
  /** Variables that are the worker's own although they exist outside. */
  readonly own: ReadonlySet<VarId>;
  readonly places: readonly LoopPlace[];
  /** Iterations change copies of their objects, although the memory is shared. */
  readonly copies: boolean;
  /** Modules that the worker's text needs. */
  readonly imports: readonly { readonly module: string; readonly name: string; readonly as: string }[];
}

/** Plans the body of a `for` statement. @throws Refusal when it cannot be split so that its meaning stays. */
export function planBody(site: Site, node: ForEach, live: (variable: VarId) => boolean): BodyPlan {
  return new BodyPlanner(site, node, live).plan();
}

/** The worker's return. A guarded one says with None that nothing was raised. */
export function returnText(exprs: readonly string[], guarded: boolean): string {
  if (exprs.length === 0) return guarded ? 'return None, None' : 'return';
  if (!guarded) return `return ${exprs.join(', ')}`;
  return exprs.length === 1 ? `return ${exprs[0]!}, None` : `return (${exprs.join(', ')}), None`;
}

interface BodyEdit extends Range {
  render(extra: readonly TextEdit[]): string;
}

class BodyPlanner {
  private readonly edits: BodyEdit[] = [];
  private readonly setup: string[] = [];
  private readonly results: Result[] = [];
  private readonly replay: { readonly at: number; readonly lines: readonly string[] }[] = [];
  private readonly own = new Set<VarId>();
  private readonly parentNames = new Set<string>();
  private readonly returnedTargets = new Set<string>();
  private readonly removed: Range[] = [];
  private readonly sent: Operand[] = [];
  private readonly imports: { module: string; name: string; as: string }[] = [];
  private readonly values: CapturedValue[] = [];
  private readonly checked: Expr[] = [];
  private readonly aliases = new Map<VarId, Stmt>();
  private readonly usedAliases = new Set<VarId>();
  private readonly targets: ReadonlyMap<VarId, NameExpr>;
  private readonly uses: readonly Use[];
  private readonly stored: ReadonlySet<VarId>;
  private readonly body: readonly Stmt[];
  private units: Unit[] = [];
  private copies = false;
  /** Some elements are written by the workers themselves. */
  private inPlace = false;

  constructor(
    private readonly site: Site,
    private readonly node: ForEach,
    private readonly live: (variable: VarId) => boolean,
  ) {
    this.body = node.body;
    this.targets = new Map(boundNames(node.target).map((n) => [n.variable, n]));
    this.uses = usesIn(site.module, site.fn, node.body);
    this.stored = new Set(this.uses.filter((u) => u.stores).map((u) => u.node.variable));
  }

  plan(): BodyPlan {
    const { site, body } = this;
    const places = writtenPlaces(site);
    const objects = transportedFields(site, this.node, places, this.targets);
    this.units = findUnits(site, body, places.filter((p) => !objects.places.has(p)));
    const unseen = unseenCalls(site, body, this.units, (id) => !this.stored.has(id) && !this.targets.has(id) && this.isOuter(id));
    this.units = [...this.units, ...unseen].sort((a, b) => a.start - b.start);
    places.push(...unseen.flatMap((u) => u.places.map((p) => p.place)));
    const around = this.surroundings();
    const jumps = continuesOf(site, body);
    for (const unit of this.units) {
      if (unit.repeated && extremeOf(unit)) continue;
      unit.operands = operandsOf(site, unit.stmt, around);
      this.refuseWritingOperands(unit);
    }
    for (const group of groupUnits(this.units)) this.planGroup(group, jumps, around);
    for (const field of objects.fields) {
      const name = site.uniqueOf(field.name, `new_${field.name}`);
      this.addResult(name, field.text);
      this.noteParent(field.base);
      this.replay.push({ at: Infinity, lines: [`${field.text} = ${name}`] });
    }
    this.copyObjects(objects.fields);
    this.planAliases();
    this.keepVisible();
    if (this.results.length === 0 && !this.inPlace) {
      throw new Refusal(`the loop on line ${site.line(this.node)} has nothing that a worker could take over: all that it does is to put values where they belong`);
    }
    return this.finish(jumps, places);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Groups of statements that write the same place

  private planGroup(group: readonly Unit[], jumps: readonly Range[], around: Surroundings): void {
    const direct = group.every((u) => u.always && !jumps.some((j) => j.start < u.start));
    if (direct) return group.forEach((unit) => this.planDirect(unit));
    const places = new Set(group.flatMap((u) => u.places.map((p) => `${p.root}.${p.field}`)));
    if (places.size === 1) {
      const place = group[0]!.places[0]!;
      if (this.planListed(place, group, around)) return;
      if (this.planPartial(place, group)) return;
    }
    if (group.length === 1 && group[0]!.repeated && this.planExtreme(group[0]!, around)) return;
    if (group.length === 1 && this.planTouched(group[0]!)) return;
    if (group.length === 1 && group[0]!.operands.length === 0 && !group[0]!.repeated) return this.planFlag(group[0]!);
    this.planEvents(group);
  }

  /** The statement moves to the parent whole; its operands come back. */
  private planDirect(unit: Unit): void {
    const { site } = this;
    const kept = this.isKept(unit);
    const later = this.workerStatementsAfter(unit);
    const rebound = new Set(later.flatMap((stmt) => usesIn(site.module, site.fn, [stmt]).filter((u) => u.stores).map((u) => u.node.variable)));
    const names = new Map<Operand, string>();
    const before: BodyEdit['render'][] = [];
    for (const operand of unit.operands) {
      const reads = usesIn(site.module, site.fn, operand.expr).map((u) => u.node.variable);
      const stable = !reads.some((v) => rebound.has(v));
      if (operand.expr.type === 'name' && stable) {
        names.set(operand, this.addResult(operand.text, operand.text));
      } else if (later.length === 0 && !kept && this.body.includes(unit.stmt)) {
        names.set(operand, this.addResult(null, operand.text, (extra) => this.asItem(operand, extra), () => site.uniqueOf(...hintsFor(site, unit, operand))));
      } else {
        const name = site.uniqueOf(...hintsFor(site, unit, operand));
        before.push((extra) => `${name} = ${this.asItem(operand, extra)}`);
        names.set(operand, this.addResult(name, name));
      }
      this.sent.push(operand);
    }
    if (kept) this.replaceStatement(unit, [...before, (extra) => this.renamed(unit, names, extra)]);
    else {
      this.removed.push(unit);
      this.replaceStatement(unit, before.length === 0 && this.wouldEmpty(unit) ? [() => 'pass'] : before);
    }
    this.replay.push({ at: unit.start, lines: this.replayText(unit, names) });
  }

  /** The block of a `with` of which nothing stays may not be empty. */
  private wouldEmpty(unit: Unit): boolean {
    const block = this.blocksDownTo(unit.stmt, unit).pop()!;
    return block !== this.body && block[0] === unit.stmt && block.every((stmt) => this.units.some((u) => u.stmt === stmt));
  }

  /** The blocks from the body down to the one that holds a statement. */
  private blocksDownTo(stmt: Stmt, at: Range): (readonly Stmt[])[] {
    const blocks = [this.body];
    for (const around of statementPath(this.site.fn, this.body, at.start, at.end)) {
      if (around === stmt) break;
      const inner = blocksOf(around).find((b) => b.some((s) => within(this.site.range(s), at)));
      if (inner) blocks.push(inner);
    }
    return blocks;
  }

  /** A list that grows in some branch or inner loop: the worker grows one of its own, and the parent extends the original. */
  private planListed(place: Written, group: readonly Unit[], around: Surroundings): boolean {
    const { site } = this;
    if (place.role !== 'collect' || !place.whole) return false;
    const known = site.variable(place.root);
    if (known?.type?.name !== 'list' || group.some((u) => !sendsWhole(u.stmt, around))) return false;
    this.own.add(place.root);
    this.setup.push(`${known.name} = []`);
    const part = site.unique(`new_${known.name}`);
    this.addResult(part, known.name);
    for (const unit of group) this.sent.push(...unit.operands);
    this.replay.push({ at: group[0]!.start, lines: [`${known.name}.extend(${part})`] });
    return true;
  }

  /** Totals of one iteration, where adding them up later is exact. */
  private planPartial(place: Written, group: readonly Unit[]): boolean {
    const { site } = this;
    const partial = partialOf(site, place, group);
    if (!partial) return false;
    const { name } = site.variable(place.root)!;
    this.own.add(place.root);
    let { initial } = partial;
    if (initial.startsWith('defaultdict')) {
      const imported = site.module.imports.some((i) => i.module === 'collections' && i.name === 'defaultdict');
      const as = imported || site.isFree('defaultdict') ? 'defaultdict' : site.unique('defaultdict');
      this.imports.push({ module: 'collections', name: 'defaultdict', as });
      initial = initial.replace('defaultdict', as);
    }
    this.setup.push(`${name} = ${initial}`);
    const part = site.unique(`new_${name}`);
    this.addResult(part, name);
    for (const unit of group) this.sent.push(...unit.operands);
    this.replay.push({ at: group[0]!.start, lines: partial.merge(part, (base) => site.unique(base)) });
    return true;
  }

  /** The best of an inner loop: the worker goes on from the value before the loop. */
  private planExtreme(unit: Unit, around: Surroundings): boolean {
    const { site } = this;
    const extreme = extremeOf(unit);
    if (!extreme) return false;
    const parts = new Map<VarId, string>();
    for (const name of extreme.names) {
      const part = site.unique(`new_${name.name}`);
      parts.set(name.variable, part);
      this.own.add(name.variable);
      if (this.isSetBefore(name)) this.values.push({ name: name.name, value: name.name, large: false });
      else this.setup.push(`${name.name} = None`);
    }
    const edits: TextEdit[] = [];
    for (const { expr, of } of extreme.values) {
      const held = expr.type === 'name' && around.available(expr) && !around.plain(expr);
      if (held) continue; // The parent has the object itself.
      edits.push({ ...site.range(expr), text: parts.get(of.variable)! });
      this.checked.push(expr);
    }
    for (const name of extreme.names) this.addResult(parts.get(name.variable)!, name.name);
    for (const use of usesIn(site.module, site.fn, [unit.stmt])) if (!edits.some((e) => within(e, use))) this.noteParent(use.node);
    this.replay.push({ at: unit.start, lines: cutLines(site, unit, edits, indentAt(site.text, unit.start)) });
    return true;
  }

  /** The function sets the variable before the loop, so that a worker can be given its value. */
  private isSetBefore(name: NameExpr): boolean {
    const { site } = this;
    const variable = site.fn.variables.get(name.variable);
    if (!variable || variable.kind === 'param') return true;
    const start = site.range(this.node).start;
    return usesIn(site.module, site.fn, site.fn.body).some((u) => u.stores && u.node.variable === name.variable && u.end <= start);
  }

  /**
   * An element that an inner loop updates again and again (`c[i][j] += a[i][k] * b[k][j]`): the worker updates its copy and sends the
   * last value of each element that it touched.
   */
  private planTouched(unit: Unit): boolean {
    const { site } = this;
    const { stmt } = unit;
    if (!unit.repeated || stmt.type !== 'assign-stmt' || stmt.targets.length !== 1) return false;
    if (!unit.places.every((p) => p.role === 'element' || this.hasOwnRows(p, stmt.targets[0]!))) return false;
    const target = targetOf(stmt);
    if (site.world.memory === 'shared') return this.planInPlace(unit, target);
    if (!target || (stmt.operator === null && !this.readsPlace(unit, stmt.value)) || !isArithmetic(stmt.value)) return false;
    const at = site.range(target);
    const keys = unit.operands.filter((o) => at.start <= o.start && o.end <= at.end);
    if (keys.some((k) => k.expr.type !== 'name')) return false;
    const touched = site.uniqueOf('touched', 'changed', 'written');
    if (keys.length === 0) {
      const values = site.uniqueOf('values', 'last_values');
      const last = site.uniqueOf('value', 'last_value');
      this.setup.push(`${touched} = False`);
      this.replaceStatement(unit, [() => `${touched} = True`, (extra) => cutText(site, unit, extra)]);
      this.addResult(values, values, (extra) => `[${cutText(site, at, extra)}] if ${touched} else []`);
      for (const use of usesIn(site.module, site.fn, target)) this.noteParent(use.node);
      this.replay.push({ at: unit.start, lines: [`for ${last} in ${values}:`, `\t${site.source(target)} = ${last}`] });
      return true;
    }
    const key = keys.length === 1 ? keys[0]!.text : `(${keys.map((k) => k.text).join(', ')})`;
    const pattern = keys.map((k) => k.text).join(', ');
    this.setup.push(`${touched} = {}`);
    this.replaceStatement(unit, [() => `${touched}[${key}] = None`, (extra) => cutText(site, unit, extra)]);
    const list = site.uniqueOf('cells', 'elements', 'entries');
    const value = site.uniqueOf('value', 'element', 'cell');
    this.addResult(list, list, (extra) => `[(${pattern}, ${cutText(site, at, extra)}) for ${pattern} in ${touched}]`);
    const edits = keys.flatMap((k) => [k, ...k.again]).filter((r) => at.start <= r.start && r.end <= at.end);
    for (const use of usesIn(site.module, site.fn, target)) if (!edits.some((e) => e.start <= use.start && use.end <= e.end)) this.noteParent(use.node);
    this.replay.push({ at: unit.start, lines: [`for ${pattern}, ${value} in ${list}:`, `\t${site.source(target)} = ${value}`] });
    return true;
  }

  /**
   * Threads write elements of their own into the rows themselves: nobody else touches them. Only where nobody sees how far the loop came
   * when an iteration raises, and where a new key cannot change the order of a dict.
   */
  private planInPlace(unit: Unit, target: Target | null): boolean {
    const { site } = this;
    const base = target ? baseName(target) : null;
    const type = base ? (site.variable(base.variable)?.type?.name ?? '') : '';
    if (!base || !/^(?:list|array|ndarray|bytearray|memoryview)$/.test(type.split('.').pop()!)) return false;
    const { label } = unit.places[0]!;
    if (showsProgress(site, unit.places.map((p) => p.place))) {
      throw new Refusal(
        `\`${label}\` is written bit by bit on line ${site.line(unit.stmt)}: if an iteration raises, threads of later ones have already written theirs`,
        'collect the values of an iteration in a list of its own, and store that at its end',
      );
    }
    this.inPlace = true;
    return true;
  }

  /** A write under a condition of what the parent has: only whether it happens is sent. */
  private planFlag(unit: Unit): void {
    const { site } = this;
    const name = site.uniqueOf('keep', 'chosen', 'holds');
    const around = this.body.find((s): s is If => s.type === 'if' && s.else.length === 0 && s.then.length === 1 && s.then[0] === unit.stmt);
    const test = (extra: readonly TextEdit[]): string => {
      const text = cutText(site, site.range(around!.test), extra);
      return isBoolean(around!.test) ? (text.includes('\n') ? `(${text})` : text) : `bool(${text})`;
    };
    this.removed.push(unit);
    if (!around) {
      this.setup.push(`${name} = False`);
      this.addResult(name, name);
      this.replaceStatement(unit, [() => `${name} = True`], true);
    } else if (this.workerStatementsAfter({ ...unit, stmt: around }).length === 0) {
      this.edits.push(this.deletion(site.range(around)));
      this.addResult(name, `\0${name}`, test);
    } else {
      this.addResult(name, name);
      this.edits.push({ ...this.linesOf(site.range(around)), render: (extra) => `${name} = ${test(extra)}` });
    }
    this.replay.push({ at: unit.start, lines: [`if ${name}:`, ...deeper(this.replayText(unit, new Map()))] });
  }

  /** Each write is noted by the worker with its operands; the parent does them one by one, in their order. */
  private planEvents(group: readonly Unit[]): void {
    const { site } = this;
    const first = group[0]!;
    const shape = shapeOf(site, first);
    if (group.some((u) => shapeOf(site, u) !== shape)) return this.planDifferent(group);
    if (first.operands.length === 0) {
      const name = site.uniqueOf('times', 'repeats');
      this.setup.push(`${name} = 0`);
      this.addResult(name, name);
      for (const unit of group) {
        this.removed.push(unit);
        this.replaceStatement(unit, [() => `${name} += 1`], true);
      }
      this.replay.push({ at: first.start, lines: [`for _ in range(${name}):`, ...deeper(this.replayText(first, new Map()))] });
      return;
    }
    const kept = group.some((u) => this.isKept(u));
    const names = new Map(first.operands.map((o) => [o, this.isSafeName(o) ? o.text : site.uniqueOf(...hintsFor(site, first, o))]));
    const unpacked = [...names.values()];
    const list = site.uniqueOf(...plurals(unpacked[0]!));
    this.setup.push(`${list} = []`);
    this.addResult(list, list);
    for (const unit of group) {
      this.sent.push(...unit.operands);
      const item = (extra: readonly TextEdit[]): string => {
        const items = unit.operands.map((o) => this.asItem(o, extra));
        return items.length === 1 ? items[0]! : `(${items.join(', ')})`;
      };
      if (kept) {
        const own = new Map(unit.operands.map((o, i) => [o, unpacked[i]!]));
        const assign = unit.operands.filter((o) => own.get(o) !== o.text).map((o) => (extra: readonly TextEdit[]) => `${own.get(o)!} = ${this.asItem(o, extra)}`);
        const appended = unpacked.length === 1 ? unpacked[0]! : `(${unpacked.join(', ')})`;
        this.replaceStatement(unit, [...assign, () => `${list}.append(${appended})`, (extra) => this.renamed(unit, own, extra)], true);
      } else {
        this.removed.push(unit);
        this.replaceStatement(unit, [(extra) => `${list}.append(${item(extra)})`], true);
      }
    }
    this.replay.push({ at: first.start, lines: [`for ${unpacked.join(', ')} in ${list}:`, ...deeper(this.replayText(first, names))] });
  }

  /** Statements of several forms on one place, as `total += a` here and `total -= b` there: each note says which it was. */
  private planDifferent(group: readonly Unit[]): void {
    const { site } = this;
    const first = group[0]!;
    const kinds = [...new Set(group.map((u) => shapeOf(site, u)))];
    const count = first.operands.length;
    if (count === 0 || group.some((u) => u.operands.length !== count || this.isReadLater(u))) {
      const lines = group.map((u) => site.line(u.stmt)).join(' and ');
      throw new Refusal(`\`${first.places[0]!.label}\` is updated in different ways on lines ${lines}`, 'use one statement for it, with the value in a variable');
    }
    const which = site.uniqueOf('which', 'kind', 'update');
    const values = first.operands.map((o) => site.uniqueOf(...hintsFor(site, first, o)));
    const list = site.uniqueOf('updates', 'changes', 'steps');
    this.setup.push(`${list} = []`);
    this.addResult(list, list);
    const branches: string[] = [];
    kinds.forEach((kind, k) => {
      const units = group.filter((u) => shapeOf(site, u) === kind);
      for (const unit of units) {
        this.sent.push(...unit.operands);
        this.removed.push(unit);
        this.replaceStatement(unit, [(extra) => `${list}.append((${[String(k), ...unit.operands.map((o) => this.asItem(o, extra))].join(', ')}))`], true);
      }
      const unit = units[0]!;
      const text = this.replayText(unit, new Map(unit.operands.map((o, i) => [o, values[i]!])));
      branches.push(k === 0 ? `if ${which} == 0:` : k === kinds.length - 1 ? 'else:' : `elif ${which} == ${k}:`, ...deeper(text));
    });
    this.replay.push({ at: first.start, lines: [`for ${[which, ...values].join(', ')} in ${list}:`, ...deeper(branches)] });
  }

  // -------------------------------------------------------------------------------------------------------------------

  private surroundings(): Surroundings {
    const { site } = this;
    const carried = new Carried();
    for (const unit of this.units) for (const p of unit.places) if (p.role === 'accumulator' || p.role === 'collect') carried.add(p.root, p.field);
    for (const stmt of this.body) {
      const alias = aliasOf(stmt);
      if (alias && this.uses.filter((u) => u.stores && u.node.variable === alias.variable).length === 1) this.aliases.set(alias.variable, stmt);
    }
    const available = (name: NameExpr): boolean => !this.stored.has(name.variable) && (this.targets.has(name.variable) || this.isOuter(name.variable));
    const counted = this.countedNames();
    const written = new Set(this.units.flatMap((u) => u.places.map((p) => p.root)));
    return {
      carried,
      available,
      written: (name) => written.has(name.variable),
      plain: (name) => counted.has(name.variable) || isPlainType(site.variable(name.variable)?.type?.name),
      alias: (name) => {
        const stmt = this.aliases.get(name.variable);
        if (!stmt || stmt.type !== 'assign-stmt' || !isAvailablePart(stmt.value, available)) return false;
        this.usedAliases.add(name.variable);
        return true;
      },
    };
  }

  /** A variable of the loop's function or of one around it, not of a lambda or function inside the body. */
  private isOuter(variable: VarId): boolean {
    const owner = variable.slice(0, variable.lastIndexOf('/'));
    for (let id: string | null = this.site.fn.id; id !== null; id = this.site.module.functions.get(id)?.parent ?? null) if (id === owner) return true;
    return false;
  }

  /** Targets that are counters: numbers from `range` or `enumerate`. */
  private countedNames(): Set<VarId> {
    const { target, iterable } = this.node;
    const counted = new Set<VarId>();
    const callee = iterable.type === 'call' && iterable.callee.type === 'name' ? iterable.callee.variable : '';
    if (callee === 'builtin/range' && target.type === 'name') counted.add(target.variable);
    if (callee === 'builtin/enumerate' && target.type === 'tuple-target' && target.items[0]?.type === 'name') counted.add(target.items[0].variable);
    return counted;
  }

  /** What a worker evaluates may not write to a place that the parent must see. */
  private refuseWritingOperands(unit: Unit): void {
    const { site } = this;
    for (const operand of unit.operands) {
      const at = this.units.flatMap((u) => u.writes.map((w) => ({ w, u }))).find(({ w }) => operand.start <= w.start && w.end <= operand.end);
      if (at) {
        throw new Refusal(
          `\`${at.u.places[0]!.label}\` is changed inside \`${shorten(operand.text)}\` on line ${site.line(operand.expr)}: a worker would change a copy of it`,
          'let the function return what is to be written, and write it in the loop',
        );
      }
    }
  }

  /** The worker reads, after this write, what it wrote: it must make the write on its own copy as well. */
  private isReadLater(unit: Unit, ignored: readonly Range[] = []): boolean {
    if (!unit.places.some((p) => p.role === 'element' || p.role === 'own-object')) return false;
    const { site } = this;
    const roots = new Set<VarId>(unit.places.map((p) => p.root));
    for (const w of unit.writes) for (const use of this.uses) if (w.start <= use.start && use.end <= w.end && use.start === w.start) roots.add(use.node.variable);
    const target = unit.stmt.type === 'assign-stmt' ? unit.stmt.targets : [];
    const isOwnBase = (use: Use): boolean =>
      this.units.some((u) => u.writes.some((w) => w.start <= use.start && use.end <= w.end && !u.operands.some((o) => o.start <= use.start && use.end <= o.end)));
    const aliasing = [...this.usedAliases].map((id) => site.range(this.aliases.get(id)!));
    return this.uses.some((use) => {
      if (use.stores || !roots.has(use.node.variable) || [...aliasing, ...ignored].some((a) => within(a, use))) return false;
      const own = unit.start <= use.start && use.end <= unit.end;
      if (own && target.some((t) => within(site.range(t), use)) && !unit.operands.some((o) => within(o, use))) return false;
      if (!own && isOwnBase(use)) return false;
      return unit.repeated || use.start >= unit.end;
    });
  }

  /** As `isReadLater`. @throws Refusal where the worker has no copy: it would make the write twice, or too early. */
  private isKept(unit: Unit): boolean {
    if (this.site.world.memory === 'copied') return this.isReadLater(unit);
    if (this.isReadLater(unit, this.lengths())) {
      throw new Refusal(
        `\`${unit.places[0]!.label}\`, written on line ${this.site.line(unit.stmt)}, is read again by the same iteration: a thread would write to the original, which must not change if an earlier iteration raises`,
        'compute the value in a variable, and write it at the end of the iteration',
      );
    }
    return false;
  }

  /** What `len()` is asked of: setting an element does not change it. */
  private lengths(): Range[] {
    const { site } = this;
    const found: Range[] = [];
    walkStmts(this.body, {
      expr(e) {
        if (e.type === 'call' && e.callee.type === 'name' && e.callee.variable === 'builtin/len') for (const arg of e.args) found.push(site.range(arg.value));
      },
    });
    return found;
  }

  /**
   * Threads that change objects in place would leave those of later iterations changed when one raises: each works on a copy, whose
   * fields the parent stores in order.
   */
  private copyObjects(fields: Transport['fields']): void {
    const { site } = this;
    if (fields.length === 0 || site.world.memory === 'copied') return;
    const known = site.module.imports.some((i) => i.module === 'copy' && i.name === 'copy');
    const as = known || site.isFree('copy') ? 'copy' : site.unique('copy');
    this.imports.push({ module: 'copy', name: 'copy', as });
    for (const name of new Set(fields.map((f) => f.base.name))) this.setup.push(`${name} = ${as}(${name})`);
    this.copies = true;
  }

  /**
   * The elements are this iteration's own although the place counts as an accumulator: its first subscript is the counter, and its rows
   * were made one by one in this function, for nothing but this loop.
   */
  private hasOwnRows(place: Written, target: Target): boolean {
    const { site } = this;
    if (place.role !== 'accumulator' || !['sum', 'product'].includes(place.operation ?? '')) return false;
    let first: Expr | Target = target;
    while (first.type === 'index' && first.object.type !== 'name') first = first.object;
    if (first.type !== 'index' || first.object.type !== 'name' || first.index.type !== 'name' || !this.countedNames().has(first.index.variable) || this.stored.has(first.index.variable)) return false;
    const id = first.object.variable;
    const start = site.range(this.node).start;
    const before = usesIn(site.module, site.fn, site.fn.body).filter((u) => u.node.variable === id && u.start < start);
    const made = site.fn.body.find((s) => s.type === 'assign-stmt' && s.operator === null && s.targets.length === 1 && s.targets[0]!.type === 'name' && s.targets[0]!.variable === id);
    if (before.length !== 1 || made?.type !== 'assign-stmt' || made.value.type !== 'comprehension' || made.value.kind !== 'list') return false;
    const { element } = made.value;
    return element.type === 'collection' || element.type === 'comprehension' || (element.type === 'binary' && element.left.type === 'collection');
  }

  private readsPlace(unit: Unit, expr: Expr): boolean {
    const roots = new Set(unit.places.map((p) => p.root));
    return usesIn(this.site.module, this.site.fn, expr).some((u) => roots.has(u.node.variable));
  }

  /** Scratch names for parts of outer objects through which the parent writes: `row = grid[y]`. The parent runs those statements too. */
  private planAliases(): void {
    const { site } = this;
    for (const variable of this.usedAliases) {
      const stmt = this.aliases.get(variable)!;
      const range = site.range(stmt);
      const stillRead = this.uses.some((u) => !u.stores && u.node.variable === variable && !this.isRemoved(u));
      if (!stillRead) {
        this.removed.push(range);
        this.edits.push(this.deletion(range));
      }
      this.replay.push({ at: range.start, lines: cutLines(site, range, [], indentAt(site.text, range.start)) });
      for (const use of usesIn(site.module, site.fn, [stmt])) if (!use.stores) this.noteParent(use.node);
    }
  }

  /** Names that stay visible after the loop take their last value from the last iteration. */
  private keepVisible(): void {
    const { site } = this;
    for (const [variable, name] of this.targets) {
      if (!this.live(variable)) continue;
      if (this.stored.has(variable)) {
        this.addResult(name.name, name.name);
        this.returnedTargets.add(name.name);
      } else this.parentNames.add(name.name);
    }
    for (const place of site.loop.places) {
      const { root, path } = place.place;
      if (place.role !== 'private' || root.kind !== 'variable' || path.length > 0 || this.targets.has(root.variable)) continue;
      if (!this.live(root.variable) || (this.usedAliases.has(root.variable) && this.removed.length > 0)) continue;
      const name = site.variable(root.variable)?.name ?? place.label;
      if (!place.lastValue) {
        const line = site.line({ span: place.writes[0] ?? site.loop.node.span });
        throw new Refusal(`\`${name}\` is read after the loop, and not every iteration sets it (line ${line})`, 'set it before the loop, or in every iteration');
      }
      this.addResult(name, name);
    }
  }

  /** Adds what the worker returns, once for each text. A null name is made when it is needed. */
  private addResult(name: string | null, text: string, render: Result['render'] = () => text, make: () => string = () => text): string {
    const known = this.results.find((r) => r.text === text);
    if (known) return known.name;
    const result = { name: name ?? make(), text, render };
    this.results.push(result);
    return result.name;
  }

  private noteParent(name: NameExpr): void {
    if (this.targets.has(name.variable)) this.parentNames.add(name.name);
  }

  /** The parent may use the operand's own name for it: it means nothing else there. */
  private isSafeName(operand: Operand): boolean {
    return operand.expr.type === 'name' && !this.live(operand.expr.variable) && !this.results.some((r) => r.name === operand.text);
  }

  /** The operand's text as an item of a tuple or an argument. */
  private asItem(operand: Operand, extra: readonly TextEdit[]): string {
    const { expr } = operand;
    const text = cutText(this.site, this.site.range(expr), extra);
    const open = /^[([{]/.test(text);
    if (expr.type === 'collection' && expr.kind === 'tuple' && !text.startsWith('(')) return `(${text})`;
    return expr.type === 'assign' || expr.type === 'yield' || (text.includes('\n') && !open && expr.type !== 'call') ? `(${text})` : text;
  }

  /** The unit's statement with its operands replaced by names, for the worker. */
  private renamed(unit: Unit, names: ReadonlyMap<Operand, string>, extra: readonly TextEdit[]): string {
    const edits = operandEdits(unit, names);
    const others = extra.filter((e) => !edits.some((o) => within(o, e)));
    return cutText(this.site, unit, [...edits, ...others]);
  }

  /** The unit's own text for the parent, its operands replaced by the names that came back. */
  private replayText(unit: Unit, names: ReadonlyMap<Operand, string>): string[] {
    const { site } = this;
    const edits = operandEdits(unit, names);
    for (const use of usesIn(site.module, site.fn, [unit.stmt])) if (!edits.some((e) => within(e, use))) this.noteParent(use.node);
    const alone = startsLine(site.text, unit.start);
    const start = alone ? withCommentsAbove(site.text, lineStart(site.text, unit.start)) : unit.start;
    const end = alone ? lineEnd(site.text, unit.end) : unit.end;
    const lines = cutLines(site, { start, end }, edits, alone ? indentAt(site.text, unit.start) : '');
    return collapsed(lines);
  }

  /** Takes a statement out of the worker's text, or puts others in its place. In a block something must remain. */
  private replaceStatement(unit: Unit, lines: readonly BodyEdit['render'][], inBlock = false): void {
    const { site } = this;
    if (lines.length === 0 && !inBlock) return void this.edits.push(this.deletion(unit));
    const alone = startsLine(site.text, unit.start);
    const base = startsLine(site.text, site.range(this.body[0]!).start) ? indentAt(site.text, site.range(this.body[0]!).start) : '';
    const relative = alone ? indentAt(site.text, unit.start).slice(base.length) : '';
    this.edits.push({
      ...(alone ? this.linesOf(unit) : { start: unit.start, end: unit.end }),
      render: (extra) =>
        alone
          ? lines.map((line) => line(extra)).join('\n').split('\n').join(`\n${relative}`)
          : lines.map((line) => line(extra)).join('; '),
    });
  }

  /** The statement with the comment behind it, which goes with it to the parent. */
  private linesOf(range: Range): Range {
    const rest = /^[ \t]*#[^\r\n]*/.exec(this.site.text.slice(range.end));
    return { start: range.start, end: range.end + (rest ? rest[0].length : 0) };
  }

  /** Deletes a statement with its lines and the comments directly above it. */
  private deletion(range: Range): BodyEdit {
    const { text } = this.site;
    if (!startsLine(text, range.start)) return { start: range.start, end: range.end, render: () => 'pass' };
    return { start: withCommentsAbove(text, lineStart(text, range.start)), end: nextLineStart(text, Math.max(range.start, range.end - 1)), render: () => '' };
  }

  private isRemoved(use: Use): boolean {
    return this.removed.some((r) => within(r, use)) && !this.sent.some((o) => within(o, use));
  }

  private workerStatementsAfter(unit: Unit): Stmt[] {
    const later = this.blocksDownTo(unit.stmt, unit).flatMap((block) => block.slice(block.findIndex((s) => within(this.site.range(s), unit)) + 1));
    return later.filter((stmt) => stmt.type !== 'pass' && !this.units.some((u) => u.stmt === stmt));
  }

  // -------------------------------------------------------------------------------------------------------------------

  private finish(jumps: readonly Range[], places: readonly LoopPlace[]): BodyPlan {
    const render: BodyPlan['render'] = (extra, guarded) => {
      const returns = this.results.map((r) => r.render(extra));
      const edits = this.edits.map((e) => ({ start: e.start, end: e.end, text: e.render(extra) }));
      for (const jump of jumps) if (!edits.some((e) => within(e, jump))) edits.push({ ...jump, text: returnText(returns, guarded) });
      const outside = extra.filter((e) => !edits.some((other) => within(other, e)));
      return { lines: [...this.setup, ...this.bodyLines([...edits, ...outside])], returns };
    };
    return {
      render,
      results: this.results.map((r) => r.name),
      workerCode: this.workerCode(),
      sent: [...this.sent.map((o) => o.expr), ...this.checked],
      values: this.values,
      replay: [...this.replay].sort((a, b) => a.at - b.at).flatMap((r) => r.lines),
      parentNames: this.parentNames,
      returnedTargets: this.returnedTargets,
      uses: this.uses.filter((u) => !this.isRemoved(u)),
      own: this.own,
      places,
      copies: this.copies,
      imports: this.imports,
    };
  }

  /** Statements without those that moved to the parent, of which the operands remain. */
  private workerCode(): Code[] {
    const code: Code[] = this.sent.map((o) => o.expr);
    const gone = (stmt: Stmt): boolean => this.removed.some((r) => within(r, this.site.range(stmt)));
    const holds = (stmt: Stmt): boolean => this.removed.some((r) => within(this.site.range(stmt), r));
    const collect = (stmts: readonly Stmt[]): void => {
      for (const stmt of stmts) {
        if (gone(stmt)) continue;
        if (!holds(stmt)) code.push([stmt]);
        else {
          if (stmt.type === 'if' || stmt.type === 'while') code.push(stmt.test);
          if (stmt.type === 'for-each') code.push(stmt.iterable);
          if (stmt.type === 'with') code.push(...stmt.items.map((i) => i.context));
          if (stmt.type === 'switch') code.push(stmt.subject);
          for (const block of blocksOf(stmt)) collect(block);
        }
      }
    };
    collect(this.body);
    return code;
  }

  private bodyLines(edits: readonly TextEdit[]): string[] {
    const { site } = this;
    const firstStart = site.range(this.body[0]!).start;
    // A suite on the header's own line: `for x in xs: out.append(f(x))`.
    if (!startsLine(site.text, firstStart)) return this.body.flatMap((stmt) => cutLines(site, site.range(stmt), edits, '')).filter((line) => line !== 'pass');
    const header = site.range(this.node.iterable).end;
    const start = nextLineStart(site.text, header + site.text.slice(header, firstStart).indexOf(':'));
    const end = nextLineStart(site.text, site.range(this.body[this.body.length - 1]!).end - 1);
    return cutLines(site, { start, end }, edits, indentAt(site.text, firstStart));
  }
}

/** A call that was broken over several lines for what is now one name: back on one line. */
function collapsed(lines: readonly string[]): string[] {
  if (lines.length < 3 || !/\($/.test(lines[0]!) || lines.some((l) => /['"#\0]/.test(l))) return [...lines];
  const joined = lines
    .map((l) => l.trim())
    .join(' ')
    .replace(/([([{]) /g, '$1')
    .replace(/,? ([)\]}])/g, '$1');
  return joined.length > 60 ? [...lines] : [joined];
}

function within(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function operandEdits(unit: Unit, names: ReadonlyMap<Operand, string>): TextEdit[] {
  return unit.operands.flatMap((o) => [o, ...o.again].map((at) => ({ start: at.start, end: at.end, text: names.get(o) ?? o.text })));
}

function isPlainType(name: string | undefined): boolean {
  return name !== undefined && ['int', 'float', 'bool', 'str', 'bytes', 'complex', 'None'].includes(name);
}

/** The value of the expression is True or False, not just something that counts as such. */
export function isBoolean(expr: Expr): boolean {
  if (expr.type === 'compare') return true;
  if (expr.type === 'unary') return expr.operator === 'not';
  if (expr.type === 'logical') return isBoolean(expr.left) && isBoolean(expr.right);
  return expr.type === 'call' && expr.callee.type === 'name' && ['builtin/bool', 'builtin/isinstance', 'builtin/any', 'builtin/all'].includes(expr.callee.variable);
}

/** Sums and products: what `+=` with it does to a number. With a list or array on the right, `+=` would change the object in place. */
function isArithmetic(expr: Expr): boolean {
  if (expr.type === 'binary') return expr.operator !== '+' || (isArithmetic(expr.left) || isArithmetic(expr.right));
  if (expr.type === 'unary') return true;
  return expr.type === 'const' && (expr.kind === 'int' || expr.kind === 'float');
}
