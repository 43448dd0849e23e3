/** Functions of a script that travel by value (cloudpickle), and with them the globals that they read. */
import { codeOf, usesIn, type Use } from './deep';
import { isEntryScript } from './entry';
import { isTopLevel } from './globals';
import { reachedFunctions } from './reach';
import { Refusal } from '../refusal';
import type { Site } from './site';
import { checkTransfer } from './transfer';

/** Decorators that put an object in a function's place which is only found by its name. */
const WRAPPING = /(?:^|\.)(?:lru_cache|cache|singledispatch)\b/;

/** @throws Refusal for a function that cannot travel so. Functions of a module that the script imports are imported by the workers. */
export function checkCarried(site: Site): void {
  if (!isEntryScript(site)) return;
  const code = codeOf(site.loop);
  const top = site.module.functions.get('')!;
  checkUses(usesIn(site.module, site.fn, code));
  for (const { module, fn } of reachedFunctions(site, [code])) {
    if (module !== site.module) continue;
    const wrapper = fn.decorators.find((d) => WRAPPING.test(d));
    if (wrapper !== undefined) {
      throw new Refusal(
        `\`${fn.name}\` is wrapped by ${wrapper}, and stands in the script itself: a worker process looks for it in a module, where it is not`,
        `move \`${fn.name}\` into a module that the script imports`,
      );
    }
    checkUses(usesIn(site.module, fn, fn.body));
  }

  function checkUses(uses: readonly Use[]): void {
    for (const use of uses) {
      const id = use.node.variable;
      if (!use.stores && isTopLevel(top, id) && site.variable(id)?.kind === 'local') checkTransfer(site, id, use);
    }
  }
}
