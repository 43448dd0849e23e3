/** Whether the values that a worker is sent arrive as what they are: structured clone drops functions, classes and more. */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Capture } from '../../analysis/report';
import { CLONED } from './builtins';
import { transferProblem, travels } from './library';
import { Refusal } from '../refusal';
import { contains, isFunction, type Node, type Source, type Variable } from './syntax';
import { functionOf, isPrimitive, type Type, type Types } from './types';
import { bottomOf } from './writes';

/** Names of the methods that the language's own copied types have: a call of any other is of a class that the copy has lost. */
const METHODS: ReadonlySet<string> = new Set(
  [Array, String, Number, Boolean, BigInt, Map, Set, Date, RegExp, Object, ArrayBuffer, DataView, Object.getPrototypeOf(Int8Array) as { prototype: object }]
    .flatMap((type) => Object.getOwnPropertyNames(type.prototype))
    .concat(['toSorted', 'toReversed', 'toSpliced', 'with', 'at', 'findLast', 'findLastIndex', 'isWellFormed', 'union', 'intersection', 'difference']),
);

const FUNCTION = 'a function cannot be copied to a worker';

export class Transfer {
  private readonly checked = new Set<Variable>();

  constructor(
    private readonly source: Source,
    private readonly types: Types,
    private readonly captures: readonly Capture[],
  ) {}

  /** @throws Refusal when what a variable holds cannot be sent. */
  variable(variable: Variable, within: Node): void {
    const line = this.source.line(variable.references.find((r) => contains(within, r.identifier))?.identifier ?? variable.defs[0]!.name);
    const capture = this.captures.find((c) => c.name === variable.name);
    const seen = capture?.type?.name;
    const problem = seen === undefined ? null : transferProblem(seen);
    if (problem) this.refuse(variable.name, problem, line);
    const type = this.types.variable(variable);
    this.type(type, variable.name, line);
    const definition = variable.defs[0];
    if (definition?.type === DefinitionType.Variable && definition.node.init && definition.node.id === definition.name) this.literal(definition.node.init, variable.name, line);
    if (definition?.type === DefinitionType.Parameter) this.arguments(variable, line);
    this.use(variable, variable.name, within);
  }

  /** @throws Refusal when the value of an expression that each worker is sent cannot be. */
  expression(node: Node, within: Node): void {
    const line = this.source.line(node);
    this.type(this.types.of(node), this.source.of(node), line);
    const bottom = bottomOf(node);
    const variable = bottom && this.source.variable(bottom);
    if (variable && bottom === node) this.variable(variable, within);
    else this.literal(node, this.source.of(node), line);
  }

  private refuse(path: string, why: string, line: number, remedy?: string): never {
    throw new Refusal(`${path}: ${why} (line ${line})`, remedy ?? 'send plain data, and build what is needed from it in the loop');
  }

  private type(type: Type | null, path: string, line: number): void {
    if (!type || isPrimitive(type)) return;
    if (type.name === 'function') this.refuse(path, FUNCTION, line, 'define the function at the top of the file and call it by name');
    const problem = transferProblem(type.name);
    if (problem) this.refuse(path, problem, line);
    if (type.name === 'class') {
      const { declaration } = type;
      const name = declaration && (declaration.type === T.ClassDeclaration || declaration.type === T.ClassExpression) ? declaration.id?.name : null;
      this.refuse(path, `an instance of ${name ?? 'a class'} arrives in a worker without its class`, line);
    }
    if (type.name === 'constructor') this.refuse(path, 'a class cannot be copied to a worker', line);
    if (/Error$/.test(type.name)) this.refuse(path, 'an error arrives in a worker without its properties', line);
    if (type.element && (type.name === 'array' || type.name === 'Map' || type.name === 'Set')) this.type(type.element, `${path}[…]`, line);
    // `Foo` of a library: its class is lost unless it is one of those that structured clone knows.
    if (/^[A-Z]/.test(type.name) && !travels(type.name)) {
      this.refuse(path, `a ${type.name} is not known to arrive in a worker as it is`, line);
    }
    const { declaration } = type;
    if (declaration?.type === T.TSInterfaceDeclaration) this.members(declaration.body.body, path, line);
  }

  private members(members: readonly Node[], path: string, line: number): void {
    for (const member of members) {
      if (member.type === T.TSMethodSignature) this.refuse(`${path}.${this.source.of(member.key)}`, FUNCTION, line);
      if (member.type === T.TSPropertySignature && member.typeAnnotation?.typeAnnotation.type === T.TSFunctionType) {
        this.refuse(`${path}.${this.source.of(member.key)}`, FUNCTION, line);
      }
    }
  }

  /** What a literal is made of, down to the culprit: `config.compare`. */
  private literal(node: Node, path: string, line: number, depth = 0): void {
    if (depth > 6) return;
    switch (node.type) {
      case T.ObjectExpression:
        for (const property of node.properties) {
          if (property.type === T.SpreadElement) {
            this.literal(property.argument, path, line, depth + 1);
            continue;
          }
          const at = `${path}.${this.source.of(property.key)}`;
          if (property.kind !== 'init') this.refuse(at, 'a getter or setter is lost when its object is copied', line);
          if (property.method) this.refuse(at, FUNCTION, line);
          this.literal(property.value, at, line, depth + 1);
        }
        return;
      case T.ArrayExpression:
        for (const [at, element] of node.elements.entries()) if (element && element.type !== T.SpreadElement) this.literal(element, `${path}[${at}]`, line, depth + 1);
        return;
      case T.Identifier: {
        const variable = this.source.variable(node);
        const definition = variable?.defs[0];
        if (definition?.type === DefinitionType.ClassName) this.refuse(path, 'a class cannot be copied to a worker', line);
        if (definition?.type === DefinitionType.Variable && definition.node.init && definition.node.id === definition.name) this.literal(definition.node.init, path, line, depth + 1);
        else this.type(this.types.of(node), path, line);
        return;
      }
      default:
        this.type(this.types.of(node), path, line);
        if (node.type === T.CallExpression && this.source.of(node.callee) === 'Object.create') this.refuse(path, 'an object with a prototype of its own arrives in a worker without it', line);
    }
  }

