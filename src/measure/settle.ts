/**
 * Settles for one run what the analysis cannot see: whether the iterations of a loop touch each other. The program runs as it is (twice: what
 * differs from itself tells nothing), with some iterations alone on copies of the state at the loop's entry, and with the iterations in other orders.
 * What an iteration changes must be the same alone and in order, and what is left after the loop the same in every order: a dynamic form of
 * dependence testing by privatized execution (as in DiscoPoP and Lucen).
 */
import { CancelledError } from '../analysis/cancellation';
import { languageOf } from '../languages/frontend';
import { Comparison, type Observed } from './comparison';
import type { AloneEvent } from './events';
import { hasEvent, Observer } from './observe';
import { prepareCandidate, UNCOUNTED, type IterationOrder } from './overlay';
import { foldsOf, probeNames } from './probe-spec';
import { resolveProgram, type ResolvedProgram } from './program';
import { withScratch } from './scratch';
import type { MeasureOptions, SettleRequest, SettleResult } from './types';

/** How often settling will run the program: told to the person before the first run. */
export function settleRuns(path: string): number {
  return 2 + ordersFor(path).length;
}

/** A Node process cannot be copied in the middle of a loop: its iterations are only put into other orders. */
function ordersFor(path: string): readonly IterationOrder['how'][] {
  return languageOf(path) === 'python' ? ['alone', 'reversed', 'shuffled'] : ['reversed', 'shuffled'];
}

/**
 * Runs the program with the loop's iterations alone and in other orders. What the program does never makes it throw: `status` and `message` tell.
 * @throws ProgramError when the program cannot be found.
 */
export async function settle(request: SettleRequest, options: MeasureOptions): Promise<SettleResult> {
  const resolved = await resolveProgram(request.program, options);
  try {
    return await withScratch((scratch) => new Settlement(request, options, resolved, scratch).run());
  } catch (error) {
    if (error instanceof CancelledError) return answer('cancelled', 'cancelled', 0);
    throw error;
  }
}

function answer(status: SettleResult['status'], message: string, runs: number, more: Partial<SettleResult> = {}): SettleResult {
  return { status, message, conflicts: [], differences: [], notCompared: [], orders: [], entries: 0, iterations: 0, ...more, runs };
}

type Conflict = SettleResult['conflicts'][number];

class Settlement {
  private readonly observer: Observer;
  private readonly conflicts: Conflict[] = [];
  private readonly orders: string[] = [];
  /** Why an order could not be had. */
  private readonly lacking = new Set<string>();

  constructor(
    private readonly request: SettleRequest,
    options: MeasureOptions,
    resolved: ResolvedProgram,
    private readonly scratch: string,
  ) {
    this.observer = new Observer(request, options, resolved, scratch);
  }

  async run(): Promise<SettleResult> {
    const { request, observer } = this;
    const { loop, original } = request;
    const orders = ordersFor(original.path);
    const total = 2 + orders.length;
    const all = probeNames(loop);
    const { collects, folded, inexact } = foldsOf(loop);
    const names = { ...all, names: all.names.filter((name) => !inexact.includes(name)), dead: [...all.dead, ...inexact] };
    const plain = await prepareCandidate(`${this.scratch}/original`, original, 'verify', { names, loop: loop.extent });
    const observed: Observed[] = [];
    while (observed.length < 2) {
      const run = await observer.observe(plain, null, `the program as it is, run ${observer.runs + 1} of ${total}`, total);
      const broken = observer.unusable(run);
      if (broken) return answer(broken.status, broken.message, observer.runs);
      observed.push(run);
    }
    const comparison = new Comparison(observed[0]!, observed[1]!, names);
    for (const limit of plain.limits) if (limit !== UNCOUNTED) comparison.leaveOut('the loop', limit);
    for (const name of inexact) comparison.leaveOut(name, 'what the loop folds into it is combined in order by every rewrite');
    const seen = { entries: comparison.entries, iterations: comparison.iterations };
    if (!plain.limits.includes(UNCOUNTED) && !hasEvent(observed[0]!.execution, 'no-counter') && comparison.mostIterations < 2) {
      return answer('not-run', `No entry of the loop had two iterations (${seen.iterations} in ${seen.entries} entries): nothing can be said of them.`, observer.runs, seen);
    }
    for (const how of orders) {
      const prepared = await prepareCandidate(`${this.scratch}/${how}`, original, 'verify', { names, loop: loop.extent, order: { how, collects, folded } });
      for (const why of prepared.unordered) this.lacking.add(why);
      const run = await observer.observe(prepared, null, `${WORDS[how]}, run ${observer.runs + 1} of ${total}`, total);
      if (run.execution.result.ended === 'cancelled') throw new CancelledError();
      const stopped = observer.stopped(run, `the program with its iterations ${WORDS[how]}`);
      if (stopped) return answer(stopped.status, stopped.message, observer.runs, seen);
      this.look(how, run);
      comparison.compare(run, WORDS[how]);
      if (comparison.differences.length > 0 || this.conflicts.length > 0) break;
    }
    return this.conclude(comparison);
  }

