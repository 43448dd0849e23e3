/** Helper functions of the C file, each with what it needs: only those that a kernel uses are written. */

/** By name, in an order in which each comes after what it calls. `T` stands for float, int and bool in turn. */
const SCALAR: Readonly<Record<string, string>> = {
  add: `
static inline int64_t add(int64_t a, int64_t b, State *state) {
    int64_t sum = (int64_t)((uint64_t)a + (uint64_t)b);
    if (((a ^ sum) & (b ^ sum)) < 0) state->gave_up = true;
    return sum;
}`,
  subtract: `
static inline int64_t subtract(int64_t a, int64_t b, State *state) {
    int64_t difference = (int64_t)((uint64_t)a - (uint64_t)b);
    if (((a ^ b) & (a ^ difference)) < 0) state->gave_up = true;
    return difference;
}`,
  multiply: `
static inline int64_t multiply(int64_t a, int64_t b, State *state) {
#if defined(__GNUC__)
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product)) state->gave_up = true;
    return product;
#else
    if (a > 0 ? (b > INT64_MAX / a || b < INT64_MIN / a) : a < -1 ? (b > INT64_MIN / a || b < INT64_MAX / a) : (a == -1 && b == INT64_MIN)) {
        state->gave_up = true;
        return 0;
    }
    return a * b;
#endif
}`,
  negate: `
static inline int64_t negate(int64_t a, State *state) {
    if (a == INT64_MIN) {
        state->gave_up = true;
        return 0;
    }
    return -a;
}`,
  absolute: `
static inline int64_t absolute(int64_t a, State *state) {
    if (a == INT64_MIN) {
        state->gave_up = true;
        return 0;
    }
    return a < 0 ? -a : a;
}`,
  floor_divide: `
/* Rounds down, where C rounds towards zero. */
static inline int64_t floor_divide(int64_t a, int64_t b, State *state) {
    if (b == 0 || (b == -1 && a == INT64_MIN)) {
        state->gave_up = true;
        return 0;
    }
    int64_t quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}`,
  modulo: `
/* Has the sign of the divisor, where C's has that of the dividend. */
static inline int64_t modulo(int64_t a, int64_t b, State *state) {
    if (b == 0 || (b == -1 && a == INT64_MIN)) {
        state->gave_up = true;
        return 0;
    }
    int64_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}`,
  power: `
static int64_t power(int64_t base, int64_t exponent, State *state) {
    if (exponent < 0) state->gave_up = true;
    int64_t result = 1;
    while (exponent > 0 && !state->gave_up) {
        if (exponent & 1) result = multiply(result, base, state);
        exponent >>= 1;
        if (exponent > 0) base = multiply(base, base, state);
    }
    return result;
}`,
  shift_left: `
static inline int64_t shift_left(int64_t a, int64_t by, State *state) {
    if (a == 0 && by >= 0) return 0;
    int64_t shifted = by < 0 || by > 62 ? 0 : (int64_t)((uint64_t)a << by);
    if (by < 0 || by > 62 || shifted >> by != a) state->gave_up = true;
    return shifted;
}`,
  shift_right: `
static inline int64_t shift_right(int64_t a, int64_t by, State *state) {
    if (by < 0) {
        state->gave_up = true;
        return 0;
    }
    return a >> (by > 63 ? 63 : by);
}`,
  range_length: `
/* How often range(start, stop, step) runs. */
static inline int64_t range_length(int64_t start, int64_t stop, int64_t step, State *state) {
    if (step == 0) {
        state->gave_up = true;
        return 0;
    }
    if (step > 0 ? start >= stop : start <= stop) return 0;
    uint64_t distance = step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
    uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    uint64_t turns = (distance - 1) / stride + 1;
    if (turns > INT64_MAX) state->gave_up = true;
    return (int64_t)turns;
}`,
  min_int: `
static inline int64_t min_int(int64_t a, int64_t b) { return b < a ? b : a; }`,
  max_int: `
static inline int64_t max_int(int64_t a, int64_t b) { return b > a ? b : a; }`,
  min_float: `
/* As Python's min: the second only where it is really smaller (NaN, -0.0). */
static inline double min_float(double a, double b) { return b < a ? b : a; }`,
  max_float: `
/* As Python's max: the second only where it is really larger (NaN, -0.0). */
static inline double max_float(double a, double b) { return b > a ? b : a; }`,
  check: `
/* A NaN or an infinity: Python may raise, or tell other cases apart. */
static inline double check(double value, State *state) {
    if (!isfinite(value)) state->gave_up = true;
    return value;
}`,
  square_root: `
static inline double square_root(double x, State *state) {
    if (!(x >= 0.0)) state->gave_up = true;
#if defined(__GNUC__)
    return __builtin_sqrt(x);
#else
    return sqrt(x);
#endif
}`,
  divide: `
static inline double divide(double a, double b, State *state) {
    if (b == 0.0) state->gave_up = true;
    return a / b;
}`,
  float_modulo: `
/* As CPython's float_rem. */
static inline double float_modulo(double x, double y, State *state) {
    if (y == 0.0) {
        state->gave_up = true;
        return 0.0;
    }
    double rest = fmod(x, y);
    if (rest == 0.0) return copysign(0.0, y);
    return (rest < 0.0) != (y < 0.0) ? rest + y : rest;
}`,
  float_floor_divide: `
/* As CPython's float_floor_div. */
static inline double float_floor_divide(double x, double y, State *state) {
    if (y == 0.0) {
        state->gave_up = true;
        return 0.0;
    }
    double rest = fmod(x, y);
    double quotient = (x - rest) / y;
    if (rest != 0.0 && (rest < 0.0) != (y < 0.0)) quotient -= 1.0;
    if (quotient == 0.0) return copysign(0.0, x / y);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}`,
  float_power: `
static inline double float_power(double x, double y, State *state) { return check(pow(x, y), state); }`,
  exact: `
/* Python compares and divides ints exactly; a double holds them to 2^53. */
static inline double exact(int64_t a, State *state) {
    if (a > INT64_C(9007199254740992) || a < -INT64_C(9007199254740992)) state->gave_up = true;
    return (double)a;
}`,
  to_int: `
static inline int64_t to_int(double x, State *state) {
    if (!(x >= -9223372036854775808.0 && x < 9223372036854775808.0)) {
        state->gave_up = true;
        return 0;
    }
    return (int64_t)x;
}`,
};

