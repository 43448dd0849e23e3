/** What memory that all workers share asks of a loop: an iteration may write to nothing that another one sees, not even scratch. */
import type { Expr, FunctionIR, ModuleIR, VarId } from '../../ir/ir';
import { boundNames, walkFunction, walkStmts } from '../../ir/walk';
import { codeOf, usesIn, walkDeep, type Code } from './deep';
import { reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import { variableOf, type Site } from './site';

/** Settings that hold for the whole process while a block runs: in another process they are nobody else's affair. */
const SWITCHES = new Set(['catch_warnings', 'redirect_stdout', 'redirect_stderr', 'setlocale', 'chdir', 'setswitchinterval', 'settrace', 'setprofile']);

/** Values that are another one in each thread, or that only the thread may use which made them. */
const OF_THREAD: Readonly<Record<string, string>> = {
  'threading.local': 'has other values in each thread',
  'contextvars.ContextVar': 'has other values in each thread',
  'sqlite3.connect': 'may only be used by the thread that opened it',
  'tkinter.Tk': 'may only be used by the main thread',
};

/** @throws Refusal naming the variable and the line. */
export function checkShared(site: Site): void {
  const code = codeOf(site.loop);
  const reached = reachedFunctions(site, [code]);
  refuseScratch(site, code);
  refuseSeenThrough(site, code, new Set(reached.filter((r) => r.module === site.module).map((r) => r.fn)));
  refuseSwitches(site, code, reached);
  refuseThreadValues(site, code, reached);
}

/** A list or field outside the loop that each iteration fills anew: one for all threads is one too few. */
function refuseScratch(site: Site, code: Code): void {
  const stored = storedBy(site, code);
  for (const { place, role, label, writes } of site.loop.places) {
    const { root, path } = place;
    if (role !== 'private' || root.kind === 'fresh') continue;
    if (root.kind === 'variable' && path.length === 0 && ownerOf(root.variable) === site.fn.id) continue;
    if (root.kind === 'variable' && stored.has(root.variable)) continue;
    const line = writes[0] ? site.line({ span: writes[0] }) : site.line(site.loop.node);
    throw new Refusal(`\`${label}\` (line ${line}) is scratch that every iteration fills anew: threads would write over each other's`, 'make it inside the iteration');
  }
}

/** Variables that the iteration sets: in the worker they are its own. */
function storedBy(site: Site, code: Code): Set<VarId> {
  const { node } = site.loop;
  const stored = new Set(usesIn(site.module, site.fn, code).filter((u) => u.stores).map((u) => u.node.variable));
  if (node.type === 'for-each') for (const name of boundNames(node.target)) stored.add(name.variable);
  return stored;
}

/** A function outside the loop that reads a variable which the loop sets would see the parent's, not its iteration's. */
function refuseSeenThrough(site: Site, code: Code, reached: ReadonlySet<FunctionIR>): void {
  const stored = storedBy(site, code);
  const { start, end } = site.range(site.loop.node);
  for (const fn of site.module.functions.values()) {
    if (fn === site.fn || (start <= fn.start && fn.start < end)) continue;
    if (!reached.has(fn) && fn.kind !== 'lambda') continue;
    for (const id of fn.free) {
      if (!stored.has(id)) continue;
      const name = variableOf(site.module, id)?.name ?? id;
      throw new Refusal(`\`${fn.name}\` reads \`${name}\`, which the loop on line ${site.line(site.loop.node)} sets: in a thread it would see another iteration's`, `pass \`${name}\` as an argument`);
    }
  }
}

function refuseSwitches(site: Site, code: Code, reached: readonly { readonly module: ModuleIR; readonly fn: FunctionIR }[]): void {
  const look = (e: Expr, where: () => string): void => {
    if (e.type !== 'call' || (e.callee.type !== 'name' && e.callee.type !== 'attribute') || !SWITCHES.has(e.callee.name)) return;
    throw new Refusal(`${where()} calls ${e.callee.name}(), which changes the whole process: threads that run at the same time would feel it`);
  };
  walkDeep(site.module, site.fn, code, { expr: (e, fn) => look(e, () => `the loop's body (line ${site.line(e, fn)})`) });
  for (const { fn } of reached) walkFunction(fn, { expr: (e) => look(e, () => `\`${fn.name}\``) });
}

/** Variables that hold what belongs to one thread, when the iteration or what it calls uses them. */
function refuseThreadValues(site: Site, code: Code, reached: readonly { readonly module: ModuleIR; readonly fn: FunctionIR }[]): void {
  const used = new Set(usesIn(site.module, site.fn, code).map((u) => u.node.variable));
  for (const { module, fn } of reached) if (module === site.module) for (const id of fn.free) used.add(id);
  for (const fn of site.module.functions.values()) {
    walkStmts(fn.body, {
      stmt(s) {
        if (s.type !== 'assign-stmt' || s.value.type !== 'call') return;
        const why = OF_THREAD[qualified(site.module, s.value.callee)];
        if (why === undefined) return;
        for (const target of s.targets) {
          if (target.type === 'name' && used.has(target.variable)) throw new Refusal(`\`${target.name}\` (line ${site.line(s, fn)}) ${why}`, 'make one in each iteration');
        }
      },
    });
  }
}

/** `sqlite3.connect` for a name or attribute that comes from an import; else the empty string. */
function qualified(module: ModuleIR, callee: Expr): string {
  const inner = callee.type === 'attribute' ? callee.object : callee;
  if (inner.type !== 'name') return '';
  const source = variableOf(module, inner.variable)?.import;
  if (!source) return '';
  const parts = [source.module, ...(source.name ? [source.name] : []), ...(callee.type === 'attribute' ? [callee.name] : [])];
  return parts.join('.');
}

function ownerOf(id: VarId): string {
  return id.slice(0, id.lastIndexOf('/'));
}
