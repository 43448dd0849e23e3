/** Whether pickle finds a class again, and whether an instance can be made of what it stored. */
import type { ClassIR, Expr, FunctionIR, Stmt } from '../../ir/ir';
import { walkFunction, walkStmts } from '../../ir/walk';
import type { Flow } from './flow';
import { fails, unknown, type Judgement } from './judgement';
import type { State } from './pickle-state';
import { isDataclass } from './python-classes';
import type { Instance } from './values';

/** Why pickle would not find the class under its name; null when it does. */
export function classTrouble(flow: Flow, cls: ClassIR): Judgement | null {
  const outer = cls.id.split('.').slice(0, -1);
  const home = flow.module.functions.get(cls.parent);
  const variable = flow.index.nameOf(cls.id);
  if (cls.parent !== '' && variable?.owner !== '') {
    return fails(`its class ${cls.name} is defined inside ${home?.name ?? 'a function'}, where pickle cannot find it`);
  }
  // A class inside a class is found by way of the outer one.
  const top = outer.length > 0 ? (flow.module.classes.get(outer[0]!) ?? cls) : cls;
  const bindings = flow.index.bindings.get(`/${top.name}`) ?? [];
  const own = bindings.find((b) => b.kind === 'class' && b.class === top.id);
  if (!own) return unknown();
  const others = bindings.filter((b) => b !== own && b.kind !== 'absent');
  for (const other of others) {
    if (other.kind === 'import' || other.blocks.some((b) => b.kind !== 'loop')) continue;
    const replaced = other.fn.id === '' ? other.offset > own.offset : isCalled(flow, other.fn);
    if (!replaced) continue;
    const value = other.kind === 'value' ? flow.evaluate(other.value, flow.at(other)) : null;
    if (value?.kind === 'class' && value.class === top) continue;
    if (other.kind === 'value' && mentions(other.value, top.name)) return unknown();
    return fails(`the name ${top.name} stands for something else by then: pickle finds classes by name`);
  }
  if (own.kind === 'class') {
    for (const decorator of own.decorators) {
      const by = flow.evaluate(decorator, flow.at(own));
      if (by.kind !== 'function') continue;
      const result = flow.invoke(by, { positional: [{ kind: 'class', module: flow.module, class: top }], keywords: new Map(), open: false }, null);
      if (result.kind === 'class' && result.class !== top) return fails(`its decorator replaces ${top.name} by another class, which pickle cannot find`);
      if (result.kind !== 'class') return unknown();
    }
  }
  return null;
}

function isCalled(flow: Flow, fn: FunctionIR): boolean {
  const name = flow.index.nameOf(fn.id);
  return name !== null && (flow.index.callsOf.get(name.id)?.length ?? 0) > 0;
}

function mentions(expr: Expr, name: string): boolean {
  return expr.type === 'call' && expr.args.some((a) => a.value.type === 'name' && a.value.name === name);
}

// ---------------------------------------------------------------------------------------------------------------------

const BY_VALUE = /^builtins\.(int|float|complex|str|bytes|bytearray|tuple|frozenset)$/;
/** How many arguments the class is called with to make a container again. */
const CALLED_WITH: Readonly<Record<string, number>> = { 'builtins.set': 1, 'builtins.frozenset': 1, 'collections.Counter': 1, 'collections.defaultdict': 1, 'collections.OrderedDict': 0, 'collections.deque': 0 };
const EXCEPTION = /^(builtins\.\w*(Error|Exception|Warning|Interrupt|Iteration|Exit|Group)|\w+(\.\w+)*\.\w*(Error|Exception))$/;

/** Why making the instance again in the worker would fail, although storing it succeeds; null when it would not. */
export function unpickleTrouble(instance: Instance, flow: Flow, state: State & { kind: 'fields' }): string | null {
  const own = (name: string): FunctionIR | null => flow.method(instance, name)?.function ?? null;
  const { name } = instance.class;

  if (instance.base !== null && EXCEPTION.test(instance.base)) return exceptionTrouble(instance, own('__init__'), own('__new__'), flow);
  const create = own('__new__');
  if (create && !own('__getnewargs__') && !own('__getnewargs_ex__')) {
    const needed = required(create) - (instance.base !== null && BY_VALUE.test(instance.base) ? 1 : 0);
    if (needed > 0) return `__new__ of ${name} needs ${needed === 1 ? 'an argument' : `${needed} arguments`} that pickle does not keep: add __getnewargs__`;
  }
  const start = own('__init__');
  const given = instance.base === null ? undefined : CALLED_WITH[instance.base];
  if (start && given !== undefined && !own('__reduce__')) {
    const most = start.params.some((p) => p.kind === 'rest') ? Infinity : start.params.filter((p) => p.kind === 'plain' || p.kind === 'positional-only').length - 1;
    if (required(start) > given || most < given) return `${name} is made again with ${given === 1 ? 'one argument' : 'no arguments'}, which its constructor does not take: add __reduce__`;
  }
  const getattr = own('__getattr__');
  if (getattr && !own('__setstate__') && state.fields.size > 0) {
    const field = unguardedRead(getattr, flow, instance);
    if (field !== null) return `__getattr__ of ${name} reads self.${field} before it is there and calls itself for ever: add __setstate__, or raise AttributeError for names that begin with _`;
  }
  const set = own('__setattr__');
  const slots = hasSlots(instance);
  if (slots && !own('__setstate__') && !own('__getstate__')) {
    if (frozen(instance.class, flow)) return `${name} is frozen and has __slots__: its fields cannot be set again`;
    if (set && alwaysRaises(set)) return `__setattr__ of ${name} refuses to set its fields again`;
  }
  const item = own('__setitem__');
  if (item && (instance.base === 'builtins.dict' || instance.base === 'collections.OrderedDict')) {
    const field = readsOwnField(item, instance);
    if (field !== null && (instance.args?.length ?? 0) > 0) return `__setitem__ of ${name} reads self.${field}, which is not there when pickle fills the dictionary`;
  }
  return null;
}

