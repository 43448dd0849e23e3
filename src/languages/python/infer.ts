/** Types of values that can be told from their form: literals, displays, constructor calls, arithmetic on numbers, known library calls. */
import type { Call, Expr, FunctionIR, TypeIR, Variable, VarId } from '../../ir/ir';
import type { LibraryTypes } from './library';
import type { Site } from './scopes';

const NUMBERS = ['bool', 'int', 'float', 'complex'];

/** What the names of one module mean. */
export interface Names {
  variable(id: VarId): Variable | undefined;
  /** The function that a variable names. */
  fn(id: string): Pick<FunctionIR, 'returnType' | 'async' | 'generator'> | undefined;
  /** Variables that are bound once, to a value or (`loop`) to the elements of one, and are not annotated. */
  readonly single: Map<Variable, Pick<Site, 'kind' | 'value'>>;
}

export class TypeInference {
  private depth = 0;

  /** Gives every variable that is bound once the type of its value. */
  inferAll(): void {
    for (const variable of this.names.single.keys()) this.settle(variable);
  }

  private settle(variable: Variable): TypeIR | undefined {
    const site = this.names.single.get(variable);
    if (!site?.value) return variable.type;
    // Taken out first: a value may mention its own variable.
    this.names.single.delete(variable);
    const type = site.kind === 'loop' ? this.elementOf(site.value) : this.typeOf(site.value);
    if (type) variable.type = type;
    return variable.type;
  }

  constructor(
    private readonly names: Names,
    private readonly library: LibraryTypes,
  ) {}

  /** The type of a value, undefined when its form does not tell. */
  typeOf = (expr: Expr): TypeIR | undefined => {
    if (this.depth > 50) return undefined;
    this.depth++;
    try {
      return this.infer(expr);
    } finally {
      this.depth--;
    }
  };

  /** The type of what iterating over a value gives. */
  elementOf = (iterable: Expr): TypeIR | undefined => {
    const type = this.typeOf(iterable);
    return type && this.library.element(type);
  };

  private infer(expr: Expr): TypeIR | undefined {
    switch (expr.type) {
      case 'const':
        return constType(expr.kind);
      case 'template':
        return { name: 'str' };
      case 'name': {
        const variable = this.names.variable(expr.variable);
        return variable?.kind === 'param' || variable?.kind === 'local' ? this.settle(variable) : undefined;
      }
      case 'collection': {
        if (expr.kind === 'tuple') {
          const items = expr.items.map((item) => (item.type === 'spread' ? undefined : this.typeOf(item)));
          return items.every((item) => item) && items.length > 0 ? { name: 'tuple', args: items as TypeIR[] } : { name: 'tuple' };
        }
        const element = this.common(expr.items);
        return { name: expr.kind, ...(element ? { args: [element] } : {}) };
      }
      case 'mapping': {
        const key = this.common(expr.properties.map((property) => property.key));
        const value = this.common(expr.properties.map((property) => (property.key ? property.value : null)));
        return { name: 'dict', ...(key && value ? { args: [key, value] } : {}) };
      }
      case 'comprehension': {
        if (expr.kind === 'generator') return { name: 'generator' };
        const element = this.typeOf(expr.element);
        const key = expr.key ? this.typeOf(expr.key) : undefined;
        if (expr.kind === 'dict') return { name: 'dict', ...(key && element ? { args: [key, element] } : {}) };
        return { name: expr.kind, ...(element ? { args: [element] } : {}) };
      }
      case 'function':
        return { name: 'function' };
      case 'unary': {
        if (expr.operator === 'not') return { name: 'bool' };
        const operand = this.typeOf(expr.operand);
        if (operand?.name === 'bool') return { name: 'int' };
        return operand && NUMBERS.includes(operand.name) ? operand : undefined;
      }
      case 'binary':
        return this.binary(expr.operator, this.typeOf(expr.left), this.typeOf(expr.right), expr.right);
      case 'conditional': {
        const then = this.typeOf(expr.then);
        return same(then, this.typeOf(expr.else)) ? then : undefined;
      }
      case 'logical': {
        const left = this.typeOf(expr.left);
        return same(left, this.typeOf(expr.right)) ? left : undefined;
      }
      case 'compare':
        return expr.operators.every((operator) => /^(is|is not|in|not in)$/.test(operator)) ? { name: 'bool' } : undefined;
      case 'assign':
        return this.typeOf(expr.value);
      case 'call':
        return this.call(expr);
      default:
        return undefined;
    }
  }

