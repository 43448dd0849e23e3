/**
 * Proves a candidate equal on a real run: the original runs twice (what differs from itself cannot be verified), the candidate once
 * under each start method; at each entry of the loop everything that can be seen afterwards is compared, and the output of the whole run.
 */
import { CancelledError } from '../analysis/cancellation';
import { languageOf } from '../languages/frontend';
import { BuildError, buildCandidate } from './build';
import { workersStarted } from './execute';
import { pythonInterpreter, startMethods } from './interpreter';
import { hasEvent, Observer } from './observe';
import { prepareCandidate, UNCOUNTED } from './overlay';
import { probeNames } from './probe-spec';
import { resolveProgram, type ResolvedProgram } from './program';
import { withScratch } from './scratch';
import type { BuiltModules, MeasureOptions, VerifyRequest, VerifyResult } from './types';
import { Comparison, type Observed } from './comparison';

/** How often verifying will run the program: told to the person before the first run. */
export function verifyRuns(request: Pick<VerifyRequest, 'startMethods'>): number {
  return 2 + Math.max(1, request.startMethods.length);
}

/** Strategies whose work is done in the process itself: no worker can be seen. */
const WITHOUT_WORKERS = /\/(?:asyncio|promise-all|c-extension|pyo3|cython|mojo|numba)$/;

/** The two runs of an original, kept for several candidates of the same loop, program and interpreter. */
export class OriginalRuns {
  readonly observed: Observed[] = [];
  /** What the probes in the original cannot see. */
  limits: readonly string[] = [];
}

/**
 * Verifies one candidate. What the program does never makes it throw: `status` and `message` tell.
 * @param originals runs of the original from an earlier call, or an empty one to keep them in
 * @throws ProgramError when the program cannot be found.
 */
export async function verify(request: VerifyRequest, options: MeasureOptions, originals = new OriginalRuns()): Promise<VerifyResult> {
  const resolved = await resolveProgram(request.program, options);
  try {
    return await withScratch((scratch) => new Verification(request, options, resolved, scratch, originals).run());
  } catch (error) {
    if (error instanceof CancelledError) return answer('cancelled', 'cancelled', 0);
    throw error;
  }
}

function answer(status: VerifyResult['status'], message: string, runs: number, more: Partial<VerifyResult> = {}): VerifyResult {
  return { status, message, differences: [], notCompared: [], entries: 0, iterations: 0, startMethods: [], ...more, runs };
}

class Verification {
  private readonly observer: Observer;

  constructor(
    private readonly request: VerifyRequest,
    private readonly options: MeasureOptions,
    resolved: ResolvedProgram,
    private readonly scratch: string,
    private readonly originals: OriginalRuns,
  ) {
    this.observer = new Observer(request, options, resolved, scratch);
  }

  private get runs(): number {
    return this.observer.runs;
  }

  async run(): Promise<VerifyResult> {
    const { request, options } = this;
    const methods = await this.methods();
    const total = 2 - this.originals.observed.length + methods.length;
    options.onProgress(`verifying runs the program ${total} times`, 0, total);

    const names = probeNames(request.loop);
    const built = await this.built();
    if (built instanceof BuildError) return answer('failed', `The candidate cannot be built: ${built.message}`, this.runs);
    const candidate = await prepareCandidate(`${this.scratch}/candidate`, request.candidate, 'verify', { names, loop: null }, built);

    if (this.originals.observed.length < 2) {
      const original = await prepareCandidate(`${this.scratch}/original`, request.original, 'verify', { names, loop: request.loop.extent });
      this.originals.limits = original.limits;
      while (this.originals.observed.length < 2) {
        const observed = await this.observer.observe(original, null, `the original, run ${this.runs + 1} of ${total}`, total);
        const broken = this.observer.unusable(observed);
        if (broken) return answer(broken.status, broken.message, this.runs);
        this.originals.observed.push(observed);
      }
    }
    const [first, second] = this.originals.observed as [Observed, Observed];

    const comparison = new Comparison(first, second, names);
    for (const limit of [...this.originals.limits, ...candidate.limits]) {
      if (limit !== UNCOUNTED) comparison.leaveOut('the loop', limit);
    }
    const ran: string[] = [];
    let parallel = false;
    for (const method of methods) {
      const label = method ? `the candidate under ${method}` : 'the candidate';
      const observed = await this.observer.observe(candidate, method, `${label}, run ${this.runs + 1} of ${total}`, total);
      if (observed.execution.result.ended === 'cancelled') throw new CancelledError();
      const stopped = this.observer.stopped(observed, label);
      if (stopped) return { ...answer(stopped.status, stopped.message, this.runs), entries: comparison.entries, iterations: comparison.iterations, startMethods: ran };
      comparison.compare(observed, method && methods.length > 1 ? method : null);
      parallel ||= WITHOUT_WORKERS.test(request.candidate.id) || workersStarted(observed.execution.events) > workersStarted(first.execution.events);
      if (method) ran.push(method);
      if (comparison.differences.length > 0) break;
    }
    return this.conclude(comparison, ran, parallel, !this.originals.limits.includes(UNCOUNTED) && !hasEvent(first.execution, 'no-counter'));
  }

  private async built(): Promise<BuiltModules | BuildError | null> {
    try {
      return await buildCandidate(this.request.candidate, this.options);
    } catch (error) {
      if (error instanceof BuildError) return error;
      throw error;
    }
  }

  /** Start methods to run under: those asked for that this platform and interpreter have. */
  private async methods(): Promise<readonly (string | null)[]> {
    const { request, options } = this;
    if (request.startMethods.length === 0 || languageOf(request.candidate.path) !== 'python') return [null];
    const { version } = await pythonInterpreter(options.python);
    const there: readonly string[] = startMethods(process.platform, version);
    const methods = request.startMethods.filter((method) => there.includes(method));
    return methods.length > 0 ? methods : [null];
  }

  private conclude(comparison: Comparison, ran: readonly string[], parallel: boolean, counted: boolean): VerifyResult {
    const { differences, notCompared, entries, iterations } = comparison;
    const more = { differences, notCompared: [...notCompared], entries, iterations, startMethods: ran };
    const under = ran.length > 0 ? ` under ${ran.join(', ')}` : '';
    if (differences.length > 0) {
      const { where, original, candidate, entry } = differences[0]!;
      const at = entry > 0 ? ` after entry ${entry} of the loop` : '';
      return answer('different', `Different${under}: ${where}${at} is ${original} in the original, ${candidate} in the candidate.`, this.runs, more);
    }
    if (counted && comparison.mostIterations < 2) {
      return answer('not-run', `No entry of the loop had two iterations (${iterations} in ${entries} entries): the parallel path was not put to the test.`, this.runs, more);
    }
    if (!parallel) return answer('not-run', 'The candidate started no worker: its parallel path was not taken in this run.', this.runs, more);
    if (comparison.unstable.length > 0) {
      return answer('unstable', `${comparison.unstable.join(', ')} differ${comparison.unstable.length === 1 ? 's' : ''} between two runs of the original: it cannot be verified. The rest is equal.`, this.runs, more);
    }
    const what = `${entries} ${entries === 1 ? 'entry' : 'entries'} of the loop${counted ? `, ${iterations} iterations` : ''}, output and exit code${under}`;
    if (!counted) more.notCompared.push({ where: 'the loop', why: UNCOUNTED });
    if (more.notCompared.length > 0) return answer('equal-as-far', `Equal as far as compared: ${what}.`, this.runs, more);
    return answer('equal', `Equal: ${what}.`, this.runs, more);
  }
}
