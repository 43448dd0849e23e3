/**
 * Whether a value that a worker sends back can be told from the one that the loop would have had. A copy is as good as a new object
 * or a number; it is not as good as an object that the program holds elsewhere too, since later changes to one would not show in the
 * other. Where types are not known, a value that is calculated or compared with counts as a number.
 */
import type { Call, Expr, FunctionIR, ModuleIR, NameExpr, Stmt, Target, TypeIR, VarId } from '../../ir/ir';
import { boundNames, walkFunction, walkStmts } from '../../ir/walk';
import { baseName } from './deep';
import { shorten } from './operands';
import { Refusal } from '../refusal';
import { variableOf, type Site } from './site';

/** @throws Refusal when the value of an expression of the loop cannot come back from a worker as what it is. */
export function checkValue(site: Site, expr: Expr, bound: ReadonlySet<VarId> = new Set(), fn: FunctionIR = site.fn): void {
  const text = shorten(site.source(expr, fn));
  const line = site.line(expr, fn);
  const stuck = stuckValue(site, expr);
  if (stuck) throw new Refusal(`\`${text}\` on line ${line} gives ${stuck}, which cannot be sent back from another ${site.world.place}`, 'let the iteration return plain values');
  const inLoop = (id: VarId): boolean => assignedIn(site, id);
  const scope: Scope = {
    module: site.module,
    fn,
    outer: (id) => bound.has(id) || isItem(site, id) || (!inLoop(id) && !isCounter(site, id) && !id.startsWith('builtin/')),
    statements: site.loop.body.length > 0 ? site.loop.body : fn.body,
  };
  const leak = new Origins().itself(expr, scope);
  if (leak) {
    throw new Refusal(
      `\`${text}\` on line ${line} may be \`${shorten(leak)}\` itself, which the program also holds elsewhere: a worker would send back a copy of it`,
      'let the iteration give a key or index, and look the object up afterwards',
    );
  }
}

interface Scope {
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
  /** The variable holds something from outside the iteration. */
  outer(id: VarId): boolean;
  /** Where the scope's own variables are assigned. */
  readonly statements: readonly Stmt[];
}

const PLAIN_TYPES = new Set(['int', 'float', 'bool', 'str', 'bytes', 'complex', 'None', 'range', 'Fraction', 'Decimal', 'datetime', 'date', 'timedelta', 'Path']);
const CONTAINER_TYPES = new Set(['list', 'dict', 'set', 'deque', 'Counter', 'defaultdict', 'bytearray', 'ndarray', 'OrderedDict']);

/** Methods of text, and of numbers: what has them cannot be changed. */
const STRING_METHODS =
  /^(?:split|rsplit|splitlines|strip|lstrip|rstrip|lower|upper|title|capitalize|casefold|replace|format|encode|decode|startswith|endswith|isdigit|isalpha|isalnum|isupper|islower|isspace|zfill|ljust|rjust|center|partition|rpartition|translate|join|bit_length|real|imag|conjugate|is_integer|hex)$/;

/** Builtins and methods that give (a part of) what they are given. */
const PARTS = new Set(['next', 'iter', 'reversed', 'getattr']);

class Origins {
  private readonly visiting = new Set<string>();

  /** Text of the outside object that the expression's value may be; null when it is new or plain. */
  itself(expr: Expr, scope: Scope): string | null {
    switch (expr.type) {
      case 'logical':
        return this.itself(expr.left, scope) ?? this.itself(expr.right, scope);
      case 'conditional':
        return this.itself(expr.then, scope) ?? this.itself(expr.else, scope);
      case 'assign':
        return this.itself(expr.value, scope);
      case 'name':
        return this.name(expr, scope, true);
      case 'attribute':
        return this.reaches(expr.object, scope) && !isPlainField(scope.module, expr.name) ? `${nameAtBase(expr.object)}.${expr.name}` : null;
      case 'index':
        return this.reaches(expr.object, scope) && isObjectType(scope.module, elementType(scope, expr.object)) ? `${nameAtBase(expr.object)}[…]` : null;
      case 'collection':
        return firstOf(expr.items, (item) => this.part(item, scope));
      case 'mapping':
        return firstOf(expr.properties, (p) => this.part(p.value, scope));
      case 'comprehension':
        return this.part(expr.element, scope);
      case 'call':
        return this.call(expr, scope);
      default:
        return null;
    }
  }

