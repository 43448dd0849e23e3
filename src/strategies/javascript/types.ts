/** What an expression's type is, as far as annotations, literals and constructors tell. */
import { DefinitionType, type Definition } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { FunctionModel } from '../../models/types';
import { PRIMITIVES, PRIMITIVE_METHODS, TYPED_ARRAYS } from './builtins';
import { functionModel, methodModel, variantFor } from './library';
import type { Modules } from './modules';
import { childrenOf, isFunction, type FunctionNode, type Node, type Source, type Variable } from './syntax';

/** `number`, `string`, `primitive` (one of several), `array`, `Float64Array`, `Map`, `object`, `function`, `Promise`, or `class` with its declaration. */
export interface Type {
  readonly name: string;
  /** Of an array, set, or the value of a map. */
  readonly element?: Type | null;
  readonly fields?: (name: string) => Type | null;
  readonly declaration?: Node;
  /** As written, where it was annotated: for declarations of the same type elsewhere. */
  readonly written?: Node;
}

const NUMBER: Type = { name: 'number' };
const STRING: Type = { name: 'string' };
const BOOLEAN: Type = { name: 'boolean' };
const PRIMITIVE: Type = { name: 'primitive' };

export function isPrimitive(type: Type | null): boolean {
  return type !== null && PRIMITIVES.has(type.name);
}

/** An array or typed array: `length`, `slice` and a known order. */
export function isArray(type: Type | null): boolean {
  return type !== null && (type.name === 'array' || TYPED_ARRAYS.has(type.name));
}

export class Types {
  private readonly busy = new Set<unknown>();

  constructor(
    private readonly source: Source,
    private readonly modules: Modules,
  ) {}

  /** Type of an expression; null when it is not known. */
  of(node: Node): Type | null {
    if (this.busy.has(node)) return null;
    this.busy.add(node);
    try {
      return this.expression(node);
    } finally {
      this.busy.delete(node);
    }
  }

  private expression(node: Node): Type | null {
    switch (node.type) {
      case T.Literal:
        if ('regex' in node) return { name: 'RegExp' };
        if ('bigint' in node) return { name: 'bigint' };
        return node.value === null ? { name: 'null' } : { name: typeof node.value };
      case T.TemplateLiteral:
        return STRING;
      case T.Identifier:
        if (node.name === 'undefined') return { name: 'undefined' };
        if (node.name === 'NaN' || node.name === 'Infinity') return NUMBER;
        return this.variable(this.source.variable(node));
      case T.ArrayExpression:
        return { name: 'array', element: this.join(node.elements.map((e) => (e && e.type !== T.SpreadElement ? this.of(e) : null))) };
      case T.ObjectExpression:
        return { name: 'object', fields: (name) => this.literalField(node, name) };
      case T.ArrowFunctionExpression:
      case T.FunctionExpression:
        return { name: 'function', declaration: node };
      case T.ClassExpression:
        return { name: 'constructor', declaration: node };
      case T.NewExpression:
        return this.made(node);
      case T.UnaryExpression:
        if (node.operator === '!' || node.operator === 'delete') return BOOLEAN;
        if (node.operator === 'typeof') return STRING;
        if (node.operator === 'void') return { name: 'undefined' };
        return node.operator === '+' ? NUMBER : (this.numeric(node.argument) ?? PRIMITIVE);
      case T.BinaryExpression: {
        if (/^(?:[=!]==?|[<>]=?|in|instanceof)$/.test(node.operator)) return BOOLEAN;
        const left = node.left.type === T.PrivateIdentifier ? null : this.of(node.left);
        const right = this.of(node.right);
        if (node.operator === '+' && (left?.name === 'string' || right?.name === 'string')) return STRING;
        if (node.operator === '>>>') return NUMBER;
        // An operator of numbers gives a bigint only for two bigints.
        if (left?.name === 'number' && right?.name === 'number') return NUMBER;
        if (node.operator !== '+' && (left?.name === 'number' || right?.name === 'number')) return NUMBER;
        return PRIMITIVE;
      }
      case T.UpdateExpression:
        return this.numeric(node.argument) ?? PRIMITIVE;
      case T.LogicalExpression:
        return this.join([this.of(node.left), this.of(node.right)]);
      case T.ConditionalExpression:
        return this.join([this.of(node.consequent), this.of(node.alternate)]);
      case T.AssignmentExpression:
        if (node.operator === '=') return this.of(node.right);
        return /^(?:\?\?|\|\||&&)=$/.test(node.operator) ? null : PRIMITIVE;
      case T.SequenceExpression:
        return this.of(node.expressions.at(-1)!);
      case T.AwaitExpression: {
        const awaited = this.of(node.argument);
        return awaited?.name === 'Promise' ? (awaited.element ?? null) : null;
      }
      case T.ThisExpression: {
        const owner = this.classAround(node);
        return owner && this.instance(owner);
      }
      case T.TSNonNullExpression:
      case T.ChainExpression:
        return this.of(node.expression);
      case T.TSAsExpression:
      case T.TSTypeAssertion:
        return node.typeAnnotation.type === T.TSTypeReference && this.source.of(node.typeAnnotation) === 'const'
          ? this.of(node.expression)
          : this.annotation(node.typeAnnotation);
      case T.TSSatisfiesExpression:
        return this.of(node.expression);
      case T.CallExpression:
        return this.call(node);
      case T.MemberExpression:
        return this.member(node);
      default:
        return null;
    }
  }

