/** Containers that a worker gets a clone of in JavaScript, as if it shared them. */
import type { Range } from '../analysis/report';
import type { WorkerReport } from '../analysis/workers';
import type { Call, Expr, FunctionIR, NameExpr, VarId } from '../ir/ir';
import { ancestorsOf, parentsOf } from '../ir/parents';
import { walkExpr } from '../ir/walk';
import { absolute, usesOf, type Use } from './workers';

export interface LostClone {
  readonly range: Range;
  /** @param lineOf 1-based line of an offset */
  message(lineOf: (offset: number) => number): string;
}

export function lostInJavaScript(workers: WorkerReport): LostClone[] {
  return [...sentEmpty(workers), ...writtenOnly(workers)];
}

/** An empty container that is sent, that nothing here fills, and that something here reads. */
function* sentEmpty(workers: WorkerReport): Iterable<LostClone> {
  const { flow } = workers;
  for (const { site, call } of workers.workers) {
    const options = call.args[1]?.value;
    const data = options?.type === 'mapping' ? options.properties.find((p) => p.key?.type === 'const' && p.key.value === 'workerData')?.value : undefined;
    if (!data) continue;
    for (const name of names(data)) {
      const bindings = flow.index.bindings.get(name.variable) ?? [];
      const [binding] = bindings;
      if (bindings.length !== 1 || binding?.kind !== 'value' || binding.path.length > 0 || !isEmpty(binding.value)) continue;
      const read = readElsewhere(name.variable, call, workers);
      if (!read) continue;
      const range = absolute(site.fn, call);
      yield {
        range,
        message: (lineOf) =>
          `The worker gets a clone of ${name.name}: what it puts there is lost, and the ${name.name} that line ${lineOf(read.fn.start + read.expr.span.start)} reads stays empty. Have the worker post what it finds.`,
      };
    }
  }
}

function names(data: Expr): NameExpr[] {
  const found: NameExpr[] = [];
  walkExpr(data, {
    expr(expr) {
      if (expr.type === 'name') found.push(expr);
      return expr.type === 'mapping';
    },
  });
  return found;
}

function isEmpty(expr: Expr): boolean {
  if (expr.type === 'collection') return expr.items.length === 0;
  if (expr.type === 'mapping') return expr.properties.length === 0;
  return expr.type === 'call' && expr.construct === true && expr.args.length === 0 && expr.callee.type === 'name' && /^builtin\/(Map|Set|Array)$/.test(expr.callee.variable);
}

/** The first place that reads it; null where some place may fill it. */
function readElsewhere(id: VarId, sent: Call, workers: WorkerReport): Use | null {
  const { module } = workers.flow;
  let read: Use | null = null;
  for (const use of usesOf(module, id)) {
    if (ancestorsOf(use.fn, use.expr).includes(sent)) continue;
    if (!onlyReads(use.fn, use.expr)) return null;
    read ??= use;
  }
  return read;
}

const READING = new Set(['length', 'size', 'map', 'filter', 'forEach', 'some', 'every', 'find', 'reduce', 'join', 'slice', 'includes', 'indexOf', 'get', 'has', 'keys', 'values', 'entries', 'at', 'concat', 'toSorted']);

function onlyReads(fn: FunctionIR, use: Expr): boolean {
  const [parent, above] = ancestorsOf(fn, use);
  switch (parent?.type) {
    case 'attribute':
      return READING.has(parent.name) && above?.type !== 'assign-stmt';
    case 'spread':
    case 'template':
    case 'return':
    case 'for-each':
      return true;
    case 'call':
      // `resolve(found)`, `console.log(found)`, `JSON.stringify(found)`
      return parent.callee !== use && (parent.callee.type === 'name' ? /^(resolve|res|done)$/.test(parent.callee.name) : parent.callee.type === 'attribute' && parent.callee.object.type === 'name' && /^(console|JSON)$/.test(parent.callee.object.name));
    default:
      return false;
  }
}

/** In a worker: a part of `workerData` that is only written. */
function* writtenOnly(workers: WorkerReport): Iterable<LostClone> {
  const { module } = workers.flow;
  for (const variable of module.functions.get('')?.variables.values() ?? []) {
    const source = variable.import;
    if (!source || !/^(node:)?worker_threads$/.test(source.module) || source.name !== 'workerData') continue;
    const uses = usesOf(module, variable.id);
    const fields = uses.map(({ fn, expr }) => fieldOf(fn, expr));
    // Taken as a whole somewhere: that may read everything.
    if (fields.some((field) => field === null)) continue;
    const told = new Set<string>();
    for (const [i, field] of fields.entries()) {
      if (told.has(field!.name) || !fields.every((f) => f!.name !== field!.name || f!.writes)) continue;
      told.add(field!.name);
      const { fn } = uses[i]!;
      yield { range: absolute(fn, field!.change), message: () => `workerData.${field!.name} is a clone: what is put there is lost when the worker ends, and nothing here reads it. Post it to the parent.` };
    }
  }
}

const FILLING = new Set(['push', 'unshift', 'add', 'set']);

/** The field of an object that a use takes, and whether it only puts something there. */
function fieldOf(fn: FunctionIR, use: Expr): { readonly name: string; readonly writes: boolean; readonly change: Expr } | null {
  const parents = parentsOf(fn);
  const field = parents.get(use);
  if (field?.type !== 'attribute') return null;
  const method = parents.get(field);
  const call = method?.type === 'attribute' ? parents.get(method) : undefined;
  const writes = method?.type === 'attribute' && FILLING.has(method.name) && call?.type === 'call' && call.callee === method && parents.get(call)?.type === 'expr';
  return { name: field.name, writes: writes === true, change: call?.type === 'call' ? call : field };
}
