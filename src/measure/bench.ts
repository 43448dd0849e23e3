/** Measures candidates against the original in alternating child processes, and gives ratios with their intervals. */
import * as os from 'node:os';
import { CancelledError } from '../analysis/cancellation';
import { languageOf } from '../languages/frontend';
import { calibrate, type Calibration } from './calibrate';
import { BuildError, buildCandidate } from './build';
import { execute, loopSeconds, sourceWritten, type Execution, type LoopTime } from './execute';
import { nodeInterpreter, pythonInterpreter } from './interpreter';
import { prepareCandidate, type PreparedCandidate } from './overlay';
import { predict, type Sample } from './predict';
import { probeNames } from './probe-spec';
import { resolveProgram, type ResolvedProgram } from './program';
import { problemOf } from './run';
import { prepareSample, sampleOf, samplingSeconds } from './sample';
import { withScratch } from './scratch';
import { median, pairedRatio } from './statistics';
import type { BenchCandidate, BenchReport, BenchRequest, BenchRow, BuiltModules, MeasureOptions } from './types';

export const DEFAULT_PAIRS = 12;
const DEFAULT_BUDGET_MS = 90_000;
/** Pairs before a narrow interval may end it. */
const FEWEST_PAIRS = 3;
/** An interval whose ends are this close says enough. */
const NARROW = 1.1;

/** How often a bench may run the program at the most: told to the person before the first run. */
export function benchRuns(request: Pick<BenchRequest, 'candidates' | 'pairs'>): number {
  return (request.pairs ?? DEFAULT_PAIRS) * (1 + request.candidates.length);
}

/**
 * Benchmarks candidates. What goes wrong with one of them is told in its row.
 * @throws ProgramError when the program cannot be found; Error when the original fails; CancelledError.
 */
export async function bench(request: BenchRequest, options: MeasureOptions): Promise<BenchReport> {
  const resolved = await resolveProgram(request.program, options);
  return withScratch((scratch) => new Bench(request, options, resolved, scratch).run());
}

interface Pair {
  readonly loop: readonly [number, number] | null;
  readonly program: readonly [number, number];
  /** The loop without what only its first entry pays. */
  readonly warm: readonly [number, number] | null;
}

interface Time {
  readonly loop: LoopTime | null;
  readonly program: number;
}

/** One row that is being measured. */
class Contender {
  readonly pairs: Pair[] = [];
  readonly starts: number[] = [];
  readonly compiling: number[] = [];

  constructor(
    readonly bench: BenchCandidate,
    readonly prepared: PreparedCandidate,
    public error: string | null = null,
  ) {}

  ratio(which: 'loop' | 'program' | 'warm') {
    const pairs = this.pairs.map((pair) => pair[which]).filter((pair) => pair !== null);
    return pairedRatio(pairs);
  }

  get narrow(): boolean {
    const ratio = this.ratio('loop') ?? this.ratio('program');
    return this.error !== null || (this.pairs.length >= FEWEST_PAIRS && ratio !== null && ratio.high / ratio.low <= NARROW);
  }
}

class Bench {
  private readonly notes: string[];

  constructor(
    private readonly request: BenchRequest,
    private readonly options: MeasureOptions,
    private readonly resolved: ResolvedProgram,
    private readonly scratch: string,
  ) {
    this.notes = [...request.notes];
  }

  async run(): Promise<BenchReport> {
    const { request, options } = this;
    const runtime = languageOf(request.original.path) === 'python' ? 'python' : 'node';
    const calibration = await this.optional('The machine was not calibrated', () => calibrate(runtime, options));
    const names = probeNames(request.loop);
    const prepare = (candidate: BenchRequest['original'], folder: string, built: BuiltModules | null = null) =>
      prepareCandidate(`${this.scratch}/${folder}`, candidate, 'time', { names, loop: null }, built);
    const baseline = await prepare(request.original, 'baseline');
    const contenders: Contender[] = [];
    for (const [index, one] of request.candidates.entries()) {
      const built = await this.built(one);
      const failed = built instanceof BuildError;
      contenders.push(new Contender(one, await prepare(one.candidate, `candidate-${index}`, failed ? null : built), failed ? `It cannot be built: ${built.message}` : null));
    }
    await this.measure(baseline, await prepareSample(`${this.scratch}/sample`, request.original, request.loop), contenders);
    return this.report(contenders, calibration, this.sample);
  }