  private numeric(node: Node): Type | null {
    const type = this.of(node);
    return type?.name === 'number' || type?.name === 'bigint' ? type : null;
  }

  private join(types: readonly (Type | null)[]): Type | null {
    const [first, ...rest] = types;
    if (!first) return null;
    return rest.reduce<Type | null>((a, b) => {
      if (!a || !b) return null;
      if (a.name === b.name) return a;
      return isPrimitive(a) && isPrimitive(b) ? PRIMITIVE : null;
    }, first);
  }

  private literalField(node: TSESTree.ObjectExpression, name: string): Type | null {
    for (const property of node.properties) {
      if (property.type !== T.Property || property.computed) return null;
      const key = property.key.type === T.Identifier ? property.key.name : property.key.type === T.Literal ? String(property.key.value) : null;
      if (key === name) return property.kind === 'init' ? this.of(property.value) : null;
    }
    return null;
  }

  private made(node: TSESTree.NewExpression): Type | null {
    if (node.callee.type !== T.Identifier) return null;
    const variable = this.source.variable(node.callee);
    if (!variable) {
      const name = node.callee.name;
      if (name === 'Array') return { name: 'array', element: null };
      if (name === 'Object') return { name: 'object' };
      return { name };
    }
    const declaration = variable.defs[0]?.node as Node | undefined;
    if (declaration?.type === T.ClassDeclaration) return this.instance(declaration);
    if (declaration?.type === T.VariableDeclarator && declaration.init?.type === T.ClassExpression) return this.instance(declaration.init);
    return { name: 'class', ...(declaration ? { declaration } : {}) };
  }

  private instance(declaration: TSESTree.ClassDeclaration | TSESTree.ClassExpression): Type {
    return { name: 'class', declaration, fields: (name) => this.memberOf(declaration.body.body, name) };
  }

  /** The class whose `this` a node is, seen through arrow functions. */
  private classAround(node: Node): TSESTree.ClassDeclaration | TSESTree.ClassExpression | null {
    for (const at of this.source.outwards(node)) {
      if (at.type === T.ClassBody) return this.source.parent(at) as TSESTree.ClassDeclaration | TSESTree.ClassExpression;
      const method = this.source.parent(at)?.type === T.MethodDefinition;
      if ((at.type === T.FunctionExpression && !method) || at.type === T.FunctionDeclaration) return null;
    }
    return null;
  }

  private memberOf(members: readonly Node[], name: string): Type | null {
    for (const member of members) {
      if (member.type === T.MethodDefinition && member.kind === 'constructor') {
        for (const parameter of member.value.params) {
          const given = parameter.type === T.TSParameterProperty ? parameter.parameter : null;
          const named = given?.type === T.AssignmentPattern ? given.left : given;
          if (named?.type === T.Identifier && named.name === name && named.typeAnnotation) return this.annotation(named.typeAnnotation.typeAnnotation);
        }
      }
      if (member.type !== T.TSPropertySignature && member.type !== T.PropertyDefinition) continue;
      if (member.computed || member.key.type !== T.Identifier || member.key.name !== name) continue;
      return member.typeAnnotation ? this.annotation(member.typeAnnotation.typeAnnotation) : null;
    }
    return null;
  }

