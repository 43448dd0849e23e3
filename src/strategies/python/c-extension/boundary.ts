/** The C code between Python's objects and the kernel's values: what is read before the GIL is released, and what is made afterwards. */
import type { KParam, Kernel, Scalar } from '../kernel/model';
import { forKind } from './helpers';
import { functionName, variableName } from './names';
import { declared } from './expressions';

const TAKE: Readonly<Record<Scalar, string>> = {
  int: `
static bool take_int(PyObject *object, int64_t *value) {
    int overflow;
    if (!PyLong_CheckExact(object)) return false;
    *value = PyLong_AsLongLongAndOverflow(object, &overflow);
    return overflow == 0;
}`,
  float: `
static bool take_float(PyObject *object, double *value) {
    if (!PyFloat_CheckExact(object)) return false;
    *value = PyFloat_AsDouble(object);
    return true;
}`,
  bool: `
static bool take_bool(PyObject *object, bool *value) {
    *value = object == Py_True;
    return PyBool_Check(object);
}`,
};

const LIST = `
static bool take_%_list(PyObject *object, %A *array) {
    if (!PyList_CheckExact(object)) return false;
    array->length = array->room = PyList_Size(object);
    array->items = malloc((size_t)array->length * sizeof(%T) + 1);
    if (array->items == NULL) return false;
    for (int64_t k = 0; k < array->length; k++) {
        if (!take_%(PyList_GetItem(object, k), &array->items[k])) return false;
    }
    return true;
}`;

const ROWS = `
static bool take_%_rows(PyObject *object, %R *array) {
    if (!PyList_CheckExact(object)) return false;
    int64_t length = PyList_Size(object);
    array->rows = calloc((size_t)length + 1, sizeof(%A));
    if (array->rows == NULL) return false;
    array->length = length;
    for (int64_t k = 0; k < length; k++) {
        if (!take_%_list(PyList_GetItem(object, k), &array->rows[k])) return false;
    }
    return true;
}`;

const FREE_ROWS = `
static void free_%_rows(%R *array) {
    for (int64_t k = 0; k < array->length; k++) free(array->rows[k].items);
    free(array->rows);
}`;

/** Elements of a buffer, whatever its layout. */
const BUFFER: Readonly<Record<Scalar, string>> = {
  int: `
static bool read_int(const char *from, char format, int64_t *value) {
#define CASE(letter, type) case letter: { type item; memcpy(&item, from, sizeof item); *value = (int64_t)item; return true; }
    switch (format) {
        CASE('b', signed char) CASE('B', unsigned char) CASE('h', short) CASE('H', unsigned short)
        CASE('i', int) CASE('I', unsigned int) CASE('l', long) CASE('q', long long)
        default: return false;
    }
#undef CASE
}`,
  float: `
static bool read_float(const char *from, char format, double *value) {
    if (format != 'd') return false;
    memcpy(value, from, sizeof *value);
    return true;
}`,
  bool: `
static bool read_bool(const char *from, char format, bool *value) {
    *value = *from != 0;
    return format == '?';
}`,
};

const BUFFER_1 = `
static bool take_%_buffer(PyObject *object, %A *array) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_FORMAT | PyBUF_STRIDES) < 0) {
        PyErr_Clear();
        return false;
    }
    const char *format = view.format == NULL ? "B" : view.format[0] == '@' ? view.format + 1 : view.format;
    bool taken = view.ndim == 1 && format[0] != 0 && format[1] == 0;
    if (taken) {
        array->length = array->room = view.shape[0];
        array->items = malloc((size_t)array->length * sizeof(%T) + 1);
        taken = array->items != NULL;
        for (int64_t k = 0; taken && k < array->length; k++) {
            taken = read_%((const char *)view.buf + k * view.strides[0], format[0], &array->items[k]);
        }
    }
    PyBuffer_Release(&view);
    return taken;
}`;

const BUFFER_2 = `
static bool take_%_matrix(PyObject *object, %R *array) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_FORMAT | PyBUF_STRIDES) < 0) {
        PyErr_Clear();
        return false;
    }
    const char *format = view.format == NULL ? "B" : view.format[0] == '@' ? view.format + 1 : view.format;
    bool taken = view.ndim == 2 && format[0] != 0 && format[1] == 0;
    if (taken) {
        array->rows = calloc((size_t)view.shape[0] + 1, sizeof(%A));
        taken = array->rows != NULL;
        array->length = taken ? view.shape[0] : 0;
        for (int64_t k = 0; taken && k < array->length; k++) {
            %A *row = &array->rows[k];
            row->length = row->room = view.shape[1];
            row->items = malloc((size_t)row->length * sizeof(%T) + 1);
            taken = row->items != NULL;
            for (int64_t j = 0; taken && j < row->length; j++) {
                taken = read_%((const char *)view.buf + k * view.strides[0] + j * view.strides[1], format[0], &row->items[j]);
            }
        }
    }
    PyBuffer_Release(&view);
    return taken;
}`;

