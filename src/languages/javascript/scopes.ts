/** Names to variables: ids, owners, what is bound once, what nested functions reach. */
import {
  analyze,
  DefinitionType,
  ScopeType,
  type Definition,
  type Reference,
  type Scope,
  type Variable as ScopeVariable,
} from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { ImportSource, Variable, VariableKind, VarId } from '../../ir/ir';
import { bare, isAmbient, keyName, requiredModule } from './nodes';
import type { FunctionInfo, Outline } from './outline';

/** What an identifier stands for. */
export type Meaning =
  | { readonly kind: 'variable'; readonly id: VarId }
  /** A function's own `arguments`. */
  | { readonly kind: 'arguments' }
  /** A member of an enum, named inside the enum. */
  | { readonly kind: 'enum-member'; readonly enum: VarId; readonly name: string };

export interface Scopes {
  /** What a reference or a binding identifier stands for; names that the module does not declare are builtins. */
  meaning(identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Meaning;
  /** The variables that a function owns. */
  owned(info: FunctionInfo): Map<VarId, Variable>;
  free(info: FunctionInfo): Set<VarId>;
  variable(id: VarId): Variable | undefined;
  /** The name is a type parameter of something around it. */
  isTypeParameter(name: TSESTree.Identifier): boolean;
  /** The declarations behind a variable, for its type. */
  definitions(id: VarId): readonly Definition[];
}

export function resolveScopes(program: TSESTree.Program, outline: Outline): Scopes {
  // `module` for CommonJS too: its only effect here is that top-level names belong to the module. With no `lib`, globals stay unresolved.
  const manager = analyze(program, { sourceType: 'module', lib: [], jsxPragma: null });
  const table = new ScopeTable(outline);
  for (const scope of manager.scopes) table.declare(scope);
  for (const scope of manager.scopes) for (const reference of scope.references) table.refer(reference);
  for (const scope of manager.scopes) table.settle(scope);
  return table;
}

class ScopeTable implements Scopes {
  private readonly owners = new Map<Scope, FunctionInfo>();
  private readonly ids = new Map<ScopeVariable, Meaning>();
  private readonly meanings = new Map<TSESTree.Node, Meaning>();
  private readonly byOwner = new Map<FunctionInfo, Map<VarId, Variable>>();
  private readonly frees = new Map<FunctionInfo, Set<VarId>>();
  private readonly byId = new Map<VarId, Variable>();
  private readonly defs = new Map<VarId, readonly Definition[]>();
  private readonly typeParameters = new Set<TSESTree.Node>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly outline: Outline) {}

