/** A JavaScript or TypeScript file with its syntax tree, scopes and comments: what planning asks about. */
import type { Reference, Scope, ScopeManager, Variable } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import { lineNumber } from '../../edit/source';
import { Refusal } from '../refusal';

export type Node = TSESTree.Node;
export type FunctionNode = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
export type { Reference, Scope, Variable };

/** The parsers are loaded when the first loop is planned: they take up to a second. */
interface Parsers {
  readonly parse: (typeof import('../../languages/javascript/parse'))['parse'];
  readonly analyze: (typeof import('@typescript-eslint/scope-manager'))['analyze'];
  readonly visitorKeys: Readonly<Record<string, readonly string[] | undefined>>;
}

let parsers: Parsers | undefined;

function load(): Parsers {
  /* eslint-disable @typescript-eslint/no-require-imports */
  parsers ??= {
    parse: (require('../../languages/javascript/parse') as typeof import('../../languages/javascript/parse')).parse,
    analyze: (require('@typescript-eslint/scope-manager') as typeof import('@typescript-eslint/scope-manager')).analyze,
    visitorKeys: (require('@typescript-eslint/visitor-keys') as typeof import('@typescript-eslint/visitor-keys')).visitorKeys,
  };
  /* eslint-enable @typescript-eslint/no-require-imports */
  return parsers;
}

export class Source {
  readonly program: TSESTree.Program;
  readonly typescript: boolean;
  private readonly manager: ScopeManager;
  private readonly parents = new Map<Node, Node>();
  private readonly byIdentifier = new Map<Node, Reference>();
  private fields: Map<string, FieldDefinition[]> | undefined;

  /** @throws Refusal when the file has a syntax error. */
  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    const { parse, analyze } = load();
    const { program, problems } = parse(path, text);
    if (!program || problems.length > 0) {
      const problem = problems[0]!;
      throw new Refusal(`${baseName(path)} has a syntax error on line ${lineNumber(text, problem.start)}: ${problem.message}`);
    }
    this.program = program;
    this.typescript = /\.[cm]?tsx?$/i.test(path);
    this.link(program);
    this.manager = analyze(program, { sourceType: 'module', lib: [], jsxPragma: null });
    for (const scope of this.manager.scopes) for (const reference of scope.references) this.byIdentifier.set(reference.identifier, reference);
  }

  private link(root: Node): void {
    const stack: Node[] = [root];
    for (let node = stack.pop(); node; node = stack.pop()) {
      for (const child of childrenOf(node)) {
        this.parents.set(child, node);
        stack.push(child);
      }
    }
  }

  get comments(): readonly TSESTree.Comment[] {
    return this.program.comments ?? [];
  }

  of(node: Node): string {
    return this.text.slice(node.range[0], node.range[1]);
  }

  line(node: Node | number): number {
    return lineNumber(this.text, typeof node === 'number' ? node : node.range[0]);
  }

  parent(node: Node): Node | null {
    return this.parents.get(node) ?? null;
  }

  childrenOf(node: Node): Node[] {
    return childrenOf(node);
  }

  /** The node itself and what is around it, innermost first. */
  *outwards(node: Node): Generator<Node> {
    for (let at: Node | null = node; at; at = this.parent(at)) yield at;
  }

  /** The function around a node, not itself; null for the module's top level. Class fields and static blocks count as no function. */
  functionAround(node: Node): FunctionNode | null {
    for (let at = this.parent(node); at; at = this.parent(at)) if (isFunction(at)) return at;
    return null;
  }

  /** The innermost statement that holds a node, or is it. */
  statementAround(node: Node): Node | null {
    for (const at of this.outwards(node)) if (isStatement(at)) return at;
    return null;
  }

  /** The reference that an identifier is; undefined for binding names and property names. */
  reference(identifier: Node): Reference | undefined {
    return this.byIdentifier.get(identifier);
  }

  /** What an identifier in an expression stands for; null for a global or a name that is no reference. */
  variable(identifier: Node): Variable | null {
    return this.byIdentifier.get(identifier)?.resolved ?? null;
  }

  /** Variables that a declaration, function, class or catch clause binds. */
  declared(node: Node): readonly Variable[] {
    return this.manager.getDeclaredVariables(node);
  }

  /** The module's own variable of that name. */
  moduleVariable(name: string): Variable | null {
    for (const scope of this.manager.scopes) {
      if (scope.type === 'module') return scope.set.get(name) ?? null;
    }
    return null;
  }

  moduleVariables(): readonly Variable[] {
    return this.manager.scopes.find((s) => s.type === 'module')?.variables ?? [];
  }

  /** Every reference whose identifier lies inside a node. */
  referencesIn(node: Node | Range): Reference[] {
    const [start, end] = 'range' in node ? node.range : [node.start, node.end];
    const found: Reference[] = [];
    for (const [identifier, reference] of this.byIdentifier) {
      if (identifier.range[0] >= start && identifier.range[1] <= end) found.push(reference);
    }
    return found.sort((a, b) => a.identifier.range[0] - b.identifier.range[0]);
  }

  /** What the file ever gives to a field of that name, in literals, assignments and declarations of types. */
  fieldDefinitions(name: string): readonly FieldDefinition[] {
    this.fields ??= fieldsOf(this.program);
    return this.fields.get(name) ?? [];
  }

  /** Names of all variables that are declared or read inside a node. */
  namesIn(node: Node): Set<string> {
    const names = new Set<string>();
    for (const reference of this.referencesIn(node)) names.add(reference.identifier.name as string);
    for (const scope of this.manager.scopes) {
      if (scope.block.range[0] < node.range[0] || scope.block.range[1] > node.range[1]) continue;
      for (const variable of scope.variables) names.add(variable.name);
    }
    return names;
  }
}

