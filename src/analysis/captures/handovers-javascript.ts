/** Finds the calls by which a JavaScript or TypeScript module hands values to other threads. */
import type { Call, Expr } from '../../ir/ir';
import { originOf } from './fields';
import type { Flow } from './flow';
import type { Handover, Transfers } from './handovers';
import { normalizeJs } from './javascript-library';
import type { CallAt } from './module-index';
import type { At } from './semantics';
import type { Value } from './values';

const METHODS = new Set(['postMessage', 'run', 'runTask', 'exec', 'execute']);
const POOL = /^(piscina(\.Piscina|\.default)?|piscina\.FixedQueue|tinypool(\.Tinypool|\.default)?)$/;
const NO_TRANSFERS: Transfers = { origins: new Set(), open: false, trouble: null };

export function javascriptHandovers(flow: Flow, site: CallAt): Handover[] {
  const { call } = site;
  const { callee } = call;
  const at = flow.at(site);
  if (callee.type === 'attribute' && METHODS.has(callee.name)) return method(flow, site, at, callee);
  if (callee.type === 'name' || callee.type === 'attribute') {
    const last = callee.name;
    if (call.construct && /Worker$/.test(last)) return worker(flow, site, at);
    if (last === 'structuredClone') return cloned(flow, site, at);
  }
  return [];
}

function method(flow: Flow, site: CallAt, at: At, callee: Expr & { type: 'attribute' }): Handover[] {
  const { call } = site;
  const [first, second, third] = call.args;
  const receiver = flow.evaluate(callee.object, at);
  const api = textOf(site, callee);
  const kind = receiver.kind === 'made' ? normalizeJs(receiver.by) : receiver.kind === 'instance' && receiver.base ? normalizeJs(receiver.base) : '';
  if (callee.name === 'postMessage') {
    // An object of the project's own that has such a method may do anything with the message.
    if (!first || first.spread || (receiver.kind === 'instance' && flow.method(receiver, 'postMessage'))) return [];
    const list = third ?? second;
    return [clone(flow, site, at, api, first.value, 'message', list ? transferList(flow, list.value, at) : NO_TRANSFERS)];
  }
  if (POOL.test(kind) && (callee.name === 'run' || callee.name === 'runTask')) {
    if (!first || first.spread) return [];
    return [clone(flow, site, at, api, first.value, 'task', second ? transferList(flow, second.value, at) : NO_TRANSFERS)];
  }
  if (/^poolifier\.\w+Pool$/.test(kind) && callee.name === 'execute' && first) return [clone(flow, site, at, api, first.value, 'data', NO_TRANSFERS)];
  if (/^workerpool(\.default)?\.pool$/.test(kind) && callee.name === 'exec') return exec(flow, site, at, api, receiver, call);
  return [];
}

/** `pool.exec(fn, [args])` of workerpool. */
function exec(flow: Flow, site: CallAt, at: At, api: string, pool: Value, call: Call): Handover[] {
  const options = pool.kind === 'made' ? pool.args.find((a) => a.kind === 'container') : undefined;
  const type = options?.kind === 'container' ? options.items.find((i) => i.label === '.workerType')?.value : undefined;
  // Between processes it sends JSON, which is another matter.
  if (type?.kind === 'plain' && type.constant === 'process') return [];
  const [fn, args] = call.args;
  const found: Handover[] = [];
  if (fn && !fn.spread) found.push({ site, api, expr: fn.value, value: flow.evaluate(fn.value, at), label: 'function', by: 'source' });
  if (args?.value.type === 'collection') {
    args.value.items.forEach((item, i) => item.type !== 'spread' && found.push(clone(flow, site, at, api, item, `args[${i}]`, NO_TRANSFERS)));
  } else if (args && !args.spread) found.push(clone(flow, site, at, api, args.value, 'args', NO_TRANSFERS));
  return found;
}

