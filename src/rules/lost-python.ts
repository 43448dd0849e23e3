/** What a function changes in a worker process of Python though the program reads the original. */
import type { Binding, Mutation } from '../analysis/captures/module-index';
import type { Value } from '../analysis/captures/values';
import { absolute as absoluteSite, SHAPE, type Access } from '../analysis/domain';
import type { Range } from '../analysis/report';
import type { Target, TaskSite, WorkerReport } from '../analysis/workers';
import type { Expr, FunctionIR, VarId } from '../ir/ir';
import { ancestorsOf, parentsOf } from '../ir/parents';
import { walkFunction } from '../ir/walk';
import { usesOf, type Use } from './workers';

export interface Lost {
  /** As the program calls it: `counts`, `self.words`. */
  readonly name: string;
  readonly variable: VarId;
  /** Of the change, absolute. */
  readonly write: Range;
  readonly read: { readonly fn: FunctionIR; readonly offset: number };
  /** It is an argument of the task. */
  readonly argument: boolean;
}

/** Library containers that hold what they are given in this process alone. */
const ORDINARY = /^(collections\.(defaultdict|Counter|deque|OrderedDict)|numpy\.ndarray|builtins\.bytearray)$/;

export function lostInPython(task: TaskSite, workers: WorkerReport): Lost[] {
  const { target } = task;
  const { module } = workers.flow;
  if (task.kind !== 'processes' || !target || target.module !== module || target.summary.provisional) return [];
  const inWorkers = new Set([target.fn.id, ...target.summary.callees.filter((c) => c.path === module.path).map((c) => c.function)]);
  if (inWorkers.has(task.site.fn.id) || runsHere(target, inWorkers, workers)) return [];
  const found = new Map<string, Lost>();
  for (const change of changesOf(target)) {
    const { base } = change.loc;
    if (base.kind !== 'variable' || base.module !== module) continue;
    const lost = base.id.startsWith('/') ? global(base.id, change, task, inWorkers, workers) : argument(base.id, change, task, target, workers);
    if (lost && !found.has(lost.name)) found.set(lost.name, lost);
  }
  return [...found.values()];
}

type Change = Pick<Access, 'loc' | 'site' | 'update'>;

/** Methods by which Python's containers are changed. */
const CHANGING = new Set('append extend insert add update setdefault discard remove clear appendleft popleft pop sort reverse'.split(' '));

/** What a call of the function writes. A parameter's type is not known there: a method call on it counts where the argument is a container. */
function* changesOf(target: Target): Iterable<Change> {
  for (const access of target.summary.accesses) if (access.mode === 'write') yield access;
  for (const { pending, site } of target.summary.unresolved) {
    if (pending === null || pending.method === null || !CHANGING.has(pending.method)) continue;
    for (const loc of pending.callee.locs) yield { loc: { base: loc.base, path: [...loc.path, { kind: 'field', name: SHAPE }] }, site, update: null };
  }
}

/** The program calls the function itself, too: what it changes there is not lost. */
function runsHere(target: Target, inWorkers: ReadonlySet<string>, workers: WorkerReport): boolean {
  const { flow } = workers;
  if (target.fn.class !== null) return flow.index.calls.some(({ fn, call }) => !inWorkers.has(fn.id) && call.callee.type === 'attribute' && call.callee.name === target.fn.name);
  const name = flow.index.nameOf(target.fn.id);
  return name === null || (flow.index.callsOf.get(name.id) ?? []).some(({ fn }) => !inWorkers.has(fn.id));
}

function global(id: VarId, change: Change, task: TaskSite, inWorkers: ReadonlySet<string>, workers: WorkerReport): Lost | null {
  const { flow } = workers;
  const variable = flow.index.variables.get(id);
  if (!variable || variable.kind === 'import' || variable.kind === 'function' || variable.kind === 'class') return null;
  const own = (flow.index.bindings.get(id) ?? []).filter((b) => !inWorkers.has(b.fn.id));
  const [binding] = own;
  if (own.length !== 1 || !binding || !isOrdinary(valueOf(binding, workers), change)) return null;
  const workersUses = usesOf(flow.module, id).filter((use) => inWorkers.has(use.fn.id));
  if (!isResult(id, binding, workersUses, inWorkers, workers)) return null;
  const read = readAfter(id, task, workers, inWorkers, null);
  return read ? { name: variable.name, variable: id, write: absoluteSite(change.site), read, argument: false } : null;
}