/** Exceptions are made again by calling the class with their `args`. */
function exceptionTrouble(instance: Instance, init: FunctionIR | null, create: FunctionIR | null, flow: Flow): string | null {
  if (!init || create || init.params.some((p) => p.kind === 'rest')) return null;
  const given = superArguments(init, flow);
  // Without a call of the constructor above, `args` are what the class was called with, less the keywords.
  const kept = given === 'none' ? (instance.args?.length ?? null) : given;
  if (kept === null) return null;
  const positional = init.params.slice(1).filter((p) => p.kind === 'plain' || p.kind === 'positional-only');
  const needed = positional.filter((p) => p.default === null).length;
  const keywordOnly = init.params.some((p) => p.kind === 'keyword-only' && p.default === null);
  const { name } = instance.class;
  if (keywordOnly || kept < needed) {
    return `${name} keeps ${kept === 1 ? 'one argument' : `${kept} arguments`} in args but its constructor needs ${needed + (keywordOnly ? 1 : 0)}: the worker cannot make it again; add __reduce__`;
  }
  if (kept > positional.length) return `${name} keeps ${kept} arguments in args but its constructor takes ${positional.length}: the worker cannot make it again; add __reduce__`;
  return null;
}

/** How many arguments a constructor hands to the one above: what `args` holds afterwards. Null when it cannot be told. */
function superArguments(init: FunctionIR, flow: Flow): number | 'none' | null {
  let count: number | 'none' | null = 'none';
  walkFunction(init, {
    expr(expr) {
      if (expr.type !== 'call' || expr.callee.type !== 'attribute' || expr.callee.name !== '__init__') return;
      const isSuper = expr.callee.object.type === 'call';
      const args = isSuper ? expr.args : expr.args.slice(1);
      count = args.some((a) => a.spread === 'list') ? null : args.filter((a) => a.name === undefined && a.spread === undefined).length;
      if (isSuper && count !== null) count = aboveCount(init, count, flow);
    },
  });
  // `self.args = (…)` settles it.
  walkStmts(init.body, {
    stmt(stmt) {
      if (stmt.type !== 'assign-stmt' || stmt.value.type !== 'collection') return;
      if (stmt.targets.some((t) => t.type === 'attribute' && t.name === 'args')) count = stmt.value.items.length;
    },
  });
  return count;
}

/** The class above may be one of the workspace that hands on other arguments than it gets. */
function aboveCount(init: FunctionIR, count: number, flow: Flow): number | null {
  const cls = flow.module.classes.get(init.class ?? '');
  for (const base of cls ? flow.basesOf(cls) : []) {
    if (base.kind !== 'class') continue;
    const above = flow.methodOf(base.module, base.class, '__init__');
    if (!above || above.function === init) return count;
    const handed = superArguments(above.function, flow.flows.of(above.module));
    return handed === 'none' ? count : handed;
  }
  return count;
}

function required(fn: FunctionIR): number {
  return fn.params.slice(1).filter((p) => (p.kind === 'plain' || p.kind === 'positional-only' || p.kind === 'keyword-only') && p.default === null).length;
}

/** The field that `__getattr__` reads on its way to any answer, when nothing but itself provides it; null when a test comes first. */
function unguardedRead(getattr: FunctionIR, flow: Flow, instance: Instance): string | null {
  const self = getattr.params[0]?.variable;
  for (const stmt of getattr.body) {
    if (stmt.type === 'if' || stmt.type === 'try' || stmt.type === 'raise') return null;
    let field: string | null = null;
    walkStmts([stmt], {
      expr(expr) {
        if (expr.type !== 'attribute' || expr.object.type !== 'name' || expr.object.variable !== self) return;
        const onClass = instance.class.fields.get(expr.name)?.static || flow.method(instance, expr.name) || expr.name.startsWith('__');
        if (!onClass) field ??= expr.name;
      },
    });
    if (field !== null) return field;
  }
  return null;
}

function readsOwnField(fn: FunctionIR, instance: Instance): string | null {
  const self = fn.params[0]?.variable;
  let field: string | null = null;
  walkFunction(fn, {
    expr(expr) {
      if (expr.type === 'attribute' && expr.object.type === 'name' && expr.object.variable === self && instance.fields.has(expr.name)) field ??= expr.name;
    },
  });
  return field;
}

function hasSlots(instance: Instance): boolean {
  return instance.class.fields.has('__slots__');
}

/** A frozen dataclass whose slots are written by hand: the ones that `dataclass` makes come with their own state. */
function frozen(cls: ClassIR, flow: Flow): boolean {
  const def = flow.index.classDefs.get(cls.id);
  const option = (name: string): boolean =>
    (def?.stmt.decorators ?? []).some((d) => d.type === 'call' && d.args.some((a) => a.name === name && a.value.type === 'const' && a.value.value === true));
  return isDataclass(cls) && option('frozen') && !option('slots');
}

function alwaysRaises(fn: FunctionIR): boolean {
  return fn.body.some((stmt: Stmt) => stmt.type === 'raise');
}
