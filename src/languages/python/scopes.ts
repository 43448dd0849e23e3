/**
 * Python's scopes: which variable a name means.
 *
 * Lowering records every binding and every use in the scope where it stands; names are resolved once the whole module is read, since
 * a binding further down decides what a name above it means.
 */
import type { Expr, ImportSource, NameExpr, TypeIR, Variable, VariableKind, VarId } from '../../ir/ir';

/** One place in the source that binds a name. */
export interface Site {
  readonly kind: 'param' | 'assign' | 'loop' | 'function' | 'class' | 'import' | 'other';
  /** It may run several times for one life of the variable. */
  readonly repeated: boolean;
  /** For `assign`: the value, when the name takes it whole. For `loop`: what is iterated over. */
  readonly value?: Expr;
  /** For `function` and `class`: the id of what it binds. */
  readonly target?: string;
  readonly source?: ImportSource;
  readonly type?: TypeIR;
  /** A function that another definition of the same name is meant to follow (`typing.overload`). */
  readonly overload?: boolean;
}

/** What a function under construction has to offer to name resolution. */
export interface Unit {
  readonly id: string;
  readonly parent: Unit | null;
  readonly variables: Map<VarId, Variable>;
  readonly free: Set<VarId>;
  /** How often each name was declared by comprehensions and the like. */
  readonly inner: Map<string, number>;
}

interface Binding {
  readonly name: string;
  readonly scope: Scope;
  readonly sites: Site[];
  /** Bound from another scope too, by `global` or `nonlocal`. */
  foreign: boolean;
  /** `x: T` anywhere in the scope. */
  annotation?: TypeIR;
  variable?: Variable;
}

type ScopeKind = 'module' | 'function' | 'class' | 'comprehension' | 'types';

export class Scope {
  readonly names = new Map<string, Binding>();
  readonly uses: NameExpr[] = [];
  globals: Set<string> | null = null;
  nonlocals: Set<string> | null = null;

  constructor(
    readonly kind: ScopeKind,
    /** Before the slash in the ids of its variables. */
    readonly owner: string,
    readonly unit: Unit,
    readonly parent: Scope | null,
  ) {}

  bind(name: string, site: Site): void {
    this.bindingOf(name).sites.push(site);
  }

  annotate(name: string, type: TypeIR | undefined): void {
    const binding = this.bindingOf(name);
    if (type) binding.annotation ??= type;
  }

  private bindingOf(name: string): Binding {
    let binding = this.names.get(name);
    if (!binding) {
      binding = { name, scope: this, sites: [], foreign: false };
      this.names.set(name, binding);
    }
    return binding;
  }

  /** Moves what `global` and `nonlocal` send to another scope there. Called from the outermost scope inwards. */
  redirect(module: Scope): void {
    for (const name of this.globals ?? []) this.moveTo(name, module);
    for (const name of this.nonlocals ?? []) {
      const outer = this.parent?.nearestFunction(name);
      if (outer) this.moveTo(name, outer);
    }
  }

  private moveTo(name: string, target: Scope): void {
    const binding = this.names.get(name);
    if (!binding || target === this) return;
    this.names.delete(name);
    const moved = target.bindingOf(name);
    moved.sites.push(...binding.sites);
    moved.annotation ??= binding.annotation;
    moved.foreign = true;
  }

  /** The function scope that a `nonlocal` name means. */
  private nearestFunction(name: string): Scope | null {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      if (scope.kind === 'class' || scope.kind === 'module') continue;
      if (scope.names.has(name)) return scope;
      if (scope.globals?.has(name)) return null;
    }
    return null;
  }

  /** The binding that a use in this scope means, or null for a name of the language (or one that nothing binds). */
  lookup(name: string, module: Scope): Binding | null {
    for (let scope: Scope | null = this; scope; scope = scope.parent) {
      // A class's names are seen by its body only.
      if (scope.kind === 'class' && scope !== this) continue;
      if (scope.globals?.has(name)) return module.names.get(name) ?? null;
      const found = scope.names.get(name);
      if (found) return found;
    }
    return null;
  }
}

/**
 * Gives every use its variable, and fills the units' variables and free names. `scopes` are listed parents first.
 * `starImport` tells the import that a name which nothing else binds comes from.
 */
