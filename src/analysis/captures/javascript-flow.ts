/** What JavaScript's globals, classes and array methods do to values. */
import type { TypeIR } from '../../ir/ir';
import { walkStmts } from '../../ir/walk';
import { withField, withItem } from './fields';
import type { Flow } from './flow';
import { NOWHERE, type Arguments, type At, type Semantics } from './semantics';
import { constructBy, constructJavaScript } from './javascript-classes';
import { normalizeJs } from './javascript-library';
import { afterCall, assign, causeOf, created } from './javascript-objects';
import { container, containerOf, each, made, plain, union, UNKNOWN, type Container, type Value } from './values';

const ERRORS = /^(Type|Range|Syntax|URI|Eval|Reference)?Error$/;
const TYPED_ARRAY = /^((Big)?(Int|Uint|Float)\d+(Clamped)?Array|DataView)$/;
const PRIMITIVE_CALLS = /^(String|Number|Boolean|BigInt|parseInt|parseFloat|isNaN|isFinite|atob|btoa|encodeURI(Component)?|decodeURI(Component)?|Date\.\w+|Math\.\w+|JSON\.stringify|Number\.\w+|String\.\w+|performance\.now|crypto\.random(UUID|Int)|os\.(?!userInfo)\w+|path\.(?!parse)\w+|fs\.existsSync|process\.(cwd|uptime)|Symbol\.keyFor|Array\.isArray|Object\.(is|hasOwn|isFrozen)|util\.(inspect|format))$/;
const SAME_ARRAY = new Set(['filter', 'slice', 'reverse', 'toReversed', 'sort', 'toSorted', 'splice', 'toSpliced', 'fill', 'copyWithin', 'with']);
const ITERATORS = new Set(['values', 'keys', 'entries', 'matchAll']);
const INHERITED = /^(toString|toLocaleString|valueOf|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|constructor)$/;
const LISTENERS = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
/** Emitters whose listeners lie in an ordinary field, which cloning visits. */
const EMITTER = /^(events\.EventEmitter|stream\.|fs\.(createReadStream|ReadStream|createWriteStream|WriteStream)|net\.|http\.|child_process\.|Worker|dgram\.)/;