  private call(node: TSESTree.CallExpression): Type | null {
    const { callee } = node;
    if (callee.type === T.Identifier) {
      const variable = this.source.variable(callee);
      if (!variable && callee.name === 'Array') return { name: 'array', element: null };
      const fn = functionOf(variable);
      if (fn) return this.returned(fn);
      const far = this.modules.functionOf(this.source, variable);
      if (far) return withoutDeclarations(far.types.returned(far.fn));
    }
    const library = functionModel(this.source, callee);
    if (library) return this.modelled(variantFor(library, node.arguments), node, null);
    if (callee.type !== T.MemberExpression || callee.computed || callee.property.type !== T.Identifier) return null;
    const method = callee.property.name;
    const receiver = this.of(callee.object);
    if (isArray(receiver) && /^(?:map|flatMap|flat|concat|with|toSpliced)$/.test(method)) {
      if (receiver!.name !== 'array') return method === 'flat' || method === 'flatMap' ? null : receiver;
      if (method === 'concat' || method === 'with') return receiver;
      const fn = node.arguments[0] && this.of(node.arguments[0]);
      return { name: 'array', element: method === 'map' && fn?.declaration && isFunction(fn.declaration) ? this.returned(fn.declaration) : null };
    }
    if (receiver) {
      const model = methodModel(receiver.name, method);
      if (model) return this.modelled(variantFor(model, node.arguments), node, receiver);
    }
    if (receiver === null && method === 'split') return { name: 'array', element: STRING };
    if (PRIMITIVE_METHODS.has(method)) return /^(?:has|includes|startsWith|endsWith|every|some|test)$/.test(method) ? BOOLEAN : PRIMITIVE;
    return null;
  }

  /** The type that a model gives the result of a call. */
  private modelled(model: FunctionModel, node: TSESTree.CallExpression, receiver: Type | null): Type | null {
    const { type } = model;
    if (type === undefined) return model.returns === 'value' ? PRIMITIVE : null;
    if (typeof type !== 'string') return null;
    const place = (name: string): Type | null => {
      if (name === 'receiver') return receiver;
      const argument = node.arguments[Number(name.slice(3))];
      return argument && argument.type !== T.SpreadElement ? this.of(argument) : null;
    };
    if (/^(?:receiver|arg\d)$/.test(type)) return place(type);
    const element = /^element:(receiver|arg\d)$/.exec(type);
    return element ? this.elementOf(place(element[1]!)) : parsedType(type);
  }

  /** What a call of a function gives: its annotation, else what all of its returns agree on. */
  returned(fn: FunctionNode): Type | null {
    if (fn.generator) return { name: 'Generator' };
    const wrap = (type: Type | null): Type | null => (fn.async ? { name: 'Promise', element: type } : type);
    if (fn.returnType) return this.annotation(fn.returnType.typeAnnotation);
    if (this.busy.has(fn)) return null;
    this.busy.add(fn);
    try {
      if (fn.body?.type !== T.BlockStatement) return wrap(fn.body ? this.of(fn.body) : null);
      return wrap(this.join(returnsOf(fn).map((r) => (r.argument ? this.of(r.argument) : { name: 'undefined' }))));
    } finally {
      this.busy.delete(fn);
    }
  }

  private member(node: TSESTree.MemberExpression): Type | null {
    const name = !node.computed && node.property.type === T.Identifier ? node.property.name : null;
    if (name === 'length' || name === 'size' || name === 'byteLength') return NUMBER;
    if (node.object.type === T.Identifier && !this.source.variable(node.object)) {
      if (node.object.name === 'Math' || (node.object.name === 'Number' && /^[A-Z_]+$/.test(name ?? ''))) return NUMBER;
    }
    const object = this.of(node.object);
    if (!object) return null;
    if (node.computed) {
      if (TYPED_ARRAYS.has(object.name)) return object.name.startsWith('Big') ? { name: 'bigint' } : NUMBER;
      if (object.name === 'string') return STRING;
      return object.name === 'array' ? (object.element ?? null) : null;
    }
    return name !== null && object.fields ? object.fields(name) : null;
  }

