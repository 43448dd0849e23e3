/** Instances of JavaScript's classes: the fields that constructors give them. */
import type { ClassIR, Expr, FunctionIR, ModuleIR } from '../../ir/ir';
import type { Flow } from './flow';
import { normalizeJs } from './javascript-library';
import { causeOf } from './javascript-objects';
import { NO_ARGUMENTS, NOWHERE, type Arguments, type At } from './semantics';
import { made, UNKNOWN, type FunctionValue, type Instance, type Made, type Value } from './values';

export function constructJavaScript(module: ModuleIR, cls: ClassIR, args: Arguments | null, flow: Flow, depth: number): Value {
  const home = flow.flows.of(module);
  const above = home.basesOf(cls)[0];
  const parent = above?.kind === 'class' ? above : null;
  const base = above?.kind === 'library' ? normalizeJs(above.name) : null;
  const start: Instance = { kind: 'instance', module, class: cls, fields: new Map(), open: above !== undefined && !parent && base === null, args: args?.positional ?? null, base };
  if (depth > 6) return { ...start, open: true };
  const id = cls.methods.get('constructor');
  const fn = id === undefined ? undefined : module.functions.get(id);
  const passed = fn ? superArguments(fn, args, start, home) : args;
  const inherited = parent ? constructJavaScript(parent.module, parent.class, passed, flow, depth + 1) : null;
  let instance: Instance = inherited?.kind === 'instance' ? { ...start, fields: inherited.fields, base: inherited.base, open: inherited.open } : start;
  if (instance.base !== null && /Error$/.test(instance.base)) {
    const cause = causeOf(passed?.positional[1]).get('cause');
    if (cause) instance = { ...instance, fields: new Map(instance.fields).set('cause', cause) };
  }
  if (instance.base !== null && /^(Map|Set|Array)$/.test(instance.base) && passed) instance = filled(instance, passed, flow);
  if (!fn) return instance;
  // A constructor may return another object in place of the instance.
  const instead = (home.index.returns.get(fn.id) ?? []).flatMap(({ value, site }) => (value ? [home.evaluate(value, { fn, site, env: home.environment(fn, args, instance) })] : []));
  const [other] = instead;
  return other && other.kind !== 'plain' && other.kind !== 'unknown' ? other : home.assignedFields(fn, instance, args);
}

/** An instance of a collection with what it was given. */
function filled(instance: Instance, args: Arguments, flow: Flow): Instance {
  const content = flow.semantics.callLibrary(instance.base!, args, flow, NOWHERE, true);
  if (content.kind !== 'container') return instance;
  return { ...instance, fields: new Map([...instance.fields, ...content.items.map((item) => [item.label, item.value] as const)]) };
}

/** What a constructor hands to the one above. */
function superArguments(fn: FunctionIR, args: Arguments | null, self: Value, flow: Flow): Arguments | null {
  const site = flow.index.calls.find((c) => c.fn === fn && isSuper(c.call.callee));
  if (!site) return NO_ARGUMENTS;
  return flow.args(site.call.args, { fn, site, env: flow.environment(fn, args, self) });
}

function isSuper(expr: Expr): boolean {
  return expr.type === 'this' && expr.kind === 'super';
}

/** An object made by `new` of a function: with the fields that it sets. */
export function constructBy(fn: FunctionValue, args: Arguments, flow: Flow): Made {
  const home = flow.flows.of(fn.module);
  const fields = new Map<string, Value>();
  for (const mutation of home.index.mutations.get(`this:${fn.function.id}`) ?? []) {
    if (mutation.kind !== 'field' || mutation.path.length > 0) continue;
    const at: At = { fn: fn.function, site: mutation, env: home.environment(fn.function, args, null) };
    fields.set(mutation.name, mutation.value ? home.evaluate(mutation.value, at) : UNKNOWN);
  }
  return { ...made('constructed'), fields };
}
