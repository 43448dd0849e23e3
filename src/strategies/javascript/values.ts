/**
 * What a value is made of: whether a copy can stand for it. A value that an iteration makes for itself can be copied back; one that
 * something else holds too cannot, since `===` and later changes would tell; some cannot be copied at all.
 */
import { DefinitionType } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import { COPYING_METHODS, PART_METHODS, PRIMITIVE_METHODS, STRING_LIST_METHODS, TYPED_ARRAYS } from './builtins';
import { functionModel, methodModel, transferProblem, travels, variantFor } from './library';
import type { LoopReport } from '../../analysis/report';
import type { FunctionModel } from '../../models/types';
import { Refusal } from '../refusal';
import type { FarFunction, Modules } from './modules';
import { contains, isFunction, type FieldDefinition, type FunctionNode, type Node, type Range, type Source, type Variable } from './syntax';
import { functionOf, isPrimitive, returnsOf, type Type, type Types } from './types';

export type Kind =
  /** A copy cannot be told from it: a number, a string, or an object that only this iteration holds, with all that is in it. */
  | { readonly kind: 'own' }
  /** (Part of) something from outside the iteration. */
  | { readonly kind: 'shared'; readonly what: string }
  /** It does not survive the copying. */
  | { readonly kind: 'lost'; readonly why: string; readonly what: string }
  | { readonly kind: 'unknown'; readonly what: string };

const OWN: Kind = { kind: 'own' };

const FUNCTION = 'a function cannot be copied from a worker';

/**
 * Nothing is known of a value that has to come back: it may be anything. A loop of which little is known is rewritten only when the person
 * allows it, and then this is part of what they allow.
 * @throws Refusal for loops that are known to be parallel otherwise.
 */
export function refuseUnknown({ loop }: { readonly loop: LoopReport }, kind: { readonly what: string }, line: number): void {
  if (loop.verdict === 'unknown') return;
  throw new Refusal(`what ${kind.what} is on line ${line} cannot be told, so neither whether a copy would do`, 'give numbers, strings or new objects made of them');
}

/** The worst of several: what one part of a value loses, the value loses. */
function worst(kinds: readonly Kind[]): Kind {
  for (const kind of ['lost', 'unknown', 'shared'] as const) {
    const found = kinds.find((k) => k.kind === kind);
    if (found) return found;
  }
  return OWN;
}

export class Values {
  private readonly busy = new Set<unknown>();
  private readonly adopted = new Set<Variable>();
  /** Functions of this file that the expression is in, by calls. */
  private readonly frames: FunctionNode[] = [];
  /** Calls into other files on the way here. */
  private level = 0;

  /** @param inside the code of an iteration: what is declared in it is its own. */
  constructor(
    private readonly source: Source,
    private readonly types: Types,
    private readonly inside: Range,
    /** Variables that the header binds to something from outside: the element. */
    private readonly fromOutside: ReadonlySet<Variable>,
    /** Variables that the header binds to a number. */
    private readonly counters: ReadonlySet<Variable>,
    private readonly modules: Modules,
  ) {}

  /** Scratch that is declared outside, and set by each iteration before it is read: counts among an iteration's own from now on. */
  adopt(variable: Variable): void {
    this.adopted.add(variable);
  }

  /** @param bound kinds of the parameters of the function that the expression stands in. */
  of(node: Node, bound: ReadonlyMap<Variable, Kind> = new Map()): Kind {
    const type = this.types.of(node);
    if (isPrimitive(type)) return OWN;
    if (this.busy.has(node)) return OWN;
    this.busy.add(node);
    try {
      return this.expression(node, type, bound);
    } finally {
      this.busy.delete(node);
    }
  }

  /** What the calls of a function give that is handed over by name, with elements from outside. */
  called(callback: Node): Kind {
    const variable = callback.type === T.Identifier ? this.source.variable(callback) : null;
    const far = this.modules.functionOf(this.source, variable);
    if (far) {
      const shared: Kind = { kind: 'shared', what: this.source.of(callback) };
      return far.types.returned(far.fn) && isPrimitive(far.types.returned(far.fn)) ? OWN : this.inFile(far).withArguments(far.fn, far.fn.params.map(() => shared));
    }
    const fn = functionOf(variable);
    if (!fn) return this.unknown(callback);
    const bound = new Map(this.source.declared(fn).map((v): [Variable, Kind] => [v, { kind: 'shared', what: v.name }]));
    this.frames.push(fn);
    try {
      return this.results(fn, bound);
    } finally {
      this.frames.pop();
    }
  }