  /** Type of a variable, from its annotation, else from all that is ever assigned to it. */
  variable(variable: Variable | null): Type | null {
    if (!variable || this.busy.has(variable)) return null;
    this.busy.add(variable);
    try {
      const [definition] = variable.defs;
      if (!definition || variable.defs.length !== 1) return null;
      const type = this.definition(definition, variable);
      if (type === null) return this.references(variable).some((node) => this.isOperand(node)) ? PRIMITIVE : null;
      return type.name === 'array' && !type.element ? { ...type, element: this.putInto(variable) } : type;
    } finally {
      this.busy.delete(variable);
    }
  }

  private references(variable: Variable): Node[] {
    return variable.references.map((r) => r.identifier);
  }

  /** All that `xs.push(…)` and `xs[i] = …` put into an array agree on a type. */
  private putInto(variable: Variable): Type | null {
    const values: (Type | null)[] = [];
    for (const node of this.references(variable)) {
      const member = this.source.parent(node);
      if (member?.type !== T.MemberExpression || member.object !== node) continue;
      const outer = this.source.parent(member);
      if (member.computed && outer?.type === T.AssignmentExpression && outer.left === member) values.push(outer.operator === '=' ? this.of(outer.right) : PRIMITIVE);
      if (member.property.type !== T.Identifier || outer?.type !== T.CallExpression || outer.callee !== member) continue;
      if (/^(?:unshift|splice|fill)$/.test(member.property.name)) return null;
      if (member.property.name === 'push') values.push(...outer.arguments.map((a) => (a.type === T.SpreadElement ? null : this.of(a))));
    }
    return this.join(values);
  }

  /** What an array holds is calculated with: `xs[i] * 2`. */
  holdsNumbers(variable: Variable): boolean {
    return this.references(variable).some((node) => {
      const member = this.source.parent(node);
      return member?.type === T.MemberExpression && member.object === node && member.computed && this.isOperand(member);
    });
  }

  /** An operand of arithmetic, where an object would give NaN, or compared with a number. */
  private isOperand(node: Node): boolean {
    const parent = this.source.parent(node);
    if (parent?.type === T.BinaryExpression) {
      if (/^[<>]=?$/.test(parent.operator)) return this.of(parent.left === node ? parent.right : parent.left)?.name === 'number';
      return /^(?:[-*/%&|^]|\*\*|<<|>>>?)$/.test(parent.operator);
    }
    if (parent?.type === T.UnaryExpression) return /^[-+~]$/.test(parent.operator);
    if (parent?.type === T.UpdateExpression) return true;
    if (parent?.type === T.AssignmentExpression) return /^(?:[-*/%&|^]|\*\*|<<|>>>?)=$/.test(parent.operator);
    if (parent?.type !== T.CallExpression || parent.callee === node || parent.callee.type !== T.MemberExpression) return false;
    return parent.callee.object.type === T.Identifier && parent.callee.object.name === 'Math' && !this.source.variable(parent.callee.object);
  }

  private definition(definition: Definition, variable: Variable): Type | null {
    const annotated = 'typeAnnotation' in definition.name ? (definition.name.typeAnnotation as TSESTree.TSTypeAnnotation | undefined) : undefined;
    if (annotated) return this.annotation(annotated.typeAnnotation);
    switch (definition.type) {
      case DefinitionType.FunctionName:
        return { name: 'function', declaration: definition.node };
      case DefinitionType.ClassName:
        return { name: 'constructor', declaration: definition.node };
      case DefinitionType.Variable: {
        const declarator = definition.node;
        const written = variable.references.filter((r) => r.isWrite() && !r.init);
        const { init } = declarator;
        if (declarator.id.type !== T.Identifier) {
          if (written.length > 0 || !init) return null;
          return this.inPattern(declarator.id, definition.name, this.of(init), declarator.id.typeAnnotation);
        }
        const loop = this.source.parent(this.source.parent(declarator)!);
        if (!init && loop?.type === T.ForOfStatement) return written.length > 0 ? null : (this.of(loop.right)?.element ?? this.elementOf(this.of(loop.right)));
        if (!init && loop?.type === T.ForInStatement) return STRING;
        const values: (Type | null)[] = init ? [this.of(init)] : [];
        for (const reference of written) {
          const parent = this.source.parent(reference.identifier);
          if (parent?.type === T.UpdateExpression) values.push(values[0]?.name === 'number' ? NUMBER : PRIMITIVE);
          else if (parent?.type === T.AssignmentExpression && parent.left === reference.identifier) {
            if (parent.operator === '=') values.push(this.of(parent.right));
            else if (values[0]?.name === 'number' && this.of(parent.right)?.name === 'number') values.push(NUMBER);
            else values.push(/^(?:\?\?|\|\||&&)=$/.test(parent.operator) ? this.of(parent.right) : PRIMITIVE);
          } else return null;
        }
        // `null` and `undefined` before the first value say nothing about it.
        const known = values.filter((t) => t?.name !== 'null' && t?.name !== 'undefined');
        return this.join(known.length > 0 ? known : values);
      }
      case DefinitionType.Parameter: {
        const parameter = definition.node.params.find((p) => p.range[0] <= definition.name.range[0] && definition.name.range[1] <= p.range[1]);
        if (!parameter || variable.references.some((r) => r.isWrite() && !r.init)) return null;
        if (parameter.type === T.RestElement && parameter.argument === definition.name) return { name: 'array', element: null };
        if (parameter.type === T.ObjectPattern || parameter.type === T.ArrayPattern) return this.inPattern(parameter, definition.name, null, parameter.typeAnnotation);
        return parameter === definition.name ? this.callbackParameter(definition.node, parameter) : null;
      }
      default:
        return null;
    }
  }

