/** The functions that a worker will run, and whether they find there what they read. */
import type { Expr, FunctionIR, ModuleIR, VarId } from '../../ir/ir';
import { walkFunction, walkStmts, type Enter } from '../../ir/walk';
import { lineNumber } from '../../edit/source';
import { walkDeep, type Code } from './deep';
import { changesAfterImport, isTopLevel } from './globals';
import { Refusal } from '../refusal';
import { partScript } from './script';
import { variableOf, type Site } from './site';

export interface Reached {
  readonly module: ModuleIR;
  readonly fn: FunctionIR;
}

/**
 * Functions that a piece of the loop's code may run, directly or not. Methods and imported functions are known by the analysis, which
 * lists what the whole function around the loop calls: those that the code can mean by name are taken.
 */
export function reachedFunctions(site: Site, code: Iterable<Code>): Reached[] {
  const found = new Map<string, Reached>();
  const queue: Reached[] = [];
  const add = (module: ModuleIR | null, id: string | undefined): void => {
    const fn = id === undefined ? undefined : module?.functions.get(id);
    const key = `${module?.path}\0${id}`;
    if (!module || !fn || fn.kind === 'module' || found.has(key)) return;
    found.set(key, { module, fn });
    queue.push({ module, fn });
  };
  const byName = (name: string, method: boolean): void => {
    for (const callee of site.loop.callees) {
      const module = callee.path === site.path ? site.module : site.workspace.module(callee.path);
      const fn = module?.functions.get(callee.function);
      if (fn && fn.name === name && (fn.class !== null) === method) add(module, callee.function);
      // A class that is called runs its constructor.
      if (fn && !method && fn.class !== null && fn.kind === 'constructor' && module?.classes.get(fn.class)?.name === name) add(module, callee.function);
    }
  };
  const scan = (module: ModuleIR, fn: FunctionIR, piece: Code): void => {
    walkDeep(module, fn, piece, {
      expr(e, owner) {
        if (e.type === 'name') {
          const variable = variableOf(module, e.variable);
          if (variable?.kind === 'function') add(module, variable.target);
          else if (variable?.kind === 'class' && variable.target) for (const method of module.classes.get(variable.target)?.methods.values() ?? []) add(module, method);
          else if (variable?.kind === 'import') byName(variable.import?.name ?? '', false);
        } else if (e.type === 'attribute') {
          byName(e.name, true);
          byName(e.name, false);
          for (const cls of module.classes.values()) if (owner && cls.methods.has(e.name) && site.loop.callees.some((c) => c.function === cls.methods.get(e.name))) add(module, cls.methods.get(e.name));
        }
      },
    });
  };
  for (const piece of code) scan(site.module, site.fn, piece);
  for (let next = queue.pop(); next; next = queue.pop()) scan(next.module, next.fn, next.fn.body);
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
  if (site.world.memory === 'shared') return;
  for (const { module, fn } of reached) {
    const top = module.functions.get('')!;
    const text = module === site.module ? site.text : (site.workspace.read(module.path) ?? '');
    const script = partScript(module);
    const changes = changesAfterImport(module);
    for (const id of fn.free) {
      const name = id.slice(id.lastIndexOf('/') + 1);
      if (id.startsWith('builtin/') && (PER_PROCESS.has(name) || NAMESPACE.has(name))) throw perProcess(site, name, `\`${fn.name}\``);
      if (!isTopLevel(top, id)) continue;
      const variable = top.variables.get(id)!;
      if (['function', 'class', 'import'].includes(variable.kind) && !moved.has(id) && !changes.has(id)) continue;
      const where = `\`${fn.name}\` reads the global \`${name}\``;
      const remedy = variable.kind === 'class' || variable.kind === 'import' ? 'pass the changed value as an argument' : `pass \`${name}\` to \`${fn.name}\` as an argument`;
      const change = changes.get(id);
      if (change) {
        throw new Refusal(`${where}, which ${change.what} on line ${lineNumber(text, change.fn.start + change.node.span.start)}: a ${site.world.worker} would not see that`, remedy);
      }
      if (moved.has(id) || !script.bound.has(id)) {
        throw new Refusal(`${where}, which is only set when the program runs: a ${site.world.worker} that imports the module would not have it`, remedy);
      }
    }
  }
}

