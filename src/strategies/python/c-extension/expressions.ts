/** Prints a kernel's expressions in C. */
import { functionName, variableName } from './names';
import type { KConst, KConvert, KExpr, Kernel, KType, Scalar } from '../kernel/model';
import { floatDigits } from '../kernel/python-print';
import { childrenOf } from '../kernel/walk';

/** How strongly C's operators bind. */
const enum Level {
  Choose = 3,
  Or = 4,
  And = 5,
  BitOr = 6,
  BitXor = 7,
  BitAnd = 8,
  Equal = 9,
  Less = 10,
  Add = 12,
  Multiply = 13,
  Unary = 14,
  Primary = 15,
}

const SCALARS: Readonly<Record<Scalar, string>> = { int: 'int64_t', float: 'double', bool: 'bool' };
export const PLURALS: Readonly<Record<Scalar, string>> = { int: 'Ints', float: 'Floats', bool: 'Bools' };

/** `int64_t `, `Floats *`: ready to have a name put behind it. */
export function declared(type: KType): string {
  if (typeof type === 'string') return `${SCALARS[type]} `;
  if (type.dims === 1) return `${PLURALS[type.element]} *`;
  return `${type.element === 'int' ? 'Int' : type.element === 'float' ? 'Float' : 'Bool'}${type.dims === 2 ? 'Rows' : 'Planes'} *`;
}

/** The field that holds the parts of an array, by the dimensions of each. */
export function partsOf(dims: number): string {
  return ['items', 'rows', 'planes'][dims]!;
}

export class Expressions {
  constructor(
    private readonly kernel: Kernel,
    /** The function is one that can give up: it is handed the state. */
    private readonly needsState: (name: string) => boolean,
  ) {}

  /** @param level parentheses are written when the expression binds less strongly */
  print(expr: KExpr, level: number = 0): string {
    const { text, binds } = this.form(expr);
    return binds < level ? `(${text})` : text;
  }

  private form(expr: KExpr): { text: string; binds: Level } {
    const p = (e: KExpr, level: number = 0): string => this.print(e, level);
    const call = (name: string, ...args: readonly KExpr[]): { text: string; binds: Level } => ({ text: `${name}(${[...args.map((a) => p(a)), 'state'].join(', ')})`, binds: Level.Primary });
    const plain = (text: string, binds: Level = Level.Primary): { text: string; binds: Level } => ({ text, binds });
    switch (expr.op) {
      case 'const':
        return constant(expr);
      case 'var':
        return plain(variableName(expr.name));
      case 'arith': {
        if (expr.checked) return call({ '+': 'add', '-': 'subtract', '*': 'multiply' }[expr.operator], expr.left, expr.right);
        const binds = expr.operator === '*' ? Level.Multiply : Level.Add;
        // C would calculate with ints of 32 bits.
        const left = expr.type === 'int' && isLiteral(expr) ? `(int64_t)${p(expr.left, Level.Unary)}` : p(expr.left, binds);
        return plain(`${left} ${expr.operator} ${p(expr.right, binds + 1)}`, binds);
      }
      case 'divide':
        if (expr.operator === '/') return expr.safe ? plain(`${p(expr.left, Level.Multiply)} / ${p(expr.right, Level.Unary)}`, Level.Multiply) : call('divide', expr.left, expr.right);
        return call(`${expr.type === 'float' ? 'float_' : ''}${expr.operator === '//' ? 'floor_divide' : 'modulo'}`, expr.left, expr.right);
      case 'power':
        return call(expr.type === 'int' ? 'power' : 'float_power', expr.left, expr.right);
      case 'bits': {
        if (expr.operator === '<<' || expr.operator === '>>') return call(expr.operator === '<<' ? 'shift_left' : 'shift_right', expr.left, expr.right);
        const binds = { '&': Level.BitAnd, '|': Level.BitOr, '^': Level.BitXor }[expr.operator];
        // Compilers warn about arithmetic beside bit operators without parentheses.
        return plain(`${p(expr.left, Level.Unary)} ${expr.operator} ${p(expr.right, Level.Unary)}`, binds);
      }
      case 'unary':
        if (expr.operator === 'abs') return call('absolute', expr.operand);
        return expr.checked ? call('negate', expr.operand) : plain(`${expr.operator}${p(expr.operand, Level.Primary)}`, Level.Unary);
      case 'compare': {
        const binds = expr.operator === '==' || expr.operator === '!=' ? Level.Equal : Level.Less;
        return plain(`${p(expr.left, Level.Add)} ${expr.operator} ${p(expr.right, Level.Add)}`, binds);
      }
      case 'logical': {
        const binds = expr.operator === 'and' ? Level.And : Level.Or;
        const operand = (e: KExpr): string => (e.op === 'logical' && e.operator !== expr.operator ? `(${p(e)})` : p(e, binds));
        return plain(`${operand(expr.left)} ${expr.operator === 'and' ? '&&' : '||'} ${operand(expr.right)}`, binds);
      }
      case 'not':
        return plain(`!${p(expr.operand, Level.Unary)}`, Level.Unary);
      case 'choose':
        return plain(`${p(expr.test, Level.Choose + 1)} ? ${p(expr.then, Level.Choose + 1)} : ${p(expr.otherwise, Level.Choose)}`, Level.Choose);
      case 'convert':
        return this.convert(expr);
      case 'index':
        if (!expr.checked) return plain(`${p(expr.array, Level.Primary)}->items[${p(expr.index)}]`);
        return call(`${expr.type}_at`, expr.array, expr.index);
      case 'row':
        if (!expr.checked) return plain(`&${p(expr.array, Level.Primary)}->${partsOf(expr.type.dims)}[${p(expr.index)}]`, Level.Unary);
        return call(`${expr.type.element}_${expr.type.dims === 1 ? 'row' : 'plane'}`, expr.array, expr.index);
      case 'length':
        return plain(`${p(expr.array, Level.Primary)}->length`);
      case 'math': {
        if (expr.name === 'sqrt') return call('square_root', ...expr.args);
        const inner = `${expr.name}(${expr.args.map((a) => p(a)).join(', ')})`;
        const exact = expr.type === 'bool' || expr.name === 'fabs' || expr.name === 'copysign';
        return plain(exact ? inner : `check(${inner}, state)`);
      }
      case 'extreme':
        return plain(`${expr.which}_${expr.type}(${p(expr.left)}, ${p(expr.right)})`);
      case 'call': {
        const args = [...expr.args.map((a) => p(a)), ...(this.needsState(expr.function) ? ['state'] : [])];
        return plain(`${functionName(this.kernel, expr.function)}(${args.join(', ')})`);
      }
      case 'new-array':
        if (expr.fill === null) return call(`new_${expr.type.element}s`, expr.length);
        return call(`fill_${expr.type.element}s`, expr.fill, expr.length);
      case 'copy-array':
        return call(`copy_${expr.type.element}s`, expr.array);
      case 'range-length':
        return call('range_length', expr.start, expr.stop, expr.step);
    }
  }

