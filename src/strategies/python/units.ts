/**
 * The statements of a loop's body that write to what lies outside one iteration, each with the places that it writes. They are what
 * the parent replays; the rest of the body is the workers'.
 */
import type { AccumulatorOperation, LoopPlace, PlaceRole, Range } from '../../analysis/report';
import type { Expr, Stmt, Target, TypeIR, VarId } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import { baseName, blocksOf, statementPath } from './deep';
import type { Operand } from './operands';
import { Refusal } from '../refusal';
import type { Site } from './site';

/** A written place, seen through the name by which the loop's body writes it. */
export interface Written {
  readonly place: LoopPlace;
  readonly role: PlaceRole;
  readonly label: string;
  readonly root: VarId;
  /** `total` for `self.total`; null when the place is the variable's own value or an element of it. */
  readonly field: string | null;
  /** It is the variable's own value, not a part of it. */
  readonly whole: boolean;
  readonly operation: AccumulatorOperation | null;
  readonly exact: boolean;
  readonly type: TypeIR | undefined;
}

export interface Unit {
  readonly stmt: Stmt;
  readonly places: Written[];
  /** Absolute range of the statement. */
  readonly start: number;
  readonly end: number;
  /** A statement of the body itself, or of a `with` in it: it runs once in every iteration. */
  readonly always: boolean;
  /** Inside a loop of the body: it may run many times in an iteration. */
  readonly repeated: boolean;
  /** Absolute ranges of what writes. */
  readonly writes: Range[];
  operands: readonly Operand[];
}

/** Places whose writes must reach the parent. @throws Refusal for those that cannot be sent back. */
export function writtenPlaces(site: Site): LoopPlace[] {
  const kept: LoopPlace[] = [];
  for (const place of site.loop.places) {
    const { root, path } = place.place;
    const where = `\`${place.label}\` on line ${lineOfPlace(site, place)}`;
    if (place.role === 'shared') {
      const reason = site.loop.reasons.find((r) => r.place === place.label) ?? site.loop.reasons[0];
      throw new Refusal(reason ? reason.message.replace(/\.$/, '') : `${where} may be written by one iteration and used by another`, 'give each iteration a value of its own');
    }
    if (place.role === 'private') {
      if (place.liveAfter && path.length > 0) throw new Refusal(`${where} is scratch that is read after the loop: a worker would leave it as it was`);
      continue;
    }
    // Objects made in the iteration are its own affair, unless something outside grows by them.
    if (root.kind === 'fresh' && place.role !== 'accumulator' && place.role !== 'collect') continue;
    if (root.kind !== 'variable' && root.kind !== 'fresh') throw new Refusal(`${where} is changed in place, and a worker would change a copy`, 'let the iteration return the new value');
    kept.push(place);
  }
  return kept;
}

export function lineOfPlace(site: Site, place: LoopPlace): number {
  return place.writes[0] ? site.line({ span: place.writes[0] }) : site.line(site.loop.node);
}

/** The units of the body, in source order. */
export function findUnits(site: Site, body: readonly Stmt[], places: readonly LoopPlace[]): Unit[] {
  const units: Unit[] = [];
  for (const place of places) {
    const replayed = place.accumulator?.statements ?? [];
    const spans = place.writes.length > 0 ? place.writes : replayed.map((s) => s.span);
    for (const span of spans) {
      const range = site.range({ span });
      const path = statementPath(site.fn, body, range.start, range.end);
      const outer = path.find((s) => replayed.includes(s)) ?? path[path.length - 1];
      if (!outer) throw new Refusal(`\`${place.label}\` is written on line ${site.line({ span })} in a way that cannot be taken apart`);
      if (!replayed.includes(outer) && blocksOf(outer).length > 0) {
        throw new Refusal(`\`${place.label}\` is written by the head of the statement on line ${site.line(outer)}`, 'write it in a statement of its own');
      }
      const written = asWritten(site, place, outer, range);
      const known = units.find((u) => u.stmt === outer);
      if (known) {
        known.writes.push(range);
        if (!known.places.some((p) => p.place === place)) known.places.push(written);
        continue;
      }
      const at = path.indexOf(outer);
      units.push({
        stmt: outer,
        places: [written],
        ...site.range(outer),
        always: path.slice(0, at).every((s) => s.type === 'with' && s.items.every((i) => neverSwallows(i.context))),
        repeated: path.slice(0, at).some((s) => s.type === 'for-each' || s.type === 'while'),
        writes: [range],
        operands: [],
      });
    }
  }
  return units.sort((a, b) => a.start - b.start);
}

/** Context managers that hand on what is raised inside them. Others may not, and then what follows in their block has not run. */
const HANDING_ON = new Set(
  ('open fdopen scandir urlopen closing nullcontext TemporaryDirectory TemporaryFile NamedTemporaryFile ZipFile TarFile memoryview localcontext ' +
    'catch_warnings errstate socket create_connection get post request stream timeout Session ClientSession AsyncClient').split(' '),
);

