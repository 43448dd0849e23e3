/** Whether a name that the loop binds is read afterwards. */
import type { VarId } from '../../ir/ir';
import { usesIn } from './deep';
import type { Site } from './site';

/**
 * Python's loop variable and scratch stay visible after the loop. Names of a function are read after it when some use stands behind the
 * loop, or anywhere when another loop runs this one again; names of a module when anything else in the module reads them.
 */
export function isVisibleAfter(site: Site, id: VarId): boolean {
  const { fn, module, loop } = site;
  const { start, end } = site.range(loop.node);
  const owner = id.slice(0, id.lastIndexOf('/'));
  const outside = usesIn(module, fn, fn.body).filter((u) => u.node.variable === id && !u.stores && !(start <= u.start && u.end <= end));
  if (owner !== fn.id) {
    // `global` or `nonlocal`: others may read it.
    return true;
  }
  if (fn.kind === 'module') {
    const inFunctions = [...module.functions.values()].some((f) => f.kind !== 'module' && f.free.has(id));
    return inFunctions || outside.some((u) => u.start >= end) || module.exports.some((e) => e.variable === id && isExplicit(site, e.name));
  }
  if (fn.variables.get(id)?.captured && outside.some((u) => u.fn !== fn)) return true;
  return loop.parent !== null || isInsideLoop(site) ? outside.length > 0 : outside.some((u) => u.start >= end);
}

function isInsideLoop(site: Site): boolean {
  let found = false;
  const { start, end } = site.loop.node.span;
  const walk = (stmts: typeof site.fn.body): void => {
    for (const s of stmts) {
      if ((s.type === 'for-each' || s.type === 'while') && s !== site.loop.node && s.span.start <= start && end <= s.span.end) found = true;
      if (s.span.start <= start && end <= s.span.end) {
        if (s.type === 'if') walk([...s.then, ...s.else]);
        else if (s.type === 'with' || s.type === 'for-each' || s.type === 'while') walk(s.body);
        else if (s.type === 'try') walk([...s.body, ...s.handlers.flatMap((h) => h.body), ...s.orelse, ...s.finally]);
      }
    }
  };
  walk(site.fn.body);
  return found;
}

/** Listed in the module's `__all__`. */
function isExplicit(site: Site, name: string): boolean {
  return new RegExp(`__all__[^\\]]*['"]${name}['"]`).test(site.text);
}
