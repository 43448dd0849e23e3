/**
 * Follows values by local data flow: what an expression evaluates to, seen from where it stands.
 *
 * Variables stand for what the assignments that reach the point put there, changed by what was done to them since; calls of functions
 * of the workspace are followed, those of libraries are told by name. Wherever the flow is lost, the value is unknown.
 */
import type { Argument, Call, ClassIR, Expr, FunctionIR, ImportSource, ModuleIR, VarId } from '../../ir/ir';
import type { AnalysisContext } from '../pipeline';
import { comprehension, collection, mapping } from './displays';
import { fieldOf, isSymbol, isThere, isTrue, labelOf, originOf, rest, sliced, withField, withItem, withoutField } from './fields';
import { ModuleIndex, dominates, type Binding, type Mutation, type Site, type Step } from './module-index';
import type { Arguments, At, Semantics } from './semantics';
import { container, each, made, plain, union, UNKNOWN, type Env, type FunctionValue, type Instance, type Value } from './values';

/** Calls inside calls that are followed. */
const MAX_DEPTH = 10;
/** Evaluations for one captured value: what takes more is not local data flow. */
const MAX_STEPS = 4000;

export class Flows {
  private readonly flows = new Map<ModuleIR, Flow>();
  steps = 0;

  constructor(
    readonly context: AnalysisContext,
    readonly semantics: Semantics,
  ) {}

  of(module: ModuleIR): Flow {
    let flow = this.flows.get(module);
    if (!flow) this.flows.set(module, (flow = new Flow(module, this)));
    return flow;
  }
}

export class Flow {
  readonly index: ModuleIndex;
  /** Names and parameters that are being evaluated: what hangs on itself is unknown. */
  private readonly active = new Set<unknown>();
  private depth = 0;

  constructor(
    readonly module: ModuleIR,
    readonly flows: Flows,
  ) {
    this.index = new ModuleIndex(module);
  }

  get semantics(): Semantics {
    return this.flows.semantics;
  }

  /** Evaluates an expression that stands at a site, outside of any call that is followed. */
  at(site: Site, env: Env | null = null): At {
    return { fn: site.fn, site, env };
  }

  evaluate(expr: Expr, at: At): Value {
    if (++this.flows.steps > MAX_STEPS || this.depth > MAX_DEPTH) return UNKNOWN;
    this.depth++;
    try {
      return this.evaluateNow(expr, at);
    } finally {
      this.depth--;
    }
  }

  private evaluateNow(expr: Expr, at: At): Value {
    switch (expr.type) {
      case 'const':
        return this.semantics.constant(expr);
      case 'name':
        return this.variable(expr.variable, at);
      case 'this':
        return expr.kind === 'this' ? this.thisValue(at) : expr.kind === 'import.meta' ? { kind: 'library', name: 'import.meta' } : UNKNOWN;
      case 'attribute':
        return this.withOrigin(this.attribute(this.evaluate(expr.object, at), expr.name, at), originOf(expr));
      case 'index':
        return this.item(this.evaluate(expr.object, at), expr.index, at);
      case 'call':
        return this.call(expr, at);
      case 'unary':
        return expr.operator === '-' || expr.operator === '+' || expr.operator === '~' ? this.semantics.binary(expr.operator, this.evaluate(expr.operand, at), plain('number')) : plain('bool');
      case 'binary':
        return this.semantics.binary(expr.operator, this.evaluate(expr.left, at), this.evaluate(expr.right, at));
      case 'compare':
        return plain('bool');
      case 'logical':
        return this.logical(expr.operator, this.evaluate(expr.left, at), () => this.evaluate(expr.right, at));
      case 'conditional':
        return union([this.evaluate(expr.then, at), this.evaluate(expr.else, at)]);
      case 'sequence':
        return expr.items.length ? this.evaluate(expr.items.at(-1)!, at) : UNKNOWN;
      case 'template':
        return plain('string');
      case 'collection':
        return collection(this, expr.kind, expr.items, at);
      case 'mapping':
        return mapping(this, expr, at);
      case 'function': {
        const fn = this.module.functions.get(expr.function);
        return fn ? { kind: 'function', module: this.module, function: fn, env: at.env } : UNKNOWN;
      }
      case 'class': {
        const cls = this.module.classes.get(expr.class);
        return cls ? { kind: 'class', module: this.module, class: cls } : UNKNOWN;
      }
      case 'comprehension':
        return comprehension(this, expr, at);
      case 'assign':
        return expr.operator === null ? this.evaluate(expr.value, at) : UNKNOWN;
      case 'update':
        return plain('number');
      case 'await': {
        const value = this.evaluate(expr.value, at);
        if (value.kind === 'made' && value.by === 'Promise') return value.args[0] ?? UNKNOWN;
        return value.kind === 'made' && value.by !== 'coroutine' ? UNKNOWN : value.kind === 'made' ? (value.args[0] ?? UNKNOWN) : value;
      }
      default:
        return UNKNOWN;
    }
  }

