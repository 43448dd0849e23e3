/** The kernel while it is made: its functions, one for each signature that they are called with, and the values that it takes. */
import type { FunctionIR, NameExpr, VarId } from '../../../ir/ir';
import { walkFunction } from '../../../ir/walk';
import { variableOf, type Site } from '../site';
import type { KExpr, KFunction, KParam, KType, KVariable } from './model';
import { KernelRefusal } from './refusal';
import { isPending } from './scope';
import { isArray, isExtent, knownType, typeAtCalls, type Known, type Recorded } from './typing';

interface Entry {
  readonly name: string;
  readonly fn: FunctionIR;
  returns: KType | null;
  made: Made | null;
  /** A call of it was lowered while it was itself being lowered. */
  recursive: boolean;
}

/** A lowered function, before the globals that it needs are added to its parameters. */
export interface Made {
  readonly name: string;
  readonly params: KVariable[];
  readonly locals: readonly KVariable[];
  readonly returns: KType | null;
  readonly body: KFunction['body'];
  readonly line: number;
  readonly source: string;
}

type Writable = { -readonly [K in keyof KParam]: KParam[K] };

interface PendingCall {
  readonly caller: string;
  readonly callee: string;
  readonly args: KExpr[];
}

export class Functions {
  private readonly entries = new Map<string, Entry>();
  private readonly names = new Set<string>();
  private readonly captured = new Map<VarId, Writable>();
  /** Globals that a function reads itself, by its name. */
  private readonly globals = new Map<string, Set<VarId>>();
  private readonly calls: PendingCall[] = [];
  /** Real numbers are combined with complex ones: by the rules from Python 3.14 on, or those before; null when none are. */
  mixedComplex: 'new' | 'old' | null = null;
  readonly numpyRefusals: KernelRefusal[] = [];
  /** In the order in which they were finished: callees first. */
  readonly finished: Made[] = [];

  constructor(
    readonly site: Site,
    private readonly recorded: Recorded,
    private readonly lower: (functions: Functions, fn: FunctionIR, name: string, args: readonly (KType | 'complex')[], expected: KType | null) => Made,
  ) {}

  reserve(base: string): string {
    let name = base;
    for (let n = 2; this.names.has(name); n++) name = `${base}_${n}`;
    this.names.add(name);
    return name;
  }

  /** A function for arguments of these types. `annotated` is what its annotation says that it returns. */
  call(fn: FunctionIR, args: readonly (KType | 'complex')[], line: number): { name: string; returns: KType } {
    const key = [fn.id, ...args.map((t) => (t !== 'complex' && isArray(t) ? `${isPending(t) ? '' : t.element}[${t.dims}]${t.from ?? ''}` : t))].join(' ');
    const known = this.entries.get(key);
    if (known) {
      if (!known.made) known.recursive = true;
      const returns = known.made?.returns ?? known.returns;
      if (returns === null) throw new KernelRefusal(`nothing tells what the recursive \`${fn.name}\` returns; it is called`, line, 'annotate its return type');
      return { name: known.name, returns };
    }
    const expected = knownType(fn.returnType, 1)?.type ?? null;
    const entry: Entry = { name: this.reserve(fn.name), fn, returns: expected, made: null, recursive: false };
    this.entries.set(key, entry);
    entry.made = this.lower(this, fn, entry.name, args, expected);
    this.finished.push(entry.made);
    return { name: entry.name, returns: entry.made.returns! };
  }

  /** Notes a call, whose arguments get the globals that the callee needs in the end. */
  noteCall(caller: string, callee: string, args: KExpr[]): void {
    this.calls.push({ caller, callee, args });
  }

  /**
   * A value from outside the kernel that a function reads.
   * @throws KernelRefusal when its type is not known.
   */
  capture(node: NameExpr, reader: string, line: number): KParam {
    const mine = this.globals.get(reader) ?? new Set();
    this.globals.set(reader, mine.add(node.variable));
    const known = this.captured.get(node.variable);
    if (known) return known;
    const { type, from } = this.typeOf(node, line);
    const names = new Set([...this.captured.values()].map((p) => p.name));
    let name = node.name.replace(/[^A-Za-z0-9_]/g, '_');
    while (names.has(name)) name += '_';
    const param: Writable = { name, type, text: node.name, from, distinctRows: false, stored: false };
    this.captured.set(node.variable, param);
    return param;
  }

