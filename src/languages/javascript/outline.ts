/** The functions and classes of a module with their ids: the frame that the other steps fill. */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import { visitorKeys } from '@typescript-eslint/visitor-keys';
import type { FunctionKind, SyntaxProblem } from '../../ir/ir';
import { breakWithOuter } from './broken';
import {
  decoratorName,
  isAmbient,
  isInstanceField,
  isTypeOnly,
  isWritten,
  keyName,
  nameFromParent,
  startWithDecorators,
  type ClassNode,
  type FunctionNode,
} from './nodes';
import { TOO_DEEP } from './parse';

export interface FunctionInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: FunctionKind;
  /** Null for a constructor that the source leaves out. */
  readonly node: FunctionNode | TSESTree.Program | null;
  readonly parent: FunctionInfo | null;
  readonly class: ClassInfo | null;
  readonly decorators: readonly string[];
  readonly start: number;
  readonly end: number;
  /** Where the statement or member that holds it begins: a doc comment stands before that. */
  readonly docStart: number;
  broken: boolean;
}

export interface ClassInfo {
  readonly id: string;
  readonly name: string;
  readonly node: ClassNode;
  /** The function whose body defines it. */
  readonly parent: FunctionInfo;
  /** Runs the field initializers; null when the class has neither a constructor nor fields with a value. */
  constructorInfo: FunctionInfo | null;
}

export interface Outline {
  readonly module: FunctionInfo;
  /** In source order, the module first. */
  readonly functions: readonly FunctionInfo[];
  readonly functionOf: ReadonlyMap<TSESTree.Node, FunctionInfo>;
  readonly classOf: ReadonlyMap<TSESTree.Node, ClassInfo>;
  /** The value of each field → the function that evaluates it. */
  readonly fieldOwner: ReadonlyMap<TSESTree.Node, FunctionInfo>;
  /** Names of properties that are assigned anywhere but by `this.x = …` in a constructor: such a field may come to hold something else. */
  readonly reassigned: ReadonlySet<string>;
  /** Each declarator → where the statement that a doc comment stands before begins. */
  readonly declarationStart: ReadonlyMap<TSESTree.Node, number>;
  /** Type aliases, interfaces, enums and classes by name, those declared once only. */
  readonly types: ReadonlyMap<string, TypeDeclaration>;
  readonly problems: readonly SyntaxProblem[];
}

export type TypeDeclaration = TSESTree.TSTypeAliasDeclaration | TSESTree.TSInterfaceDeclaration | TSESTree.TSEnumDeclaration | ClassNode;

/**
 * Levels of the syntax tree beyond which a function is not analysed. People's code stays below 100; passes recurse, and the stack must
 * hold several frames a level.
 */
const MAX_DEPTH = 400;

export function outline(program: TSESTree.Program, length: number): Outline {
  const builder = new OutlineBuilder(program, length);
  builder.children(program, builder.module, 0, 0);
  return builder;
}

class OutlineBuilder implements Outline {
  readonly module: FunctionInfo;
  readonly functions: FunctionInfo[] = [];
  readonly functionOf = new Map<TSESTree.Node, FunctionInfo>();
  readonly classOf = new Map<TSESTree.Node, ClassInfo>();
  readonly fieldOwner = new Map<TSESTree.Node, FunctionInfo>();
  readonly reassigned = new Set<string>();
  readonly declarationStart = new Map<TSESTree.Node, number>();
  readonly types = new Map<string, TypeDeclaration>();
  readonly problems: SyntaxProblem[] = [];
  private readonly ids = new Set<string>();
  private readonly ambiguous = new Set<string>();

  constructor(program: TSESTree.Program, length: number) {
    this.module = {
      id: '',
      name: '',
      kind: 'module',
      node: program,
      parent: null,
      class: null,
      decorators: [],
      start: 0,
      end: length,
      docStart: 0,
      broken: false,
    };
    this.functions.push(this.module);
    this.functionOf.set(program, this.module);
  }

