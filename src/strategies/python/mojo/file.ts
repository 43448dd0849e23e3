/** The Mojo file of a kernel. */
import { fallibleFunctions } from '../kernel/fallible';
import { MAX_DEPTH, type Kernel, type Scalar } from '../kernel/model';
import type { Names } from '../kernel/names';
import { isArray } from '../kernel/typing';
import { functionsOf } from '../kernel/walk';
import { readers, reading } from './arguments';
import { Needs, typeOf } from './expressions';
import { FunctionPrinter, turnType } from './functions';
import type { Imports } from './helpers';
import { mojoNames } from './names';

const GIVE_UP = `@fieldwise_init
struct GiveUp(Copyable, Movable):
    """Python has to compute the turn."""
    pass`;

/** @param workers how many threads, or as many as there are cores. @throws Refusal for what Mojo cannot express. */
export function mojoFile(kernel: Kernel, workers: number | null): string {
  const names = mojoNames(kernel);
  const needs = new Needs();
  const fallible = fallibleFunctions(kernel);
  const functions = functionsOf(kernel).map((fn) => new FunctionPrinter(kernel, names, needs, fallible, fn).definition());
  needs.help('room');
  const helpers = needs.texts();
  for (const [module, name] of [
    ['std.atomic', 'Atomic'],
    ['std.ffi', 'external_call'],
    ['std.os', 'abort'],
    ['std.python', 'Python'],
    ['std.python', 'PythonObject'],
    ['std.python._cpython', 'GILReleased'],
    ['std.python._cpython', 'PyObjectPtr'],
    ['std.python.bindings', 'PythonModuleBuilder'],
    ['std.sys', 'size_of'],
    ...(kernel.results.some(({ type }) => (isArray(type) ? type.element : type) === 'bool') ? [['std.ffi', 'c_long'] as const] : []),
    ...(workers === null ? [['std.sys', 'num_logical_cores'] as const] : []),
  ] as const) {
    needs.import(module, name);
  }
  const depth = kernel.functions.some((f) => f.recursive) ? [`# Python's own limit decides about deeper calls.\ncomptime MAX_DEPTH = ${MAX_DEPTH}`] : [];
  const head = [
    `"""${kernel.title}: its turns run on all cores, without the GIL.

A turn that meets what Mojo would do otherwise than Python (an exception, an integer beyond 64 bits) gives up, and the program computes
it itself. Results have Python's bits only where floats are left alone: build it with --fp-mode contract=off.
"""`,
    importLines(needs.imports),
  ].join('\n');
  const parts = [
    [head, ...depth].join('\n\n'),
    GIVE_UP,
    ...helpers,
    ...functions,
    ...(kernel.results.length > 1 ? [turnStruct(kernel, names)] : []),
    workStruct(kernel, names, fallible.has(kernel.iteration.name)),
    THREADS.trim().replace('WORKERS', workers === null ? 'num_logical_cores()' : String(workers)),
    ...readers(kernel),
    objectOf(kernel, names),
    entry(kernel),
    moduleText(kernel),
  ];
  return `${parts.join('\n\n\n')}\n`;
}

function importLines(imports: Imports): string {
  return [...imports]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, found]) => `from ${module} import ${[...found].sort().join(', ')}`)
    .join('\n');
}

function turnStruct({ results }: Kernel, names: Names): string {
  return ['@fieldwise_init', 'struct Turn(Copyable, Movable):', '    """What a turn gives."""', '', ...results.map((r) => `    var ${names.variable(r.name)}: ${typeOf(r.type)}`)].join('\n');
}

/** What the threads share. */
function workStruct(kernel: Kernel, names: Names, mayGiveUp: boolean): string {
  const { params, iteration } = kernel;
  const fields = [['start', 'Int'], ['step', 'Int'], ['count', 'Int'], ...params.map((p) => [names.variable(p.name), typeOf(p.type)] as const)];
  const distinct = params.flatMap((p, k) => (p.distinctRows && p.from === 'list' ? [`        if not has_distinct_rows(cpython.PyTuple_GetItem(args._obj_ptr, ${k + 1})):`, '            raise GiveUp()'] : []));
  const args = ['self.start + turn * self.step', ...params.map((p) => `self.${names.variable(p.name)}`)];
  const call = `self.results[turn] = ${names.fn(iteration.name)}(${args.join(', ')})`;
  const attempt = mayGiveUp ? ['                try:', `                    ${call}`, '                except:', '                    pass'] : [`                ${call}`];
  return `struct Work(Movable where False):
    """What the threads share."""

    # The next turn that no thread has taken.
    var next_turn: Atomic[Int64]
    var results: List[Optional[${turnType(kernel)}]]
${fields.map(([name, type]) => `    var ${name}: ${type}`).join('\n')}

    def __init__(out self, args: PythonObject) raises GiveUp:
        ref cpython = Python().cpython()
        var indices = cpython.PyTuple_GetItem(args._obj_ptr, 0)
        self.start = read_attribute(indices, "start")
        self.step = read_attribute(indices, "step")
        _ = read_attribute(indices, "stop")
        self.count = Int(cpython.PyObject_Length(indices))
${params.map((p, k) => `        self.${names.variable(p.name)} = ${reading(p, `cpython.PyTuple_GetItem(args._obj_ptr, ${k + 1})`)}`).join('\n')}${params.length > 0 ? '\n' : ''}${distinct.length > 0 ? `${distinct.join('\n')}\n` : ''}        room(self.count, size_of[Optional[${turnType(kernel)}]]())
        self.next_turn = Atomic[Int64](0)
        self.results = List[Optional[${turnType(kernel)}]](length=self.count, fill=None)

    def run(mut self):
        """Takes turns, a few at a time, until none is left."""
        var few = self.count // 256 + 1
        while True:
            var first = Int(self.next_turn.fetch_add(Int64(few)))
            if first >= self.count:
                break
            for turn in range(first, min(first + few, self.count)):
${attempt.join('\n')}`;
}

