/** The loop as syntax: where its iterations come from, and what each of them runs. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { LoopReport } from '../../analysis/report';
import { Refusal } from '../refusal';
import { contains, functionName, isFunction, isLoopStatement, walk, type FunctionNode, type Node, type Range, type Source, type Variable } from './syntax';
import { functionOf, isArray, returnsOf, type Types } from './types';

/** A constant that the header of a `for` declares beside its counter: `for (let i = 0, n = xs.length; …`. */
export interface HeaderConstant {
  readonly name: string;
  readonly value: Node;
}

export type Header =
  /** Counts up by one from a whole number: workers count for themselves. */
  | {
      readonly kind: 'counter';
      readonly name: string;
      readonly start: Node | null;
      readonly stop: Node;
      readonly inclusive: boolean;
      /** The bound is a whole number for certain. */
      readonly whole: boolean;
      readonly constants: readonly HeaderConstant[];
    }
  /** Any other header: it runs in the parent, and the values of its variable are handed out. */
  | { readonly kind: 'listed'; readonly name: string; readonly head: string; readonly constants: readonly HeaderConstant[] }
  | {
      readonly kind: 'items';
      /** What an element is bound to, as written, and its node. Null when the callback takes none. */
      readonly target: Node | null;
      /** The expression that gives the elements. */
      readonly iterable: Node;
      /** Its value is an array: it can be cut up as it is. */
      readonly array: boolean;
      /** It is a typed array: what `.map` makes of it is one, too. */
      readonly typed: boolean;
      /** How other iterables become an array. */
      readonly gather: 'spread' | 'for-each' | 'array-from';
      /** The callback's second parameter. */
      readonly index: string | null;
    };

export type Method = 'map' | 'filter' | 'flatMap' | 'forEach' | 'from' | 'reduce';

export type Body =
  | { readonly kind: 'statements'; readonly statements: readonly Node[]; readonly range: Range; /** `return` of a callback goes on with the next element. */ readonly returns: boolean }
  /** Each iteration's value. */
  | { readonly kind: 'value'; readonly value: Node; readonly before: readonly Node[]; readonly range: Range }
  /** A callback that is called as it is: several returns, or a function by name. */
  | { readonly kind: 'callback'; readonly callback: Node };

export interface LoopSyntax {
  readonly node: Node;
  /** The function around it; null at the module's top level. */
  readonly fn: FunctionNode | null;
  /** The statement that it is, or stands in. */
  readonly statement: Node;
  readonly label: string | null;
  readonly header: Header;
  readonly body: Body;
  readonly method: Method | null;
  /** What every iteration runs: the loop's body, or the callback. */
  readonly inside: Node;
  /** `var` or outer counter: its value may be seen after the loop. */
  readonly accumulator: { readonly parameter: TSESTree.Identifier; readonly initial: Node } | null;
}

/** @throws Refusal for loops whose shape a pool cannot run. */
export function readLoop(source: Source, types: Types, loop: LoopReport): LoopSyntax {
  const node = findLoop(source, loop);
  return isLoopStatement(node) ? readStatement(source, types, node, loop) : readCall(source, types, node as TSESTree.CallExpression, loop);
}

function findLoop(source: Source, loop: LoopReport): Node {
  let found: Node | null = null;
  walk(source.program, (node) => {
    if (!contains(node, loop.extent) && !contains(loop.extent, node)) return false;
    const whole = node.range[0] === loop.extent.start && node.range[1] === loop.extent.end;
    if (isLoopStatement(node) && (whole || node.range[0] === loop.range.start)) found ??= node;
    if (node.type === T.CallExpression) {
      const name = node.callee.type === T.MemberExpression ? node.callee.property : node.callee;
      if (name.range[0] === loop.range.start || (whole && loop.kind === 'call' && !found)) found = node;
    }
    if (node.type === T.LabeledStatement && whole && isLoopStatement(node.body)) found = node.body;
    return undefined;
  });
  if (!found) throw new Refusal('the loop is not found in the file as it is now');
  return found;
}

// ---------------------------------------------------------------------------------------------------------------------
// Statements

