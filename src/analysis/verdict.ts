/** From classified places and exits to the verdict with its reasons and assumptions. */
import type { Site } from './domain';
import { absolute, baseKey, type Access, type Leaving } from './domain';
import type { Classification, Classified, Conflict } from './classify';
import type { Machine } from './machine';
import { worldName, written } from './messages';
import type { Assumption, Exit, Reason, ReasonKind, Verdict } from './report';
import { isWithin } from './symbolic';
import type { LoopTrace } from './trace';

export interface Judgement {
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  readonly assumptions: readonly Assumption[];
  readonly exits: readonly Exit[];
}

export function judge(m: Machine, trace: LoopTrace, classification: Classification, lineOf: (offset: number) => number): Judgement {
  const reasons: Reason[] = [];
  const line = (site: Site): number => lineOf(absolute(site).start);
  const exits = exitsOf(m, trace);
  for (const exit of exits) reasons.push(exitReason(m, trace, exit, lineOf));
  for (const access of firstOfEach(classification.effects)) reasons.push(effectReason(access, line));
  let sequential = reasons.length > 0;
  let unknown = false;
  for (const place of classification.places) {
    if (place.role !== 'shared') continue;
    const certain = place.conflicts.filter((each) => each.certain);
    const chosen = certain[0] ?? place.conflicts[0];
    if (!chosen) continue;
    if (certain.length > 0) sequential = true;
    else unknown = true;
    reasons.push(conflictReason(m, place, chosen, line));
  }
  const fold = foldReason(m, trace);
  if (fold) {
    reasons.push(fold);
    sequential = true;
  }
  for (const item of unresolvedOf(m, trace)) {
    unknown = true;
    const through = item.via.length > 0 ? ` (through ${item.via.map((name) => `\`${name}\``).join(', ')})` : '';
    reasons.push({
      kind: 'call',
      place: item.callee,
      message: `What \`${item.callee}\`, called on line ${line(item.site)}${through}, reads and writes is not known.`,
      range: absolute(item.site),
      via: item.via,
    });
  }
  for (const gap of trace.gaps) {
    unknown = true;
    reasons.push({ kind: 'alias', place: '', message: `In the loop on line ${lineOf(trace.fn.start + trace.node.span.start)}, ${gap.message}.`, range: { start: trace.fn.start + gap.start, end: trace.fn.start + gap.end } });
  }
  if (classification.overflow) {
    unknown = true;
    reasons.push({ kind: 'syntax', place: '', message: 'The loop touches more places than can be compared.', range: { start: trace.fn.start + trace.node.span.start, end: trace.fn.start + trace.node.span.end } });
  }
  const shortCircuit = shortCircuits(m, trace, classification);
  if (shortCircuit && !shortCircuit.allowed) {
    sequential = true;
    reasons.push({ kind: 'exit', place: trace.consumer ?? '', message: `\`${trace.consumer}\` on line ${lineOf(trace.fn.start + trace.node.span.start)} stops early, and what it would skip ${shortCircuit.why}.`, range: { start: trace.fn.start + trace.node.span.start, end: trace.fn.start + trace.node.span.end } });
  }
  const assumptions = assumptionsOf(m, trace, classification);
  const folds = classification.places.some((place) => place.role === 'accumulator') || trace.fold?.operation != null || REDUCING.has(trace.consumer ?? '');
  const verdict: Verdict = sequential ? 'sequential' : unknown ? 'unknown' : folds ? 'reduction' : 'parallel';
  const allExits = shortCircuit ? [...exits, { kind: 'short-circuit' as const, span: trace.node.span }] : exits;
  // What awaits can still be run by what awaits itself, and rests on the same.
  const assuming = verdict === 'parallel' || verdict === 'reduction' || exits.some((exit) => exit.kind === 'await');
  return { verdict, reasons: sequential ? orderReasons(reasons) : reasons, assumptions: assuming ? assumptions : [], exits: allExits };
}

// `any`, `all`, `some` and `every` only stop early: where what they skip is pure, nothing is folded.
const REDUCING = new Set(['sum', 'fsum', 'prod', 'min', 'max', 'Counter']);

const orderReasons = (reasons: readonly Reason[]): Reason[] => [...reasons].sort((a, b) => Number(a.kind === 'call') - Number(b.kind === 'call'));

// ---------------------------------------------------------------------------------------------------------------------

