/** Names that come out of `from module import *`. */
import type { ImportSource } from '../../ir/ir';
import type { LanguageModels } from '../../models/types';
import { BUILTINS } from './builtins';

/**
 * The import that a name comes from which the module binds nowhere else; null for a builtin, or when no star import can have brought it.
 *
 * The last star import of a library known to have the name wins. A builtin's name stays the builtin's unless a known library hides it
 * (`from os import *` and `open`): that an unseen module rebinds it is what the assumption `not-rebound` is about.
 */
export function starImportOf(name: string, stars: readonly ImportSource[], models: LanguageModels): ImportSource | null {
  if (!stars.length || (name.startsWith('__') && name.endsWith('__'))) return null;
  const unseen: ImportSource[] = [];
  for (const star of [...stars].reverse()) {
    const known = star.level ? undefined : models.namespaces.get(star.module);
    if (!known) unseen.push(star);
    else if (Object.hasOwn(known.functions, name) || (known.constants && Object.hasOwn(known.constants, name)) || HIDING[star.module]?.has(name)) {
      return { ...star, name };
    }
  }
  if (BUILTINS.has(name)) return null;
  return unseen.length === 1 ? { ...unseen[0]!, name } : null;
}

/** Builtins hidden by a star import of these libraries, as far as their models do not list them. */
const HIDING: Readonly<Record<string, ReadonlySet<string>>> = {
  numpy: new Set(['abs', 'all', 'any', 'max', 'min', 'pow', 'round', 'sum', 'sorted', 'bool', 'complex', 'float', 'int', 'object', 'str']),
  os: new Set(['open']),
  math: new Set(['pow']),
  operator: new Set(['abs', 'pow']),
};