  private logical(operator: 'and' | 'or' | '??', left: Value, right: () => Value): Value {
    const truth = operator === '??' ? isThere(left) : isTrue(left);
    if (truth === null) return union([left, right()]);
    return truth === (operator === 'and') ? right() : left;
  }

  // ---- names ------------------------------------------------------------------------------------------------------

  variable(id: VarId, at: At): Value {
    if (id.startsWith('builtin/')) return this.semantics.builtin(id.slice('builtin/'.length));
    const given = at.env?.get(id);
    const value = given ?? this.bound(id, at);
    return this.withOrigin(this.changed(value, id, at), id);
  }

  private bound(id: VarId, at: At): Value {
    const variable = this.index.variables.get(id);
    // `require` binds a name as an import does.
    if (variable?.import && variable.constant) return this.imported(variable.import);
    if (this.active.has(id)) return UNKNOWN;
    this.active.add(id);
    try {
      const reaching = this.reaching(id, at.site);
      if (reaching.length === 0) return UNKNOWN;
      return union(reaching.map((binding) => this.binding(id, binding, at)));
    } finally {
      this.active.delete(id);
    }
  }

  /** The bindings whose value a variable may have at a site: the last sure one before it, and the conditional ones since. */
  reaching(id: VarId, site: Site): readonly Binding[] {
    const all = this.index.bindings.get(id) ?? [];
    if (all.length > 1 && !all.some((b) => b.fn === site.fn)) {
      // A definition of the module stands until a function that rebinds it has run, which is not followed.
      const defined = all.filter((b) => b.fn.id === '' && (b.kind === 'class' || b.kind === 'function'));
      return defined.length === 1 && all.every((b) => b === defined[0] || b.fn.id !== '') ? defined : all;
    }
    if (all.length < 2) return all;
    const hoisted = this.module.language !== 'python';
    const before = all.filter((b) => b.fn === site.fn && (b.offset <= site.offset || (hoisted && b.kind === 'function')));
    if (before.length === 0) return all;
    const sure = before.filter((b) => dominates(b, site)).at(-1);
    if (!sure) return before;
    // A handler puts something else there only when what it guards, this very assignment, went wrong.
    const instead = (b: Binding): boolean => b.blocks.some((block) => block.guards && block.guards.start <= sure.offset && sure.offset <= block.guards.end);
    return before.filter((b) => b === sure || (b.offset > sure.offset && !instead(b)));
  }

  private binding(id: VarId, binding: Binding, at: At): Value {
    const env = at.env;
    const there: At = { fn: binding.fn, site: binding, env };
    switch (binding.kind) {
      case 'value':
        return this.steps(this.evaluate(binding.value, there), binding.path, there);
      case 'element':
        return this.steps(this.semantics.elementOf(this.evaluate(binding.iterable, there), binding.keys), binding.path, there);
      case 'with':
        return this.steps(this.enter(this.evaluate(binding.context, there)), binding.path, there);
      case 'import':
        return this.imported(binding.source);
      case 'param':
        return this.parameter(id, binding, at);
      case 'function': {
        const fn = this.module.functions.get(binding.function);
        if (!fn) return UNKNOWN;
        const value: FunctionValue = { kind: 'function', module: this.module, function: fn, env };
        return binding.decorators.length ? this.semantics.decorate(value, binding.decorators, this, there) : value;
      }
      case 'class': {
        const cls = this.module.classes.get(binding.class);
        return cls ? { kind: 'class', module: this.module, class: cls } : UNKNOWN;
      }
      case 'caught':
        return this.semantics.caught(binding, this, there);
      case 'absent':
        return plain('undefined');
      case 'other':
        return UNKNOWN;
    }
  }

