/** Prints a kernel's expressions in Rust. What gives up is an `Option`, left by `?`. */
import type { KConst, KConvert, KExpr, KMath, KType, Kernel, MathFunction, Scalar } from '../kernel/model';
import { isArray } from '../kernel/typing';
import { Refusal } from '../../refusal';
import { isOpen, isPlainShift, isSmallList } from '../kernel/fallible';
import type { HelperName } from './helpers';
import type { Names } from '../kernel/names';

/** How strongly Rust's operators bind. */
const enum Level {
  Block = 0,
  Or = 1,
  And = 2,
  Compare = 3,
  BitOr = 4,
  BitXor = 5,
  BitAnd = 6,
  Shift = 7,
  Add = 8,
  Multiply = 9,
  As = 10,
  Unary = 11,
  Primary = 12,
}

export interface Printed {
  readonly text: string;
  readonly level: number;
}

const SCALARS: Readonly<Record<Scalar, string>> = { int: 'i64', float: 'f64', bool: 'bool' };
const BITS = { '&': Level.BitAnd, '|': Level.BitOr, '^': Level.BitXor };
const CHECKED = { '+': 'checked_add', '-': 'checked_sub', '*': 'checked_mul' };
/** Rust computes these three by formulas of its own. */
const OWN_FORMULA = new Set<string>(['asinh', 'acosh', 'atanh']);
const METHODS: Readonly<Partial<Record<MathFunction, string>>> = { log: 'ln', expm1: 'exp_m1', log1p: 'ln_1p', pow: 'powf' };

/** The Rust type of a value that is owned, or of what a parameter refers to. */
export function typeOf(type: KType, owned: boolean): string {
  if (!isArray(type)) return SCALARS[type];
  const items = SCALARS[type.element];
  const part = { 1: items, 2: `Vec<${items}>`, 3: `Vec<Vec<${items}>>` }[type.dims];
  return owned ? `Vec<${part}>` : `&[${part}]`;
}

export class Expressions {
  /** Of the function that is being printed. */
  isOwned: (name: string) => boolean = () => false;
  readonly used = new Set<HelperName>();

  constructor(
    private readonly kernel: Kernel,
    readonly names: Names,
    readonly fallible: ReadonlySet<string>,
  ) {}

  /** As an operand that must bind at least so strongly. */
  print(expr: KExpr, level: number = Level.Block): string {
    const printed = this.node(expr);
    // Subscripts and methods take the row itself.
    if (expr.op === 'row' && level === Level.Primary) return printed.text.replace(/^&/, '');
    return printed.level < level ? `(${printed.text})` : printed.text;
  }

  /** With a method called on it: its type has to be plain. */
  receiver(expr: KExpr): string {
    if (expr.op === 'const') return this.typed(expr);
    // A method follows the reference by itself.
    if (expr.op === 'index' && (expr.checked || expr.wraps)) return this.item(expr);
    return this.print(fixed(expr), Level.Primary);
  }

  /** A literal with its type. */
  private typed(expr: KConst): string {
    const { text, level } = literal(expr);
    const full = expr.type === 'bool' || /[A-Z]/.test(text) ? text : `${text}_${SCALARS[expr.type]}`;
    return level < Level.Primary ? `(${full})` : full;
  }

  help(name: HelperName): string {
    this.used.add(name);
    return name;
  }

  /** A list, lent for a call or a loop. */
  lent(expr: KExpr): string {
    const text = this.print(expr, Level.Unary);
    return expr.op === 'row' || (expr.op === 'var' && !this.isOwned(expr.name)) ? text : `&${text}`;
  }

  /** As an index of the machine. */
  place(index: KExpr): string {
    if (index.op === 'length') return `${this.print(index.array, Level.Primary)}.len()`;
    return index.op === 'const' ? String(index.value) : `${this.print(fixed(index), Level.As)} as usize`;
  }

  /** The checked item as a reference. */
  private item(expr: Extract<KExpr, { op: 'index' | 'row' }>): string {
    if (!expr.wraps) return `${this.print(expr.array, Level.Primary)}.get(${this.place(expr.index)})?`;
    return `${this.help('at')}(${this.lent(expr.array)}, ${this.print(expr.index)})?`;
  }

  private helper(name: HelperName, ...args: readonly KExpr[]): Printed {
    return { text: `${this.help(name)}(${args.map((a) => this.print(a)).join(', ')})`, level: Level.Primary };
  }

  private tried(name: HelperName, ...args: readonly KExpr[]): Printed {
    return { text: `${this.helper(name, ...args).text}?`, level: Level.Primary };
  }

  private infix(left: KExpr, operator: string, right: KExpr, level: Level, associative = true): Printed {
    let first = this.print(left, associative ? level : level + 1);
    // `x as f64 < y` would begin a list of types.
    if (operator.startsWith('<') && / as \w+$/.test(first)) first = `(${first})`;
    return { text: `${first} ${operator} ${this.print(right, level + 1)}`, level };
  }

