/** By which start method a Python program starts the processes of a pool. */
import type { PoolSite, TaskSite } from '../analysis/workers';
import type { Flow } from '../analysis/captures/flow';
import type { CallAt } from '../analysis/captures/module-index';
import type { Value } from '../analysis/captures/values';
import type { Call, Expr } from '../ir/ir';

export interface StartMethod {
  readonly method: 'fork' | 'spawn' | 'forkserver';
  /** The literal that names it; null for Python's default. */
  readonly named: { readonly site: CallAt; readonly literal: Expr } | null;
}

/** The start method of a pool or process; null when it cannot be told. */
export function startMethodOf(made: PoolSite | TaskSite, flow: Flow, target: string): StartMethod | null {
  const { site } = made;
  const given = site.call.args.find((a) => a.name === 'mp_context')?.value;
  if (site.call.args.some((a) => a.spread === 'dict')) return null;
  const { callee } = site.call;
  if (given) return ofContext(flow, site, given);
  if (callee.type === 'attribute') {
    const owner = evaluate(flow, callee.object, site);
    if (owner.kind === 'made') return ofContext(flow, site, callee.object);
    if (owner.kind !== 'library') return null;
  }
  return chosen(flow) ?? byDefault(target);
}

function ofContext(flow: Flow, site: CallAt, expr: Expr): StartMethod | null {
  const value = evaluate(flow, expr, site);
  if (value.kind !== 'made' || value.by !== 'multiprocessing.get_context') return null;
  const [method] = value.args;
  if (method?.kind !== 'plain' || !isMethod(method.constant)) return null;
  const call = flow.index.calls.find((c) => callsNamed(c.call, 'get_context') && literalOf(c.call)?.value === method.constant);
  const literal = call && literalOf(call.call);
  return { method: method.constant, named: call && literal ? { site: call, literal } : null };
}

/** `set_start_method("…")` of this module. */
function chosen(flow: Flow): StartMethod | null {
  for (const site of flow.index.calls) {
    const literal = callsNamed(site.call, 'set_start_method') ? literalOf(site.call) : null;
    if (literal && isMethod(literal.value)) return { method: literal.value, named: { site, literal } };
  }
  return null;
}

/** Linux: fork up to Python 3.13, forkserver from 3.14 on. */
function byDefault(target: string): StartMethod {
  const minor = Number(/^3\.(\d+)/.exec(target)?.[1] ?? 0);
  return { method: minor >= 14 ? 'forkserver' : 'fork', named: null };
}

function callsNamed(call: Call, name: string): boolean {
  return (call.callee.type === 'name' || call.callee.type === 'attribute') && call.callee.name === name;
}

function literalOf(call: Call): (Expr & { type: 'const' }) | null {
  const first = (call.args.find((a) => a.name === 'method') ?? call.args[0])?.value;
  return first?.type === 'const' ? first : null;
}

function isMethod(value: unknown): value is StartMethod['method'] {
  return value === 'fork' || value === 'spawn' || value === 'forkserver';
}

function evaluate(flow: Flow, expr: Expr, site: CallAt): Value {
  flow.flows.steps = 0;
  return flow.evaluate(expr, flow.at(site));
}
