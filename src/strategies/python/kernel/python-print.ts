/** What the languages that are written like Python (Cython, numba's Python, Mojo) print alike. */
import type { KExpr, KFor, KStmt } from './model';

export const INDENT = '    ';

/** How strongly Python's operators bind. */
export const enum Level {
  Choose = 1,
  Or = 2,
  And = 3,
  Not = 4,
  Compare = 5,
  BitOr = 6,
  BitXor = 7,
  BitAnd = 8,
  Add = 10,
  Multiply = 11,
  Unary = 12,
  Primary = 14,
}

export interface Printed {
  readonly text: string;
  readonly binds: Level;
}

/** The nodes for which a dialect has nothing of its own. */
export type Shared = Extract<KExpr, { op: 'compare' | 'logical' | 'not' | 'choose' }>;

export abstract class PythonPrinter {
  /** An expression of the dialect; `shared` prints what all have in common. */
  protected abstract form(expr: KExpr): Printed;

  protected abstract statement(stmt: KStmt, depth: number): string[];

  /** @param level parentheses are written when the expression binds less strongly */
  print(expr: KExpr, level: number = 0): string {
    const { text, binds } = this.form(expr);
    return binds < level ? `(${text})` : text;
  }

  protected shared(expr: Shared): Printed {
    const p = (e: KExpr, level: number): string => this.print(e, level);
    switch (expr.op) {
      case 'compare':
        return { text: `${p(expr.left, Level.BitOr)} ${expr.operator} ${p(expr.right, Level.BitOr)}`, binds: Level.Compare };
      case 'logical': {
        const binds = expr.operator === 'and' ? Level.And : Level.Or;
        return { text: `${p(expr.left, binds)} ${expr.operator} ${p(expr.right, binds)}`, binds };
      }
      case 'not':
        return { text: `not ${p(expr.operand, Level.Not)}`, binds: Level.Not };
      case 'choose':
        return { text: `${p(expr.then, Level.Or)} if ${p(expr.test, Level.Or)} else ${p(expr.otherwise, Level.Choose)}`, binds: Level.Choose };
    }
  }

  /** Operators of one level are read from the left. */
  protected infix(operator: string, left: KExpr, right: KExpr, binds: Level): Printed {
    return { text: `${this.print(left, binds)} ${operator} ${this.print(right, binds + 1)}`, binds };
  }

  protected bits(operator: '&' | '|' | '^', left: KExpr, right: KExpr): Printed {
    return this.infix(operator, left, right, { '&': Level.BitAnd, '|': Level.BitOr, '^': Level.BitXor }[operator]);
  }

  protected block(stmts: readonly KStmt[], depth: number): string[] {
    return stmts.length === 0 ? [`${INDENT.repeat(depth)}pass`] : stmts.flatMap((s) => this.statement(s, depth));
  }

  /** `if`, `elif`, `else`. */
  protected conditional(stmt: Extract<KStmt, { do: 'if' }>, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const lines = [`${pad}if ${this.print(stmt.test)}:`, ...this.block(stmt.then, depth + 1)];
    let otherwise = stmt.otherwise;
    while (otherwise.length === 1 && otherwise[0]!.do === 'if') {
      lines.push(`${pad}elif ${this.print(otherwise[0].test)}:`, ...this.block(otherwise[0].then, depth + 1));
      otherwise = otherwise[0].otherwise;
    }
    return otherwise.length > 0 ? [...lines, `${pad}else:`, ...this.block(otherwise, depth + 1)] : lines;
  }

  protected range({ start, stop, step }: KFor): string {
    const from = this.print(start);
    if (step === -1) return `range(${from}, ${this.print(stop)}, -1)`;
    return from === '0' ? `range(${this.print(stop)})` : `range(${from}, ${this.print(stop)})`;
  }
}

/** A bool or a finite float. */
export function plainConstant(value: boolean | number): Printed {
  if (typeof value === 'boolean') return { text: value ? 'True' : 'False', binds: Level.Primary };
  const digits = floatDigits(value);
  return { text: digits, binds: digits.startsWith('-') ? Level.Unary : Level.Primary };
}

/** The digits of a finite float, as Python and C read them. */
export function floatDigits(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return /[.e]/.test(String(value)) ? String(value) : `${value}.0`;
}
