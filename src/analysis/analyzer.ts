/** What is shared by all functions of one analysis: models, name resolution across modules, classes, summaries. */
import type { ClassIR, Expr, FunctionIR, ImportSource, ModuleIR, Stmt, TypeIR, Variable, VarId } from '../ir/ir';
import { walkStmts } from '../ir/walk';
import type { LanguageModels } from '../models/types';
import { NOTHING, type ClassRef, type FunctionRef, type Value } from './domain';
import { builtinValue, memberValue, normalModule, typeModel } from './library';
import { Estimates } from './estimate';
import type { Machine } from './machine';
import type { AnalysisContext } from './pipeline';
import type { Callee, LoopReport } from './report';
import { calleeKey, Summaries } from './summaries';
import { makeAtom, ofAtom } from './symbolic';
import { arithmeticType, groupOf, isExactly, isScalar, literalType, markExact, named } from './types';

/** Facts about a module that every function of it asks for; made once. */
interface ModuleFacts {
  readonly variables: ReadonlyMap<VarId, Variable>;
  /** The only value that a name is ever bound to. */
  readonly initializers: ReadonlyMap<VarId, Expr>;
  readonly subclasses: ReadonlyMap<string, readonly ClassIR[]>;
  readonly starImport: boolean;
}

/** An edit gives a module new contents, with another table of functions. */
const facts = new WeakMap<ModuleIR['functions'], ModuleFacts>();

/** The loops of a function as they were judged when it began at `start`. */
interface Judged {
  readonly module: ModuleIR;
  readonly start: number;
  readonly loops: readonly LoopReport[];
  readonly inlined: readonly FunctionIR[];
  readonly callees: readonly Callee[];
  /** Not all that it rests on is known. */
  readonly uncertain: boolean;
}

export class Analyzer {
  readonly judged = new Map<FunctionIR, Judged>();
  /** How often something was let go of: what was begun before may rest on it. */
  edits = 0;
  readonly summaries: Summaries;
  readonly estimates = new Estimates(this);
  readonly models: LanguageModels;
  private depth = 0;

  constructor(readonly context: AnalysisContext) {
    this.models = context.models;
    this.summaries = new Summaries(this);
  }

  facts(module: ModuleIR): ModuleFacts {
    let known = facts.get(module.functions);
    if (!known) {
      known = gather(module);
      facts.set(module.functions, known);
    }
    return known;
  }

  variable(module: ModuleIR, id: VarId): Variable | null {
    return this.facts(module).variables.get(id) ?? null;
  }

  /** The value of a variable that the function has not assigned yet. */
  initialValue(m: Machine, id: VarId): Value {
    const variable = this.variable(m.module, id);
    if (id.startsWith('builtin/')) return builtinValue(this.models, id.slice('builtin/'.length)) ?? NOTHING;
    if (!variable) return held(m.module, id, null, null);
    const known = this.constantValue(m.module, variable);
    if (known) return known;
    if (variable.owner === m.fn.id && variable.kind === 'local' && m.fn.kind !== 'module') return { ...NOTHING, type: null, sym: m.opaque(variable.name) };
    return held(m.module, id, this.variableType(m.module, variable), variable);
  }

  /** The type of a variable: declared, or of the only value that it is ever given. */
  private variableType(module: ModuleIR, variable: Variable): TypeIR | null {
    if (variable.type) return variable.type;
    const initializer = variable.constant && variable.kind !== 'param' ? this.facts(module).initializers.get(variable.id) : undefined;
    return initializer ? this.typeOfInitializer(initializer, module) : null;
  }

