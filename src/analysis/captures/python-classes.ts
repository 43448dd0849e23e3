/** Instances of Python's classes: the fields that constructors, dataclasses and `__new__` give them. */
import type { ClassIR, Expr, ModuleIR, TypeIR } from '../../ir/ir';
import type { Flow } from './flow';
import { normalize } from './python-library';
import { NO_ARGUMENTS, NOWHERE, type Arguments, type At } from './semantics';
import { UNKNOWN, type FunctionValue, type Instance, type Value } from './values';

/** An instance of a class of the workspace. `args` null: made elsewhere, by arguments that are not known. */
export function constructPython(module: ModuleIR, cls: ClassIR, args: Arguments | null, flow: Flow, depth: number): Value {
  const home = flow.flows.of(module);
  const base = libraryBase(module, cls, flow);
  let instance: Instance = { kind: 'instance', module, class: cls, fields: new Map(), open: base.open, args: args?.positional ?? null, base: base.name };
  if (depth > 6) return { ...instance, open: true };
  if (isDataclass(cls)) instance = dataclassFields(instance, args, home);
  const init = home.method(instance, '__init__');
  if (init && !(isDataclass(cls) && init.function.class !== cls.id)) instance = initialize(instance, init, args, home);
  const post = isDataclass(cls) ? home.method(instance, '__post_init__') : null;
  if (post) instance = home.flows.of(post.module).assignedFields(post.function, instance, NO_ARGUMENTS);
  const create = home.method(instance, '__new__');
  if (create) instance = createdFields(instance, create, args, home);
  return filled(instance, init !== null || create !== null, args, home);
}

/** Fields that `__new__` puts on the object that it returns. */
function createdFields(instance: Instance, create: FunctionValue, args: Arguments | null, flow: Flow): Instance {
  const home = flow.flows.of(create.module);
  const fn = create.function;
  const env = home.environment(fn, args, instance);
  const fields = new Map(instance.fields);
  for (const { value } of home.index.returns.get(fn.id) ?? []) {
    if (value?.type !== 'name') continue;
    for (const mutation of home.index.mutations.get(value.variable) ?? []) {
      if (mutation.kind === 'field' && mutation.path.length === 0) fields.set(mutation.name, mutation.value ? home.evaluate(mutation.value, { fn, site: mutation, env }) : UNKNOWN);
    }
  }
  return { ...instance, fields };
}

/** An instance of a class that is a container too: with what the container was given, where no constructor comes in between. */
function filled(instance: Instance, own: boolean, args: Arguments | null, flow: Flow): Instance {
  const { base } = instance;
  if (base === null || own || !args) return instance;
  if (/^typing\.NamedTuple$/.test(base)) {
    const names = [...instance.class.fields.keys()];
    return { ...instance, fields: new Map([...args.positional.map((value, i) => [names[i] ?? `[${i}]`, value] as const), ...args.keywords]) };
  }
  if (!/^(builtins\.(dict|list|set|tuple|frozenset)|collections\.\w+)$/.test(base)) return instance;
  const content = flow.semantics.callLibrary(base, args, flow, NOWHERE, false);
  if (content.kind !== 'container') return instance;
  return { ...instance, fields: new Map([...instance.fields, ...content.items.map((item) => [item.label, item.value] as const)]), open: instance.open || content.open };
}

function initialize(instance: Instance, init: FunctionValue, args: Arguments | null, flow: Flow): Instance {
  const home = flow.flows.of(init.module);
  let now = instance;
  // What the constructors above set comes first, as is the custom.
  for (const { call, fn } of home.index.calls) {
    if (fn !== init.function || call.callee.type !== 'attribute' || call.callee.name !== '__init__') continue;
    const owner = init.module.classes.get(init.function.class ?? '');
    if (!owner) continue;
    const { object } = call.callee;
    const isSuper = object.type === 'call' && object.callee.type === 'name' && object.callee.name === 'super';
    const named = !isSuper && object.type === 'name' ? home.evaluate(object, home.at({ fn, offset: fn.start, blocks: [] })) : null;
    const above = isSuper ? home.basesOf(owner) : named ? [named] : [];
    for (const base of above) {
      const parent = base.kind === 'class' ? home.methodOf(base.module, base.class, '__init__') : null;
      if (!parent || parent.function === init.function) continue;
      const env = home.environment(fn, args, now);
      const passed = home.args(isSuper ? call.args : call.args.slice(1), { fn, site: { fn, offset: fn.start + call.span.start, blocks: [] }, env });
      now = initialize(now, parent, passed, flow);
    }
  }
  return home.assignedFields(init.function, now, args);
}