  private look(how: IterationOrder['how'], run: Observed): void {
    const { all } = run.execution.events;
    for (const event of all) if (event.event === 'no-order') this.lacking.add(event.why);
    const alone = all.filter((event): event is AloneEvent & (typeof all)[number] => event.event === 'alone');
    for (const { stopped } of alone) for (const why of stopped) this.lacking.add(`an iteration could not be tried alone: ${why}`);
    for (const { conflicts } of alone) {
      for (const { where, iteration, alone: one, inOrder } of conflicts) this.conflicts.push({ where, iteration, alone: one ?? 'not there', inOrder: inOrder ?? 'not there' });
    }
    const took = how === 'alone' ? alone.some(({ checked }) => checked > 0) : all.some((event) => event.event === 'ordered' && event.iterations > 1);
    if (took) this.orders.push(how);
  }

  private conclude(comparison: Comparison): SettleResult {
    const { entries, iterations, differences } = comparison;
    // What is another in two runs as they are is no sign of a dependence.
    const unstable = new Set(comparison.notCompared.filter(({ why }) => why.startsWith('differs between two runs')).map(({ where }) => rootOf(where)));
    const conflicts = this.conflicts.filter(({ where }) => !unstable.has(rootOf(where)));
    const notCompared = [...comparison.notCompared];
    for (const why of this.lacking) notCompared.push({ where: 'the loop', why });
    const more = { conflicts, differences, notCompared, orders: this.orders, entries, iterations };
    const runs = this.observer.runs;
    const here = `in this run of \`${this.request.program.command.join(' ')}\``;
    const [first] = conflicts;
    if (first) {
      return answer('dependent', `The iterations are not independent ${here}: after iteration ${first.iteration}, \`${first.where}\` is ${first.inOrder}; when that iteration runs alone, ${first.alone}.`, runs, more);
    }
    const [difference] = differences;
    if (difference) {
      return answer('dependent', `The order of the iterations shows ${here}: \`${difference.where}\` is ${difference.original} as the loop is written, ${difference.candidate}.`, runs, more);
    }
    if (this.lacking.size > 0 || this.orders.length === 0) {
      return answer('unsettled', `That is not settled ${here}: ${[...this.lacking].join('; ') || 'the loop was not put to the test'}.`, runs, more);
    }
    if (comparison.unstable.length > 0) {
      return answer('unsettled', `That is not settled ${here}: ${comparison.unstable.join(', ')} differ${comparison.unstable.length === 1 ? 's' : ''} between two runs of the program as it is.`, runs, more);
    }
    const put = this.orders.map((how) => WORDS[how as IterationOrder['how']]);
    const count = `${entries} ${entries === 1 ? 'entry' : 'entries'} of the loop, ${iterations} iterations`;
    return answer('independent', `The iterations were independent ${here} (${count}): they left the same ${list(put)}. It holds for this run, and proves nothing of others.`, runs, more);
  }
}

const WORDS: Readonly<Record<IterationOrder['how'], string>> = {
  alone: 'each alone from the state at the start of the loop',
  reversed: 'in reverse order',
  shuffled: 'in shuffled order',
};

const list = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

/** The name that a place hangs on: `out` of `out[3].x`. */
const rootOf = (where: string): string => /^(<module>\.)?[^.[ ]*/.exec(where)![0];