  private imported(source: ImportSource): Value {
    const target = this.flows.context.resolve(source, this.module.path);
    if (!target) return { kind: 'library', name: source.level ? '?' : libraryName(source.module, source.name), ...(source.name === null || source.name === '*' ? { module: true } : {}) };
    if (source.name === null || source.name === '*') return { kind: 'library', name: `module:${target.path}` };
    const flow = this.flows.of(target);
    return flow.exported(source.name);
  }

  /** What a module of the workspace exports under a name. */
  exported(name: string): Value {
    const top = this.module.functions.get('');
    if (!top) return UNKNOWN;
    const end: Site = { fn: top, offset: Number.MAX_SAFE_INTEGER, blocks: [] };
    const variable = this.module.language === 'python' ? `/${name}` : this.module.exports.find((e) => e.name === name)?.variable;
    if (!variable || !this.index.variables.has(variable)) return UNKNOWN;
    return this.variable(variable, this.at(end));
  }

  private parameter(id: VarId, binding: Binding & { kind: 'param' }, at: At): Value {
    const { fn } = binding;
    const param = fn.params[binding.index]!;
    if (at.env?.has(param.variable)) return this.steps(at.env.get(param.variable)!, binding.path, at);
    const cls = fn.class === null ? null : this.module.classes.get(fn.class);
    if (cls && this.module.language === 'python' && binding.index === 0 && !fn.decorators.includes('staticmethod')) {
      if (fn.decorators.includes('classmethod')) return { kind: 'class', module: this.module, class: cls };
      return this.semantics.construct(this.module, cls, null, this, this.depth);
    }
    const type = param.type ?? this.index.variables.get(id)?.type;
    if (type) {
      const value = this.semantics.typed(type, this);
      if (value.kind !== 'unknown') return this.steps(value, binding.path, at);
    }
    return this.steps(this.fromCallers(fn, binding.index), binding.path, at);
  }

  /** What the calls in this module pass for a parameter. */
  private fromCallers(fn: FunctionIR, index: number): Value {
    const name = fn.class === null ? this.index.nameOf(fn.id) : fn.kind === 'constructor' ? this.index.nameOf(fn.class) : null;
    const calls = name ? (this.index.callsOf.get(name.id) ?? []) : [];
    const key = `${fn.id}:${index}`;
    if (calls.length === 0 || this.active.has(key)) return UNKNOWN;
    this.active.add(key);
    try {
      const first = fn.class !== null && this.module.language === 'python' ? 1 : 0;
      return union(
        calls.map((site) => {
          const args = this.args(site.call.args, this.at(site));
          return this.argument(fn, index, args, first) ?? UNKNOWN;
        }),
      );
    } finally {
      this.active.delete(key);
    }
  }

  private thisValue(at: At): Value {
    const given = at.env?.get('this');
    if (given) return this.changed(given, `this:${at.fn.id}`, at);
    let fn: FunctionIR | undefined = at.fn;
    while (fn?.arrow && fn.parent !== null) fn = this.module.functions.get(fn.parent);
    const cls = fn?.class ? this.module.classes.get(fn.class) : undefined;
    if (!cls || fn!.decorators.includes('static')) return UNKNOWN;
    return this.changed(this.semantics.construct(this.module, cls, null, this, this.depth), `this:${at.fn.id}`, at);
  }

  // ---- changes ----------------------------------------------------------------------------------------------------

  /** A value after what was done to its variable before a site of the same function, or at the top level before anything else. */
  private changed(value: Value, id: VarId | `this:${string}`, at: At): Value {
    const mutations = this.index.mutations.get(id);
    if (!mutations || value.kind === 'unknown' || this.active.has(`changed ${id}`)) return value;
    this.active.add(`changed ${id}`);
    try {
      const reaching = id.startsWith('this:') ? [] : this.reaching(id, at.site);
      const since = Math.min(...reaching.map((b) => b.offset), Number.MAX_SAFE_INTEGER);
      let now: Value = value;
      for (const mutation of mutations) {
        const here = mutation.fn === at.fn;
        if (here && mutation.offset >= at.site.offset) continue;
        if (!here && mutation.fn.id !== '' && mutation.fn.id !== this.index.variables.get(id)?.owner) continue;
        if (reaching.length > 0 && mutation.fn === reaching[0]!.fn && mutation.offset < since) continue;
        now = this.changeAt(now, mutation.path, (part) => this.change(part, mutation, at));
      }
      return now;
    } finally {
      this.active.delete(`changed ${id}`);
    }
  }