  /** The parameter of a callback that is called with the elements of an array: `xs.map((x) => …)`. */
  private callbackParameter(fn: Node, parameter: Node): Type | null {
    const call = this.source.parent(fn);
    if (!isFunction(fn) || call?.type !== T.CallExpression || call.callee.type !== T.MemberExpression) return null;
    const method = call.callee.property.type === T.Identifier ? call.callee.property.name : '';
    if (method === 'from' && call.arguments[1] === fn) return fn.params[1] === parameter ? NUMBER : null;
    if (call.arguments[0] !== fn || !/^(?:map|forEach|filter|flatMap|some|every|find|findIndex)$/.test(method)) return null;
    if (fn.params[1] === parameter) return isArray(this.of(call.callee.object)) ? NUMBER : null;
    const receiver = this.of(call.callee.object);
    return fn.params[0] === parameter ? (receiver?.element ?? this.elementOf(receiver)) : null;
  }

  private elementOf(type: Type | null): Type | null {
    if (!type) return null;
    if (type.name === 'Map') return null;
    if (TYPED_ARRAYS.has(type.name)) return type.name.startsWith('Big') ? { name: 'bigint' } : NUMBER;
    return type.name === 'string' ? STRING : (type.element ?? null);
  }

  private inPattern(pattern: Node, name: Node, whole: Type | null, annotation: TSESTree.TSTypeAnnotation | undefined): Type | null {
    const type = annotation ? this.annotation(annotation.typeAnnotation) : whole;
    if (pattern === name) return type;
    if (!type) return null;
    if (pattern.type === T.ObjectPattern) {
      for (const property of pattern.properties) {
        if (property.type !== T.Property || property.range[0] > name.range[0] || property.range[1] < name.range[1]) continue;
        if (property.computed || property.key.type !== T.Identifier) return null;
        return this.inPattern(property.value, name, type.fields?.(property.key.name) ?? null, undefined);
      }
    }
    if (pattern.type === T.ArrayPattern) {
      const element = pattern.elements.find((e) => e && e.range[0] <= name.range[0] && name.range[1] <= e.range[1]);
      return element ? this.inPattern(element, name, this.elementOf(type), undefined) : null;
    }
    return null;
  }

  /** The type that an annotation names. */
  annotation(node: Node): Type | null {
    const type = this.written(node);
    return type && { ...type, written: node };
  }

  private written(node: Node): Type | null {
    switch (node.type) {
      case T.TSNumberKeyword:
        return NUMBER;
      case T.TSStringKeyword:
        return STRING;
      case T.TSBooleanKeyword:
        return BOOLEAN;
      case T.TSBigIntKeyword:
        return { name: 'bigint' };
      case T.TSSymbolKeyword:
        return { name: 'symbol' };
      case T.TSNullKeyword:
      case T.TSUndefinedKeyword:
      case T.TSVoidKeyword:
        return { name: 'undefined' };
      case T.TSLiteralType:
      case T.TSTemplateLiteralType:
        return PRIMITIVE;
      case T.TSFunctionType:
      case T.TSConstructorType:
        return { name: 'function' };
      case T.TSArrayType:
        return { name: 'array', element: this.annotation(node.elementType) };
      case T.TSTupleType:
        return { name: 'array', element: this.join(node.elementTypes.map((t) => this.annotation(t.type === T.TSNamedTupleMember ? t.elementType : t))) };
      case T.TSTypeOperator:
        return node.operator === 'readonly' && node.typeAnnotation ? this.annotation(node.typeAnnotation) : null;
      case T.TSTypeLiteral:
        return { name: 'object', fields: (name) => this.memberOf(node.members, name) };
      case T.TSUnionType: {
        const members = node.types.filter((t) => t.type !== T.TSNullKeyword && t.type !== T.TSUndefinedKeyword).map((t) => this.annotation(t));
        return this.join(members.length > 0 ? members : [{ name: 'undefined' }]);
      }
      case T.TSTypeReference:
        return this.referenced(node);
      default:
        return null;
    }
  }

