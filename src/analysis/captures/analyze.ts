/** The pass: finds what a module hands to workers and judges each value. */
import type { ModuleIR } from '../../ir/ir';
import { Pacer } from '../cancellation';
import type { CaptureReport } from '../captures';
import type { AnalysisContext } from '../pipeline';
import { Clone } from './clone';
import { Flows } from './flow';
import type { Handover } from './handovers';
import { javascriptHandovers } from './handovers-javascript';
import { pythonHandovers } from './handovers-python';
import { javascriptSemantics } from './javascript-flow';
import { unknown, type Judgement } from './judgement';
import { Pickle } from './pickle';
import { pythonSemantics } from './python-flow';
import { judgeSource } from './source-functions';
import type { UNKNOWN } from './values';

/** Most modules hand nothing to anybody: without one of these words there is no pool, worker or queue to be found. */
const PYTHON_HINT = /multiprocessing|concurrent\.|joblib|loky|[pP]ool|POOL|[eE]xecutor|EXECUTOR|\bProcess\w*\(/;
const JAVASCRIPT_HINT = /postMessage|Worker|structuredClone|pool/;

/** Judges every value that a module hands to a worker, in the order of the text. */
export async function analyzeCaptures(module: ModuleIR, context: AnalysisContext): Promise<readonly CaptureReport[]> {
  const pacer = new Pacer(context.token);
  await pacer.pause();
  const python = module.language === 'python';
  const text = module.functions.get('')?.text;
  if (text !== undefined && !(python ? PYTHON_HINT : JAVASCRIPT_HINT).test(text)) return [];
  const flows = flowsFor(context, python);
  const flow = flows.of(module);
  const reports: CaptureReport[] = [];
  for (const site of flow.index.calls) {
    const handovers = python ? pythonHandovers(flow, site) : javascriptHandovers(flow, site);
    if (handovers.length === 0) continue;
    for (const handover of handovers) reports.push(report(handover, judge(handover, flows)));
    await pacer.pause();
  }
  return reports.sort((a, b) => a.call.start - b.call.start || a.range.start - b.range.start);
}

const known = new WeakMap<AnalysisContext, Flows>();

/** What passes over the same modules share: each module is indexed once. */
export function flowsFor(context: AnalysisContext, python: boolean): Flows {
  let flows = known.get(context);
  if (!flows) known.set(context, (flows = new Flows(context, python ? pythonSemantics : javascriptSemantics)));
  return flows;
}

function judge(handover: Handover, flows: Flows): Judgement {
  flows.steps = 0;
  const { value } = handover;
  switch (handover.by) {
    case 'pickle':
      return new Pickle(flows, { byValue: false }).judge(value);
    case 'cloudpickle':
      return new Pickle(flows, { byValue: true }).judge(value);
    case 'pickle-unless-forked': {
      const judgement = new Pickle(flows, { byValue: false }).judge(value);
      if (judgement.verdict !== 'not-serializable') return judgement;
      return unknown(`it works where processes are forked; under spawn and forkserver ${judgement.reason}`);
    }
    case 'interpreter':
      // Functions without a closure are sent by value; everything else as pickle does.
      if (value.kind === 'function' && value.function.parent !== null && usesOnlyBuiltins(value)) return { verdict: 'serializable', path: '', reason: 'a function without a closure is sent as it is' };
      return new Pickle(flows, { byValue: false }).judge(value);
    case 'source':
      return judgeSource(value);
    case 'clone':
      return new Clone(flows, handover.transfers ?? null).judgeMessage(value);
  }
}

function usesOnlyBuiltins(value: typeof UNKNOWN & { kind: 'function' }): boolean {
  return [...value.function.free].every((id) => id.startsWith('builtin/'));
}

function report(handover: Handover, judgement: Judgement): CaptureReport {
  const { site, expr } = handover;
  const { fn, call } = site;
  const written = fn.text?.slice(expr.span.start, expr.span.end) ?? handover.label;
  const named = /^[\p{L}_$][\p{L}\p{N}_$.]*$/u.test(written);
  const base = named || (judgement.path === '' && written.length <= 60 && !written.includes('\n')) ? written : handover.label;
  return {
    call: { start: fn.start + call.span.start, end: fn.start + call.span.end },
    api: handover.api,
    range: { start: fn.start + expr.span.start, end: fn.start + expr.span.end },
    value: written,
    path: base + (handover.part ?? '') + judgement.path,
    verdict: judgement.verdict,
    reason: judgement.reason,
  };
}