/** `new Worker(file, { workerData, transferList })` */
function worker(flow: Flow, site: CallAt, at: At): Handover[] {
  const callee = flow.evaluate(site.call.callee, at);
  const known = (callee.kind === 'library' && normalizeJs(callee.name) === 'Worker') || (callee.kind === 'class' && flow.basesOf(callee.class).some((b) => b.kind === 'library' && normalizeJs(b.name) === 'Worker'));
  const options = site.call.args[1]?.value;
  if (!known || !options) return [];
  if (options.type === 'mapping') {
    const property = (name: string): Expr | undefined => options.properties.find((p) => p.key?.type === 'const' && p.key.value === name)?.value;
    const data = property('workerData');
    const list = property('transferList');
    return data ? [clone(flow, site, at, 'new Worker', data, 'workerData', list ? transferList(flow, list, at) : NO_TRANSFERS)] : [];
  }
  const value = flow.evaluate(options, at);
  const data = value.kind === 'container' ? value.items.find((i) => i.label === '.workerData')?.value : undefined;
  return data ? [{ site, api: 'new Worker', expr: options, value: data, label: 'options', part: '.workerData', by: 'clone', transfers: { origins: new Set(), open: true, trouble: null } }] : [];
}

function cloned(flow: Flow, site: CallAt, at: At): Handover[] {
  const [first, second] = site.call.args;
  const callee = flow.evaluate(site.call.callee, at);
  if (!first || first.spread || callee.kind !== 'library' || normalizeJs(callee.name) !== 'structuredClone') return [];
  return [clone(flow, site, at, 'structuredClone', first.value, 'value', second ? transferList(flow, second.value, at) : NO_TRANSFERS)];
}

function clone(flow: Flow, site: CallAt, at: At, api: string, expr: Expr, label: string, transfers: Transfers): Handover {
  return { site, api, expr, value: flow.evaluate(expr, at), label, by: 'clone', transfers };
}

/** A transfer list as it is given: an array, or the `transfer` or `transferList` of options. */
function transferList(flow: Flow, expr: Expr, at: At): Transfers {
  if (expr.type === 'mapping') {
    const property = expr.properties.find((p) => p.key?.type === 'const' && (p.key.value === 'transfer' || p.key.value === 'transferList'));
    if (property) return transferList(flow, property.value, at);
    return expr.properties.some((p) => p.key === null) ? { ...NO_TRANSFERS, open: true } : NO_TRANSFERS;
  }
  if (expr.type === 'const') return NO_TRANSFERS;
  if (expr.type !== 'collection') {
    const list = flow.evaluate(expr, at);
    if (list.kind !== 'container' || list.open) return { ...NO_TRANSFERS, open: true };
    const items = list.items.map((i) => (i.value.kind === 'made' ? i.value.origin : undefined));
    return { origins: new Set(items.filter((o) => o !== undefined)), open: items.includes(undefined), trouble: null };
  }
  const origins = new Set<string>();
  let open = false;
  let trouble: Transfers['trouble'] = null;
  for (const item of expr.items) {
    const origin = originOf(item);
    if (item.type === 'spread' || origin === null) open = true;
    else if (origins.has(origin)) trouble ??= { expr: item, reason: `${textOf(at.site, item)} is in the transfer list twice` };
    else origins.add(origin);
    const value = flow.evaluate(item, at);
    const refused = value.kind === 'made' ? /^((Big)?(Int|Uint|Float)\d+(Clamped)?Array|DataView|Buffer|SharedArrayBuffer)$/.test(value.by) : value.kind === 'container' || value.kind === 'function';
    if (refused) trouble ??= { expr: item, reason: `${textOf(at.site, item)} cannot be in a transfer list${value.kind === 'made' && value.by !== 'SharedArrayBuffer' ? ': name its buffer' : ''}` };
  }
  return { origins, open, trouble };
}

function textOf(site: Pick<CallAt, 'fn'>, expr: Expr): string {
  return site.fn.text?.slice(expr.span.start, expr.span.end) ?? '';
}
