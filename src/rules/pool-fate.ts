/** What becomes of a pool that is made: where it is kept and whether it is ended. */
import type { Flow } from '../analysis/captures/flow';
import type { Call, FunctionIR, ModuleIR, Stmt, Variable, With } from '../ir/ir';
import { ancestorsOf, parentsOf } from '../ir/parents';
import { usesOf } from './workers';

export type Fate =
  /** `with Pool() as pool:` */
  | { readonly kind: 'with'; readonly statement: With }
  /** `Pool().map(…)`: nothing holds it. */
  | { readonly kind: 'temporary' }
  /** A variable of the function that only its own statements use, with the methods that they call. */
  | { readonly kind: 'local'; readonly statement: Stmt; readonly variable: Variable; readonly methods: readonly string[] }
  /** Others may hold it. */
  | { readonly kind: 'elsewhere' };

const ELSEWHERE: Fate = { kind: 'elsewhere' };
/** Methods of arrays that call back at once and keep nothing. */
const AT_ONCE = new Set(['map', 'forEach', 'flatMap', 'filter', 'some', 'every', 'reduce', 'from']);

export function fateOf(flow: Flow, fn: FunctionIR, call: Call): Fate {
  const { module } = flow;
  const [parent, above] = ancestorsOf(fn, call);
  if (parent?.type === 'with') return { kind: 'with', statement: parent };
  if (parent?.type === 'attribute' && above?.type === 'call' && above.callee === parent) return { kind: 'temporary' };
  if (parent?.type !== 'assign-stmt' || parent.operator !== null || parent.targets.length !== 1) return ELSEWHERE;
  const [target] = parent.targets;
  const variable = target?.type === 'name' ? fn.variables.get(target.variable) : undefined;
  if (!variable || flow.index.bindings.get(variable.id)?.length !== 1 || parent.declares === 'using') return ELSEWHERE;
  const methods: string[] = [];
  for (const use of usesOf(module, variable.id)) {
    const attribute = parentsOf(use.fn).get(use.expr);
    if (attribute?.type !== 'attribute' || (use.fn !== fn && !isCalledBack(module, fn, use.fn))) return ELSEWHERE;
    const user = parentsOf(use.fn).get(attribute);
    if (user?.type !== 'call' || user.callee !== attribute) return ELSEWHERE;
    methods.push(attribute.name);
  }
  return { kind: 'local', statement: parent, variable, methods };
}

/** The inner function is a callback of `map` and the like in the outer one (JavaScript). */
export function isCalledBack(module: ModuleIR, outer: FunctionIR, inner: FunctionIR): boolean {
  if (inner.parent !== outer.id || module.language === 'python') return false;
  for (const [node, parent] of parentsOf(outer)) {
    if (node.type === 'function' && node.function === inner.id) return parent?.type === 'call' && parent.callee.type === 'attribute' && AT_ONCE.has(parent.callee.name);
  }
  return false;
}
