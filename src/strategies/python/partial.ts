/**
 * Accumulators that a worker may total up for its own iteration, because regrouping is exact for them: the statement stays as it is,
 * on a local of the same name, and the parent adds the totals in order.
 */
import type { Assign, Expr, Stmt, Target } from '../../ir/ir';
import type { Site } from './site';
import type { Unit, Written } from './units';

export interface Partial {
  /** Value of the worker's local before the iteration. */
  readonly initial: string;
  /** The parent's statements, with `part` as the name of what came back. */
  merge(part: string, fresh: (base: string) => string): readonly string[];
}

/** How a group of statements on one accumulator is totalled; null when its contributions must be replayed one by one. */
export function partialOf(site: Site, place: Written, units: readonly Unit[]): Partial | null {
  const variable = site.variable(place.root);
  if (!variable || place.field !== null) return null;
  const { name } = variable;
  const { whole } = place;
  if (place.operation === 'histogram') return place.exact || countsOnly(units, variable.type?.name) ? histogram(name, units) : null;
  if (!place.exact) return null;
  switch (place.operation) {
    case 'sum':
    case 'count':
      if (!whole || !units.every((u) => isUpdate(u.stmt, name, ['+', '-']))) return null;
      return { initial: '0', merge: (part) => [`${name} += ${part}`] };
    case 'product':
      if (!whole || !units.every((u) => isUpdate(u.stmt, name, ['*']))) return null;
      return { initial: '1', merge: (part) => [`${name} *= ${part}`] };
    case 'concatenation':
      return whole ? concatenation(name, place, units) : null;
    default:
      return null;
  }
}

/** Text (or a list) that grows at its end: the parts of the iterations are joined in their order. */
function concatenation(name: string, place: Written, units: readonly Unit[]): Partial | null {
  const type = place.type?.name;
  const initial = type === 'str' ? '""' : type === 'bytes' ? 'b""' : type === 'list' ? '[]' : null;
  const grows = units.every(({ stmt }) => stmt.type === 'assign-stmt' && stmt.targets.length === 1 && isName(stmt.targets[0]!, name) && (stmt.operator === '+' || (type !== 'list' && appendsTo(stmt, name))));
  return initial !== null && grows ? { initial, merge: (part) => [`${name} += ${part}`] } : null;
}

/** `s = s + e` */
function appendsTo(stmt: Assign, name: string): boolean {
  return stmt.operator === null && stmt.value.type === 'binary' && stmt.value.operator === '+' && isName(stmt.value.left, name);
}

/** Each update adds a whole number: the text says so, whatever is counted. */
function countsOnly(units: readonly Unit[], type: string | undefined): boolean {
  if (type === undefined || !/^(?:dict|Counter|defaultdict)$/.test(type.split('.').pop()!)) return false;
  const isInt = (e: Expr): boolean => e.type === 'const' && e.kind === 'int';
  return units.every(({ stmt }) => {
    if (stmt.type === 'if') return [...stmt.then, ...stmt.else].every((s) => s.type === 'assign-stmt' && (isInt(s.value) || (s.value.type === 'binary' && isInt(s.value.right))));
    if (stmt.type !== 'assign-stmt') return false;
    return stmt.operator === '+' ? isInt(stmt.value) : stmt.value.type === 'binary' && (isInt(stmt.value.right) || isInt(stmt.value.left));
  });
}

/** `x += e`, `x = x + e` or `x = e + x`. */
function isUpdate(stmt: Stmt, name: string, operators: readonly string[]): boolean {
  if (stmt.type !== 'assign-stmt' || stmt.targets.length !== 1 || !isName(stmt.targets[0]!, name)) return false;
  if (stmt.operator !== null) return operators.includes(stmt.operator);
  if (stmt.value.type !== 'binary' || !operators.includes(stmt.value.operator)) return false;
  return isName(stmt.value.left, name) || (stmt.value.operator !== '-' && isName(stmt.value.right, name));
}

/**
 * `counts[k] += n`, `counts[k] = counts.get(k, 0) + n`, and the form with `if k in counts`. Keys stay in the order of their first use:
 * the parts are merged in the order of the iterations, and each part has its keys in its own.
 */
function histogram(name: string, units: readonly Unit[]): Partial | null {
  const forms = new Set(units.map((u) => histogramForm(u.stmt, name)));
  if (forms.size !== 1) return null;
  const form = [...forms][0]!;
  if (form === null) return null;
  return {
    initial: form === 'get' ? '{}' : 'defaultdict(int)',
    merge(part, fresh) {
      const key = fresh('key');
      const amount = fresh('amount');
      const update = form === 'get' ? `${name}[${key}] = ${name}.get(${key}, 0) + ${amount}` : `${name}[${key}] += ${amount}`;
      return [`for ${key}, ${amount} in ${part}.items():`, `\t${update}`];
    },
  };
}

function histogramForm(stmt: Stmt, name: string): 'get' | 'element' | null {
  if (stmt.type === 'if') {
    const branches = [stmt.then, stmt.else].map((b) => (b.length === 1 && b[0]!.type === 'assign-stmt' ? (b[0] as Assign) : null));
    if (branches.some((b) => b === null)) return null;
    const grows = branches.some((b) => b!.operator === '+' && isElement(b!.targets[0]!, name));
    const starts = branches.some((b) => b!.operator === null && isElement(b!.targets[0]!, name) && b!.value.type === 'const');
    return grows && starts ? 'get' : null;
  }
  if (stmt.type !== 'assign-stmt' || stmt.targets.length !== 1 || !isElement(stmt.targets[0]!, name)) return null;
  if (stmt.operator === '+') return 'element';
  if (stmt.operator !== null || stmt.value.type !== 'binary' || stmt.value.operator !== '+') return null;
  return [stmt.value.left, stmt.value.right].some((e) => isGetZero(e, name)) ? 'get' : null;
}

function isElement(target: Target, name: string): boolean {
  return target.type === 'index' && isName(target.object, name);
}

function isGetZero(expr: Expr, name: string): boolean {
  return (
    expr.type === 'call' &&
    expr.callee.type === 'attribute' &&
    expr.callee.name === 'get' &&
    isName(expr.callee.object, name) &&
    expr.args.length === 2 &&
    expr.args[1]!.value.type === 'const' &&
    expr.args[1]!.value.value === 0
  );
}

function isName(node: Expr | Target, name: string): boolean {
  return node.type === 'name' && node.name === name;
}
