/** What `Object.assign`, `Object.create`, property descriptors and the like make of objects. */
import { withField, withItem } from './fields';
import type { Arguments } from './semantics';
import { container, made, plain, UNKNOWN, type Container, type Value } from './values';

export function causeOf(options: Value | undefined): ReadonlyMap<string, Value> {
  const cause = options?.kind === 'container' ? options.items.find((i) => i.label === '.cause')?.value : undefined;
  return new Map(cause ? [['cause', cause]] : []);
}

export function assign(target: Value, sources: readonly Value[]): Value {
  let now = target;
  for (const source of sources) {
    if (source.kind === 'container') {
      for (const item of source.items) {
        if (now.kind === 'container') now = withItem(now, item.label, item.value, true);
        else if (item.label.startsWith('.')) now = withField(now, item.label.slice(1), item.value);
      }
      if (source.open && now.kind === 'container') now = { ...now, open: true };
    } else if (source.kind === 'instance') {
      for (const [name, value] of source.fields) if (!name.startsWith('#')) now = withField(now, name, value);
    } else if (source.kind !== 'plain' && now.kind === 'container') now = { ...now, open: true };
  }
  return now;
}

export function created(prototype: Value | undefined, descriptors: Value | undefined): Value {
  let object: Value = container('object', []);
  if (descriptors?.kind === 'container') {
    for (const item of descriptors.items) {
      const value = item.value.kind === 'container' ? described(item.value) : UNKNOWN;
      if (object.kind === 'container') object = withItem(object, item.label, value, true);
    }
  }
  const isNull = prototype?.kind === 'plain' && prototype.type === 'null';
  const ordinary = prototype?.kind === 'library' && prototype.name === 'Object.prototype';
  return object.kind === 'container' && !ordinary ? { ...object, prototype: isNull ? null : 'other' } : object;
}

/** What a property descriptor makes of a property. */
function described(descriptor: Container): Value {
  const part = (name: string): Value | undefined => descriptor.items.find((i) => i.label === `.${name}`)?.value;
  const get = part('get');
  const enumerable = part('enumerable');
  const value = get ? made('accessor:get', [get]) : (part('value') ?? plain('undefined'));
  return enumerable ? value : made('hidden', [value]);
}

/** What a function of the language does to its first argument. */
export function afterCall(object: Value, call: string, args: Arguments): Value {
  const [, second, third] = args.positional;
  switch (call) {
    case '(Object.assign)0':
      return assign(object, args.positional.slice(1));
    case '(Object.setPrototypeOf)0':
    case '(Reflect.setPrototypeOf)0':
      return object.kind === 'container' ? { ...object, prototype: second?.kind === 'plain' && second.type === 'null' ? null : 'other' } : object;
    case '(Object.defineProperty)0':
    case '(Reflect.defineProperty)0': {
      if (second?.kind === 'made' && second.by === 'Symbol' && object.kind === 'container') return withItem(object, '[symbol]', UNKNOWN, false);
      if (second?.kind !== 'plain' || typeof second.constant !== 'string' || third?.kind !== 'container') return object;
      return withField(object, second.constant, described(third));
    }
    case '(Object.defineProperties)0': {
      if (second?.kind !== 'container') return object;
      return second.items.reduce<Value>((now, i) => (i.value.kind === 'container' ? withField(now, i.label.slice(1), described(i.value)) : now), object);
    }
    default:
      return object;
  }
}
