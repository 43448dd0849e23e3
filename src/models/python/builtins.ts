/** Functions and exceptions that need no import. What reaches into scopes or classes by name (getattr, vars, eval, …) is left out. */
import type { NamespaceModel } from '../types';
import { all, copyOf, does, each, fresh, lazily, LINEAR, type Models, NOTHING_READ, partOf, SHALLOW_ARG, unknown, value, words } from './make';

const CONSUMES = { consumes: [0], cost: 'linear' } as const;

const EXCEPTIONS = words(`
  ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError
  ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError EnvironmentError Exception
  FileExistsError FileNotFoundError FloatingPointError FutureWarning GeneratorExit IOError ImportError ImportWarning IndentationError IndexError
  InterruptedError IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError
  NotImplementedError OSError OverflowError PendingDeprecationWarning PermissionError ProcessLookupError RecursionError ReferenceError
  ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError
  TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning
  ValueError Warning ZeroDivisionError BaseExceptionGroup ExceptionGroup
`);

/** A reader of files: an opened file has a position of its own; the file on disk is read. */
const opened = (type: string) => fresh(type, { reads: ['args', 'fs:arg0'], bound: 'io' });
const READ_TEXT = 'r|rt|tr';
const READ_BYTES = 'rb|br';

const oneOf = (type: string) =>
  ({
    // Of several arguments it gives one back.
    ...unknown(undefined, { calls: each('key') }),
    variants: [{ count: 1, model: { ...partOf('arg0', type, { ...CONSUMES, calls: each('key') }) } }],
  }) as const;

const functions: Models = {
  // Numbers. `abs`, `round` and `pow` of an array give an array.
  ...all('abs round pow', fresh()),
  divmod: fresh('tuple'),
  // A start value may be a list.
  sum: fresh(undefined, CONSUMES),
  ...all('min max', oneOf('element:arg0')),
  ...all('bin hex oct chr ascii repr format', value('str')),
  ord: value('int'),
  len: value('int', SHALLOW_ARG),
  // Hashes of strings differ between processes.
  hash: value('int', { reads: ['args', 'process'] }),
  ...all('callable isinstance issubclass', value('bool', NOTHING_READ)),
  hasattr: value('bool', { reads: ['arg0.shallow'] }),
  // What it gives is shared by all values of the type.
  type: unknown('type', NOTHING_READ),

  // Iteration.
  ...all('any all', value('bool', { ...CONSUMES, shortCircuits: true })),
  sorted: copyOf('arg0', 'list', { ...CONSUMES, calls: each('key') }),
  iter: lazily(),
  next: partOf('arg0', 'element:arg0', { reads: ['arg0'], writes: ['arg0'], consumes: [0], shortCircuits: true, stores: [{ into: 'result', what: 'arg1' }] }),
  enumerate: lazily(),
  reversed: lazily({ consumes: [] }),
  zip: { ...lazily({ stores: [{ into: 'result', what: 'part:args' }] }), returns: 'fresh' },
  map: { ...lazily({ calls: each(0), consumes: [1] }), returns: 'unknown' },
  filter: { ...lazily({ calls: each(0), consumes: [1] }), returns: 'fresh-of:arg1' },

  // The outside world.
  print: does({ writes: ['stdout', 'kw:file'] }),
  input: value('str', { reads: ['args', 'stdin'], writes: ['stdout', 'stdin'], bound: 'io' }),
  open: {
    ...fresh('file', { reads: ['args', 'fs:arg0'], writes: ['fs:arg0'], bound: 'io' }),
    variants: [
      { argument: { at: 1, name: 'mode' }, absent: true, matches: READ_TEXT, model: opened('io.TextIOWrapper') },
      { argument: { at: 1, name: 'mode' }, matches: READ_BYTES, model: opened('io.BufferedReader') },
    ],
  },
  ...all('exit quit', { ...does({}), exits: true }),
  object: fresh('object', NOTHING_READ),
  slice: value('slice'),
  ...Object.fromEntries(EXCEPTIONS.map((name) => [name, fresh(name, { stores: [{ into: 'result', what: 'args' }] })])),
};

/** Making a value of a builtin type. */
export const builtinConstructors: Models = {
  int: value('int', LINEAR),
  float: value('float'),
  complex: value('complex'),
  bool: value('bool'),
  str: value('str', LINEAR),
  bytes: value('bytes', CONSUMES),
  bytearray: fresh('bytearray', CONSUMES),
  list: copyOf('arg0', 'list', { ...SHALLOW_ARG, ...CONSUMES }),
  tuple: copyOf('arg0', 'tuple', { ...SHALLOW_ARG, ...CONSUMES }),
  set: copyOf('arg0', 'set', CONSUMES),
  frozenset: copyOf('arg0', 'frozenset', CONSUMES),
  dict: copyOf('arg0', 'dict', { ...CONSUMES, stores: [{ into: 'result', what: 'args' }] }),
  range: value('range'),
};

export const globals: NamespaceModel = {
  functions: { ...functions, ...builtinConstructors },
  constants: { __name__: 'str', __file__: 'str', NotImplemented: 'NotImplementedType', __debug__: 'bool' },
};