function exitsOf(m: Machine, trace: LoopTrace): Exit[] {
  const found: Exit[] = [];
  for (const leaving of m.leaving.slice(trace.firstLeaving, trace.lastLeaving)) {
    if (!leavesLoop(leaving, trace)) continue;
    const span = { start: leaving.site.start + leaving.site.fn.start - trace.fn.start, end: leaving.site.end + leaving.site.fn.start - trace.fn.start };
    if (!found.some((exit) => exit.kind === leaving.kind && exit.span.start === span.start)) found.push({ kind: leaving.kind, span });
  }
  return found;
}

function leavesLoop(leaving: Leaving, trace: LoopTrace): boolean {
  switch (leaving.kind) {
    case 'break':
      return leaving.target === trace.scope || (leaving.target !== null && leaving.target !== trace.scope && isWithin(trace.scope, leaving.target)) || leaving.target === null;
    case 'return':
    case 'raise':
      // To somewhere outside: a loop or `try` around this one, or the caller.
      return leaving.target === null || (leaving.target !== trace.scope && isWithin(trace.scope, leaving.target));
    default:
      return true;
  }
}

const EXIT_WORDS: Readonly<Record<Exit['kind'], string>> = {
  break: '`break`',
  return: '`return`',
  yield: '`yield`',
  raise: 'An exception that is raised',
  await: '`await`',
  'short-circuit': 'A short-circuit',
  exit: 'The end of the program',
};

function exitReason(m: Machine, trace: LoopTrace, exit: Exit, lineOf: (offset: number) => number): Reason {
  const range = { start: exit.span.start + trace.fn.start, end: exit.span.end + trace.fn.start };
  const word = exit.kind === 'raise' && m.module.language !== 'python' ? '`throw`' : exit.kind === 'raise' ? '`raise`' : EXIT_WORDS[exit.kind];
  const kind: ReasonKind = exit.kind === 'await' ? 'await' : 'exit';
  const at = lineOf(range.start);
  const loopLine = lineOf(trace.fn.start + trace.node.span.start);
  const message =
    exit.kind === 'await'
      ? `\`await\` on line ${at} lets other code run between iterations of the loop on line ${loopLine}.`
      : exit.kind === 'yield'
        ? `\`yield\` on line ${at} hands values out of the loop on line ${loopLine} one at a time.`
        : `${word} on line ${at} can end the loop on line ${loopLine} early.`;
  return { kind, place: exit.kind, message, range };
}