  meaning(identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Meaning {
    return this.meanings.get(identifier) ?? builtin(identifier.name);
  }

  owned(info: FunctionInfo): Map<VarId, Variable> {
    return getOrMake(this.byOwner, info, () => new Map<VarId, Variable>());
  }

  free(info: FunctionInfo): Set<VarId> {
    return getOrMake(this.frees, info, () => new Set<VarId>());
  }

  isTypeParameter(name: TSESTree.Identifier): boolean {
    return this.typeParameters.has(name);
  }

  variable(id: VarId): Variable | undefined {
    return this.byId.get(id);
  }

  definitions(id: VarId): readonly Definition[] {
    return this.defs.get(id) ?? [];
  }

  /** The function whose activation holds the variables of a scope. */
  private owner(scope: Scope): FunctionInfo {
    return getOrMake(this.owners, scope, () => {
      if (scope.type === ScopeType.function || scope.type === ScopeType.functionExpressionName) {
        const info = this.outline.functionOf.get(scope.block);
        if (info) return info;
      }
      if (scope.type === ScopeType.classFieldInitializer) {
        const info = this.outline.fieldOwner.get(scope.block);
        if (info) return info;
      }
      return scope.upper ? this.owner(scope.upper) : this.outline.module;
    });
  }

  declare(scope: Scope): void {
    for (const variable of scope.variables) {
      const meaning = this.declared(variable, scope);
      if (!meaning) continue;
      this.ids.set(variable, meaning);
      for (const identifier of variable.identifiers) this.meanings.set(identifier, meaning);
    }
  }

  private declared(variable: ScopeVariable, scope: Scope): Meaning | null {
    const defs = variable.defs.filter((def) => runs(def));
    if (variable.defs.length === 0) return variable.name === 'arguments' ? { kind: 'arguments' } : null;
    if (defs.length === 0) return variable.defs.some((def) => isAmbientDefinition(def)) ? builtin(variable.name) : null;
    const [def] = defs;
    if (scope.type === ScopeType.tsEnum) {
      const holder = scope.upper.set.get((scope.block as TSESTree.TSEnumDeclaration).id.name);
      const meaning = holder && this.ids.get(holder);
      return meaning?.kind === 'variable' ? { kind: 'enum-member', enum: meaning.id, name: variable.name } : null;
    }
    if (scope.type === ScopeType.class && scope.block.type === T.ClassDeclaration) {
      const outer = scope.upper?.set.get(variable.name);
      const meaning = outer && this.ids.get(outer);
      if (meaning) return meaning;
    }
    // The function's own scope takes the name over when it declares it again.
    if (scope.type === ScopeType.functionExpressionName && scope.childScopes[0]?.set.has(variable.name)) return null;
    const owner = this.owner(scope);
    const id = this.add(owner, variable.name, {
      kind: kindOf(def!),
      ...this.binding(def!, variable),
      constant: isConstant(variable, defs),
    });
    this.defs.set(id, defs);
    return { kind: 'variable', id };
  }

  private add(owner: FunctionInfo, name: string, rest: Pick<Variable, 'kind' | 'constant' | 'import' | 'target'>): VarId {
    const plain = `${owner.id}/${name}`;
    const count = this.counts.get(plain) ?? 0;
    this.counts.set(plain, count + 1);
    const id = count === 0 ? plain : `${plain}#${count}`;
    const variable: Variable = { id, name, owner: owner.id, captured: false, ...rest };
    this.owned(owner).set(id, variable);
    this.byId.set(id, variable);
    return id;
  }

  /** What a declaration binds its name to, where the source tells. */
  private binding(def: Definition, variable: ScopeVariable): Pick<Variable, 'import' | 'target'> & { kind?: VariableKind } {
    switch (def.type) {
      case DefinitionType.FunctionName: {
        const target = this.outline.functionOf.get(def.node);
        return target ? { target: target.id } : {};
      }
      case DefinitionType.ClassName: {
        const target = this.outline.classOf.get(def.node);
        return target ? { target: target.id } : {};
      }
      case DefinitionType.ImportBinding: {
        const source = importSource(def);
        return source ? { import: source } : { kind: 'local' };
      }
      case DefinitionType.Variable: {
        if (!isConstant(variable, [def])) return {};
        const source = requireBinding(def, variable.name);
        if (source) return { kind: 'import', import: source };
        const init = def.node.id.type === T.Identifier && def.node.init ? bare(def.node.init) : null;
        if (!init) return {};
        const fn = this.outline.functionOf.get(init);
        if (fn) return { kind: 'function', target: fn.id };
        const cls = this.outline.classOf.get(init);
        return cls ? { kind: 'class', target: cls.id } : {};
      }
      default:
        return {};
    }
  }

  refer(reference: Reference): void {
    if (!reference.isValueReference) {
      if (reference.resolved?.defs[0]?.node.type === T.TSTypeParameter) this.typeParameters.add(reference.identifier);
      return;
    }
    const meaning = reference.resolved ? (this.ids.get(reference.resolved) ?? null) : null;
    const known = meaning ?? builtin(reference.identifier.name);
    this.meanings.set(reference.identifier, known);
    const id = known.kind === 'variable' ? known.id : known.kind === 'enum-member' ? known.enum : null;
    if (id === null) return;
    const variable = this.byId.get(id);
    for (let fn: FunctionInfo | null = this.owner(reference.from); fn && fn.id !== variable?.owner; fn = fn.parent) {
      this.free(fn).add(id);
      if (variable) variable.captured = true;
    }
  }

  /** Corrects what only the references tell: `require` that is a function of the module's own. */
  settle(scope: Scope): void {
    for (const variable of scope.variables) {
      const meaning = this.ids.get(variable);
      const def = variable.defs[0];
      if (meaning?.kind !== 'variable' || def?.type !== DefinitionType.Variable) continue;
      const known = this.byId.get(meaning.id);
      if (known?.kind !== 'import') continue;
      const call = requiredCall(def.node.init);
      const callee = call && this.meaning(call.callee);
      if (callee?.kind === 'variable' && callee.id === 'builtin/require') continue;
      known.kind = 'local';
      delete known.import;
    }
  }
}

/** Adds a variable that the source has no name for (`<param0>`); returns its id. */
export function addSynthetic(scopes: Scopes, owner: FunctionInfo, name: string, rest: Pick<Variable, 'kind' | 'target' | 'type'>): VarId {
  const id = `${owner.id}/${name}`;
  scopes.owned(owner).set(id, { id, name, owner: owner.id, constant: true, captured: false, ...rest });
  return id;
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function builtin(name: string): Meaning {
  return { kind: 'variable', id: `builtin/${name}` };
}

function kindOf(def: Definition): VariableKind {
  switch (def.type) {
    case DefinitionType.Parameter:
      return 'param';
    case DefinitionType.FunctionName:
      return 'function';
    case DefinitionType.ClassName:
      return 'class';
    case DefinitionType.ImportBinding:
      return 'import';
    default:
      return 'local';
  }
}

/** A definition that stands for a value at run time. */
function runs(def: Definition): boolean {
  if (def.type === DefinitionType.Type) return false;
  if (def.type === DefinitionType.FunctionName) {
    return def.node.type === T.FunctionDeclaration || def.node.type === T.FunctionExpression;
  }
  return !isAmbientDefinition(def);
}

function isAmbientDefinition(def: Definition): boolean {
  return isAmbient(def.node) || (def.parent != null && isAmbient(def.parent)) || def.node.type === T.TSDeclareFunction;
}

/** Bound exactly once, where it is declared. Default values of a pattern are part of that binding. */
function isConstant(variable: ScopeVariable, defs: readonly Definition[]): boolean {
  if (defs.length !== 1) return false;
  return variable.references.every((reference) => !reference.isWrite() || reference.init === true);
}

function importSource(def: Extract<Definition, { type: DefinitionType.ImportBinding }>): ImportSource | null {
  const { node, parent } = def;
  if (node.type === T.TSImportEqualsDeclaration) {
    const { moduleReference } = node;
    if (moduleReference.type !== T.TSExternalModuleReference) return null;
    const module = moduleReference.expression.type === T.Literal ? moduleReference.expression.value : null;
    return typeof module === 'string' ? { module, name: null } : null;
  }
  const module = parent?.type === T.ImportDeclaration ? String(parent.source.value) : '';
  switch (node.type) {
    case T.ImportDefaultSpecifier:
      return { module, name: 'default' };
    case T.ImportNamespaceSpecifier:
      return { module, name: null };
    default:
      return { module, name: node.imported ? keyName(node.imported) : def.name.name };
  }
}

function requiredCall(init: TSESTree.Expression | null): ReturnType<typeof requiredModule> {
  const value = init ? bare(init) : null;
  return requiredModule(value?.type === T.MemberExpression && !value.computed ? value.object : value);
}

/** `const x = require('m')`, `const {a, b: c} = require('m')`, `const f = require('m').f`: what a name of it is bound to. */
function requireBinding(def: Extract<Definition, { type: DefinitionType.Variable }>, name: string): ImportSource | null {
  const required = requiredCall(def.node.init);
  if (!required) return null;
  const value = bare(def.node.init!);
  const member = value.type === T.MemberExpression ? keyName(value.property) : null;
  const pattern = def.node.id;
  if (pattern.type === T.Identifier) return { module: required.module, name: member };
  if (member !== null || !isPlainObjectPattern(pattern)) return null;
  for (const property of pattern.properties) {
    if (property.type === T.Property && property.value.type === T.Identifier && property.value.name === name) {
      return { module: required.module, name: keyName(property.key) };
    }
  }
  return null;
}

/** `{a, b: c}` with neither rest, defaults, computed keys nor patterns inside. */
export function isPlainObjectPattern(pattern: TSESTree.Node): pattern is TSESTree.ObjectPattern {
  return (
    pattern.type === T.ObjectPattern &&
    pattern.properties.every((p) => p.type === T.Property && !p.computed && p.value.type === T.Identifier)
  );
}
