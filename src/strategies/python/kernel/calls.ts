/** Lowers calls: builtins, functions of `math`, methods that kernels know, and the program's own functions. */
import type { Call, Expr, FunctionIR } from '../../../ir/ir';
import { variableOf } from '../site';
import type { Lowering } from './lowering';
import { complex, isComplex, magnitude, type Value } from './complex';
import { asFloat, binary, lowerExpr, lowerValue, noteBools, number, truth } from './expressions';
import { lowerConsumer } from './comprehensions';
import { dotted } from './library';
import { arith, convert, divide, float, libm, unary } from './make';
import type { KExpr, MathFunction } from './model';
import { arrayOf, isArray } from './typing';

/** Functions of libm that CPython's `math` calls with nothing but checks around them, and their number of arguments. */
const LIBM: Readonly<Partial<Record<string, number>>> = {
  sin: 1, cos: 1, tan: 1, asin: 1, acos: 1, atan: 1, atan2: 2, sinh: 1, cosh: 1, tanh: 1, asinh: 1, acosh: 1, atanh: 1,
  exp: 1, expm1: 1, log: 1, log2: 1, log10: 1, log1p: 1, pow: 2, fmod: 2,
}; // prettier-ignore

const OWN_ALGORITHM = new Set(['hypot', 'dist', 'fsum', 'gamma', 'lgamma', 'erf', 'erfc', 'prod', 'sumprod']);

/** Also of a complex number: `complex(x, y)`, `z.conjugate()`, `abs(z)`. @throws KernelRefusal */
export function lowerCallValue(l: Lowering, expr: Call): Value {
  const { callee } = expr;
  const name = dotted(l, callee);
  if (name === 'complex') return complexCall(l, expr);
  if (name === 'abs' && expr.args.length === 1) {
    const [argument] = plainArguments(l, expr, name, 1);
    const value = lowerValue(l, argument!);
    if (isComplex(value)) return magnitude(value);
    if (value.type === 'bool') noteBools(l, expr);
    return unary('abs', number(l, value, argument!), l.scope.bounds);
  }
  if (callee.type === 'attribute' && callee.name === 'conjugate' && expr.args.length === 0 && callee.object.type === 'name') {
    const pair = l.scope.readComplex(callee.object);
    if (pair) return complex(l, pair[0], unary('-', pair[1], l.scope.bounds), expr);
  }
  return lowerCall(l, expr);
}

function complexCall(l: Lowering, expr: Call): Value {
  const [re, im] = plainArguments(l, expr, 'complex', 1, 2).map((e) => ({ e, value: lowerValue(l, e) }));
  if (!im && isComplex(re!.value)) return re!.value;
  const part = ({ e, value }: { e: Expr; value: Value }): KExpr => {
    if (isComplex(value)) l.refuse('`complex` is given a complex number as a part', e);
    const plain = number(l, value, e);
    return plain.type === 'float' ? plain : convert('float', plain, l.scope.bounds);
  };
  return complex(l, part(re!), im ? part(im) : float(0), expr);
}

/** @throws KernelRefusal */
function lowerCall(l: Lowering, expr: Call): KExpr {
  const name = dotted(l, expr.callee);
  if (name?.startsWith('math.')) return mathCall(l, name.slice(5), expr);
  if (name !== null) return builtinCall(l, name, expr);
  if (expr.callee.type === 'name') {
    const variable = variableOf(l.site.module, expr.callee.variable);
    const fn = variable?.kind === 'function' && variable.constant ? l.site.module.functions.get(variable.target ?? '') : undefined;
    if (fn) return ownCall(l, fn, expr);
  }
  return l.refuse(`\`${l.site.source(expr.callee, l.fn)}\` is called, which is no function that a kernel can have,`, expr);
}

function plainArguments(l: Lowering, expr: Call, what: string, ...counts: readonly number[]): readonly Expr[] {
  if (expr.args.some((a) => a.spread || a.name !== undefined)) l.refuse(`\`${what}\` is called with keywords or \`*\``, expr);
  if (!counts.includes(expr.args.length)) l.refuse(`\`${what}\` is called with ${expr.args.length} arguments`, expr);
  return expr.args.map((a) => a.value);
}

function mathCall(l: Lowering, name: string, expr: Call): KExpr {
  const what = `math.${name}`;
  const known = l.scope.bounds;
  const arity = LIBM[name];
  const floats = (...counts: readonly number[]): KExpr[] => plainArguments(l, expr, what, ...counts).map((e) => asFloat(l, lowerExpr(l, e), e));
  if (name === 'log' && expr.args.length === 2) {
    const [x, base] = floats(2);
    return divide('/', libm('log', x!), libm('log', base!), known);
  }
  if (arity !== undefined) return libm(name as MathFunction, ...floats(arity));
  switch (name) {
    case 'sqrt':
    case 'fabs':
      return { op: 'math', type: 'float', name, args: floats(1) };
    case 'copysign':
      return { op: 'math', type: 'float', name, args: floats(2) };
    case 'isnan':
    case 'isinf':
    case 'isfinite':
      return { op: 'math', type: 'bool', name, args: floats(1) };
    // As CPython has it: one multiplication by a constant that is rounded once.
    case 'radians':
      return arith('*', floats(1)[0]!, float(Math.PI / 180), known);
    case 'degrees':
      return arith('*', floats(1)[0]!, float(180 / Math.PI), known);
    case 'floor':
    case 'ceil':
    case 'trunc': {
      const [e] = plainArguments(l, expr, what, 1);
      const value = number(l, lowerExpr(l, e!), e!);
      if (value.type === 'int') l.functions.noteForNumpy(`\`${what}\` is called with an int, which numpy's ints do not know or make a float of,`, l.line(expr));
      return value.type === 'int' ? value : convert(name, value, known);
    }
    default:
      if (OWN_ALGORITHM.has(name)) return l.refuse(`\`${what}\` is called, which Python calculates by an algorithm of its own,`, expr);
      return l.refuse(`\`${what}\` is called, which kernels do not have,`, expr);
  }
}