  /** The iteration changes elements of it, or of its rows. */
  markStored(variable: VarId, rows: boolean): void {
    const param = this.captured.get(variable);
    if (!param) return;
    param.stored = true;
    param.distinctRows ||= rows;
  }

  /** Notes what Python's numbers and numpy's do differently: no kernel with numpy arrays can have it. */
  noteForNumpy(reason: string, line: number, remedy?: string): void {
    this.numpyRefusals.push(new KernelRefusal(reason, line, remedy));
  }

  private typeOf(node: NameExpr, line: number): Known {
    const seen = this.recorded(node.variable);
    if (seen) return seen;
    const variable = variableOf(this.site.module, node.variable);
    if (!variable || variable.kind === 'import' || variable.kind === 'builtin') throw new KernelRefusal(`\`${node.name}\` is no number or array; it is used`, line);
    if (variable.kind === 'function' || variable.kind === 'class') throw new KernelRefusal(`the ${variable.kind} \`${node.name}\` is used as a value`, line);
    let type = variable.type;
    if (variable.kind === 'param' && !type) {
      const owner = this.site.module.functions.get(variable.owner);
      const at = owner?.params.findIndex((p) => p.variable === variable.id) ?? -1;
      if (owner && at >= 0) type = typeAtCalls(this.site, owner, at);
    }
    if (!type && isExtent(this.site, variable)) type = { name: 'int' };
    const known = knownType(type, this.dims(node.variable));
    if (known) return known;
    if (type?.name === 'complex') throw new KernelRefusal(`\`${node.name}\` is a complex number from outside; it is used`, line, 'pass its parts as floats');
    if (!type) throw new KernelRefusal(`nothing tells the type of \`${node.name}\`; it is used`, line, `annotate it, as in \`${node.name}: float\` or \`${node.name}: list[float]\``);
    throw new KernelRefusal(`\`${node.name}\` is a ${type.name}, which is no number or array of numbers of a known type; it is used`, line);
  }

  /** The values from outside, so far. */
  get params(): readonly KParam[] {
    return [...this.captured.values()];
  }

  noteMixedComplex(newer: boolean): void {
    this.mixedComplex = newer ? 'new' : 'old';
  }

  /** How many subscripts the program puts on a variable at the most. */
  private dims(id: VarId): number {
    let most = 1;
    for (const fn of this.site.module.functions.values()) {
      walkFunction(fn, {
        expr: (e) => void (most = Math.max(most, depthOf(e, id))),
        target: (t) => void (most = Math.max(most, depthOf(t, id))),
      });
    }
    return most;
  }

  /** Gives every function the globals that it and its callees need as parameters, and every call the arguments. */
  pass(): { functions: readonly Made[]; params: readonly KParam[]; recursive: ReadonlySet<string> } {
    const needs = (name: string, seen: Set<string>): Set<VarId> => {
      const all = new Set(this.globals.get(name) ?? []);
      if (seen.has(name)) return all;
      seen.add(name);
      for (const { caller, callee } of this.calls) if (caller === name) for (const id of needs(callee, seen)) all.add(id);
      return all;
    };
    const needed = (name: string): KParam[] => [...this.captured].filter(([id]) => needs(name, new Set()).has(id)).map(([, param]) => param);
    for (const made of this.finished) for (const { name, type } of needed(made.name)) made.params.push({ name, type });
    for (const { callee, args } of this.calls) for (const { name, type } of needed(callee)) args.push({ op: 'var', type, name });
    const recursive = new Set(this.finished.map((f) => f.name).filter((name) => this.reaches(name, name, new Set())));
    return { functions: this.finished, params: [...this.captured.values()], recursive };
  }

  private reaches(from: string, to: string, seen: Set<string>): boolean {
    if (seen.has(from)) return false;
    seen.add(from);
    return this.calls.some(({ caller, callee }) => caller === from && (callee === to || this.reaches(callee, to, seen)));
  }
}

function depthOf(node: { readonly type: string }, id: VarId): number {
  let depth = 0;
  let at = node as { type: string; object?: unknown; index?: { type: string; items?: readonly unknown[] }; variable?: VarId };
  while (at.type === 'index') {
    depth += at.index!.type === 'collection' ? at.index!.items!.length : 1;
    at = at.object as typeof at;
  }
  return at.type === 'name' && at.variable === id ? depth : 0;
}
