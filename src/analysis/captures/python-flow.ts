/** What Python's builtins, classes and decorators do to values. */
import type { Expr } from '../../ir/ir';
import { withField, withItem } from './fields';
import type { Flow } from './flow';
import { NO_ARGUMENTS, NOWHERE, type Arguments, type At, type Semantics } from './semantics';
import { constructPython, libraryBase } from './python-classes';
import { isPlainResult, normalize, NUMPY_OBJECTS } from './python-library';
import { container, containerOf, each, made, plain, union, UNKNOWN, type Container, type Value } from './values';

const PLAIN_TYPES = new Set(['int', 'float', 'str', 'bytes', 'bytearray', 'bool', 'complex', 'None', 'numpy.ndarray', 'np.ndarray', 'ndarray', 'range', 'datetime.datetime', 'datetime.date', 'pathlib.Path', 'Path', 'decimal.Decimal']);
const LISTS_OF_TEXT = /^(builtins\.open\(\)\.readlines|sqlite3\.connect(\(\)\.cursor)?(\(\)\.execute)?\(\)\.(fetchall|fetchmany|fetchone)|re\.compile\(\)\.(findall|split)|io\.StringIO\(\)\.readlines)$/;
/** Decorators of libraries that keep a function where pickle looks for it. */
const KEEPS_NAME = /^(functools\.(lru_cache|cache|singledispatch|wraps)|contextlib\.(contextmanager|asynccontextmanager)|typing\.\w+|abc\.\w+|atexit\.register|numba\.\w+|builtins\.(staticmethod|classmethod|property))$/;