  children(node: TSESTree.Node, current: FunctionInfo, depth: number, docStart: number): void {
    if (depth > MAX_DEPTH) {
      this.tooDeep(node, current);
      return;
    }
    for (const key of visitorKeys[node.type] ?? []) {
      if (TYPE_KEYS.has(key)) continue;
      const value = (node as unknown as Record<string, unknown>)[key];
      if (Array.isArray(value)) for (const item of value) this.maybe(item, node, current, depth, docStart);
      else this.maybe(value, node, current, depth, docStart);
    }
  }

  private maybe(value: unknown, parent: TSESTree.Node, current: FunctionInfo, depth: number, docStart: number): void {
    if (value && typeof value === 'object' && 'type' in value) this.visit(value as TSESTree.Node, parent, current, depth + 1, docStart);
  }

  private visit(node: TSESTree.Node, parent: TSESTree.Node, current: FunctionInfo, depth: number, doc: number): void {
    const docStart = DOC_HOLDERS.has(node.type) && !DOC_HOLDERS.has(parent.type) ? startWithDecorators(node) : doc;
    if (isAmbient(node)) return;
    switch (node.type) {
      case T.TSTypeAliasDeclaration:
      case T.TSInterfaceDeclaration:
        this.declareType(node.id.name, node);
        return;
      case T.TSEnumDeclaration:
        this.declareType(node.id.name, node);
        break;
      case T.MemberExpression:
        if (
          isWritten(node, parent) &&
          !(current.kind === 'constructor' && node.object.type === T.ThisExpression && parent.type === T.AssignmentExpression)
        ) {
          this.reassigned.add(keyName(node.property));
        }
        break;
      case T.VariableDeclarator:
        if (parent.type === T.VariableDeclaration && parent.declarations.length === 1) this.declarationStart.set(node, docStart);
        break;
      case T.FunctionDeclaration:
      case T.FunctionExpression:
      case T.ArrowFunctionExpression: {
        const info = this.addFunction(node, parent, current, docStart);
        this.children(node, info, depth, docStart);
        return;
      }
      case T.ClassDeclaration:
      case T.ClassExpression:
        this.visitClass(node, parent, current, depth, docStart);
        return;
      default:
        if (isTypeOnly(node)) return;
    }
    this.children(node, current, depth, docStart);
  }

  private addFunction(node: FunctionNode, parent: TSESTree.Node, current: FunctionInfo, docStart: number): FunctionInfo {
    const named = node.id?.name || nameFromParent(node, parent);
    const arrow = node.type === T.ArrowFunctionExpression;
    const kind: FunctionKind =
      parent.type === T.Property && (parent.method || parent.kind !== 'init')
        ? parent.kind === 'get'
          ? 'getter'
          : parent.kind === 'set'
            ? 'setter'
            : 'method'
        : node.type === T.FunctionDeclaration
          ? 'function'
          : arrow || !node.id
            ? 'lambda'
            : 'function';
    const start = kind === 'method' || kind === 'getter' || kind === 'setter' ? parent.range[0] : node.range[0];
    return this.add(node, {
      id: this.unique(within(current) + (named || (parent.type === T.ExportDefaultDeclaration ? 'default' : '<lambda>'))),
      name: named ?? '',
      kind,
      parent: current,
      class: null,
      decorators: [],
      start,
      end: node.range[1],
      docStart,
    });
  }