  /** Functions, classes, modules and names that are only ever bound to one of those; null for other variables. */
  constantValue(module: ModuleIR, variable: Variable): Value | null {
    if (variable.id.startsWith('builtin/')) return builtinValue(this.models, variable.name);
    if (variable.kind === 'function' && variable.target !== undefined && variable.constant) {
      const fn = module.functions.get(variable.target);
      return fn ? { ...NOTHING, functions: [{ module, fn, self: null }], type: named('function') } : null;
    }
    if (variable.kind === 'class' && variable.target !== undefined) {
      const cls = module.classes.get(variable.target);
      return cls ? { ...NOTHING, cls: { module, cls } } : null;
    }
    if (variable.kind === 'import' && variable.import) return this.imported(variable.import, module);
    if (!variable.constant || variable.kind === 'param') return null;
    const initializer = this.facts(module).initializers.get(variable.id);
    if (!initializer) return null;
    if (initializer.type === 'function') {
      const fn = module.functions.get(initializer.function);
      return fn ? { ...NOTHING, functions: [{ module, fn, self: null }], type: named('function') } : null;
    }
    if (initializer.type === 'class') {
      const cls = module.classes.get(initializer.class);
      return cls ? { ...NOTHING, cls: { module, cls } } : null;
    }
    if (initializer.type === 'name' && initializer.variable !== variable.id && this.depth < 8) {
      const other = initializer.variable.startsWith('builtin/') ? null : this.variable(module, initializer.variable);
      this.depth++;
      try {
        if (other) return this.constantValue(module, other);
        return builtinValue(this.models, initializer.variable.slice('builtin/'.length));
      } finally {
        this.depth--;
      }
    }
    if (initializer.type === 'attribute' && initializer.object.type === 'name' && this.depth < 8) {
      // const { floor } = Math, sqrt = math.sqrt
      const base = initializer.object.variable.startsWith('builtin/')
        ? builtinValue(this.models, initializer.object.name)
        : ((v) => (v && v.kind === 'import' ? this.constantValue(module, v) : null))(this.variable(module, initializer.object.variable));
      if (base?.namespace) return memberValue(this.models, base.namespace, initializer.name);
    }
    if (initializer.type === 'call' && initializer.callee.type === 'name' && initializer.callee.name === 'require') {
      const argument = initializer.args[0]?.value;
      if (argument?.type === 'const' && typeof argument.value === 'string') return this.imported({ module: argument.value, name: null }, module);
    }
    return null;
  }

  private deeper<T>(run: () => T): T {
    this.depth++;
    try {
      return run();
    } finally {
      this.depth--;
    }
  }

  /** Lets go of what rests on functions that an edit has changed. */
  forget(changed: ReadonlySet<string>): void {
    this.edits++;
    this.summaries.forget(changed);
    for (const [fn, { module, callees, uncertain }] of this.judged) {
      const concerned = uncertain || [{ path: module.path, function: fn.id }, ...callees].some((callee) => changed.has(calleeKey(callee)));
      // The code of a module itself is never the same object again.
      if (concerned || module.functions.get(fn.id) !== fn) this.judged.delete(fn);
    }
    this.estimates.forget();
    this.imports.clear();
  }

  private readonly imports = new Map<string, Value | null>();

  /** What an import gives: a module, a function or class of the workspace, or a part of a library. */
  imported(source: ImportSource, from: ModuleIR): Value | null {
    const key = `${from.path}\n${source.module}\n${source.name}\n${source.level ?? ''}`;
    if (!this.imports.has(key)) {
      this.imports.set(key, null);
      this.imports.set(key, this.resolveImport(source, from));
    }
    return this.imports.get(key) ?? null;
  }

  private resolveImport(source: ImportSource, from: ModuleIR): Value | null {
    const module = this.context.resolve(source, from.path);
    if (module && module !== from) {
      // `from package import module` names a module too.
      const itself = source.name !== null && module.language === 'python' && new RegExp(`[\\\\/]${source.name}(\\.py|[\\\\/]__init__\\.py)$`).test(module.path);
      if (source.name === null || itself) return this.wholeModule(module);
      // A CommonJS module's default import is the value of the module.
      const whole = source.name === 'default' && module.system === 'commonjs' && !module.exports.some((entry) => entry.name === 'default');
      return whole ? this.wholeModule(module) : this.exported(module, source.name);
    }
    const library = normalModule(source.module);
    const { namespaces } = this.models;
    if (source.name === null || (source.name === 'default' && from.language !== 'python')) {
      if (namespaces.has(library)) return { ...NOTHING, namespace: library };
      return null;
    }
    return memberValue(this.models, library, source.name);
  }

