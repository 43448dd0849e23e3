/** The passes in their order. */
import type { FunctionIR, ImportSource, ModuleIR } from '../ir/ir';
import type { LanguageModels } from '../models/types';
import { Analyzer } from './analyzer';
import { reportOf } from './build';
import { Pacer, type CancellationToken } from './cancellation';
import { hasLoop } from './discover';
import { functionsWith, type LoopOutline, type Work } from './estimate';
import { interpret } from './interpret';
import { lineIndex } from './lines';
import type { Machine } from './machine';
import type { Callee, LoopReport, ModuleReport, Range } from './report';
import { calleeKey } from './summaries';
import type { Summary } from './summary';
import type { LoopTrace } from './trace';

export interface AnalysisContext {
  readonly models: LanguageModels;
  /** The workspace module that an import names, lowered; null for libraries and what cannot be found. */
  resolve(source: ImportSource, from: string): ModuleIR | null;
  /** Modules of the workspace that define a class of the name, for a type that is named but not imported (in a doc comment). */
  classesNamed?(name: string): readonly ModuleIR[];
  /** While this is the same object, so are all modules that `resolve` gives: summaries of their functions are kept with it. */
  readonly unchanged?: object;
  /** Only loops that can be proven independent are asked for: the reasons of others need not be the right ones. */
  readonly provable?: boolean;
  readonly token: CancellationToken;
}

/** The functions whose loops are worth judging, told from the text alone. */
export function promisingFunctions(module: ModuleIR, context: AnalysisContext, wanted: (loop: LoopOutline, work: () => Work) => boolean): ReadonlySet<FunctionIR> {
  return functionsWith(module, analyzerFor(context).estimates, wanted);
}

/** The functions that an offset of the file lies in, outermost first. */
export function functionsAround(module: ModuleIR, offset: number): ReadonlySet<FunctionIR> {
  const around = new Set<FunctionIR>();
  const holds = (fn: FunctionIR): boolean => fn.start <= offset && offset <= fn.start + fn.length;
  for (const fn of module.functions.values()) if (holds(fn)) around.add(fn);
  return around;
}

/**
 * Judges the loops of a module.
 * @param only leaves out those of other functions
 */
export async function analyzeLoops(module: ModuleIR, context: AnalysisContext, only?: ReadonlySet<FunctionIR>): Promise<ModuleReport> {
  const pacer = new Pacer(context.token);
  const analyzer = analyzerFor(context);
  const { edits } = analyzer;
  const lineOf = lineIndex(module.functions.get('')?.text ?? '');
  const loops: LoopReport[] = [];
  const inlined = new Set<FunctionIR>();
  const keeper = { module, machines: new Map<FunctionIR, Machine>() };
  analyzer.summaries.keepers.add(keeper);
  // Outer functions first: a callback that one of them reads in place is judged there, where more is known about its arguments.
  try {
    for (const fn of module.functions.values()) {
      if (fn.broken || inlined.has(fn) || (only && !only.has(fn)) || !hasLoop(fn, module)) continue;
      await pacer.pause();
      const before = analyzer.judged.get(fn);
      if (before) {
        for (const read of before.inlined) inlined.add(read);
        loops.push(...before.loops.map((loop) => moved(loop, fn.start - before.start)));
        continue;
      }
      const known = keeper.machines.get(fn);
      const machine = known ?? interpret(analyzer, module, fn);
      if (known) keeper.machines.delete(fn);
      else analyzer.summaries.offer({ module, fn, self: null }, machine);
      for (const read of machine.inlinedFunctions) inlined.add(read);
      const own: LoopReport[] = [];
      for (const trace of machine.traces) {
        if (!isReported(trace)) continue;
        own.push(reportOf(machine, trace, lineOf));
        await pacer.pause();
      }
      loops.push(...own);
      // Reasons name lines, here and in other functions, that edits move: only reports that need none are kept over an edit.
      if (context.provable && analyzer.edits === edits) analyzer.judged.set(fn, { module, start: fn.start, loops: own, inlined: machine.inlinedFunctions, callees: machine.callees(), uncertain: machine.restsOnGivenUp });
    }
  } finally {
    analyzer.summaries.keepers.delete(keeper);
  }
  const unique = new Map<string, LoopReport>();
  for (const loop of loops) {
    const known = unique.get(loop.id);
    unique.set(loop.id, known ? weaker(known, loop) : loop);
  }
  return { module, loops: [...unique.values()].sort((x, y) => x.range.start - y.range.start || y.extent.end - x.extent.end) };
}

/** The report of a loop whose function begins somewhere else now. */
function moved(loop: LoopReport, by: number): LoopReport {
  if (by === 0) return loop;
  const shift = ({ start, end }: Range): Range => ({ start: start + by, end: end + by });
  return { ...loop, range: shift(loop.range), extent: shift(loop.extent) };
}

/** What a call of a function does, whoever calls it. */
export function summaryOf(module: ModuleIR, fn: FunctionIR, context: AnalysisContext): Summary {
  return analyzerFor(context).summaries.of({ module, fn, self: null });
}

const analyzers = new WeakMap<object, Analyzer>();

function analyzerFor(context: AnalysisContext): Analyzer {
  if (!context.unchanged) return new Analyzer(context);
  let analyzer = analyzers.get(context.unchanged);
  if (!analyzer) analyzers.set(context.unchanged, (analyzer = new Analyzer(context)));
  return analyzer;
}

/** Lets go of what is known, since `unchanged` was made, of functions that an edit has changed and of those that call them. */
export function forgetFunctions(unchanged: object, changed: readonly Callee[]): void {
  analyzers.get(unchanged)?.forget(new Set(changed.map(calleeKey)));
}

/** A loop read twice (a callback in place of two calls) is as good as the worse reading. */
function weaker(a: LoopReport, b: LoopReport): LoopReport {
  const order = ['parallel', 'reduction', 'unknown', 'sequential'];
  return order.indexOf(b.verdict) > order.indexOf(a.verdict) ? b : a;
}

/** Inner clauses of a comprehension are part of its loop; a generator that nobody consumes here is none. */
function isReported(trace: LoopTrace): boolean {
  if (trace.node.type !== 'comprehension') return true;
  return trace.consumer !== null && trace.consumer !== 'inner';
}

export type { LoopOutline, Work } from './estimate';
export { analyzeCaptures } from './captures/analyze';
export { analyzeWorkers } from './workers/analyze';