/** Settings of a process that a new one does not inherit, by what sets them, and what code feels them. */
const SETTINGS: readonly { readonly sets: RegExp; readonly field?: RegExp; readonly felt: RegExp; readonly what: string; readonly perThread?: boolean }[] = [
  { sets: /^(?:setcontext|localcontext)$/, field: /^(?:prec|rounding|Emin|Emax|capitals|clamp)$/, felt: /\bdecimal\b|\bDecimal\b/, what: 'the context of decimals', perThread: true },
  { sets: /^setrecursionlimit$/, felt: /[^]/, what: 'the recursion limit' },
  { sets: /^set_int_max_str_digits$/, felt: /[^]/, what: 'the limit of digits' },
  { sets: /^seterr$/, felt: /\bnumpy\b/, what: 'how numpy treats errors', perThread: true },
  { sets: /^setlocale$/, felt: /\blocale\b|\bstrftime\b/, what: 'the locale' },
  { sets: /^chdir$/, felt: /\bopen\(|\bPath\(|\bos\.|read_text|read_bytes/, what: 'the working directory' },
];

/**
 * A setting made while the program runs holds for its process only; made at the top level of the module it holds for the workers too.
 * @throws Refusal naming the line.
 */
export function checkSettings(site: Site): void {
  const shared = site.world.memory === 'shared';
  for (const module of [site.module, ...site.workspace.importers(site.path)]) {
    const text = module === site.module ? site.text : (site.workspace.read(module.path) ?? '');
    for (const { start, setting } of settingsOf(module, shared)) {
      if (!setting.felt.test(site.text) || (shared && !setting.perThread)) continue;
      throw new Refusal(
        `line ${lineNumber(text, start)}${module === site.module ? '' : ` of ${module.path.split(/[\\/]/).pop()!}`} sets ${setting.what} while the program runs: a ${site.world.worker} would not have it`,
        'set it at the top level of the module, or in the function that needs it',
      );
    }
  }
}

interface SettingAt {
  readonly start: number;
  readonly setting: (typeof SETTINGS)[number];
}

/** Every strategy asks about every loop. */
const settingsKnown = { all: new WeakMap<ModuleIR['functions'], readonly SettingAt[]>(), running: new WeakMap<ModuleIR['functions'], readonly SettingAt[]>() };

/** @param all those of the top level too, which a thread does not repeat. */
function settingsOf(module: ModuleIR, all: boolean): readonly SettingAt[] {
  const known = settingsKnown[all ? 'all' : 'running'];
  let found = known.get(module.functions);
  if (!found) known.set(module.functions, (found = findSettings(module, all)));
  return found;
}

function findSettings(module: ModuleIR, all: boolean): readonly SettingAt[] {
  const found: SettingAt[] = [];
  const script = partScript(module);
  const look = (fn: FunctionIR, walk: (enter: Enter) => void): void => {
    walk({
      expr(e) {
        if (e.type !== 'call' || (e.callee.type !== 'attribute' && e.callee.type !== 'name')) return;
        const { name } = e.callee;
        const setting = SETTINGS.find((s) => s.sets.test(name));
        if (setting) found.push({ start: fn.start + e.span.start, setting });
      },
      target(t) {
        if (t.type !== 'attribute') return;
        const setting = SETTINGS.find((s) => s.field?.test(t.name));
        if (setting && t.object.type === 'call') found.push({ start: fn.start + t.span.start, setting });
      },
    });
  };
  for (const fn of module.functions.values()) if (fn.kind !== 'module') look(fn, (enter) => walkFunction(fn, enter));
  const top = module.functions.get('')!;
  look(top, (enter) => walkStmts(all ? top.body : [...script.guards, ...script.moves], enter));
  return found;
}

export function perProcess(site: Site, name: string, where: string): Refusal {
  return PER_PROCESS.has(name)
    ? new Refusal(`${where} calls ${name}(), whose result differs from ${site.world.place} to ${site.world.place}`)
    : new Refusal(`${where} calls ${name}(), which sees other names in a ${site.world.worker}`);
}

/** A builtin that means something else in a worker. */
export function isProcessBuiltin(site: Site, expr: Expr): boolean {
  if (expr.type !== 'name' || !expr.variable.startsWith('builtin/')) return false;
  return NAMESPACE.has(expr.name) || (site.world.memory === 'copied' && PER_PROCESS.has(expr.name));
}