  /** What the calls in this file hand to the function that the loop is in. */
  private arguments(parameter: Variable, line: number): void {
    const fn = parameter.defs[0]!.node as Node;
    if (!isFunction(fn)) return;
    const position = (fn.params as Node[]).findIndex((p) => p === parameter.defs[0]!.name);
    const name = fn.id ?? (this.source.parent(fn)?.type === T.VariableDeclarator ? (this.source.parent(fn) as TSESTree.VariableDeclarator).id : null);
    const variable = name && this.source.declared(fn.id ? fn : this.source.parent(fn)!).find((v) => v.name === (name as TSESTree.Identifier).name);
    if (position < 0 || !variable) return;
    for (const { identifier } of variable.references) {
      const call = this.source.parent(identifier);
      const argument = call?.type === T.CallExpression && call.callee === identifier ? call.arguments[position] : undefined;
      if (argument && argument.type !== T.SpreadElement) this.literal(argument, parameter.name, argument === parameter.defs[0]!.name ? line : this.source.line(argument), 1);
    }
  }

  /** How the worker's code uses a value: a call of it, or of a method that only its class has, would fail there. */
  use(variable: Variable, path: string, within: Node): void {
    if (this.checked.has(variable)) return;
    this.checked.add(variable);
    for (const { identifier, init } of variable.references) {
      if (init || !contains(within, identifier)) continue;
      this.usedAt(identifier, path, within);
    }
  }

  private usedAt(node: Node, path: string, within: Node): void {
    const { source } = this;
    const parent = source.parent(node);
    if (!parent) return;
    const line = source.line(node);
    switch (parent.type) {
      case T.CallExpression: {
        if (parent.callee === node) this.refuse(path, FUNCTION, line, 'define the function at the top of the file and call it by name');
        this.handedOn(parent, node, path);
        return;
      }
      case T.NewExpression:
        if (parent.callee === node) this.refuse(path, 'a class cannot be copied to a worker', line);
        return;
      case T.BinaryExpression:
        if (parent.operator === 'instanceof' && parent.left === node && !(parent.right.type === T.Identifier && !source.variable(parent.right) && CLONED.has(parent.right.name))) {
          this.refuse(path, `instanceof ${source.of(parent.right)} is false for a copy`, line);
        }
        return;
      case T.MemberExpression: {
        if (parent.object !== node) return;
        const name = !parent.computed ? source.of(parent.property) : null;
        const call = source.parent(parent);
        if (name?.startsWith('#')) this.refuse(path, 'its private fields are lost when it is copied', line);
        if (call?.type === T.CallExpression && call.callee === parent) {
          if (name === null || !METHODS.has(name)) this.refuse(path, `it has a method ${name ?? source.of(parent.property)}, and an object arrives in a worker without its methods`, line, 'make it a function that takes plain data');
          this.callbacks(call, path);
          return;
        }
        this.usedAt(parent, name === null ? `${path}[…]` : `${path}.${name}`, within);
        return;
      }
      case T.TSNonNullExpression:
      case T.TSAsExpression:
      case T.ChainExpression:
        this.usedAt(parent, path, within);
        return;
      case T.VariableDeclarator:
        if (parent.init === node) for (const variable of source.declared(parent)) this.use(variable, parent.id.type === T.Identifier ? path : `${path}.${variable.name}`, within);
        return;
      case T.ForOfStatement:
        if (parent.right === node) for (const variable of source.declared(parent.left)) this.use(variable, `${path}[…]`, within);
        return;
      default:
    }
  }

  /** `helper(value)`: what the function does with its parameter. */
  private handedOn(call: TSESTree.CallExpression, argument: Node, path: string): void {
    const fn = call.callee.type === T.Identifier ? functionOf(this.source.variable(call.callee)) : null;
    const parameter = fn?.params[call.arguments.indexOf(argument as TSESTree.CallExpressionArgument)];
    if (!fn || !parameter) return;
    for (const variable of this.source.declared(fn)) {
      if (contains(parameter, variable.defs[0]!.name)) this.use(variable, parameter.type === T.Identifier ? path : `${path}.${variable.name}`, fn);
    }
  }

  /** `values.map((value) => …)`: the elements. */
  private callbacks(call: TSESTree.CallExpression, path: string): void {
    for (const argument of call.arguments) {
      if (!isFunction(argument)) continue;
      const at = call.callee.type === T.MemberExpression && /^reduce/.test(this.source.of(call.callee.property)) ? 1 : 0;
      const element = argument.params[at];
      for (const variable of this.source.declared(argument)) if (element && contains(element, variable.defs[0]!.name)) this.use(variable, `${path}[…]`, argument);
    }
  }
}