  /** As `itself`, for a part of a new object: there only what is known to be an object counts. */
  private part(expr: Expr, scope: Scope): string | null {
    if (expr.type === 'name') return this.name(expr, scope, false);
    if (expr.type === 'spread') return null;
    return this.itself(expr, scope);
  }

  private name(node: NameExpr, scope: Scope, strict: boolean): string | null {
    const variable = variableOf(scope.module, node.variable);
    if (variable && ['function', 'class', 'import'].includes(variable.kind)) return null;
    const type = variable?.type;
    if (type && PLAIN_TYPES.has(shortName(type))) return null;
    if (scope.outer(node.variable)) {
      if (isObjectType(scope.module, type)) return node.name;
      const evidence = usage(scope.fn, node.variable);
      if (evidence === 'plain') return null;
      return strict || evidence === 'object' ? node.name : null;
    }
    const key = `${scope.module.path}:${scope.fn.id}:${node.variable}`;
    if (this.visiting.has(key)) return null;
    this.visiting.add(key);
    const found = firstOf(assignmentsOf(scope, node.variable), ({ value, whole }) => {
      if (whole) return this.itself(value, scope);
      return this.reaches(value, scope) && isObjectType(scope.module, elementType(scope, value)) ? node.name : null;
    });
    this.visiting.delete(key);
    return found;
  }

  private call(call: Call, scope: Scope): string | null {
    const { callee } = call;
    if (callee.type === 'name') {
      const variable = variableOf(scope.module, callee.variable);
      if (variable?.kind === 'class') return firstOf(call.args, (a) => this.part(a.value, scope));
      if (variable?.kind === 'function' && variable.target) return this.function(scope.module, variable.target, call, scope, null);
      if ((callee.name === 'min' || callee.name === 'max') && call.args.some((a) => a.name === 'key')) {
        const source = call.args[0]!.value;
        const type = elementType(scope, source);
        return this.reaches(source, scope) && !(type && PLAIN_TYPES.has(shortName(type))) ? `${nameAtBase(source)}[…]` : null;
      }
      if (['sorted', 'list', 'tuple', 'set', 'dict'].includes(callee.name) || PARTS.has(callee.name)) {
        const source = call.args[0]?.value;
        return source && this.reaches(source, scope) && isObjectType(scope.module, elementType(scope, source)) ? `${nameAtBase(source)}[…]` : null;
      }
      return null;
    }
    if (callee.type !== 'attribute') return null;
    const type = callee.object.type === 'name' ? variableOf(scope.module, callee.object.variable)?.type : undefined;
    const cls = (type && scope.module.classes.get(type.name)) ?? (callee.object.type === 'name' ? classOfReceiver(scope, callee.object.variable) : undefined);
    const method = cls?.methods.get(callee.name);
    if (method) return this.function(scope.module, method, call, scope, callee.object);
    if (['get', 'pop', 'setdefault'].includes(callee.name) && this.reaches(callee.object, scope) && isObjectType(scope.module, elementType(scope, callee.object))) return `${nameAtBase(callee.object)}[…]`;
    return null;
  }

  /** What a function of the workspace returns, with its parameters standing for the arguments. */
  private function(module: ModuleIR, id: string, call: Call, scope: Scope, receiver: Expr | null): string | null {
    const fn = module.functions.get(id);
    const key = `${module.path}:${id}()`;
    if (!fn || this.visiting.has(key)) return null;
    this.visiting.add(key);
    const outerParams = new Set<VarId>();
    const params = receiver ? fn.params.slice(1) : fn.params;
    if (receiver && fn.params[0] && this.reaches(receiver, scope)) outerParams.add(fn.params[0].variable);
    call.args.forEach((arg, i) => {
      const param = arg.name === undefined ? params[i] : params.find((p) => p.name === arg.name);
      if (param && this.reaches(arg.value, scope)) outerParams.add(param.variable);
    });
    const inner: Scope = { module, fn, outer: (v) => outerParams.has(v) || v.startsWith('/'), statements: fn.body };
    let found: string | null = null;
    walkFunction(fn, {
      stmt: (s) => void (s.type === 'return' && s.value && (found ??= this.itself(s.value, inner))),
    });
    this.visiting.delete(key);
    return found;
  }

