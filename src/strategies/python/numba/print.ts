/** Prints a kernel as Python for numba. */
import type { KConst, KConvert, KExpr, KFunction, Kernel, KStmt, KType, KVariable } from '../kernel/model';
import { INDENT, Level, plainConstant, PythonPrinter, type Printed } from '../kernel/python-print';

export function isRows(type: KType): boolean {
  return typeof type !== 'string' && type.dims > 1;
}

/** Rows are two arrays: their items behind each other, and where each row starts. Planes are three: also at which row each of them does. */
export function argumentsFor({ name, type }: KVariable): string[] {
  return [name, `${name}_starts`, `${name}_planes`].slice(0, typeof type === 'string' ? 1 : type.dims);
}

export class Printer extends PythonPrinter {
  private readonly recursive: ReadonlySet<string>;

  constructor(
    private readonly kernel: Kernel,
    private readonly fn: KFunction,
  ) {
    super();
    this.recursive = new Set(kernel.functions.filter((f) => f.recursive).map((f) => f.name));
  }

  /** The definition of the function, with its decorator. */
  definition(): string {
    const { fn } = this;
    const params = [...fn.params.flatMap(argumentsFor), ...(fn.recursive ? ['depth'] : [])];
    const lines = ['@kernel', `def ${fn.name}(${params.join(', ')}):`];
    if (fn.recursive) lines.push(`${INDENT}if depth > MAX_DEPTH:`, `${INDENT}${INDENT}raise RecursionError`);
    const tail = fn.returns === null ? this.tailResults() : null;
    if (tail) lines.push(...this.block(fn.body.slice(0, tail.from), 1), `${INDENT}return ${tail.values.join(', ')}`);
    else if (fn.returns === null) {
      for (const result of this.kernel.results) if (result.optional) lines.push(`${INDENT}${this.resultName(result.name)} = ${neutral(result.type)}`);
      lines.push(...this.block(fn.body, 1));
      if (fn.body[fn.body.length - 1]?.do !== 'return') lines.push(`${INDENT}${this.finish()}`);
    } else lines.push(...this.block(fn.body, 1));
    return lines.join('\n');
  }

  /** The results stand at the end, and nothing leaves before. */
  private tailResults(): { from: number; values: string[] } | null {
    const { body } = this.fn;
    let from = body.length;
    while (from > 0 && body[from - 1]!.do === 'result') from--;
    const given = body.slice(from) as Extract<KStmt, { do: 'result' }>[];
    if (given.length !== this.kernel.results.length || leaves(body.slice(0, from))) return null;
    return { from, values: this.kernel.results.map((r) => this.print(given.find((g) => g.name === r.name)!.value)) };
  }

  private resultName(name: string): string {
    return [...this.fn.params, ...this.fn.locals].some((v) => v.name === name) ? `${name}_result` : name;
  }

  private finish(): string {
    return `return ${this.kernel.results.map((r) => this.resultName(r.name)).join(', ')}`;
  }

  protected override statement(stmt: KStmt, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const p = (e: KExpr, level = 0): string => this.print(e, level);
    switch (stmt.do) {
      case 'assign': {
        const { value } = stmt;
        if (!isRows(value.type)) return [`${pad}${stmt.name} = ${p(value)}`];
        const parts = this.rows(value);
        return argumentsFor({ name: stmt.name, type: value.type }).map((name, k) => `${pad}${name} = ${parts[k]!}`);
      }
      case 'store':
        return [`${pad}${p(stmt.array, Level.Primary)}[${p(stmt.index)}] = ${p(stmt.value)}`];
      case 'append':
        return [`${pad}${stmt.array.name}.append(${p(stmt.value)})`];
      case 'result':
        return [`${pad}${this.resultName(stmt.name)} = ${p(stmt.value)}`];
      case 'break':
      case 'continue':
        return [pad + stmt.do];
      case 'give-up':
        return [`${pad}raise ValueError`];
      case 'return':
        return [pad + (stmt.value === null ? this.finish() : `return ${p(stmt.value)}`)];
      case 'while':
        return [`${pad}while ${p(stmt.test)}:`, ...this.block(stmt.body, depth + 1)];
      case 'for':
        return [`${pad}for ${stmt.counter} in ${this.range(stmt)}:`, ...this.block(stmt.body, depth + 1)];
      case 'if':
        return this.conditional(stmt, depth);
    }
  }