  node(expr: KExpr): Printed {
    switch (expr.op) {
      case 'const':
        return literal(expr);
      case 'var':
        return { text: this.names.variable(expr.name), level: Level.Primary };
      case 'arith': {
        if (!expr.checked) return this.infix(expr.left, expr.operator, expr.right, expr.operator === '*' ? Level.Multiply : Level.Add);
        const swapped = expr.operator !== '-' && expr.left.op === 'const';
        const [on, by] = swapped ? [expr.right, expr.left] : [expr.left, expr.right];
        return { text: `${this.receiver(on)}.${CHECKED[expr.operator]}(${this.print(by)})?`, level: Level.Primary };
      }
      case 'divide':
        return this.division(expr);
      case 'power':
        if (expr.type === 'float') return { text: `${this.help('libm2')}(f64::powf, ${this.print(expr.left)}, ${this.print(expr.right)})?`, level: Level.Primary };
        if (expr.right.op === 'const' && (expr.right.value as bigint) >= 0n && (expr.right.value as bigint) < 2n ** 32n) {
          return { text: `${this.receiver(expr.left)}.checked_pow(${this.print(expr.right)})?`, level: Level.Primary };
        }
        return this.tried('int_pow', expr.left, expr.right);
      case 'bits':
        if (expr.operator === '<<') return this.tried('shift_left', expr.left, expr.right);
        if (expr.operator === '>>') return isPlainShift(expr.right) ? this.infix(fixed(expr.left), '>>', expr.right, Level.Shift) : this.tried('shift_right', expr.left, expr.right);
        return this.infix(expr.left, expr.operator, expr.right, BITS[expr.operator]);
      case 'unary':
        if (expr.operator === 'abs') return { text: `${this.receiver(expr.operand)}.${expr.checked ? 'checked_abs()?' : 'abs()'}`, level: Level.Primary };
        if (expr.checked) return { text: `${this.receiver(expr.operand)}.checked_neg()?`, level: Level.Primary };
        return { text: `${expr.operator === '~' ? '!' : '-'}${this.print(expr.operand, Level.Unary)}`, level: Level.Unary };
      case 'compare':
        return this.infix(isOpen(expr.right) ? fixed(expr.left) : expr.left, expr.operator, expr.right, Level.Compare, false);
      case 'logical':
        return expr.operator === 'and' ? this.infix(expr.left, '&&', expr.right, Level.And) : this.infix(expr.left, '||', expr.right, Level.Or);
      case 'not':
        return { text: `!${this.print(expr.operand, Level.Unary)}`, level: Level.Unary };
      case 'choose':
        return { text: `if ${this.print(expr.test)} { ${this.print(expr.then)} } else { ${this.print(expr.otherwise)} }`, level: Level.Block };
      case 'convert':
        return this.conversion(expr);
      case 'index':
        if (expr.checked || expr.wraps) return { text: `*${this.item(expr)}`, level: Level.Unary };
        return { text: `${this.print(expr.array, Level.Primary)}[${this.place(expr.index)}]`, level: Level.Primary };
      case 'row':
        if (expr.checked || expr.wraps) return { text: this.item(expr), level: Level.Primary };
        return { text: `&${this.print(expr.array, Level.Primary)}[${this.place(expr.index)}]`, level: Level.Unary };
      case 'length':
        return { text: `${this.print(expr.array, Level.Primary)}.len() as i64`, level: Level.As };
      case 'math':
        return this.math(expr);
      case 'extreme':
        if (expr.type === 'int') return { text: `${this.print(fixed(expr.left), Level.Primary)}.${expr.which}(${this.print(expr.right)})`, level: Level.Primary };
        return this.helper(expr.which === 'min' ? 'smaller' : 'larger', expr.left, expr.right);
      case 'call':
        return this.call(expr);
      case 'new-array':
        if (expr.fill === null) return { text: 'Vec::new()', level: Level.Primary };
        if (!isSmallList(expr)) return this.tried('filled', expr.fill, expr.length);
        return { text: expr.length.op === 'const' && expr.length.value === 1n ? `vec![${this.print(expr.fill)}]` : `vec![${this.print(expr.fill)}; ${this.print(expr.length)}]`, level: Level.Primary };
      case 'copy-array':
        return { text: `${this.help('copied')}(${this.lent(expr.array)})?`, level: Level.Primary };
      case 'range-length':
        return this.tried('range_length', expr.start, expr.stop, expr.step);
    }
  }

  private division(expr: Extract<KExpr, { op: 'divide' }>): Printed {
    const { left, right, operator, safe } = expr;
    if (operator === '/') return safe ? this.infix(left, '/', right, Level.Multiply) : this.tried('divide', left, right);
    if (expr.type === 'float') {
      const both = safe ? this.helper('float_divmod', left, right) : this.tried('checked_float_divmod', left, right);
      return { text: `${both.text}.${operator === '//' ? 0 : 1}`, level: Level.Primary };
    }
    if (right.op === 'const' && (right.value as bigint) > 0n) {
      return { text: `${this.receiver(left)}.${operator === '//' ? 'div_euclid' : 'rem_euclid'}(${this.print(right)})`, level: Level.Primary };
    }
    if (safe) return this.helper(operator === '//' ? 'floor_div' : 'floor_mod', left, right);
    return this.tried(operator === '//' ? 'checked_floor_div' : 'checked_floor_mod', left, right);
  }

