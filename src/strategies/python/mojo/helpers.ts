/** Small Mojo functions that keep Python's meaning. A file has those that it uses. */

interface Helper {
  readonly text: string;
  /** What it imports, by module. */
  readonly imports?: Readonly<Record<string, readonly string[]>>;
  readonly needs?: readonly string[];
}

const HELPERS = {
  add: {
    text: `
@always_inline
def add(a: Int, b: Int) raises GiveUp -> Int:
    var sum = a + b
    if ((a ^ sum) & (b ^ sum)) < 0:
        raise GiveUp()
    return sum`,
  },
  subtract: {
    text: `
@always_inline
def subtract(a: Int, b: Int) raises GiveUp -> Int:
    var difference = a - b
    if ((a ^ b) & (a ^ difference)) < 0:
        raise GiveUp()
    return difference`,
  },
  multiply: {
    text: `
@always_inline
def multiply(a: Int, b: Int) raises GiveUp -> Int:
    var product = Int128(a) * Int128(b)
    if product != Int128(Int(product)):
        raise GiveUp()
    return Int(product)`,
  },
  negate: {
    text: `
@always_inline
def negate(a: Int) raises GiveUp -> Int:
    if a == Int.MIN:
        raise GiveUp()
    return -a`,
  },
  absolute: {
    text: `
@always_inline
def absolute(a: Int) raises GiveUp -> Int:
    return negate(a) if a < 0 else a`,
    needs: ['negate'],
  },
  floor_divide: {
    text: `
@always_inline
def floor_divide(a: Int, b: Int) raises GiveUp -> Int:
    if b == 0 or (b == -1 and a == Int.MIN):
        raise GiveUp()
    return a // b`,
  },
  modulo: {
    text: `
@always_inline
def modulo(a: Int, b: Int) raises GiveUp -> Int:
    if b == 0 or (b == -1 and a == Int.MIN):
        raise GiveUp()
    return a % b`,
  },
  power: {
    text: `
def power(base: Int, exponent: Int) raises GiveUp -> Int:
    if exponent < 0:
        raise GiveUp()
    var result = 1
    var square = base
    var left = exponent
    while left > 0:
        if left & 1:
            result = multiply(result, square)
        left >>= 1
        if left > 0:
            square = multiply(square, square)
    return result`,
    needs: ['multiply'],
  },
  shift_left: {
    text: `
@always_inline
def shift_left(a: Int, by: Int) raises GiveUp -> Int:
    if a == 0 and by >= 0:
        return 0
    if by < 0 or by > 62 or (a << by) >> by != a:
        raise GiveUp()
    return a << by`,
  },
  shift_right: {
    text: `
@always_inline
def shift_right(a: Int, by: Int) raises GiveUp -> Int:
    if by < 0:
        raise GiveUp()
    return a >> min(by, 63)`,
  },
  range_length: {
    text: `
def range_length(start: Int, stop: Int, step: Int) raises GiveUp -> Int:
    """How many numbers range(start, stop, step) has."""
    if step == 0:
        raise GiveUp()
    var distance = Int128(stop) - Int128(start)
    var stride = Int128(step)
    if step < 0:
        distance = -distance
        stride = -stride
    if distance <= 0:
        return 0
    var length = (distance - 1) // stride + 1
    if length > Int128(Int.MAX):
        raise GiveUp()
    return Int(length)`,
  },
  smaller: {
    text: `
@always_inline
def smaller(a: Float64, b: Float64) -> Float64:
    """Python's min: the first unless the second is really smaller (NaN, -0.0)."""
    return b if b < a else a`,
  },
  larger: {
    text: `
@always_inline
def larger(a: Float64, b: Float64) -> Float64:
    """Python's max: the first unless the second is really larger (NaN, -0.0)."""
    return b if b > a else a`,
  },
  divide: {
    text: `
@always_inline
def divide(a: Float64, b: Float64) raises GiveUp -> Float64:
    if b == 0.0:
        raise GiveUp()
    return a / b`,
  },
  divisor: {
    text: `
@always_inline
def divisor(x: Float64) raises GiveUp -> Float64:
    if x == 0.0:
        raise GiveUp()
    return x`,
  },
  float_modulo: {
    text: `
def float_modulo(x: Float64, y: Float64) -> Float64:
    """As CPython's float_rem; the divisor is not 0."""
    var rest = external_call["fmod", Float64](unseen(x), unseen(y))
    if rest == 0.0:
        return copysign(Float64(0.0), y)
    return rest + y if (rest < 0.0) != (y < 0.0) else rest`,
    imports: { 'std.ffi': ['external_call'], 'std.math': ['copysign'] },
    needs: ['unseen'],
  },
  float_floor_divide: {
    text: `
def float_floor_divide(x: Float64, y: Float64) -> Float64:
    """As CPython's float_floor_div; the divisor is not 0."""
    var rest = external_call["fmod", Float64](unseen(x), unseen(y))
    var quotient = (x - rest) / y
    if rest != 0.0 and (rest < 0.0) != (y < 0.0):
        quotient -= 1.0
    if quotient == 0.0:
        return copysign(Float64(0.0), x / y)
    var whole = floor(quotient)
    return whole + 1.0 if quotient - whole > 0.5 else whole`,
    imports: { 'std.ffi': ['external_call'], 'std.math': ['copysign', 'floor'] },
    needs: ['unseen'],
  },
  finite: {
    text: `
@always_inline
def finite(x: Float64) raises GiveUp -> Float64:
    """What Python raises for gives no finite number."""
    if not isfinite(x):
        raise GiveUp()
    return x`,
    imports: { 'std.utils.numerics': ['isfinite'] },
  },
  unseen: {
    text: `
@always_inline
def unseen(x: Float64) -> Float64:
    """The same number, of which the compiler knows nothing: it would compute some results of the C library itself."""
    return inlined_assembly["", Float64, constraints="=r,0", has_side_effect=True](x)`,
    imports: { 'std.sys': ['inlined_assembly'] },
  },
  libm: {
    text: `
@always_inline
def libm[name: StaticString](x: Float64) raises GiveUp -> Float64:
    """A function of the C library, which is what Python calls."""
    return finite(external_call[name, Float64](unseen(x)))`,
    imports: { 'std.ffi': ['external_call'] },
    needs: ['unseen', 'finite'],
  },
  libm2: {
    text: `
@always_inline
def libm2[name: StaticString](x: Float64, y: Float64) raises GiveUp -> Float64:
    """As libm, for two arguments."""
    return finite(external_call[name, Float64](unseen(x), unseen(y)))`,
    imports: { 'std.ffi': ['external_call'] },
    needs: ['unseen', 'finite'],
  },
  square_root: {
    text: `
@always_inline
def square_root(x: Float64) raises GiveUp -> Float64:
    if not x >= 0.0:
        raise GiveUp()
    return sqrt(x)`,
    imports: { 'std.math': ['sqrt'] },
  },
  signed: {
    text: `
@always_inline
def signed(x: Float64, sign: Float64) raises GiveUp -> Float64:
    """As copysign; the sign of a NaN is nothing to rely on."""
    if isnan(sign):
        raise GiveUp()
    return copysign(x, sign)`,
    imports: { 'std.math': ['copysign'], 'std.utils.numerics': ['isnan'] },
  },
  whole: {
    text: `
@always_inline
def whole(x: Float64) raises GiveUp -> Int:
    """A float without a fraction as an integer."""
    if not (x >= -9223372036854775808.0 and x < 9223372036854775808.0):
        raise GiveUp()
    return Int(x)`,
  },
  exact: {
    text: `
@always_inline
def exact(a: Int) raises GiveUp -> Float64:
    """An integer that a float holds exactly: Python would calculate with all its digits."""
    if a > 9007199254740992 or a < -9007199254740992:
        raise GiveUp()
    return Float64(a)`,
  },
  at: {
    text: `
@always_inline
def at[T: Copyable & Deinitable](ref items: List[T], index: Int) raises GiveUp -> ref [items[0]] T:
    """The item that Python finds at an index: negative ones count from the end."""
    var place = index + len(items) if index < 0 else index
    if place < 0 or place >= len(items):
        raise GiveUp()
    return items[place]`,
  },
  item_at: {
    text: `
@always_inline
def item_at[T: Copyable & Deinitable](items: List[T], index: Int) raises GiveUp -> T:
    """As at, of a list that the same statement may change."""
    var place = index + len(items) if index < 0 else index
    if place < 0 or place >= len(items):
        raise GiveUp()
    return items[place].copy()`,
  },
  room: {
    text: `
def room(count: Int, size: Int) raises GiveUp:
    """Mojo ends the process where memory cannot be had: Python raises MemoryError."""
    if count > Int.MAX // 64:
        raise GiveUp()
    var memory = external_call["malloc", Int](count * size + 64)
    if memory == 0:
        raise GiveUp()
    external_call["free", NoneType](memory)`,
    imports: { 'std.ffi': ['external_call'] },
  },
  filled: {
    text: `
def filled[T: Copyable & Deinitable](item: T, length: Int) raises GiveUp -> List[T]:
    """A list [item] * length."""
    if length <= 0:
        return List[T]()
    room(length, size_of[T]())
    return List[T](length=length, fill=item)`,
    imports: { 'std.sys': ['size_of'] },
    needs: ['room'],
  },
  copied: {
    text: `
def copied[T: Copyable & Deinitable](items: List[T]) raises GiveUp -> List[T]:
    room(len(items), size_of[T]())
    return items.copy()`,
    imports: { 'std.sys': ['size_of'] },
    needs: ['room'],
  },
  append: {
    text: `
@always_inline
def append[T: Copyable & Deinitable](mut items: List[T], item: T) raises GiveUp:
    if len(items) == items.capacity():
        room(2 * len(items), size_of[T]())
    items.append(item.copy())`,
    imports: { 'std.sys': ['size_of'] },
    needs: ['room'],
  },
} satisfies Readonly<Record<string, Helper>>;

export type HelperName = keyof typeof HELPERS;

export const HELPER_NAMES: readonly string[] = Object.keys(HELPERS);

/** Names to import, by module. */
export type Imports = Map<string, Set<string>>;

export function addImport(imports: Imports, module: string, ...names: readonly string[]): void {
  const known = imports.get(module) ?? new Set();
  for (const name of names) known.add(name);
  imports.set(module, known);
}

/** The helpers of these names and those that they call; what they import is added. */
export function helpersFor(used: ReadonlySet<HelperName>, imports: Imports): readonly string[] {
  const all = new Set<string>();
  const add = (name: string): void => {
    const helper: Helper = HELPERS[name as HelperName];
    helper.needs?.forEach(add);
    all.add(name);
  };
  used.forEach(add);
  const chosen = Object.entries(HELPERS as Readonly<Record<string, Helper>>).filter(([name]) => all.has(name)).map(([, helper]) => helper);
  for (const helper of chosen) for (const [module, names] of Object.entries(helper.imports ?? {})) addImport(imports, module, ...names);
  return chosen.map((h) => h.text.trim());
}