export const pythonSemantics: Semantics = {
  constant(expr) {
    switch (expr.kind) {
      case 'string':
        return plain('string', typeof expr.value === 'string' ? expr.value : undefined);
      case 'bytes':
        return plain('bytes');
      case 'none':
        return plain('undefined');
      default:
        return plain('number', typeof expr.value === 'number' ? expr.value : undefined);
    }
  },

  builtin(name) {
    if (name === '__file__' || name === '__name__' || name === '__doc__') return plain('string');
    return { kind: 'library', name: `builtins.${name}` };
  },

  callLibrary(given, args, flow, at) {
    const name = normalize(given);
    const [first] = args.positional;
    const list = (type: string): Value => (first ? copied(type, first) : container(type, [], args.open));
    switch (name) {
      case 'builtins.list':
      case 'builtins.sorted':
        return list('list');
      case 'builtins.tuple':
        return list('tuple');
      case 'builtins.set':
      case 'builtins.frozenset':
        return list('set');
      case 'builtins.dict':
      case 'collections.OrderedDict': {
        const start = first?.kind === 'container' && first.type === 'dict' ? first : container('dict', first ? [{ label: '[…]', value: elementOf(elementOf(first)) }] : [], args.open);
        return [...args.keywords].reduce((dict, [key, value]) => withItem(dict, `["${key}"]`, value, true), { ...start, type: 'dict' } as Container);
      }
      case 'builtins.vars':
        return first ? flow.attribute(first, '__dict__', at) : UNKNOWN;
      case 'builtins.getattr': {
        const key = args.positional[1];
        return first && key?.kind === 'plain' && typeof key.constant === 'string' ? flow.attribute(first, key.constant, at) : UNKNOWN;
      }
      case 'builtins.next':
        return first ? elementOf(first) : UNKNOWN;
      case 'builtins.min':
      case 'builtins.max':
        return args.positional.length > 1 ? union(args.positional) : first ? elementOf(first) : UNKNOWN;
      case 'copy.copy':
      case 'copy.deepcopy':
        return first ?? UNKNOWN;
      case 'builtins.type':
        if (args.positional.length === 1) return first?.kind === 'instance' ? { kind: 'class', module: first.module, class: first.class } : first?.kind === 'unknown' ? UNKNOWN : plain('type');
        return made(name, args.positional);
      case 'asyncio.run':
        return first?.kind === 'made' && first.by === 'coroutine' ? (first.args[0] ?? UNKNOWN) : UNKNOWN;
      case 'dataclasses.replace':
        return first ?? UNKNOWN;
      case 'dataclasses.asdict':
        return first?.kind === 'instance' ? container('dict', [...first.fields].map(([key, value]) => ({ label: `["${key}"]`, value }))) : UNKNOWN;
      case 'functools.wraps':
      case 'functools.partial':
        return made(name, args.positional, args.keywords);
      case 'builtins.super':
        return UNKNOWN;
      case 'multiprocessing.Pipe':
        return container('tuple', [0, 1].map((i) => ({ label: `[${i}]`, value: made('multiprocessing.connection.Connection') })));
      default:
        if (name.startsWith('numpy.') && !NUMPY_OBJECTS.has(name)) return made('numpy.ndarray', holdsObjects(args) ? args.positional : []);
        return isPlainResult(name) ? plain(name) : made(name, args.positional, args.keywords);
    }
  },

  callMethod(object, name, args, flow) {
    if (object.kind === 'container') return containerMethod(object, name, args);
    if (object.kind === 'plain') return ['split', 'splitlines', 'rsplit', 'partition'].includes(name) ? containerOf('list', plain('string')) : plain(object.type);
    if (object.kind !== 'made') return UNKNOWN;
    if (object.by === 'numpy.ndarray') return name === 'tolist' ? containerOf('list', object.args[0] ? elementOf(object.args[0]) : plain('number')) : object;
    if (object.by === 'multiprocessing.Manager' && object.origin === undefined) return made('multiprocessing.Manager-gone');
    if (name === 'copy' || name === '__enter__') return object;
    if (name === 'enter_context') return args.positional[0] ? pythonSemantics.enter(args.positional[0]) : UNKNOWN;
    if (object.by === 're.match') return name === 'groups' ? containerOf('tuple', plain('string')) : name === 'groupdict' ? containerOf('dict', plain('string')) : plain('string');
    if (LISTS_OF_TEXT.test(`${object.by}().${name}`)) return containerOf('list', plain('string'));
    return flow.semantics.callLibrary(`${object.by}().${name}`, args, flow, NOWHERE, false);
  },

  member(object, name, flow) {
    // The members of an enumeration are instances of it.
    const base = libraryBase(object.module, object.class, flow).name;
    const field = object.class.fields.get(name);
    if (!base || !/^enum\./.test(base) || !field?.value) return null;
    const home = flow.flows.of(object.module);
    const at = object.module.functions.get(object.class.parent);
    const value = at ? home.evaluate(field.value, home.at({ fn: at, offset: Number.MAX_SAFE_INTEGER, blocks: [] })) : UNKNOWN;
    return { kind: 'instance', module: object.module, class: object.class, fields: new Map([['value', value]]), open: false, args: null, base };
  },

  attribute(object, name) {
    if (object.kind === 'made') {
      const by = normalize(`${object.by}().${name}`);
      if (object.by === 'numpy.ndarray' && ['T', 'real', 'imag', 'shape', 'dtype', 'size', 'ndim', 'base', 'nbytes', 'itemsize', 'strides'].includes(name)) return object;
      if (/\(\)\.(flat|data|ctypes)$/.test(by) && object.by === 'numpy.ndarray') return made(by);
      if (by === 'subprocess.Popen().stdout' || by === 'subprocess.Popen().stdin' || by === 'subprocess.Popen().stderr') return made('builtins.open');
      if (by === 'multiprocessing.Process().sentinel' || /\.(name|pid|returncode|args|closed|mode|encoding|filename|port|host|exitcode)$/.test(by)) return plain('string');
      // With a context the library's own names hang on the object.
      if (object.by === 'multiprocessing.get_context') return { kind: 'library', name: by };
    }
    return { kind: 'method', object, name, function: null };
  },

  mutate(object, method, args) {
    const [first, second] = args.positional;
    if (method === '(exec)1' && object.kind === 'container') return { ...object, open: true };
    if (method === '(setattr)0') {
      const field = args.positional[2];
      return second?.kind === 'plain' && typeof second.constant === 'string' && field ? withField(object, second.constant, field) : object;
    }
    if (object.kind !== 'container') return object;
    switch (method) {
      case 'append':
      case 'add':
      case 'appendleft':
        return first ? withItem(object, '[…]', first, false) : object;
      case 'insert':
        return second ? withItem(object, '[…]', second, false) : object;
      case 'extend':
        return first ? merge(object, first) : object;
      case 'update': {
        const merged = first ? merge(object, first) : object;
        return [...args.keywords].reduce((dict, [key, value]) => withItem(dict, `["${key}"]`, value, true), merged);
      }
      case 'setdefault':
        return second ? withItem(object, '[…]', second, false) : object;
      case 'clear':
        return { ...object, items: [] };
      case 'pop':
      case '__delitem__':
        return first?.kind === 'plain' && typeof first.constant === 'string' ? { ...object, items: object.items.filter((i) => i.label !== `["${first.constant}"]`) } : object;
      default:
        return object;
    }
  },

  construct: constructPython,
  constructBy: () => UNKNOWN,

  enter(context) {
    if (context.kind !== 'made') return context.kind === 'plain' ? context : UNKNOWN;
    if (context.by === 'tempfile.TemporaryDirectory') return plain('string');
    if (/^contextlib\.(closing|nullcontext|redirect_stdout|redirect_stderr)$/.test(context.by)) return context.args[0] ?? UNKNOWN;
    if (/^(threading|multiprocessing)\.(Lock|RLock|Condition|Semaphore|BoundedSemaphore)$/.test(context.by)) return plain('bool');
    if (/^(contextlib\.|warnings\.|numpy\.errstate|decimal\.|unittest\.)/.test(context.by)) return UNKNOWN;
    return context;
  },

  elementOf,

  typed(type, flow) {
    const [first] = type.args ?? [];
    if (type.name === 'union') return union((type.args ?? []).map((t) => pythonSemantics.typed(t, flow)));
    if (PLAIN_TYPES.has(type.name)) return plain(type.name === 'str' ? 'string' : type.name);
    if (/^(list|tuple|set|frozenset|Sequence|Iterable|collections\.abc\.(Sequence|Iterable|Collection))$/.test(type.name)) {
      const element = first ? pythonSemantics.typed(first, flow) : UNKNOWN;
      return element.kind === 'unknown' ? container('list', [], true) : containerOf('list', element);
    }
    if (/^(dict|Mapping|collections\.abc\.Mapping)$/.test(type.name)) {
      const element = type.args?.[1] ? pythonSemantics.typed(type.args[1], flow) : UNKNOWN;
      return element.kind === 'unknown' ? container('dict', [], true) : containerOf('dict', element);
    }
    const cls = flow.module.classes.get(type.name);
    if (cls) return constructPython(flow.module, cls, null, flow, 0);
    if (type.name.includes('.') && !/^(typing|collections\.abc)\./.test(type.name)) return made(normalize(type.name));
    if (/^(typing\.)?(TextIO|BinaryIO|IO)$/.test(type.name)) return made('builtins.open');
    return UNKNOWN;
  },

  decorate(fn, decorators, flow, at) {
    let value: Value = fn;
    for (const decorator of [...decorators].reverse()) value = decorated(value, decorator, flow, at);
    return value;
  },

  caught(binding) {
    const test = binding.test;
    // Which one of several it is, and what it carries, is not known; a single builtin one carries its arguments.
    return test?.type === 'name' && test.variable.startsWith('builtin/') ? made(`builtins.${test.name}`) : UNKNOWN;
  },

  binary(operator, left, right) {
    if (left.kind === 'made' && /^pathlib\./.test(left.by)) return left;
    if (left.kind === 'container' && right.kind === 'container') return merge(left, right);
    if (left.kind === 'container' && right.kind === 'plain') return left;
    if (left.kind === 'made' && left.by === 'numpy.ndarray') return left;
    if (right.kind === 'made' && right.by === 'numpy.ndarray') return right;
    if (left.kind === 'plain' && right.kind === 'plain') return left.type === 'string' ? left : right;
    if (left.kind === 'plain' && left.type === 'string' && operator === '%') return left;
    if (left.kind === 'made' && left.by === 'dict-view') return container('set', [], true);
    return UNKNOWN;
  },
};


