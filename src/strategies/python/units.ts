/**
 * The statements of a loop's body that write to what lies outside one iteration, each with the places that it writes. They are what
 * the parent replays; the rest of the body is the workers'.
 */
import type { LoopPlace } from '../../analysis/report';
import type { Stmt, VarId } from '../../ir/ir';
import { blocksOf, statementPath } from './deep';
import type { Operand } from './operands';
import { Refusal } from './refusal';
import type { Site } from './site';

export interface Unit {
  readonly stmt: Stmt;
  readonly places: LoopPlace[];
  /** Absolute range of the statement. */
  readonly start: number;
  readonly end: number;
  /** A statement of the body itself, run once in every iteration. */
  readonly always: boolean;
  /** Inside a loop of the body: it may run many times in an iteration. */
  readonly repeated: boolean;
  operands: readonly Operand[];
}

/** Places whose writes must reach the parent. */
export function writtenPlaces(site: Site): LoopPlace[] {
  const { loop } = site;
  const kept: LoopPlace[] = [];
  for (const place of loop.places) {
    const { root } = place.place;
    if (place.role === 'shared') {
      throw new Refusal(`\`${place.label}\` on line ${lineOfPlace(site, place)} may be written by one iteration and used by another`, 'give each iteration a value of its own');
    }
    if (place.role === 'private') {
      if (!place.liveAfter || place.place.path.length === 0) continue;
      throw new Refusal(`\`${place.label}\` on line ${lineOfPlace(site, place)} is scratch that is read after the loop: a worker would leave it as it was`);
    }
    if (root.kind !== 'variable') {
      if (root.kind === 'fresh') continue;
      throw new Refusal(`\`${place.label}\` on line ${lineOfPlace(site, place)} is changed in place, and a worker would change a copy`);
    }
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
      const known = units.find((u) => u.stmt === outer);
      if (known) {
        if (!known.places.includes(place)) known.places.push(place);
        continue;
      }
      const at = path.indexOf(outer);
      units.push({
        stmt: outer,
        places: [place],
        ...site.range(outer),
        always: body.includes(outer),
        repeated: path.slice(0, at).some((s) => s.type === 'for-each' || s.type === 'while'),
        operands: [],
      });
    }
  }
  return units.sort((a, b) => a.start - b.start);
}

/** Units that write a common place belong together: they are replayed in one way. */
export function groupUnits(units: readonly Unit[]): Unit[][] {
  const groups: Unit[][] = [];
  for (const unit of units) {
    const joined = groups.filter((g) => g.some((other) => other.places.some((p) => unit.places.some((q) => samePlace(p, q)))));
    const merged = [...joined.flat(), unit];
    for (const g of joined) groups.splice(groups.indexOf(g), 1);
    groups.push(merged.sort((a, b) => a.start - b.start));
  }
  return groups;
}

function samePlace(a: LoopPlace, b: LoopPlace): boolean {
  return a === b || (rootVariable(a) !== null && rootVariable(a) === rootVariable(b) && firstField(a) === firstField(b));
}

export function rootVariable(place: LoopPlace): VarId | null {
  return place.place.root.kind === 'variable' ? place.place.root.variable : null;
}

/** `total` for `self.total`; null when the place is the variable's own value or an element of it. */
export function firstField(place: LoopPlace): string | null {
  const step = place.place.path[0];
  return step?.kind === 'field' ? step.name : null;
}

/** The first `continue` of this loop (not of one inside it), by absolute offset; null when it has none. All of them are in `found`. */
export function continuesOf(site: Site, body: readonly Stmt[]): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
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
