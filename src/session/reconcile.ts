/**
 * Carries over from one lowering of a file to the next what an edit left alone, so that what is known about those functions still holds.
 * The module and its classes stay the same objects, with new contents; of the functions those do whose meaning is the same.
 */
import type { ClassIR, FunctionIR, ModuleIR, Variable, VarId } from '../ir/ir';

/**
 * Puts `after`, the lowering of the file's new text, into `before`.
 * @returns ids of the functions that mean something else now; null when other functions may be concerned too: names, classes, imports or
 *   code at module level have changed
 */
export function reconcile(before: ModuleIR, after: ModuleIR): ReadonlySet<string> | null {
  const functions = new Map<string, FunctionIR>();
  const changed = new Set<string>();
  let alike = hasSameShape(before, after);
  for (const [id, fresh] of after.functions) {
    const known = before.functions.get(id);
    if (known && isSameFunction(known, fresh)) {
      functions.set(id, moved(known, fresh));
      continue;
    }
    functions.set(id, fresh);
    if (id !== '') changed.add(id);
    // Who else sees the variables that it uses is asked about all functions at once.
    if (known && (!isSame(known.free, fresh.free) || known.broken !== fresh.broken)) alike = false;
  }
  for (const id of before.functions.keys()) if (!after.functions.has(id)) changed.add(id);
  const classes = new Map<string, ClassIR>();
  for (const [id, fresh] of after.classes) {
    const known = before.classes.get(id);
    classes.set(id, known ? Object.assign(known, fresh) : fresh);
  }
  Object.assign(before, after, { functions, classes });
  return alike ? changed : null;
}

/** What the module is for others, and for its own functions: everything but their bodies. */
function hasSameShape(before: ModuleIR, after: ModuleIR): boolean {
  const [a, b] = [before.functions.get(''), after.functions.get('')];
  return (
    a !== undefined &&
    b !== undefined &&
    isSame(a.body, b.body) &&
    isSameVariables(a.variables, b.variables) &&
    before.system === after.system &&
    isSame(before.imports, after.imports) &&
    isSame(before.exports, after.exports) &&
    isSame(before.classes, after.classes)
  );
}

function isSameFunction(a: FunctionIR, b: FunctionIR): boolean {
  return (
    a.text !== undefined &&
    a.text === b.text &&
    a.kind === b.kind &&
    a.parent === b.parent &&
    a.class === b.class &&
    a.broken === b.broken &&
    isSame(a.returnType, b.returnType) &&
    isSame(a.params, b.params) &&
    isSameVariables(a.variables, b.variables) &&
    isSame(a.free, b.free)
  );
}

/** Defaults of parameters have spans of the function around, which may have moved. */
function moved(known: FunctionIR, fresh: FunctionIR): FunctionIR {
  return Object.assign(known, { start: fresh.start, params: fresh.params });
}

function isSameVariables(a: ReadonlyMap<VarId, Variable>, b: ReadonlyMap<VarId, Variable>): boolean {
  return a.size === b.size && isSame(a, b);
}

/** Whether two pieces of IR are alike, wherever in the text they stand. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (a instanceof Map) return b instanceof Map && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isSame(value, b.get(key)));
  if (a instanceof Set) return b instanceof Set && a.size === b.size && [...a].every((item) => b.has(item));
  const [ours, theirs] = [Object.keys(a), Object.keys(b)];
  return ours.length === theirs.length && ours.every((key) => key === 'span' || isSame(a[key as never], b[key as never]));
}
