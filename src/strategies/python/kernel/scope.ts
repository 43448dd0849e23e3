/** The variables of one function while it is lowered: names, types, whether they are set. */
import type { NameExpr, VarId } from '../../../ir/ir';
import type { ArrayType, Bounds, KExpr, KType, KVar, KVariable } from './model';
import { KernelRefusal } from './refusal';
import { isArray, sameType, typeInWords } from './typing';

interface Local {
  readonly name: string;
  readonly type: KType;
  /** May refer to an array that the iteration did not make. */
  shared: boolean;
  /** Line of a store into the array. */
  stored: number | null;
}

/** An array whose element type is told by what is put into it first: `[]`. */
export interface GrowingType {
  readonly kind: 'array';
  element: ArrayType['element'];
  readonly dims: 1;
  pending: boolean;
}

export class Scope {
  private readonly byId = new Map<VarId, Local>();
  /** Complex variables are two of floats. */
  private readonly pairs = new Map<VarId, readonly [KVar, KVar]>();
  private readonly names = new Set<string>();
  private readonly order: KVariable[] = [];
  readonly params: KVariable[] = [];
  /** Where integers that only count are known to lie. */
  readonly bounds = new Map<string, Bounds>();
  /** `counter` lies within `array`: `for j in range(len(row))`. */
  readonly within = new Map<string, string>();
  /** Arrays that are results already. */
  readonly frozen = new Set<string>();
  /** Variables that surely have a value here; null where the code cannot be reached. */
  assigned: Set<VarId> | null = new Set();

  constructor(readonly line: (node: { readonly span: { readonly start: number; readonly end: number } }) => number) {}

  get locals(): readonly KVariable[] {
    return this.order;
  }

  param(id: VarId, name: string, type: KType): KVar {
    const fresh = this.fresh(name);
    this.byId.set(id, { name: fresh, type, shared: isArray(type), stored: null });
    this.params.push({ name: fresh, type });
    this.assigned?.add(id);
    return { op: 'var', type, name: fresh };
  }

  /** A complex parameter, as two of floats. */
  complexParam(id: VarId, name: string): void {
    const [re, im] = this.pair(id, name);
    this.params.push({ name: re.name, type: 'float' }, { name: im.name, type: 'float' });
    this.assigned?.add(id);
  }

  private pair(id: VarId, name: string): readonly [KVar, KVar] {
    const part = (suffix: string): KVar => ({ op: 'var', type: 'float', name: this.fresh(`${name}_${suffix}`) });
    const made = [part('re'), part('im')] as const;
    this.pairs.set(id, made);
    return made;
  }

  /** The parts of a complex variable; null when it is none. @throws KernelRefusal when it may have no value here. */
  readComplex(node: NameExpr): readonly [KVar, KVar] | null {
    const pair = this.pairs.get(node.variable) ?? null;
    if (pair && this.assigned && !this.assigned.has(node.variable)) {
      throw new KernelRefusal(`\`${node.name}\` may not have a value where it is used`, this.line(node), 'give it one before');
    }
    return pair;
  }

  /** Notes an assignment of a complex number. @throws KernelRefusal when the variable had another type. */
  assignComplex(node: NameExpr): readonly [KVar, KVar] {
    const other = this.byId.get(node.variable);
    if (other) throw new KernelRefusal(`\`${node.name}\` is ${typeInWords(other.type)} and becomes complex`, this.line(node), 'start it with a complex number, as in 0j');
    const known = this.pairs.get(node.variable);
    const pair = known ?? this.pair(node.variable, node.name);
    if (!known) this.order.push(...pair.map(({ name, type }) => ({ name, type })));
    this.assigned?.add(node.variable);
    return pair;
  }

  nameOf(id: VarId): string | undefined {
    return this.byId.get(id)?.name;
  }

  has(id: VarId): boolean {
    return this.byId.has(id);
  }

