/** Splits a loop's body between worker and parent: what is computed, what is sent back, and what the parent replays in order. */
import type { LoopPlace, Range } from '../../analysis/report';
import { applyEdits, type TextEdit } from '../../edit/edit';
import { withCommentsAbove } from '../../edit/python';
import { indentAt, lineEnd, lineStart, nextLineStart, reindent, startsLine } from '../../edit/source';
import type { Expr, ForEach, NameExpr, Stmt, Target, VarId } from '../../ir/ir';
import { boundNames } from '../../ir/walk';
import { baseName, usesIn, type Use } from './deep';
import { isAvailable, operandsOf, Carried, type Operand, type Surroundings } from './operands';
import { transportedFields } from './objects';
import { partialOf } from './partial';
import { Refusal } from './refusal';
import type { Site } from './site';
import { continuesOf, findUnits, firstField, groupUnits, rootVariable, writtenPlaces, type Unit } from './units';
import { singular } from './words';

/** One value that a worker returns for an iteration. */
export interface Result {
  /** The parent's name for it. */
  readonly name: string;
  /** How the worker writes it in its `return`. */
  readonly expr: string;
  /** The expression behind it, where it is one of the person's: to judge whether it can travel. */
  readonly value: Expr | null;
}

export interface BodyPlan {
  /** Statements that the worker runs first (`found = []`). */
  readonly setup: readonly string[];
  /** The worker's statements, without indentation of their own. */
  readonly lines: readonly string[];
  readonly results: readonly Result[];
  /** The parent's statements for one iteration. Tabs stand for one unit of indentation. */
  readonly replay: readonly string[];
  /** Names of the loop target that the parent needs for the replay or after the loop. */
  readonly parentNames: ReadonlySet<string>;
  /** What the worker's code uses, by absolute offset. */
  readonly uses: readonly Use[];
  /** Variables that are the worker's own although they exist outside. */
  readonly own: ReadonlySet<VarId>;
  /** Edits of the body (absolute) that captures may add to: see `render`. */
  render(extra: readonly TextEdit[], guarded: boolean): { readonly lines: readonly string[]; readonly results: readonly Result[] };
  /** The written places that are not a plain local of the function: their state shows when an iteration fails. */
  readonly places: readonly LoopPlace[];
  /** Modules that the worker's text needs. */
  readonly imports: readonly { readonly module: string; readonly name: string; readonly as: string }[];
}

/** Plans the body of a `for` statement. @throws Refusal when it cannot be split so that its meaning stays. */
export function planBody(site: Site, node: ForEach, live: (variable: VarId) => boolean): BodyPlan {
  return new BodyPlanner(site, node, live).plan();
}

class BodyPlanner {
  private readonly edits: TextEdit[] = [];
  private readonly setup: string[] = [];
  private readonly results: Result[] = [];
  private readonly replay: { readonly at: number; readonly lines: readonly string[] }[] = [];
  private readonly own = new Set<VarId>();
  private readonly parentNames = new Set<string>();
  private readonly removed: Range[] = [];
  private readonly sent: Operand[] = [];
  private readonly imports: { module: string; name: string; as: string }[] = [];
  private readonly aliases = new Map<VarId, Stmt>();
  private readonly usedAliases = new Set<VarId>();
  private readonly targets: ReadonlyMap<VarId, NameExpr>;
  private readonly uses: readonly Use[];
  private readonly body: readonly Stmt[];

  constructor(
    private readonly site: Site,
    private readonly node: ForEach,
    private readonly live: (variable: VarId) => boolean,
  ) {
    this.body = node.body;
    this.targets = new Map(boundNames(node.target).map((n) => [n.variable, n]));
    this.uses = usesIn(site.module, site.fn, node.body);
  }