  private lost(node: Node, why: string): Kind {
    return { kind: 'lost', why, what: this.source.of(node) };
  }

  private unknown(node: Node): Kind {
    return { kind: 'unknown', what: this.source.of(node) };
  }

  private expression(node: Node, type: Type | null, bound: ReadonlyMap<Variable, Kind>): Kind {
    switch (node.type) {
      case T.ArrowFunctionExpression:
      case T.FunctionExpression:
        return this.lost(node, FUNCTION);
      case T.ClassExpression:
        return this.lost(node, 'a class cannot be copied from a worker');
      case T.ThisExpression:
        return { kind: 'shared', what: 'this' };
      case T.Identifier:
        return this.variable(node, bound);
      case T.ArrayExpression:
        return worst(node.elements.map((e) => (e === null ? OWN : e.type === T.SpreadElement ? this.elements(e.argument, bound) : this.of(e, bound))));
      case T.ObjectExpression:
        return worst(node.properties.map((p) => this.property(p, bound)));
      case T.NewExpression:
        return this.made(node, type, bound);
      case T.ConditionalExpression:
        return worst([this.of(node.consequent, bound), this.of(node.alternate, bound)]);
      case T.LogicalExpression:
        return worst([this.of(node.left, bound), this.of(node.right, bound)]);
      case T.AssignmentExpression:
        return this.of(node.right, bound);
      case T.SequenceExpression:
        return this.of(node.expressions.at(-1)!, bound);
      case T.TSAsExpression:
      case T.TSNonNullExpression:
      case T.TSSatisfiesExpression:
      case T.TSTypeAssertion:
      case T.ChainExpression:
        return this.of(node.expression, bound);
      case T.MemberExpression: {
        const known = this.knownField(node);
        if (known) return known;
        return this.of(node.object, bound);
      }
      case T.CallExpression:
        return this.call(node, bound);
      case T.Literal:
        return OWN;
      case T.BinaryExpression:
      case T.UnaryExpression:
      case T.UpdateExpression:
      case T.TemplateLiteral:
        return OWN;
      default:
        return this.unknown(node);
    }
  }

  private property(property: TSESTree.ObjectLiteralElement, bound: ReadonlyMap<Variable, Kind>): Kind {
    if (property.type === T.SpreadElement) return this.elements(property.argument, bound);
    if (property.kind !== 'init') return this.lost(property, 'a getter or setter is lost when its object is copied');
    if (property.key.type === T.Identifier && property.key.name === '__proto__') return this.lost(property, 'the prototype is lost when its object is copied');
    return this.of(property.value, bound);
  }

  /** What a container holds, when its elements go into another. */
  private elements(node: Node, bound: ReadonlyMap<Variable, Kind>): Kind {
    const type = this.types.of(node);
    if (type && (TYPED_ARRAYS.has(type.name) || type.name === 'string' || isPrimitive(type.element ?? null))) return OWN;
    const variable = node.type === T.Identifier ? this.source.variable(node) : null;
    if (variable && this.types.holdsNumbers(variable)) return OWN;
    return this.of(node, bound);
  }

  private made(node: TSESTree.NewExpression, type: Type | null, bound: ReadonlyMap<Variable, Kind>): Kind {
    if (type?.name === 'class') return this.lost(node, `an instance of ${this.source.of(node.callee)} loses its class when it is copied`);
    const name = type?.name ?? '';
    if (/Error$/.test(name)) return this.lost(node, 'an error loses its properties when it is copied');
    const problem = transferProblem(name);
    if (problem) return this.lost(node, problem);
    if (!travels(name)) return this.unknown(node);
    // `new Float64Array(array.buffer)` is a view of what it is given; `new Map(entries)` holds it.
    const buffers = name.endsWith('Array') || name === 'DataView';
    const given = node.arguments.map((a) => (a.type === T.SpreadElement ? this.elements(a.argument, bound) : buffers && this.isNumberOrArray(a) ? OWN : this.elements(a, bound)));
    return worst(given);
  }