export const javascriptSemantics: Semantics = {
  constant(expr) {
    switch (expr.kind) {
      case 'regexp':
        return { ...made('RegExp'), keywords: new Map([['source', plain('string', String(expr.value))]]) };
      case 'none':
        return plain('null');
      case 'undefined':
        return plain('undefined');
      case 'string':
        return plain('string', typeof expr.value === 'string' ? expr.value : undefined);
      default:
        return plain('number', typeof expr.value === 'number' ? expr.value : undefined);
    }
  },

  builtin(name) {
    if (name === 'undefined' || name === 'NaN' || name === 'Infinity') return plain('undefined');
    if (name === 'arguments') return made('arguments');
    return { kind: 'library', name };
  },

  callLibrary,

  callMethod(object, name, args, flow) {
    if (object.kind === 'container') return containerMethod(object, name, args, flow);
    if (object.kind === 'plain') {
      if (name === 'matchAll') return made('iterator', [containerOf('array', plain('string'))]);
      return name === 'split' || name === 'match' ? containerOf('array', plain('string')) : plain(object.type);
    }
    if (object.kind === 'function' || object.kind === 'method') {
      if (name === 'bind') return made('bound-function');
      if (name === 'call') return called(object, args.positional.slice(1), flow);
      return name === 'toString' ? plain('string') : UNKNOWN;
    }
    if (object.kind !== 'made') return UNKNOWN;
    if (object.by === 'Promise') return name === 'then' || name === 'catch' || name === 'finally' ? made('Promise', [name === 'then' ? settled(args, object.args[0] ?? UNKNOWN, flow) : name === 'finally' ? (object.args[0] ?? UNKNOWN) : UNKNOWN]) : UNKNOWN;
    if (LISTENERS.has(name) || name === 'unref' || name === 'ref' || name === 'setEncoding') return object;
    if (name === 'bind') return made('bound-function');
    if (TYPED_ARRAY.test(object.by) || object.by === 'Buffer') {
      if (ITERATORS.has(name)) return made('iterator');
      return name === 'toString' || name === 'at' || name === 'join' ? plain('string') : object;
    }
    if (object.by === 'TextEncoder' && name === 'encode') return made('Uint8Array');
    if (/^(Blob|Response|Request|File)$/.test(object.by) && name in BODY) return made('Promise', [BODY[name]!]);
    if (object.by === 'RegExp') return name === 'exec' ? containerOf('array', plain('string')) : plain('bool');
    if (object.by === 'Date' || object.by === 'URL' || object.by === 'Symbol') return plain('string');
    if (/^crypto\.create(Hash|Hmac|Sign)$/.test(object.by) && (name === 'digest' || name === 'sign')) return args.positional.length ? plain('string') : made('Buffer');
    return flow.semantics.callLibrary(`${object.by}().${name}`, args, flow, NOWHERE, false);
  },

  member: () => null,

  attribute(object, name) {
    if (object.kind === 'container') return name === 'length' || name === 'size' ? plain('number') : object.open ? UNKNOWN : object.type === 'object' && !INHERITED.test(name) ? plain('undefined') : { kind: 'method', object, name, function: null };
    if (object.kind === 'function') return name === 'name' || name === 'length' ? plain('string') : UNKNOWN;
    if (object.kind === 'plain') return name === 'length' ? plain('number') : { kind: 'method', object, name, function: null };
    if (object.kind === 'made') {
      if (name === 'buffer' && (TYPED_ARRAY.test(object.by) || object.by === 'Buffer')) return made('ArrayBuffer');
      if (name === 'byteLength' || name === 'length' || name === 'size' || name === 'lastIndex' || name === 'source' || name === 'flags') return plain('number');
      if (ERRORS.test(object.by)) return name === 'cause' ? (object.keywords.get('cause') ?? plain('undefined')) : plain('string');
      if (object.by === 'URL') return name === 'searchParams' ? made('URLSearchParams') : plain('string');
      if (object.by === 'AbortController' && name === 'signal') return made('AbortSignal');
      const by = normalizeJs(`${object.by}().${name}`);
      return by === 'MessagePort' ? made(by) : UNKNOWN;
    }
    return UNKNOWN;
  },

  mutate(object, method, args) {
    const [first, second] = args.positional;
    if (method.startsWith('(')) return afterCall(object, method, args);
    if (object.kind === 'instance' && LISTENERS.has(method) && object.base !== null && EMITTER.test(object.base) && second) return withField(object, '[listener]', second);
    if (object.kind === 'made') {
      if (method === '[transferred]') return withField(object, '[detached]', plain('bool'));
      if (LISTENERS.has(method) && EMITTER.test(normalizeJs(object.by)) && second) return withField(object, '[listener]', second);
      const source = object.keywords.get('source');
      const flags = source?.kind === 'plain' ? /\/([a-z]*)$/.exec(String(source.constant ?? ''))?.[1] : undefined;
      if (object.by === 'RegExp' && (method === 'exec' || method === 'test') && flags && /[gy]/.test(flags)) return withField(object, 'lastIndex', plain('number'));
      return object;
    }
    if (object.kind !== 'container') return object;
    switch (method) {
      case 'push':
      case 'unshift':
        return args.positional.reduce<Container>((all, item) => withItem(all, '[…]', item, false), args.open ? { ...object, open: true } : object);
      case 'add':
      case 'fill':
        return first ? withItem(object, '[…]', first, false) : object;
      case 'set':
        return object.type === 'Map' && first && second ? withEntry(object, first, second) : object;
      case 'delete':
        return first?.kind === 'plain' && first.constant !== undefined ? { ...object, items: object.items.filter((i) => i.label !== entryLabel(first)) } : object;
      case 'clear':
        return { ...object, items: [] };
      case 'splice':
        return args.positional.slice(2).reduce<Container>((all, item) => withItem(all, '[…]', item, false), object);
      default:
        return object;
    }
  },

  construct: constructJavaScript,
  constructBy,

  enter: () => UNKNOWN,

  elementOf,

  typed(type, flow) {
    const [first] = type.args ?? [];
    switch (type.name) {
      case 'number':
      case 'string':
      case 'boolean':
      case 'bigint':
      case 'null':
      case 'undefined':
      case 'void':
        return plain(type.name);
      case 'function':
        return made('function');
      case 'symbol':
        return made('Symbol');
      case 'union':
        return union((type.args ?? []).map((t) => javascriptSemantics.typed(t, flow)));
      case 'Array': {
        const element = first ? javascriptSemantics.typed(first, flow) : UNKNOWN;
        return element.kind === 'unknown' ? container('array', [], true) : containerOf('array', element);
      }
      case 'Map':
      case 'Set': {
        const element = type.args?.at(-1);
        const value = element ? javascriptSemantics.typed(element, flow) : UNKNOWN;
        return value.kind === 'unknown' ? container(type.name, [], true) : containerOf(type.name, value);
      }
      case 'Promise':
        return made('Promise', first ? [javascriptSemantics.typed(first, flow)] : []);
      default:
        return typedObject(type, flow);
    }
  },

  decorate: (fn) => fn,

  caught(binding, flow, at) {
    // One library call alone in the block tells what is thrown.
    const names = new Set<string>();
    walkStmts(binding.from.body, {
      expr(expr) {
        if (expr.type !== 'call') return;
        const callee = flow.evaluate(expr.callee, { ...at, fn: binding.fn, site: binding });
        names.add(callee.kind === 'library' ? normalizeJs(callee.name) : '?');
      },
    });
    const all = [...names];
    if (all.length === 0) return UNKNOWN;
    if (all.every((name) => /^(fs|child_process|net|dns)\./.test(name))) return made('system-error');
    return all.every((name) => name === 'JSON.parse') ? made('SyntaxError') : UNKNOWN;
  },

  binary(_operator, left, right) {
    // Operators give primitives, whatever their operands are.
    return left.kind === 'plain' ? plain(left.type) : right.kind === 'plain' ? plain(right.type) : plain('number');
  },
};

