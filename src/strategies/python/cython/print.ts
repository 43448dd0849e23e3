/** Prints a kernel's functions in Cython. What C does as Python does is written in Cython, the rest are helpers of the header. */
import { declared, partsOf } from '../c-extension/expressions';
import { variableName } from '../c-extension/names';
import type { KConst, KConvert, KExpr, KFunction, Kernel, KStmt, KType } from '../kernel/model';
import { INDENT, Level, plainConstant, PythonPrinter, type Printed } from '../kernel/python-print';
import { allocates, childrenOf, countersOf, hasLoop } from '../kernel/walk';

const RESERVED = new Set(
  ('cdef cpdef ctypedef cimport nogil noexcept struct union enum extern public api readonly include inline volatile const sizeof by gil DEF IF ELIF ELSE NULL ' +
    'int float double long short char bint unsigned signed void object state out turn start step count length indices results prange range range_ fits chunk list module ' +
    'calloc free int64_t State Result Block Ints Floats Bools IntRows FloatRows BoolRows IntPlanes FloatPlanes BoolPlanes').split(' '),
);

export function cythonName(name: string): string {
  return RESERVED.has(name) ? `${name}_` : name;
}

/** `int64_t `, `Floats *`: ready to have a name put behind it. */
export function cythonType(type: KType): string {
  return type === 'bool' ? 'bint ' : declared(type);
}

export class Printer extends PythonPrinter {
  private readonly mayGiveUp: ReadonlyMap<string, boolean>;
  private readonly clean: ReadonlySet<string>;

  constructor(
    kernel: Kernel,
    private readonly fn: KFunction,
  ) {
    super();
    this.mayGiveUp = new Map(kernel.functions.map((f) => [f.name, f.mayGiveUp]));
    this.clean = new Set([...fn.params.map((p) => p.name), ...countersOf(fn.body)]);
  }

  /** The definition; a function that takes memory has one around it that gives the memory back. */
  definition(): string {
    const { fn } = this;
    const name = cythonName(fn.name);
    const params = this.params().join(', ');
    const returns = fn.returns === null ? 'void ' : cythonType(fn.returns);
    const guarded = typeof fn.returns === 'string' && (allocates(fn.body) || fn.recursive);
    const inner = guarded ? `${name}_body` : name;
    const lines = [`cdef ${returns}${inner}(${params}) noexcept nogil:`];
    const scalars = new Map<string, string[]>();
    for (const { name: local, type } of fn.locals) {
      if (typeof type === 'string') scalars.set(cythonType(type), [...(scalars.get(cythonType(type)) ?? []), cythonName(local)]);
      // Pointers that share a declaration are easily misread.
      else lines.push(`${INDENT}cdef ${cythonType(type)}${cythonName(local)}`);
    }
    for (const [type, names] of scalars) lines.push(`${INDENT}cdef ${type}${names.join(', ')}`);
    if (fn.mayGiveUp && fn.returns !== null && hasLoop(fn.body)) lines.push(`${INDENT}if state.gave_up:`, `${INDENT}${INDENT}${this.stop()}`);
    lines.push(...this.block(fn.body, 1));
    if (!guarded) return lines.join('\n');
    return [...lines, '', '', ...this.around(name, inner, params, returns)].join('\n');
  }

  signature(): string {
    return `${this.fn.returns === null ? 'void ' : cythonType(this.fn.returns)}${cythonName(this.fn.name)}(${this.params().join(', ')}) noexcept nogil`;
  }

  private params(): string[] {
    const params = this.fn.params.map((p) => `${cythonType(p.type)}${cythonName(p.name)}`);
    if (this.fn.returns === null) params.push('Result *out');
    if (this.fn.mayGiveUp) params.push('State *state');
    return params;
  }

