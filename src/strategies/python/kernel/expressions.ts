/** Lowers expressions: Python's numeric operators by the types of their operands. */
import type { Compare, Expr, Index, Unary } from '../../../ir/ir';
import { complex, complexBinary, complexCompare, complexUnary, isComplex, type Value } from './complex';
import type { Lowering } from './lowering';
import { planeElement, planeKey } from './planes';
import { MAX_INT, MIN_INT } from './bounds';
import { lowerCallValue } from './calls';
import { lowerComprehension } from './comprehensions';
import { mathConstant } from './library';
import { arith, bool, choose, compare, convert, divide, float, indexing, int, unary } from './make';
import type { ArrayType, KCompare, KExpr } from './model';
import { isArray, rowOf, typeInWords } from './typing';

/** Of anything but a complex number. @throws KernelRefusal */
export function lowerExpr(l: Lowering, expr: Expr): KExpr {
  const value = lowerValue(l, expr);
  return isComplex(value) ? l.refuse('a complex number is used where kernels have none', expr) : value;
}

/** @throws KernelRefusal */
export function lowerValue(l: Lowering, expr: Expr): Value {
  switch (expr.type) {
    case 'const':
      return expr.kind === 'complex' ? complex(l, float(0), float(Number(expr.value)), expr) : constant(l, expr);
    case 'name': {
      const pair = l.scope.readComplex(expr);
      return pair ? complex(l, pair[0], pair[1], expr) : l.name(expr);
    }
    case 'attribute': {
      if (expr.name === 'real' || expr.name === 'imag') {
        const value = lowerValue(l, expr.object);
        if (isComplex(value)) return expr.name === 'real' ? value.re : value.im;
      }
      const value = mathConstant(l, expr);
      if (value === null) l.refuse(`the attribute \`.${expr.name}\` is used`, expr);
      return float(value);
    }
    case 'unary':
      return lowerUnary(l, expr);
    case 'binary':
      return anyBinary(l, expr.operator, lowerValue(l, expr.left), lowerValue(l, expr.right), expr);
    case 'compare':
      return lowerCompare(l, expr);
    case 'logical': {
      if (expr.operator === '??') l.refuse('`??` is used', expr);
      const left = lowerExpr(l, expr.left);
      const right = l.withoutHoisting(() => lowerExpr(l, expr.right));
      if (left.type === 'bool' && right.type === 'bool') return { op: 'logical', type: 'bool', operator: expr.operator, left, right };
      if (left.type !== right.type || isArray(left.type)) l.refuse(`\`${expr.operator}\` has operands of two types, ${typeInWords(left.type)} and ${typeInWords(right.type)},`, expr);
      return expr.operator === 'and' ? choose(truth(l, left), right, left) : choose(truth(l, left), left, right);
    }
    case 'conditional': {
      const test = lowerTest(l, expr.test);
      const then = l.withoutHoisting(() => lowerExpr(l, expr.then));
      const otherwise = l.withoutHoisting(() => lowerExpr(l, expr.else));
      if (then.type !== otherwise.type || isArray(then.type)) l.refuse(`a conditional gives ${typeInWords(then.type)} or ${typeInWords(otherwise.type)}`, expr);
      return choose(test, then, otherwise);
    }
    case 'index':
      return lowerIndex(l, expr);
    case 'call':
      return lowerCallValue(l, expr);
    case 'collection':
    case 'comprehension':
      return lowerComprehension(l, expr);
    default:
      return l.refuse(`${WORDS[expr.type] ?? `a ${expr.type}`} is used`, expr);
  }
}

const WORDS: Readonly<Record<string, string>> = { template: 'a formatted string', mapping: 'a dict', function: 'a lambda', assign: '`:=`', await: '`await`', yield: '`yield`', opaque: 'something unknown' };

