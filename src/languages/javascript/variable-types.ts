/** Types of variables: from annotations, from doc comments, and, for names bound once, from what they are bound to. */
import { DefinitionType, type Definition } from '@typescript-eslint/scope-manager';
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { Language, TypeIR, VarId } from '../../ir/ir';
import { common, generic, typeFromNode, type Annotations } from './annotations';
import { callType, memberType } from './call-types';
import type { DocComments } from './doc-comments';
import { bare } from './nodes';
import type { Outline } from './outline';
import type { Scopes } from './scopes';

export class VariableTypes {
  private readonly known = new Map<VarId, TypeIR | undefined>();

  constructor(
    readonly scopes: Scopes,
    private readonly outline: Outline,
    readonly annotations: Annotations,
    private readonly docs: DocComments,
    private readonly language: Language,
  ) {}

  /** The type of a variable; undefined where nothing sure is known. */
  variable(id: VarId): TypeIR | undefined {
    if (this.known.has(id)) return this.known.get(id);
    this.known.set(id, undefined);
    const [def, ...others] = this.scopes.definitions(id);
    const type = def && others.length === 0 ? this.definition(id, def) : undefined;
    this.known.set(id, type);
    return type;
  }

  private definition(id: VarId, def: Definition): TypeIR | undefined {
    const written = def.name.type === T.Identifier ? def.name.typeAnnotation : undefined;
    if (written) return typeFromNode(written.typeAnnotation, this.annotations);
    switch (def.type) {
      case DefinitionType.Parameter:
        return this.parameter(def);
      case DefinitionType.Variable: {
        const init = def.node.init && def.node.id === def.name ? def.node.init : null;
        const fromDoc = def.node.id === def.name ? this.docs.variable(def.node) : undefined;
        if (fromDoc) return fromDoc;
        return init && this.scopes.variable(id)?.constant ? this.infer(init) : undefined;
      }
      default:
        return undefined;
    }
  }

  private parameter(def: Extract<Definition, { type: DefinitionType.Parameter }>): TypeIR | undefined {
    const fn = this.outline.functionOf.get(def.node);
    const param = fn && 'params' in def.node ? def.node.params.find((p) => boundBy(p) === def.name) : undefined;
    if (!fn || !param || def.name.type !== T.Identifier) return undefined;
    if (param.type === T.RestElement && param.typeAnnotation) return typeFromNode(param.typeAnnotation.typeAnnotation, this.annotations);
    const fromDoc = this.docs.parameter(fn, def.name.name);
    if (fromDoc) return fromDoc;
    // TypeScript infers a parameter from its default and holds the callers to that; in JavaScript anything may be passed.
    if (param.type === T.RestElement) return { name: 'Array' };
    return this.language === 'typescript' && param.type === T.AssignmentPattern ? this.infer(param.right) : undefined;
  }

  /** The type of an expression, as far as its form tells. */
  infer(written: TSESTree.Node): TypeIR | undefined {
    if (written.type === T.TSAsExpression || written.type === T.TSTypeAssertion) {
      return isConst(written.typeAnnotation) ? this.infer(written.expression) : typeFromNode(written.typeAnnotation, this.annotations);
    }
    const node = bare(written);
    if (node !== written) return written.type === T.ChainExpression ? undefined : this.infer(node);
    switch (node.type) {
      case T.Literal:
        if ('regex' in node) return { name: /[gy]/.test(node.regex.flags) ? 'RegExp' : 'StatelessRegExp' };
        return { name: node.value === null && !('bigint' in node) ? 'null' : 'bigint' in node ? 'bigint' : typeof node.value };
      case T.TemplateLiteral:
        return { name: 'string' };
      case T.Identifier:
        return this.identifier(node);
      case T.ArrayExpression: {
        // TypeScript holds later writes to the type of the first elements; in JavaScript anything may be added.
        const held = this.language === 'typescript' && node.elements.length <= 64;
        const elements = held ? node.elements.map((e) => (e && e.type !== T.SpreadElement ? this.infer(e) : undefined)) : [];
        return generic('Array', [common(elements)]);
      }
      case T.ObjectExpression:
        return { name: 'object' };
      case T.FunctionExpression:
      case T.ArrowFunctionExpression:
        return { name: 'function' };
      case T.NewExpression:
      case T.CallExpression:
        return callType(node, this);
      case T.MemberExpression:
        return memberType(node, this);
      case T.UnaryExpression:
        return this.unary(node);
      case T.BinaryExpression:
        return this.binary(node);
      case T.LogicalExpression:
        return common([this.infer(node.left), this.infer(node.right)]);
      case T.ConditionalExpression:
        return common([this.infer(node.consequent), this.infer(node.alternate)]);
      case T.AssignmentExpression:
        return node.operator === '=' ? this.infer(node.right) : undefined;
      case T.SequenceExpression:
        return this.infer(node.expressions.at(-1)!);
      case T.AwaitExpression: {
        const awaited = this.infer(node.argument);
        return awaited?.name === 'Promise' ? awaited.args?.[0] : undefined;
      }
      default:
        return undefined;
    }
  }

  private identifier(node: TSESTree.Identifier): TypeIR | undefined {
    const meaning = this.scopes.meaning(node);
    if (meaning.kind !== 'variable') return undefined;
    switch (meaning.id) {
      case 'builtin/undefined':
        return { name: 'undefined' };
      case 'builtin/NaN':
      case 'builtin/Infinity':
        return { name: 'number' };
      default:
        return this.variable(meaning.id);
    }
  }

  private unary(node: TSESTree.UnaryExpression): TypeIR | undefined {
    switch (node.operator) {
      case '!':
      case 'delete':
        return { name: 'boolean' };
      case 'typeof':
        return { name: 'string' };
      case 'void':
        return { name: 'undefined' };
      case '+':
        return { name: 'number' };
      default:
        return numeric([this.infer(node.argument)]);
    }
  }

  private binary(node: TSESTree.BinaryExpression): TypeIR | undefined {
    if (COMPARISONS.has(node.operator)) return { name: 'boolean' };
    if (node.operator === '>>>') return { name: 'number' };
    const types = [this.infer(node.left), this.infer(node.right)];
    if (node.operator === '+' && types.some((t) => t?.name === 'string')) return { name: 'string' };
    return numeric(types) ?? (node.operator === '+' ? undefined : mixed(types));
  }
}

/** The name or pattern that a parameter binds. */
function boundBy(param: TSESTree.Parameter): TSESTree.Node {
  const bound = param.type === T.TSParameterProperty ? param.parameter : param;
  if (bound.type === T.RestElement) return bound.argument;
  return bound.type === T.AssignmentPattern ? bound.left : bound;
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<', '<=', '>', '>=', 'in', 'instanceof']);

function isConst(node: TSESTree.TypeNode): boolean {
  return node.type === T.TSTypeReference && node.typeName.type === T.Identifier && node.typeName.name === 'const';
}

/** All numbers, or all bigints. */
function numeric(types: readonly (TypeIR | undefined)[]): TypeIR | undefined {
  const type = common(types);
  return type && (type.name === 'number' || type.name === 'bigint') ? type : undefined;
}

/** A number on one side of `- * / %`: the other can't be a bigint, that would throw. */
function mixed(types: readonly (TypeIR | undefined)[]): TypeIR | undefined {
  return types.some((t) => t?.name === 'number') ? { name: 'number' } : undefined;
}