  private convert(expr: KConvert): { text: string; binds: Level } {
    const inner = this.print(expr.operand);
    switch (expr.how) {
      case 'float':
        return { text: `(double)${this.print(expr.operand, Level.Unary)}`, binds: Level.Unary };
      case 'exact-float':
        return { text: `exact(${inner}, state)`, binds: Level.Primary };
      case 'trunc':
        return { text: `to_int(${inner}, state)`, binds: Level.Primary };
      case 'floor':
      case 'ceil':
        return { text: `to_int(${expr.how}(${inner}), state)`, binds: Level.Primary };
      case 'round':
        return { text: `to_int(nearbyint(${inner}), state)`, binds: Level.Primary };
      case 'int':
        return { text: `(int64_t)${this.print(expr.operand, Level.Unary)}`, binds: Level.Unary };
      case 'truth':
        return { text: `${this.print(expr.operand, Level.Add)} != 0`, binds: Level.Equal };
    }
  }
}

/** Nothing but literals: C takes them for ints of its own width. */
function isLiteral(expr: KExpr): boolean {
  return expr.op === 'const' || (expr.op === 'arith' && childrenOf(expr).every(isLiteral));
}

function constant(expr: KConst): { text: string; binds: Level } {
  const { value } = expr;
  if (typeof value === 'boolean') return { text: String(value), binds: Level.Primary };
  if (typeof value === 'bigint') {
    if (value === -(2n ** 63n)) return { text: 'INT64_MIN', binds: Level.Primary };
    const small = value > -(2n ** 31n) && value < 2n ** 31n;
    return { text: small ? String(value) : `INT64_C(${value})`, binds: value < 0n && small ? Level.Unary : Level.Primary };
  }
  if (Number.isNaN(value)) return { text: '(double)NAN', binds: Level.Unary };
  if (!Number.isFinite(value)) return { text: value > 0 ? '(double)INFINITY' : '-(double)INFINITY', binds: Level.Unary };
  const digits = floatDigits(value);
  return { text: digits, binds: digits.startsWith('-') ? Level.Unary : Level.Primary };
}
