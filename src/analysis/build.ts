/** Puts the report of one loop together. */
import type { Expr, Span, Stmt, Target, VarId } from '../ir/ir';
import { readAfterInModule } from './liveness';
import { classify, type Classified } from './classify';
import type { Access, Loc } from './domain';
import { SHAPE } from './domain';
import { capturesOf } from './loopCaptures';
import type { Machine } from './machine';
import { written } from './messages';
import type { AccumulatorOperation, LoopPlace, LoopReport, Place, Range, Step } from './report';
import type { LoopTrace } from './trace';
import { judge } from './verdict';

export function reportOf(m: Machine, trace: LoopTrace, lineOf: (offset: number) => number): LoopReport {
  const classification = classify(m, trace);
  const judgement = judge(m, trace, classification, lineOf);
  const { fn, node } = trace;
  const extent: Range = { start: fn.start + node.span.start, end: fn.start + node.span.end };
  const unresolved = trace.lastUnresolved > trace.firstUnresolved;
  return {
    id: loopId(trace),
    module: m.module,
    fn,
    node,
    kind: trace.kind,
    range: { start: fn.start + startOf(trace), end: extent.end },
    extent,
    body: trace.body,
    callback: trace.callback,
    call: trace.call ?? (trace.consumer && node.type === 'comprehension' && node.kind === 'generator' ? { method: trace.consumer, argument: null } : null),
    header: trace.header,
    verdict: judgement.verdict,
    bound: trace.io ? 'io' : unresolved ? 'unknown' : 'cpu',
    reasons: judgement.reasons,
    assumptions: judgement.assumptions,
    places: placesOf(m, trace, classification.places),
    captures: capturesOf(m, trace),
    exits: judgement.exits,
    callees: m.callees(),
    parent: parentOf(trace),
    work: Math.max(1, Math.round(trace.work)),
    arithmetic: Math.round(trace.arithmetic),
    trips: trace.trips,
  };
}

export const loopId = (trace: LoopTrace): string => `${trace.fn.id}@${trace.node.span.start}`;

function parentOf(trace: LoopTrace): string | null {
  for (let at = trace.parent; at; at = at.parent) if (at.fn === trace.fn && at.node !== trace.node) return loopId(at);
  return null;
}

/** A method chain is judged at the name of its method. */
function startOf(trace: LoopTrace): number {
  const { node } = trace;
  if (node.type !== 'call' || node.callee.type !== 'attribute') return node.span.start;
  if (node.callee.object.type === 'name' && node.callee.object.variable.startsWith('builtin/')) return node.span.start;
  return node.callee.span.end - node.callee.name.length;
}

function placesOf(m: Machine, trace: LoopTrace, classified: readonly Classified[]): LoopPlace[] {
  return worstOfEach(classified).map((place) => ({
    place: placeOf(place.loc, place.writes),
    role: place.role,
    label: labelOf(m, place),
    writes: spansOf(trace, place.writes),
    liveAfter: place.liveAfter,
    ...(m.root.kind === 'module' && place.loc.base.kind === 'variable' && place.loc.path.length === 0
      ? { readHere: readAfterInModule(m, trace, place.loc.base.id) }
      : {}),
    lastValue: place.lastValue,
    ...(place.role === 'accumulator'
      ? { accumulator: { operation: reported(place), exact: place.exact, statements: place.statements } }
      : {}),
    ...(place.type ? { type: place.type } : {}),
  }));
}

const SEVERITY = ['private', 'element', 'own-object', 'collect', 'accumulator', 'shared'];

/** One store through a name that may be several objects is one place: the worst of them. */
function worstOfEach(classified: readonly Classified[]): Classified[] {
  const kept = new Map<string, Classified>();
  for (const place of classified) {
    const direct = place.writes.every((access) => access.via.length === 0 && access.node !== null && access.node.type !== 'call');
    const key = direct ? place.writes.map((access) => `${access.site.fn.id}:${access.site.start}`).join(',') + place.loc.path.length : `${kept.size}#`;
    const known = kept.get(key);
    if (!known || SEVERITY.indexOf(place.role) > SEVERITY.indexOf(known.role)) kept.set(key, place);
  }
  return [...kept.values()];
}