/** A condition: numbers are true when they are not zero. */
export function lowerTest(l: Lowering, expr: Expr): KExpr {
  if (expr.type === 'logical' && expr.operator !== '??') {
    return { op: 'logical', type: 'bool', operator: expr.operator, left: lowerTest(l, expr.left), right: l.withoutHoisting(() => lowerTest(l, expr.right)) };
  }
  if (expr.type === 'unary' && expr.operator === 'not') return { op: 'not', type: 'bool', operand: lowerTest(l, expr.operand) };
  return truth(l, lowerExpr(l, expr));
}

export function truth(l: Lowering, value: KExpr): KExpr {
  if (value.type === 'bool') return value;
  if (isArray(value.type)) return compare('!=', { op: 'length', type: 'int', array: value }, int(0));
  return convert('truth', value, l.scope.bounds);
}

function constant(l: Lowering, expr: Extract<Expr, { type: 'const' }>): KExpr {
  if (expr.kind === 'int') {
    const value = BigInt(expr.value as number | string);
    if (value < MIN_INT || value > MAX_INT) l.refuse(`${value} does not fit 64 bits; it is used`, expr);
    return int(value);
  }
  if (expr.kind === 'float') return float(Number(expr.value));
  if (expr.kind === 'bool') return bool(expr.value as boolean);
  return l.refuse(expr.kind === 'none' ? '`None` is used' : `a ${expr.kind === 'string' ? 'text' : expr.kind} is used`, expr);
}

function lowerUnary(l: Lowering, expr: Unary): Value {
  if (expr.operator === 'not') return { op: 'not', type: 'bool', operand: lowerTest(l, expr.operand) };
  // The smallest integer is written as the negative of one that does not fit.
  if (expr.operator === '-' && expr.operand.type === 'const' && expr.operand.kind === 'int') {
    const value = -BigInt(expr.operand.value as number | string);
    if (value >= MIN_INT) return int(value);
  }
  const value = lowerValue(l, expr.operand);
  if (isComplex(value)) return complexUnary(l, expr.operator, value, expr);
  if (value.type === 'bool') noteBools(l, expr);
  const operand = number(l, value, expr.operand);
  if (expr.operator === '+') return operand;
  if (expr.operator === '~' && operand.type !== 'int') l.refuse(`\`~\` is applied to a ${typeInWords(operand.type)}`, expr);
  return unary(expr.operator as '-' | '~', operand, l.scope.bounds);
}

/** The value as an int or float: bools count as 0 and 1. @throws KernelRefusal for arrays. */
export function number(l: Lowering, value: KExpr, at: Expr | Parameters<Lowering['refuse']>[1]): KExpr {
  if (isArray(value.type)) l.refuse(`${article(typeInWords(value.type))} is used as a number`, at);
  return value.type === 'bool' ? convert('int', value, l.scope.bounds) : value;
}

/** Of numpy's bools `+` is `or`, `~` is `not`, and `-` raises. */
export function noteBools(l: Lowering, at: { readonly span: Expr['span'] }): void {
  l.functions.noteForNumpy("bools are calculated with, which numpy's bools do otherwise,", l.line(at), 'convert them by `int`');
}

function article(words: string): string {
  return words.startsWith('array') ? `an ${words}` : words;
}

export function asFloat(l: Lowering, value: KExpr, at: Expr): KExpr {
  const plain = number(l, value, at);
  return plain.type === 'float' ? plain : convert('float', plain, l.scope.bounds);
}

/** A binary operator on two values, as in `a + b` and `a += b`. */
export function anyBinary(l: Lowering, operator: string, left: Value, right: Value, at: { readonly span: Expr['span'] }): Value {
  return isComplex(left) || isComplex(right) ? complexBinary(l, operator, left, right, at) : binary(l, operator, left, right, at);
}