  plan(): BodyPlan {
    const { site, body } = this;
    const places = writtenPlaces(site);
    const objects = transportedFields(site, places, this.targets);
    const units = findUnits(site, body, places.filter((p) => !objects.places.has(p)));
    const around = this.surroundings(units);
    const jumps = continuesOf(site, body);
    for (const unit of units) unit.operands = operandsOf(site, unit.stmt, around);
    for (const group of groupUnits(units)) this.planGroup(group, jumps, around);
    for (const field of objects.fields) {
      const name = site.unique(field.name);
      this.results.push({ name, expr: field.text, value: null });
      this.noteParent(field.base);
      this.replay.push({ at: Infinity, lines: [`${field.text} = ${name}`] });
    }
    this.planAliases();
    this.keepVisible();
    if (this.results.length === 0) {
      throw new Refusal(`the loop on line ${site.line(this.node)} does nothing that a worker could take over: what it writes needs no work`);
    }
    return this.finish(jumps, places);
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Groups of statements that write the same place

  private planGroup(group: readonly Unit[], jumps: readonly Range[], around: Surroundings): void {
    const direct = group.every((u) => u.always && !jumps.some((j) => j.start < u.start));
    if (direct) return group.forEach((unit) => this.planDirect(unit));
    const places = [...new Set(group.flatMap((u) => u.places))];
    if (places.length === 1) {
      if (this.planListed(places[0]!, group, around)) return;
      if (this.planPartial(places[0]!, group)) return;
    }
    this.planEvents(group);
  }

  /** The statement moves to the parent whole; its operands come back. */
  private planDirect(unit: Unit): void {
    const { site } = this;
    const later = this.workerStatementsAfter(unit);
    const rebound = new Set(later.flatMap((stmt) => usesIn(site.module, site.fn, [stmt]).filter((u) => u.stores).map((u) => u.node.variable)));
    const names = new Map<Operand, string>();
    const before: string[] = [];
    for (const operand of unit.operands) {
      const reads = usesIn(site.module, site.fn, operand.expr).map((u) => u.node.variable);
      const isName = operand.expr.type === 'name';
      const stable = !reads.some((v) => rebound.has(v));
      if (isName && stable) {
        names.set(operand, this.resultOf(operand.text, operand.text, operand.expr));
      } else if (later.length === 0) {
        const same = this.results.find((r) => r.expr === this.asItem(operand));
        names.set(operand, same ? same.name : this.resultOf(site.unique(this.hint(unit, operand)), this.asItem(operand), operand.expr));
      } else {
        const name = site.unique(this.hint(unit, operand));
        before.push(`${name} = ${this.asItem(operand)}`);
        names.set(operand, this.resultOf(name, name, operand.expr));
      }
      this.sent.push(operand);
    }
    this.removed.push({ start: unit.start, end: unit.end });
    this.replaceStatement(unit, before);
    this.replay.push({ at: unit.start, lines: this.replayText(unit, names) });
  }

  /** A list that grows in some branch or inner loop: the worker grows one of its own, and the parent extends the original. */
  private planListed(place: LoopPlace, group: readonly Unit[], around: Surroundings): boolean {
    const { site } = this;
    const variable = rootVariable(place);
    if (place.role !== 'collect' || variable === null || place.place.path.length > 0) return false;
    const known = site.variable(variable);
    if (!known || known.type?.name !== 'list') return false;
    if (group.some((u) => !sendsWhole(u.stmt, around))) return false;
    this.own.add(variable);
    this.setup.push(`${known.name} = []`);
    const part = site.unique(`new_${known.name}`);
    this.results.push({ name: part, expr: known.name, value: null });
    for (const unit of group) this.sent.push(...unit.operands);
    this.replay.push({ at: group[0]!.start, lines: [`${known.name}.extend(${part})`] });
    return true;
  }

  /** Totals of one iteration, where adding them up later is exact. */
  private planPartial(place: LoopPlace, group: readonly Unit[]): boolean {
    const { site } = this;
    const partial = partialOf(site, place, group);
    const variable = rootVariable(place);
    if (!partial || variable === null) return false;
    const { name } = site.variable(variable)!;
    this.own.add(variable);
    let initial = partial.initial;
    if (initial.startsWith('defaultdict')) {
      const as = site.isFreeLocally('defaultdict') || site.module.imports.some((i) => i.module === 'collections' && i.name === 'defaultdict') ? 'defaultdict' : site.unique('defaultdict');
      this.imports.push({ module: 'collections', name: 'defaultdict', as });
      initial = initial.replace('defaultdict', as);
    }
    this.setup.push(`${name} = ${initial}`);
    const part = site.unique(`new_${name}`);
    this.results.push({ name: part, expr: name, value: null });
    for (const unit of group) this.sent.push(...unit.operands);
    this.replay.push({ at: group[0]!.start, lines: partial.merge(part, (base) => site.unique(base)) });
    return true;
  }

  /** Each write is noted by the worker with its operands; the parent does them one by one, in their order. */
  private planEvents(group: readonly Unit[]): void {
    const { site } = this;
    const first = group[0]!;
    const shape = shapeOf(site, first);
    if (group.some((u) => shapeOf(site, u) !== shape)) {
      const lines = group.map((u) => site.line(u.stmt)).join(' and ');
      throw new Refusal(`\`${first.places[0]!.label}\` is updated in different ways on lines ${lines}`, 'use one statement for it, with the value in a variable');
    }
    const once = group.length === 1 && !first.repeated;
    if (first.operands.length === 0) {
      const name = site.unique(once ? 'keep' : 'times');
      this.setup.push(once ? `${name} = False` : `${name} = 0`);
      this.results.push({ name, expr: name, value: null });
      for (const unit of group) {
        this.removed.push({ start: unit.start, end: unit.end });
        this.replaceStatement(unit, [once ? `${name} = True` : `${name} += 1`], true);
      }
      const head = once ? `if ${name}:` : `for _ in range(${name}):`;
      this.replay.push({ at: first.start, lines: [head, ...this.replayText(first, new Map()).map((l) => `\t${l}`)] });
      return;
    }
    const names = new Map(first.operands.map((o) => [o, o.expr.type === 'name' && !this.results.some((r) => r.name === o.text) && !this.live(o.expr.variable) ? o.text : site.unique(this.hint(first, o))]));
    const unpacked = [...names.values()];
    const list = site.unique(plural(unpacked[0]!));
    this.setup.push(`${list} = []`);
    this.results.push({ name: list, expr: list, value: null });
    for (const unit of group) {
      const items = unit.operands.map((o) => this.asItem(o));
      this.removed.push({ start: unit.start, end: unit.end });
      this.sent.push(...unit.operands);
      this.replaceStatement(unit, [`${list}.append(${items.length === 1 ? items[0]! : `(${items.join(', ')})`})`], true);
    }
    this.replay.push({ at: first.start, lines: [`for ${unpacked.join(', ')} in ${list}:`, ...this.replayText(first, names).map((l) => `\t${l}`)] });
  }

  // -------------------------------------------------------------------------------------------------------------------

  private surroundings(units: readonly Unit[]): Surroundings {
    const { site } = this;
    const carried = new Carried();
    const stored = new Set(this.uses.filter((u) => u.stores).map((u) => u.node.variable));
    const written = new Set<VarId>();
    for (const unit of units) {
      for (const place of unit.places) {
        const root = rootVariable(place)!;
        written.add(root);
        if (place.role === 'accumulator' || place.role === 'collect') carried.add(root, firstField(place));
      }
    }
    for (const stmt of this.body) {
      const alias = aliasOf(stmt);
      if (alias && this.uses.filter((u) => u.stores && u.node.variable === alias.variable).length === 1) this.aliases.set(alias.variable, stmt);
    }
    const available = (name: NameExpr): boolean => {
      if (stored.has(name.variable)) return false;
      if (this.targets.has(name.variable)) return true;
      return this.isOuter(name.variable);
    };
    const counted = this.countedNames();
    return {
      carried,
      available,
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
      this.replay.push({ at: range.start, lines: site.source(stmt).split(/\r?\n/) });
      for (const use of usesIn(site.module, site.fn, [stmt])) if (!use.stores) this.noteParent(use.node);
    }
  }

  /** Names that stay visible after the loop take their last value from the last iteration. */
  private keepVisible(): void {
    const { site } = this;
    const stored = new Set(this.uses.filter((u) => u.stores).map((u) => u.node.variable));
    for (const [variable, name] of this.targets) {
      if (!this.live(variable)) continue;
      if (stored.has(variable)) this.resultOf(name.name, name.name, name);
      else this.parentNames.add(name.name);
    }
    for (const place of site.loop.places) {
      const variable = rootVariable(place);
      if (place.role !== 'private' || variable === null || place.place.path.length > 0 || this.targets.has(variable)) continue;
      if (!this.live(variable)) continue;
      const name = site.variable(variable)?.name ?? place.label;
      if (!place.lastValue) {
        throw new Refusal(`\`${name}\` is read after the loop, and not every iteration sets it (line ${site.line({ span: place.writes[0] ?? site.loop.node.span })})`, 'set it before the loop, or in every iteration');
      }
      this.resultOf(name, name, null);
    }
  }

  private resultOf(name: string, expr: string, value: Expr | null): string {
    const known = this.results.find((r) => r.expr === expr);
    if (known) return known.name;
    this.results.push({ name, expr, value });
    return name;
  }

  private noteParent(name: NameExpr): void {
    if (this.targets.has(name.variable)) this.parentNames.add(name.name);
  }

  /** The operand's text as an item of a tuple or an argument. */
  private asItem(operand: Operand): string {
    const { text, expr } = operand;
    if (expr.type === 'collection' && expr.kind === 'tuple' && !text.startsWith('(')) return `(${text})`;
    if (expr.type === 'assign' || (text.includes('\n') && !/^[([{]/.test(text))) return `(${text})`;
    return text;
  }

  /** The unit's own text for the parent, its operands replaced by the names that came back. */
  private replayText(unit: Unit, names: ReadonlyMap<Operand, string>): string[] {
    const { site } = this;
    const edits = unit.operands.flatMap((o) => [o, ...o.again].map((at) => ({ start: at.start, end: at.end, text: names.get(o) ?? o.text })));
    for (const use of usesIn(site.module, site.fn, [unit.stmt])) {
      if (!edits.some((e) => e.start <= use.start && use.end <= e.end)) this.noteParent(use.node);
    }
    const alone = startsLine(site.text, unit.start);
    const start = alone ? withCommentsAbove(site.text, lineStart(site.text, unit.start)) : unit.start;
    const end = alone ? lineEnd(site.text, unit.end) : unit.end;
    return this.cut({ start, end }, edits, alone ? indentAt(site.text, unit.start) : '');
  }

  /** Takes a statement out of the worker's text, or puts others in its place. */
  private replaceStatement(unit: Unit, lines: readonly string[], inBlock = false): void {
    const { site } = this;
    if (lines.length === 0 && !inBlock) return void this.edits.push(this.deletion({ start: unit.start, end: unit.end }));
    const alone = startsLine(site.text, unit.start);
    const indent = indentAt(site.text, unit.start);
    // A comment behind the statement goes with it to the parent.
    const rest = /^[ \t]*#[^\r\n]*/.exec(site.text.slice(unit.end));
    const end = alone && rest ? unit.end + rest[0].length : unit.end;
    this.edits.push({ start: unit.start, end, text: lines.join(alone ? `\n${indent}` : '; ') });
  }

  /** Deletes a statement with its lines and the comments directly above it. */
  private deletion(range: Range): TextEdit {
    const { text } = this.site;
    if (!startsLine(text, range.start)) return { start: range.start, end: range.end, text: 'pass' };
    return { start: withCommentsAbove(text, lineStart(text, range.start)), end: nextLineStart(text, Math.max(range.start, range.end - 1)), text: '' };
  }

  private isRemoved(use: Use): boolean {
    const within = (r: Range): boolean => r.start <= use.start && use.end <= r.end;
    return this.removed.some(within) && !this.sent.some(within);
  }

  private workerStatementsAfter(unit: Unit): Stmt[] {
    const at = this.body.indexOf(unit.stmt);
    return this.body.slice(at + 1).filter((stmt) => stmt.type !== 'pass' && !this.isUnitStatement(stmt));
  }

  private isUnitStatement(stmt: Stmt): boolean {
    return this.site.loop.places.some((p) => ['collect', 'accumulator', 'element'].includes(p.role) && isWhole(this.site, stmt, p));
  }

  private hint(unit: Unit, operand: Operand): string {
    const place = unit.places[0]!;
    const root = baseWord(place, this.site);
    if (operand.expr.type === 'name') return operand.text;
    if (place.role === 'collect') return singular(root);
    switch (place.accumulator?.operation) {
      case 'histogram':
        return unit.operands.length === 1 || unit.operands.indexOf(operand) === 0 ? 'key' : 'value';
      case 'grouping':
      case 'dict-union':
        return unit.operands.indexOf(operand) === 0 && unit.operands.length > 1 ? 'key' : 'value';
      case 'min':
      case 'max':
      case 'argmin':
      case 'argmax':
        return 'candidate';
      default:
        if (place.role === 'element') return unit.operands.length > 1 && unit.operands.indexOf(operand) === 1 ? 'position' : 'value';
        return singular(root);
    }
  }

  // -------------------------------------------------------------------------------------------------------------------

  private finish(jumps: readonly Range[], places: readonly LoopPlace[]): BodyPlan {
    const render = (extra: readonly TextEdit[], guarded: boolean): { lines: readonly string[]; results: readonly Result[] } => {
      const inside = (e: TextEdit, r: Range): boolean => r.start <= e.start && e.end <= r.end;
      const results = this.results.map((r) => ({ ...r, expr: this.renderOperand(r.expr, extra) }));
      const returned = returnText(results.map((r) => r.expr), guarded);
      const edits = [...this.edits.map((e) => ({ ...e, text: this.renderReplacement(e, extra) })), ...jumps.map((j) => ({ ...j, text: returned }))];
      const outside = extra.filter((e) => !edits.some((other) => inside(e, other)));
      return { lines: this.bodyLines([...edits, ...outside]), results };
    };
    const uses = this.uses.filter((u) => !this.isRemoved(u));
    return {
      setup: this.setup,
      ...render([], false),
      replay: [...this.replay].sort((a, b) => a.at - b.at).flatMap((r) => r.lines),
      parentNames: this.parentNames,
      uses,
      own: this.own,
      render,
      places,
      imports: this.imports,
    };
  }

  /** Operand texts are slices of the source: edits inside them (`self.scale` → `scale`) are applied again wherever they were copied to. */
  private renderOperand(expr: string, extra: readonly TextEdit[]): string {
    const operand = this.sent.find((o) => this.asItem(o) === expr);
    if (!operand) return expr;
    const start = this.site.range(operand.expr).start;
    const local = extra.filter((e) => start <= e.start && e.end <= start + operand.text.length);
    if (local.length === 0) return expr;
    const text = applyEdits(operand.text, local.map((e) => ({ ...e, start: e.start - start, end: e.end - start })));
    return expr.startsWith('(') && !operand.text.startsWith('(') ? `(${text})` : text;
  }

  private renderReplacement(edit: TextEdit, extra: readonly TextEdit[]): string {
    let { text } = edit;
    for (const operand of this.sent) {
      if (operand.start < edit.start || operand.end > edit.end) continue;
      const plain = this.asItem(operand);
      const rendered = this.renderOperand(plain, extra);
      if (rendered !== plain) text = text.split(plain).join(rendered);
    }
    return text;
  }

  private bodyLines(edits: readonly TextEdit[]): string[] {
    const { site } = this;
    const first = this.body[0]!;
    const firstStart = site.range(first).start;
    if (!startsLine(site.text, firstStart)) return this.inlineLines(edits);
    const header = site.range(this.node.iterable).end;
    const start = nextLineStart(site.text, header + site.text.slice(header, firstStart).indexOf(':'));
    const end = nextLineStart(site.text, site.range(this.body[this.body.length - 1]!).end - 1);
    return this.cut({ start, end }, edits, indentAt(site.text, firstStart));
  }

  /** A suite on the header's own line: `for x in xs: out.append(f(x))`. */
  private inlineLines(edits: readonly TextEdit[]): string[] {
    return this.body
      .flatMap((stmt) => this.cut(this.site.range(stmt), edits, ''))
      .filter((line) => line !== 'pass');
  }

  /** Lines of a range of the text with edits made in it, and its base indentation taken off. */
  private cut(range: Range, edits: readonly TextEdit[], indent: string): string[] {
    const { site } = this;
    const inside = edits.filter((e) => range.start <= e.start && e.end <= range.end);
    const fixed = site.tokens.strings.filter((s) => site.text.slice(s.start, s.end).includes('\n'));
    const dedent = reindent(site.text, range, indent, '', fixed).filter((d) => !inside.some((e) => e.start <= d.start && d.end <= e.end));
    const shifted = [...inside, ...dedent].map((e) => ({
      start: e.start - range.start,
      end: e.end - range.start,
      text: inside.includes(e) ? e.text.split(`\n${indent}`).join('\n') : e.text,
    }));
    const cut = applyEdits(site.text.slice(range.start, range.end), shifted).replace(/\r\n/g, '\n');
    return cut.replace(/^\n+|\n+$/g, '').split('\n').filter((line, _, all) => !(all.length === 1 && line === ''));
  }
}

/** The worker's return. A guarded one says with None that nothing was raised. */
export function returnText(exprs: readonly string[], guarded: boolean): string {
  if (!guarded) return `return ${exprs.join(', ')}`;
  return exprs.length === 1 ? `return ${exprs[0]!}, None` : `return (${exprs.join(', ')}), None`;
}

/** `row = grid[y]`: one name for a part of an object. */
function aliasOf(stmt: Stmt): NameExpr | null {
  if (stmt.type !== 'assign-stmt' || stmt.operator !== null || stmt.targets.length !== 1) return null;
  const target = stmt.targets[0]!;
  if (target.type !== 'name' || (stmt.value.type !== 'index' && stmt.value.type !== 'attribute')) return null;
  return baseName(stmt.value) ? target : null;
}

function isAvailablePart(expr: Expr, available: (name: NameExpr) => boolean): boolean {
  if (expr.type === 'attribute') return isAvailablePart(expr.object, available);
  if (expr.type === 'index') return isAvailablePart(expr.object, available) && isAvailablePart(expr.index, available);
  if (expr.type === 'binary') return isAvailablePart(expr.left, available) && isAvailablePart(expr.right, available);
  return expr.type === 'const' || (expr.type === 'name' && available(expr));
}

/** The appended value is sent as it is: no part of it is an object that the parent holds itself. */
function sendsWhole(stmt: Stmt, around: Surroundings): boolean {
  if (stmt.type !== 'expr' || stmt.value.type !== 'call') return false;
  return stmt.value.args.every(({ value }) => {
    if (value.type === 'name') return !around.available(value) || around.plain(value);
    if (value.type === 'collection') return value.items.every((item) => item.type !== 'name' || !around.available(item) || around.plain(item));
    return value.type === 'const' || !isAvailable(value, around) || value.type === 'binary';
  });
}

function isPlainType(name: string | undefined): boolean {
  return name !== undefined && ['int', 'float', 'bool', 'str', 'bytes', 'complex', 'None'].includes(name);
}

/** The statement's text with its operands blanked out: two statements of one shape can share one replay. */
function shapeOf(site: Site, unit: Unit): string {
  const edits = unit.operands.flatMap((o, i) => [o, ...o.again].map((at) => ({ start: at.start - unit.start, end: at.end - unit.start, text: `\0${i}` })));
  return applyEdits(site.text.slice(unit.start, unit.end), edits).replace(/\s+/g, ' ');
}

function isWhole(site: Site, stmt: Stmt, place: LoopPlace): boolean {
  if (place.accumulator?.statements.includes(stmt)) return true;
  if (stmt.type !== 'expr' && stmt.type !== 'assign-stmt') return false;
  return place.writes.some((span) => stmt.span.start <= span.start && span.end <= stmt.span.end && site.loop.fn !== null);
}

function baseWord(place: LoopPlace, site: Site): string {
  const field = firstField(place);
  if (field) return field;
  const variable = rootVariable(place);
  return (variable !== null ? site.variable(variable)?.name : null) ?? 'value';
}

function plural(name: string): string {
  return name.endsWith('s') ? `${name}_list` : `${name}s`;
}

export function namesOf(target: Target): Set<string> {
  return new Set(boundNames(target).map((n) => n.name));
}