function readStatement(source: Source, types: Types, node: Node, loop: LoopReport): LoopSyntax {
  const parent = source.parent(node);
  const labelled = parent?.type === T.LabeledStatement ? parent : null;
  const line = source.line(node);
  if (node.type === T.WhileStatement || node.type === T.DoWhileStatement) {
    throw new Refusal(`the number of iterations of the ${node.type === T.WhileStatement ? 'while' : 'do'} loop on line ${line} is not known before it runs`, 'a for loop over a known range could be shared out');
  }
  if (node.type === T.ForOfStatement && node.await) throw new Refusal(`the loop on line ${line} awaits its elements one after another`);
  if (node.type !== T.ForStatement && node.type !== T.ForOfStatement && node.type !== T.ForInStatement) throw new Refusal('the loop is of an unknown kind');
  const header = node.type === T.ForStatement ? readFor(source, types, node, loop) : readForEach(source, types, node, loop);
  return {
    node,
    fn: source.functionAround(node),
    statement: labelled ?? node,
    label: labelled?.label.name ?? null,
    header,
    body: blockBody(source, node.body, false),
    method: null,
    inside: node.body,
    accumulator: null,
  };
}

function blockBody(source: Source, body: Node, returns: boolean): Body {
  if (body.type !== T.BlockStatement) return { kind: 'statements', statements: [body], range: { start: body.range[0], end: body.range[1] }, returns };
  const inner = source.text.slice(body.range[0] + 1, body.range[1] - 1);
  const start = body.range[0] + 1 + /^\s*/.exec(inner)![0].length;
  const end = body.range[1] - 1 - /\s*$/.exec(inner)![0].length;
  return { kind: 'statements', statements: body.body, range: { start, end: Math.max(start, end) }, returns };
}

function readFor(source: Source, types: Types, node: TSESTree.ForStatement, loop: LoopReport): Header {
  const line = source.line(node);
  if (loop.header.kind !== 'counter' || !node.init || !node.test || !node.update) {
    throw new Refusal(`the number of iterations of the loop on line ${line} is not known before it runs`, 'count with one variable that only the header changes, up to a bound that the body leaves alone');
  }
  if (node.init.type !== T.VariableDeclaration) {
    throw new Refusal(`the loop on line ${line} counts with a variable from outside it`, `declare the counter in the header: for (let …`);
  }
  const declared = source.declared(node.init);
  if (node.init.kind === 'var') refuseUsesOutside(source, node, declared);
  const counted = node.init.declarations.filter((d) => source.declared(d).some((v) => v.references.some((r) => r.isWrite() && !r.init)));
  const [counter] = counted;
  if (counted.length !== 1 || counter!.id.type !== T.Identifier || !counter!.init) {
    throw new Refusal(`the loop on line ${line} does not count with one variable`);
  }
  const constants = node.init.declarations
    .filter((d) => d !== counter)
    .map((d): HeaderConstant => {
      if (d.id.type !== T.Identifier || !d.init) throw new Refusal(`the header of the loop on line ${line} declares more than counters and constants`);
      if (contains(d, counter!)) throw new Refusal(`the header of the loop on line ${line} is too involved`);
      return { name: d.id.name, value: d.init };
    });
  const name = counter!.id.name;
  const { test, update } = node;
  const byOne =
    (update.type === T.UpdateExpression && update.operator === '++') ||
    (update.type === T.AssignmentExpression && update.operator === '+=' && update.right.type === T.Literal && update.right.value === 1);
  const upTo = test.type === T.BinaryExpression && test.left.type === T.Identifier && test.left.name === name && (test.operator === '<' || test.operator === '<=');
  if (byOne && upTo && isWhole(source, types, counter!.init)) {
    const zero = counter!.init.type === T.Literal && counter!.init.value === 0;
    return { kind: 'counter', name, start: zero ? null : counter!.init, stop: test.right, inclusive: test.operator === '<=', whole: isWhole(source, types, test.right), constants };
  }
  if (constants.some((c) => source.referencesIn(c.value).some((r) => r.resolved?.name === name))) {
    throw new Refusal(`the header of the loop on line ${line} is too involved`, 'declare its constants before it');
  }
  return { kind: 'listed', name, head: `let ${source.of(counter!)}; ${source.of(test)}; ${source.of(update)}`, constants };
}