  private around(name: string, inner: string, params: string, returns: string): string[] {
    const { fn } = this;
    const args = [...fn.params.map((p) => cythonName(p.name)), 'state'].join(', ');
    const lines = [`cdef ${returns}${name}(${params}) noexcept nogil:`];
    if (allocates(fn.body)) lines.push(`${INDENT}cdef Block *before = state.blocks`);
    lines.push(`${INDENT}cdef ${returns}value = 0`);
    if (fn.recursive) {
      lines.push(`${INDENT}if state.depth >= MAX_DEPTH:`, `${INDENT}${INDENT}state.gave_up = True`, `${INDENT}${INDENT}return 0`, `${INDENT}state.depth += 1`);
    }
    lines.push(`${INDENT}if not state.gave_up:`, `${INDENT}${INDENT}value = ${inner}(${args})`);
    if (fn.recursive) lines.push(`${INDENT}state.depth -= 1`);
    if (allocates(fn.body)) lines.push(`${INDENT}release(state, before)`);
    return [...lines, `${INDENT}return value`];
  }

  private stop(): string {
    if (this.fn.returns === null) return 'return';
    return typeof this.fn.returns === 'string' ? 'return 0' : `return &no_${this.fn.returns.element}s`;
  }

  protected override statement(stmt: KStmt, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const p = (e: KExpr, level = 0): string => this.print(e, level);
    switch (stmt.do) {
      case 'assign':
        return [`${pad}${cythonName(stmt.name)} = ${p(stmt.value)}`];
      case 'store':
        if (!stmt.checked) return [`${pad}${p(stmt.array, Level.Primary)}.items[${p(stmt.index)}] = ${p(stmt.value)}`];
        return [`${pad}store_${stmt.value.type as string}(${p(stmt.array)}, ${p(stmt.index)}, ${p(stmt.value)}, state)`];
      case 'append':
        return [`${pad}append_${stmt.value.type as string}(${p(stmt.array)}, ${p(stmt.value)}, state)`];
      case 'result':
        return [`${pad}out.${variableName(stmt.name)} = ${p(stmt.value)}`];
      case 'break':
      case 'continue':
        return [pad + stmt.do];
      case 'give-up':
        return [`${pad}state.gave_up = True`, `${pad}${this.stop()}`];
      case 'return':
        return [stmt.value === null ? `${pad}return` : `${pad}return ${p(stmt.value)}`];
      case 'while': {
        const endless = stmt.test.op === 'const' && stmt.test.value === true;
        const test = !this.fn.mayGiveUp ? p(stmt.test) : endless ? 'not state.gave_up' : `not state.gave_up and ${p(stmt.test, Level.And)}`;
        return [`${pad}while ${test}:`, ...this.block(stmt.body, depth + 1)];
      }
      case 'for': {
        const clean = !this.fn.mayGiveUp || (this.isClean(stmt.start) && this.isClean(stmt.stop));
        const guard = clean ? [] : [`${pad}${INDENT}if state.gave_up:`, `${pad}${INDENT}${INDENT}break`];
        return [`${pad}for ${cythonName(stmt.counter)} in ${this.range(stmt)}:`, ...guard, ...this.block(stmt.body, depth + 1)];
      }
      case 'if':
        return this.conditional(stmt, depth);
    }
  }

  private isClean(expr: KExpr): boolean {
    if (expr.op === 'const' || expr.op === 'length') return true;
    if (expr.op === 'var') return this.clean.has(expr.name);
    return (expr.op === 'extreme' || (expr.op === 'arith' && !expr.checked)) && childrenOf(expr).every((e) => this.isClean(e));
  }