  private async built({ candidate }: BenchCandidate): Promise<BuiltModules | BuildError | null> {
    try {
      return await buildCandidate(candidate, this.options);
    } catch (error) {
      if (error instanceof BuildError) return error;
      throw error;
    }
  }

  /** What only serves the prediction may fail: the measurement goes on. */
  private async optional<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      this.notes.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  }

  /** Rounds of the original and every candidate, each round in the opposite order of the one before (ABBA): drift hits both alike. */
  private async measure(baseline: PreparedCandidate, sampling: PreparedCandidate, contenders: readonly Contender[]): Promise<void> {
    const most = this.request.pairs ?? DEFAULT_PAIRS;
    const deadline = performance.now() + (this.request.budgetMs ?? DEFAULT_BUDGET_MS) * Math.max(1, contenders.length);
    const total = benchRuns(this.request);
    let runs = 0;
    let slowest = 0;
    for (let round = 0; round < most; round++) {
      const open = contenders.filter((contender) => contender.error === null);
      if (open.length === 0 || open.every((contender) => contender.narrow)) return;
      if (round >= Math.min(2, most) && performance.now() + slowest > deadline) {
        this.notes.push(`Stopped after ${round} pairs: the time for measuring was used up.`);
        return;
      }
      const order: (Contender | null)[] = [null, ...open];
      if (round % 2 === 1) order.reverse();
      const started = performance.now();
      const times = new Map<Contender | null, Time>();
      for (const contender of order) {
        this.options.onProgress(`measuring: pair ${round + 1} of at most ${most}, ${contender ? label(contender.bench) : 'the original'}`, runs++, total);
        // The first run of the original looks at the loop's data as well.
        const time = await this.time(contender, round === 0 ? sampling : baseline);
        if (time) times.set(contender, time);
      }
      slowest = Math.max(slowest, performance.now() - started);
      const base = times.get(null);
      if (!base) return;
      for (const [contender, time] of times) {
        if (contender === null) continue;
        contender.pairs.push({
          loop: base.loop !== null && time.loop !== null ? [base.loop.seconds, time.loop.seconds] : null,
          program: [base.program, time.program],
          warm: warmPair(base.loop, time.loop),
        });
        if (time.loop !== null) contender.compiling.push(time.loop.compiling);
      }
    }
  }

  private async time(contender: Contender | null, baseline: PreparedCandidate): Promise<Time | null> {
    const { request, options } = this;
    const execution = await execute(
      this.scratch,
      this.resolved,
      {
        prepared: contender?.prepared ?? baseline,
        program: request.program,
        maxEntries: 0,
        startMethod: null,
        workers: contender?.bench.limitWorkers ? contender.bench.workers : null,
      },
      options,
    );
    const { result, events } = execution;
    if (result.ended === 'cancelled') throw new CancelledError();
    const wrote = sourceWritten(events);
    const problem = wrote ? `changes its own source ${wrote}, which is not allowed while it is measured` : problemOf(result, options.timeoutMs);
    const loop = loopSeconds(events);
    if (problem !== null && !(result.ended === 'exited' && result.signal === null && !wrote && this.exitsAs(result.exitCode, contender))) {
      if (contender === null) throw new Error(`The original program ${problem}`);
      contender.error = `The candidate ${problem}`;
      return null;
    }
    if (contender) {
      const start = startMs(execution);
      if (start !== null) contender.starts.push(start);
      return { loop, program: result.seconds };
    }
    const { verify } = request;
    this.sample ??= sampleOf(events, request.loop, verify && verify.iterations > 0 ? verify.iterations : null);
    return { loop, program: result.seconds - samplingSeconds(events) };
  }

  private sample: Sample | null = null;
  private baselineExit: number | null = null;

  /** A program may end with another code than 0 as a matter of course: then its candidates have to as well. */
  private exitsAs(code: number | null, contender: Contender | null): boolean {
    if (contender === null) {
      this.baselineExit ??= code;
      return code === this.baselineExit && this.request.verify !== null && this.request.verify.status !== 'failed';
    }
    return code !== null && code === this.baselineExit;
  }

  private async report(contenders: readonly Contender[], calibration: Calibration | null, sample: Sample | null): Promise<BenchReport> {
    const { request, options } = this;
    const python = languageOf(request.original.path) === 'python' ? await pythonInterpreter(options.python) : null;
    const node = await nodeInterpreter(options.node).catch(() => null);
    const rows = contenders.map((contender) => this.row(contender, calibration, sample));
    for (const note of this.breakEven(contenders, calibration, sample)) this.notes.push(note);
    return {
      version: 1,
      path: request.original.path,
      line: request.line,
      title: request.title,
      program: request.program.command,
      machine: {
        cores: os.availableParallelism(),
        usableCores: calibration ? Math.round(calibration.usableCores * 100) / 100 : os.availableParallelism(),
        platform: `${os.platform()} ${os.arch()}`,
        python: python ? `${python.version}${python.freeThreaded ? 't' : ''}` : null,
        node: node?.version ?? process.versions.node,
      },
      rows,
      verify: request.verify,
      diff: request.diff,
      notes: this.notes,
      madeAt: new Date().toISOString(),
    };
  }

  private row(contender: Contender, calibration: Calibration | null, sample: Sample | null): BenchRow {
    const { bench, pairs, error } = contender;
    const loops = pairs.map((pair) => pair.loop).filter((pair) => pair !== null);
    const expected = calibration && sample && WITH_POOL.test(bench.candidate.id) ? predict(sample, calibration, bench.workers) : null;
    return {
      strategy: bench.candidate.id,
      workers: bench.workers,
      loopRatio: contender.ratio('loop'),
      programRatio: contender.ratio('program'),
      baselineSeconds: loops.length > 0 ? median(loops.map(([base]) => base)) : null,
      candidateSeconds: loops.length > 0 ? median(loops.map(([, time]) => time)) : null,
      pairs: pairs.length,
      startupMs: contender.starts.length > 0 ? median(contender.starts) : null,
      predicted: expected ? { low: expected.low, high: expected.high } : null,
      verified: bench.verified,
      error: error ?? (pairs.length > 0 && loops.length === 0 ? 'The loop was not entered in these runs.' : null),
      buildSeconds: contender.prepared.built?.seconds ?? null,
      compileSeconds: contender.compiling.some((time) => time > 0) ? median(contender.compiling) : null,
      warmRatio: contender.ratio('warm'),
      ...(bench.cost ? { cost: bench.cost } : {}),
    };
  }

  private breakEven(contenders: readonly Contender[], calibration: Calibration | null, sample: Sample | null): readonly string[] {
    if (!calibration || !sample) return [];
    const seen = new Set<string>();
    const notes: string[] = [];
    for (const { bench } of contenders) {
      if (!WITH_POOL.test(bench.candidate.id) || seen.has(bench.candidate.id)) continue;
      seen.add(bench.candidate.id);
      const { breakEvenSeconds } = predict(sample, calibration, bench.workers);
      if (breakEvenSeconds !== null) {
        notes.push(`${bench.candidate.id} is expected to break even when one entry of the loop takes about ${seconds(breakEvenSeconds)}; here it takes ${seconds(sample.loopSeconds / sample.entries)}.`);
      }
    }
    return notes;
  }
}

