/**
 * Maps V8's CPU profiles to loops. A profile tells lines only for the function that was running (`positionTicks`), not for those that called it:
 * a callee's time goes to the loops of its caller that contain it or name it, and where neither tells, in proportion to the caller's own lines.
 */
import { fileURLToPath } from 'node:url';
import { Tally, type Lines, type LocatedLoop, type LoopIndex } from './sampled';

export interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    /** 0-based. */
    readonly lineNumber: number;
    readonly columnNumber: number;
    readonly original?: { readonly url: string; readonly lineNumber: number; readonly columnNumber: number };
  };
  readonly hitCount?: number;
  readonly children?: readonly number[];
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number; readonly originalLine?: number | null }[];
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime?: number;
  readonly endTime?: number;
}

type Shares = ReadonlyMap<LocatedLoop, number>;

interface Place {
  readonly file: string;
  readonly lines: Lines;
  readonly loops: readonly LocatedLoop[];
  /** Offset at which the function begins, as V8 tells it. */
  readonly offset: number;
  /** Loops of this very function. */
  readonly own: readonly LocatedLoop[];
}

const IDLE = /^\((?:idle|root)\)$/;

export interface CpuTally {
  readonly tally: Tally;
  /** Some code was on one line: shares within a function were estimated. */
  readonly estimated: boolean;
}

export async function tallyCpuProfiles(profiles: readonly CpuProfile[], index: LoopIndex): Promise<CpuTally> {
  const tally = new Tally();
  let estimated = false;
  for (const profile of profiles) {
    const walk = new Walk(profile, index, tally);
    await walk.run();
    estimated ||= walk.estimated;
  }
  return { tally, estimated };
}

class Walk {
  estimated = false;
  private readonly byId: ReadonlyMap<number, ProfileNode>;
  private readonly places = new Map<ProfileNode, Place | null>();

  constructor(
    profile: CpuProfile,
    private readonly index: LoopIndex,
    private readonly tally: Tally,
  ) {
    this.byId = new Map(profile.nodes.map((node) => [node.id, node]));
  }

  async run(): Promise<void> {
    for (const node of this.byId.values()) this.places.set(node, await this.place(node));
    const children = new Set([...this.byId.values()].flatMap((node) => node.children ?? []));
    const pending: { readonly node: ProfileNode; readonly inherited: Shares }[] = [];
    for (const node of this.byId.values()) if (!children.has(node.id)) pending.push({ node, inherited: new Map() });
    while (pending.length > 0) {
      const { node, inherited } = pending.pop()!;
      this.count(node, inherited);
      for (const id of node.children ?? []) {
        const child = this.byId.get(id);
        if (child) pending.push({ node: child, inherited: merge(inherited, this.calleeShares(node, child)) });
      }
    }
  }

  private async place(node: ProfileNode): Promise<Place | null> {
    const { original } = node.callFrame;
    const at = original ?? node.callFrame;
    const path = filePath(at.url);
    const file = path ? await this.index.get(path) : null;
    if (!path || !file) return null;
    const atTop = node.callFrame.lineNumber <= 0 && node.callFrame.columnNumber <= 0;
    const offset = file.lines.offset(at.lineNumber + 1, at.columnNumber);
    const fn = atTop ? '' : (this.functionAt(file.loops, offset) ?? '');
    return { file: path, ...file, offset, own: file.loops.filter((loop) => loop.loop.fn.id === fn) };
  }

  /** Id of the innermost function that holds an offset. */
  private functionAt(loops: readonly LocatedLoop[], offset: number): string | null {
    let best: { id: string; length: number } | null = null;
    for (const fn of loops[0]?.loop.module.functions.values() ?? []) {
      if (fn.id !== '' && offset >= fn.start && offset < fn.start + fn.length && (!best || fn.length < best.length)) best = fn;
    }
    return best?.id ?? null;
  }

  /** The node's own samples. */
  private count(node: ProfileNode, inherited: Shares): void {
    const hits = node.hitCount ?? 0;
    if (hits === 0 || IDLE.test(node.callFrame.functionName)) return;
    this.tally.total += hits;
    const place = this.places.get(node);
    const ticks = node.positionTicks ?? [];
    if (!place || ticks.length === 0) {
      for (const [loop, share] of inherited) this.tally.addLoop(loop, hits * share);
      return;
    }
    for (const tick of ticks) {
      const line = this.lineOf(node, tick);
      const shares = merge(inherited, line === null ? this.byWork(place) : this.lineShares(place, line));
      for (const [loop, share] of shares) this.tally.addLoop(loop, tick.ticks * share);
      if (line !== null) this.tally.addLine(place.file, line, tick.ticks);
    }
  }

  private lineOf(node: ProfileNode, tick: NonNullable<ProfileNode['positionTicks']>[number]): number | null {
    return node.callFrame.original ? (tick.originalLine ?? null) : tick.line;
  }