  /** The expression is, or is a part of, something from outside. */
  private reaches(expr: Expr, scope: Scope): boolean {
    switch (expr.type) {
      case 'name': {
        if (variableOf(scope.module, expr.variable)?.kind === 'import') return false;
        if (scope.outer(expr.variable)) return true;
        const key = `?${scope.fn.id}:${expr.variable}`;
        if (this.visiting.has(key)) return false;
        this.visiting.add(key);
        const found = assignmentsOf(scope, expr.variable).some(({ value }) => this.reaches(value, scope));
        this.visiting.delete(key);
        return found;
      }
      case 'attribute':
      case 'index':
        return this.reaches(expr.object, scope);
      case 'call':
        if (expr.callee.type === 'name' && /^(?:enumerate|zip|reversed|sorted|list|tuple|filter|iter)$/.test(expr.callee.name)) return expr.args.some((a) => this.reaches(a.value, scope));
        if (expr.callee.type === 'attribute' && /^(?:items|values|keys|get)$/.test(expr.callee.name)) return this.reaches(expr.callee.object, scope);
        return false;
      default:
        return false;
    }
  }
}

/** What a variable is set to in a scope: whole values, and things of which it takes a part. */
function assignmentsOf(scope: Scope, id: VarId): { readonly value: Expr; readonly whole: boolean }[] {
  const found: { value: Expr; whole: boolean }[] = [];
  const add = (target: Target, value: Expr, iterated: boolean): void => {
    if (target.type === 'name') {
      if (target.variable === id) found.push({ value, whole: !iterated });
    } else if (boundNames(target).some((n) => n.variable === id)) {
      const items = target.type === 'tuple-target' && value.type === 'collection' && !iterated ? value.items : null;
      if (items && target.type === 'tuple-target' && items.length === target.items.length) target.items.forEach((t, i) => t && add(t, items[i]!, false));
      else found.push({ value, whole: false });
    }
  };
  walkStmts(scope.statements, {
    stmt(s) {
      if (s.type === 'assign-stmt' && s.operator === null) for (const t of s.targets) add(t, s.value, false);
      else if (s.type === 'for-each') add(s.target, s.iterable, true);
      else if (s.type === 'with') for (const item of s.items) if (item.target) add(item.target, item.context, false);
    },
    expr(e) {
      if (e.type === 'assign' && e.operator === null) add(e.target, e.value, false);
      if (e.type === 'comprehension') for (const clause of e.clauses) add(clause.target, clause.iterable, true);
    },
  });
  return found;
}

/** What the function does with a variable: calculates with it, or takes it apart as an object. */
function usage(fn: FunctionIR, id: VarId): 'plain' | 'object' | null {
  let plain = false;
  let object = false;
  const is = (e: Expr | Target): boolean => e.type === 'name' && e.variable === id;
  walkFunction(fn, {
    expr(e) {
      if (e.type === 'binary' && (is(e.left) || is(e.right))) plain = true;
      if (e.type === 'unary' && e.operator !== 'not' && is(e.operand)) plain = true;
      if (e.type === 'compare' && e.operands.some(is) && e.operators.some((o) => /^[<>]=?$/.test(o))) plain = true;
      if (e.type === 'compare' && e.operands.some(is) && e.operands.some((o) => o.type === 'const' && o.kind !== 'none')) plain = true;
      if (e.type === 'call' && e.callee.type === 'name' && /^(?:range|abs|round|int|float|ord|divmod|pow|bin|hex)$/.test(e.callee.name) && e.args.some((a) => is(a.value))) plain = true;
      if (e.type === 'attribute' && is(e.object)) {
        if (STRING_METHODS.test(e.name)) plain = true;
        else object = true;
      }
      if (e.type === 'index' && is(e.object) && e.index.type !== 'slice') object = true;
      if (e.type === 'comprehension' && e.clauses.some((c) => is(c.iterable))) object = true;
    },
    stmt(s) {
      if (s.type === 'for-each' && is(s.iterable)) object = true;
      if (s.type === 'assign-stmt' && s.operator !== null && s.targets.some(is)) plain = true;
    },
    target(t) {
      if ((t.type === 'attribute' || t.type === 'index') && is(t.object)) object = true;
    },
  });
  return object ? 'object' : plain ? 'plain' : null;
}

function isObjectType(module: ModuleIR, type: TypeIR | undefined): boolean {
  if (!type) return false;
  return CONTAINER_TYPES.has(shortName(type)) || module.classes.has(type.name) || (type.name === 'union' && (type.args ?? []).some((a) => isObjectType(module, a)));
}

