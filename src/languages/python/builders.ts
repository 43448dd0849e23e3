/** Functions and classes while they are being read. */
import type { ClassIR, Expr, FieldIR, FunctionIR, FunctionKind, Param, Span, Stmt, TypeIR, Variable, VarId } from '../../ir/ir';
import type { Unit } from './scopes';

export class FunctionBuilder implements Unit {
  readonly variables = new Map<VarId, Variable>();
  readonly free = new Set<VarId>();
  readonly inner = new Map<string, number>();
  params: readonly Param[] = [];
  body: readonly Stmt[] = [];
  generator = false;
  broken = false;
  returnType: TypeIR | undefined;
  /** Name of the parameter that holds the instance, in methods. */
  self: string | null = null;

  constructor(
    readonly id: string,
    readonly name: string,
    readonly kind: FunctionKind,
    readonly parent: FunctionBuilder | null,
    /** Class whose body it stands in. */
    readonly classBuilder: ClassBuilder | null,
    readonly async: boolean,
    readonly decorators: readonly string[],
    /** Syntax node, for finding what errors lie inside. */
    readonly node: number,
    readonly start: number,
    readonly end: number,
  ) {}

  finish(text: string): FunctionIR {
    return {
      id: this.id,
      name: this.name,
      kind: this.kind,
      parent: this.parent ? this.parent.id : null,
      class: this.classBuilder ? this.classBuilder.id : null,
      params: this.params.map((param) => this.ownDefault(param)),
      body: this.body,
      async: this.async,
      generator: this.generator,
      arrow: false,
      decorators: this.decorators,
      ...(this.returnType ? { returnType: this.returnType } : {}),
      variables: this.variables,
      free: this.free,
      start: this.start,
      length: this.end - this.start,
      broken: this.broken,
      text: text.slice(this.start, this.end),
    };
  }

  /** Defaults are read in the function around; here they are given with spans of this one. */
  private ownDefault(param: Param): Param {
    if (!param.default || !this.parent) return param;
    return { ...param, default: moved(param.default, this.parent.start - this.start) };
  }
}

/** A copy with every span moved. */
function moved<T>(node: T, by: number): T {
  if (Array.isArray(node)) return node.map((item: unknown) => moved(item, by)) as T;
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key !== 'span') return [key, moved<unknown>(value, by)];
      const span = value as Span;
      return [key, { start: span.start + by, end: span.end + by }];
    }),
  ) as T;
}

/** An assignment that gives a class or its instances a field. */
interface FieldSite {
  readonly name: string;
  readonly value: Expr | null;
  readonly type: TypeIR | undefined;
  readonly from: 'class' | 'constructor' | 'method';
}

export class ClassBuilder {
  bases: readonly Expr[] = [];
  readonly methods = new Map<string, string>();
  readonly staticMethods = new Set<string>();
  private readonly sites: FieldSite[] = [];

  constructor(
    readonly id: string,
    readonly name: string,
    readonly parent: string,
    readonly decorators: readonly string[],
  ) {}

  noteField(name: string, value: Expr | null, type: TypeIR | undefined, from: FieldSite['from']): void {
    this.sites.push({ name, value, type, from });
  }

  /** Fields in the order of the class body, then of the constructor, then of other methods. */
  finish(typeOf: (value: Expr) => TypeIR | undefined): ClassIR {
    const order = { class: 0, constructor: 1, method: 2 };
    const byName = new Map<string, FieldSite[]>();
    for (const site of [...this.sites].sort((a, b) => order[a.from] - order[b.from])) {
      const known = byName.get(site.name);
      if (known) known.push(site);
      else byName.set(site.name, [site]);
    }
    const dataclass = this.decorators.some((name) => /(^|\.)dataclass$/.test(name));
    const fields = new Map<string, FieldIR>();
    for (const [name, sites] of byName) {
      const type = fieldType(sites, typeOf);
      const value = sites.find((site) => site.value)?.value;
      const inClass = sites.every((site) => site.from === 'class');
      fields.set(name, {
        name,
        ...(type ? { type } : {}),
        ...(value ? { value } : {}),
        static: inClass && !dataclass && sites.some((site) => site.value !== null),
        private: false,
      });
    }
    return {
      id: this.id,
      name: this.name,
      parent: this.parent,
      bases: this.bases,
      decorators: this.decorators,
      methods: this.methods,
      staticMethods: this.staticMethods,
      fields,
    };
  }
}

/** The annotated type; else the one that all assignments agree on. */
function fieldType(sites: readonly FieldSite[], typeOf: (value: Expr) => TypeIR | undefined): TypeIR | undefined {
  const annotated = sites.find((site) => site.type);
  if (annotated) return annotated.type;
  const types = sites.map((site) => (site.value ? typeOf(site.value) : undefined));
  const first = types[0];
  return first && types.every((type) => type && JSON.stringify(type) === JSON.stringify(first)) ? first : undefined;
}