  private conversion(expr: KConvert): Printed {
    const { operand } = expr;
    const method = { trunc: 'trunc', floor: 'floor', ceil: 'ceil', round: 'round_ties_even' };
    switch (expr.how) {
      case 'float':
        if (operand.op === 'length') return { text: `${this.print(operand.array, Level.Primary)}.len() as f64`, level: Level.As };
        return { text: `${this.print(fixed(operand), Level.As)} as f64`, level: Level.As };
      case 'exact-float':
        return this.tried('exact', operand);
      case 'int':
        return { text: `i64::from(${this.print(operand)})`, level: Level.Primary };
      case 'truth':
        return { text: `${this.print(fixed(operand), Level.Compare + 1)} != ${operand.type === 'float' ? '0.0' : '0'}`, level: Level.Compare };
      default:
        return { text: `${this.help('whole')}(${this.receiver(operand)}.${method[expr.how]}())?`, level: Level.Primary };
    }
  }

  private math(expr: KMath): Printed {
    const [x, y] = expr.args;
    switch (expr.name) {
      case 'isnan':
        return { text: `${this.receiver(x!)}.is_nan()`, level: Level.Primary };
      case 'isinf':
        return { text: `${this.receiver(x!)}.is_infinite()`, level: Level.Primary };
      case 'isfinite':
        return { text: `${this.receiver(x!)}.is_finite()`, level: Level.Primary };
      case 'fabs':
        return { text: `${this.receiver(x!)}.abs()`, level: Level.Primary };
      case 'sqrt':
        return this.tried('square_root', x!);
      case 'copysign':
        return this.tried('copysign', x!, y!);
      case 'fmod':
        return { text: `${this.help('finite')}(${this.infix(x!, '%', y!, Level.Multiply).text})?`, level: Level.Primary };
      default: {
        if (OWN_FORMULA.has(expr.name)) throw new Refusal(`\`math.${expr.name}\` is called, which Rust computes by a formula of its own with other last digits,`, 'another native strategy calls the C library for it');
        const method = `f64::${METHODS[expr.name] ?? expr.name}`;
        const args = expr.args.map((a) => this.print(a)).join(', ');
        return { text: `${this.help(expr.args.length === 1 ? 'libm' : 'libm2')}(${method}, ${args})?`, level: Level.Primary };
      }
    }
  }

  private call(expr: Extract<KExpr, { op: 'call' }>): Printed {
    const fn = this.kernel.functions.find((f) => f.name === expr.function)!;
    const args = expr.args.map((a) => (isArray(a.type) ? this.lent(a) : this.print(a)));
    if (fn.recursive) args.push(this.depth);
    return { text: `${this.names.fn(fn.name)}(${args.join(', ')})${this.fallible.has(fn.name) ? '?' : ''}`, level: Level.Primary };
  }

  /** The levels that a call of a recursive function may go down. */
  depth = 'MAX_DEPTH';
}

/** The expression with a type that does not hang on what is around it. */
function fixed(expr: KExpr): KExpr {
  return isOpen(expr) ? suffixed(expr) : expr;
}

/** An open expression whose numbers carry their types. */
function suffixed(expr: KExpr): KExpr {
  switch (expr.op) {
    case 'const':
      return (typeof expr.value === 'boolean' ? expr : { ...expr, typed: true }) as KExpr;
    case 'arith':
    case 'divide':
    case 'bits':
      return { ...expr, left: suffixed(expr.left), right: suffixed(expr.right) };
    case 'unary':
      return { ...expr, operand: suffixed(expr.operand) };
    case 'choose':
      return { ...expr, then: suffixed(expr.then), otherwise: suffixed(expr.otherwise) };
    default:
      return expr;
  }
}

const CONSTANTS: ReadonlyMap<number, string> = new Map([
  [Math.PI, 'PI'],
  [2 * Math.PI, 'TAU'],
  [Math.E, 'E'],
]);

function literal(expr: KConst): Printed {
  const { value } = expr;
  const suffix = 'typed' in expr ? `_${SCALARS[expr.type]}` : '';
  if (typeof value === 'boolean') return { text: String(value), level: Level.Primary };
  if (typeof value === 'bigint') {
    if (value === -(2n ** 63n)) return { text: 'i64::MIN', level: Level.Primary };
    return { text: `${value}${suffix}`, level: value < 0n ? Level.Unary : Level.Primary };
  }
  if (Number.isNaN(value)) return { text: 'f64::NAN', level: Level.Primary };
  if (!Number.isFinite(value)) return { text: value > 0 ? 'f64::INFINITY' : 'f64::NEG_INFINITY', level: Level.Primary };
  const constant = CONSTANTS.get(value);
  if (constant) return { text: `std::f64::consts::${constant}`, level: Level.Primary };
  const digits = Object.is(value, -0) ? '-0.0' : String(value).replace('e+', 'e');
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return { text: text + suffix, level: text.startsWith('-') ? Level.Unary : Level.Primary };
}