  protected override form(expr: KExpr): Printed {
    const p = (e: KExpr, level: number = 0): string => this.print(e, level);
    const call = (name: string, ...args: readonly KExpr[]): Printed => ({ text: `${name}(${args.map((a) => p(a)).join(', ')})`, binds: Level.Primary });
    switch (expr.op) {
      case 'const':
        return constant(expr);
      case 'var':
        return { text: expr.name, binds: Level.Primary };
      case 'arith':
        if (expr.checked) return call({ '+': '_add', '-': '_subtract', '*': '_multiply' }[expr.operator], expr.left, expr.right);
        return this.infix(expr.operator, expr.left, expr.right, expr.operator === '*' ? Level.Multiply : Level.Add);
      case 'divide':
        if (expr.operator === '/' || (expr.safe && expr.type === 'int')) return this.infix(expr.operator, expr.left, expr.right, Level.Multiply);
        return call(`_${expr.type === 'float' ? 'float_' : ''}${expr.operator === '//' ? 'floor_divide' : 'modulo'}`, expr.left, expr.right);
      case 'power':
        return expr.type === 'int' ? call('_power', expr.left, expr.right) : { text: `_finite(_pow(${p(expr.left)}, ${p(expr.right)}))`, binds: Level.Primary };
      case 'bits':
        if (expr.operator === '<<' || expr.operator === '>>') return call(expr.operator === '<<' ? '_shift_left' : '_shift_right', expr.left, expr.right);
        return this.bits(expr.operator, expr.left, expr.right);
      case 'unary':
        if (expr.operator === 'abs') return call('_absolute', expr.operand);
        return expr.checked ? call('_negate', expr.operand) : { text: `${expr.operator}${p(expr.operand, Level.Unary)}`, binds: Level.Unary };
      case 'compare':
      case 'logical':
      case 'not':
      case 'choose':
        return this.shared(expr);
      case 'convert':
        return this.convert(expr);
      case 'index':
        return { text: `${p(expr.array, Level.Primary)}[${p(expr.index)}]`, binds: Level.Primary };
      case 'row':
        return { text: `_row(${this.rows(expr.array).join(', ')}, ${p(expr.index)})`, binds: Level.Primary };
      case 'length':
        return isRows(expr.array.type) ? { text: `len(${this.rows(expr.array).at(-1)!}) - 1`, binds: Level.Add } : call('len', expr.array);
      case 'math':
        return this.math(expr.name, expr.args);
      case 'extreme':
        return call(expr.which === 'min' ? '_smaller' : '_larger', expr.left, expr.right);
      case 'call': {
        const args = expr.args.flatMap((a) => (isRows(a.type) ? this.rows(a) : [p(a)]));
        // Depth is counted from the first call on.
        if (this.recursive.has(expr.function)) args.push(this.fn.recursive ? 'depth + 1' : '0');
        return { text: `${expr.function}(${args.join(', ')})`, binds: Level.Primary };
      }
      case 'new-array':
        return this.newArray(expr);
      case 'copy-array':
        return { text: `[item for item in ${p(expr.array)}]`, binds: Level.Primary };
      case 'range-length':
        return call('_range_length', expr.start, expr.stop, expr.step);
    }
  }

  /** The arrays that stand for rows or planes, which are those of a variable or a plane of them. */
  private rows(expr: KExpr): string[] {
    if (expr.op === 'var') return argumentsFor(expr);
    if (expr.op !== 'row') throw new Error(`rows made by ${expr.op}`);
    const [items, starts, planes] = this.rows(expr.array);
    return [items!, `_plane(${starts!}, ${planes!}, ${this.print(expr.index)})`];
  }

  private newArray(expr: Extract<KExpr, { op: 'new-array' }>): Printed {
    if (expr.fill === null) return { text: '[]', binds: Level.Primary };
    const item = this.print(expr.fill);
    if (expr.length.op === 'const' && expr.length.value === 1n) return { text: `[${item}]`, binds: Level.Primary };
    return { text: `[${item}] * ${this.print(expr.length, Level.Unary)}`, binds: Level.Multiply };
  }

  private math(name: string, args: readonly KExpr[]): Printed {
    const inner = args.map((a) => this.print(a)).join(', ');
    if (name === 'sqrt') return { text: `_square_root(${inner})`, binds: Level.Primary };
    if (['fabs', 'copysign', 'isnan', 'isinf', 'isfinite'].includes(name)) return { text: `math.${name}(${inner})`, binds: Level.Primary };
    return { text: `_finite(_${name}(${inner}))`, binds: Level.Primary };
  }

  private convert(expr: KConvert): Printed {
    const inner = this.print(expr.operand);
    const text = {
      float: `float(${inner})`,
      'exact-float': `_exact(${inner})`,
      trunc: `_truncate(${inner})`,
      floor: `_truncate(np.floor(${inner}))`,
      ceil: `_truncate(np.ceil(${inner}))`,
      round: `_truncate(np.rint(${inner}))`,
      int: `int(${inner})`,
      truth: '',
    }[expr.how];
    if (expr.how !== 'truth') return { text, binds: Level.Primary };
    return { text: `${this.print(expr.operand, Level.BitOr)} != 0`, binds: Level.Compare };
  }
}

/** A statement ends the iteration before its last one. */
function leaves(stmts: readonly KStmt[]): boolean {
  return stmts.some((s) => s.do === 'return' || (s.do === 'if' && (leaves(s.then) || leaves(s.otherwise))) || ((s.do === 'for' || s.do === 'while') && leaves(s.body)));
}

export function neutral(type: KType): string {
  const scalar = (t: string): string => ({ int: '0', float: '0.0' })[t] ?? 'False';
  return typeof type === 'string' ? scalar(type) : `[${scalar(type.element)}]`;
}

function constant({ value }: KConst): Printed {
  if (typeof value === 'bigint') {
    if (value === -(2n ** 63n)) return { text: 'SMALLEST', binds: Level.Primary };
    return { text: String(value), binds: value < 0n ? Level.Unary : Level.Primary };
  }
  if (Number.isNaN(value)) return { text: 'math.nan', binds: Level.Primary };
  if (value === Infinity || value === -Infinity) return value > 0 ? { text: 'math.inf', binds: Level.Primary } : { text: '-math.inf', binds: Level.Unary };
  return plainConstant(value);
}
