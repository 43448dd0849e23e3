/** What differs from one pool to the next. A strategy that runs a loop in a pool is one of these, handed to `poolStrategy`. */
import type { Rewrite, StrategyId, StrategyMeta } from '../types';
import type { Plan } from './plan';
import type { Site } from './site';
import type { Wanted } from './wanted';
import type { World } from './world';

export interface PoolStyle<Id extends StrategyId = StrategyId> {
  readonly meta: StrategyMeta & { readonly id: Id };
  readonly world: World;
  readonly dependencies?: Rewrite['dependencies'];
  /** What rules the loop out here, beyond what rules it out everywhere. @throws Refusal */
  check?(site: Site): void;
  /** The same, once it is known what travels. @throws Refusal */
  checkPlan?(site: Site, plan: Plan): void;
  /** How the pool is made, and how the call reads that runs the tasks. */
  launch(site: Site, task: Task, wanted: Wanted): Launch;
  /** Told to the person beside the diff. */
  notes?(site: Site, plan: Plan): readonly string[];
}

/** What is to be run: a function of the module, once for each iteration. */
export interface Task {
  /** The worker function's name. */
  readonly worker: string;
  /** The values that it takes before its items, as the parent writes them; none when an initializer hands them over. */
  readonly values: readonly string[];
  /** The function with those values bound: its name, or a `partial` of it (which is then imported). */
  callable(): string;
  /** Arguments of the pool's constructor that hand over what every iteration reads: `initializer=…`, `initargs=…`. */
  readonly initializer: readonly string[];
  /** The iterables whose elements go to the worker together, with a name for an element of each. */
  readonly columns: readonly string[];
  readonly params: readonly string[];
  /** Number of iterations, an expression without effects. */
  readonly count: string;
  /** The parent changes some of `values` while it goes through the results: what is sent late would be another value. */
  readonly changing: boolean;
  /** Some of `values` are lists, arrays, dicts: worth sending in few pieces. */
  readonly large: boolean;
}

export interface Launch {
  /** Statements that come first. */
  readonly before: readonly string[];
  /** `with CALLEE(ARGS) as NAME:` around the loop, without the name if it is null; null when the call alone does everything. */
  readonly scope: { readonly call: CallText; readonly as: string | null } | null;
  /** Functions of the module that the call needs besides the worker, each a block without a line end behind it. */
  readonly definitions?: readonly string[];
  /** The expression that gives the results in the order of the iterations. */
  readonly call: CallText;
}

/** A call, which is broken into one argument a line when it is too long for one. */
export interface CallText {
  readonly callee: string;
  readonly args: readonly string[];
}

export function callText(call: CallText): string {
  return `${call.callee}(${call.args.join(', ')})`;
}

/** A call on one line if it fits, else with one argument a line. Tabs stand for the file's unit. */
export function callLines(prefix: string, call: CallText, suffix: string, room: number): string[] {
  const line = `${prefix}${callText(call)}${suffix}`;
  if (line.length <= room) return [line];
  const [only, ...more] = call.args;
  if (more.length === 0) return [`${prefix}${call.callee}(`, `\t${only ?? ''}`, `)${suffix}`];
  return [`${prefix}${call.callee}(`, ...call.args.map((arg) => `\t${arg},`), `)${suffix}`];
}

/** Iterations that go to a worker at a time, four portions to each: `chunksize = max(1, len(xs) // (4 * (os.cpu_count() or 1)))`. */
export function chunking(site: Site, count: string, wanted: Wanted, base = 'chunksize'): { readonly name: string; readonly line: string } {
  const { workers } = site.options;
  const name = site.unique(base);
  const bare = /^[\w.]+$|^\w+\([^()]*(?:\([^()]*\)[^()]*)*\)$/.test(count) ? count : `(${count})`;
  const share = workers === null ? `(4 * (${wanted.name('os', null)}.cpu_count() or 1))` : String(4 * workers);
  return { name, line: `${name} = max(1, ${bare} // ${share})` };
}