  /** A module as a value: its exports, and what `module.exports = f` makes of it. */
  private wholeModule(module: ModuleIR, depth = 0): Value {
    const value = module.language === 'python' ? null : this.exported(module, '=', depth);
    return { ...NOTHING, module, functions: value?.functions ?? [], cls: value?.cls ?? null };
  }

  /** A name that another module of the workspace exports. */
  exported(module: ModuleIR, name: string, depth = 0): Value | null {
    if (depth > 6) return null;
    if (module.language === 'python') {
      const variable = this.variable(module, `/${name}`);
      if (!variable) return null;
      if (variable.kind === 'import' && variable.import) return this.imported(variable.import, module);
      return this.constantValue(module, variable) ?? held(module, variable.id, variable.type ?? null, variable);
    }
    for (const entry of module.exports) {
      if (entry.name === name && entry.from) {
        const inner = this.context.resolve({ module: entry.from, name: entry.imported === '*' ? null : (entry.imported ?? name) }, module.path);
        if (inner && entry.imported === '*') return this.wholeModule(inner, depth + 1);
        return inner ? this.exported(inner, entry.imported ?? name, depth + 1) : null;
      }
      if (entry.name === name && entry.target !== undefined) {
        const fn = module.functions.get(entry.target);
        if (fn) return { ...NOTHING, functions: [{ module, fn, self: null }], type: named('function') };
        const cls = module.classes.get(entry.target);
        return cls ? { ...NOTHING, cls: { module, cls } } : null;
      }
      if (entry.name === name && entry.variable) {
        const variable = this.variable(module, entry.variable);
        if (!variable) return null;
        return this.constantValue(module, variable) ?? held(module, variable.id, variable.type ?? null, variable);
      }
    }
    for (const entry of module.exports) {
      if (entry.name !== '*' || !entry.from) continue;
      const inner = this.context.resolve({ module: entry.from, name }, module.path);
      const found = inner ? this.exported(inner, name, depth + 1) : null;
      if (found) return found;
    }
    return null;
  }

  // ---- classes

  /** The class that a type names, seen from a module. */
  classOf(type: TypeIR | null, from: ModuleIR): ClassRef | null {
    if (!type) return null;
    if (type.name === 'Optional' && type.args?.length) return this.classOf(type.args[0]!, from);
    if (type.name === 'union') {
      const rest = (type.args ?? []).filter((arg) => groupOf(arg) !== 'none');
      return rest.length === 1 ? this.classOf(rest[0]!, from) : null;
    }
    const tagged = classTypes.get(type);
    if (tagged) return isExactly(type) ? { ...tagged, exact: true } : tagged;
    const cls = from.classes.get(type.name);
    if (cls) return { module: from, cls };
    const variable = this.variable(from, `/${type.name}`);
    if (!variable) return this.elsewhere(type);
    return this.constantValue(from, variable)?.cls ?? null;
  }

  private readonly named = new Map<string, ClassRef | null>();

  /** The class that a type names without an import, if the workspace has one of the name and the libraries none. */
  private elsewhere(type: TypeIR): ClassRef | null {
    const { name } = type;
    if (!this.context.classesNamed || groupOf(type) !== null || !/^[A-Z][\w$]*$/.test(name)) return null;
    let found = this.named.get(name);
    if (found === undefined) {
      const refs = typeModel(this.models, type) ? [] : this.context.classesNamed(name).flatMap((module) => [...module.classes.values()].filter((cls) => cls.name === name && cls.parent === '').map((cls) => ({ module, cls })));
      found = refs.length === 1 ? refs[0]! : null;
      this.named.set(name, found);
    }
    return found;
  }

  bases(ref: ClassRef): readonly ClassRef[] {
    const found: ClassRef[] = [];
    for (const base of ref.cls.bases) {
      const target = this.classExpr(base, ref.module);
      if (target) found.push(target);
    }
    return found;
  }

  private classExpr(expr: Expr, module: ModuleIR): ClassRef | null {
    if (expr.type === 'name') {
      const variable = this.variable(module, expr.variable);
      return variable ? (this.constantValue(module, variable)?.cls ?? null) : null;
    }
    if (expr.type === 'attribute' && expr.object.type === 'name') {
      const variable = this.variable(module, expr.object.variable);
      const inner = variable ? this.constantValue(module, variable)?.module : null;
      return inner ? (this.exported(inner, expr.name)?.cls ?? null) : null;
    }
    return null;
  }