/** What reading the body of a response or blob gives. */
const BODY: Readonly<Record<string, Value>> = { text: plain('string'), json: plain('json'), arrayBuffer: made('ArrayBuffer'), bytes: made('Uint8Array'), blob: made('Blob') };

function callLibrary(given: string, args: Arguments, flow: Flow, _at: At, construct: boolean): Value {
  const name = normalizeJs(given);
  const [first, second] = args.positional;
  if (!construct && PRIMITIVE_CALLS.test(name)) return plain('string');
  if (ERRORS.test(name) || name === 'AggregateError') return made(name, args.positional, causeOf(name === 'AggregateError' ? args.positional[2] : second));
  switch (name) {
    case 'Array':
    case 'Array.of':
      return container('array', args.positional.length === 1 && name === 'Array' ? [] : args.positional.map((value, i) => ({ label: `[${i}]`, value })), args.open);
    case 'Array.from': {
      const element = first ? elementOf(first) : UNKNOWN;
      if (second) return containerOf('array', called(second, [element, plain('number')], flow));
      return first?.kind === 'container' && first.type !== 'object' ? { ...first, type: 'array' } : element.kind === 'unknown' ? container('array', [], true) : containerOf('array', element);
    }
    case 'Map':
      return mapOf(first);
    case 'Set':
      return first?.kind === 'container' ? { ...first, type: 'Set', items: first.items.map((i) => ({ label: '[…]', value: i.value })) } : container('Set', [], first !== undefined && first.kind !== 'plain');
    case 'Object':
      return first ?? container('object', []);
    case 'Object.assign':
      return first ? assign(first, args.positional.slice(1)) : UNKNOWN;
    case 'Object.freeze':
    case 'Object.seal':
    case 'Object.preventExtensions':
      return first ?? UNKNOWN;
    case 'Object.defineProperty':
    case 'Object.defineProperties':
    case 'Object.setPrototypeOf':
      return first ? afterCall(first, `(${name})0`, args) : UNKNOWN;
    case 'Object.create':
      return created(first, second);
    case 'Object.fromEntries':
      return first?.kind === 'container' ? { ...mapOf(first), type: 'object', items: mapOf(first).items.map((i) => ({ label: i.label.replace(/^\.get\("(.*)"\)$/, '.$1'), value: i.value })) } : container('object', [], true);
    case 'Object.values':
    case 'Object.entries': {
      if (first?.kind !== 'container') return container('array', [], true);
      const pair = (value: Value): Value => (name === 'Object.values' ? value : container('array', [{ label: '[0]', value: plain('string') }, { label: '[1]', value }]));
      return container('array', first.items.map((i) => ({ label: '[…]', value: pair(i.value) })), first.open);
    }
    case 'Object.keys':
    case 'Object.getOwnPropertyNames':
      return containerOf('array', plain('string'));
    case 'JSON.parse':
      return plain('json');
    case 'structuredClone':
      return plain('clone');
    case 'Promise.resolve':
      return made('Promise', [first?.kind === 'made' && first.by === 'Promise' ? (first.args[0] ?? UNKNOWN) : (first ?? plain('undefined'))]);
    case 'Promise.all':
    case 'Promise.allSettled':
      return made('Promise', [container('array', [{ label: '[…]', value: first ? settledValue(elementOf(first)) : UNKNOWN }])]);
    case 'Promise.reject':
    case 'Promise.race':
    case 'Promise.any':
      return made('Promise', [UNKNOWN]);
    case 'Promise':
      return made('Promise', [UNKNOWN]);
    case 'fs.readFileSync':
      return second ? plain('string') : made('Buffer');
    case 'fs.promises.readFile':
      return made('Promise', [second ? plain('string') : made('Buffer')]);
    case 'fs.promises.stat':
    case 'fs.promises.lstat':
      return made('Promise', [made('fs.Stats')]);
    case 'fs.promises.open':
      return made('Promise', [made('FileHandle')]);
    case 'fs.readdirSync':
      return second?.kind === 'container' && second.items.some((i) => i.label === '.withFileTypes') ? containerOf('array', made('fs.Dirent')) : containerOf('array', plain('string'));
    case 'WebAssembly.Memory':
      return first?.kind === 'container' && first.items.some((i) => i.label === '.shared') ? plain('shared memory') : made(name);
    case 'fetch':
      return made('Promise', [made('Response')]);
    case 'require':
    case 'import':
      return UNKNOWN;
    case 'RegExp':
      return { ...made('RegExp'), keywords: new Map([['source', plain('string', `/x/${second?.kind === 'plain' ? String(second.constant ?? '') : ''}`)]]) };
    case 'Buffer':
      return made('Buffer');
    default:
      if (/^(document\.(querySelector|getElementById|createElement)|document\.body)/.test(name)) return made('DOM');
      if (/^zlib\.\w+Sync$/.test(name)) return made('Buffer');
      if (/^Array\.prototype\.\w+\.bind$|\.bind$/.test(name)) return made('bound-function');
      return made(name, args.positional, args.keywords);
  }
}