function reported(place: Classified): AccumulatorOperation {
  const { operation } = place;
  if (operation === 'append' || operation === 'init' || operation === null) return 'concatenation';
  if (operation === 'sum' && ['str', 'string', 'list', 'Array'].includes(place.type?.name ?? '')) return 'concatenation';
  if (operation === 'sum' && place.statements.length > 0 && place.statements.every(countsOne)) return 'count';
  return operation;
}

/** `n += 1`, `n++` */
function countsOne(stmt: Stmt): boolean {
  if (stmt.type === 'assign-stmt') return stmt.operator === '+' && stmt.value.type === 'const' && stmt.value.value === 1;
  return stmt.type === 'expr' && (stmt.value.type === 'update' ? stmt.value.operator === '++' : stmt.value.type === 'assign' && stmt.value.operator === '+' && stmt.value.value.type === 'const' && stmt.value.value.value === 1);
}

function labelOf(m: Machine, place: Classified): string {
  const { node } = place.writes[0]!;
  if (node && place.writes[0]!.via.length === 0 && node.type !== 'call') {
    if (place.role !== 'accumulator') return written(node);
    // A histogram or grouping is named by its container.
    let at: Expr | Target = node;
    for (let extra = node.type === 'index' || node.type === 'attribute' ? depthOf(node) - place.loc.path.length : 0; extra > 0 && (at.type === 'index' || at.type === 'attribute'); extra--) at = at.object;
    return written(at);
  }
  return m.nameOf(place.loc);
}

function depthOf(node: Expr | Target): number {
  let depth = 0;
  for (let at: Expr | Target = node; at.type === 'index' || at.type === 'attribute'; at = at.object) depth++;
  return depth;
}

function spansOf(trace: LoopTrace, writes: readonly Access[]): Span[] {
  const spans: Span[] = [];
  for (const access of writes) {
    const shift = access.site.fn.start - trace.fn.start;
    const span = { start: access.site.start + shift, end: access.site.end + shift };
    if (!spans.some((each) => each.start === span.start && each.end === span.end)) spans.push(span);
  }
  return spans;
}

function placeOf(loc: Loc, writes: readonly Access[]): Place {
  const path: Step[] = [];
  const indices = indexExprs(writes[0]!);
  for (const step of loc.path) {
    if (step.kind === 'field') {
      if (step.name !== SHAPE) path.push({ kind: 'field', name: step.name });
    } else path.push({ kind: 'element', index: indices.shift() ?? null });
  }
  const { base } = loc;
  const root: Place['root'] =
    base.kind === 'variable'
      ? { kind: 'variable', variable: base.id as VarId }
      : base.kind === 'world'
        ? { kind: 'world', what: base.what }
        : base.kind === 'this'
          ? { kind: 'this' }
          : base.kind === 'fresh'
            ? variableRoot(writes[0]!)
            : { kind: 'unknown' };
  return { root, path };
}

/** A local object is named by the variable through which it is written. */
function variableRoot(access: Access): Place['root'] {
  let at = access.node;
  while (at && (at.type === 'index' || at.type === 'attribute')) at = at.object;
  return at?.type === 'name' ? { kind: 'variable', variable: at.variable } : { kind: 'fresh' };
}

function indexExprs(access: Access): Expr[] {
  const found: Expr[] = [];
  let at = access.via.length === 0 ? access.node : null;
  while (at && (at.type === 'index' || at.type === 'attribute')) {
    if (at.type === 'index') {
      const { index } = at;
      if (index.type === 'collection' && index.kind === 'tuple') found.unshift(...index.items);
      else found.unshift(index);
    }
    at = at.object;
  }
  return found;
}