  private visitClass(node: ClassNode, parent: TSESTree.Node, current: FunctionInfo, depth: number, docStart: number): void {
    const name = node.id?.name || nameFromParent(node, parent) || (parent.type === T.ExportDefaultDeclaration ? 'default' : '<class>');
    const info: ClassInfo = { id: this.unique(within(current) + name), name, node, parent: current, constructorInfo: null };
    this.classOf.set(node, info);
    this.declareType(name, node);
    for (const decorator of node.decorators ?? []) this.maybe(decorator, node, current, depth, docStart);
    this.maybe(node.superClass, node, current, depth, docStart);
    const members = node.body.body;
    const withFields = members.some((m) => isInstanceField(m));
    const explicit = members.find(
      (m) => m.type === T.MethodDefinition && m.kind === 'constructor' && m.value.type === T.FunctionExpression,
    );
    if (withFields && !explicit) {
      info.constructorInfo = this.add(null, {
        ...this.member(info, 'constructor', 'constructor'),
        start: node.body.range[0],
        end: node.body.range[1],
        docStart,
      });
    }
    for (const member of members) {
      if (member.type === T.MethodDefinition && member.value.type === T.FunctionExpression) {
        const shown = member.computed ? '<computed>' : keyName(member.key);
        const key = member.kind === 'get' || member.kind === 'set' ? `${member.kind} ${shown}` : shown;
        const kind = member.kind === 'get' ? 'getter' : member.kind === 'set' ? 'setter' : member.kind;
        const whole = kind === 'constructor' && withFields;
        const method = this.add(member.value, {
          ...this.member(info, key, kind),
          decorators: [...(member.static ? ['static'] : []), ...member.decorators.map((d) => decoratorName(d.expression))],
          start: whole ? node.body.range[0] : startWithDecorators(member),
          end: whole ? node.body.range[1] : member.range[1],
          docStart: startWithDecorators(member),
        });
        if (kind === 'constructor') info.constructorInfo = method;
      }
    }
    for (const member of members) this.visitMember(member, info, depth + 2, docStart);
  }

  private visitMember(member: TSESTree.ClassElement, info: ClassInfo, depth: number, docStart: number): void {
    const outer = info.parent;
    if (member.type === T.StaticBlock) return this.children(member, outer, depth, docStart);
    if (!('key' in member)) return;
    for (const decorator of member.decorators ?? []) this.maybe(decorator, member, outer, depth, docStart);
    if (member.computed) this.maybe(member.key, member, outer, depth, docStart);
    if (member.type === T.MethodDefinition) {
      const method = this.functionOf.get(member.value);
      if (method) this.children(member.value, method, depth, docStart);
    } else if ((member.type === T.PropertyDefinition || member.type === T.AccessorProperty) && member.value) {
      const owner = member.static || !info.constructorInfo ? outer : info.constructorInfo;
      this.fieldOwner.set(member.value, owner);
      this.visit(member.value, member, owner, depth, startWithDecorators(member));
    }
  }

  private member(info: ClassInfo, key: string, kind: FunctionKind): Omit<FunctionInfo, 'node' | 'broken' | 'start' | 'end' | 'docStart'> {
    return { id: this.unique(`${info.id}.${key}`), name: key, kind, parent: info.parent, class: info, decorators: [] };
  }

  private add(node: FunctionNode | null, rest: Omit<FunctionInfo, 'node' | 'broken'>): FunctionInfo {
    const info: FunctionInfo = { ...rest, node, broken: false };
    this.functions.push(info);
    if (node) this.functionOf.set(node, info);
    return info;
  }

  private unique(id: string): string {
    let out = id;
    for (let n = 2; this.ids.has(out); n++) out = `${id}#${n}`;
    this.ids.add(out);
    return out;
  }

  private declareType(name: string, node: TypeDeclaration): void {
    if (this.types.has(name) || this.ambiguous.has(name)) {
      this.types.delete(name);
      this.ambiguous.add(name);
    } else {
      this.types.set(name, node);
    }
  }

  private tooDeep(node: TSESTree.Node, current: FunctionInfo): void {
    if (current.broken) return;
    breakWithOuter(current);
    this.problems.push({ message: TOO_DEEP, start: node.range[0], end: node.range[1] });
  }
}

const TYPE_KEYS: ReadonlySet<string> = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'implements',
  'superTypeArguments',
]);

const DOC_HOLDERS: ReadonlySet<string> = new Set([
  T.VariableDeclaration,
  T.FunctionDeclaration,
  T.ClassDeclaration,
  T.ExpressionStatement,
  T.ExportNamedDeclaration,
  T.ExportDefaultDeclaration,
  T.Property,
  T.ReturnStatement,
]);

function within(current: FunctionInfo): string {
  return current.id === '' ? '' : `${current.id}.<locals>.`;
}