  /** The type that all items have. */
  private common(items: readonly (Expr | null)[]): TypeIR | undefined {
    // A long table of numbers tells its type by its first rows.
    const looked = items.slice(0, 100).map((item) => (item && item.type !== 'spread' ? this.typeOf(item) : undefined));
    const first = looked[0];
    return first && items.length === looked.length && looked.every((type) => same(type, first)) ? first : undefined;
  }

  private binary(operator: string, left: TypeIR | undefined, right: TypeIR | undefined, rightExpr: Expr): TypeIR | undefined {
    if (left?.name === 'str' && operator === '%') return { name: 'str' };
    if (!left || !right) return undefined;
    const a = NUMBERS.indexOf(left.name);
    const b = NUMBERS.indexOf(right.name);
    if (a >= 0 && b >= 0) return numberType(operator, a, b, rightExpr);
    if (operator === '+' && left.name === right.name && ['str', 'bytes', 'list', 'tuple'].includes(left.name)) {
      return same(left, right) && left.name !== 'tuple' ? left : { name: left.name };
    }
    if (operator === '*' && ['str', 'bytes', 'list'].includes(left.name) && b >= 0 && b <= 1) return left;
    return undefined;
  }

  private call(expr: Call): TypeIR | undefined {
    const { callee } = expr;
    if (callee.type === 'name') {
      const variable = this.names.variable(callee.variable);
      if (variable?.kind === 'class') return { name: variable.target! };
      if (variable?.kind === 'function') {
        const fn = this.names.fn(variable.target!);
        return fn && !fn.async && !fn.generator ? fn.returnType : undefined;
      }
    }
    const dotted = this.dotted(callee);
    if (dotted !== null && !this.isValue(callee)) return this.library.call(dotted, this.argumentTypes(expr));
    if (callee.type === 'attribute') {
      const receiver = this.typeOf(callee.object);
      return receiver && this.library.method(receiver, callee.name);
    }
    return undefined;
  }

  private argumentTypes(expr: Call): (TypeIR | undefined)[] {
    const leading = expr.args.slice(0, 2);
    return leading.every((arg) => !arg.spread && arg.name === undefined) ? leading.map((arg) => this.typeOf(arg.value)) : [];
  }

  /** Whether the callee is a method of a value, though a name leads to it: `pi.hex` of `from math import pi`. */
  private isValue(callee: Expr): boolean {
    return callee.type === 'attribute' && this.typeOf(callee.object) !== undefined;
  }

  /** `collections.deque` for a name or attribute chain that leads into a library; `len` for a builtin; null for anything else. */
  private dotted(expr: Expr): string | null {
    if (expr.type === 'name') {
      if (expr.variable.startsWith('builtin/')) return expr.name;
      const variable = this.names.variable(expr.variable);
      if (variable?.kind !== 'import' || !variable.import || variable.import.level) return null;
      const { module, name } = variable.import;
      return name === null ? module : `${module}.${name}`;
    }
    if (expr.type !== 'attribute') return null;
    const object = this.dotted(expr.object);
    return object === null ? null : `${object}.${expr.name}`;
  }
}

function constType(kind: string): TypeIR | undefined {
  const name = { int: 'int', float: 'float', complex: 'complex', string: 'str', bytes: 'bytes', bool: 'bool', none: 'None' }[kind];
  return name ? { name } : undefined;
}

function numberType(operator: string, a: number, b: number, right: Expr): TypeIR | undefined {
  const higher = Math.max(a, b);
  if ('&|^'.includes(operator)) return higher > 1 ? undefined : { name: a === 0 && b === 0 ? 'bool' : 'int' };
  if (operator === '<<' || operator === '>>') return higher > 1 ? undefined : { name: 'int' };
  if (operator === '/') return { name: higher === 3 ? 'complex' : 'float' };
  if (operator === '**') {
    // A negative exponent makes a float, a negative base with a fraction a complex number.
    const safe = right.type === 'const' && typeof right.value === 'number' && right.value >= 0 && Number.isInteger(right.value);
    return safe ? { name: NUMBERS[Math.max(higher, 1)]! } : undefined;
  }
  if (operator === '@') return undefined;
  return { name: NUMBERS[Math.max(higher, 1)]! };
}

function same(a: TypeIR | undefined, b: TypeIR | undefined): boolean {
  return a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