function called(fn: Value, args: readonly Value[], flow: Flow): Value {
  if (fn.kind === 'function') return flow.invoke(fn, { positional: args, keywords: new Map(), open: false }, null);
  if (fn.kind === 'library') return flow.semantics.callLibrary(fn.name, { positional: args, keywords: new Map(), open: false }, flow, NOWHERE, false);
  return UNKNOWN;
}

function settled(args: Arguments, value: Value, flow: Flow): Value {
  const [then] = args.positional;
  return then ? settledValue(called(then, [value], flow)) : value;
}

function settledValue(value: Value): Value {
  return value.kind === 'made' && value.by === 'Promise' ? (value.args[0] ?? UNKNOWN) : value;
}

function entryLabel(key: Value): string {
  return key.kind === 'plain' && typeof key.constant === 'string' ? `.get("${key.constant}")` : key.kind === 'plain' && key.constant !== undefined ? `.get(${key.constant})` : '[…]';
}

function withEntry(map: Container, key: Value, value: Value): Container {
  const entry = withItem(map, entryLabel(key), value, key.kind === 'plain' && key.constant !== undefined);
  return key.kind === 'plain' ? entry : withItem(entry, '[key]', key, false);
}

function mapOf(entries: Value | undefined): Container {
  if (!entries || (entries.kind === 'plain' && (entries.type === 'null' || entries.type === 'undefined'))) return container('Map', []);
  if (entries.kind !== 'container') return container('Map', [], true);
  if (entries.type === 'Map') return entries;
  let map = container('Map', [], entries.open);
  for (const { value: pair } of entries.items) {
    if (pair.kind !== 'container') map = { ...map, open: true };
    else map = withEntry(map, pair.items[0]?.value ?? UNKNOWN, pair.items[1]?.value ?? plain('undefined'));
  }
  return map;
}