/** Of values that are not complex. */
export function binary(l: Lowering, operator: string, leftValue: KExpr, rightValue: KExpr, at: { readonly span: Expr['span'] }): KExpr {
  if (operator === '*' && isArray(leftValue.type)) return l.repeat(leftValue, rightValue, at);
  if (operator === '*' && isArray(rightValue.type)) return l.repeat(rightValue, leftValue, at);
  if (isArray(leftValue.type) || isArray(rightValue.type)) l.refuse(`\`${operator}\` is applied to an array`, at, 'calculate with its elements');
  const known = l.scope.bounds;
  // `&`, `|` and `^` of two bools give a bool.
  if (leftValue.type === 'bool' && rightValue.type === 'bool' && '&|^'.includes(operator)) {
    if (operator === '^') return compare('!=', leftValue, rightValue);
    return choose(leftValue, operator === '&' ? rightValue : bool(true), operator === '&' ? bool(false) : rightValue);
  }
  if (leftValue.type === 'bool' && rightValue.type === 'bool') noteBools(l, at);
  let left = number(l, leftValue, at);
  let right = number(l, rightValue, at);
  if (['&', '|', '^', '<<', '>>'].includes(operator)) {
    if (left.type !== 'int' || right.type !== 'int') l.refuse(`\`${operator}\` is applied to a float`, at);
    return { op: 'bits', type: 'int', operator: operator as '&', left, right };
  }
  if (operator === '/' && left.type === 'int' && right.type === 'int') {
    return divide('/', convert('exact-float', left, known), convert('exact-float', right, known), known);
  }
  if (left.type !== right.type) {
    left = left.type === 'int' ? convert('float', left, known) : left;
    right = right.type === 'int' ? convert('float', right, known) : right;
  }
  switch (operator) {
    case '+':
    case '-':
    case '*':
      return arith(operator, left, right, known);
    case '/':
    case '//':
    case '%':
      return divide(operator, left, right, known);
    case '**':
      l.functions.noteForNumpy("`**` of numpy's numbers is calculated by numpy; it is used", l.line(at), 'multiply');
      // A negative exponent of an integer makes a float.
      if (left.type === 'int' && right.op === 'const' && (right.value as bigint) < 0n) {
        left = convert('float', left, known);
        right = convert('float', right, known);
      }
      return { op: 'power', type: left.type as 'int' | 'float', left, right };
    default:
      return l.refuse(`\`${operator}\` is used`, at);
  }
}

function lowerCompare(l: Lowering, expr: Compare): KExpr {
  const operands = expr.operands.map((e, i) => (i > 1 ? l.withoutHoisting(() => lowerValue(l, e)) : lowerValue(l, e)));
  let whole: KExpr | null = null;
  for (const [i, operator] of expr.operators.entries()) {
    const [left, right] = [operands[i]!, operands[i + 1]!];
    const pair = isComplex(left) || isComplex(right) ? complexCompare(l, operator, left, right, expr) : comparison(l, operator, left, right, expr);
    whole = whole ? { op: 'logical', type: 'bool', operator: 'and', left: whole, right: pair } : pair;
  }
  return whole!;
}

function comparison(l: Lowering, operator: string, leftValue: KExpr, rightValue: KExpr, at: Expr): KExpr {
  if (!['<', '<=', '>', '>=', '==', '!='].includes(operator)) l.refuse(`\`${operator}\` is used`, at);
  const op = operator as KCompare['operator'];
  if (leftValue.type === 'bool' && rightValue.type === 'bool' && (op === '==' || op === '!=')) return compare(op, leftValue, rightValue);
  const left = number(l, leftValue, at);
  const right = number(l, rightValue, at);
  if (left.type === right.type) return compare(op, left, right);
  // Python compares an int with a float exactly.
  const exact = (e: KExpr): KExpr => (e.type === 'int' ? convert('exact-float', e, l.scope.bounds) : e);
  return compare(op, exact(left), exact(right));
}