function builtinCall(l: Lowering, name: string, expr: Call): KExpr {
  const known = l.scope.bounds;
  const one = (): { e: Expr; value: KExpr } => {
    const [e] = plainArguments(l, expr, name, 1);
    return { e: e!, value: lowerExpr(l, e!) };
  };
  switch (name) {
    case 'len': {
      const { e, value } = one();
      if (!isArray(value.type)) l.refuse('`len` is called on something that is no list or array', e);
      return { op: 'length', type: 'int', array: value };
    }
    case 'int': {
      const { e, value } = one();
      const plain = number(l, value, e);
      return plain.type === 'int' ? plain : convert('trunc', plain, known);
    }
    case 'float': {
      const { e, value } = one();
      return asFloat(l, value, e);
    }
    case 'bool':
      return truth(l, one().value);
    case 'round': {
      if (expr.args.length === 2) l.refuse('`round` is called with a number of digits, which Python rounds through decimal text,', expr, 'round where the results are shown');
      const { e, value } = one();
      const plain = number(l, value, e);
      return plain.type === 'int' ? plain : convert('round', plain, known);
    }
    case 'pow': {
      const [x, y] = plainArguments(l, expr, name, 2).map((e) => lowerExpr(l, e));
      return binary(l, '**', x!, y!, expr);
    }
    case 'min':
    case 'max':
      return expr.args.length > 1 ? extreme(l, name, expr) : lowerConsumer(l, name, expr);
    case 'sum':
      return lowerConsumer(l, name, expr);
    case 'list': {
      const { e, value } = one();
      if (!isArray(value.type) || value.type.dims !== 1) l.refuse('`list` is called on something that is no list of numbers', e);
      return { op: 'copy-array', type: arrayOf(value.type.element), array: value };
    }
    case 'divmod':
      return l.refuse('`divmod` is used as a value', expr, 'take it apart at once, as in `q, r = divmod(a, b)`');
    default:
      return l.refuse(`\`${name}\` is called, which kernels do not have,`, expr);
  }
}

/** `min` and `max` of several values: from the left, a later one only where it is really smaller or larger. */
function extreme(l: Lowering, which: 'min' | 'max', expr: Call): KExpr {
  if (expr.args.some((a) => a.spread || a.name !== undefined)) l.refuse(`\`${which}\` is called with a key or \`*\``, expr);
  const values = expr.args.map((a) => {
    const value = lowerExpr(l, a.value);
    // Python gives one of the bools, not the number that it stands for.
    if (value.type === 'bool') l.refuse(`\`${which}\` compares bools`, expr, which === 'min' ? 'use `and`' : 'use `or`');
    return number(l, value, a.value);
  });
  return values.reduce((left, right) => {
    if (left.type !== right.type) l.refuse(`\`${which}\` compares an int with a float, and gives either,`, expr, 'convert one of them');
    return { op: 'extreme', type: left.type as 'int' | 'float', which, left, right };
  });
}

/** A call of a function of the module, which becomes part of the kernel. */
function ownCall(l: Lowering, fn: FunctionIR, expr: Call): KExpr {
  const args = boundArguments(l, fn, expr);
  const line = l.line(expr);
  const { name, returns } = l.functions.call(fn, args.map((a) => a.type), line);
  // Kept open: values from outside that the callee needs are added when all functions are known.
  const call: KExpr & { args: KExpr[] } = { op: 'call', type: returns, function: name, args: args.flatMap((a) => (isComplex(a) ? [a.re, a.im] : [a])) };
  l.functions.noteCall(l.kernelName, name, call.args);
  return call;
}

function boundArguments(l: Lowering, fn: FunctionIR, expr: Call): Value[] {
  if (expr.args.some((a) => a.spread)) l.refuse(`\`${fn.name}\` is called with \`*\``, expr);
  const positional = expr.args.filter((a) => a.name === undefined);
  if (positional.length > fn.params.length) l.refuse(`\`${fn.name}\` is called with too many arguments`, expr);
  return fn.params.map((param, i) => {
    const given = positional[i] ?? expr.args.find((a) => a.name === param.name);
    if (given) return lowerValue(l, given.value);
    if (param.default?.type !== 'const') l.refuse(`\`${fn.name}\` is called without \`${param.name}\``, expr, 'pass it');
    return lowerValue(l, param.default);
  });
}