function elementType(scope: Scope, expr: Expr): TypeIR | undefined {
  if (expr.type === 'name') {
    const type = variableOf(scope.module, expr.variable)?.type;
    const args = type?.args ?? [];
    return type && /^(?:dict|Dict|Mapping|defaultdict|OrderedDict)$/.test(shortName(type)) ? args[1] : args[0];
  }
  if (expr.type === 'index') return elementType(scope, expr.object)?.args?.[0];
  if (expr.type === 'call' && expr.args[0] && expr.callee.type === 'name') return elementType(scope, expr.args[0].value);
  return undefined;
}

function nameAtBase(expr: Expr): string {
  return baseName(expr)?.name ?? '…';
}

function shortName(type: TypeIR): string {
  return type.name.split('.').pop()!;
}

/** Every class of the module that has a field of this name keeps a plain value in it, or the program calculates with it. */
function isPlainField(module: ModuleIR, name: string): boolean {
  const fields = [...module.classes.values()].flatMap((c) => c.fields.get(name) ?? []);
  if (fields.length > 0 && fields.every((f) => f.type && PLAIN_TYPES.has(shortName(f.type)))) return true;
  let plain = false;
  const is = (e: Expr | Target): boolean => e.type === 'attribute' && e.name === name;
  for (const fn of module.functions.values()) {
    walkFunction(fn, {
      expr(e) {
        if (e.type === 'binary' && (is(e.left) || is(e.right))) plain = true;
        if (e.type === 'compare' && e.operands.some(is) && e.operators.some((o) => /^[<>]=?$/.test(o))) plain = true;
      },
    });
  }
  return plain;
}

function classOfReceiver(scope: Scope, id: VarId): ReturnType<ModuleIR['classes']['get']> {
  for (const fn of scope.module.functions.values()) {
    if (fn.class !== null && fn.params[0]?.variable === id && !fn.decorators.includes('staticmethod')) return scope.module.classes.get(fn.class);
  }
  return undefined;
}

/** Assigned by the loop's body, its comprehensions included. */
function assignedIn(site: Site, id: VarId): boolean {
  if (/#\d+$/.test(id)) return true;
  let found = false;
  walkStmts(site.loop.body, {
    target: (t) => void (t.type === 'name' && t.variable === id && (found = true)),
  });
  return found;
}

function targetOf(site: Site): Target | null {
  const { node } = site.loop;
  return node.type === 'for-each' ? node.target : node.type === 'comprehension' ? node.clauses[0]!.target : null;
}

/** A number that the header counts. */
function isCounter(site: Site, id: VarId): boolean {
  const target = targetOf(site);
  if (!target) return false;
  const { header } = site.loop;
  if (header.kind === 'counter') return boundNames(target).some((n) => n.variable === id);
  return header.kind === 'elements' && header.wrapper === 'enumerate' && target.type === 'tuple-target' && target.items[0]?.type === 'name' && target.items[0].variable === id;
}

/** A loop target that holds (a part of) what is iterated over. */
function isItem(site: Site, id: VarId): boolean {
  const target = targetOf(site);
  return target !== null && !isCounter(site, id) && boundNames(target).some((n) => n.variable === id);
}

function stuckValue(site: Site, expr: Expr): string | null {
  if (expr.type === 'function') return 'a lambda';
  if (expr.type === 'comprehension' && expr.kind === 'generator') return 'a generator';
  if (expr.type === 'name') {
    const variable = site.variable(expr.variable);
    const made = assignmentsOf({ module: site.module, fn: site.fn, outer: () => false, statements: site.loop.body }, expr.variable);
    if (made.some(({ value, whole }) => whole && value !== expr && value.type !== 'name' && stuckValue(site, value) !== null)) return 'a function or generator';
    if (variable?.kind === 'function' && variable.owner !== '') return 'a function that is defined here';
  }
  if (expr.type === 'call' && expr.callee.type === 'name') {
    if (expr.callee.variable === 'builtin/open') return 'an open file';
    if (/^builtin\/(?:iter|map|filter|zip|enumerate|reversed)$/.test(expr.callee.variable)) return 'an iterator';
    const target = site.variable(expr.callee.variable)?.target;
    const fn = target === undefined ? undefined : site.module.functions.get(target);
    if (fn?.generator) return 'a generator';
    const cls = target === undefined ? undefined : site.module.classes.get(target);
    if (cls && cls.parent !== '') return `an object of ${cls.name}, a class defined inside a function`;
  }
  return expr.type === 'collection' ? firstOf(expr.items, (item) => stuckValue(site, item)) : null;
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | null): R | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}
