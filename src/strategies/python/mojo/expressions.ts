/** Prints a kernel's expressions in Mojo. What gives up raises, which leaves the function without a mark at the call. */
import { isOpen, isPlainShift, isSmallList } from '../kernel/fallible';
import type { KConst, KConvert, KExpr, KMath, KType, Kernel, Scalar } from '../kernel/model';
import type { Names } from '../kernel/names';
import { Level, plainConstant, PythonPrinter, type Printed } from '../kernel/python-print';
import { isArray } from '../kernel/typing';
import { addImport, helpersFor, type HelperName, type Imports } from './helpers';

const SCALARS: Readonly<Record<Scalar, string>> = { int: 'Int', float: 'Float64', bool: 'Bool' };
const CHECKED = { '+': 'add', '-': 'subtract', '*': 'multiply' } as const;

export function typeOf(type: KType): string {
  if (!isArray(type)) return SCALARS[type];
  return `${'List['.repeat(type.dims)}${SCALARS[type.element]}${']'.repeat(type.dims)}`;
}

/** What the functions of a file need of it, gathered while they are printed. */
export class Needs {
  readonly imports: Imports = new Map();
  private readonly helpers = new Set<HelperName>();

  help(name: HelperName): string {
    this.helpers.add(name);
    return name;
  }

  import(module: string, name: string): string {
    addImport(this.imports, module, name);
    return name;
  }

  /** The helpers, each after those that it calls. */
  texts(): readonly string[] {
    return helpersFor(this.helpers, this.imports);
  }
}

export abstract class Expressions extends PythonPrinter {
  constructor(
    protected readonly kernel: Kernel,
    protected readonly names: Names,
    protected readonly needs: Needs,
  ) {
    super();
  }

  /** The levels that a call of a recursive function may go down. */
  protected abstract readonly depth: string;

  /** The variable's list may be changed: two references into it cannot stand side by side. */
  protected abstract changes(name: string): boolean;

  private helper(name: HelperName, ...args: readonly KExpr[]): Printed {
    return primary(`${this.needs.help(name)}(${args.map((a) => this.print(a)).join(', ')})`);
  }

  protected override form(expr: KExpr): Printed {
    switch (expr.op) {
      case 'const':
        return this.constant(expr);
      case 'var':
        return primary(this.names.variable(expr.name));
      case 'arith':
        if (expr.checked) return this.helper(CHECKED[expr.operator], expr.left, expr.right);
        return this.infix(expr.operator, typed(expr.left, expr.right), expr.right, expr.operator === '*' ? Level.Multiply : Level.Add);
      case 'divide':
        return this.division(expr);
      case 'power':
        if (expr.type === 'int') return this.helper('power', expr.left, expr.right);
        return primary(`${this.needs.help('libm2')}["pow"](${this.print(expr.left)}, ${this.print(expr.right)})`);
      case 'bits':
        if (expr.operator === '<<') return this.helper('shift_left', expr.left, expr.right);
        if (expr.operator !== '>>') return this.bits(expr.operator, typed(expr.left, expr.right), expr.right);
        // Mojo shifts before it adds, as Python does: parentheses help who does not remember.
        return isPlainShift(expr.right) ? { text: `${this.print(typed(expr.left), Level.Unary)} >> ${this.print(expr.right)}`, binds: Level.BitAnd + 1 } : this.helper('shift_right', expr.left, expr.right);
      case 'unary':
        if (expr.operator === 'abs') return expr.checked ? this.helper('absolute', expr.operand) : primary(`abs(${this.print(expr.operand)})`);
        return expr.checked ? this.helper('negate', expr.operand) : { text: `${expr.operator}${this.print(typed(expr.operand), Level.Unary)}`, binds: Level.Unary };
      case 'compare':
        return this.shared({ ...expr, left: typed(expr.left, expr.right) });
      case 'choose':
        return this.shared({ ...expr, then: typed(expr.then), otherwise: typed(expr.otherwise) });
      case 'logical':
      case 'not':
        return this.shared(expr);
      case 'convert':
        return this.conversion(expr);
      case 'index':
        if ((expr.checked || expr.wraps) && expr.array.op === 'var' && this.changes(expr.array.name)) return this.helper('item_at', expr.array, expr.index);
        return primary(this.item(expr));
      case 'row':
        return primary(this.item(expr));
      case 'length':
        return primary(`len(${this.print(expr.array)})`);
      case 'math':
        return this.math(expr);
      case 'extreme':
        if (expr.type === 'float') return this.helper(expr.which === 'min' ? 'smaller' : 'larger', expr.left, expr.right);
        return primary(`${expr.which}(${this.print(typed(expr.left, expr.right))}, ${this.print(expr.right)})`);
      case 'call':
        return this.call(expr);
      case 'new-array':
        return this.newArray(expr);
      case 'copy-array':
        return this.helper('copied', expr.array);
      case 'range-length':
        return this.helper('range_length', expr.start, expr.stop, expr.step);
    }
  }

  /** An item, to read or to write. */
  protected item({ array, index, checked, wraps }: { readonly array: KExpr; readonly index: KExpr; readonly checked: boolean; readonly wraps: boolean }): string {
    if (!checked && !wraps) return `${this.print(array, Level.Primary)}[${this.print(index)}]`;
    return `${this.needs.help('at')}(${this.print(array)}, ${this.print(index)})`;
  }

