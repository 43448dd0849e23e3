/** How the Mojo module reads Python's values: exactly those types with which it computes as Python does; it gives up for all others. */
import { needsWide, needsWritable, type ArrayType, type KParam, type Kernel, type Scalar } from '../kernel/model';
import { isArray } from '../kernel/typing';
import { typeOf } from './expressions';

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

const PLANES = `
def read_KIND_planes(value: PyObjectPtr) raises GiveUp -> List[List[List[TYPE]]]:
    ref cpython = Python().cpython()
    var length = list_length(value)
    room(length, size_of[List[List[TYPE]]]())
    var planes = List[List[List[TYPE]]](capacity=length)
    for k in range(length):
        planes.append(read_KIND_rows(cpython.PyList_GetItem(value, k)))
    return planes^`;

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
def buffer_list(value: PyObjectPtr, types: String, formats: String, writable: Bool) raises GiveUp -> PythonObject:
    """The elements of a buffer as nested lists, when it is of one of these types, exactly, and its elements have one of these formats."""
    try:
        var object = PythonObject(from_borrowed=value)
        var kind = Python.type(object)
        if String(py=kind.__module__ + "." + kind.__name__) not in types:
            raise Error()
        var view = Python.import_module("builtins").memoryview(object)
        if String(py=view.format) not in formats:
            raise Error()
        # Where \`l\` is narrow, it overflows earlier.
        if formats == "l q" and Int(py=view.itemsize) != 8:
            raise Error()
        # Python raises when the first element is written.
        if writable and Bool(py=view.readonly):
            raise Error()
        return view.tolist()
    except:
        raise GiveUp()`;

/** The list is held until all of it is read. */
const FROM_BUFFER = `
def READ_of_buffer(value: PyObjectPtr, types: String, formats: String, writable: Bool = False) raises GiveUp -> RESULT:
    var nested = buffer_list(value, types, formats, writable)
    var items = READ(nested._obj_ptr)
    _ = nested^
    return items^`;

const TYPES: Readonly<Record<Scalar, string>> = { int: 'Int', float: 'Float64', bool: 'Bool' };
const FORMATS: Readonly<Record<Scalar, string>> = { int: 'b B h H i I l q', float: 'd', bool: '?' };

function readerOf({ element, dims }: ArrayType): string {
  return `read_${element}${{ 1: 's', 2: '_rows', 3: '_planes' }[dims]}`;
}

/** The expression that reads a parameter. */
export function reading(param: KParam, object: string): string {
  const { type, from } = param;
  if (!isArray(type)) return `read_${type}(${object})`;
  const read = readerOf(type);
  if (from === 'list') return `${read}(${object})`;
  const types = from === 'numpy' ? 'numpy.ndarray' : 'array.array builtins.memoryview';
  return `${read}_of_buffer(${object}, "${types}", "${needsWide(param) ? 'l q' : FORMATS[type.element]}"${needsWritable(param) ? ', writable=True' : ''})`;
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
    if (own.some(({ dims }) => dims > 1)) texts.push(filled(ROWS, kind));
    if (own.some(({ dims }) => dims > 2)) texts.push(filled(PLANES, kind));
  }
  if (params.some((p) => p.distinctRows && p.from === 'list')) texts.push(DISTINCT);
  if (params.some((p) => p.from === 'buffer' || p.from === 'numpy')) texts.push(BUFFER);
  const read = params.flatMap(({ type, from }) => (isArray(type) && from !== 'list' ? [FROM_BUFFER.replaceAll('READ', readerOf(type)).replaceAll('RESULT', typeOf(type))] : []));
  texts.push(...new Set(read));
  return texts.map((t) => t.trim());
}