  private changeAt(value: Value, path: readonly string[], change: (value: Value) => Value): Value {
    if (path.length === 0) return change(value);
    const [field, ...rest] = path;
    const inner = fieldOf(value, field!);
    return inner ? withField(value, field!, this.changeAt(inner, rest, change)) : value;
  }

  private change(value: Value, mutation: Mutation, at: At): Value {
    const there: At = { fn: mutation.fn, site: mutation, env: mutation.fn === at.fn ? at.env : null };
    const sure = mutation.fn !== at.fn || dominates(mutation, at.site);
    const maybe = (next: Value): Value => (sure || next === value ? next : union([value, next]));
    switch (mutation.kind) {
      case 'field': {
        const stored = mutation.value ? this.evaluate(mutation.value, there) : UNKNOWN;
        const before = fieldOf(value, mutation.name);
        return withField(value, mutation.name, sure ? stored : before ? union([before, stored]) : stored);
      }
      case 'element': {
        const stored = mutation.value ? this.evaluate(mutation.value, there) : UNKNOWN;
        if (value.kind !== 'container') return value;
        if (mutation.value === null) return { ...value, open: true };
        const label = mutation.key.type !== 'const' && isSymbol(this.evaluate(mutation.key, there)) ? '[symbol]' : labelOf(mutation.key, value.type);
        return withItem(value, label, stored, sure);
      }
      case 'delete':
        return sure ? withoutField(value, mutation.name) : value;
      case 'call': {
        // A search in a loop ends where nothing more is found, and starts over.
        if (value.kind === 'made' && value.by === 'RegExp' && mutation.blocks.some((b) => b.kind === 'loop')) return value;
        const args = this.args(mutation.call.args, there);
        if (value.kind === 'instance') return this.afterMethod(value, mutation.method, args);
        return maybe(this.semantics.mutate(value, mutation.method, args, this));
      }
      case 'argument': {
        const callee = mutation.call.callee;
        const name = callee.type === 'attribute' && callee.object.type === 'name' ? `${callee.object.name}.${callee.name}` : callee.type === 'name' ? callee.name : null;
        if (name === null) return value;
        return maybe(this.semantics.mutate(value, `(${name})${mutation.index}`, this.args(mutation.call.args, there), this));
      }
    }
  }

  /** An instance after one of its methods ran: with the fields that the method sets. */
  private afterMethod(instance: Instance, name: string, args: Arguments): Value {
    const method = this.method(instance, name);
    if (!method) return this.semantics.mutate(instance, name, args, this);
    return this.flows.of(method.module).assignedFields(method.function, instance, args);
  }

  /** The instance after a function ran that has it as `self` or `this`: assignments to its fields, one after another. */
  assignedFields(fn: FunctionIR, instance: Instance, args: Arguments | null): Instance {
    if (this.depth > MAX_DEPTH || this.active.has(fn)) return instance;
    this.active.add(fn);
    this.depth++;
    try {
      const python = this.module.language === 'python';
      const self = python ? fn.params[0]?.variable : undefined;
      const keys: (VarId | `this:${string}`)[] = python ? (self ? [self] : []) : [`this:${fn.id}`];
      let now = instance;
      for (const key of keys) {
        for (const mutation of this.index.mutations.get(key) ?? []) {
          if (mutation.path.length === 1 && mutation.path[0] === '__dict__' && mutation.kind === 'call' && mutation.method === 'update') {
            now = this.updatedFields(now, this.args(mutation.call.args, { fn, site: mutation, env: this.environment(fn, args, now) }));
          }
          if (mutation.path.length > 0) continue;
          const env = this.environment(fn, args, now);
          const there: At = { fn, site: mutation, env };
          const conditional = mutation.blocks.some((b) => b.kind !== 'loop');
          if (mutation.kind === 'field') {
            const stored = mutation.value ? this.evaluate(mutation.value, there) : UNKNOWN;
            const before = now.fields.get(mutation.name);
            now = { ...now, fields: new Map(now.fields).set(mutation.name, conditional ? union([before ?? plain('undefined'), stored]) : stored) };
          } else if (mutation.kind === 'delete' && !conditional) {
            const fields = new Map(now.fields);
            fields.delete(mutation.name);
            now = { ...now, fields };
          } else if (mutation.kind === 'call' && !conditional) {
            const method = this.method(now, mutation.method);
            if (method) now = this.flows.of(method.module).assignedFields(method.function, now, this.args(mutation.call.args, there));
          }
        }
      }
      return now;
    } finally {
      this.depth--;
      this.active.delete(fn);
    }
  }

