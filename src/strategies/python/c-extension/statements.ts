/** Prints a kernel's functions in C. */
import type { KExpr, KFor, KFunction, Kernel, KStmt, KType } from '../kernel/model';
import { allocates, countersOf, hasLoop, walkKernel } from '../kernel/walk';
import { declared, Expressions } from './expressions';
import { functionName, variableName } from './names';

const INDENT = '    ';

/** The definition of a function, or of the iteration. */
export function printFunction(kernel: Kernel, fn: KFunction): string {
  return new Functions(kernel, fn).print();
}

/** `static double f(double x, State *state)` */
export function signature(kernel: Kernel, fn: KFunction): string {
  const params = fn.params.map((p) => `${declared(p.type)}${variableName(p.name)}`);
  if (fn.returns === null) params.push('Result *out');
  if (fn.mayGiveUp) params.push('State *state');
  const returns = fn.returns === null ? 'void ' : declared(fn.returns);
  return `static ${returns}${functionName(kernel, fn.name)}(${params.length > 0 ? params.join(', ') : 'void'})`;
}

class Functions {
  private readonly expressions: Expressions;
  private readonly clean: ReadonlySet<string>;
  /** Memory that it takes is given back when it ends: it returns no array. */
  private readonly releases: boolean;

  constructor(
    private readonly kernel: Kernel,
    private readonly fn: KFunction,
  ) {
    const mayGiveUp = new Map(kernel.functions.map((f) => [f.name, f.mayGiveUp]));
    this.expressions = new Expressions(kernel, (name) => mayGiveUp.get(name)!);
    // What cannot be a leftover of something that failed: the entry is checked.
    this.clean = new Set([...fn.params.map((p) => p.name), ...countersOf(fn.body)]);
    this.releases = typeof fn.returns === 'string' && allocates(fn.body);
  }

