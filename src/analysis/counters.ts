/** Recognises counters: JS `for (let i = a; i < n; i += s)` and `while i < n: …; i += s`. */
import type { Expr, For, NameExpr, Stmt, While } from '../ir/ir';
import { walkExpr, walkStmts } from '../ir/walk';
import type { Value } from './domain';
import type { Machine } from './machine';
import type { Header } from './report';
import { isConstant } from './symbolic';
import { assignedNames } from './loopWalk';

export interface CounterHeader {
  readonly name: NameExpr;
  readonly start: Value['sym'];
  readonly stop: Expr;
  readonly test: string;
  /** 0 when only known by name: its sign is the test's. */
  readonly step: number;
  readonly header: Header;
  readonly trips: number | null;
}

interface Step {
  readonly name: NameExpr;
  /** 0 for a step that is a name. */
  readonly by: number;
  readonly expr: Expr | null;
}

export function counterOfFor(m: Machine, loop: For): CounterHeader | null {
  if (!loop.test || !loop.update) return null;
  const step = stepOfExpr(loop.update);
  if (!step) return null;
  const init = loop.init.length === 1 ? loop.init[0]! : null;
  let start: Expr | null = null;
  for (const stmt of init ? [init] : loop.init) {
    if (stmt.type === 'assign-stmt' && stmt.operator === null && stmt.targets.length === 1 && stmt.targets[0]!.type === 'name' && stmt.targets[0]!.variable === step.name.variable) start = stmt.value;
  }
  return recognise(m, loop.test, step, start, loop.body);
}

export function counterOfWhile(m: Machine, loop: While): CounterHeader | null {
  if (loop.testLast || loop.body.length === 0) return null;
  const last = loop.body[loop.body.length - 1]!;
  const step = stepOfStmt(last);
  if (!step) return null;
  const body = loop.body.slice(0, -1);
  if (hasContinue(body)) return null;
  return recognise(m, loop.test, step, null, body);
}

/** A `continue` of this loop would skip the update. */
function hasContinue(body: readonly Stmt[]): boolean {
  let found = false;
  walkStmts(body, {
    expr: () => false,
    stmt(stmt) {
      if (stmt.type === 'continue') found = true;
      return stmt.type !== 'for' && stmt.type !== 'for-each' && stmt.type !== 'while';
    },
  });
  return found;
}

function recognise(m: Machine, test: Expr, step: Step, startExpr: Expr | null, body: readonly Stmt[]): CounterHeader | null {
  if (test.type !== 'compare' || test.operators.length !== 1) return null;
  let operator = test.operators[0]!;
  let [left, right] = test.operands as [Expr, Expr];
  if (right.type === 'name' && right.variable === step.name.variable && !(left.type === 'name' && left.variable === step.name.variable)) {
    [left, right] = [right, left];
    operator = ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as Record<string, string>)[operator] ?? operator;
  }
  if (left.type !== 'name' || left.variable !== step.name.variable) return null;
  if (operator === '!==') operator = '!=';
  // A step against the direction of the test, or of zero, never ends the loop: where it ends, its counters are distinct.
  const named = step.by === 0;
  const upwards = named ? operator.startsWith('<') : step.by > 0;
  if (!(upwards ? ['<', '<='] : ['>', '>=']).includes(operator) && !(operator === '!=' && Math.abs(step.by) === 1)) return null;
  const assigned = assignedNames(m, body);
  if (assigned.has(step.name.variable)) return null;
  if (named && !(step.expr?.type === 'name' && isFixedStep(m, step.expr, assigned))) return null;
  let stopUsesCounter = false;
  walkExpr(right, {
    expr(expr) {
      if (expr.type === 'name' && (expr.variable === step.name.variable || assigned.has(expr.variable))) stopUsesCounter = true;
      if (expr.type === 'assign' || expr.type === 'update' || expr.type === 'await' || expr.type === 'yield') stopUsesCounter = true;
    },
  });
  if (stopUsesCounter) return null;
  // A captured counter can be changed by a call.
  const variable = m.analyzer.variable(m.module, step.name.variable);
  if (variable?.captured && m.fn.kind === 'module') return null;
  const start = (m.env.get(step.name.variable) ?? m.analyzer.initialValue(m, step.name.variable)).sym;
  const stopValue = right.type === 'const' && typeof right.value === 'number' ? right.value : null;
  const trips = !named && start && isConstant(start) && stopValue !== null ? Math.max(0, Math.ceil(((operator === '<=' || operator === '>=' ? stopValue + Math.sign(step.by) : stopValue) - start.constant) / step.by)) : null;
  const header: Header = { kind: 'counter', variable: step.name.variable, start: startExpr ?? step.name, stop: right, test: operator, step: Math.abs(step.by) === 1 && upwards ? null : step.expr, sized: true };
  return { name: step.name, start: start ?? null, stop: right, test: operator, step: step.by, header, trips };
}

/** A step that no iteration changes. */
function isFixedStep(m: Machine, step: NameExpr, assigned: ReadonlySet<string>): boolean {
  return !assigned.has(step.variable) && m.analyzer.variable(m.module, step.variable)?.constant === true;
}

function stepOfExpr(expr: Expr): Step | null {
  if (expr.type === 'update' && expr.target.type === 'name') return { name: expr.target, by: expr.operator === '++' ? 1 : -1, expr: null };
  if (expr.type === 'assign' && expr.target.type === 'name') return stepOf(expr.target, expr.operator, expr.value);
  return null;
}

function stepOfStmt(stmt: Stmt): Step | null {
  if (stmt.type === 'expr') return stepOfExpr(stmt.value);
  if (stmt.type === 'assign-stmt' && stmt.targets.length === 1 && stmt.targets[0]!.type === 'name') return stepOf(stmt.targets[0]!, stmt.operator, stmt.value);
  return null;
}

function stepOf(name: NameExpr, operator: string | null, value: Expr): Step | null {
  if ((operator === '+' || operator === '-') && value.type === 'const' && value.kind === 'int' && typeof value.value === 'number' && value.value !== 0) return { name, by: operator === '+' ? value.value : -value.value, expr: value };
  if ((operator === '+' || operator === '-') && value.type === 'name' && value.variable !== name.variable) return operator === '+' ? { name, by: 0, expr: value } : null;
  if (operator === null && value.type === 'binary' && (value.operator === '+' || value.operator === '-') && value.left.type === 'name' && value.left.variable === name.variable) return stepOf(name, value.operator, value.right);
  return null;
}