/** A whole number for certain: counting on from it by ones is exact. */
function isWhole(source: Source, types: Types, node: Node): boolean {
  if (node.type === T.Literal) return Number.isInteger(node.value);
  if (node.type === T.UnaryExpression && node.operator === '-') return isWhole(source, types, node.argument);
  if (node.type === T.BinaryExpression && /^[+\-*]$/.test(node.operator)) return isWhole(source, types, node.left) && isWhole(source, types, node.right);
  if (node.type === T.MemberExpression) return !node.computed && node.property.type === T.Identifier && (node.property.name === 'length' || node.property.name === 'size');
  if (node.type === T.CallExpression && node.callee.type === T.MemberExpression && node.callee.object.type === T.Identifier && node.callee.object.name === 'Math') {
    return !source.variable(node.callee.object) && node.callee.property.type === T.Identifier && /^(?:floor|ceil|round|trunc)$/.test(node.callee.property.name);
  }
  if (node.type === T.Identifier) {
    const variable = source.variable(node);
    const definition = variable?.defs[0]?.node;
    if (!variable || variable.references.some((r) => r.isWrite() && !r.init)) return false;
    return definition?.type === T.VariableDeclarator && definition.id === variable.identifiers[0] && !!definition.init && isWhole(source, types, definition.init);
  }
  return false;
}

/** A `var` outlives its loop. Another loop that sets it anew first does no harm. */
function refuseUsesOutside(source: Source, node: Node, variables: readonly Variable[]): void {
  for (const variable of variables) {
    for (const { identifier } of variable.references) {
      if (contains(node, identifier)) continue;
      const anew = [...source.outwards(identifier)].some((at) => {
        if (at.type !== T.ForStatement && at.type !== T.ForOfStatement && at.type !== T.ForInStatement) return false;
        const init = at.type === T.ForStatement ? at.init : at.left;
        return init !== null && source.referencesIn(init).some((r) => r.resolved === variable && r.isWrite());
      });
      if (!anew) throw new Refusal(`${variable.name} is used outside the loop, on line ${source.line(identifier)}`, `declare it with let in the header`);
    }
  }
}

function readForEach(source: Source, types: Types, node: TSESTree.ForOfStatement | TSESTree.ForInStatement, loop: LoopReport): Header {
  const line = source.line(node);
  if (node.left.type !== T.VariableDeclaration) {
    throw new Refusal(`the loop on line ${line} assigns each element to a variable from outside it`, 'declare the variable in the header: for (const …');
  }
  if (node.left.kind === 'var') refuseUsesOutside(source, node, source.declared(node.left));
  if (node.type === T.ForInStatement) {
    const { id } = node.left.declarations[0]!;
    if (id.type !== T.Identifier) throw new Refusal(`the header of the loop on line ${line} is too involved`);
    return { kind: 'listed', name: id.name, head: source.text.slice(node.left.range[0], node.right.range[1]), constants: [] };
  }
  refuseLazy(source, loop, node.right);
  return {
    kind: 'items',
    target: node.left.declarations[0]!.id,
    iterable: node.right,
    array: isArray(types.of(node.right)),
    typed: false,
    gather: 'spread',
    index: null,
  };
}