  private isNumberOrArray(node: Node): boolean {
    const type = this.types.of(node);
    return isPrimitive(type) || type?.name === 'array' || (type !== null && TYPED_ARRAYS.has(type.name));
  }

  private variable(node: TSESTree.Identifier, bound: ReadonlyMap<Variable, Kind>): Kind {
    const variable = this.source.variable(node);
    if (!variable) return node.name === 'undefined' ? OWN : this.unknown(node);
    const given = bound.get(variable);
    if (given) return given;
    if (this.fromOutside.has(variable)) return { kind: 'shared', what: node.name };
    const [definition] = variable.defs;
    if (!definition || variable.defs.length !== 1) return this.unknown(node);
    if (definition.type === DefinitionType.FunctionName || definition.type === DefinitionType.ClassName) {
      return this.lost(node, `${node.name} is a ${definition.type === DefinitionType.ClassName ? 'class' : 'function'}, which cannot be copied to or from a worker`);
    }
    if (this.counters.has(variable)) return OWN;
    if (this.adopted.has(variable)) return this.assigned(variable, node, bound);
    if (![this.inside, ...this.frames].some((frame: Range | Node) => contains(frame, definition.name))) return { kind: 'shared', what: node.name };
    return this.assigned(variable, node, bound);
  }

  /** All that a local variable is ever set to, and all that is put into it. */
  private assigned(variable: Variable, node: Node, bound: ReadonlyMap<Variable, Kind>): Kind {
    if (this.busy.has(variable)) return OWN;
    this.busy.add(variable);
    try {
      const { node: definition, name } = variable.defs[0]!;
      if (definition.type !== T.VariableDeclarator) {
        // A parameter of a function inside the iteration: its elements come from what it is called on.
        return isFunction(definition as Node) ? this.callbackParameter(definition as FunctionNode, name, bound) : this.unknown(node);
      }
      const kinds: Kind[] = [];
      const loop = this.source.parent(this.source.parent(definition)!);
      if (definition.init && this.isCopyOfNumbers(variable, definition.init)) kinds.push(OWN);
      else if (definition.init) kinds.push(definition.id === name ? this.of(definition.init, bound) : this.elements(definition.init, bound));
      else if (loop?.type === T.ForOfStatement) kinds.push(this.elements(loop.right, bound));
      for (const reference of variable.references) {
        const parent = this.source.parent(reference.identifier);
        if (!parent) continue;
        if (reference.isWrite() && !reference.init) {
          kinds.push(parent.type === T.AssignmentExpression && parent.left === reference.identifier ? this.of(parent.right, bound) : parent.type === T.UpdateExpression ? OWN : this.unknown(node));
        }
        kinds.push(...this.putInto(reference.identifier, parent, bound));
      }
      return worst(kinds);
    } finally {
      this.busy.delete(variable);
    }
  }

  /** `const faded = row.slice();` with `faded[x] * 2` somewhere: a new array of numbers. */
  private isCopyOfNumbers(variable: Variable, init: Node): boolean {
    const copies = init.type === T.CallExpression && init.callee.type === T.MemberExpression && init.callee.property.type === T.Identifier && COPYING_METHODS.has(init.callee.property.name);
    const spreads = init.type === T.ArrayExpression && init.elements.every((e) => e?.type === T.SpreadElement);
    return (copies || spreads) && this.types.holdsNumbers(variable);
  }