const MAKE: Readonly<Record<Scalar, (value: string) => string>> = {
  int: (value) => `PyLong_FromLongLong(${value})`,
  float: (value) => `PyFloat_FromDouble(${value})`,
  bool: (value) => `PyBool_FromLong(${value})`,
};

const LIST_OF = `
static PyObject *list_of_%s(const %A *array) {
    if (array == NULL) return PyList_New(0);
    PyObject *list = PyList_New((Py_ssize_t)array->length);
    for (int64_t k = 0; list != NULL && k < array->length; k++) {
        PyObject *item = MAKE;
        if (item == NULL || PyList_SetItem(list, (Py_ssize_t)k, item) < 0) Py_CLEAR(list);
    }
    return list;
}`;

/** The function that reads a parameter. */
function taker(param: KParam): string {
  const { type, from } = param;
  if (typeof type === 'string') return `take_${type}`;
  const how = from === 'list' ? (type.dims === 1 ? 'list' : 'rows') : type.dims === 1 ? 'buffer' : 'matrix';
  return `take_${type.element}_${how}`;
}

/** Conversions that the kernel's parameters and results need, each after those that it calls. */
export function conversions(kernel: Kernel): string[] {
  const texts = new Set<string>([forKind(TAKE.int, 'int')]);
  for (const { type, from } of kernel.params) {
    const element = typeof type === 'string' ? type : type.element;
    if (typeof type === 'string') texts.add(forKind(TAKE[type], type));
    else if (from === 'list') {
      texts.add(forKind(TAKE[element], element));
      texts.add(forKind(LIST, element));
      if (type.dims === 2) texts.add(forKind(ROWS, element));
    } else {
      texts.add(forKind(BUFFER[element], element));
      texts.add(forKind(type.dims === 1 ? BUFFER_1 : BUFFER_2, element));
    }
    if (typeof type !== 'string' && type.dims === 2) texts.add(forKind(FREE_ROWS, element));
  }
  for (const { type } of kernel.results) if (typeof type !== 'string') texts.add(forKind(LIST_OF, type.element).replace('MAKE', MAKE[type.element]('array->items[k]')));
  if (kernel.params.some((p) => p.from === 'numpy')) texts.add(NUMPY);
  if (kernel.params.some((p) => p.distinctRows && p.from === 'list')) texts.add(DISTINCT);
  return [...texts].map((t) => t.trim());
}

const NUMPY = `
static bool is_numpy_array(PyObject *object) {
    return strcmp(Py_TYPE(object)->tp_name, "numpy.ndarray") == 0;
}`;

const DISTINCT = `
/* No row stands in the list twice: it would be changed by two turns. */
static bool has_distinct_rows(PyObject *list) {
    PyObject *seen = PySet_New(NULL);
    bool distinct = seen != NULL;
    for (Py_ssize_t k = 0; distinct && k < PyList_Size(list); k++) {
        PyObject *address = PyLong_FromVoidPtr(PyList_GetItem(list, k));
        distinct = address != NULL && PySet_Add(seen, address) == 0;
        Py_XDECREF(address);
    }
    distinct = distinct && PySet_Size(seen) == PyList_Size(list);
    PyErr_Clear();
    Py_XDECREF(seen);
    return distinct;
}`;

/** Conditions under which the arguments are what the kernel takes; they leave its values in the variables of the entry. */
export function boundaryReads({ params }: Kernel, object: (name: string) => string, variable: (name: string) => string): string[] {
  return [
    'take_range(indices, &start, &step, &count)',
    ...params.map((p) => `${taker(p)}(${object(p.name)}, &${variable(p.name)})`),
    ...params.filter((p) => p.distinctRows && p.from === 'list').map((p) => `has_distinct_rows(${object(p.name)})`),
    ...params.filter((p) => p.from === 'buffer').map((p) => `is_plain_buffer(${object(p.name)})`),
    ...params.filter((p) => p.from === 'numpy').map((p) => `is_numpy_array(${object(p.name)})`),
  ];
}