function refuseLazy(source: Source, loop: LoopReport, iterable: Node): void {
  if (loop.header.kind === 'elements' && loop.header.lazy) {
    throw new Refusal(`${source.of(iterable)} gives its elements one by one as the loop asks for them (line ${source.line(iterable)})`, 'gather them in an array first');
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Calls

function readCall(source: Source, types: Types, call: TSESTree.CallExpression, loop: LoopReport): LoopSyntax {
  const line = source.line(loop.range.start);
  const { callee } = call;
  if (callee.type !== T.MemberExpression || callee.computed || callee.property.type !== T.Identifier || call.optional || callee.optional) {
    throw new Refusal(`the call on line ${line} is not one of those that can be shared out`);
  }
  const name = callee.property.name;
  const fn = source.functionAround(call);
  const statement = source.statementAround(call);
  if (!statement) throw new Refusal(`the call on line ${line} stands in no statement`);
  const common = { node: call, fn, statement, label: null };
  if (name === 'from') return { ...common, ...readFrom(source, types, call), method: 'from', accumulator: null };
  if (name === 'some' || name === 'every' || name === 'find' || name === 'findIndex' || name === 'findLast' || name === 'findLastIndex') {
    throw new Refusal(`.${name} on line ${line} stops at the first hit; a pool would run all of it`);
  }
  if (name === 'reduceRight') throw new Refusal(`.reduceRight on line ${line} runs from the end`, 'use .reduce, or a for loop');
  if (name !== 'map' && name !== 'filter' && name !== 'flatMap' && name !== 'forEach' && name !== 'reduce') {
    throw new Refusal(`.${name} on line ${line} is not one of the calls that can be shared out`);
  }
  refuseLazy(source, loop, callee.object);
  const callback = call.arguments[0];
  if (!callback || callback.type === T.SpreadElement) throw new Refusal(`.${name} on line ${line} is called without a function of its own`);
  if (name === 'reduce') return { ...common, ...readReduce(source, types, call, callee.object, callback), method: 'reduce' };
  if (call.arguments.length > 1) throw new Refusal(`.${name} on line ${line} is given a value for this`, 'use an arrow function');
  const { body, params, inside } = readCallback(source, callback, name);
  return {
    ...common,
    header: itemsHeader(source, types, callee.object, params, name === 'forEach' ? 'for-each' : 'spread', line),
    body,
    inside,
    method: name,
    accumulator: null,
  };
}

function itemsHeader(source: Source, types: Types, iterable: Node, params: readonly Node[], gather: 'for-each' | 'spread' | 'array-from', line: number): Header {
  if (params.length > 2) throw new Refusal(`the callback on line ${line} takes the whole array as its third parameter`, 'name the array itself');
  const [target, index] = params;
  if (index && index.type !== T.Identifier) throw new Refusal(`the callback on line ${line} takes its index apart`);
  const type = types.of(iterable);
  if (type?.name === 'Map' && index) throw new Refusal(`the callback on line ${line} is called with the keys of a Map`, 'use for (const [key, value] of …)');
  const array = isArray(type);
  if (/^(?:new )?Array\([^,]*\)$/.test(source.of(iterable))) throw new Refusal(`${source.of(iterable)} on line ${line} has no elements, only a length`, 'use Array.from({ length: … }, …)');
  if (index && !array && gather === 'for-each') {
    throw new Refusal(`the type of ${source.of(iterable)} is not known, so the second parameter on line ${line} may be an index or a key`, 'use for…of with .entries()');
  }
  return { kind: 'items', target: target ?? null, iterable, array, typed: array && type!.name !== 'array', gather, index: index?.name ?? null };
}

function readFrom(source: Source, types: Types, call: TSESTree.CallExpression): Pick<LoopSyntax, 'header' | 'body' | 'inside'> {
  const line = source.line(call);
  const callee = call.callee as TSESTree.MemberExpression;
  if (callee.object.type !== T.Identifier || callee.object.name !== 'Array' || source.variable(callee.object)) {
    throw new Refusal(`${source.of(callee)} on line ${line} makes something else than an array`, 'make an array first, and convert it');
  }
  const [from, callback] = call.arguments;
  if (call.arguments.length !== 2 || from!.type === T.SpreadElement || callback!.type === T.SpreadElement) {
    throw new Refusal(`Array.from on line ${line} is not called with a source and a function`);
  }
  const { body, params, inside } = readCallback(source, callback!, 'map');
  if (!isFunction(callback!)) throw new Refusal(`Array.from on line ${line} is given a function by name`, `write it as an arrow function`);
  const length = lengthOf(from!);
  if (!length) return { header: itemsHeader(source, types, from!, params, 'array-from', line), body, inside };
  if (params.length > 2) throw new Refusal(`the callback on line ${line} takes more than an element and its index`);
  const [unused, index] = params;
  if (unused && (unused.type !== T.Identifier || source.declared(callback!).some((v) => v.name === unused.name && v.references.length > 0))) {
    throw new Refusal(`the callback on line ${line} uses its first parameter, which is always undefined`);
  }
  if (index && index.type !== T.Identifier) throw new Refusal(`the callback on line ${line} takes its index apart`);
  return {
    header: { kind: 'counter', name: index?.name ?? '', start: null, stop: length, inclusive: false, whole: isWhole(source, types, length), constants: [] },
    body,
    inside,
  };
}

/** `n` of `{ length: n }`. */
function lengthOf(node: Node): Node | null {
  if (node.type !== T.ObjectExpression || node.properties.length !== 1) return null;
  const [property] = node.properties;
  if (property!.type !== T.Property || property!.computed || property!.key.type !== T.Identifier || property!.key.name !== 'length') return null;
  return property!.value;
}

interface Callback {
  readonly body: Body;
  readonly params: readonly Node[];
  readonly inside: Node;
}

function readCallback(source: Source, callback: Node, method: 'map' | 'filter' | 'flatMap' | 'forEach'): Callback {
  const line = source.line(callback);
  if (!isFunction(callback)) return namedCallback(source, callback);
  refuseCallback(callback, line);
  const params = callback.params as Node[];
  if (params.some((p) => p.type === T.AssignmentPattern || p.type === T.RestElement)) {
    throw new Refusal(`the parameters of the callback on line ${line} are more than names and patterns`, 'take defaults inside the function');
  }
  if (callback.body.type !== T.BlockStatement) {
    const value = callback.body;
    const body: Body =
      method === 'forEach'
        ? { kind: 'statements', statements: [value], range: { start: value.range[0], end: value.range[1] }, returns: true }
        : { kind: 'value', value, before: [], range: { start: value.range[0], end: value.range[1] } };
    return { body, params, inside: callback.body };
  }
  const returns = returnsOf(callback);
  if (method === 'forEach') {
    if (returns.some((r) => r.argument)) throw new Refusal(`the callback on line ${line} returns a value that nothing reads`);
    return { body: blockBody(source, callback.body, true), params, inside: callback.body };
  }
  const last = callback.body.body.at(-1);
  if (returns.length === 1 && last?.type === T.ReturnStatement && last.argument) {
    const { range } = blockBody(source, callback.body, false) as Extract<Body, { kind: 'statements' }>;
    return { body: { kind: 'value', value: last.argument, before: callback.body.body.slice(0, -1), range }, params, inside: callback.body };
  }
  return { body: { kind: 'callback', callback }, params, inside: callback };
}

function refuseCallback(callback: FunctionNode, line: number): void {
  if (callback.async) throw new Refusal(`the callback on line ${line} is async: its results are promises`, 'see javascript/promise-all for loops that wait');
  if (callback.generator) throw new Refusal(`the callback on line ${line} is a generator`);
}

/** `xs.map(f)`: called with as many arguments as it takes. */
function namedCallback(source: Source, callback: Node): Callback {
  const line = source.line(callback);
  if (callback.type !== T.Identifier) throw new Refusal(`the function ${source.of(callback)} on line ${line} cannot be followed`, 'write it as an arrow function');
  const variable = source.variable(callback);
  const fn = functionOf(variable);
  if (!fn) throw new Refusal(`the function ${callback.name} on line ${line} cannot be followed`, `write it as an arrow function: (x) => ${callback.name}(x)`);
  refuseCallback(fn, line);
  if (fn.params.length > 1 || fn.params.some((p) => p.type === T.RestElement)) {
    throw new Refusal(`${callback.name} takes more than one parameter, and .map hands it the index too (line ${line})`, `write it as an arrow function: (x) => ${callback.name}(x)`);
  }
  return { body: { kind: 'callback', callback }, params: [], inside: callback };
}

function readReduce(source: Source, types: Types, call: TSESTree.CallExpression, iterable: Node, callback: Node): Omit<LoopSyntax, 'node' | 'fn' | 'statement' | 'label' | 'method'> {
  const line = source.line(callback);
  const initial = call.arguments[1];
  if (!initial || initial.type === T.SpreadElement) throw new Refusal(`.reduce on line ${line} has no initial value`, 'give it one');
  if (!isFunction(callback) || callback.params[0]?.type !== T.Identifier) throw new Refusal(`.reduce on line ${line} is not given a function of its own`, 'write it as an arrow function');
  refuseCallback(callback, line);
  const params = (callback.params as Node[]).slice(1);
  let value: Node | null = callback.body;
  if (value.type === T.BlockStatement) value = value.body.length === 1 && value.body[0]!.type === T.ReturnStatement ? value.body[0]!.argument : null;
  if (!value) throw new Refusal(`the callback of .reduce on line ${line} is more than one expression`, 'use a for loop');
  return {
    header: itemsHeader(source, types, iterable, params, 'spread', line),
    body: { kind: 'value', value, before: [], range: { start: value.range[0], end: value.range[1] } },
    inside: callback.body,
    accumulator: { parameter: callback.params[0], initial },
  };
}

/** The name of what runs the loop, for functions that are made from it: `main`, or the variable that takes the result. */
export function subjectOf(source: Source, loop: LoopSyntax): string | null {
  const parent = source.parent(loop.node);
  if (parent?.type === T.VariableDeclarator && parent.id.type === T.Identifier) return parent.id.name;
  if (loop.fn) {
    const name = functionName(source, loop.fn);
    if (/^[A-Za-z_$][\w$]*$/.test(name) && name !== 'main' && name !== 'constructor') return name;
  }
  return null;
}