  /** `v.push(x)`, `v[i] = x`, `v.f = x`, `v.set(k, x)`: what goes into the object that a name stands for. */
  private putInto(identifier: Node, parent: Node, bound: ReadonlyMap<Variable, Kind>): Kind[] {
    if (parent.type !== T.MemberExpression || parent.object !== identifier) return [];
    let member: Node = parent;
    let outer = this.source.parent(member);
    while (outer?.type === T.MemberExpression && outer.object === member) {
      member = outer;
      outer = this.source.parent(member);
    }
    if (outer?.type === T.AssignmentExpression && outer.left === member) return [this.of(outer.right, bound)];
    if (outer?.type !== T.CallExpression || outer.callee !== member || member.type !== T.MemberExpression || member.property.type !== T.Identifier) return [];
    if (!/^(?:push|unshift|add|set|fill|splice)$/.test(member.property.name)) return [];
    return outer.arguments.map((a) => (a.type === T.SpreadElement ? this.elements(a.argument, bound) : this.elementsOfSet(member.property, a, bound)));
  }

  /** A typed array's `set` copies what it is given. */
  private elementsOfSet(method: Node, argument: Node, bound: ReadonlyMap<Variable, Kind>): Kind {
    return method.type === T.Identifier && method.name === 'set' ? this.elements(argument, bound) : this.of(argument, bound);
  }

  private callbackParameter(fn: FunctionNode, name: Node, bound: ReadonlyMap<Variable, Kind>): Kind {
    const call = this.source.parent(fn);
    if (call?.type !== T.CallExpression || call.callee.type !== T.MemberExpression) return this.unknown(name);
    return this.elements(call.callee.object, bound);
  }

  private call(node: TSESTree.CallExpression, bound: ReadonlyMap<Variable, Kind>): Kind {
    const { callee } = node;
    const given = (): Kind => worst(node.arguments.map((a) => (a.type === T.SpreadElement ? this.elements(a.argument, bound) : this.of(a, bound))));
    if (callee.type === T.Identifier) {
      const variable = this.source.variable(callee);
      const fn = functionOf(variable);
      if (fn) return this.returned(fn, node, bound);
      const far = this.modules.functionOf(this.source, variable);
      if (far) return this.farResult(far, node, bound);
      if (!variable && callee.name === 'structuredClone') return OWN;
    }
    const library = functionModel(this.source, callee);
    const [first] = node.arguments;
    if (library) {
      if (this.source.of(callee) === 'Array.from' && node.arguments[1] && isFunction(node.arguments[1])) return this.results(node.arguments[1], bound);
      return this.modelled(variantFor(library, node.arguments), node, null, bound);
    }
    if (callee.type !== T.MemberExpression || callee.computed || callee.property.type !== T.Identifier) return this.unknown(node);
    const method = callee.property.name;
    if (method === 'map' || method === 'flatMap') return first && isFunction(first) ? this.results(first, bound) : first?.type === T.Identifier ? this.named(first, node) : this.unknown(node);
    if (method === 'concat') return worst([this.elements(callee.object, bound), given()]);
    if (method === 'fill') return worst([this.of(callee.object, bound), given()]);
    if (method === 'reduce' || method === 'reduceRight') return worst([first && isFunction(first) ? this.results(first, bound) : this.unknown(node), node.arguments[1] ? this.of(node.arguments[1], bound) : this.elements(callee.object, bound)]);
    const receiver = this.types.of(callee.object);
    const model = receiver && methodModel(receiver.name, method);
    if (model) return this.modelled(variantFor(model, node.arguments), node, callee.object, bound);
    if (PRIMITIVE_METHODS.has(method) || STRING_LIST_METHODS.has(method)) return OWN;
    if (COPYING_METHODS.has(method)) return this.elements(callee.object, bound);
    if (PART_METHODS.has(method)) return this.of(callee.object, bound);
    return this.unknown(node);
  }

  /** What a call of the library gives, by its model. */
  private modelled(model: FunctionModel, node: TSESTree.CallExpression, receiver: Node | null, bound: ReadonlyMap<Variable, Kind>): Kind {
    const { returns = 'unknown' } = model;
    const place = (name: string): Node | null => {
      if (name === 'receiver') return receiver;
      const argument = node.arguments[Number(/\d+/.exec(name)?.[0])];
      return argument && argument.type !== T.SpreadElement ? argument : null;
    };
    const type = this.types.of(node);
    const problem = type && transferProblem(type.name);
    if (problem) return this.lost(node, problem);
    if (returns === 'value') return OWN;
    if (returns === 'fresh') return type && travels(type.name) ? OWN : this.unknown(node);
    const from = place(returns.replace(/^.*:/, ''));
    if (!from) return this.unknown(node);
    return returns.startsWith('fresh-of:') ? this.elements(from, bound) : this.of(from, bound);
  }