  private referenced(node: TSESTree.TSTypeReference): Type | null {
    if (node.typeName.type !== T.Identifier) return null;
    const { name } = node.typeName;
    const argument = (n: number): Type | null => {
      const found = node.typeArguments?.params.at(n);
      return found ? this.annotation(found) : null;
    };
    const variable = this.source.variable(node.typeName);
    if (variable) {
      const declaration = variable.defs[0]?.node as Node | undefined;
      if (!declaration || this.busy.has(declaration)) return null;
      this.busy.add(declaration);
      try {
        switch (declaration.type) {
          case T.TSInterfaceDeclaration:
            return { name: 'object', declaration, fields: (field) => this.memberOf(declaration.body.body, field) };
          case T.TSTypeAliasDeclaration:
            return this.annotation(declaration.typeAnnotation);
          case T.ClassDeclaration:
            return this.instance(declaration);
          case T.TSEnumDeclaration:
            return PRIMITIVE;
          default:
            return null;
        }
      } finally {
        this.busy.delete(declaration);
      }
    }
    switch (name) {
      case 'Array':
      case 'ReadonlyArray':
        return { name: 'array', element: argument(0) };
      case 'Set':
      case 'ReadonlySet':
        return { name: 'Set', element: argument(0) };
      case 'Map':
      case 'ReadonlyMap':
        return { name: 'Map', element: argument(1) };
      case 'Record':
        return { name: 'object', element: argument(1), fields: () => argument(1) };
      case 'Readonly':
      case 'Required':
        return argument(0);
      case 'Promise':
        return { name: 'Promise', element: argument(0) };
      default:
        return TYPED_ARRAYS.has(name) || /^[A-Z]/.test(name) ? { name } : null;
    }
  }
}

/** A type of another file: what it is written as means nothing here. */
function withoutDeclarations(type: Type | null): Type | null {
  return type && { name: type.name, ...(type.element === undefined ? {} : { element: withoutDeclarations(type.element ?? null) }), ...(type.fields ? { fields: type.fields } : {}) };
}

/** `Array[string]`, `Map[string, number]` as the models write it. */
function parsedType(text: string): Type | null {
  const [, name, inner] = /^([\w.]+)(?:\[(.*)\])?$/.exec(text) ?? [];
  if (name === undefined) return null;
  const last = inner?.includes('[') ? inner : inner?.split(',').at(-1)?.trim();
  return { name: name === 'Array' ? 'array' : name, ...(last === undefined ? {} : { element: parsedType(last) }) };
}

/** The one function that a variable stands for; null when it is something else, or is assigned again. */
export function functionOf(variable: Variable | null): FunctionNode | null {
  if (!variable || variable.defs.length !== 1 || variable.references.some((r) => r.isWrite() && !r.init)) return null;
  const { node, type } = variable.defs[0]!;
  if (type === DefinitionType.FunctionName) return isFunction(node) ? node : null;
  if (type !== DefinitionType.Variable) return null;
  if (node.type === T.VariableDeclarator && node.id.type === T.Identifier && node.init && isFunction(node.init)) return node.init;
  return null;
}

/** The return statements of a function itself. */
export function returnsOf(fn: FunctionNode): TSESTree.ReturnStatement[] {
  const found: TSESTree.ReturnStatement[] = [];
  const visit = (node: Node): void => {
    if (node.type === T.ReturnStatement) found.push(node);
    for (const child of childrenOf(node)) if (!isFunction(child)) visit(child);
  };
  if (fn.body) visit(fn.body);
  return found;
}