  /** `self.__dict__.update(…)` */
  private updatedFields(instance: Instance, args: Arguments): Instance {
    const fields = new Map([...instance.fields, ...args.keywords]);
    const [given] = args.positional;
    if (given?.kind === 'container') for (const item of given.items) fields.set(/^\["(.*)"\]$/.exec(item.label)?.[1] ?? item.label, item.value);
    const open = args.open || (given !== undefined && (given.kind !== 'container' || given.open));
    return { ...instance, fields, open: instance.open || open };
  }

  /** What the parameters of a function stand for when it is called so. */
  environment(fn: FunctionIR, args: Arguments | null, self: Value | null, outer: Env | null = null): Env {
    const env = new Map<VarId | 'this', Value>(outer ?? []);
    const python = this.module.language === 'python';
    const takesSelf = python && fn.class !== null && !fn.decorators.includes('staticmethod');
    if (self && !python) env.set('this', self);
    fn.params.forEach((param, index) => {
      if (takesSelf && index === 0) {
        if (self) env.set(param.variable, self);
        return;
      }
      if (!args) return;
      const value = this.argument(fn, index, args, takesSelf ? 1 : 0);
      if (value) env.set(param.variable, value);
    });
    return env;
  }

  /** The argument that a parameter gets; its default where the call gives none; null when that is not known. */
  private argument(fn: FunctionIR, index: number, args: Arguments, first: number): Value | null {
    const param = fn.params[index]!;
    const position = index - first;
    if (param.kind === 'rest') return container(this.module.language === 'python' ? 'tuple' : 'array', args.positional.slice(position).map((value, i) => ({ label: `[${i}]`, value })), args.open);
    if (param.kind === 'keywords') {
      const named = new Set(fn.params.map((p) => p.name));
      return container('dict', [...args.keywords].filter(([name]) => !named.has(name)).map(([name, value]) => ({ label: `["${name}"]`, value })));
    }
    const byName = args.keywords.get(param.name);
    if (byName) return byName;
    const given = param.kind === 'keyword-only' ? undefined : args.positional[position];
    if (given) return given;
    if (args.open) return null;
    if (!param.default) return this.module.language === 'python' ? null : plain('undefined');
    return this.evaluate(param.default, { fn, site: { fn, offset: fn.start, blocks: [] }, env: null });
  }

  // ---- parts ------------------------------------------------------------------------------------------------------

  attribute(object: Value, name: string, at: At): Value {
    switch (object.kind) {
      case 'library':
        if (object.name.startsWith('module:')) {
          const module = this.moduleAt(object.name.slice('module:'.length));
          return module ? this.flows.of(module).exported(name) : UNKNOWN;
        }
        return { kind: 'library', name: `${object.name}.${name}` };
      case 'instance': {
        const field = object.fields.get(name);
        if (field) return field;
        if (name === '__dict__') return container('dict', [...object.fields].map(([key, value]) => ({ label: `["${key}"]`, value })), object.open);
        const method = this.method(object, name);
        if (!method) return object.base ? this.semantics.attribute(object, name) : UNKNOWN;
        if (method.function.kind === 'getter' || method.function.decorators.some((d) => /property$/.test(d))) return this.invoke(method, { positional: [], keywords: new Map(), open: false }, object);
        if (method.function.decorators.includes('staticmethod')) return method;
        return { kind: 'method', object, name, function: method };
      }
      case 'class': {
        const method = this.methodOf(object.module, object.class, name);
        if (method) return method.function.decorators.includes('classmethod') ? { kind: 'method', object, name, function: method } : method;
        return this.semantics.member(object, name, this) ?? this.classAttribute(object, name);
      }
      case 'union':
        return (object.each ? each : union)(object.options.map((option) => this.attribute(option, name, at)));
      case 'made': {
        const field = object.fields.get(name);
        return field ?? this.semantics.attribute(object, name);
      }
      case 'container': {
        const item = object.items.find((i) => i.label === `.${name}`);
        if (item && !object.open) return item.value;
        return this.semantics.attribute(object, name);
      }
      case 'plain':
      case 'function':
        return this.semantics.attribute(object, name);
      default:
        return UNKNOWN;
    }
  }