  protected override form(expr: KExpr): Printed {
    const p = (e: KExpr, level: number = 0): string => this.print(e, level);
    const primary = (text: string): Printed => ({ text, binds: Level.Primary });
    const call = (name: string, ...args: readonly KExpr[]): Printed => primary(`${name}(${[...args.map((a) => p(a)), 'state'].join(', ')})`);
    switch (expr.op) {
      case 'const':
        return constant(expr);
      case 'var':
        return primary(cythonName(expr.name));
      case 'arith': {
        if (expr.checked) return call({ '+': 'add', '-': 'subtract', '*': 'multiply' }[expr.operator], expr.left, expr.right);
        return this.infix(expr.operator, expr.left, expr.right, expr.operator === '*' ? Level.Multiply : Level.Add);
      }
      case 'divide':
        if (expr.operator === '/') return expr.safe ? this.infix('/', expr.left, expr.right, Level.Multiply) : call('divide', expr.left, expr.right);
        return call(`${expr.type === 'float' ? 'float_' : ''}${expr.operator === '//' ? 'floor_divide' : 'modulo'}`, expr.left, expr.right);
      case 'power':
        return call(expr.type === 'int' ? 'power' : 'float_power', expr.left, expr.right);
      case 'bits':
        if (expr.operator === '<<' || expr.operator === '>>') return call(expr.operator === '<<' ? 'shift_left' : 'shift_right', expr.left, expr.right);
        return this.bits(expr.operator, expr.left, expr.right);
      case 'unary':
        if (expr.operator === 'abs') return call('absolute', expr.operand);
        return expr.checked ? call('negate', expr.operand) : { text: `${expr.operator}${p(expr.operand, Level.Primary)}`, binds: Level.Unary };
      case 'compare':
      case 'logical':
      case 'not':
      case 'choose':
        return this.shared(expr);
      case 'convert':
        return this.convert(expr);
      case 'index':
        return expr.checked ? call(`${expr.type}_at`, expr.array, expr.index) : primary(`${p(expr.array, Level.Primary)}.items[${p(expr.index)}]`);
      case 'row':
        if (expr.checked) return call(`${expr.type.element}_${expr.type.dims === 1 ? 'row' : 'plane'}`, expr.array, expr.index);
        return { text: `&${p(expr.array, Level.Primary)}.${partsOf(expr.type.dims)}[${p(expr.index)}]`, binds: Level.Unary };
      case 'length':
        return primary(`${p(expr.array, Level.Primary)}.length`);
      case 'math': {
        if (expr.name === 'sqrt') return call('square_root', ...expr.args);
        const inner = `${expr.name}(${expr.args.map((a) => p(a)).join(', ')})`;
        return primary(expr.type === 'bool' || expr.name === 'fabs' || expr.name === 'copysign' ? inner : `check(${inner}, state)`);
      }
      case 'extreme':
        return primary(`${expr.which}_${expr.type}(${p(expr.left)}, ${p(expr.right)})`);
      case 'call':
        return primary(`${cythonName(expr.function)}(${[...expr.args.map((a) => p(a)), ...(this.mayGiveUp.get(expr.function) ? ['state'] : [])].join(', ')})`);
      case 'new-array':
        return expr.fill === null ? call(`new_${expr.type.element}s`, expr.length) : call(`fill_${expr.type.element}s`, expr.fill, expr.length);
      case 'copy-array':
        return call(`copy_${expr.type.element}s`, expr.array);
      case 'range-length':
        return call('range_length', expr.start, expr.stop, expr.step);
    }
  }

  private convert(expr: KConvert): Printed {
    const inner = this.print(expr.operand);
    const cast = (type: string): Printed => ({ text: `<${type}>${this.print(expr.operand, Level.Primary)}`, binds: Level.Unary });
    switch (expr.how) {
      case 'float':
        return cast('double');
      case 'int':
        return cast('int64_t');
      case 'truth':
        return { text: `${this.print(expr.operand, Level.BitOr)} != 0`, binds: Level.Compare };
      case 'exact-float':
        return { text: `exact(${inner}, state)`, binds: Level.Primary };
      case 'trunc':
        return { text: `to_int(${inner}, state)`, binds: Level.Primary };
      default:
        return { text: `to_int(${expr.how === 'round' ? 'nearbyint' : expr.how}(${inner}), state)`, binds: Level.Primary };
    }
  }
}

function constant({ value }: KConst): Printed {
  if (typeof value === 'bigint') {
    if (value === -(2n ** 63n)) return { text: '<int64_t>(-9223372036854775807 - 1)', binds: Level.Unary };
    const wide = value >= 2n ** 31n || value < -(2n ** 31n);
    return { text: wide ? `<int64_t>${value < 0n ? `(${value})` : value}` : String(value), binds: wide || value < 0n ? Level.Unary : Level.Primary };
  }
  if (Number.isNaN(value)) return { text: '<double>NAN', binds: Level.Unary };
  if (value === Infinity || value === -Infinity) return { text: value > 0 ? '<double>INFINITY' : '-<double>INFINITY', binds: Level.Unary };
  return plainConstant(value);
}