function firstOfEach(accesses: readonly Access[]): Access[] {
  const seen = new Set<string>();
  return accesses.filter((access) => {
    const key = access.loc.base.kind === 'world' ? access.loc.base.what : '';
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function effectReason(access: Access, line: (site: Site) => number): Reason {
  const what = access.loc.base.kind === 'world' ? access.loc.base.what : '';
  const via = access.via.length > 0 ? ` through \`${access.via[0]}\`` : access.node ? ` by \`${written(access.node)}\`` : '';
  const name = worldName(what);
  const verb = /^(random|id-counter)/.test(what) ? 'is advanced' : /^stdin/.test(what) ? 'is read' : 'is written';
  return {
    kind: 'effect',
    place: what,
    message: `${name[0]!.toUpperCase()}${name.slice(1)} ${verb} on line ${line(access.site)}${via}, and the order of iterations shows in it.`,
    range: absolute(access.site),
    via: access.via,
  };
}

const labelOf = (m: Machine, access: Access): string => (access.node && access.node.type !== 'call' && access.via.length === 0 ? written(access.node) : m.nameOf(access.loc));

function conflictReason(m: Machine, place: Classified, chosen: Conflict, line: (site: Site) => number): Reason {
  const label = labelOf(m, chosen.write);
  const other = labelOf(m, chosen.other);
  const writeLine = line(chosen.write.site);
  const otherLine = line(chosen.other.site);
  const through = chosen.write.via.length > 0 ? ` through \`${chosen.write.via[0]}\`` : '';
  const range = absolute(chosen.write.site);
  const otherRange = absolute(chosen.other.site);
  const base = { place: label, range, other: otherRange, via: chosen.write.via };
  if (chosen.throughField) {
    return { ...base, kind: 'alias', message: `\`${label}\`, written on line ${writeLine}${through}, may be the same object in several iterations.` };
  }
  if (chosen.header) {
    return { ...base, kind: 'anti', message: `\`${label}\`, written on line ${writeLine}${through}, is what the loop walks over on line ${otherLine}.` };
  }
  if (!chosen.certain) {
    return place.writes[0]!.loc.base.kind === 'unseen' && baseKey(chosen.other.loc.base) === baseKey(chosen.write.loc.base)
      ? { ...base, kind: 'alias', message: `The object written on line ${writeLine}${through} as \`${label}\` is not seen: other iterations may hold it.` }
      : { ...base, kind: chosen.kind, message: `Whether \`${label}\`, written on line ${writeLine}${through}, is \`${other}\` of another iteration on line ${otherLine} depends on values that are not seen.` };
  }
  if (chosen.kind === 'output') return { ...base, kind: 'output', message: `\`${label}\`, written on line ${writeLine}${through}, is written by several iterations and used after the loop.` };
  return { ...base, kind: 'flow', message: `\`${label}\` written on line ${writeLine}${through} is read by another iteration${other !== label ? ` as \`${other}\`` : ''} on line ${otherLine}.` };
}

function foldReason(m: Machine, trace: LoopTrace): Reason | null {
  if (!trace.fold || trace.fold.operation !== null) return null;
  void m;
  const range = { start: trace.fn.start + trace.node.span.start, end: trace.fn.start + trace.node.span.end };
  return { kind: 'flow', place: 'the accumulator', message: 'Each call of the callback reads what the one before returned.', range };
}

function unresolvedOf(m: Machine, trace: LoopTrace) {
  const seen = new Set<string>();
  return m.unresolved.slice(trace.firstUnresolved, trace.lastUnresolved).filter((item) => {
    if (seen.has(item.callee)) return false;
    seen.add(item.callee);
    return true;
  });
}

// ---------------------------------------------------------------------------------------------------------------------

const SHORT = new Set(['any', 'all', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex']);

/** What a consumer that stops early would skip must have no effect, cannot raise, and must end. */
function shortCircuits(m: Machine, trace: LoopTrace, classification: Classification): { readonly allowed: boolean; readonly why: string } | null {
  if (!SHORT.has(trace.consumer ?? '')) return null;
  const writes = classification.places.filter((place) => !place.writes.every((access) => trace.headerAccesses.includes(access)) && place.liveAfter);
  if (writes.length > 0) return { allowed: false, why: `writes \`${m.nameOf(writes[0]!.loc)}\`` };
  if (trace.header.kind === 'elements' && trace.header.lazy) return { allowed: false, why: 'may have no end' };
  if (m.raises.slice(trace.firstRaise, trace.lastRaise).length > 0) return { allowed: false, why: 'can raise an exception' };
  return { allowed: true, why: '' };
}

function assumptionsOf(m: Machine, trace: LoopTrace, classification: Classification): Assumption[] {
  const found: Assumption[] = [];
  const unseen = [...new Set(m.unseen.slice(trace.firstUnseen, trace.lastUnseen).map((item) => item.name))];
  if (unseen.length > 0) {
    found.push({ kind: 'builtin-operators', message: `Operators and subscripts on ${list(unseen)} behave as those of the builtin types do.`, about: unseen });
  }
  const names = new Set<string>();
  for (const [a, b] of classification.overlaps) {
    names.add(m.nameOf({ base: a.base, path: a.path.filter((step) => step.kind === 'field' && step.name !== '#').slice(0, 2) }));
    names.add(m.nameOf({ base: b.base, path: b.path.filter((step) => step.kind === 'field' && step.name !== '#').slice(0, 2) }));
  }
  if (names.size > 0) {
    found.push({ kind: 'no-overlap', message: names.size > 1 ? `${capital(list([...names]))} do not overlap.` : `What ${list([...names])} leads to does not overlap.`, about: [...names] });
  }
  const rows = new Set(classification.distinct.filter((loc) => loc.base.kind !== 'fresh').map((loc) => m.nameOf({ base: loc.base, path: loc.path.slice(0, loc.path.findIndex((step) => step.kind === 'element')) })));
  if (rows.size > 0) found.push({ kind: 'no-overlap', message: `Different elements of ${list([...rows])} are different objects.`, about: [...rows] });
  const raising = [...new Set(m.raises.slice(trace.firstRaise, trace.lastRaise).filter((raise) => raise.guard === 0).map((raise) => raise.callee))];
  if (raising.length > 0) found.push({ kind: 'callee-does-not-raise', message: `${capital(list(raising))} ${raising.length > 1 ? 'do' : 'does'} not raise an exception.`, about: raising });
  if (m.analyzer.facts(m.module).starImport) found.push({ kind: 'not-rebound', message: 'Names that the module imports with `*` do not replace builtins that the loop uses.', about: ['*'] });
  return found;
}

const list = (names: readonly string[]): string => {
  const shown = names.slice(0, 6).map((name) => `\`${name}\``);
  return names.length > 6 ? `${shown.join(', ')} and ${names.length - 6} more` : shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}` : (shown[0] ?? '');
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
