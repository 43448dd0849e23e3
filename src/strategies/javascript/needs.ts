/**
 * What the code that moves to the worker needs there: values that are sent, modules that are imported, and the file's own functions and
 * constants, which move along when the file cannot be loaded in a worker.
 */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { TextEdit } from '../../edit/edit';
import { freshName } from '../../edit/javascript';
import type { Workspace } from '../types';
import { WORKER_GLOBALS } from './builtins';
import { classEffect, isConstant, isFrozen, loadingEffect, requiredPath, resolveBeside, threadBound } from './purity';
import { Refusal } from '../refusal';
import { baseName, contains, isFunction, sourceOf, walk, type Node, type Reference, type Source, type Variable } from './syntax';
import { functionOf, isPrimitive, type Types } from './types';

/** A value that the parent sends. */
export interface SentValue {
  /** Its name in the worker. */
  readonly name: string;
  /** How the parent gets it: the name itself, or `this.width`. */
  readonly expression: string;
  /** A number, boolean or short string: cheap to send with every task. Others are sent once to each worker. */
  readonly small: boolean;
  readonly annotation: Node | null;
  readonly variable: Variable | null;
}

export interface ImportNeed {
  readonly declaration: TSESTree.ImportDeclaration | TSESTree.VariableDeclaration;
  /** Bindings of it that the worker uses. */
  readonly names: Set<string>;
  readonly typeOnly: boolean;
}

export interface Needs {
  readonly values: readonly SentValue[];
  /** Module constants that only moved functions read and that are computed when the program runs: the worker has them from its start. */
  readonly atStart: readonly SentValue[];
  readonly imports: readonly ImportNeed[];
  /** Statements that move to the worker module, in order. */
  readonly moved: readonly Node[];
  /** Names that moved and are still used in the file. */
  readonly importedBack: readonly string[];
  /** Names that moved and are exported by the file. */
  readonly exportedBack: readonly string[];
  /** Names that the worker imports from the file. */
  readonly fromFile: readonly string[];
  /** Interfaces and type aliases of the file that the worker's code names. */
  readonly types: readonly Variable[];
  /** Functions and classes that are there as values. */
  readonly carried: ReadonlySet<Variable>;
  /** Functions inside the loop's function that only the loop uses: they go into the worker's. */
  readonly inner: readonly Node[];
  /** Changes of the worker's text: `this.width` → `width`. */
  readonly edits: readonly TextEdit[];
}

/** Errors that keep their class when they are copied. */
const CLONED_ERRORS = /^(?:Eval|Range|Reference|Syntax|Type|URI)?Error$/;

/** In a `try` of the same code, with a `catch`. */
function isCaught(source: Source, node: Node, within: Node): boolean {
  for (const at of source.outwards(node)) {
    const parent = source.parent(at);
    if (at === within || isFunction(at)) return false;
    if (parent?.type === T.TryStatement && parent.block === at && parent.handler) return true;
  }
  return false;
}

export interface NeedsInput {
  readonly source: Source;
  readonly types: Types;
  readonly workspace: Workspace;
  readonly system: 'esm' | 'commonjs';
  /** The body of an iteration. */
  readonly inside: Node;
  /** Whether a node of it will run in the worker; the rest stays in the parent. */
  readonly inWorker: (node: Node) => boolean;
  /** All of the loop: its other uses of a name go away with it. */
  readonly loop: Node;
  /** Variables that the worker makes itself. */
  readonly provided: ReadonlySet<Variable>;
  readonly taken: Set<string>;
}

/** @throws Refusal for what cannot be had in a worker. */
export function planNeeds(input: NeedsInput): Needs {
  return new NeedsPlanner(input).plan();
}

interface Helper {
  readonly variable: Variable;
  /** The whole statement, `export` included. */
  readonly statement: Node;
}

class NeedsPlanner {
  private readonly values = new Map<string, SentValue>();
  private readonly atStart = new Map<Variable, SentValue>();
  private readonly imports = new Map<Node, ImportNeed>();
  private readonly helpers = new Map<Variable, Helper>();
  /** Module constants that the body itself reads. */
  private readonly constants = new Map<Variable, Reference>();
  private readonly types = new Set<Variable>();
  private readonly inner = new Map<Variable, Node>();
  private readonly edits: TextEdit[] = [];
  private readonly thisNames = new Map<string, string>();

  constructor(private readonly input: NeedsInput) {}