function holdsObjects(args: Arguments): boolean {
  return args.positional.some((arg) => arg.kind === 'container' && arg.items.some((item) => item.value.kind !== 'plain' && item.value.kind !== 'container'));
}

function copied(type: string, from: Value): Value {
  if (from.kind === 'container' && from.type !== 'dict') return { ...from, type };
  const element = elementOf(from);
  return element.kind === 'unknown' ? container(type, [], true) : containerOf(type, element);
}

function merge(into: Container, from: Value): Container {
  if (from.kind === 'container') {
    const items = from.items.reduce((all, item) => withItem(all, into.type === 'dict' ? item.label : '[…]', item.value, true), into);
    return from.open ? { ...items, open: true } : items;
  }
  const element = elementOf(from);
  return element.kind === 'unknown' ? { ...into, open: true } : withItem(into, '[…]', element, false);
}

function containerMethod(object: Container, name: string, args: Arguments): Value {
  const values = object.items.filter((i) => i.label !== '[key]').map((i) => i.value);
  const any = object.open || values.length === 0 ? (object.open ? UNKNOWN : plain('undefined')) : union(values);
  switch (name) {
    case 'copy':
      return object;
    case 'keys':
    case 'values':
    case 'items': {
      const element = name === 'keys' ? plain('string') : name === 'values' ? any : container('tuple', [{ label: '[0]', value: plain('string') }, { label: '[1]', value: any }]);
      return made('dict-view', [element, { kind: 'library', name: `dict_${name}` }]);
    }
    case 'get':
    case 'pop':
    case 'popleft':
    case 'setdefault':
    case '__getitem__':
      return args.positional[1] ? union([any, args.positional[1]]) : any;
    case 'popitem':
      return container('tuple', [{ label: '[0]', value: plain('string') }, { label: '[1]', value: any }]);
    case 'index':
    case 'count':
      return plain('number');
    case 'union':
    case 'intersection':
    case 'difference':
      return args.positional.reduce<Container>((all, arg) => merge(all, arg), object);
    default:
      return plain('undefined');
  }
}

