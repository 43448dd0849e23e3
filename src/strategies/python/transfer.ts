/** Whether a captured value can be sent to another process. */
import { pythonModels } from '../../models/python';
import type { ClassIR, Expr, Stmt, TypeIR, VarId } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import type { Use } from './deep';
import { Refusal } from '../refusal';
import type { Site } from './site';

const SMALL = new Set(['int', 'float', 'bool', 'str', 'complex', 'None', 'range', 'slice', 'datetime', 'date', 'Decimal', 'Fraction', 'Path']);

/** Sending a value of this type with each chunk costs nothing to speak of. */
export function isSmallType(name: string | undefined): boolean {
  return name !== undefined && SMALL.has(name.split('.').pop()!);
}

/** What cannot be pickled, by the name of its type, with what to do instead. The rest is asked of the library models. */
const STUCK: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  function: ['a function made here', 'define it with `def` at the top level of the module'],
  lambda: ['a lambda', 'define it with `def` at the top level of the module'],
  generator: ['a generator', 'make a list of its values before the loop'],
  Generator: ['a generator', 'make a list of its values before the loop'],
  iterator: ['an iterator', 'make a list of its values before the loop'],
  Iterator: ['an iterator', 'make a list of its values before the loop'],
  file: ['an open file', 'pass its path, and open it in each iteration, or read it before the loop'],
  TextIOWrapper: ['an open file', 'pass its path, and open it in each iteration, or read it before the loop'],
  Lock: ['a lock', 'leave it out: workers share no memory that it could guard'],
  RLock: ['a lock', 'leave it out: workers share no memory that it could guard'],
  socket: ['a socket', 'open a connection in each iteration'],
};

/** @param field the field of the variable's object, when only that is sent. @throws Refusal naming the value and what to do. */
export function checkTransfer(site: Site, id: VarId, use: Use, field?: string): void {
  if (site.world.memory === 'shared') return;
  const variable = site.variable(id);
  const capture = site.loop.captures.find((c) => c.variable === id);
  const type = variable?.type ?? capture?.type;
  const line = site.line(use.node, use.fn);
  const cls = (type ? site.module.classes.get(type.name) : undefined) ?? receiverClass(site, id);
  if (field !== undefined) {
    const known = cls?.fields.get(field);
    refuse(site, known?.type, known?.value, `${use.node.name}.${field}`, line, new Set());
    return;
  }
  refuse(site, type, null, use.node.name, line, new Set());
  for (const value of assignedValues(site, id)) refuse(site, undefined, value, use.node.name, line, new Set());
  if (cls) refuseClass(site, cls, use.node.name, line, new Set());
}

function receiverClass(site: Site, id: VarId): ClassIR | undefined {
  for (const fn of site.module.functions.values()) {
    if (fn.class !== null && fn.params[0]?.variable === id && !fn.decorators.includes('staticmethod')) return site.module.classes.get(fn.class);
  }
  return undefined;
}

function refuse(site: Site, type: TypeIR | undefined, value: Expr | null | undefined, path: string, line: number, seen: Set<string>): void {
  const stuck = (type && stuckType(type)) ?? (value ? stuckValue(site, value) : null);
  if (stuck) throw new Refusal(`\`${path}\` (line ${line}) is ${stuck[0]}, which cannot be sent to another ${site.world.place}`, stuck[1]);
  const cls = type ? site.module.classes.get(type.name) : undefined;
  if (cls) refuseClass(site, cls, path, line, seen);
  for (const arg of type?.args ?? []) refuse(site, arg, null, path, line, seen);
}

function refuseClass(site: Site, cls: ClassIR, path: string, line: number, seen: Set<string>): void {
  if (seen.has(cls.id)) return;
  seen.add(cls.id);
  if (cls.parent !== '') throw new Refusal(`\`${path}\` (line ${line}) is of class ${cls.name}, which is defined inside a function: its objects cannot be sent to another ${site.world.place}`, 'define the class at the top level of the module');
  // A class that says itself how it travels is taken at its word.
  if (['__getstate__', '__reduce__', '__reduce_ex__'].some((m) => cls.methods.has(m))) return;
  for (const field of cls.fields.values()) if (!field.static) refuse(site, field.type, field.value, `${path}.${field.name}`, line, seen);
}

function stuckType(type: TypeIR): readonly [string, string] | null {
  const short = type.name.split('.').pop()!;
  const known = STUCK[type.name] ?? STUCK[short];
  if (known) return known;
  const model = pythonModels.types.get(type.name) ?? pythonModels.types.get(short);
  return model?.transfer === 'not-serializable' ? [`a ${short}`, model.transferReason ?? 'make one in each iteration'] : null;
}

function stuckValue(site: Site, value: Expr): readonly [string, string] | null {
  if (value.type === 'function') return STUCK.lambda!;
  if (value.type === 'comprehension' && value.kind === 'generator') return STUCK.generator!;
  if (value.type !== 'call') return null;
  const { callee } = value;
  if (callee.type === 'name') {
    if (callee.variable === 'builtin/open') return STUCK.file!;
    if (['builtin/iter', 'builtin/map', 'builtin/filter', 'builtin/zip'].includes(callee.variable)) return STUCK.iterator!;
    const variable = site.variable(callee.variable);
    if (variable?.import?.name && /^(?:Lock|RLock|Semaphore|Condition|Event)$/.test(variable.import.name)) return STUCK.Lock!;
    const fn = variable?.target === undefined ? undefined : site.module.functions.get(variable.target);
    if (fn?.generator) return STUCK.generator!;
  }
  if (callee.type === 'attribute' && /^(?:Lock|RLock|Semaphore|Condition|Event)$/.test(callee.name)) return STUCK.Lock!;
  if (callee.type === 'attribute' && callee.name === 'open') return STUCK.file!;
  if (callee.type === 'attribute' && callee.name === 'socket') return STUCK.socket!;
  return null;
}

/** What the variable is set to in the function that owns it, `with … as` included. */
function assignedValues(site: Site, id: VarId): Expr[] {
  const owner = site.module.functions.get(id.slice(0, id.lastIndexOf('/')));
  const values: Expr[] = [];
  if (!owner) return values;
  walkStmts(owner.body, {
    stmt(s: Stmt) {
      if (s.type === 'assign-stmt' && s.operator === null && s.targets.some((t) => t.type === 'name' && t.variable === id)) values.push(s.value);
      if (s.type === 'with') for (const item of s.items) if (item.target?.type === 'name' && item.target.variable === id) values.push(item.context);
    },
  });
  return values;
}