  /** Loops of a function that hold a line; for a line outside of it, which is an inlined callee's, those that name that callee. */
  private lineShares(place: Place, line: number): Shares {
    const inside = place.own.filter((loop) => line >= loop.first && line <= loop.last);
    if (inside.length > 0) return new Map(inside.map((loop) => [loop, 1]));
    const holder = place.own[0]?.loop.fn;
    if (!holder || holder.id === '') return NONE;
    const first = place.lines.at(holder.start);
    const last = place.lines.at(holder.start + holder.length - 1);
    if (line >= first && line <= last) return NONE;
    const inlined = this.functionAt(place.loops, place.lines.offset(line, 0) + 1);
    const name = inlined === null ? null : place.loops[0]!.loop.module.functions.get(inlined)?.name;
    const own = inlined === null ? [] : place.loops.filter((loop) => loop.loop.fn.id === inlined && line >= loop.first && line <= loop.last);
    return merge(new Map(own.map((loop) => [loop, 1])), name ? this.named(place, name) : NONE);
  }

  /** How much of a callee's time is spent in calls from each loop of the caller. */
  private calleeShares(caller: ProfileNode, callee: ProfileNode): Shares {
    const place = this.places.get(caller);
    if (!place || place.own.length === 0) return NONE;
    const target = this.places.get(callee);
    if (target && target.file === place.file) {
      const around = place.own.filter(({ loop }) => target.offset >= loop.extent.start && target.offset < loop.extent.end);
      if (around.length > 0) return new Map(around.map((loop) => [loop, 1]));
    }
    const name = callee.callFrame.functionName.split(/[. ]/).at(-1)!;
    const named = this.named(place, name);
    if (named.size > 0) return named;
    return this.namedOutside(place, name) ? NONE : this.byOwnLines(caller, place);
  }

  /** Whether the function names a callee, and does so outside of its loops only. */
  private namedOutside(place: Place, name: string): boolean {
    const holder = place.own[0]!.loop.fn;
    if (!/^[\w$]+$/.test(name) || name === 'anonymous') return false;
    const end = holder.id === '' ? place.lines.text.length : holder.start + holder.length;
    return wordPattern(name).test(place.lines.text.slice(holder.start, end));
  }

  /** Loops whose text has the name in it; side by side ones share. */
  private named(place: Place, name: string): Shares {
    if (!/^[\w$]+$/.test(name)) return NONE;
    const word = wordPattern(name);
    const found = place.own.filter(({ loop }) => word.test(place.lines.text.slice(loop.extent.start, loop.extent.end)));
    return split(found, () => 1);
  }

  private byOwnLines(caller: ProfileNode, place: Place): Shares {
    const shares = new Map<LocatedLoop, number>();
    const ticks = caller.positionTicks ?? [];
    const total = ticks.reduce((sum, tick) => sum + tick.ticks, 0);
    if (total === 0) return this.byWork(place);
    for (const tick of ticks) {
      const line = this.lineOf(caller, tick);
      if (line === null) return this.byWork(place);
      for (const loop of place.own) if (line >= loop.first && line <= loop.last) shares.set(loop, (shares.get(loop) ?? 0) + tick.ticks / total);
    }
    return shares;
  }

  /** Where lines tell nothing: by the work that the analysis expects of each loop. */
  private byWork(place: Place): Shares {
    if (place.own.length === 0) return NONE;
    this.estimated = true;
    return split(place.own, (loop) => Math.max(1, loop.loop.work));
  }
}

const NONE: Shares = new Map();

function wordPattern(name: string): RegExp {
  return new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`);
}

/** Gives loops that lie side by side their parts of 1 by weight; a loop within another has its part of the outer one's. */
function split(loops: readonly LocatedLoop[], weight: (loop: LocatedLoop) => number): Shares {
  const shares = new Map<LocatedLoop, number>();
  const within = (inner: LocatedLoop, outer: LocatedLoop) =>
    inner !== outer && inner.loop.extent.start >= outer.loop.extent.start && inner.loop.extent.end <= outer.loop.extent.end;
  const give = (group: readonly LocatedLoop[], part: number): void => {
    const outermost = group.filter((loop) => !group.some((other) => within(loop, other)));
    const total = outermost.reduce((sum, loop) => sum + weight(loop), 0);
    for (const loop of outermost) {
      const own = (part * weight(loop)) / total;
      shares.set(loop, own);
      give(
        group.filter((other) => within(other, loop)),
        own,
      );
    }
  };
  if (loops.length > 0) give(loops, 1);
  return shares;
}

function merge(a: Shares, b: Shares): Shares {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const merged = new Map(a);
  for (const [loop, share] of b) merged.set(loop, Math.max(share, merged.get(loop) ?? 0));
  return merged;
}

function filePath(url: string): string | null {
  try {
    if (url.startsWith('file:')) return fileURLToPath(url.split(/[?#]/, 1)[0]!);
  } catch {
    return null;
  }
  return /^(?:\/|[A-Za-z]:[\\/])/.test(url) ? url : null;
}
