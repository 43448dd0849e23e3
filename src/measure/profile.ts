/** Finds the loops in which a program spends its time. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CancelledError } from '../analysis/cancellation';
import { languageOf } from '../languages/frontend';
import { tallyCpuProfiles, type CpuProfile } from './cpuprofile';
import { readEvents, type RunEvents } from './events';
import { harnessPath } from './harness-path';
import { plainEnv, pythonInterpreter } from './interpreter';
import { prepareCandidate, prepareOverlay } from './overlay';
import { parseRaw, parseSpeedscope } from './profile-formats';
import { resolveProgram, type ResolvedProgram } from './program';
import { findPySpy } from './pyspy';
import { problemOf, run, type RunResult } from './run';
import { LoopIndex, tallyStacks, type LoopsOf, type Stack, type Tally } from './sampled';
import { withScratch } from './scratch';
import type { MeasureOptions, ProfileReport, Program } from './types';

/** Samples a second of py-spy: next to no slowdown. */
const RATE = 100;

/**
 * Runs the program once under a sampler.
 * @param loopsOf asked for each file of the project that samples fall into
 * @param texts of files that are not on disk as they are to be run, by absolute path
 * @throws ProgramError when the program cannot be found; Error when it does not run to its end; CancelledError.
 */
export async function profile(program: Program, loopsOf: LoopsOf, options: MeasureOptions, texts: ReadonlyMap<string, string> = new Map()): Promise<ProfileReport> {
  const resolved = await resolveProgram(program, options);
  return withScratch(async (scratch) => {
    const profiler = new Profiler(program, resolved, new LoopIndex(loopsOf, texts), options, texts, scratch);
    return profiler.run();
  });
}

/**
 * The same from a profile made before: py-spy's raw or speedscope format, or a `.cpuprofile`.
 * @throws Error when the file is none of them.
 */