  private division(expr: Extract<KExpr, { op: 'divide' }>): Printed {
    const { left, right, operator, safe } = expr;
    if (operator === '/') return safe ? this.infix('/', typed(left, right), right, Level.Multiply) : this.helper('divide', left, right);
    if (expr.type === 'float') {
      const by = safe ? this.print(right) : `${this.needs.help('divisor')}(${this.print(right)})`;
      return primary(`${this.needs.help(operator === '//' ? 'float_floor_divide' : 'float_modulo')}(${this.print(left)}, ${by})`);
    }
    if (safe) return this.infix(operator, typed(left, right), right, Level.Multiply);
    return this.helper(operator === '//' ? 'floor_divide' : 'modulo', left, right);
  }

  private conversion({ how, operand }: KConvert): Printed {
    const inner = this.print(operand);
    switch (how) {
      case 'float':
        return primary(`Float64(${inner})`);
      case 'int':
        return primary(`Int(${inner})`);
      case 'truth':
        return { text: `${this.print(typed(operand), Level.BitOr)} != ${operand.type === 'float' ? '0.0' : '0'}`, binds: Level.Compare };
      case 'exact-float':
        return this.helper('exact', operand);
      case 'trunc':
        return this.helper('whole', operand);
      case 'round':
        return primary(`${this.needs.help('whole')}(round(${this.print(typed(operand))}))`);
      default:
        return primary(`${this.needs.help('whole')}(${this.needs.import('std.math', how)}(${this.print(typed(operand))}))`);
    }
  }

  private math(expr: KMath): Printed {
    const args = expr.args.map((a) => this.print(typed(a))).join(', ');
    switch (expr.name) {
      case 'isnan':
      case 'isinf':
      case 'isfinite':
        return primary(`${this.needs.import('std.utils.numerics', expr.name)}(${args})`);
      case 'fabs':
        return primary(`abs(${args})`);
      case 'sqrt':
        return primary(`${this.needs.help('square_root')}(${args})`);
      case 'copysign':
        return primary(`${this.needs.help('signed')}(${args})`);
      default:
        return primary(`${this.needs.help(expr.args.length === 1 ? 'libm' : 'libm2')}["${expr.name}"](${args})`);
    }
  }

  private call(expr: Extract<KExpr, { op: 'call' }>): Printed {
    const fn = this.kernel.functions.find((f) => f.name === expr.function)!;
    const args = expr.args.map((a) => this.print(a));
    if (fn.recursive) args.push(this.depth);
    return primary(`${this.names.fn(fn.name)}(${args.join(', ')})`);
  }

  private newArray(expr: Extract<KExpr, { op: 'new-array' }>): Printed {
    if (expr.fill === null) return primary(`${typeOf(expr.type)}()`);
    if (isSmallList(expr)) return primary(`${typeOf(expr.type)}(length=${this.print(expr.length)}, fill=${this.print(expr.fill)})`);
    return primary(`${this.needs.help('filled')}(${this.print(typed(expr.fill))}, ${this.print(expr.length)})`);
  }

  private constant(expr: KConst): Printed {
    const { value } = expr;
    if (typeof value === 'boolean') return plainConstant(value);
    if (typeof value === 'bigint') {
      if (value === -(2n ** 63n)) return primary('Int.MIN');
      if ('typed' in expr) return primary(`Int(${value})`);
      return { text: String(value), binds: value < 0n ? Level.Unary : Level.Primary };
    }
    if (Number.isNaN(value)) return primary(`${this.needs.import('std.utils.numerics', 'nan')}[DType.float64]()`);
    if (value === Infinity || value === -Infinity) {
      const text = `${this.needs.import('std.utils.numerics', 'inf')}[DType.float64]()`;
      return value > 0 ? primary(text) : { text: `-${text}`, binds: Level.Unary };
    }
    // Mojo's literals have no zero below zero, and are calculated with without rounding.
    if (Object.is(value, -0)) return { text: '-Float64(0.0)', binds: Level.Unary };
    const plain = plainConstant(value);
    return 'typed' in expr ? primary(`Float64(${plain.text})`) : plain;
  }
}

function primary(text: string): Printed {
  return { text, binds: Level.Primary };
}

/** The expression with numbers of the machine where it, and what it is combined with, has nothing but literals. */
export function typed(expr: KExpr, beside?: KExpr): KExpr {
  return isOpen(expr) && (beside === undefined || isOpen(beside)) ? suffixed(expr) : expr;
}

function suffixed(expr: KExpr): KExpr {
  switch (expr.op) {
    case 'const':
      return (typeof expr.value === 'boolean' ? expr : { ...expr, typed: true }) as KExpr;
    case 'arith':
    case 'divide':
    case 'bits':
      return { ...expr, left: suffixed(expr.left) };
    case 'unary':
      return { ...expr, operand: suffixed(expr.operand) };
    case 'choose':
      return { ...expr, then: suffixed(expr.then), otherwise: suffixed(expr.otherwise) };
    default:
      return expr;
  }
}