function argument(id: VarId, change: Change, task: TaskSite, target: Target, workers: WorkerReport): Lost | null {
  const { fn } = target;
  const index = fn.params.findIndex((p) => p.variable === id);
  if (index < 0 || change.loc.path.length === 0 || target.partial || givesBack(fn)) return null;
  const method = fn.class !== null && !fn.decorators.includes('staticmethod');
  if (method && index === 0) return target.bound && !fn.decorators.includes('classmethod') ? ofObject(change, task, workers) : null;
  if (/map$|^imap/.test(task.method)) return null;
  const given = task.args[index - (method && target.bound ? 1 : 0)];
  const variable = given?.type === 'name' ? task.site.fn.variables.get(given.variable) : undefined;
  if (!variable || variable.kind === 'param' || !variable.constant) return null;
  const [binding] = workers.flow.index.bindings.get(variable.id) ?? [];
  if (!binding || !isOrdinary(valueOf(binding, workers), change) || !isResult(variable.id, binding, usesOf(target.module, id), new Set(), workers)) return null;
  const read = readAfter(variable.id, task, workers, new Set(), null);
  return read ? { name: variable.name, variable: variable.id, write: absoluteSite(change.site), read, argument: true } : null;
}

/** `pool.map(self.add, …)`: a field of `self`, which the constructor makes. */
function ofObject(change: Change, task: TaskSite, workers: WorkerReport): Lost | null {
  const [step] = change.loc.path;
  const { work, target } = task;
  if (step?.kind !== 'field' || step.name === SHAPE || work?.type !== 'attribute' || work.object.type !== 'name' || !target) return null;
  const { module } = target;
  const cls = target.fn.class === null ? undefined : module.classes.get(target.fn.class);
  const field = cls?.fields.get(step.name);
  const special = ['__getstate__', '__reduce__', '__reduce_ex__', '__setstate__'].some((name) => cls?.methods.has(name));
  if (!cls || special || cls.bases.length > 0 || !field?.value) return null;
  if (!isEmptyDisplay(field.value) || filledElsewhere(step.name, task, target, workers)) return null;
  const object = work.object.variable;
  const read = readAfter(object, task, workers, new Set(), step.name);
  return read ? { name: `${work.object.name}.${step.name}`, variable: object, write: absoluteSite(change.site), read, argument: true } : null;
}

function isEmptyDisplay(expr: Expr): boolean {
  if (expr.type === 'call') return expr.args.length === 0 && expr.callee.type === 'name' && /^(list|dict|set|Counter|defaultdict|deque|OrderedDict)$/.test(expr.callee.name);
  return (expr.type === 'collection' && expr.items.length === 0) || (expr.type === 'mapping' && expr.properties.length === 0);
}

/** A method that no worker runs changes the field: it may be for that one. */
function filledElsewhere(field: string, task: TaskSite, target: Target, workers: WorkerReport): boolean {
  const { index, module } = workers.flow;
  const inWorkers = new Set([target.fn.id, ...target.summary.callees.map((c) => c.function)]);
  return [...module.functions.values()].some((fn) => {
    const self = fn.class === target.fn.class && fn.class !== null && fn.name !== '__init__' && fn !== task.site.fn && !inWorkers.has(fn.id) ? fn.params[0] : undefined;
    return self !== undefined && (index.mutations.get(self.variable) ?? []).some((m) => isChange(m, field));
  });
}

/**
 * It can only be for what the workers find: nothing is in it before they start, or all that they do with it is to write there. What a worker
 * reads may be a copy for its own use.
 */
function isResult(id: VarId, binding: Binding, workersUses: readonly Use[], inWorkers: ReadonlySet<string>, workers: WorkerReport): boolean {
  const filled = (workers.flow.index.mutations.get(id) ?? []).some((m) => !inWorkers.has(m.fn.id) && isChange(m, null));
  const empty = binding.kind === 'value' && (isEmptyDisplay(binding.value) || (binding.value.type === 'call' && !filled && isDefaultDict(binding.value)));
  return (empty && !filled) || workersUses.every(isWrite);
}

function isDefaultDict(expr: Expr): boolean {
  return expr.type === 'call' && (expr.callee.type === 'name' || expr.callee.type === 'attribute') && /^(defaultdict|Counter)$/.test(expr.callee.name) && expr.args.length < 2;
}