function containerMethod(object: Container, name: string, args: Arguments, flow: Flow): Value {
  const [first] = args.positional;
  const element = elementOf(object);
  if (object.type === 'Map' || object.type === 'Set') {
    if (ITERATORS.has(name)) return made('iterator', [element]);
    return name === 'get' ? union(object.items.filter((i) => i.label !== '[key]').map((i) => i.value)) : name === 'set' || name === 'add' ? object : plain('bool');
  }
  if (object.type === 'object') return UNKNOWN;
  if (name === 'fill') return first ? containerOf('array', first) : object;
  if (name === 'slice' || name === 'filter') return part(object, name, args);
  if (SAME_ARRAY.has(name)) return object;
  if (ITERATORS.has(name)) return made('iterator', [element]);
  switch (name) {
    case 'map':
    case 'flatMap': {
      const mapped = first ? called(first, [element, plain('number'), object], flow) : UNKNOWN;
      if (object.items.length === 0 && !object.open) return object;
      const value = name === 'flatMap' && mapped.kind === 'container' ? elementOf(mapped) : mapped;
      return object.open && mapped.kind === 'unknown' ? container('array', [], true) : containerOf('array', value);
    }
    case 'concat':
      return args.positional.reduce<Container>((all, arg) => {
        if (arg.kind !== 'container') return arg.kind === 'plain' ? all : { ...all, open: true };
        return { ...all, open: all.open || arg.open, items: [...all.items, ...arg.items.map((i) => ({ label: '[…]', value: i.value }))] };
      }, object);
    case 'pop':
    case 'shift':
    case 'at':
    case 'find':
    case 'findLast':
      return element;
    case 'join':
    case 'indexOf':
    case 'includes':
    case 'some':
    case 'every':
    case 'findIndex':
    case 'push':
    case 'unshift':
      return plain('number');
    case 'flat':
      return container('array', [{ label: '[…]', value: union([element, elementOf(element)]) }]);
    case 'reduce':
    case 'reduceRight': {
      const start = args.positional[1];
      return first ? union([...(start ? [start] : []), called(first, [start ?? element, element], flow)]) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** `slice` with bounds that are known; else some of the elements. */
function part(array: Container, name: string, args: Arguments): Value {
  const [from, to] = args.positional;
  const start = from === undefined ? 0 : from.kind === 'plain' && typeof from.constant === 'number' ? from.constant : -1;
  const end = to === undefined ? Number.MAX_SAFE_INTEGER : to.kind === 'plain' && typeof to.constant === 'number' ? to.constant : -1;
  if (array.items.length === 0) return array;
  if (name === 'filter' || start < 0 || end < 0 || array.items.some((i) => !/^\[\d+\]$/.test(i.label))) {
    return { ...array, items: [{ label: '[…]', value: union(array.items.map((i) => i.value)) }] };
  }
  return { ...array, items: array.items.slice(start, end).map((item, i) => ({ label: `[${i}]`, value: item.value })) };
}

function elementOf(value: Value): Value {
  switch (value.kind) {
    case 'container': {
      const items =
        value.type === 'Map'
          ? value.items.filter((i) => i.label !== '[key]').map((i) => container('array', [{ label: '[0]', value: plain('string') }, { label: '[1]', value: i.value }]) as Value)
          : value.items.filter((i) => i.label.startsWith('[')).map((i) => i.value);
      if (value.open) items.push(UNKNOWN);
      return items.length ? each(items) : plain('undefined');
    }
    case 'plain':
      return plain(value.type);
    case 'union':
      return each(value.options.map(elementOf));
    case 'made':
      if (value.by === 'iterator') return value.args[0] ?? UNKNOWN;
      return TYPED_ARRAY.test(value.by) || value.by === 'Buffer' ? plain('number') : UNKNOWN;
    default:
      return UNKNOWN;
  }
}

function typedObject(type: TypeIR, flow: Flow): Value {
  const cls = flow.module.classes.get(type.name);
  if (cls) return constructJavaScript(flow.module, cls, null, flow, 0);
  if (/^(WeakMap|WeakSet|WeakRef|RegExp|Date|ArrayBuffer|SharedArrayBuffer|Worker|MessagePort|URL|Buffer|ReadableStream|WritableStream|Error|TypeError|RangeError)$/.test(type.name) || TYPED_ARRAY.test(type.name)) return made(type.name);
  return UNKNOWN;
}
