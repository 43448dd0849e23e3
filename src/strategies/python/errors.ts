/** Exceptions that cannot come back from a worker: pickle makes them anew from the arguments of their base class. */
import type { ClassIR, Expr, FunctionIR, ModuleIR } from '../../ir/ir';
import { lineNumber } from '../../edit/source';
import { walkFunction } from '../../ir/walk';
import { codeOf, walkDeep } from './deep';
import { reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import { variableOf, type Site } from './site';

/**
 * `multiprocessing.Pool` waits for ever when an exception cannot be made anew in the parent.
 * @throws Refusal naming the class.
 */
export function refuseStuckErrors(site: Site): void {
  const error = stuckError(site);
  if (!error) return;
  throw new Refusal(
    `\`${error.name}\`, raised on line ${error.line}, cannot be made anew from its message when it comes back from a worker: multiprocessing.Pool would wait for ever`,
    `pass all its arguments to super().__init__() in ${error.name}, or use python/process-pool, which reports it`,
  );
}

/** An exception that an iteration may raise and whose constructor asks for more than it hands to `Exception`; null when there is none. */
export function stuckError(site: Site): { readonly name: string; readonly line: number } | null {
  const code = codeOf(site.loop);
  let found: { name: string; line: number } | null = null;
  const check = (module: ModuleIR, fn: FunctionIR, raised: Expr | null): void => {
    const callee = raised?.type === 'call' ? raised.callee : raised;
    if (callee?.type !== 'name' || found) return;
    const target = variableOf(module, callee.variable)?.target;
    const cls = target === undefined ? undefined : module.classes.get(target);
    const text = module === site.module ? site.text : (site.workspace.read(module.path) ?? '');
    if (cls && isStuck(module, cls)) found = { name: cls.name, line: lineNumber(text, fn.start + callee.span.start) };
  };
  walkDeep(site.module, site.fn, code, { stmt: (s, fn) => void (s.type === 'raise' && check(site.module, fn, s.value)) });
  for (const { module, fn } of reachedFunctions(site, [code])) walkFunction(fn, { stmt: (s) => void (s.type === 'raise' && check(module, fn, s.value)) });
  return found;
}

function isStuck(module: ModuleIR, cls: ClassIR): boolean {
  if (['__reduce__', '__reduce_ex__', '__getnewargs__'].some((m) => cls.methods.has(m))) return false;
  const init = module.functions.get(cls.methods.get('__init__') ?? '');
  if (!init) return false;
  const own = init.params.slice(1);
  const handed = argumentsOfSuper(init);
  // Without a call of super().__init__ the arguments are those that the constructor was called with.
  if (handed === null) return own.some((p) => p.kind === 'keyword-only' && p.default === null);
  const least = own.filter((p) => p.default === null && (p.kind === 'plain' || p.kind === 'positional-only')).length;
  return handed < least || handed > own.length || own.some((p) => p.kind === 'keyword-only' && p.default === null);
}

/** How many arguments `super().__init__(…)` is given; null when it is not called. */
function argumentsOfSuper(init: FunctionIR): number | null {
  let count: number | null = null;
  walkFunction(init, {
    expr(e) {
      if (e.type === 'call' && e.callee.type === 'attribute' && e.callee.name === '__init__') {
        count = e.callee.object.type === 'call' ? e.args.length : e.args.length - 1;
      }
    },
  });
  return count;
}
