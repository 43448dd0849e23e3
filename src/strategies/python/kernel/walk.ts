/** Visitors of kernels: the children of each node in one place, for the questions that emitters ask. */
import type { KExpr, KFunction, Kernel, KStmt } from './model';

/** Direct children of an expression, in evaluation order. */
export function childrenOf(expr: KExpr): readonly KExpr[] {
  switch (expr.op) {
    case 'const':
    case 'var':
      return [];
    case 'arith':
    case 'divide':
    case 'power':
    case 'bits':
    case 'compare':
    case 'logical':
    case 'extreme':
      return [expr.left, expr.right];
    case 'unary':
    case 'not':
    case 'convert':
      return [expr.operand];
    case 'choose':
      return [expr.test, expr.then, expr.otherwise];
    case 'index':
    case 'row':
      return [expr.array, expr.index];
    case 'length':
    case 'copy-array':
      return [expr.array];
    case 'math':
    case 'call':
      return expr.args;
    case 'new-array':
      return expr.fill ? [expr.fill, expr.length] : [expr.length];
    case 'range-length':
      return [expr.start, expr.stop, expr.step];
  }
}

/** The expressions directly in a statement. */
export function expressionsOf(stmt: KStmt): readonly KExpr[] {
  switch (stmt.do) {
    case 'assign':
    case 'append':
    case 'result':
      return [stmt.value];
    case 'store':
      return [stmt.array, stmt.index, stmt.value];
    case 'for':
      return [stmt.start, stmt.stop];
    case 'while':
    case 'if':
      return [stmt.test];
    case 'return':
      return stmt.value ? [stmt.value] : [];
    case 'break':
    case 'continue':
    case 'give-up':
      return [];
  }
}

export function blocksOf(stmt: KStmt): readonly (readonly KStmt[])[] {
  if (stmt.do === 'for' || stmt.do === 'while') return [stmt.body];
  return stmt.do === 'if' ? [stmt.then, stmt.otherwise] : [];
}

/** Every statement and expression of a block, each before what is in it. */
export function walkKernel(body: readonly KStmt[], enter: { stmt?(stmt: KStmt): void; expr?(expr: KExpr): void }): void {
  const inside = (expr: KExpr): void => {
    enter.expr?.(expr);
    for (const child of childrenOf(expr)) inside(child);
  };
  for (const stmt of body) {
    enter.stmt?.(stmt);
    for (const expr of expressionsOf(stmt)) inside(expr);
    for (const block of blocksOf(stmt)) walkKernel(block, enter);
  }
}

/** The names that count the turns of a block's `for` loops. */
export function countersOf(body: readonly KStmt[]): Set<string> {
  const counters = new Set<string>();
  walkKernel(body, { stmt: (s) => void (s.do === 'for' && counters.add(s.counter)) });
  return counters;
}

export function hasLoop(body: readonly KStmt[]): boolean {
  return uses({ functions: [], iteration: { body } }, (n) => 'do' in n && (n.do === 'for' || n.do === 'while'));
}

/** It makes lists, itself or by what it calls. */
export function allocates(body: readonly KStmt[]): boolean {
  return uses({ functions: [], iteration: { body } }, (n) => 'op' in n && (n.op === 'new-array' || n.op === 'copy-array' || (n.op === 'call' && typeof n.type !== 'string')));
}

/** The functions of the kernel, its iteration last. */
export function functionsOf(kernel: Kernel): readonly KFunction[] {
  return [...kernel.functions, kernel.iteration];
}

interface Bodies {
  readonly functions: readonly Pick<KFunction, 'body'>[];
  readonly iteration: Pick<KFunction, 'body'>;
}

/** Some node of the kernel satisfies the test. */
export function uses(kernel: Bodies, test: (node: KExpr | KStmt) => boolean): boolean {
  let found = false;
  for (const fn of [...kernel.functions, kernel.iteration]) walkKernel(fn.body, { stmt: (s) => void (found ||= test(s)), expr: (e) => void (found ||= test(e)) });
  return found;
}

/** The node itself can give up, its children apart, or is calculated by a function that can for other operands. A call is asked through `callee`. */
export function givesUp(node: KExpr | KStmt, callee: (name: string) => boolean): boolean {
  if ('do' in node) {
    if (node.do === 'store') return node.checked;
    return node.do === 'append' || node.do === 'give-up';
  }
  switch (node.op) {
    case 'arith':
    case 'convert':
    case 'index':
    case 'row':
      return node.checked;
    case 'unary':
      return node.checked || node.operator === 'abs';
    case 'divide':
      return !node.safe || node.operator !== '/';
    case 'power':
    case 'new-array':
    case 'copy-array':
    case 'range-length':
      return true;
    case 'bits':
      return node.operator === '<<' || node.operator === '>>';
    case 'math':
      return node.type === 'float' && node.name !== 'fabs' && node.name !== 'copysign';
    case 'call':
      return callee(node.function);
    default:
      return false;
  }
}
