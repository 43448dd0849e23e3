/** The C code between Python's objects and the kernel's values: what is read before the GIL is released, and what is made afterwards. */
import { needsWide, needsWritable, type KParam, type Kernel, type Scalar } from '../kernel/model';
import { forKind } from './helpers';
import { functionName, variableName } from './names';
import { declared, partsOf } from './expressions';

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

const PLANES = `
static bool take_%_planes(PyObject *object, %P *array) {
    if (!PyList_CheckExact(object)) return false;
    int64_t length = PyList_Size(object);
    array->planes = calloc((size_t)length + 1, sizeof(%R));
    if (array->planes == NULL) return false;
    array->length = length;
    for (int64_t k = 0; k < length; k++) {
        if (!take_%_rows(PyList_GetItem(object, k), &array->planes[k])) return false;
    }
    return true;
}`;

const FREE_ROWS = `
static void free_%_rows(%R *array) {
    for (int64_t k = 0; k < array->length; k++) free(array->rows[k].items);
    free(array->rows);
}`;

const FREE_PLANES = `
static void free_%_planes(%P *array) {
    for (int64_t k = 0; k < array->length; k++) free_%_rows(&array->planes[k]);
    free(array->planes);
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

const OPEN_BUFFER = `
/* The one letter for the type of a buffer's elements; 0 when it has none, or another number of dimensions. */
static char open_buffer(PyObject *object, int dims, Py_buffer *view) {
    if (PyObject_GetBuffer(object, view, PyBUF_FORMAT | PyBUF_STRIDES) < 0) {
        PyErr_Clear();
        return 0;
    }
    const char *format = view->format == NULL ? "B" : view->format[0] == '@' ? view->format + 1 : view->format;
    if (view->ndim == dims && format[0] != 0 && format[1] == 0) return format[0];
    PyBuffer_Release(view);
    return 0;
}`;

/** Copies the elements of one to three dimensions, whatever lies between them. */
const COPY_PARTS = [
  `
static bool copy_%_line(const char *from, char format, const Py_ssize_t *shape, const Py_ssize_t *strides, %A *array) {
    array->items = malloc((size_t)shape[0] * sizeof(%T) + 1);
    if (array->items == NULL) return false;
    array->length = array->room = shape[0];
    for (int64_t k = 0; k < array->length; k++) {
        if (!read_%(from + k * strides[0], format, &array->items[k])) return false;
    }
    return true;
}`,
  `
static bool copy_%_matrix(const char *from, char format, const Py_ssize_t *shape, const Py_ssize_t *strides, %R *array) {
    array->rows = calloc((size_t)shape[0] + 1, sizeof(%A));
    if (array->rows == NULL) return false;
    array->length = shape[0];
    for (int64_t k = 0; k < array->length; k++) {
        if (!copy_%_line(from + k * strides[0], format, shape + 1, strides + 1, &array->rows[k])) return false;
    }
    return true;
}`,
  `
static bool copy_%_cube(const char *from, char format, const Py_ssize_t *shape, const Py_ssize_t *strides, %P *array) {
    array->planes = calloc((size_t)shape[0] + 1, sizeof(%R));
    if (array->planes == NULL) return false;
    array->length = shape[0];
    for (int64_t k = 0; k < array->length; k++) {
        if (!copy_%_matrix(from + k * strides[0], format, shape + 1, strides + 1, &array->planes[k])) return false;
    }
    return true;
}`,
];

const SHAPES = ['line', 'matrix', 'cube'];

function takeBuffer(dims: number): string {
  const shape = SHAPES[dims - 1]!;
  return `
static bool take_%_${shape}(PyObject *object, ${['%A', '%R', '%P'][dims - 1]!} *array) {
    Py_buffer view;
    char format = open_buffer(object, ${dims}, &view);
    if (format == 0) return false;
    bool taken = copy_%_${shape}(view.buf, format, view.shape, view.strides, array);
    PyBuffer_Release(&view);
    return taken;
}`;
}

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
  const how = from === 'list' ? ['list', 'rows', 'planes'] : SHAPES;
  return `take_${type.element}_${how[type.dims - 1]!}`;
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
      if (type.dims > 1) texts.add(forKind(ROWS, element));
      if (type.dims > 2) texts.add(forKind(PLANES, element));
    } else {
      texts.add(OPEN_BUFFER);
      texts.add(forKind(BUFFER[element], element));
      for (const copy of COPY_PARTS.slice(0, type.dims)) texts.add(forKind(copy, element));
      texts.add(forKind(takeBuffer(type.dims), element));
    }
    if (typeof type !== 'string' && type.dims > 1) texts.add(forKind(FREE_ROWS, element));
    if (typeof type !== 'string' && type.dims > 2) texts.add(forKind(FREE_PLANES, element));
  }
  for (const { type } of kernel.results) if (typeof type !== 'string') texts.add(forKind(LIST_OF, type.element).replace('MAKE', MAKE[type.element]('array->items[k]')));
  if (kernel.params.some((p) => p.from === 'numpy')) texts.add(NUMPY);
  if (kernel.params.some(needsWide)) texts.add(WIDE);
  if (kernel.params.some(needsWritable)) texts.add(WRITABLE);
  if (kernel.params.some((p) => p.distinctRows && p.from === 'list')) texts.add(DISTINCT);
  return [...texts].map((t) => t.trim());
}

const NUMPY = `
static bool is_numpy_array(PyObject *object) {
    return strcmp(Py_TYPE(object)->tp_name, "numpy.ndarray") == 0;
}`;

const WIDE = `
/* Integers of 64 bits: narrower ones overflow earlier. */
static bool has_wide_items(PyObject *object) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_STRIDES) < 0) {
        PyErr_Clear();
        return false;
    }
    bool wide = view.itemsize == 8;
    PyBuffer_Release(&view);
    return wide;
}`;

const WRITABLE = `
static bool is_writable(PyObject *object) {
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_STRIDES | PyBUF_WRITABLE) < 0) {
        PyErr_Clear();
        return false;
    }
    PyBuffer_Release(&view);
    return true;
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
    ...params.filter(needsWide).map((p) => `has_wide_items(${object(p.name)})`),
    ...params.filter(needsWritable).map((p) => `is_writable(${object(p.name)})`),
  ];
}

/** The call that gives back the memory of what was taken. */
export function freed({ type }: KParam, variable: string): string {
  if (typeof type === 'string' || type.dims === 1) return `free(${variable}.items)`;
  return `free_${type.element}_${partsOf(type.dims - 1)}(&${variable})`;
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
    ...arrays.map((p) => `    ${freed(p, variableName(p.name))};`),
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