  /** A name that no variable of the function has. */
  fresh(base: string): string {
    const bare = base.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d)/, '_');
    let name = bare;
    for (let n = 2; this.names.has(name); n++) name = `${bare}_${n}`;
    this.names.add(name);
    return name;
  }

  /** A variable that the source does not have. */
  temporary(base: string, type: KType): KVar {
    const name = this.fresh(base);
    this.order.push({ name, type });
    return { op: 'var', type, name };
  }

  /** @throws KernelRefusal when it may have no value here. */
  read(node: NameExpr): KVar {
    const local = this.byId.get(node.variable);
    if (!local || (this.assigned && !this.assigned.has(node.variable))) {
      throw new KernelRefusal(`\`${node.name}\` may not have a value where it is used`, this.line(node), 'give it one before');
    }
    return { op: 'var', type: local.type, name: local.name };
  }

  /** Notes an assignment and gives the variable's name. @throws KernelRefusal when it had another type. */
  assign(node: NameExpr, type: KType, shared: boolean): string {
    if (this.pairs.has(node.variable)) throw new KernelRefusal(`\`${node.name}\` is complex and becomes ${typeInWords(type)}`, this.line(node), 'give each value a name of its own');
    const known = this.byId.get(node.variable);
    if (known && !this.unify(known.type, type)) {
      const remedy = known.type === 'int' && type === 'float' ? 'start it with a float, as in 0.0' : 'give each value a name of its own';
      throw new KernelRefusal(`\`${node.name}\` is ${typeInWords(known.type)} and becomes ${typeInWords(type)}`, this.line(node), remedy);
    }
    const local = known ?? { name: this.fresh(node.name), type, shared: false, stored: null };
    local.shared ||= shared;
    if (!known) {
      this.byId.set(node.variable, local);
      this.order.push({ name: local.name, type });
    }
    this.assigned?.add(node.variable);
    this.bounds.delete(local.name);
    for (const [counter, array] of this.within) if (array === local.name || counter === local.name) this.within.delete(counter);
    return local.name;
  }

  /** One of them may still be open: then it takes the other's element. */
  unify(a: KType, b: KType): boolean {
    if (isArray(a) && isArray(b)) {
      const [open, other] = isPending(a) ? [a, b] : [b, a];
      if (isPending(open) && !isPending(other)) this.settle(open, other.element);
    }
    return sameType(a, b);
  }

  settle(type: GrowingType, element: ArrayType['element']): void {
    type.element = element;
    type.pending = false;
  }

  /** The expression refers to an array that the iteration did not make itself. */
  isShared(expr: KExpr): boolean {
    if (expr.op === 'var') return [...this.byId.values()].some((l) => l.name === expr.name && l.shared);
    if (expr.op === 'choose') return this.isShared(expr.then) || this.isShared(expr.otherwise);
    return expr.op === 'row' || expr.op === 'call';
  }

  /** @throws KernelRefusal when the array has been given back before. */
  noteStore(name: string, line: number): void {
    if (this.frozen.has(name)) throw new KernelRefusal(`\`${name}\` is changed after it became a result`, line, 'use a copy as the result');
    for (const local of this.byId.values()) if (local.name === name) local.stored ??= line;
  }

  /** @throws KernelRefusal when an array that others hold is written, or the elements of one stayed unknown. */
  finish(): void {
    for (const local of this.byId.values()) {
      if (local.shared && local.stored !== null) {
        throw new KernelRefusal(`\`${local.name}\` is written to, and it may be an array that the iteration did not make`, local.stored, 'write to a copy, and use that');
      }
    }
    for (const { name, type } of this.order) {
      if (isArray(type) && isPending(type)) throw new KernelRefusal(`nothing tells what \`${name}\` holds; it is used`, 0);
    }
  }
}

export function isPending(type: KType): type is GrowingType {
  return isArray(type) && 'pending' in type && (type as GrowingType).pending;
}