function elementOf(value: Value): Value {
  switch (value.kind) {
    case 'container': {
      if (value.type === 'dict') return plain('string');
      const items = value.items.map((i) => i.value);
      if (value.open) items.push(UNKNOWN);
      return items.length ? each(items) : plain('undefined');
    }
    case 'plain':
      return plain(value.type);
    case 'union':
      return each(value.options.map(elementOf));
    case 'made':
      switch (value.by) {
        case 'dict-view':
        case 'generator':
          return value.args[0] ?? UNKNOWN;
        case 'builtins.enumerate':
          return container('tuple', [{ label: '[0]', value: plain('number') }, { label: '[1]', value: value.args[0] ? elementOf(value.args[0]) : UNKNOWN }]);
        case 'builtins.zip':
          return container('tuple', value.args.map((arg, i) => ({ label: `[${i}]`, value: elementOf(arg) })));
        case 'builtins.reversed':
        case 'builtins.iter':
        case 'itertools.islice':
        case 'itertools.cycle':
          return value.args[0] ? elementOf(value.args[0]) : UNKNOWN;
        case 'builtins.filter':
          return value.args[1] ? elementOf(value.args[1]) : UNKNOWN;
        case 'builtins.range':
        case 'itertools.count':
        case 'builtins.open':
        case 'os.walk':
        case 'glob.iglob':
        case 'csv.reader':
        case 'csv.DictReader':
        case 'sqlite3.connect().execute':
        case 'sqlite3.connect().cursor().execute':
        case 'sqlite3.connect().cursor':
          return plain('string');
        case 're.finditer':
        case 're.compile().finditer':
          return made('re.match');
        case 'pathlib.Path().iterdir':
        case 'pathlib.Path().glob':
        case 'pathlib.Path().rglob':
          return made('pathlib.Path');
        case 'itertools.repeat':
          return value.args[0] ?? UNKNOWN;
        case 'numpy.ndarray':
          return value.args[0] ? elementOf(value.args[0]) : plain('ndarray');
        default:
          return UNKNOWN;
      }
    default:
      return UNKNOWN;
  }
}

function decorated(value: Value, decorator: Expr, flow: Flow, at: At): Value {
  const by = flow.evaluate(decorator, at);
  if (by.kind === 'made' && by.by === 'functools.wraps') {
    const target = by.args[0];
    return value.kind === 'function' && target?.kind === 'function' ? { ...value, wraps: target.wraps ?? target.function } : UNKNOWN;
  }
  if ((by.kind === 'library' && KEEPS_NAME.test(by.name)) || (by.kind === 'made' && KEEPS_NAME.test(by.by))) return value;
  if (by.kind === 'function') return flow.invoke(by, { ...NO_ARGUMENTS, positional: [value] }, null);
  if (by.kind === 'class') return constructPython(by.module, by.class, { ...NO_ARGUMENTS, positional: [value] }, flow, 0);
  return UNKNOWN;
}
