/** A loop with the text around it: what every step of planning a rewrite asks about. */
import type { LoopReport, Range } from '../../analysis/report';
import { identifiers, indentUnit, uniqueName } from '../../edit/python';
import { scanPython, type PythonTokens } from '../../edit/python-lexer';
import { lineNumber } from '../../edit/source';
import type { ClassIR, FunctionIR, ModuleIR, Span, Variable, VarId } from '../../ir/ir';
import type { RewriteOptions, StrategyContext, Workspace } from '../types';
import { PROCESSES, type World } from './world';

export class Site {
  readonly loop: LoopReport;
  readonly text: string;
  readonly path: string;
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
  readonly workspace: Workspace;
  readonly options: RewriteOptions;
  /** One unit of the file's indentation. */
  readonly unit: string;
  readonly tokens: PythonTokens;
  /** Names of the loop's function, and those that it sees: a local must not collide with them. */
  private readonly local: Set<string>;
  private readonly taken: Set<string>;

  /** @param world where the workers run. */
  constructor(
    context: StrategyContext,
    readonly world: World = PROCESSES,
  ) {
    this.loop = context.loop;
    this.text = context.text;
    this.path = context.path;
    this.module = context.loop.module;
    this.fn = context.loop.fn;
    this.workspace = context.workspace;
    this.options = context.options;
    this.unit = indentUnit(context.text, context.options.indent);
    this.tokens = scanPython(context.text);
    this.taken = namesIn(this.module, context.text);
    this.local = namesSeenBy(this.module, this.fn, context.text);
  }

  /** Absolute range of a node of the loop's function (or of `fn`). */
  range(node: { readonly span: Span }, fn: FunctionIR = this.fn): Range {
    return { start: fn.start + node.span.start, end: fn.start + node.span.end };
  }

  /** The node's text as it stands in the file. */
  source(node: { readonly span: Span }, fn: FunctionIR = this.fn): string {
    const { start, end } = this.range(node, fn);
    return this.text.slice(start, end);
  }

  /** Strings over several lines: their lines keep their indentation wherever the code around them goes. */
  get longStrings(): readonly Range[] {
    return this.tokens.strings.filter((s) => this.text.slice(s.start, s.end).includes('\n'));
  }

  line(node: { readonly span: Span }, fn: FunctionIR = this.fn): number {
    return lineNumber(this.text, fn.start + node.span.start);
  }

  /** A name for a variable of the loop's function or of its worker. */
  unique(base: string): string {
    const name = uniqueName(base, this.local);
    this.taken.add(name);
    return name;
  }

  /** The first of some names that is free; else a numbered form of the first. */
  uniqueOf(...candidates: readonly string[]): string {
    return this.unique(candidates.find((name) => this.isFreeLocally(name) && uniqueName(name, new Set()) === name) ?? candidates[0]!);
  }

  /** A name for a function or variable of the module. */
  uniqueGlobal(base: string): string {
    const name = uniqueName(base, this.taken);
    this.local.add(name);
    return name;
  }

  /** No variable of the loop's function has the name. */
  isFreeLocally(name: string): boolean {
    return !this.local.has(name);
  }

  isFree(name: string): boolean {
    return !this.taken.has(name);
  }

  variable(id: VarId): Variable | null {
    return variableOf(this.module, id);
  }

  classOf(fn: FunctionIR): ClassIR | null {
    return fn.class === null ? null : (this.module.classes.get(fn.class) ?? null);
  }
}

/** The variable of that id; null for builtins. */
export function variableOf(module: ModuleIR, id: VarId): Variable | null {
  const owner = id.slice(0, id.lastIndexOf('/'));
  const found = module.functions.get(owner)?.variables.get(id);
  if (found) return found;
  for (const fn of module.functions.values()) {
    const variable = fn.variables.get(id);
    if (variable) return variable;
  }
  return null;
}

/** Names that a new variable could collide with. With a star import any word of the file may be one. */
function namesIn(module: ModuleIR, text: string): Set<string> {
  if (module.functions.get('')!.body.some((stmt) => stmt.type === 'import' && stmt.star)) return identifiers(text);
  const names = new Set<string>(module.imports.map((source) => (source.name ?? source.module).split('.')[0]!));
  for (const fn of module.functions.values()) {
    for (const variable of fn.variables.values()) names.add(variable.name);
    for (const id of fn.free) names.add(id.slice(id.lastIndexOf('/') + 1).replace(/#\d+$/, ''));
  }
  return names;
}

/** Names that mean something inside a function, or inside one nested in it. */
function namesSeenBy(module: ModuleIR, fn: FunctionIR, text: string): Set<string> {
  if (module.functions.get('')!.body.some((stmt) => stmt.type === 'import' && stmt.star)) return identifiers(text);
  const names = new Set<string>();
  for (const other of module.functions.values()) {
    if (other !== fn && !isNestedIn(module, other, fn)) continue;
    for (const variable of other.variables.values()) names.add(variable.name);
    for (const id of other.free) names.add(id.slice(id.lastIndexOf('/') + 1).replace(/#\d+$/, ''));
  }
  return names;
}

function isNestedIn(module: ModuleIR, fn: FunctionIR, outer: FunctionIR): boolean {
  for (let id = fn.parent; id !== null; id = module.functions.get(id)?.parent ?? null) if (id === outer.id) return true;
  return false;
}