  /** Whether every class above it is known (or it has none but `object`). */
  fullyKnown(ref: ClassRef, depth = 0): boolean {
    if (depth > 10) return false;
    const plain = new Set(['object', 'ABC', 'Protocol', 'Generic', 'NamedTuple', 'Object']);
    return ref.cls.bases.every((base) => {
      if (base.type === 'name' && plain.has(base.name)) return true;
      if (base.type === 'index' && base.object.type === 'name' && plain.has(base.object.name)) return true;
      if (base.type === 'attribute' && plain.has(base.name)) return true;
      const inner = this.classExpr(base, ref.module);
      return inner !== null && this.fullyKnown(inner, depth + 1);
    });
  }

  /** A method by name along the bases, the first found. */
  findMethod(ref: ClassRef, name: string, depth = 0): FunctionRef | null {
    if (depth > 10) return null;
    const id = ref.cls.methods.get(name);
    const fn = id === undefined ? undefined : ref.module.functions.get(id);
    if (fn) return { module: ref.module, fn, self: null };
    for (const base of this.bases(ref)) {
      const found = this.findMethod(base, name, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** The methods that a call on a value of the class may reach: its own, and what subclasses in the module put in its place. */
  methodsOf(ref: ClassRef, name: string): readonly FunctionRef[] {
    const found = new Set<FunctionIR>();
    const refs: FunctionRef[] = [];
    const put = (method: FunctionRef | null) => {
      if (method && !found.has(method.fn)) {
        found.add(method.fn);
        refs.push(method);
      }
    };
    put(this.findMethod(ref, name));
    if (ref.exact === true) return refs;
    const visit = (cls: ClassIR, depth: number) => {
      for (const sub of depth > 8 ? [] : (this.facts(ref.module).subclasses.get(cls.id) ?? [])) {
        const id = sub.methods.get(name);
        const fn = id === undefined ? undefined : ref.module.functions.get(id);
        if (fn) put({ module: ref.module, fn, self: null });
        visit(sub, depth + 1);
      }
    };
    visit(ref.cls, 0);
    // An abstract method that only raises stands for the ones that replace it.
    const concrete = refs.filter((method) => !isAbstract(method.fn));
    return concrete.length > 0 ? concrete : refs;
  }

  fieldType(ref: ClassRef, name: string, depth = 0): TypeIR | null {
    if (depth > 10) return null;
    const field = ref.cls.fields.get(name);
    if (field) {
      if (field.type) return field.type;
      if (field.value) return this.typeOfInitializer(field.value, ref.module);
      return null;
    }
    for (const base of this.bases(ref)) {
      const found = this.fieldType(base, name, depth + 1);
      if (found) return found;
    }
    return null;
  }

  hasField(ref: ClassRef, name: string, depth = 0): boolean {
    return depth <= 10 && (ref.cls.fields.has(name) || this.bases(ref).some((base) => this.hasField(base, name, depth + 1)));
  }

  /** A light guess that needs no interpretation: literals, displays, constructors. */
  typeOfInitializer(expr: Expr, module: ModuleIR): TypeIR | null {
    switch (expr.type) {
      case 'const':
        return groupOf(literalType(expr, module.language)) === 'none' ? null : literalType(expr, module.language);
      case 'collection':
        return module.language === 'python' ? named(expr.kind) : named('Array');
      case 'comprehension':
        return expr.kind === 'generator' ? named('generator') : named(expr.kind);
      case 'mapping':
        return module.language === 'python' ? named('dict') : named('Object');
      case 'template':
        return named(module.language === 'python' ? 'str' : 'string');
      case 'name': {
        const variable = this.variable(module, expr.variable);
        return variable && this.depth < 4 ? this.deeper(() => this.variableType(module, variable)) : null;
      }
      case 'unary':
        return expr.operator === '-' || expr.operator === '+' ? this.typeOfInitializer(expr.operand, module) : expr.operator === 'not' ? named('bool') : expr.operator === '!' ? named('boolean') : null;
      case 'binary':
        return arithmeticType(expr.operator, this.typeOfInitializer(expr.left, module), this.typeOfInitializer(expr.right, module), module.language);
      case 'call': {
        if (expr.callee.type !== 'name') return null;
        const variable = this.variable(module, expr.callee.variable);
        const value = variable ? this.constantValue(module, variable) : builtinValue(this.models, expr.callee.name);
        if (value?.cls) return classType(value.cls);
        const model = value?.library?.model;
        return model?.type ? (typeof model.type === 'string' ? (/^arg|^receiver/.test(model.type) ? null : named(model.type)) : model.type) : null;
      }
      default:
        return null;
    }
  }
}

const classTypes = new WeakMap<TypeIR, ClassRef>();
const typesOfClasses = new WeakMap<ClassIR, TypeIR>();
const typesOfInstances = new WeakMap<ClassIR, TypeIR>();

/** The type of an object that the class's own constructor made. */
export function instanceType(ref: ClassRef): TypeIR {
  return typeOf(ref, typesOfInstances, markExact);
}

/** The type of instances of a class; remembers the module that it comes from. */
export function classType(ref: ClassRef): TypeIR {
  return typeOf(ref, typesOfClasses);
}

function typeOf(ref: ClassRef, known: WeakMap<ClassIR, TypeIR>, mark?: (type: TypeIR) => void): TypeIR {
  let type = known.get(ref.cls);
  if (!type) {
    type = named(ref.cls.id);
    known.set(ref.cls, type);
    classTypes.set(type, ref);
    mark?.(type);
  }
  return type;
}

/** The object that a variable held when the function was entered. */
export function held(module: ModuleIR, id: VarId, type: TypeIR | null, variable: Variable | null): Value {
  const sym = ofAtom(makeAtom(`in:${module.path}:${id}`, null, { input: id, load: variable?.constant || variable?.kind === 'param' ? null : { base: { kind: 'variable', id, module }, path: [] } }));
  return { ...NOTHING, locs: isScalar(type) ? [] : [{ base: { kind: 'variable', id, module }, path: [] }], type, sym };
}

function isAbstract(fn: FunctionIR): boolean {
  const real = fn.body.filter((stmt) => !(stmt.type === 'expr' && stmt.value.type === 'const') && stmt.type !== 'pass');
  if (fn.decorators.some((name) => /abstractmethod$/.test(name))) return true;
  return real.length === 1 && real[0]!.type === 'raise';
}

function gather(module: ModuleIR): ModuleFacts {
  const variables = new Map<VarId, Variable>();
  const initializers = new Map<VarId, Expr>();
  let starImport = false;
  for (const fn of module.functions.values()) {
    for (const [id, variable] of fn.variables) variables.set(id, variable);
    const note = (stmt: Stmt): void => {
      if (stmt.type === 'import' && stmt.star) starImport = true;
      if (stmt.type !== 'assign-stmt' || stmt.operator !== null) return;
      for (const target of stmt.targets) {
        if (target.type === 'name') initializers.set(target.variable, stmt.value);
        else if (target.type === 'tuple-target' && stmt.value.type === 'collection' && stmt.value.items.length === target.items.length) {
          const { items } = stmt.value;
          if (items.some((item) => item.type === 'spread') || target.items.some((item) => item?.type === 'star')) continue;
          target.items.forEach((item, at) => item?.type === 'name' && initializers.set(item.variable, items[at]!));
        }
        else if (target.type === 'object-target' && stmt.value.type === 'name') {
          for (const property of target.properties) {
            if (property.value.type === 'name' && property.key?.type === 'const' && typeof property.key.value === 'string')
              initializers.set(property.value.variable, { type: 'attribute', object: stmt.value, name: property.key.value, span: property.value.span });
          }
        }
      }
    };
    walkStmts(fn.body, { expr: () => false, target: () => false, stmt: note });
  }
  const subclasses = new Map<string, ClassIR[]>();
  for (const cls of module.classes.values()) {
    for (const base of cls.bases) {
      if (base.type !== 'name') continue;
      const target = variables.get(base.variable)?.target ?? base.name;
      const list = subclasses.get(target) ?? [];
      list.push(cls);
      subclasses.set(target, list);
    }
  }
  return { variables, initializers, subclasses, starImport };
}