export interface FieldDefinition {
  readonly value?: Node;
  readonly annotation?: Node;
}

function fieldsOf(program: Node): Map<string, FieldDefinition[]> {
  const fields = new Map<string, FieldDefinition[]>();
  const add = (key: Node, definition: FieldDefinition): void => {
    const name = key.type === T.Identifier ? key.name : key.type === T.Literal ? String(key.value) : null;
    if (name === null) return;
    const known = fields.get(name);
    if (known) known.push(definition);
    else fields.set(name, [definition]);
  };
  walk(program, (node) => {
    if (node.type === T.ObjectPattern) return false;
    if (node.type === T.Property && !node.computed) add(node.key, { value: node.value });
    if (node.type === T.AssignmentExpression && node.left.type === T.MemberExpression && !node.left.computed) add(node.left.property, { value: node.right });
    if (node.type === T.TSParameterProperty) {
      const parameter = node.parameter.type === T.AssignmentPattern ? node.parameter.left : node.parameter;
      const annotation = parameter.typeAnnotation?.typeAnnotation;
      if (parameter.type === T.Identifier) add(parameter, annotation ? { annotation } : {});
    }
    if ((node.type === T.PropertyDefinition || node.type === T.TSPropertySignature) && !node.computed) {
      const annotation = node.typeAnnotation?.typeAnnotation;
      const value = 'value' in node ? node.value : null;
      add(node.key, annotation ? { annotation } : value ? { value } : {});
    }
    return undefined;
  });
  return fields;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

const cache: Source[] = [];

/** Parses a file, or gives what was parsed last of the same text. */
export function sourceOf(path: string, text: string): Source {
  const known = cache.findIndex((s) => s.path === path && s.text === text);
  if (known >= 0) return cache[known]!;
  const source = new Source(path, text);
  cache.unshift(source);
  cache.length = Math.min(cache.length, 12);
  return source;
}

/** Direct children in source order. */
export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const key of load().visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(value)) found.push(...(value.filter(isNode) as Node[]));
    else if (isNode(value)) found.push(value);
  }
  return found.sort((a, b) => a.range[0] - b.range[0]);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

/** Calls `enter` for a node and all inside it; `false` keeps it out of the children. */
export function walk(node: Node, enter: (node: Node) => boolean | void): void {
  if (enter(node) === false) return;
  for (const child of childrenOf(node)) walk(child, enter);
}

/** As `walk`, without entering functions (the node itself excepted). */
export function walkShallow(node: Node, enter: (node: Node) => boolean | void): void {
  walk(node, (at) => {
    const result = enter(at);
    return at !== node && isFunction(at) ? false : result;
  });
}

export function isFunction(node: Node): node is FunctionNode {
  return node.type === T.FunctionDeclaration || node.type === T.FunctionExpression || node.type === T.ArrowFunctionExpression;
}

export function isLoopStatement(
  node: Node,
): node is TSESTree.ForStatement | TSESTree.ForOfStatement | TSESTree.ForInStatement | TSESTree.WhileStatement | TSESTree.DoWhileStatement {
  return /^(For|ForOf|ForIn|While|DoWhile)Statement$/.test(node.type);
}

export function isStatement(node: Node): boolean {
  return /(Statement|Declaration)$/.test(node.type) && !node.type.startsWith('TSDeclare');
}

export function contains(outer: Node | Range, inner: Node | Range): boolean {
  const [a, b] = 'range' in outer ? outer.range : [outer.start, outer.end];
  const [c, d] = 'range' in inner ? inner.range : [inner.start, inner.end];
  return a <= c && d <= b;
}

/** Last part of a path, with either kind of separator. */
export function baseName(path: string): string {
  return path.replace(/^.*[\\/]/, '');
}

/** How a function is called in messages. */
export function functionName(source: Source, fn: FunctionNode): string {
  if (fn.id) return fn.id.name;
  const parent = source.parent(fn);
  if (parent?.type === T.VariableDeclarator && parent.id.type === T.Identifier) return parent.id.name;
  if ((parent?.type === T.MethodDefinition || parent?.type === T.Property || parent?.type === T.PropertyDefinition) && !parent.computed) {
    return parent.key.type === T.Literal ? String(parent.key.value) : source.of(parent.key);
  }
  if (parent?.type === T.AssignmentExpression) return source.of(parent.left);
  return `the function on line ${source.line(fn)}`;
}