export function resolveNames(scopes: readonly Scope[], starImport: (name: string) => ImportSource | null): void {
  const module = scopes[0]!;
  for (const scope of scopes) scope.redirect(module);
  for (const scope of scopes) declareAll(scope);
  for (const scope of scopes) resolveUses(scope, module, starImport);
}

/** The variable that a name means in a scope; null for names of the language. */
export function variableOf(name: string, scope: Scope, module: Scope): Variable | null {
  return scope.lookup(name, module)?.variable ?? null;
}

/** For every variable without an annotation that is bound once: the binding with its value. */
export function singleBindings(scopes: readonly Scope[]): Map<Variable, Site> {
  const found = new Map<Variable, Site>();
  for (const scope of scopes) {
    for (const { variable, sites, foreign } of scope.names.values()) {
      const [site] = sites;
      if (variable && !variable.type && sites.length === 1 && !foreign && site?.value) found.set(variable, site);
    }
  }
  return found;
}

function declareAll(scope: Scope): void {
  for (const binding of scope.names.values()) {
    const { name } = binding;
    let id = `${scope.owner}/${name}`;
    if (scope.kind === 'comprehension' || scope.kind === 'types') {
      const n = (scope.unit.inner.get(name) ?? 0) + 1;
      scope.unit.inner.set(name, n);
      id += `#${n}`;
    }
    const variable: Variable = { id, name, owner: scope.owner, constant: isConstant(binding), captured: false, ...kindOf(binding) };
    if (binding.annotation) variable.type = binding.annotation;
    binding.variable = variable;
    scope.unit.variables.set(id, variable);
  }
}

function isConstant({ sites, foreign }: Binding): boolean {
  const effective = sites.filter((site) => !site.overload);
  return effective.length === 1 && !foreign && !effective[0]!.repeated && effective[0]!.kind !== 'loop' && effective[0]!.kind !== 'other';
}

/** A name bound in several ways is plainly a local variable: nobody may take it for one of the things that it can be. */
function kindOf({ sites }: Binding): { kind: VariableKind; target?: string; import?: ImportSource } {
  const effective = sites.filter((site) => !site.overload);
  const site = effective[0] ?? sites[0];
  if (!site) return { kind: 'local' };
  if (effective.some((other) => other.kind === 'param')) return { kind: 'param' };
  if (effective.length > 1) {
    const same = site.source && effective.every((other) => other.source && sameSource(other.source, site.source!));
    return same ? { kind: 'import', import: site.source! } : { kind: 'local' };
  }
  switch (site.kind) {
    case 'function':
    case 'class':
      return { kind: site.kind, target: site.target! };
    case 'import':
      return { kind: 'import', import: site.source! };
    default:
      return { kind: 'local' };
  }
}

function sameSource(a: ImportSource, b: ImportSource): boolean {
  return a.module === b.module && a.name === b.name && (a.level ?? 0) === (b.level ?? 0);
}

function resolveUses(scope: Scope, module: Scope, starImport: (name: string) => ImportSource | null): void {
  const known = new Map<string, VarId>();
  for (const use of scope.uses) {
    let id = known.get(use.name);
    if (id === undefined) {
      const binding = scope.lookup(use.name, module) ?? fromStar(use.name, module, starImport);
      id = binding ? binding.variable!.id : `builtin/${use.name}`;
      known.set(use.name, id);
      noteUse(scope.unit, binding, id);
    }
    (use as { variable: VarId }).variable = id;
  }
}

function fromStar(name: string, module: Scope, starImport: (name: string) => ImportSource | null): Binding | null {
  const source = starImport(name);
  if (!source) return null;
  module.bind(name, { kind: 'import', repeated: false, source });
  const binding = module.names.get(name)!;
  const variable: Variable = { id: `/${name}`, name, owner: '', constant: true, captured: false, kind: 'import', import: source };
  binding.variable = variable;
  module.unit.variables.set(variable.id, variable);
  return binding;
}

/** A variable from outside a function is free in it and in every function around it up to the owner. */
function noteUse(unit: Unit, binding: Binding | null, id: VarId): void {
  const owner = binding?.scope.unit ?? null;
  if (owner === unit) return;
  if (binding) binding.variable!.captured = true;
  for (let at: Unit | null = unit; at && at !== owner; at = at.parent) at.free.add(id);
}