  plan(): Needs {
    this.code(this.input.inside, null);
    this.settleConstants();
    const importable = this.importable();
    const moved = importable ? [] : this.movedStatements();
    const back = importable ? { importedBack: [], exportedBack: [] } : this.back(moved);
    this.settleStart(back.importedBack);
    this.refuseInnerUses();
    return {
      values: [...this.values.values()],
      atStart: [...this.atStart.values()],
      imports: [...this.imports.values()],
      moved,
      ...back,
      fromFile: importable ? [...this.helpers.keys()].map((v) => v.name) : [],
      // A class that travels as a value is a type there too.
      types: [...this.types].filter((v) => !this.helpers.has(v)),
      carried: new Set(this.helpers.keys()),
      inner: [...this.inner.values()].sort((a, b) => a.range[0] - b.range[0]),
      edits: this.edits,
    };
  }

  /** Goes over code that will run in the worker; `helper` is the function of the file that it belongs to. */
  private code(node: Node, helper: string | null): void {
    const { source, provided } = this.input;
    const runs = (at: Node): boolean => helper !== null || this.input.inWorker(at);
    const bound = threadBound(source, node, runs);
    if (bound) throw new Refusal(`${source.of(bound)} on line ${source.line(bound)} is something else in a worker`, 'read it before the loop, and use the value');
    this.thisOf(node, helper, runs);
    this.refuseOwnErrors(node, runs);
    for (const reference of source.referencesIn(node)) {
      const { identifier, resolved } = reference;
      if (!runs(identifier) || (resolved && provided.has(resolved))) continue;
      if (!resolved) {
        this.global(identifier, reference);
        continue;
      }
      const definition = resolved.defs[0];
      // A function's own `arguments`.
      if (!definition && helper !== null && contains(node, resolved.scope.block)) continue;
      if (!definition) throw new Refusal(`${resolved.name} on line ${source.line(identifier)} means something else in a worker`, 'take the values by name');
      if (contains(node, definition.name)) continue;
      if (resolved.scope.type === 'module') this.moduleVariable(resolved, reference, helper);
      else this.localVariable(resolved, reference, helper);
    }
  }

  /** An error of a class of one's own comes back as a plain Error: what is thrown in a worker must be one of the language's. */
  private refuseOwnErrors(node: Node, runs: (node: Node) => boolean): void {
    const { source, types } = this.input;
    walk(node, (at) => {
      if (at.type !== T.ThrowStatement || !runs(at) || isCaught(source, at, node)) return undefined;
      const type = types.of(at.argument);
      const line = source.line(at);
      if (type?.name === 'class') throw new Refusal(`${source.of(at.argument)} on line ${line} would come back from a worker as a plain Error`, 'throw one of the language’s own errors');
      if (type && /Error$/.test(type.name) && !CLONED_ERRORS.test(type.name)) throw new Refusal(`a ${type.name} thrown on line ${line} would come back from a worker as a plain Error`, 'throw one of the language’s own errors');
      if (at.argument.type === T.CallExpression && source.of(at.argument.callee) === 'Object.assign') throw new Refusal(`what is thrown on line ${line} would come back from a worker without its properties`, 'put what it says into the message');
      return undefined;
    });
  }

  private global(identifier: Node, reference: Reference): void {
    const { source, system } = this.input;
    const name = (identifier as TSESTree.Identifier).name;
    if (reference.isTypeReference && !reference.isValueReference) return;
    const commonjs = system === 'commonjs' && (name === 'require' || name === '__dirname');
    if (!WORKER_GLOBALS.has(name) && !commonjs) {
      throw new Refusal(`${name} on line ${source.line(identifier)} is not known to be there in a worker`);
    }
    if (name === 'globalThis') throw new Refusal(`globalThis on line ${source.line(identifier)} is another object in a worker`);
  }

  private thisOf(node: Node, helper: string | null, runs: (node: Node) => boolean): void {
    const { source } = this.input;
    walk(node, (at) => {
      if (at !== node && (at.type === T.FunctionExpression || at.type === T.FunctionDeclaration || at.type === T.ClassBody)) return false;
      if (helper !== null && (node.type === T.FunctionDeclaration || node.type === T.ClassDeclaration)) return false;
      if (at.type === T.Super || (at.type === T.MetaProperty && source.of(at) === 'new.target')) {
        throw new Refusal(`${source.of(at)} on line ${source.line(at)} cannot be used in a worker`);
      }
      if (at.type === T.ThisExpression && runs(at)) this.thisField(at);
      return undefined;
    });
  }

