/** Names for what the kernel names in Python, in a language or a file where some of them mean something else. */
import type { Kernel } from './model';
import { functionsOf } from './walk';

export interface Names {
  fn(name: string): string;
  /** Of a parameter or local variable. */
  variable(name: string): string;
}

/** Python's names, with an underscore behind those that are in `reserved`. */
export function namesOf(kernel: Kernel, reserved: Iterable<string>): Names {
  const functions = new Map<string, string>();
  const taken = new Set([...reserved, kernel.name, kernel.module]);
  const free = (name: string): string => {
    let own = name;
    while (taken.has(own)) own += '_';
    return own;
  };
  for (const { name } of functionsOf(kernel)) {
    const own = free(name);
    functions.set(name, own);
    taken.add(own);
  }
  const all = new Set(functionsOf(kernel).flatMap((f) => [...f.params, ...f.locals]).map((v) => v.name));
  const variable = (name: string): string => {
    let own = name;
    while (taken.has(own) || (own !== name && all.has(own))) own += '_';
    return own;
  };
  return { fn: (name) => functions.get(name)!, variable };
}