const THREADS = `
comptime Address = Pointer[UInt8, MutUntrackedOrigin]


def work_on(address: Address) abi("C") -> Optional[Address]:
    address.unsafe_bitcast[Work]()[].run()
    return None


def run_on_all_cores(mut work: Work):
    """Threads of their own for each call, so that a process that was forked has them too; this one works with them."""
    var threads = List[UInt](length=WORKERS - 1, fill=0)
    var started = 0
    for k in range(min(len(threads), work.count - 1)):
        var failed = external_call["pthread_create", Int32](
            Pointer(to=threads[k]),
            Optional[Address](None),
            work_on,
            Pointer(to=work).unsafe_bitcast[UInt8](),
        )
        if failed != 0:
            break
        started += 1
    work.run()
    for k in range(started):
        _ = external_call["pthread_join", Int32](threads[k], Optional[Address](None))


def read_attribute(value: PyObjectPtr, name: String) raises GiveUp -> Int:
    ref cpython = Python().cpython()
    var attribute = PythonObject(from_owned=cpython.PyObject_GetAttrString(value, name))
    return read_int(attribute._obj_ptr)`;

const MAKE: Readonly<Record<Scalar, (value: string) => string>> = {
  int: (value) => `cpython.PyLong_FromSsize_t(${value})`,
  float: (value) => `cpython.PyFloat_FromDouble(${value})`,
  bool: (value) => `cpython.PyBool_FromLong(c_long(Int(${value})))`,
};

/** Functions that make Python's objects of what turns gave. */
function objectOf(kernel: Kernel, names: Names): string {
  const { results } = kernel;
  const kinds = new Set(results.flatMap(({ type }) => (isArray(type) ? [type.element] : [])));
  const lists = [...kinds].map((kind) => `def list_of_${kind}s(items: ${typeOf({ kind: 'array', element: kind, dims: 1 })}) -> PyObjectPtr:
    ref cpython = Python().cpython()
    var made = cpython.PyList_New(len(items))
    for k in range(len(items)):
        _ = cpython.PyList_SetItem(made, k, ${MAKE[kind]('items[k]')})
    return made`);
  const value = (text: string, type: Kernel['results'][number]['type']): string => (isArray(type) ? `list_of_${type.element}s(${text})` : MAKE[type](text));
  const body =
    results.length === 1
      ? [`    return ${value('result', results[0]!.type)}`]
      : [
          `    var made = cpython.PyTuple_New(${results.length})`,
          ...results.map((r, k) => `    _ = cpython.PyTuple_SetItem(made, ${k}, ${value(`result.${names.variable(r.name)}`, r.type)})`),
          '    return made',
        ];
  const needsApi = results.length > 1 || !isArray(results[0]!.type);
  const one = [`def object_of(result: ${turnType(kernel)}) -> PyObjectPtr:`, ...(needsApi ? ['    ref cpython = Python().cpython()'] : []), ...body].join('\n');
  return [...lists, one].join('\n\n\n');
}

function entry({ name }: Kernel): string {
  return `def ${name}(module: PythonObject, args: PythonObject) raises -> PythonObject:
    """The result of each turn in a list, None where Python has to compute it."""
    var python = Python()
    ref cpython = python.cpython()
    var count = len(args[0])
    var work: Work
    try:
        work = Work(args)
    except:
        # Python computes with values of other types.
        return Python.list(None) * count
    with GILReleased(python):
        run_on_all_cores(work)
    var made = cpython.PyList_New(count)
    for k in range(count):
        ref result = work.results[k]
        _ = cpython.PyList_SetItem(made, k, object_of(result.value()) if result else cpython.Py_NewRef(cpython.Py_None()))
    if cpython.PyErr_Occurred():
        raise cpython.get_error()
    return PythonObject(from_owned=made)`;
}

function moduleText({ module, name, title }: Kernel): string {
  return `@export
def PyInit_${module}() abi("C") -> PythonObject:
    try:
        var module = PythonModuleBuilder("${module}")
        module.def_py_function[${name}]("${name}", docstring="${title.replace(/["\\]/g, '')}: a list with the result of each turn, None where Python has to compute it.")
        return module.finalize()
    except error:
        abort(String(error))`;
}
