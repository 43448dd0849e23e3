/** The functions that a worker will run, and whether they find there what they read. */
import type { Expr, FunctionIR, ModuleIR, VarId } from '../../ir/ir';
import { walkFunction } from '../../ir/walk';
import { lineNumber } from '../../edit/source';
import { changesAfterImport, isTopLevel } from './globals';
import { Refusal } from './refusal';
import { partScript } from './script';
import type { Site } from './site';

export interface Reached {
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
}

/** Functions that code starting from these names, and the loop's known callees, may run. Methods count when their class is reached. */
export function reachedFunctions(site: Site, names: Iterable<VarId>): Reached[] {
  const found = new Map<string, Reached>();
  const queue: Reached[] = [];
  const add = (module: ModuleIR, id: string | undefined): void => {
    const fn = id === undefined ? undefined : module.functions.get(id);
    const key = `${module.path}\0${id}`;
    if (!fn || fn.kind === 'module' || found.has(key)) return;
    found.set(key, { module, fn });
    queue.push({ module, fn });
  };
  const addName = (module: ModuleIR, id: VarId): void => {
    const variable = module.functions.get(id.slice(0, id.lastIndexOf('/')))?.variables.get(id);
    if (variable?.kind === 'function') add(module, variable.target);
    if (variable?.kind === 'class' && variable.target) for (const method of module.classes.get(variable.target)?.methods.values() ?? []) add(module, method);
  };
  for (const name of names) addName(site.module, name);
  for (const callee of site.loop.callees) {
    const module = callee.path === site.path ? site.module : site.workspace.module(callee.path);
    if (module) add(module, callee.function);
  }
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { module, fn } = next;
    for (const id of fn.free) addName(module, id);
    walkFunction(fn, {
      expr(e) {
        if (e.type === 'function') add(module, e.function);
      },
      stmt(s) {
        if (s.type === 'function-def') add(module, s.function);
      },
    });
  }
  return [...found.values()];
}

/** Builtins whose result differs from process to process. */
const PER_PROCESS = new Set(['hash', 'id']);
/** Builtins that see the names around the call, which are others in a worker. */
const NAMESPACE = new Set(['locals', 'globals', 'vars', 'eval', 'exec', '__import__']);

/**
 * Checks what the worker's functions read from their modules.
 * @param moved names of the loop's own module that are set under the main guard.
 * @throws Refusal naming the variable and where it is set.
 */
export function checkReached(site: Site, reached: readonly Reached[], moved: ReadonlySet<VarId>): void {
  for (const { module, fn } of reached) {
    const top = module.functions.get('')!;
    const text = module === site.module ? site.text : (site.workspace.read(module.path) ?? '');
    const script = partScript(module);
    const changes = changesAfterImport(module);
    for (const id of fn.free) {
      const name = id.slice(id.lastIndexOf('/') + 1);
      if (id.startsWith('builtin/') && (PER_PROCESS.has(name) || NAMESPACE.has(name))) throw perProcess(name, `\`${fn.name}\``);
      if (!isTopLevel(top, id)) continue;
      const variable = top.variables.get(id)!;
      if (['function', 'class', 'import'].includes(variable.kind) && !moved.has(id) && !changes.has(id)) continue;
      const where = `\`${fn.name}\` reads the global \`${name}\``;
      const remedy = `pass \`${name}\` to \`${fn.name}\` as an argument`;
      const change = changes.get(id);
      if (change) {
        throw new Refusal(`${where}, which ${change.what} on line ${lineNumber(text, change.fn.start + change.node.span.start)}: a worker process would not see that`, remedy);
      }
      if (moved.has(id) || !script.bound.has(id)) {
        throw new Refusal(`${where}, which is only set when the program runs: a worker process that imports the module would not have it`, remedy);
      }
    }
  }
}

export function perProcess(name: string, where: string): Refusal {
  return PER_PROCESS.has(name)
    ? new Refusal(`${where} calls ${name}(), whose result differs from process to process`)
    : new Refusal(`${where} calls ${name}(), which sees other names in a worker process`);
}

export function isProcessBuiltin(expr: Expr): boolean {
  return expr.type === 'name' && expr.variable.startsWith('builtin/') && (PER_PROCESS.has(expr.name) || NAMESPACE.has(expr.name));
}