  private classAttribute(object: Value & { kind: 'class' }, name: string): Value {
    const field = object.class.fields.get(name);
    const flow = this.flows.of(object.module);
    const home = object.module.functions.get(object.class.parent);
    if (field?.static && field.value && home) return flow.evaluate(field.value, flow.at({ fn: home, offset: Number.MAX_SAFE_INTEGER, blocks: [] }));
    const inner = object.module.classes.get(`${object.class.id}.${name}`);
    return inner ? { kind: 'class', module: object.module, class: inner } : UNKNOWN;
  }

  private moduleAt(path: string): ModuleIR | null {
    for (const source of this.module.imports) {
      const module = this.flows.context.resolve(source, this.module.path);
      if (module?.path === path) return module;
    }
    return null;
  }

  /** The method that an instance has under a name, looked up through the classes of the workspace. */
  method(instance: Instance, name: string): FunctionValue | null {
    return this.methodOf(instance.module, instance.class, name);
  }

  methodOf(module: ModuleIR, cls: ClassIR, name: string, seen = new Set<ClassIR>()): FunctionValue | null {
    if (seen.has(cls)) return null;
    seen.add(cls);
    const id = cls.methods.get(name) ?? cls.methods.get(`get ${name}`);
    const fn = id === undefined ? undefined : module.functions.get(id);
    if (fn) return { kind: 'function', module, function: fn, env: null };
    for (const base of this.flows.of(module).basesOf(cls)) {
      if (base.kind !== 'class') continue;
      const found = this.methodOf(base.module, base.class, name, seen);
      if (found) return found;
    }
    return null;
  }

  basesOf(cls: ClassIR): readonly Value[] {
    const home = this.module.functions.get(cls.parent);
    if (!home) return cls.bases.map(() => UNKNOWN);
    const key = `bases ${cls.id}`;
    if (this.active.has(key)) return [];
    this.active.add(key);
    try {
      return cls.bases.map((base) => this.evaluate(base, this.at({ fn: home, offset: home.start + base.span.start, blocks: [] })));
    } finally {
      this.active.delete(key);
    }
  }

  private item(object: Value, index: Expr, at: At): Value {
    if (object.kind === 'container') {
      const known = index.type === 'const' ? object.items.find((i) => i.label === labelOf(index, object.type)) : undefined;
      if (known) return known.value;
      if (index.type === 'slice') return sliced(object, index);
      const elements = object.items.map((i) => i.value);
      if (object.open || elements.length === 0 || (index.type === 'const' && object.items.every((i) => i.label !== '[…]'))) return UNKNOWN;
      return union(elements);
    }
    if (object.kind === 'union') return union(object.options.map((o) => this.item(o, index, at)));
    if (object.kind === 'instance') {
      const get = this.method(object, '__getitem__');
      return get ? this.invoke(get, { positional: [UNKNOWN], keywords: new Map(), open: false }, object) : UNKNOWN;
    }
    if (object.kind === 'plain') return object.type === 'string' || object.type === 'bytes' || object.type === 'ndarray' ? plain(object.type) : UNKNOWN;
    // `List[int]` is as good as `List`.
    if (object.kind === 'library') return object;
    return object.kind === 'made' ? this.semantics.elementOf(object, false) : UNKNOWN;
  }

  private steps(value: Value, path: readonly Step[], at: At): Value {
    let now = value;
    for (const step of path) {
      if (step === 'any') return UNKNOWN;
      if ('rest' in step) {
        now = now.kind === 'container' ? rest(now, step.rest) : UNKNOWN;
      } else if ('key' in step) {
        now = this.attribute(now, step.key, at);
      } else if (now.kind === 'container') {
        const known = now.items.find((i) => i.label === `[${step.index}]`);
        now = known ? known.value : this.semantics.elementOf(now, false);
      } else {
        now = this.semantics.elementOf(now, false);
      }
    }
    return now;
  }

  // ---- calls ------------------------------------------------------------------------------------------------------

  args(given: readonly Argument[], at: At): Arguments {
    const positional: Value[] = [];
    const keywords = new Map<string, Value>();
    let open = false;
    for (const { value, name, spread } of given) {
      if (spread === 'list') {
        const list = this.evaluate(value, at);
        if (list.kind === 'container' && !list.open && list.items.every((i) => /^\[\d+\]$/.test(i.label))) positional.push(...list.items.map((i) => i.value));
        else open = true;
      } else if (spread === 'dict') {
        const dict = this.evaluate(value, at);
        if (dict.kind === 'container') for (const item of dict.items) keywords.set(/^\["(.*)"\]$/.exec(item.label)?.[1] ?? item.label, item.value);
        else open = true;
      } else if (name !== undefined) keywords.set(name, this.evaluate(value, at));
      else if (open) continue;
      else positional.push(this.evaluate(value, at));
    }
    return { positional, keywords, open };
  }

