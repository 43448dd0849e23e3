/** Prints the functions of a kernel in Rust: those of the program, and one that computes an iteration. */
import type { KExpr, KFunction, KResult, KStmt, Kernel } from '../kernel/model';
import { isArray } from '../kernel/typing';
import { blocksOf } from '../kernel/walk';
import { typeOf, type Expressions } from './expressions';
import { ownershipOf, type Ownership } from '../kernel/ownership';
import { Statements } from './statements';

const WIDTH = 100;

/** @throws Refusal for what Rust's owners cannot express. */
export function printFunction(e: Expressions, given: KFunction): string {
  const ownership = ownershipOf(given);
  const { fn } = ownership;
  const some = wrapper(e.fallible.has(fn.name));
  e.isOwned = ownership.isOwned;
  e.depth = fn.recursive ? 'depth' : 'MAX_DEPTH';
  const statements = new Statements(e, ownership, { result: (value) => some(e.print(value!)), give: () => null });
  const body = statements.block(fn.body, 1, true);
  if (fn.recursive) body.unshift('    let depth = depth.checked_sub(1)?;');
  const params = paramsOf(e, fn);
  if (fn.recursive) params.push('depth: u32');
  const type = typeOf(fn.returns!, true);
  return [`/// \`${fn.source}\`, line ${fn.line}.`, signature(e.names.fn(fn.name), params, e.fallible.has(fn.name) ? `Option<${type}>` : type), ...body, '}'].join('\n');
}

function wrapper(fallible: boolean): (text: string) => string {
  if (!fallible) return (text) => text;
  // `Some(f(x)?)` is `f(x)`.
  return (text) => (/^\w+(::<.*>)?\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)\?$/.test(text) ? text.slice(0, -1) : `Some(${text})`);
}

function paramsOf(e: Expressions, fn: KFunction): string[] {
  const text = new Set<string>();
  const note = (expr: unknown): void => {
    if (typeof expr !== 'object' || expr === null) return;
    if ((expr as KExpr).op === 'var') text.add((expr as { name: string }).name);
    Object.values(expr).forEach(note);
  };
  note(fn.body);
  return fn.params.map((p) => {
    const own = e.names.variable(p.name);
    const changes = assigned(fn.body, p.name) ? 'mut ' : '';
    return `${changes}${text.has(p.name) || own.startsWith('_') ? own : `_${own}`}: ${typeOf(p.type, false)}`;
  });
}

function assigned(body: readonly KStmt[], name: string): boolean {
  return body.some((s) => (s.do === 'assign' && s.name === name) || blocksOf(s).some((b) => assigned(b, name)));
}

export function signature(name: string, params: readonly string[], type: string, generics = ''): string {
  const flat = `fn ${name}${generics}(${params.join(', ')}) -> ${type} {`;
  if (flat.length <= WIDTH) return flat;
  return [`fn ${name}${generics}(`, ...params.map((p) => `    ${p},`), `) -> ${type} {`].join('\n');
}

/** The type of what an iteration gives. */
export function resultType(kernel: Kernel): string {
  const types = kernel.results.map((r) => typeOf(r.type, true));
  return types.length === 1 ? types[0]! : `(${types.join(', ')})`;
}

/** The function that computes one iteration. */
export function printIteration(e: Expressions, kernel: Kernel): string {
  const ownership = ownershipOf(kernel.iteration);
  const { fn } = ownership;
  e.isOwned = ownership.isOwned;
  e.depth = 'MAX_DEPTH';
  const fallible = e.fallible.has(fn.name);
  const some = wrapper(fallible);
  const plan = planResults(e, kernel, ownership);
  const tuple = (): string => {
    const values = kernel.results.map((r) => plan.value(r));
    return some(values.length === 1 ? values[0]! : `(${values.join(', ')})`);
  };
  const statements = new Statements(e, ownership, { result: tuple, give: plan.give });
  const last = fn.body[fn.body.length - 1];
  const body = last?.do === 'return' ? fn.body.slice(0, -1) : fn.body;
  const lines = [...plan.before, ...statements.block(body, 1, false), `    ${tuple()}`];
  const type = resultType(kernel);
  return [`/// An iteration of \`${fn.source}\`, line ${fn.line}.`, signature(e.names.fn(fn.name), paramsOf(e, fn), fallible ? `Option<${type}>` : type), ...lines, '}'].join('\n');
}

interface Plan {
  /** Declarations at the beginning of the function. */
  readonly before: readonly string[];
  readonly give: (stmt: Extract<KStmt, { do: 'result' }>) => string | null;
  readonly value: (result: KResult) => string;
}

/**
 * How results reach the end of the function: those that the last statements give are written there; one that is given on every path has
 * a name; the others start with a neutral value.
 */
function planResults(e: Expressions, kernel: Kernel, ownership: Ownership): Plan {
  const { body } = ownership.fn;
  const taken = new Set([...ownership.fn.params, ...ownership.fn.locals].map((v) => v.name));
  const names = new Map<string, string>();
  for (const { name } of kernel.results) {
    let own = e.names.variable(taken.has(name) ? `${name}_given` : name);
    while (taken.has(own)) own += '_';
    taken.add(own);
    names.set(name, own);
  }
  const trailing = new Map<string, KStmt>();
  const rest = [...body];
  if (rest[rest.length - 1]?.do === 'return') rest.pop();
  for (let stmt = rest.pop(); stmt?.do === 'result'; stmt = rest.pop()) trailing.set(stmt.name, stmt);
  const leaves = hasReturn(rest);
  const once = (name: string): boolean => rest.filter((s) => s.do === 'result' && s.name === name).length === 1 && timesGiven(rest, name) === 1;
  const isInline = (name: string): boolean => trailing.has(name) && !leaves && timesGiven(rest, name) === 0;
  const isNamed = (name: string): boolean => !isInline(name) && !trailing.has(name) && !leaves && once(name);
  const text = (stmt: Extract<KStmt, { do: 'result' }>): string => {
    const { value } = stmt;
    const printed = e.print(value);
    return value.op === 'var' && isArray(value.type) && ownership.isLiveAfter(stmt, value.name) ? `${printed}.clone()` : printed;
  };
  const mutable = kernel.results.filter(({ name }) => !isInline(name) && !isNamed(name));
  return {
    before: mutable.map(({ name, type }) => `    let mut ${names.get(name)!}: ${typeOf(type, true)} = ${neutral(type)};`),
    give: (stmt) => {
      if (isInline(stmt.name)) return null;
      return isNamed(stmt.name) ? `let ${names.get(stmt.name)!} = ${text(stmt)};` : `${names.get(stmt.name)!} = ${text(stmt)};`;
    },
    value: ({ name }) => (isInline(name) ? text(trailing.get(name) as Extract<KStmt, { do: 'result' }>) : names.get(name)!),
  };
}

function neutral(type: KResult['type']): string {
  if (isArray(type)) return 'Vec::new()';
  return { int: '0', float: '0.0', bool: 'false' }[type];
}

function hasReturn(body: readonly KStmt[]): boolean {
  return body.some((s) => s.do === 'return' || blocksOf(s).some(hasReturn));
}

function timesGiven(body: readonly KStmt[], name: string): number {
  return body.reduce((sum, s) => sum + (s.do === 'result' && s.name === name ? 1 : 0) + blocksOf(s).reduce((n, b) => n + timesGiven(b, name), 0), 0);
}