/** The module's function. */
export function entry(kernel: Kernel): string {
  const { params, results, iteration } = kernel;
  const keepsMemory = results.some((r) => typeof r.type !== 'string');
  const objects = ['indices', ...params.map((p) => `${variableName(p.name)}_object`)];
  const arrays = params.filter((p) => typeof p.type !== 'string');
  const reads = boundaryReads(kernel, (name) => `${variableName(name)}_object`, variableName);
  const lines = [
    `static PyObject *${kernel.name}(PyObject *module, PyObject *args) {`,
    `    PyObject ${objects.map((o) => `*${o}`).join(', ')};`,
    `    int64_t start, step, count;`,
    ...params.map((p) => (typeof p.type === 'string' ? `    ${declared(p.type)}${variableName(p.name)};` : `    ${declared(p.type).replace(' *', ' ')}${variableName(p.name)} = {0};`)),
    `    if (!PyArg_ParseTuple(args, "${'O'.repeat(objects.length)}:${kernel.name}", ${objects.map((o) => `&${o}`).join(', ')})) return NULL;`,
    `    Py_ssize_t length = PyObject_Length(indices);`,
    `    if (length < 0) return NULL;`,
    ``,
    `    Result *results = calloc((size_t)length + 1, sizeof(Result));`,
    `    bool fits = results != NULL`,
    ...reads.map((r) => `        && ${r}`),
    `    ;`.replace('    ;', ''),
  ].filter((l, i, all) => !(l === '' && i === all.length - 1));
  lines[lines.length - 1] += ';';
  const call = [`start + turn * step`, ...params.map((p) => (typeof p.type === 'string' ? '' : '&') + variableName(p.name)), '&results[turn]', ...(iteration.mayGiveUp ? ['&state'] : [])];
  lines.push(
    `    if (fits) {`,
    `        int64_t chunk = count / 256 + 1;`,
    `        Py_BEGIN_ALLOW_THREADS`,
    `        #pragma omp parallel for schedule(dynamic, chunk)`,
    `        for (int64_t turn = 0; turn < count; turn++) {`,
    `            State state = {0};`,
    `            ${functionName(kernel, iteration.name)}(${call.join(', ')});`,
    `            results[turn].done = !state.gave_up;`,
    keepsMemory ? `            results[turn].blocks = state.blocks;` : `            release(&state, NULL);`,
    `        }`,
    `        Py_END_ALLOW_THREADS`,
    `    }`,
    ``,
    `    PyObject *list = PyList_New(length);`,
    `    for (Py_ssize_t turn = 0; list != NULL && turn < length; turn++) {`,
    `        PyObject *item = results != NULL && results[turn].done ? object_of(&results[turn]) : Py_BuildValue("");`,
    `        if (item == NULL || PyList_SetItem(list, turn, item) < 0) Py_CLEAR(list);`,
    `    }`,
    ...(keepsMemory
      ? [`    for (Py_ssize_t turn = 0; results != NULL && turn < length; turn++) {`, `        State state = {.blocks = results[turn].blocks};`, `        release(&state, NULL);`, `    }`]
      : []),
    `    free(results);`,
    ...arrays.map((p) => (typeof p.type !== 'string' && p.type.dims === 2 ? `    free_${p.type.element}_rows(&${variableName(p.name)});` : `    free(${variableName(p.name)}.items);`)),
    `    return list;`,
    `}`,
  );
  return lines.join('\n');
}

export const TAKE_RANGE = `
static bool take_number(PyObject *range, const char *name, int64_t *value) {
    PyObject *object = PyObject_GetAttrString(range, name);
    bool taken = object != NULL && take_int(object, value);
    PyErr_Clear();
    Py_XDECREF(object);
    return taken;
}

static bool take_range(PyObject *range, int64_t *start, int64_t *step, int64_t *count) {
    int64_t stop;
    *count = PyObject_Length(range);
    return take_number(range, "start", start) && take_number(range, "stop", &stop) && take_number(range, "step", step);
}`.trim();

export const PLAIN_BUFFER = `
/* Elements of other types with a buffer may be other than Python's numbers. */
static bool is_plain_buffer(PyObject *object) {
    return PyMemoryView_Check(object) || strcmp(Py_TYPE(object)->tp_name, "array.array") == 0;
}`.trim();

/** The Python value of one turn's results. */
export function objectOf(kernel: Kernel): string {
  const values = kernel.results.map(({ name, type }) => {
    const field = `result->${variableName(name)}`;
    return typeof type === 'string' ? MAKE[type](field) : `list_of_${type.element}s(${field})`;
  });
  if (values.length === 1) return `static PyObject *object_of(const Result *result) {\n    return ${values[0]!};\n}`;
  const letters = kernel.results.map(() => 'N').join('');
  return `static PyObject *object_of(const Result *result) {\n    return Py_BuildValue("(${letters})", ${values.join(', ')});\n}`;
}
