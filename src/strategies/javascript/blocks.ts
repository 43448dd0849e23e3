/**
 * Typed arrays of which each iteration writes its own stretch: `pixels[y * width + x] = …`. A chunk of iterations is sent the stretch that
 * belongs to it, writes there, and the parent copies it back into the person's own array.
 *
 * That an index stays in its iteration's stretch is shown symbolically: with `index = y · stride + rest`, and `rest` between 0 and
 * `stride - 1` for all values of the inner counters (delinearization as in Maslov 1992, for loops that count up by one).
 */
import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/types';
import type { TextEdit } from '../../edit/edit';
import { freshName } from '../../edit/javascript';
import type { LoopReport } from '../../analysis/report';
import { TYPED_ARRAYS } from './builtins';
import type { LoopSyntax } from './loop';
import { add, asCode, constant, equal, isNatural, multiply, namesOf, split, symbol, type Polynomial } from './polynomial';
import { contains, type Node, type Source, type Variable } from './syntax';
import type { Types } from './types';
import { rolesOf } from './writes';

export interface Block {
  readonly variable: Variable;
  /** Elements of one iteration: `width * 4`; null for one. */
  readonly stride: string | null;
  /** The worker's name for the index at which its stretch begins. */
  readonly first: string;
  /** `pixels[at]` → `pixels[at - first]`. */
  readonly edits: readonly TextEdit[];
}

export interface BlockInput {
  readonly source: Source;
  readonly types: Types;
  readonly syntax: LoopSyntax;
  readonly loop: LoopReport;
  readonly taken: Set<string>;
}

/** The stretch of a variable that a chunk works on; null when that cannot be shown. */
export function blockOf(input: BlockInput, variable: Variable): Block | null {
  const { source, types, syntax, loop } = input;
  if (syntax.header.kind !== 'counter') return null;
  const roles = rolesOf(loop, { kind: 'outer', variable });
  if (roles.size !== 1 || !roles.has('element')) return null;
  if (!TYPED_ARRAYS.has(types.variable(variable)?.name ?? '')) return null;
  const indexes: Node[] = [];
  for (const { identifier } of variable.references) {
    if (!contains(syntax.inside, identifier)) continue;
    const member = source.parent(identifier);
    if (member?.type !== T.MemberExpression || member.object !== identifier || !member.computed) return null;
    indexes.push(member.property);
  }
  const algebra = new Algebra(source, syntax);
  const counter = syntax.header.name;
  let stride: Polynomial | null = null;
  for (const index of indexes) {
    const form = algebra.of(index);
    const parts = form && split(form, counter);
    if (!parts || !isNatural(parts.factor) || parts.factor.size === 0) return null;
    if ([...parts.factor.keys()].some((p) => namesOf(p).some((n) => algebra.ranges.has(n)))) return null;
    if (stride && !equal(stride, parts.factor)) return null;
    stride = parts.factor;
    const least = algebra.bound(parts.rest, 'least');
    const most = algebra.bound(parts.rest, 'most');
    if (!least || !most || !isNatural(least)) return null;
    if (!isNatural(add(add(stride, most, -1), constant(1), -1))) return null;
  }
  if (!stride) return null;
  const code = asCode(stride)!;
  const first = freshName([`${variable.name}Start`, 'firstIndex', 'offset'], input.taken);
  return {
    variable,
    stride: code.text === '1' ? null : code.isProduct ? code.text : `(${code.text})`,
    first,
    edits: indexes.map((index) => ({ start: index.range[0], end: index.range[1], text: `${binds(index) ? source.of(index) : `(${source.of(index)})`} - ${first}` })),
  };
}

/** May stand before a minus as it is. */
function binds(node: Node): boolean {
  return /^(?:Identifier|Literal|MemberExpression|CallExpression)$/.test(node.type) || (node.type === T.BinaryExpression && /^[+\-*/%]$/.test(node.operator));
}

class Algebra {
  /** Counters of inner loops with their least and greatest values. */
  readonly ranges = new Map<string, { readonly least: Polynomial; readonly most: Polynomial }>();

  constructor(
    private readonly source: Source,
    private readonly syntax: LoopSyntax,
  ) {}

  /** The expression as a polynomial of counters and of names that the loop does not change. */
  of(node: Node, depth = 0): Polynomial | null {
    if (depth > 12) return null;
    switch (node.type) {
      case T.Literal:
        return typeof node.value === 'number' && Number.isInteger(node.value) ? constant(node.value) : null;
      case T.BinaryExpression: {
        if (!/^[+\-*]$/.test(node.operator) || node.left.type === T.PrivateIdentifier) return null;
        const left = this.of(node.left, depth + 1);
        const right = this.of(node.right, depth + 1);
        if (!left || !right) return null;
        return node.operator === '*' ? multiply(left, right) : add(left, right, node.operator === '+' ? 1 : -1);
      }
      case T.Identifier:
        return this.name(node, depth);
      default:
        return null;
    }
  }

  private name(node: TSESTree.Identifier, depth: number): Polynomial | null {
    const variable = this.source.variable(node);
    const definition = variable?.defs[0];
    if (!variable || !definition) return null;
    const { header } = this.syntax;
    if (header.kind === 'counter' && variable.name === header.name && contains(this.syntax.node, definition.name) && !contains(this.syntax.inside, definition.name)) return symbol(node.name);
    const written = variable.references.some((r) => r.isWrite() && !r.init && contains(this.syntax.node, r.identifier));
    if (!contains(this.syntax.inside, definition.name)) return written ? null : symbol(node.name);
    const declarator = definition.node;
    if (declarator.type !== T.VariableDeclarator || declarator.id.type !== T.Identifier || !declarator.init) return null;
    if (!written) return this.of(declarator.init, depth + 1);
    return this.innerCounter(variable, declarator.init, depth) ? symbol(node.name) : null;
  }

  /** `for (let x = a; x < b; x++)`, whose body leaves x alone. */
  private innerCounter(variable: Variable, init: Node, depth: number): boolean {
    if (this.ranges.has(variable.name)) return true;
    const loop = this.source.parent(this.source.parent(variable.defs[0]!.node as Node)!);
    if (loop?.type !== T.ForStatement || loop.test?.type !== T.BinaryExpression || loop.update?.type !== T.UpdateExpression || loop.update.operator !== '++') return false;
    if (!/^<=?$/.test(loop.test.operator) || this.source.variable(loop.test.left) !== variable || this.source.variable(loop.update.argument) !== variable) return false;
    if (variable.references.some((r) => r.isWrite() && !r.init && r.identifier !== (loop.update as TSESTree.UpdateExpression).argument)) return false;
    const least = this.of(init, depth + 1);
    const stop = this.of(loop.test.right, depth + 1);
    if (!least || !stop) return false;
    this.ranges.set(variable.name, { least, most: loop.test.operator === '<' ? add(stop, constant(1), -1) : stop });
    return true;
  }

  /** The least or greatest value over the ranges of the inner counters; null when the sign of a factor is not known. */
  bound(form: Polynomial, end: 'least' | 'most'): Polynomial | null {
    let bound = form;
    for (let round = 0; round < 8; round++) {
      const name = [...bound.keys()].flatMap(namesOf).find((n) => this.ranges.has(n));
      if (name === undefined) return bound;
      const parts = split(bound, name);
      if (!parts || !isNatural(parts.factor)) return null;
      bound = add(parts.rest, multiply(parts.factor, this.ranges.get(name)![end]));
    }
    return null;
  }
}
