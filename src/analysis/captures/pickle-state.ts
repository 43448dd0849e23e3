/** What pickle stores of an instance: its fields, or what `__getstate__`, `__reduce__` and the like give instead. */
import { type Flow } from './flow';
import { UNKNOWN, type Instance, type Value } from './values';

export type State =
  | {
      readonly kind: 'fields';
      readonly fields: ReadonlyMap<string, Value>;
      readonly open: boolean;
      /** Fields that `__getstate__` leaves out. */
      readonly dropped: readonly string[];
      /** There is a `__setstate__`, which can make them again. */
      readonly restored: boolean;
    }
  /** `__reduce__`: a callable, its arguments, a state. */
  | { readonly kind: 'reduced'; readonly values: readonly Value[] }
  | { readonly kind: 'refuses'; readonly reason: string }
  | { readonly kind: 'unknown' };

const NO_ARGUMENTS = { positional: [], keywords: new Map<string, Value>(), open: false };

export function stateOf(instance: Instance, flow: Flow): State {
  const reduce = flow.method(instance, '__reduce_ex__') ?? flow.method(instance, '__reduce__');
  const { name } = instance.class;
  if (reduce) {
    const body = reduce.function.body.filter((s) => s.type !== 'expr' && s.type !== 'pass');
    if (body[0]?.type === 'raise') return { kind: 'refuses', reason: `${reduce.function.name} of ${name} refuses to be pickled` };
    const result = flow.invoke(reduce, NO_ARGUMENTS, instance);
    if (result.kind !== 'container') return { kind: 'unknown' };
    return { kind: 'reduced', values: result.items.map((item) => item.value) };
  }
  const registered = registeredReducer(instance, flow);
  if (registered) {
    const result = registered.kind === 'function' ? flow.invoke(registered, { ...NO_ARGUMENTS, positional: [instance] }, null) : UNKNOWN;
    return result.kind === 'container' ? { kind: 'reduced', values: result.items.map((item) => item.value) } : { kind: 'unknown' };
  }
  const restore = flow.method(instance, '__setstate__');
  const get = flow.method(instance, '__getstate__');
  if (!get) return { kind: 'fields', fields: instance.fields, open: false, dropped: [], restored: restore !== null };

  const body = get.function.body.filter((s) => s.type !== 'expr' && s.type !== 'pass');
  if (body[0]?.type === 'raise') return { kind: 'refuses', reason: `__getstate__ of ${name} refuses to be pickled` };
  const state = flow.invoke(get, NO_ARGUMENTS, instance);
  if (state.kind === 'plain') return { kind: 'fields', fields: new Map(), open: false, dropped: [...instance.fields.keys()], restored: restore !== null };
  if (state.kind !== 'container') return { kind: 'unknown' };
  const fields = new Map<string, Value>();
  for (const item of state.items) fields.set(/^\["(.*)"\]$/.exec(item.label)?.[1] ?? item.label, item.value);
  const whole = [...fields.keys()].some((key) => key.startsWith('['));
  // A field that is set to None in the state is left behind as well.
  const dropped = whole ? [] : [...instance.fields].filter(([key, value]) => !fields.has(key) || (isNone(fields.get(key)!) && !isNone(value))).map(([key]) => key);
  return { kind: 'fields', fields, open: state.open, dropped, restored: restore !== null };
}

/** The function that `copyreg.pickle(Class, function)` registers for the class. */
function registeredReducer(instance: Instance, flow: Flow): Value | null {
  for (const { call, fn } of flow.index.calls) {
    const name = call.callee.type === 'attribute' ? call.callee.name : call.callee.type === 'name' ? call.callee.name : '';
    if (name !== 'pickle' || call.args.length < 2) continue;
    const at = flow.at({ fn, offset: fn.start + call.span.end, blocks: [] });
    const callee = flow.evaluate(call.callee, at);
    const cls = flow.evaluate(call.args[0]!.value, at);
    if (callee.kind === 'library' && callee.name === 'copyreg.pickle' && cls.kind === 'class' && cls.class === instance.class) return flow.evaluate(call.args[1]!.value, at);
  }
  return null;
}

function isNone(value: Value): boolean {
  return value.kind === 'plain' && value.type === 'undefined';
}