  /** `this.width` is sent as `width`. */
  private thisField(node: Node): void {
    const { source, types, taken } = this.input;
    const member = source.parent(node);
    const line = source.line(node);
    if (member?.type !== T.MemberExpression || member.object !== node || member.computed) {
      throw new Refusal(`this on line ${line} cannot be copied to a worker`, 'use the fields that the loop needs');
    }
    const call = source.parent(member);
    if (call?.type === T.CallExpression && call.callee === member) {
      throw new Refusal(`${source.of(member)}() on line ${line} is a method, which needs its object`, 'make it a function that takes what it reads');
    }
    const field = source.of(member.property);
    let name = this.thisNames.get(field);
    if (!name) {
      const plain = field.replace(/^#/, '');
      name = freshName([plain, `own${plain[0]!.toUpperCase()}${plain.slice(1)}`], taken);
      this.thisNames.set(field, name);
      const definition = source.fieldDefinitions(plain).find((d) => d.annotation)?.annotation ?? null;
      const known = source.fieldDefinitions(plain);
      const small = known.length > 0 && known.every((d) => isPrimitive(d.annotation ? types.annotation(d.annotation) : d.value ? types.of(d.value) : null));
      this.values.set(name, { name, expression: `this.${field}`, small, annotation: definition, variable: null });
    }
    this.edits.push({ start: member.range[0], end: member.range[1], text: name });
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Names of the loop's function

  private localVariable(variable: Variable, reference: Reference, helper: string | null): void {
    const { source } = this.input;
    const line = source.line(reference.identifier);
    const definition = variable.defs[0]!;
    if (definition.type === DefinitionType.Type) {
      throw new Refusal(`the type ${variable.name} is declared inside a function (line ${source.line(definition.node)})`, 'declare it at the top of the file');
    }
    if (reference.isTypeReference && !reference.isValueReference) throw new Refusal(`the type ${variable.name} on line ${line} belongs to a function`, 'name the type itself');
    const fn = functionOf(variable);
    if (fn || definition.type === DefinitionType.ClassName) {
      if (definition.type === DefinitionType.ClassName) throw new Refusal(`the class ${variable.name} is declared inside a function (line ${source.line(definition.node)})`, 'declare it at the top of the file');
      if (this.inner.has(variable)) return;
      const statement = fn!.type === T.FunctionDeclaration ? fn! : source.parent(definition.node as Node)!;
      if (statement.type === T.VariableDeclaration && statement.declarations.length > 1) throw new Refusal(`${variable.name} is declared together with others (line ${source.line(statement)})`, 'declare it by itself');
      if (fn!.async || fn!.generator) throw new Refusal(`${variable.name} on line ${line} is no plain function`);
      this.inner.set(variable, statement);
      this.code(fn!, helper);
      return;
    }
    this.value(variable, reference);
  }

  private value(variable: Variable, reference: Reference): void {
    const { source, types } = this.input;
    if (this.values.has(variable.name)) return;
    if (reference.isWrite()) throw new Refusal(`${variable.name} is changed on line ${source.line(reference.identifier)}, which a worker cannot do`);
    const type = types.variable(variable);
    const name = variable.defs[0]!.name;
    const annotation = 'typeAnnotation' in name ? ((name.typeAnnotation as TSESTree.TSTypeAnnotation | undefined)?.typeAnnotation ?? null) : null;
    this.values.set(variable.name, {
      name: variable.name,
      expression: variable.name,
      small: isPrimitive(type) && !(type!.name === 'string' && !this.isShort(variable)),
      annotation: annotation ?? type?.written ?? null,
      variable,
    });
  }

  private isShort(variable: Variable): boolean {
    const definition = variable.defs[0]!.node;
    return definition.type === T.VariableDeclarator && definition.init?.type === T.Literal && String(definition.init.value).length < 1000;
  }

  /** A function that moves into the worker's must not be missed where it was. */
  private refuseInnerUses(): void {
    const { source, loop } = this.input;
    const gone = [loop, ...this.inner.values()];
    for (const variable of this.inner.keys()) {
      const use = variable.references.find((r) => !r.init && !gone.some((g) => contains(g, r.identifier)));
      if (use) {
        throw new Refusal(
          `${variable.name} is a function inside another, and used both by the loop and on line ${source.line(use.identifier)}`,
          `move ${variable.name} to the top of the file`,
        );
      }
    }
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Names of the file

  private moduleVariable(variable: Variable, reference: Reference, helper: string | null): void {
    const { source } = this.input;
    const definition = variable.defs[0]!;
    const onlyType = reference.isTypeReference && !reference.isValueReference;
    switch (definition.type) {
      case DefinitionType.ImportBinding:
        return this.import(definition.parent as TSESTree.ImportDeclaration, variable.name, onlyType);
      case DefinitionType.Type:
        this.types.add(variable);
        return;
      case DefinitionType.ClassName:
        if (onlyType) this.types.add(variable);
        else this.helper(variable, definition.node, reference);
        return;
      case DefinitionType.FunctionName:
      case DefinitionType.TSEnumName:
        return this.helper(variable, definition.node, reference);
      case DefinitionType.Variable: {
        const declaration = source.parent(definition.node) as TSESTree.VariableDeclaration;
        if (requiredPath(definition.node.init) !== null) return this.import(declaration, variable.name, false);
        if (onlyType) throw new Refusal(`typeof ${variable.name} on line ${source.line(reference.identifier)} needs the value`);
        if (functionOf(variable)) return this.helper(variable, declaration, reference);
        if (helper === null) {
          this.constants.set(variable, reference);
          return;
        }
        return this.stateOfHelper(variable, declaration, reference, helper);
      }
      default:
        throw new Refusal(`${variable.name} on line ${source.line(reference.identifier)} cannot be followed`);
    }
  }

  /** A variable of the file that a function reads which is to run in the worker. */
  private stateOfHelper(variable: Variable, declaration: TSESTree.VariableDeclaration, reference: Reference, helper: string): void {
    const { source, types } = this.input;
    const line = source.line(reference.identifier);
    const remedy = `hand ${variable.name} to ${helper} as a parameter`;
    if (!isFrozen(source, types, variable)) throw new Refusal(`${helper} reads ${variable.name}, which the file changes (line ${line})`, remedy);
    const definition = variable.defs[0]!.node as TSESTree.VariableDeclarator;
    if (definition.id.type === T.Identifier && isConstant(source, definition.init)) return this.helper(variable, declaration, reference);
    this.refuseUncopyable(variable, reference);
    this.atStart.set(variable, { name: variable.name, expression: variable.name, small: false, annotation: types.variable(variable)?.written ?? null, variable });
  }

  private refuseUncopyable(variable: Variable, reference: Reference): void {
    const { source } = this.input;
    if (reference.isWrite()) throw new Refusal(`${variable.name} is changed on line ${source.line(reference.identifier)}, which a worker cannot do`);
  }

  private helper(variable: Variable, node: Node, reference: Reference): void {
    const { source } = this.input;
    if (this.helpers.has(variable)) return;
    const line = source.line(reference.identifier);
    if (variable.defs.length !== 1) throw new Refusal(`${variable.name} is declared more than once (line ${line})`);
    if (variable.references.some((r) => r.isWrite() && !r.init)) throw new Refusal(`${variable.name} is assigned again in this file (line ${line})`);
    if (node.type === T.ClassDeclaration && classEffect(source, node)) throw new Refusal(`making the class ${variable.name} runs code (line ${source.line(node)})`);
    if (contains(node, this.input.loop)) throw new Refusal(`the loop calls ${variable.name} (line ${line}), which it stands in itself`);
    const parent = source.parent(node)!;
    const statement = parent.type === T.ExportNamedDeclaration || parent.type === T.ExportDefaultDeclaration ? parent : node;
    this.helpers.set(variable, { variable, statement });
    this.code(node, variable.name);
  }

  private import(declaration: TSESTree.ImportDeclaration | TSESTree.VariableDeclaration, name: string, onlyType: boolean): void {
    const { source, workspace } = this.input;
    const typeOnly = onlyType || (declaration.type === T.ImportDeclaration && declaration.importKind === 'type');
    const specifier = declaration.type === T.ImportDeclaration ? declaration.source.value : requiredPath(declaration.declarations[0]!.init)!;
    if (declaration.type === T.VariableDeclaration && declaration.declarations.length > 1) {
      throw new Refusal(`${name} is required together with others (line ${source.line(declaration)})`, 'require it by itself');
    }
    const file = resolveBeside(source.path, specifier, workspace);
    if (file && !typeOnly) {
      const effect = loadingEffect(sourceOf(file, workspace.read(file)!), workspace);
      if (effect) {
        throw new Refusal(
          `${name} comes from ${baseName(file)}, and loading that in a worker would run line ${effect.source.line(effect.node)} of ${baseName(effect.source.path)} again`,
          `move ${name} to a module of its own`,
        );
      }
    }
    const known = this.imports.get(declaration);
    if (known) {
      known.names.add(name);
      if (known.typeOnly && !typeOnly) this.imports.set(declaration, { ...known, typeOnly: false });
    } else this.imports.set(declaration, { declaration, names: new Set([name]), typeOnly });
  }

  /** Constants of the file that the body reads: sent, unless they move along with a function that needs them. */
  private settleConstants(): void {
    const { source, types } = this.input;
    for (const [variable, reference] of this.constants) {
      if (this.helpers.has(variable) || this.atStart.has(variable)) continue;
      const definition = variable.defs[0]!.node;
      const type = types.variable(variable);
      const uncopied = type?.name === 'RegExp' || type?.name === 'symbol';
      if (uncopied && definition.type === T.VariableDeclarator && isFrozen(source, types, variable) && isConstant(source, definition.init)) {
        this.helper(variable, source.parent(definition)!, reference);
      } else this.value(variable, reference);
    }
  }

  /** The file may be loaded in a worker, and exports all that is needed: the worker imports it. */
  private importable(): boolean {
    const { source, workspace } = this.input;
    if (this.helpers.size === 0) return false;
    if (this.atStart.size > 0) return false;
    if ([...this.helpers.values()].some(({ variable }) => !this.isExported(variable))) return false;
    return loadingEffect(source, workspace) === null;
  }

  private isExported(variable: Variable): boolean {
    const { source } = this.input;
    if (source.parent(variable.defs[0]!.node as Node)?.type === T.ExportNamedDeclaration) return true;
    const declaration = source.parent(variable.defs[0]!.node as Node);
    if (declaration?.type === T.VariableDeclaration && source.parent(declaration)?.type === T.ExportNamedDeclaration) return true;
    return variable.references.some((r) => {
      const parent = source.parent(r.identifier);
      if (parent?.type === T.ExportSpecifier) return parent.exported.type === T.Identifier && parent.exported.name === variable.name;
      if (parent?.type === T.Property && parent.value === r.identifier) {
        const assignment = source.parent(source.parent(parent)!);
        return assignment?.type === T.AssignmentExpression && source.of(assignment.left) === 'module.exports' && parent.key.type === T.Identifier && parent.key.name === variable.name;
      }
      return parent?.type === T.AssignmentExpression && parent.right === r.identifier && /^(?:module\.)?exports\.\w+$/.test(source.of(parent.left)) && source.of(parent.left).endsWith(`.${variable.name}`);
    });
  }

  private movedStatements(): Node[] {
    const { source } = this.input;
    const statements = new Set<Node>();
    for (const { statement, variable } of this.helpers.values()) {
      if (statement.type === T.ExportDefaultDeclaration) throw new Refusal(`${variable.name} is the default export of a file that cannot be loaded in a worker (line ${source.line(statement)})`, 'export it by name');
      const declaration = statement.type === T.ExportNamedDeclaration ? statement.declaration! : statement;
      if (declaration.type === T.VariableDeclaration) {
        for (const declarator of declaration.declarations) {
          const names = source.declared(declarator);
          if (declaration.declarations.length > 1 && !names.every((v) => this.helpers.has(v) || (isFrozen(source, this.input.types, v) && isConstant(source, declarator.init)))) {
            throw new Refusal(`${variable.name} is declared together with others (line ${source.line(declaration)})`, 'declare it by itself');
          }
        }
      }
      statements.add(statement);
    }
    return [...statements].sort((a, b) => a.range[0] - b.range[0]);
  }

  private back(moved: readonly Node[]): { importedBack: string[]; exportedBack: string[] } {
    const { source, loop } = this.input;
    const gone = [...moved, loop, ...this.inner.values()];
    const importedBack: string[] = [];
    const exportedBack: string[] = [];
    for (const statement of moved) {
      const declaration = statement.type === T.ExportNamedDeclaration ? statement.declaration! : statement;
      const variables = declaration.type === T.VariableDeclaration ? declaration.declarations.flatMap((d) => source.declared(d)) : source.declared(declaration).filter((v) => v.defs[0]?.node === declaration && v.scope.type === 'module');
      for (const variable of new Set(variables)) {
        if (statement.type === T.ExportNamedDeclaration) exportedBack.push(variable.name);
        if (variable.references.some((r) => !r.init && !gone.some((g) => contains(g, r.identifier)))) importedBack.push(variable.name);
      }
    }
    return { importedBack, exportedBack };
  }

  /** Values that moved functions find at the worker's start are not there for the file that would import these functions back. */
  private settleStart(importedBack: readonly string[]): void {
    const { source } = this.input;
    for (const variable of this.atStart.keys()) {
      if (importedBack.length === 0) {
        this.values.delete(variable.name);
        continue;
      }
      const reader = [...this.helpers.values()].find(({ statement }) => source.referencesIn(statement).some((r) => r.resolved === variable))!;
      throw new Refusal(
        `${reader.variable.name} reads ${variable.name}, which is computed when the program runs, and is used outside the loop too`,
        `hand ${variable.name} to ${reader.variable.name} as a parameter`,
      );
    }
  }
}

