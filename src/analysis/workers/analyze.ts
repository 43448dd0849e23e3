/** The pass: finds the pools, threads and processes of a module and what is given to them. */
import type { ModuleIR } from '../../ir/ir';
import { flowsFor } from '../captures/analyze';
import type { AnalysisContext } from '../pipeline';
import type { WorkerReport } from '../workers';
import { javascriptWorkers } from './javascript';
import { pythonWorkers } from './python';

/** Without these words a module has no pool, thread or process of its own; most that speak of threads only have a lock. */
const PYTHON_HINTS = [/multiprocessing|concurrent|threading/, /\b(Thread|Process|(Thread)?Pool|\w+Executor)\b/];
const JAVASCRIPT_HINTS = [/Worker|workerData|[Pp]iscina|[Tt]inypool|workerpool/];

/** What a module does with workers; null when it has none. */
export function analyzeWorkers(module: ModuleIR, context: AnalysisContext): WorkerReport | null {
  const text = module.functions.get('')?.text;
  const python = module.language === 'python';
  if (text === undefined || !(python ? PYTHON_HINTS : JAVASCRIPT_HINTS).every((hint) => hint.test(text))) return null;
  const flow = flowsFor(context, python).of(module);
  const report = python ? pythonWorkers(flow, context) : javascriptWorkers(flow);
  // A module that runs in a worker of JavaScript starts none itself.
  return !python || report.pools.length + report.tasks.length > 0 ? report : null;
}
