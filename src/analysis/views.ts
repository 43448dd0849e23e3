/** Objects that are windows on others: reshaped and transposed arrays, typed arrays on a buffer. */
import { relate, type LoopContext } from './dependence';
import { baseKey, blurred, type Access, type Base, type Loc } from './domain';
import type { Machine } from './machine';

const MAX_DEPTH = 4;

/** What a window lies in at last, itself not counted; nothing for an object that is none. */
export function sourcesOf(m: Machine, loc: Loc, depth = 0): readonly Loc[] {
  const sources = m.views.get(baseKey(loc.base));
  if (!sources || depth > MAX_DEPTH) return [];
  return sources.flatMap((source) => {
    const further = sourcesOf(m, source, depth + 1);
    return further.length > 0 ? further : [source];
  });
}

/** The access as one of what lies behind the windows that `made` picks: of some part of it, which one is not known. */
export function throughViews(m: Machine, access: Access, made: (base: Base) => boolean, depth = 0): readonly Access[] {
  const { base } = access.loc;
  const sources = m.views.size > 0 && depth <= MAX_DEPTH && made(base) ? m.views.get(baseKey(base)) : undefined;
  if (!sources) return [access];
  return sources.flatMap((source) => throughViews(m, { ...access, loc: blurred(source), deep: true, must: false, update: null }, made, depth + 1));
}

/** Whether two objects of different names may share memory because one is a window on the other, or both are on a third. */
export function shareMemory(m: Machine, a: Loc, b: Loc, loop: LoopContext): boolean {
  const left = sourcesOf(m, a);
  const right = sourcesOf(m, b);
  if (left.length === 0 && right.length === 0) return false;
  const part = (loc: Loc): Parameters<typeof relate>[0] => ({ loc: blurred(loc), deep: true, mode: 'write' });
  return (left.length > 0 ? left.map(part) : [{ loc: a, deep: true, mode: 'write' as const }]).some((x) =>
    (right.length > 0 ? right.map(part) : [{ loc: b, deep: true, mode: 'write' as const }]).some((y) => baseKey(x.loc.base) === baseKey(y.loc.base) && relate(x, y, { ...loop, quick: true }).relation !== 'never'),
  );
}
