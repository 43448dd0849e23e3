/** How the Mojo module reads Python's values: exactly those types with which it computes as Python does; it gives up for all others. */
import type { KParam, Kernel, Scalar } from '../kernel/model';
import { isArray } from '../kernel/typing';

const SCALARS: Readonly<Record<Scalar, string>> = {
  int: `
def read_int(value: PyObjectPtr) raises GiveUp -> Int:
    """An int within 64 bits, and nothing that only behaves like one."""
    ref cpython = Python().cpython()
    if not cpython.PyLong_CheckExact(value):
        raise GiveUp()
    var number = Int(cpython.PyLong_AsSsize_t(value))
    if number == -1 and cpython.PyErr_Occurred():
        cpython.PyErr_Clear()
        raise GiveUp()
    return number`,
  float: `
def read_float(value: PyObjectPtr) raises GiveUp -> Float64:
    ref cpython = Python().cpython()
    if not cpython.PyFloat_CheckExact(value):
        raise GiveUp()
    return cpython.PyFloat_AsDouble(value)`,
  bool: `
def read_bool(value: PyObjectPtr) raises GiveUp -> Bool:
    ref cpython = Python().cpython()
    if not cpython.PyBool_Check(value):
        raise GiveUp()
    return Bool(cpython.PyObject_IsTrue(value))`,
};

const LENGTH = `
def list_length(value: PyObjectPtr) raises GiveUp -> Int:
    """Of a list, and of nothing that only behaves like one."""
    ref cpython = Python().cpython()
    var empty = cpython.PyList_New(0)
    var is_list = cpython.Py_TYPE(value) == cpython.Py_TYPE(empty)
    cpython.Py_DecRef(empty)
    if not is_list:
        raise GiveUp()
    return Int(cpython.PyObject_Length(value))`;

const LIST = `
def read_KINDs(value: PyObjectPtr) raises GiveUp -> List[TYPE]:
    ref cpython = Python().cpython()
    var length = list_length(value)
    room(length, size_of[TYPE]())
    var items = List[TYPE](capacity=length)
    for k in range(length):
        items.append(read_KIND(cpython.PyList_GetItem(value, k)))
    return items^`;

const ROWS = `
def read_KIND_rows(value: PyObjectPtr) raises GiveUp -> List[List[TYPE]]:
    ref cpython = Python().cpython()
    var length = list_length(value)
    room(length, size_of[List[TYPE]]())
    var rows = List[List[TYPE]](capacity=length)
    for k in range(length):
        rows.append(read_KINDs(cpython.PyList_GetItem(value, k)))
    return rows^`;

const DISTINCT = `
def has_distinct_rows(value: PyObjectPtr) raises GiveUp -> Bool:
    """No row stands in the list twice: two turns would change it."""
    ref cpython = Python().cpython()
    var addresses = List[Int]()
    for k in range(list_length(value)):
        addresses.append(Int(cpython.PyList_GetItem(value, k)))
    sort(addresses)
    for k in range(1, len(addresses)):
        if addresses[k] == addresses[k - 1]:
            return False
    return True`;

const BUFFER = `
def buffer_list(value: PyObjectPtr, types: String, formats: String) raises GiveUp -> PythonObject:
    """The elements of a buffer as nested lists, when it is of one of these types, exactly, and its elements have one of these formats."""
    try:
        var object = PythonObject(from_borrowed=value)
        var kind = Python.type(object)
        if String(py=kind.__module__ + "." + kind.__name__) not in types:
            raise Error()
        var view = Python.import_module("builtins").memoryview(object)
        if String(py=view.format) not in formats:
            raise Error()
        return view.tolist()
    except:
        raise GiveUp()`;

const TYPES: Readonly<Record<Scalar, string>> = { int: 'Int', float: 'Float64', bool: 'Bool' };
const FORMATS: Readonly<Record<Scalar, string>> = { int: 'b B h H i I l L q Q', float: 'd', bool: '?' };
/** numpy computes with narrower integers in their own width. */
const NUMPY_FORMATS: Readonly<Record<Scalar, string>> = { int: 'l q', float: 'd', bool: '?' };

/** The expression that reads a parameter. */
export function reading({ type, from }: KParam, object: string): string {
  if (!isArray(type)) return `read_${type}(${object})`;
  const read = type.dims === 2 ? `read_${type.element}_rows` : `read_${type.element}s`;
  if (from === 'list') return `${read}(${object})`;
  const [types, formats] = from === 'numpy' ? ['numpy.ndarray', NUMPY_FORMATS] : ['array.array builtins.memoryview', FORMATS];
  return `${read}(buffer_list(${object}, "${types}", "${formats[type.element]}")._obj_ptr)`;
}

/** What `reading` calls for these parameters. */
export function readers({ params }: Kernel): readonly string[] {
  const arrays = params.flatMap(({ type }) => (isArray(type) ? [type] : []));
  const kinds = new Set<Scalar>(['int', ...params.map(({ type }) => (isArray(type) ? type.element : type))]);
  const texts = (['int', 'float', 'bool'] as const).filter((k) => kinds.has(k)).map((k) => SCALARS[k]);
  const filled = (text: string, kind: Scalar): string => text.replaceAll('KIND', kind).replaceAll('TYPE', TYPES[kind]);
  if (arrays.length > 0) texts.push(LENGTH);
  for (const kind of ['int', 'float', 'bool'] as const) {
    const own = arrays.filter(({ element }) => element === kind);
    if (own.length > 0) texts.push(filled(LIST, kind));
    if (own.some(({ dims }) => dims === 2)) texts.push(filled(ROWS, kind));
  }
  if (params.some((p) => p.distinctRows && p.from === 'list')) texts.push(DISTINCT);
  if (params.some((p) => p.from === 'buffer' || p.from === 'numpy')) texts.push(BUFFER);
  return texts.map((t) => t.trim());
}
