/** Getters and setters of object literals: reading or assigning a field may run one. */
import type { ModuleIR } from '../ir/ir';

const known = new WeakMap<ModuleIR['functions'], ReadonlySet<string>>();

/**
 * Names of the accessors that the module's object literals have. Which objects carry them is not followed, so a field of that name may
 * be one on any object that isn't known to be of a class.
 */
export function literalAccessors(module: ModuleIR): ReadonlySet<string> {
  let names = known.get(module.functions);
  if (!names) {
    names = new Set([...module.functions.values()].filter((fn) => fn.class === null && (fn.kind === 'getter' || fn.kind === 'setter')).map((fn) => fn.name));
    known.set(module.functions, names);
  }
  return names;
}