function lowerIndex(l: Lowering, expr: Index): KExpr {
  const replaced = l.replaced(expr);
  if (replaced) return replaced;
  const plane = l.planes.size > 0 ? l.planes.get(planeKey(l, expr) ?? '') : undefined;
  if (plane) return planeElement(l, plane, expr);
  if (expr.object.type === 'attribute' && expr.object.name === 'shape' && expr.index.type === 'const') return extent(l, expr.object, Number(expr.index.value));
  if (expr.index.type === 'collection' && expr.index.kind === 'tuple') return severalIndices(l, expr, expr.index.items);
  const array = lowerExpr(l, expr.object);
  if (expr.index.type === 'slice') {
    const { lower, upper, step } = expr.index;
    if (lower || upper || step || !isArray(array.type) || array.type.dims !== 1) l.refuse('a slice is used', expr, 'copy the elements in a loop');
    // Of other arrays than lists it is a view: as long as nothing is written through it, the array itself.
    return array.type.from ? array : { op: 'copy-array', type: array.type, array };
  }
  return element(l, array, lowerExpr(l, expr.index), expr);
}

/** `grid[i, j]`, and `grid[i, :]`, which is the row. */
function severalIndices(l: Lowering, expr: Index, items: readonly Expr[]): KExpr {
  const part = l.replacedPart(expr);
  const array = part ?? lowerExpr(l, expr.object);
  const dims = (isArray(array.type) ? array.type.dims : 0) + (part ? 1 : 0);
  if (!isArray(array.type)) l.refuse(`a ${typeInWords(array.type)} is subscripted`, expr);
  if (!array.type.from) l.refuse('a list is subscripted with several numbers at once', expr, 'subscript it with one after the other');
  if (items.length > dims) l.refuse(`${items.length} subscripts are put on an array that has ${dims}`, expr);
  let last = items.length;
  while (array.type.from === 'numpy' && last > 1 && isWhole(items[last - 1]!)) last--;
  if (array.type.from === 'buffer' && last < dims) l.refuse('a row of a memoryview is taken, which Python does not have,', expr);
  return items.slice(part ? 1 : 0, last).reduce<KExpr>((at, index) => element(l, at, lowerExpr(l, index), expr, true), array);
}

function isWhole(index: Expr): boolean {
  return index.type === 'slice' && !index.lower && !index.upper && !index.step;
}

/** `array.shape[axis]`. Only what an array without rows could tell is left to Python. */
export function extent(l: Lowering, shape: Extract<Expr, { type: 'attribute' }>, axis: number): KExpr {
  let array = lowerExpr(l, shape.object);
  const { type } = array;
  if (!isArray(type) || !type.from || (type.from === 'buffer' && type.dims === 1)) l.refuse('the attribute `.shape` is used', shape, 'use `len`');
  const at = axis < 0 ? axis + type.dims : axis;
  if (!Number.isInteger(at) || at < 0 || at >= type.dims) l.refuse(`\`.shape\` of an array of ${type.dims} dimensions has no item ${axis}; it is used`, shape);
  for (let k = 0; k < at; k++) array = { op: 'row', type: rowOf(array.type as ArrayType), array, index: int(0), wraps: false, checked: true };
  return { op: 'length', type: 'int', array };
}

/** `array[index]`: a row of several dimensions, an element of one. @param several one of several subscripts at once */
export function element(l: Lowering, array: KExpr, index: KExpr, at: { readonly span: Expr['span'] }, several = false): KExpr {
  if (!isArray(array.type)) l.refuse(`a ${typeInWords(array.type)} is subscripted`, at);
  if (array.type.from === 'buffer' && array.type.dims > 1 && !several) l.refuse('a row of a memoryview is taken, which Python does not have,', at, 'subscript it with all numbers at once');
  if (index.type === 'bool') l.functions.noteForNumpy('a bool is a subscript, which numpy takes for a mask,', l.line(at));
  const position = number(l, index, at);
  if (position.type !== 'int') l.refuse('a subscript is a float', at);
  const how = indexing(array, position, l.scope.bounds, l.scope.within);
  if (array.type.dims > 1) return { op: 'row', type: rowOf(array.type), array, index: position, ...how };
  return { op: 'index', type: l.elementOf(array, at), array, index: position, ...how };
}