  private named(callback: TSESTree.Identifier, node: Node): Kind {
    const fn = functionOf(this.source.variable(callback));
    return fn ? this.results(fn, new Map()) : /^(?:Number|String|Boolean|parseInt|parseFloat|BigInt)$/.test(callback.name) ? OWN : this.unknown(node);
  }

  /** What the calls of a callback give. */
  private results(fn: FunctionNode, bound: ReadonlyMap<Variable, Kind>): Kind {
    if (fn.async) return this.lost(fn, 'a promise cannot be copied from a worker');
    if (fn.generator) return this.lost(fn, 'a generator cannot be copied from a worker');
    if (fn.body?.type !== T.BlockStatement) return fn.body ? this.of(fn.body, bound) : OWN;
    return worst(returnsOf(fn).map((r) => (r.argument ? this.of(r.argument, bound) : OWN)));
  }

  private farResult(far: FarFunction, call: TSESTree.CallExpression, bound: ReadonlyMap<Variable, Kind>): Kind {
    if (this.level > 6) return OWN;
    const kinds = call.arguments.map((a) => (a.type === T.SpreadElement ? this.of(a.argument, bound) : this.of(a, bound)));
    const spread = call.arguments.some((a) => a.type === T.SpreadElement);
    return this.inFile(far).withArguments(
      far.fn,
      far.fn.params.map((_, at) => (spread ? worst(kinds) : (kinds[at] ?? OWN))),
    );
  }

  private inFile({ source, types, fn }: FarFunction): Values {
    const inner = new Values(source, types, { start: fn.range[0], end: fn.range[1] }, new Set(), new Set(), this.modules);
    inner.level = this.level + 1;
    return inner;
  }

  /** What a function gives when its parameters are of these kinds. */
  private withArguments(fn: FunctionNode, kinds: readonly Kind[]): Kind {
    const bound = new Map<Variable, Kind>();
    for (const [at, parameter] of fn.params.entries()) {
      for (const variable of this.source.declared(fn)) if (contains(parameter, variable.defs[0]!.name)) bound.set(variable, parameter.type === T.RestElement ? worst(kinds.slice(at)) : kinds[at]!);
    }
    return this.results(fn, bound);
  }

  /** What a call of a function of this file gives, with what its arguments are. */
  private returned(fn: FunctionNode, call: TSESTree.CallExpression, bound: ReadonlyMap<Variable, Kind>): Kind {
    if (this.busy.has(fn) || this.frames.length > 6) return OWN;
    const inner = new Map<Variable, Kind>();
    const whole = worst(call.arguments.map((a) => (a.type === T.SpreadElement ? this.of(a.argument, bound) : this.of(a, bound))));
    for (const [at, parameter] of fn.params.entries()) {
      const argument = call.arguments[at];
      const spread = call.arguments.some((a) => a.type === T.SpreadElement);
      const kind = spread ? whole : argument && argument.type !== T.SpreadElement ? this.of(argument, bound) : OWN;
      for (const variable of this.source.declared(fn)) if (contains(parameter, variable.defs[0]!.name)) inner.set(variable, parameter.type === T.RestElement ? whole : kind);
    }
    this.busy.add(fn);
    this.frames.push(fn);
    try {
      return this.results(fn, inner);
    } finally {
      this.frames.pop();
      this.busy.delete(fn);
    }
  }

  /** `x.name`, where every object in this file with a `name` has a number or string in it. */
  private knownField(node: TSESTree.MemberExpression): Kind | null {
    if (node.computed || node.property.type !== T.Identifier) return null;
    const definitions = this.source.fieldDefinitions(node.property.name);
    const type = (d: FieldDefinition): Type | null => (d.annotation ? this.types.annotation(d.annotation) : d.value ? this.types.of(d.value) : null);
    return definitions.length > 0 && definitions.every((d) => isPrimitive(type(d))) ? OWN : null;
  }
}
