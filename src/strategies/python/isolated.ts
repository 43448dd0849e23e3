/** What cannot be in a second interpreter of the process: modules that refuse it, and objects of classes that only the script has. */
import type { ClassIR, Expr, FunctionIR, ModuleIR } from '../../ir/ir';
import { walkFunction, walkStmts } from '../../ir/walk';
import { codeOf, usesIn, walkDeep } from './deep';
import { isEntryScript } from './entry';
import { stuckError } from './errors';
import { reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import type { Site } from './site';

/** Modules of the standard library that say so when they are imported (seen on 3.14), and packages on extension modules for one interpreter. */
const REFUSING = new Set(
  (
    'curses readline tracemalloc faulthandler tkinter numpy scipy pandas sklearn matplotlib torch tensorflow jax numba PIL cv2 pyarrow polars skimage ' +
    'statsmodels xarray h5py lxml shapely cupy'
  ).split(' '),
);

/** @throws Refusal */
export function refuseIsolated(site: Site): void {
  const reached = reachedFunctions(site, [codeOf(site.loop)]);
  for (const module of new Set([site.module, ...reached.map((r) => r.module)])) refuseImports(site, module);
  const error = stuckError(site);
  if (error) {
    throw new Refusal(
      `\`${error.name}\`, raised on line ${error.line}, cannot be made anew from its message when it comes back from another interpreter`,
      `pass all its arguments to super().__init__() in ${error.name}`,
    );
  }
  if (!isEntryScript(site)) return;
  refuseRelativeImports(site);
  refuseScriptClasses(site, reached.filter((r) => r.module === site.module).map((r) => r.fn));
}

function refuseImports(site: Site, module: ModuleIR): void {
  for (const source of module.imports) {
    const name = source.module.split('.')[0]!;
    if (source.level || !REFUSING.has(name)) continue;
    const where = module === site.module ? 'the file' : module.path.split(/[\\/]/).pop()!;
    throw new Refusal(`${where} imports ${name}, which cannot be loaded in a second interpreter of the process: each worker would have to`, 'use python/process-pool');
  }
}

/** Python 3.14 runs the script anew in each interpreter, by its path: there it is in no package, and `from .kernels import f` fails. */
function refuseRelativeImports(site: Site): void {
  for (const fn of site.module.functions.values()) {
    walkStmts(fn.body, {
      stmt(s) {
        if (s.type !== 'import' || !s.bindings.some((b) => b.source.level)) return;
        throw new Refusal(
          `line ${site.line(s, fn)} imports by a relative name, and each interpreter runs the script anew by its path, where it is in no package`,
          'import it by its full name, or move the loop’s function into a module that the script imports',
        );
      },
    });
  }
}

/**
 * Python 3.14 runs the script anew in each interpreter, under another name: objects of its classes are of other classes there, and
 * cannot cross. A class of a module that the script imports can.
 */
function refuseScriptClasses(site: Site, reached: readonly FunctionIR[]): void {
  const classes = [...site.module.classes.values()].filter((c) => c.parent === '');
  if (classes.length === 0) return;
  const refuse = (cls: ClassIR, line: number): never => {
    throw new Refusal(
      `objects of ${cls.name} (line ${line}) would have to cross to another interpreter, and the script's own classes cannot: there the script has another name`,
      `move ${cls.name} into a module that the script imports`,
    );
  };
  const look = (e: Expr, fn: FunctionIR): void => {
    const line = (): number => site.line(e, fn);
    if (e.type === 'name') {
      const named = classes.find((c) => e.variable === `/${c.name}`);
      if (named) refuse(named, line());
    }
    if (e.type === 'attribute') {
      const holder = classes.find((c) => c.fields.has(e.name) || c.methods.has(e.name));
      if (holder) refuse(holder, line());
    }
  };
  const { fn, module } = site;
  walkDeep(module, fn, codeOf(site.loop), { expr: (e, owner) => look(e, owner) });
  for (const callee of reached) {
    const own = classes.find((c) => c.id === callee.class);
    if (own) refuse(own, site.line({ span: { start: 0, end: 0 } }, callee));
    walkFunction(callee, { expr: (e) => look(e, callee) });
  }
  for (const use of usesIn(module, fn, codeOf(site.loop))) {
    const type = site.variable(use.node.variable)?.type?.name;
    const typed = classes.find((c) => c.id === type);
    if (typed) refuse(typed, site.line(use.node, use.fn));
  }
}
