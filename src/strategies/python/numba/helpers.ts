/** Helper functions of the numba module: only those that a kernel uses are written. */

/** Raising makes the turn give up. */
const HELPERS: Readonly<Record<string, string>> = {
  _add: `
@kernel
def _add(a, b):
    if (b > 0 and a > LARGEST - b) or (b < 0 and a < SMALLEST - b):
        raise OverflowError
    return a + b`,
  _subtract: `
@kernel
def _subtract(a, b):
    if (b < 0 and a > LARGEST + b) or (b > 0 and a < SMALLEST + b):
        raise OverflowError
    return a - b`,
  _multiply: `
@kernel
def _multiply(a, b):
    # Looked at before: LLVM takes for granted that a product does not overflow.
    if not (-HALF < a < HALF and -HALF < b < HALF) and a != 0 and b != 0:
        if a == SMALLEST or b == SMALLEST or abs(b) > LARGEST // abs(a):
            raise OverflowError
    return a * b`,
  _negate: `
@kernel
def _negate(a):
    if a == SMALLEST:
        raise OverflowError
    return -a`,
  _absolute: `
@kernel
def _absolute(a):
    return _negate(a) if a < 0 else a`,
  _floor_divide: `
@kernel
def _floor_divide(a, b):
    if b == -1:
        return _negate(a)
    return a // b`,
  _modulo: `
@kernel
def _modulo(a, b):
    if b == -1:
        return a - a
    return a % b`,
  _power: `
@kernel
def _power(base, exponent):
    if exponent < 0:
        raise ValueError
    result = 1
    while exponent > 0:
        if exponent & 1:
            result = _multiply(result, base)
        exponent >>= 1
        if exponent > 0:
            base = _multiply(base, base)
    return result`,
  _shift_left: `
@kernel
def _shift_left(a, by):
    if by < 0:
        raise ValueError
    if a == 0:
        return a
    if by > 62 or a > LARGEST >> by or a < SMALLEST >> by:
        raise OverflowError
    return a << by`,
  _shift_right: `
@kernel
def _shift_right(a, by):
    if by < 0:
        raise ValueError
    return a >> min(by, 63)`,
  _range_length: `
@kernel
def _range_length(start, stop, step):
    """How often range(start, stop, step) runs."""
    if step == 0:
        raise ValueError
    if step > 0:
        return 0 if start >= stop else _add(_floor_divide(_subtract(_subtract(stop, start), 1), step), 1)
    return 0 if start <= stop else _add(_floor_divide(_subtract(_subtract(start, stop), 1), _negate(step)), 1)`,
  _smaller: `
@kernel
def _smaller(a, b):
    """As Python's min: the second only where it is really smaller (NaN, -0.0)."""
    return b if b < a else a`,
  _larger: `
@kernel
def _larger(a, b):
    """As Python's max: the second only where it is really larger (NaN, -0.0)."""
    return b if b > a else a`,
  _finite: `
@kernel
def _finite(x):
    """A NaN or an infinity: Python may raise, or tell other cases apart."""
    if not math.isfinite(x):
        raise ValueError
    return x`,
  _square_root: `
@kernel
def _square_root(x):
    if not x >= 0.0:
        raise ValueError
    return math.sqrt(x)`,
  _float_modulo: `
@kernel
def _float_modulo(x, y):
    """As CPython's float_rem."""
    if y == 0.0:
        raise ZeroDivisionError
    rest = _fmod(x, y)
    if rest == 0.0:
        return math.copysign(0.0, y)
    return rest + y if (rest < 0.0) != (y < 0.0) else rest`,
  _float_floor_divide: `
@kernel
def _float_floor_divide(x, y):
    """As CPython's float_floor_div."""
    if y == 0.0:
        raise ZeroDivisionError
    rest = _fmod(x, y)
    quotient = (x - rest) / y
    if rest != 0.0 and (rest < 0.0) != (y < 0.0):
        quotient -= 1.0
    if quotient == 0.0:
        return math.copysign(0.0, x / y)
    whole = np.floor(quotient)
    return whole + 1.0 if quotient - whole > 0.5 else whole`,
  _exact: `
@kernel
def _exact(a):
    """Python compares and divides ints exactly; a float holds them to 2**53."""
    if a > 9007199254740992 or a < -9007199254740992:
        raise OverflowError
    return float(a)`,
  _truncate: `
@kernel
def _truncate(x):
    if not (x >= -9223372036854775808.0 and x < 9223372036854775808.0):
        raise OverflowError
    return int(x)`,
  _plane: `
@kernel
def _plane(starts, planes, index):
    """Where the rows of one plane start."""
    count = len(planes) - 1
    if index < 0:
        index += count
    if index < 0 or index >= count:
        raise IndexError
    return starts[planes[index] : planes[index + 1] + 1]`,
  _row: `
@kernel
def _row(items, starts, index):
    """One row of those that stand behind each other in items."""
    count = len(starts) - 1
    if index < 0:
        index += count
    if index < 0 or index >= count:
        raise IndexError
    return items[starts[index] : starts[index + 1]]`,
};

const NEEDS: Readonly<Record<string, readonly string[]>> = {
  _absolute: ['_negate'],
  _floor_divide: ['_negate'],
  _power: ['_multiply'],
  _range_length: ['_add', '_subtract', '_negate', '_floor_divide'],
};

/** The helpers that a text calls, each after those that it calls itself. */
export function helpersFor(code: string): string[] {
  const wanted = new Set<string>();
  const visit = (name: string): void => {
    for (const needed of NEEDS[name] ?? []) visit(needed);
    wanted.add(name);
  };
  for (const name of Object.keys(HELPERS)) if (new RegExp(`(?<![\\w.])${name}\\(`).test(code)) visit(name);
  return [...wanted].map((name) => HELPERS[name]!.trim());
}