/** Both sides of one round without the first entry's extra cost: the entries after it, else the loop without its compiling. */
function warmPair(base: LoopTime | null, time: LoopTime | null): readonly [number, number] | null {
  if (base === null || time === null) return null;
  if (base.later !== null && time.later !== null && base.entries === time.entries) return [base.later, time.later];
  return time.compiling > 0 && time.compiling < time.seconds ? [base.seconds, time.seconds - time.compiling] : null;
}

/** Strategies whose costs the calibration knows. */
const WITH_POOL = /\/(?:process-pool|multiprocessing|piscina|worker-threads|tinypool|workerpool)$/;

/** Milliseconds from entering the loop for the first time until the last of its workers was ready. */
function startMs({ events }: Execution): number | null {
  const entered = events.all.find((event) => event.event === 'enter');
  if (!entered) return null;
  const said = events.all.filter((event) => event.event === 'ready');
  // A thread that was started says nothing of when it, or the interpreter in it, is ready.
  const workers = said.length > 0 ? said : events.all.filter((event) => event.event === 'worker' && event.inside && event.how !== 'python-thread' && event.at > 0);
  if (workers.length === 0) return null;
  return Math.max(0, (Math.max(...workers.map((event) => event.at)) - entered.at) * 1000);
}

function label({ candidate, workers }: BenchCandidate): string {
  return `${candidate.id} with ${workers} ${workers === 1 ? 'worker' : 'workers'}`;
}

function seconds(value: number): string {
  return value < 0.001 ? `${(value * 1e6).toFixed(0)} µs` : value < 1 ? `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms` : `${value.toFixed(1)} s`;
}
