/** Names in C for what the kernel names in Python. */
import type { Kernel } from '../kernel/model';

/** Words that a variable cannot be called: keywords, what the file's own helpers and headers define as macros or use. */
const RESERVED = new Set(
  ('auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return short signed sizeof static ' +
    'struct switch typedef union unsigned void volatile while bool true false alignas alignof asm constexpr nullptr static_assert thread_local typeof ' +
    'NULL EOF INFINITY NAN HUGE_VAL errno linux unix i386 assert isnan isinf isfinite signbit stdin stdout stderr major minor makedev ' +
    'state out result done finite sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log2 log10 log1p pow fmod hypot sqrt fabs floor ceil ' +
    'nearbyint copysign malloc free memcpy State Block Result Ints Floats Bools IntRows FloatRows BoolRows IntPlanes FloatPlanes BoolPlanes int64_t uint64_t').split(' '),
);

/** Helper functions of the file: `add`, `float_at`, … */
const HELPERS =
  /^(?:add|subtract|multiply|negate|absolute|power|shift_left|shift_right|range_length|exact|to_int|divide|check|min_int|max_int|min_float|max_float|floor_divide|modulo|float_floor_divide|float_modulo|float_power|square_root|allocate|release|(?:int|float|bool)_(?:at|row|plane)|no_\w+|open_buffer|(?:new|copy|store|append|free|take|list_of|read)_\w+)$/;

export function variableName(name: string): string {
  return RESERVED.has(name) || HELPERS.test(name) || /^(?:_|Py|M_|INT|UINT|PTR|SIZE)/.test(name) ? `${name.replace(/^_+/, '')}_` : name;
}

/** Functions carry the loop's name, so that none of them is one of the C library. */
export function functionName(kernel: Kernel, name: string): string {
  const base = kernel.iteration.name.replace(/_one(?:_\d+)?$/, '');
  return name.startsWith(`${base}_`) ? name : `${base}_${name.replace(/^_+/, '')}`;
}