/** `counts[k] = …`, `found.append(…);`, and reads in a statement that writes there. */
function isWrite({ fn, expr }: Use): boolean {
  const around = ancestorsOf(fn, expr);
  const [parent, above, outer] = around;
  if (parent?.type === 'attribute' && above?.type === 'call' && above.callee === parent) return CHANGING.has(parent.name) && outer?.type === 'expr';
  const assigned = around.find((node) => node.type === 'assign-stmt');
  return assigned?.type === 'assign-stmt' && assigned.targets.some((target) => target.type === 'index' && target.object.type === 'name' && expr.type === 'name' && target.object.variable === expr.variable);
}

/** It returns or yields something, perhaps what it changed. */
function givesBack(fn: FunctionIR): boolean {
  let gives = fn.generator;
  walkFunction(fn, {
    stmt(stmt) {
      if (stmt.type === 'return' && stmt.value !== null && !(stmt.value.type === 'const' && stmt.value.kind === 'none')) gives = true;
    },
  });
  return gives;
}

function valueOf(binding: Binding, workers: WorkerReport): Value {
  const { flow } = workers;
  if (binding.kind !== 'value' || binding.path.length > 0) return { kind: 'unknown' };
  flow.flows.steps = 0;
  return flow.evaluate(binding.value, flow.at(binding));
}

/** A value of this process alone: not one that a manager or shared memory holds. */
function isOrdinary(value: Value, change: Change): boolean {
  if (value.kind === 'container') return !holdsShared(value);
  if (value.kind === 'made') return ORDINARY.test(value.by) && change.loc.path.length > 0;
  // A number that is set, not counted up, may be set for the worker's own use.
  return value.kind === 'plain' && change.loc.path.length === 0 && change.update !== null && /^(number|string)$/.test(value.type);
}

/** A list of shared values is changed by changing those. */
function holdsShared(value: Value & { kind: 'container' }): boolean {
  return value.open || value.items.some(({ value: item }) => item.kind !== 'plain' && !(item.kind === 'container' && !holdsShared(item)));
}

/** A place behind the task, in the function that starts it, that reads what the worker changed; null also where this process changes it, too. */
function readAfter(id: VarId, task: TaskSite, workers: WorkerReport, inWorkers: ReadonlySet<string>, field: string | null): Lost['read'] | null {
  const { flow } = workers;
  const { fn, offset } = task.site;
  const changes = (flow.index.mutations.get(id) ?? []).filter((m) => !inWorkers.has(m.fn.id) && isChange(m, field));
  // Before the task it is filled; behind it, or elsewhere, it is kept up to date.
  if (changes.some((m) => m.fn !== fn ? m.fn.id !== '' : m.offset > offset)) return null;
  if ((flow.index.bindings.get(id) ?? []).some((b) => b.fn === fn && b.offset > offset)) return null;
  const reads = usesOf(flow.module, id).filter((use) => use.fn === fn && fn.start + use.expr.span.start > offset && isRead(use, field));
  const [first] = reads.sort((a, b) => a.expr.span.start - b.expr.span.start);
  return first ? { fn, offset: fn.start + first.expr.span.start } : null;
}

const READING = new Set(['get', 'items', 'keys', 'values', 'copy', 'index', 'count', 'join', 'most_common', 'union', 'intersection', 'difference', 'tolist', 'sum', 'mean', 'put', 'submit', 'map']);

function isChange(mutation: Mutation, field: string | null): boolean {
  if (field !== null) {
    const [first] = mutation.path;
    if (mutation.kind === 'field') return (first ?? mutation.name) === field;
    return first === field && (mutation.kind === 'element' || mutation.kind === 'delete' || (mutation.kind === 'call' && !READING.has(mutation.method)));
  }
  // What is handed to another function may be filled there.
  if (mutation.kind === 'argument') return !isReader(mutation.call.callee);
  return mutation.kind !== 'call' || !READING.has(mutation.method);
}

function isReader(callee: Expr): boolean {
  return callee.type === 'name' && callee.variable.startsWith('builtin/');
}

/** The use asks for what it holds: it is no argument of another task, and for an object it is the field. */
function isRead({ fn, expr }: Use, field: string | null): boolean {
  const parent = parentsOf(fn).get(expr);
  if (field !== null) return parent?.type === 'attribute' && parent.name === field;
  if (parent?.type === 'collection' || parent?.type === 'expr') return false;
  return !ancestorsOf(fn, expr).some((node) => node.type === 'call' && node.callee.type === 'attribute' && /^(submit|apply|apply_async|put|send)$/.test(node.callee.name));
}
