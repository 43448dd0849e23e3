/** A function that calls itself would start a pool in each of its calls: in the workers too, where their number has no end. */
import type { Expr, FunctionIR } from '../../ir/ir';
import { walkFunction } from '../../ir/walk';
import { Refusal } from '../refusal';
import type { Site } from './site';

/** @throws Refusal */
export function checkRecursion(site: Site): void {
  const { loop, fn, module } = site;
  if (fn.kind === 'module') return;
  const line = site.line(loop.node);
  const remedy = 'give the outermost call a function of its own';
  const again = callOfItself(site);
  if (again) {
    const { start, end } = site.range(loop.node);
    const at = site.range(again).start;
    if (start <= at && at < end) {
      throw new Refusal(`the loop on line ${line} calls \`${fn.name}\`, which it is in: each worker would start a pool of its own, and so would its workers`, remedy);
    }
    throw new Refusal(`\`${fn.name}\` calls itself on line ${site.line(again)}, and the loop on line ${line} would start a pool in each call`, remedy);
  }
  for (let at: FunctionIR | undefined = fn; at && at.kind !== 'module'; at = at.parent === null ? undefined : module.functions.get(at.parent)) {
    if (!loop.callees.some((callee) => callee.path === site.path && callee.function === at!.id)) continue;
    throw new Refusal(`the loop on line ${line} is in \`${at.name}\`, which others call that it calls itself: it would start a pool in each call`, remedy);
  }
}

/** A call by the function's own name, or of the method on its own object. */
function callOfItself({ fn, module }: Site): Expr | null {
  const own = [...(module.functions.get(fn.parent ?? '')?.variables.values() ?? [])].find((v) => v.kind === 'function' && v.target === fn.id)?.id;
  const self = fn.class === null ? undefined : fn.params[0]?.variable;
  let found: Expr | null = null;
  walkFunction(fn, {
    expr(e) {
      if (found || e.type !== 'call') return;
      const { callee } = e;
      const named = callee.type === 'name' && callee.variable === own;
      const method = callee.type === 'attribute' && callee.name === fn.name && callee.object.type === 'name' && callee.object.variable === self;
      if (named || method) found = e;
    },
  });
  return found;
}
