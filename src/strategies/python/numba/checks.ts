/** Kernels that numba cannot compile. */
import type { KExpr, Kernel } from '../kernel/model';
import { KernelRefusal } from '../kernel/refusal';
import { functionsOf, walkKernel } from '../kernel/walk';
import { argumentsFor } from './print';

/** What the module itself means by these names. */
const TAKEN = new Set(['kernel', 'njit', 'prange', 'np', 'math', 'ctypes', 'len', 'range', 'int', 'float', 'bool', 'min', 'zip', 'list', 'type', 'depth', 'done', 'turn', 'start', 'step', 'count']);

/** Only the function around all turns uses them. */
const SCRATCH = new Set(['done', 'turn', 'start', 'step', 'count']);

/** @throws KernelRefusal */
export function checkNumba(kernel: Kernel): void {
  for (const fn of functionsOf(kernel)) {
    const captured = fn === kernel.iteration ? fn.params.slice(1) : [];
    const bad = [...fn.params, ...fn.locals].find((v) => TAKEN.has(v.name) && (!SCRATCH.has(v.name) || captured.includes(v)));
    if (bad) throw new KernelRefusal(`a variable is called \`${bad.name}\`, which numba's functions use; it is in \`${fn.source}\``, fn.line, 'rename it');
    if (TAKEN.has(fn.name)) throw new KernelRefusal(`\`${fn.name}\` has a name that numba's functions use; it begins`, fn.line, 'rename it');
  }
  for (const fn of functionsOf(kernel)) {
    const names = [...fn.params, ...fn.locals].flatMap(argumentsFor);
    const twice = names.find((n, i) => names.indexOf(n) !== i);
    if (twice !== undefined) throw new KernelRefusal(`a variable is called \`${twice}\`, which numba's functions need for rows; it is in \`${fn.source}\``, fn.line, 'rename it');
  }
  for (const fn of kernel.functions) {
    const others = kernel.functions.filter((f) => f.recursive && f !== fn).map((f) => f.name);
    walkKernel(fn.body, {
      expr(e) {
        if (fn.recursive && e.op === 'call' && others.includes(e.function)) throw new KernelRefusal(`\`${fn.source}\` and \`${e.function}\` call each other, which numba does not compile; it begins`, fn.line);
      },
    });
  }
  for (const fn of functionsOf(kernel)) checkLists(fn.source, fn.line, kernel, fn.name);
}

/** Lists that the iteration makes are numba's lists, those that it is given arrays: a variable is one or the other. */
function checkLists(source: string, line: number, kernel: Kernel, name: string): void {
  const fn = functionsOf(kernel).find((f) => f.name === name)!;
  const kinds = new Map<string, boolean>();
  const isView = (e: KExpr): boolean | null => {
    if (e.op === 'row') return true;
    if (e.op === 'new-array' || e.op === 'copy-array') return false;
    return e.op === 'var' ? (kinds.get(e.name) ?? null) : null;
  };
  for (const p of fn.params) if (typeof p.type !== 'string') kinds.set(p.name, true);
  walkKernel(fn.body, {
    stmt(s) {
      if (s.do !== 'assign' || typeof s.value.type === 'string') return;
      const view = isView(s.value);
      const known = kinds.get(s.name);
      if (view === null) return;
      if (known !== undefined && known !== view) {
        throw new KernelRefusal(`\`${s.name}\` stands for a list that was passed and for one that was made, which numba keeps apart; \`${source}\` begins`, line, 'copy the list that was passed');
      }
      kinds.set(s.name, view);
    },
  });
}
