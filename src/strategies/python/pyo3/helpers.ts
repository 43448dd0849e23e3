/** Small Rust functions that keep Python's meaning. A file has those that it uses. */

interface Helper {
  readonly text: string;
  /** `std` paths to import. */
  readonly imports?: readonly string[];
  readonly needs?: readonly string[];
}

const HELPERS = {
  at: {
    text: `
/// The item that Python finds at an index: negative ones count from the end.
fn at<T>(items: &[T], index: i64) -> Option<&T> {
    let place = if index < 0 { index + items.len() as i64 } else { index };
    items.get(usize::try_from(place).ok()?)
}`,
  },
  at_mut: {
    text: `
/// As \`at\`, to write to.
fn at_mut<T>(items: &mut [T], index: i64) -> Option<&mut T> {
    let place = if index < 0 { index + items.len() as i64 } else { index };
    items.get_mut(usize::try_from(place).ok()?)
}`,
  },
  divide: {
    text: `
fn divide(x: f64, y: f64) -> Option<f64> {
    (y != 0.0).then(|| x / y)
}`,
  },
  floor_div: {
    text: `
/// Rounded down, as Python does; the divisor is neither 0 nor -1.
fn floor_div(a: i64, b: i64) -> i64 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}`,
  },
  floor_mod: {
    text: `
/// With the sign of the divisor, as in Python; the divisor is neither 0 nor -1.
fn floor_mod(a: i64, b: i64) -> i64 {
    let rest = a % b;
    if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest }
}`,
  },
  checked_floor_div: {
    text: `
/// Rounded down, as Python does.
fn checked_floor_div(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}`,
  },
  checked_floor_mod: {
    text: `
/// With the sign of the divisor, as in Python.
fn checked_floor_mod(a: i64, b: i64) -> Option<i64> {
    let rest = a.checked_rem(b)?;
    Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
}`,
  },
  float_divmod: {
    text: `
/// The quotient rounded down and the remainder with the sign of the divisor, step by step as CPython finds them.
fn float_divmod(x: f64, y: f64) -> (f64, f64) {
    let mut rest = x % y;
    let mut quotient = (x - rest) / y;
    if rest != 0.0 {
        if (y < 0.0) != (rest < 0.0) {
            rest += y;
            quotient -= 1.0;
        }
    } else {
        rest = 0.0_f64.copysign(y);
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(x / y), rest);
    }
    let whole = quotient.floor();
    (if quotient - whole > 0.5 { whole + 1.0 } else { whole }, rest)
}`,
  },
  checked_float_divmod: {
    text: `
fn checked_float_divmod(x: f64, y: f64) -> Option<(f64, f64)> {
    (y != 0.0).then(|| float_divmod(x, y))
}`,
    needs: ['float_divmod'],
  },
  int_pow: {
    text: `
fn int_pow(base: i64, exponent: i64) -> Option<i64> {
    base.checked_pow(u32::try_from(exponent).ok()?)
}`,
  },
  shift_left: {
    text: `
fn shift_left(value: i64, count: i64) -> Option<i64> {
    let count = u32::try_from(count).ok()?;
    let shifted = value.checked_shl(count)?;
    (shifted >> count == value).then_some(shifted)
}`,
  },
  shift_right: {
    text: `
fn shift_right(value: i64, count: i64) -> Option<i64> {
    (count >= 0).then(|| value >> count.min(63))
}`,
  },
  finite: {
    text: `
/// What Python raises for gives no finite number.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}`,
  },
  libm: {
    text: `
/// A function of the C library, which is what Python calls. The compiler must not see the argument: it would compute some results itself.
fn libm(function: fn(f64) -> f64, x: f64) -> Option<f64> {
    finite(function(black_box(x)))
}`,
    imports: ['std::hint::black_box'],
    needs: ['finite'],
  },
  libm2: {
    text: `
/// As \`libm\`, for two arguments.
fn libm2(function: fn(f64, f64) -> f64, x: f64, y: f64) -> Option<f64> {
    finite(function(black_box(x), black_box(y)))
}`,
    imports: ['std::hint::black_box'],
    needs: ['finite'],
  },
  square_root: {
    text: `
fn square_root(x: f64) -> Option<f64> {
    if x < 0.0 { None } else { Some(x.sqrt()) }
}`,
  },
  copysign: {
    text: `
/// The sign of a NaN is nothing to rely on.
fn copysign(x: f64, sign: f64) -> Option<f64> {
    if sign.is_nan() { None } else { Some(x.copysign(sign)) }
}`,
  },
  whole: {
    text: `
/// A float without a fraction as an integer.
fn whole(x: f64) -> Option<i64> {
    (-9223372036854775808.0..9223372036854775808.0).contains(&x).then_some(x as i64)
}`,
  },
  exact: {
    text: `
/// An integer that a float holds exactly: Python would calculate with all its digits.
fn exact(value: i64) -> Option<f64> {
    (-(1 << 53)..=1 << 53).contains(&value).then_some(value as f64)
}`,
  },
  smaller: {
    text: `
/// Python's \`min\`: the first unless the second is really smaller.
fn smaller(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}`,
  },
  larger: {
    text: `
/// Python's \`max\`: the first unless the second is really larger.
fn larger(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}`,
  },
  range_length: {
    text: `
/// How many numbers \`range(start, stop, step)\` has.
fn range_length(start: i64, stop: i64, step: i64) -> Option<i64> {
    let (from, to) = if step > 0 { (start, stop) } else { (stop, start) };
    if step == 0 {
        None
    } else if from >= to {
        Some(0)
    } else {
        i64::try_from((to.abs_diff(from) - 1) / step.unsigned_abs() + 1).ok()
    }
}`,
  },
  filled: {
    text: `
/// \`[value] * length\`
fn filled<T: Clone>(value: T, length: i64) -> Option<Vec<T>> {
    let length = usize::try_from(length.max(0)).ok()?;
    let mut items = Vec::new();
    items.try_reserve_exact(length).ok()?;
    items.resize(length, value);
    Some(items)
}`,
  },
  copied: {
    text: `
fn copied<T: Copy>(items: &[T]) -> Option<Vec<T>> {
    let mut copy = Vec::new();
    copy.try_reserve_exact(items.len()).ok()?;
    copy.extend_from_slice(items);
    Some(copy)
}`,
  },
  append: {
    text: `
fn append<T>(items: &mut Vec<T>, item: T) -> Option<()> {
    items.try_reserve(1).ok()?;
    items.push(item);
    Some(())
}`,
  },
} satisfies Readonly<Record<string, Helper>>;

export type HelperName = keyof typeof HELPERS;

export const HELPER_NAMES: readonly string[] = Object.keys(HELPERS);

/** The helpers of these names and those that they call, and what they import. */
export function helpersFor(used: ReadonlySet<HelperName>): { readonly texts: readonly string[]; readonly imports: readonly string[] } {
  const all = new Set<string>();
  const add = (name: string): void => {
    const helper: Helper = HELPERS[name as HelperName];
    helper.needs?.forEach(add);
    all.add(name);
  };
  used.forEach(add);
  const chosen = Object.entries(HELPERS as Readonly<Record<string, Helper>>).filter(([name]) => all.has(name)).map(([, helper]) => helper);
  return { texts: chosen.map((h) => h.text.trim()), imports: [...new Set(chosen.flatMap((h) => h.imports ?? []))] };
}