const NEEDS: Readonly<Record<string, readonly string[]>> = { power: ['multiply'], float_power: ['check'] };

const C_TYPES: Readonly<Record<string, string>> = { int: 'int64_t', float: 'double', bool: 'bool' };
const ARRAYS: Readonly<Record<string, string>> = { int: 'Ints', float: 'Floats', bool: 'Bools' };

/** For arrays of one element type; `%` is its kind (`float`), `%T` the C type, `%A`, `%R` and `%P` those of arrays of one to three dimensions. */
const ARRAY: Readonly<Record<string, string>> = {
  'at': `
/* Counts from the end for a negative index, as Python does. */
static inline %T %_at(const %A *array, int64_t index, State *state) {
    if (index < 0) index += array->length;
    if (index < 0 || index >= array->length) {
        state->gave_up = true;
        return 0;
    }
    return array->items[index];
}`,
  'row': `
static inline %A *%_row(const %R *array, int64_t index, State *state) {
    if (index < 0) index += array->length;
    if (index < 0 || index >= array->length) {
        state->gave_up = true;
        return &no_%s;
    }
    return &array->rows[index];
}`,
  'plane': `
static inline %R *%_plane(const %P *array, int64_t index, State *state) {
    if (index < 0) index += array->length;
    if (index < 0 || index >= array->length) {
        state->gave_up = true;
        return &no_%_rows;
    }
    return &array->planes[index];
}`,
  'store': `
static inline void store_%(%A *array, int64_t index, %T value, State *state) {
    if (index < 0) index += array->length;
    if (index < 0 || index >= array->length) state->gave_up = true;
    else array->items[index] = value;
}`,
  'new': `
static %A *new_%s(int64_t room, State *state) {
    if (state->gave_up || room > PTRDIFF_MAX / 16) {
        state->gave_up = true;
        return &no_%s;
    }
    if (room < 4) room = 4;
    %A *array = allocate(sizeof(%A) + (size_t)room * sizeof(%T), state);
    if (array == NULL) return &no_%s;
    array->items = (%T *)(array + 1);
    array->length = 0;
    array->room = room;
    return array;
}`,
  'fill': `
/* [value] * length */
static %A *fill_%s(%T value, int64_t length, State *state) {
    %A *array = new_%s(length, state);
    if (array == &no_%s) return array;
    for (int64_t k = 0; k < length; k++) array->items[k] = value;
    array->length = length < 0 ? 0 : length;
    return array;
}`,
  'copy': `
static %A *copy_%s(const %A *source, State *state) {
    %A *array = new_%s(source->length, state);
    if (array == &no_%s) return array;
    memcpy(array->items, source->items, (size_t)source->length * sizeof(%T));
    array->length = source->length;
    return array;
}`,
  'append': `
static void append_%(%A *array, %T value, State *state) {
    if (array->length == array->room) {
        %A *larger = new_%s(array->room * 2, state);
        if (larger == &no_%s) return;
        memcpy(larger->items, array->items, (size_t)array->length * sizeof(%T));
        array->items = larger->items;
        array->room = larger->room;
    }
    array->items[array->length++] = value;
}`,
};

const ARRAY_NEEDS: Readonly<Record<string, readonly string[]>> = { fill: ['new'], copy: ['new'], append: ['new'] };

/** The definitions of the helpers that a text calls, in order. */
export function helpersFor(code: string): string[] {
  const called = new Set<string>();
  const visit = (name: string): void => {
    if (called.has(name)) return;
    called.add(name);
    for (const needed of NEEDS[name] ?? []) visit(needed);
  };
  for (const name of Object.keys(SCALAR)) if (new RegExp(`\\b${name}\\(`).test(code)) visit(name);
  const out = Object.keys(SCALAR).filter((name) => called.has(name)).map((name) => SCALAR[name]!.trim());
  const arrays: string[] = [];
  for (const kind of ['int', 'float', 'bool']) {
    const wanted = new Set<string>();
    for (const name of Object.keys(ARRAY)) {
      if (!new RegExp(`\\b${callOf(name, kind)}\\(`).test(code)) continue;
      wanted.add(name);
      for (const needed of ARRAY_NEEDS[name] ?? []) wanted.add(needed);
    }
    arrays.push(...Object.keys(ARRAY).filter((name) => wanted.has(name)).map((name) => forKind(ARRAY[name]!, kind).trim()));
  }
  return [...out, ...arrays];
}

function callOf(name: string, kind: string): string {
  if (name === 'at' || name === 'row' || name === 'plane') return `${kind}_${name}`;
  return name === 'store' || name === 'append' ? `${name}_${kind}` : `${name}_${kind}s`;
}

export function forKind(template: string, kind: string): string {
  const base = `${kind[0]!.toUpperCase()}${kind.slice(1)}`;
  return template.replaceAll('%T', C_TYPES[kind]!).replaceAll('%A', ARRAYS[kind]!).replaceAll('%R', `${base}Rows`).replaceAll('%P', `${base}Planes`).replaceAll('%', kind);
}