function dataclassFields(instance: Instance, args: Arguments | null, flow: Flow): Instance {
  const fields = new Map<string, Value>();
  const order: { name: string; type?: TypeIR; value?: Expr }[] = [];
  for (const base of flow.basesOf(instance.class)) if (base.kind === 'class' && isDataclass(base.class)) order.push(...declaredFields(base.class, flow.flows.of(base.module)));
  order.push(...declaredFields(instance.class, flow));
  const home = flow.module.functions.get(instance.class.parent);
  const at = home && flow.at({ fn: home, offset: Number.MAX_SAFE_INTEGER, blocks: [] });
  order.forEach((field, i) => {
    const given = args?.keywords.get(field.name) ?? args?.positional[i];
    if (given) fields.set(field.name, given);
    else if (args && field.value && at) fields.set(field.name, defaultOf(field.value, flow, at));
    else if (field.type) fields.set(field.name, flow.semantics.typed(field.type, flow));
  });
  return { ...instance, fields };
}

/** The fields of a dataclass are what its body annotates, less class variables. */
function declaredFields(cls: ClassIR, flow: Flow): { name: string; type?: TypeIR; value?: Expr }[] {
  const def = flow.index.classDefs.get(cls.id);
  const fields: { name: string; type?: TypeIR; value?: Expr }[] = [];
  for (const stmt of def?.stmt.body ?? []) {
    const target = stmt.type === 'declare' ? stmt.target : stmt.type === 'assign-stmt' && stmt.annotation ? stmt.targets[0] : undefined;
    if (target?.type !== 'name') continue;
    const written = def!.site.fn.text?.slice(target.span.end, stmt.type === 'assign-stmt' ? stmt.value.span.start : stmt.span.end) ?? '';
    if (/\b(ClassVar|InitVar)\b/.test(written)) continue;
    const type = cls.fields.get(target.name)?.type;
    fields.push({ name: target.name, ...(type ? { type } : {}), ...(stmt.type === 'assign-stmt' ? { value: stmt.value } : {}) });
  }
  return fields;
}

function defaultOf(value: Expr, flow: Flow, at: At): Value {
  const isField = value.type === 'call' && (value.callee.type === 'name' ? value.callee.name === 'field' : value.callee.type === 'attribute' && value.callee.name === 'field');
  if (!isField || value.type !== 'call') return flow.evaluate(value, at);
  const given = value.args.find((a) => a.name === 'default');
  if (given) return flow.evaluate(given.value, at);
  const factory = value.args.find((a) => a.name === 'default_factory');
  if (!factory) return UNKNOWN;
  const made = flow.evaluate(factory.value, at);
  if (made.kind === 'function') return flow.invoke(made, NO_ARGUMENTS, null);
  if (made.kind === 'class') return constructPython(made.module, made.class, NO_ARGUMENTS, flow, 0);
  if (made.kind === 'library') return flow.semantics.callLibrary(made.name, NO_ARGUMENTS, flow, at, false);
  return UNKNOWN;
}

export function isDataclass(cls: ClassIR): boolean {
  return cls.decorators.some((name) => /(^|\.)dataclass(\(|$)/.test(name));
}

/** The library class above a class; `open` when one above it is not known. */
export function libraryBase(module: ModuleIR, cls: ClassIR, flow: Flow, depth = 0): { name: string | null; open: boolean } {
  let open = depth > 8;
  for (const base of open ? [] : flow.flows.of(module).basesOf(cls)) {
    if (base.kind === 'library') {
      if (/^(builtins\.object|typing\.(Generic|Protocol)|abc\.ABC)$/.test(base.name)) continue;
      return { name: normalize(base.name), open };
    }
    if (base.kind === 'class') {
      const above = libraryBase(base.module, base.class, flow, depth + 1);
      if (above.name) return above;
      open ||= above.open;
    } else if (base.kind === 'made' && /^(collections\.namedtuple|typing\.NamedTuple)$/.test(base.by)) return { name: 'builtins.tuple', open };
    else if (base.kind !== 'made' || !/^typing\./.test(base.by)) open = true;
  }
  return { name: null, open };
}
