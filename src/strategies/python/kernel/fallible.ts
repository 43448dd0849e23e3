/** Which nodes and functions of a kernel can give up where that leaves the function: by an `Option` in Rust, by an error in Mojo. */
import type { KExpr, KFunction, KStmt, Kernel } from './model';
import { walkKernel } from './walk';

/** A shift that surely lies between 0 and 63. */
export function isPlainShift(count: KExpr): boolean {
  return count.op === 'const' && typeof count.value === 'bigint' && count.value >= 0n && count.value <= 63n;
}

/** A list of so few elements is written as a literal. */
export function isSmallList(expr: KExpr): boolean {
  if (expr.op !== 'new-array') return false;
  return expr.fill === null || (expr.length.op === 'const' && (expr.length.value as bigint) >= 0n && (expr.length.value as bigint) <= 64n);
}

/** Nothing but literals: the language would take them for numbers of a type of its own. */
export function isOpen(expr: KExpr): boolean {
  switch (expr.op) {
    case 'const':
      return typeof expr.value !== 'boolean';
    case 'arith':
      return !expr.checked && isOpen(expr.left) && isOpen(expr.right);
    case 'divide':
      return expr.operator === '/' && expr.safe && isOpen(expr.left) && isOpen(expr.right);
    case 'bits':
      return '&|^'.includes(expr.operator) && isOpen(expr.left) && isOpen(expr.right);
    case 'unary':
      return !expr.checked && expr.operator !== 'abs' && isOpen(expr.operand);
    case 'choose':
      return isOpen(expr.then) && isOpen(expr.otherwise);
    default:
      return false;
  }
}

function fails(node: KExpr | KStmt, callee: (name: string) => boolean): boolean {
  if ('do' in node) return node.do === 'append' || node.do === 'give-up' || (node.do === 'store' && (node.checked || node.wraps));
  switch (node.op) {
    case 'arith':
    case 'unary':
    case 'convert':
      return node.checked;
    case 'divide':
      return !node.safe;
    case 'power':
    case 'copy-array':
    case 'range-length':
      return true;
    case 'new-array':
      return !isSmallList(node);
    case 'bits':
      return node.operator === '<<' || (node.operator === '>>' && !isPlainShift(node.right));
    case 'index':
    case 'row':
      return node.checked || node.wraps;
    case 'math':
      return node.type === 'float' && node.name !== 'fabs';
    case 'call':
      return callee(node.function);
    default:
      return false;
  }
}

/** The names of the functions that can give up, the iteration's among them. */
export function fallibleFunctions(kernel: Kernel): ReadonlySet<string> {
  const found = new Set(kernel.functions.filter((f) => f.recursive).map((f) => f.name));
  const check = (fn: KFunction): boolean => {
    let any = false;
    const test = (node: KExpr | KStmt): void => void (any ||= fails(node, (name) => found.has(name)));
    walkKernel(fn.body, { expr: test, stmt: test });
    return any;
  };
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const fn of [...kernel.functions, kernel.iteration]) if (check(fn)) found.add(fn.name);
  }
  return found;
}