  print(): string {
    const { fn } = this;
    const lines = [`/* ${fn.returns === null ? `One turn of \`${fn.source}\`` : fn.source}, line ${fn.line}. */`, `${signature(this.kernel, fn)} {`];
    const counters = countersOf(fn.body);
    const locals = fn.locals.filter((v) => !counters.has(v.name) || assigns(fn.body, v.name));
    const add = (line: string): void => void lines.push(`${INDENT}${line}`);
    for (const [type, names] of grouped(locals)) add(`${type.trimEnd()} ${names.join(', ')};`);
    if (this.releases) {
      add(`${declared(fn.returns!)}value_ = 0;`);
      add('Block *before = state->blocks;');
    }
    if (fn.recursive) {
      add('if (++state->depth > MAX_DEPTH) state->gave_up = true;');
    }
    if (fn.mayGiveUp && fn.returns !== null && (fn.recursive || hasLoop(fn.body))) add(`if (state->gave_up) ${this.stop()};`);
    lines.push(...this.block(fn.body, 1));
    if (this.releases) lines.push('done:', `${INDENT}release(state, before);`, ...(fn.recursive ? [`${INDENT}state->depth--;`] : []), `${INDENT}return value_;`);
    // The last statement of an iteration needs no return.
    if (!this.releases && /^\s*return;$/.test(lines[lines.length - 1]!)) lines.pop();
    lines.push('}');
    return lines.join('\n');
  }

  /** Leaves the function after it gave up. */
  private stop(): string {
    if (this.fn.returns === null) return 'return';
    return typeof this.fn.returns === 'string' ? 'return 0' : `return ${emptyArray(this.fn.returns)}`;
  }

  private block(stmts: readonly KStmt[], depth: number): string[] {
    return stmts.flatMap((s) => this.statement(s, depth));
  }

  private statement(stmt: KStmt, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const p = (e: KExpr, level = 0): string => this.expressions.print(e, level);
    switch (stmt.do) {
      case 'assign':
        return [`${pad}${variableName(stmt.name)} = ${p(stmt.value)};`];
      case 'store': {
        const array = p(stmt.array, 15);
        if (!stmt.checked) return [`${pad}${array}->items[${p(stmt.index)}] = ${p(stmt.value)};`];
        return [`${pad}store_${stmt.value.type as string}(${array}, ${p(stmt.index)}, ${p(stmt.value)}, state);`];
      }
      case 'append':
        return [`${pad}append_${stmt.value.type as string}(${p(stmt.array)}, ${p(stmt.value)}, state);`];
      case 'result':
        return [`${pad}out->${variableName(stmt.name)} = ${p(stmt.value)};`];
      case 'break':
      case 'continue':
        return [`${pad}${stmt.do};`];
      case 'give-up':
        return [`${pad}state->gave_up = true;`, `${pad}${this.stop()};`];
      case 'return':
        return this.returned(stmt.value, pad);
      case 'if':
        return this.conditional(stmt, depth);
      case 'while': {
        const test = this.fn.mayGiveUp ? (stmt.test.op === 'const' && stmt.test.value === true ? '!state->gave_up' : `!state->gave_up && ${p(stmt.test, 5)}`) : p(stmt.test);
        return [`${pad}while (${test}) {`, ...this.block(stmt.body, depth + 1), `${pad}}`];
      }
      case 'for':
        return this.counted(stmt, depth);
    }
  }

  private returned(value: KExpr | null, pad: string): string[] {
    if (value === null) return [`${pad}return;`];
    const text = this.expressions.print(value);
    if (this.releases) return [`${pad}value_ = ${text};`, `${pad}goto done;`];
    if (!this.fn.recursive) return [`${pad}return ${text};`];
    const bare = value.op === 'const' || value.op === 'var';
    if (bare) return [`${pad}state->depth--;`, `${pad}return ${text};`];
    return [`${pad}{`, `${pad}${INDENT}${declared(value.type)}value_ = ${text};`, `${pad}${INDENT}state->depth--;`, `${pad}${INDENT}return value_;`, `${pad}}`];
  }

  private conditional(stmt: Extract<KStmt, { do: 'if' }>, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const lines = [`${pad}if (${this.expressions.print(stmt.test)}) {`, ...this.block(stmt.then, depth + 1)];
    let otherwise = stmt.otherwise;
    while (otherwise.length === 1 && otherwise[0]!.do === 'if') {
      const next = otherwise[0];
      lines.push(`${pad}} else if (${this.expressions.print(next.test)}) {`, ...this.block(next.then, depth + 1));
      otherwise = next.otherwise;
    }
    if (otherwise.length > 0) lines.push(`${pad}} else {`, ...this.block(otherwise, depth + 1));
    return [...lines, `${pad}}`];
  }

  private counted(stmt: KFor, depth: number): string[] {
    const pad = INDENT.repeat(depth);
    const counter = variableName(stmt.counter);
    const start = this.expressions.print(stmt.start);
    const fixed = stmt.stop.op === 'const' || (stmt.stop.op === 'var' && !assigns(stmt.body, stmt.stop.name));
    const limit = `${variableName(stmt.counter)}_stop`;
    const stop = fixed ? this.expressions.print(stmt.stop, 12) : limit;
    const first = fixed ? `int64_t ${counter} = ${start}` : `int64_t ${counter} = ${start}, ${limit} = ${this.expressions.print(stmt.stop)}`;
    // A limit that comes from something that failed could be any number.
    const clean = !this.fn.mayGiveUp || (this.isClean(stmt.start) && this.isClean(stmt.stop));
    const test = `${counter} ${stmt.step === 1 ? '<' : '>'} ${stop}${clean ? '' : ' && !state->gave_up'}`;
    return [`${pad}for (${first}; ${test}; ${counter}${stmt.step === 1 ? '++' : '--'}) {`, ...this.block(stmt.body, depth + 1), `${pad}}`];
  }

  /** It has a right value even when something before it failed. */
  private isClean(expr: KExpr): boolean {
    if (expr.op === 'const' || expr.op === 'length') return true;
    if (expr.op === 'var') return this.clean.has(expr.name);
    if (expr.op === 'arith') return !expr.checked && this.isClean(expr.left) && this.isClean(expr.right);
    return expr.op === 'extreme' && this.isClean(expr.left) && this.isClean(expr.right);
  }
}

export function emptyArray(type: Exclude<KType, string>): string {
  return `&no_${type.element}s`;
}

function grouped(variables: readonly { readonly name: string; readonly type: KType }[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { name, type } of variables) {
    const text = declared(type);
    const pointer = text.endsWith('*');
    const key = pointer ? text.slice(0, -1) : text;
    groups.set(key, [...(groups.get(key) ?? []), `${pointer ? '*' : ''}${variableName(name)}`]);
  }
  return groups;
}

function assigns(body: readonly KStmt[], name: string): boolean {
  let found = false;
  walkKernel(body, { stmt: (s) => void (found ||= s.do === 'assign' && s.name === name) });
  return found;
}