  private call(expr: Call, at: At): Value {
    const { callee } = expr;
    if (callee.type === 'attribute') {
      const object = this.evaluate(callee.object, at);
      if (object.kind === 'container' || object.kind === 'plain' || object.kind === 'made' || object.kind === 'function') {
        const own = object.kind === 'made' ? object.fields.get(callee.name) : object.kind === 'container' ? object.items.find((i) => i.label === `.${callee.name}`)?.value : undefined;
        if (own?.kind === 'function') return this.invoke(own, this.args(expr.args, at), object);
        return this.semantics.callMethod(object, callee.name, this.args(expr.args, at), this);
      }
      return this.apply(this.attribute(object, callee.name, at), expr, at);
    }
    return this.apply(this.evaluate(callee, at), expr, at);
  }

  private apply(callee: Value, expr: Call, at: At): Value {
    switch (callee.kind) {
      case 'library':
        return this.semantics.callLibrary(callee.name, this.args(expr.args, at), this, at, expr.construct === true);
      case 'class':
        return this.semantics.construct(callee.module, callee.class, this.args(expr.args, at), this, this.depth);
      case 'function':
        if (expr.construct) return this.semantics.constructBy(callee, this.args(expr.args, at), this);
        return this.invoke(callee, this.args(expr.args, at), null);
      case 'method':
        if (callee.function) return this.invoke(callee.function, this.args(expr.args, at), callee.object);
        return this.semantics.callMethod(callee.object, callee.name, this.args(expr.args, at), this);
      case 'made':
        return made(`${callee.by}()`, [callee, ...this.args(expr.args, at).positional], this.args(expr.args, at).keywords);
      case 'instance': {
        const method = this.method(callee, '__call__');
        return method ? this.invoke(method, this.args(expr.args, at), callee) : UNKNOWN;
      }
      case 'union':
        return union(callee.options.map((option) => this.apply(option, expr, at)));
      default:
        return UNKNOWN;
    }
  }

  /** What a call of a function of the workspace returns. */
  invoke(callee: FunctionValue, args: Arguments, self: Value | null): Value {
    const { function: fn } = callee;
    const flow = this.flows.of(callee.module);
    if (fn.broken || this.depth > MAX_DEPTH || flow.active.has(fn)) return UNKNOWN;
    flow.active.add(fn);
    flow.depth = Math.max(flow.depth, this.depth) + 1;
    try {
      const env = flow.environment(fn, args, self ?? (fn.arrow ? (callee.env?.get('this') ?? null) : null), callee.env);
      if (fn.generator) {
        const yielded = (flow.index.yields.get(fn.id) ?? []).map(({ value, delegate, site }) => {
          const given = value ? flow.evaluate(value, { fn, site, env }) : plain('undefined');
          return delegate ? this.semantics.elementOf(given, false) : given;
        });
        return made(fn.async ? 'async-generator' : 'generator', [union(yielded)]);
      }
      const returns = flow.index.returns.get(fn.id) ?? [];
      const values = returns.map(({ value, site }) => (value ? flow.evaluate(value, { fn, site, env }) : plain('undefined')));
      const result = values.length ? union(values) : plain('undefined');
      if (!fn.async) return result;
      return made(this.module.language === 'python' ? 'coroutine' : 'Promise', [result]);
    } finally {
      flow.depth--;
      flow.active.delete(fn);
    }
  }

  private enter(context: Value): Value {
    if (context.kind === 'instance') {
      const enter = this.method(context, '__enter__');
      return enter ? this.invoke(enter, { positional: [], keywords: new Map(), open: false }, context) : UNKNOWN;
    }
    return this.semantics.enter(context);
  }

  private withOrigin(value: Value, origin: string | null): Value {
    return value.kind === 'made' && origin !== null ? { ...value, origin } : value;
  }
}

function libraryName(module: string, name: string | null): string {
  const base = module.replace(/^node:/, '');
  return name === null || name === 'default' ? base : `${base}.${name}`;
}
