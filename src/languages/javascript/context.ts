/** What the lowering of one function needs to know of its module. */
import type { TSESTree } from '@typescript-eslint/types';
import type { ClassIR, ExportIR, Expr, ImportSource, Language, NameExpr, Opaque, Span, Stmt, TypeIR, VarId } from '../../ir/ir';
import type { Annotations } from './annotations';
import type { ClassInfo, FunctionInfo, Outline } from './outline';
import type { Scopes } from './scopes';
import type { VariableTypes } from './variable-types';

/** One module while it is lowered. */
export interface ModuleContext {
  readonly text: string;
  readonly language: Language;
  readonly outline: Outline;
  readonly scopes: Scopes;
  readonly annotations: Annotations;
  readonly types: VariableTypes;
  readonly classes: Map<string, ClassIR>;
  readonly imports: ImportSource[];
  readonly exports: ExportIR[];
}

/** One function while it is lowered: gives spans relative to it and resolves names. */
export class FunctionContext {
  constructor(
    readonly module: ModuleContext,
    readonly info: FunctionInfo,
    /** In a static initializer: the class, which is what `this` means there. */
    readonly staticOf: NameExpr['variable'] | null = null,
  ) {}

  span(node: { readonly range: readonly [number, number] }): Span {
    return { start: node.range[0] - this.info.start, end: node.range[1] - this.info.start };
  }

  /** From one node's start to another's end. */
  between(start: number, end: number): Span {
    return { start: start - this.info.start, end: end - this.info.start };
  }

  name(identifier: TSESTree.Identifier | TSESTree.JSXIdentifier): Expr {
    const meaning = this.module.scopes.meaning(identifier);
    const span = this.span(identifier);
    switch (meaning.kind) {
      case 'arguments':
        return opaque('arguments', [], span);
      case 'enum-member':
        return { type: 'attribute', object: this.named(meaning.enum, span), name: meaning.name, span };
      default:
        if (meaning.id === 'builtin/undefined') return { type: 'const', kind: 'undefined', value: null, span };
        return { type: 'name', name: identifier.name, variable: meaning.id, span };
    }
  }

  /** A binding or an assigned name. */
  target(identifier: TSESTree.Identifier): NameExpr {
    const meaning = this.module.scopes.meaning(identifier);
    const variable = meaning.kind === 'variable' ? meaning.id : `builtin/${identifier.name}`;
    return { type: 'name', name: identifier.name, variable, span: this.span(identifier) };
  }

  named(variable: VarId, span: Span): NameExpr {
    return { type: 'name', name: variable.slice(variable.lastIndexOf('/') + 1).replace(/#\d+$/, ''), variable, span };
  }

  isBuiltin(node: TSESTree.Node, name: string): boolean {
    if (node.type !== 'Identifier' || node.name !== name) return false;
    const meaning = this.module.scopes.meaning(node);
    return meaning.kind === 'variable' && meaning.id === `builtin/${name}`;
  }

  functionOf(node: TSESTree.Node): FunctionInfo | undefined {
    return this.module.outline.functionOf.get(node);
  }

  classOf(node: TSESTree.Node): ClassInfo | undefined {
    return this.module.outline.classOf.get(node);
  }

  typeOf(node: TSESTree.Node): TypeIR | undefined {
    return this.module.types.infer(node);
  }

  /** Another function of the module. */
  enter(info: FunctionInfo): FunctionContext {
    return new FunctionContext(this.module, info);
  }

  /** The same function, inside a class's static initializer. */
  inStatic(variable: VarId | null): FunctionContext {
    return new FunctionContext(this.module, this.info, variable);
  }
}

export function opaque(what: string, children: readonly Expr[], span: Span): Opaque {
  return { type: 'opaque', what, children, span };
}

export function expressionStatement(value: Expr): Stmt {
  return { type: 'expr', value, span: value.span };
}