export async function profileFrom(file: string, loopsOf: LoopsOf, _options: MeasureOptions): Promise<ProfileReport> {
  const text = fs.readFileSync(file, 'utf8');
  const index = new LoopIndex(loopsOf, new Map());
  const base = { seconds: 0, exitCode: null };
  try {
    if (text.trimStart().startsWith('{')) {
      const json = JSON.parse(text) as { nodes?: unknown; profiles?: unknown };
      if (Array.isArray(json.nodes)) {
        const cpu = json as unknown as CpuProfile;
        const { tally, estimated } = await tallyCpuProfiles([cpu], index);
        return report(tally, { ...base, sampler: 'V8 CPU profile', seconds: ((cpu.endTime ?? 0) - (cpu.startTime ?? 0)) / 1e6, notes: estimated ? [ESTIMATED] : [] });
      }
      if (Array.isArray(json.profiles)) return report(await tallyStacks(parseSpeedscope(text), index), { ...base, sampler: 'speedscope profile', notes: [] });
    } else {
      const stacks = parseRaw(text);
      if (stacks.length > 0) return report(await tallyStacks(stacks, index), { ...base, sampler: 'raw profile', notes: [] });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
  }
  throw new Error(`${file} is no profile that can be read: give py-spy's raw or speedscope format, or a .cpuprofile of Node`);
}

const ESTIMATED = 'Some code runs from one line (tsx puts a file on one): where a function has several loops, their shares are estimated.';

function report(tally: Tally, rest: Pick<ProfileReport, 'sampler' | 'seconds' | 'notes' | 'exitCode'>): ProfileReport {
  return { version: 1, samples: Math.round(tally.total), loops: tally.profiledLoops(), lines: tally.profileLines(), ...rest };
}

class Profiler {
  private readonly notes: string[] = [];

  constructor(
    private readonly program: Program,
    private readonly resolved: ResolvedProgram,
    private readonly index: LoopIndex,
    private readonly options: MeasureOptions,
    private readonly texts: ReadonlyMap<string, string>,
    private readonly scratch: string,
  ) {}

  async run(): Promise<ProfileReport> {
    if (this.resolved.runtime === 'python') {
      const outside = await this.withPySpy();
      if (outside) return outside;
    }
    return this.inside();
  }

  /** py-spy watches from outside; null when it is not there or may not. */
  private async withPySpy(): Promise<ProfileReport | null> {
    const pySpy = await findPySpy(this.options);
    if (!pySpy) {
      this.notes.push('py-spy is not there: a sampler inside the program took its place, which slows it a little and sees fewer lines.');
      return null;
    }
    const output = path.join(this.scratch, 'profile.json');
    const status = path.join(this.scratch, 'exit');
    this.options.onProgress('profiling with py-spy');
    const flags = ['record', '--format', 'speedscope', '--full-filenames', '--subprocesses', '--rate', String(RATE), '--output', output];
    const launcher = [(await pythonInterpreter(this.options.python)).executable, '-I', '-S', harnessPath('python', 'launch.py'), status];
    const result = await this.start([pySpy, ...flags, '--', ...launcher, ...this.resolved.command], await this.env());
    if (!fs.existsSync(output)) {
      this.notes.push(`py-spy could not watch the program (${result.stderr.tail.trim().split('\n').at(-1) ?? 'no reason given'}): a sampler inside it took its place.`);
      return null;
    }
    const stacks = parseSpeedscope(fs.readFileSync(output, 'utf8'));
    const exitCode = fs.existsSync(status) ? Number(fs.readFileSync(status, 'utf8')) : null;
    this.noteProblem({ ...result, exitCode });
    return report(await tallyStacks(stacks, this.index), { sampler: 'py-spy', seconds: result.seconds, notes: this.notes, exitCode });
  }

  /** The harness samples inside the processes: V8's profiler in Node, a thread in Python. */
  private async inside(): Promise<ProfileReport> {
    this.options.onProgress('profiling');
    const { env, events } = await this.overlay('profile');
    const result = await this.start(this.resolved.command, env);
    this.noteProblem(result);
    const seen = readEvents(events);
    const profiles = fs
      .readdirSync(path.dirname(events))
      .filter((name) => name.endsWith('.cpuprofile'))
      .map((name) => JSON.parse(fs.readFileSync(path.join(path.dirname(events), name), 'utf8')) as CpuProfile);
    const base = { seconds: result.seconds, exitCode: result.exitCode };
    if (profiles.length > 0) {
      const { tally, estimated } = await tallyCpuProfiles(profiles, this.index);
      if (estimated) this.notes.push(ESTIMATED);
      return report(tally, { ...base, sampler: 'V8 CPU profiler', notes: this.notes });
    }
    const stacks = stacksOf(seen);
    if (seen.all.length === 0) throw new Error(`Nothing of ${this.resolved.command[0]} could be sampled: it is neither Python nor Node, or ignores PYTHONPATH and NODE_OPTIONS`);
    return report(await tallyStacks(stacks, this.index), { ...base, sampler: 'sampler inside the program', notes: this.notes });
  }

  /** @throws Error when the program does not come to an end by itself. */
  private async start(command: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<RunResult> {
    const { options, program } = this;
    const result = await run({ command, cwd: program.cwd, env, timeoutMs: options.timeoutMs, token: options.token });
    if (result.ended === 'cancelled') throw new CancelledError();
    if (result.ended !== 'exited') throw new Error(`The program ${problemOf(result, options.timeoutMs)}`);
    return result;
  }

  private noteProblem(result: RunResult): void {
    const problem = problemOf(result, this.options.timeoutMs);
    if (problem !== null) this.notes.push(`The program ${problem}`);
  }

  private async env() {
    return this.texts.size > 0 ? (await this.overlay('none')).env : { ...plainEnv(), ...this.program.env };
  }

  /** Texts that are not on disk, and the harness. */
  private async overlay(mode: 'none' | 'profile') {
    const texts = new Map([...this.texts].filter(([file]) => languageOf(file)));
    const candidate = { id: 'original', texts, newFiles: [], path: '', region: { start: 0, end: 0 } };
    const prepared = await prepareCandidate(path.join(this.scratch, mode), candidate, mode, null);
    return prepareOverlay(path.join(this.scratch, `run-${mode}`), {
      prepared,
      program: this.program,
      entry: this.resolved.entry,
      maxEntries: 0,
      startMethod: null,
      workers: null,
    });
  }
}

function stacksOf(events: RunEvents): readonly Stack[] {
  return events.all.flatMap((event) =>
    event.event === 'samples' ? event.stacks.map(([frames, count]) => ({ count, frames: frames.map(([file, line, name]) => ({ file, line, name })) })) : [],
  );
}