function neverSwallows(context: Expr): boolean {
  return context.type === 'call' && (context.callee.type === 'name' || context.callee.type === 'attribute') && HANDING_ON.has(context.callee.name);
}

/** The analysis names an object by where it was made; the body writes it through a variable. */
function asWritten(site: Site, place: LoopPlace, stmt: Stmt, range: Range): Written {
  const { root, path } = place.place;
  const common = { place, role: place.role, label: place.label, operation: place.accumulator?.operation ?? null, exact: place.accumulator?.exact ?? false, type: place.type };
  if (root.kind === 'variable') {
    const step = path[0];
    return { ...common, root: root.variable, field: step?.kind === 'field' ? step.name : null, whole: path.length === 0 };
  }
  const base = baseWritten(site, stmt, range);
  if (!base) throw new Refusal(`\`${place.label}\` is changed on line ${site.line(stmt)} through something that is no variable`, 'give it a name');
  return { ...common, root: base.variable, field: base.field, whole: false };
}

/** The variable (and its field) at the bottom of what a range of the statement writes: `groups` in `groups.setdefault(k, []).append(v)`. */
function baseWritten(site: Site, stmt: Stmt, range: Range): { variable: VarId; field: string | null } | null {
  let found: { variable: VarId; field: string | null } | null = null;
  const consider = (node: Expr | Target): void => {
    const at = site.range(node);
    if (at.start !== range.start || at.end !== range.end || found) return;
    let inner: Expr | Target = node;
    let field: string | null = null;
    for (;;) {
      if (inner.type === 'call') inner = inner.callee.type === 'attribute' ? inner.callee.object : inner.callee;
      else if (inner.type === 'index') inner = inner.object;
      else if (inner.type === 'attribute') {
        field = inner.name;
        inner = inner.object;
      } else break;
    }
    const name = baseName(inner);
    if (name) found = { variable: name.variable, field };
  };
  walkStmts([stmt], { expr: consider, target: consider });
  return found;
}

/**
 * Statements that call a method of an outer object about which nothing is known (`out.append(x)` on a parameter without a type): a
 * statement by itself is there for its effect, so the parent runs it on its own object.
 * @throws Refusal for a call of an unknown function that is there for its effect.
 */
export function unseenCalls(site: Site, body: readonly Stmt[], known: readonly Unit[], isOuter: (id: VarId) => boolean): Unit[] {
  const units: Unit[] = [];
  for (const reason of site.loop.reasons) {
    if (reason.kind !== 'call') continue;
    const path = statementPath(site.fn, body, reason.range.start, reason.range.end);
    const stmt = path[path.length - 1];
    if (!stmt || stmt.type !== 'expr' || stmt.value.type !== 'call' || [...known, ...units].some((u) => u.stmt === stmt)) continue;
    const at = site.range(stmt.value);
    if (at.start !== reason.range.start && at.end !== reason.range.end) continue;
    const base = stmt.value.callee.type === 'attribute' ? baseWritten(site, stmt, at) : null;
    const text = site.source(stmt.value.callee);
    if (!base || !isOuter(base.variable) || site.variable(base.variable)?.kind === 'import') {
      if (base && !isOuter(base.variable) && !base.variable.startsWith('builtin/')) continue; // An object of the iteration's own.
      throw new Refusal(`\`${text}\` on line ${site.line(stmt)} is called for an effect that is not known: it would happen in a ${site.world.worker}`, 'let it return a value, and use that in the loop');
    }
    const place: LoopPlace = { place: { root: { kind: 'variable', variable: base.variable }, path: [] }, role: 'collect', label: text, writes: [stmt.value.span], liveAfter: true, lastValue: false };
    const index = path.indexOf(stmt);
    units.push({
      stmt,
      places: [{ place, role: 'collect', label: text, root: base.variable, field: base.field, whole: false, operation: null, exact: false, type: undefined }],
      ...site.range(stmt),
      always: body.includes(stmt),
      repeated: path.slice(0, index).some((s) => s.type === 'for-each' || s.type === 'while'),
      writes: [at],
      operands: [],
    });
  }
  return units;
}

/** Units that write a common place belong together: they are replayed in one way. */
export function groupUnits(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = [];
  for (const unit of units) {
    const joined = groups.filter((g) => g.some((other) => other.places.some((p) => unit.places.some((q) => p.root === q.root && p.field === q.field))));
    const merged = [...joined.flat(), unit];
    for (const g of joined) groups.splice(groups.indexOf(g), 1);
    groups.push(merged.sort((a, b) => a.start - b.start));
  }
  return groups;
}

/** The `continue`s of this loop, not of one inside it. */
export function continuesOf(site: Site, body: readonly Stmt[]): Range[] {
  const found: Range[] = [];
  const walk = (stmts: readonly Stmt[]): void => {
    for (const stmt of stmts) {
      if (stmt.type === 'continue') found.push(site.range(stmt));
      // `else` of an inner loop belongs to this one again.
      else if (stmt.type === 'for-each' || stmt.type === 'while') walk(stmt.orelse);
      else for (const block of blocksOf(stmt)) walk(block);
    }
  };
  walk(body);
  return found;
}
