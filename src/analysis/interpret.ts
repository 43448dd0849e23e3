/** Interprets a function from its start, with nothing known about its arguments but their types. */
import type { FunctionIR, ModuleIR } from '../ir/ir';
import { classType, held, type Analyzer } from './analyzer';
import { assignTo } from './assign';
import { NOTHING, type Value } from './domain';
import { evaluate, fork } from './evaluate';
import { Machine, intersect } from './machine';
import { runBlock } from './statements';
import { isScalar, named } from './types';

/** @param mayGiveUp throws GivenUp where no loop that calls the function can be proven independent */
export function interpret(analyzer: Analyzer, module: ModuleIR, fn: FunctionIR, mayGiveUp = false): Machine {
  const m = new Machine(analyzer, module, fn, fn, mayGiveUp);
  m.thisValue = receiverOf(analyzer, module, fn);
  bindParams(m);
  runBlock(m, fn.body);
  if (!m.dead) m.functionEnds.push(new Map(m.frame.defs));
  m.endDefs = m.functionEnds.length > 0 ? intersect(m.functionEnds) : new Map();
  return m;
}

function receiverOf(_analyzer: Analyzer, module: ModuleIR, fn: FunctionIR): Value | null {
  if (module.language === 'python') return null;
  let at: FunctionIR | undefined = fn;
  while (at && at.class === null && at.arrow && at.parent !== null) at = module.functions.get(at.parent);
  const cls = at?.class ? module.classes.get(at.class) : undefined;
  if (cls && at!.decorators.includes('static')) return { ...NOTHING, cls: { module, cls } };
  return { ...NOTHING, locs: [{ base: { kind: 'this' }, path: [] }], type: cls ? classType({ module, cls }) : null };
}

function bindParams(m: Machine): void {
  const { fn, module } = m;
  const python = module.language === 'python';
  fn.params.forEach((param, at) => {
    let value: Value = held(module, param.variable, param.type && param.type.name !== 'unknown' ? param.type : null, m.analyzer.variable(module, param.variable));
    const cls = fn.class !== null ? module.classes.get(fn.class) : undefined;
    if (python && cls && at === 0 && !fn.decorators.includes('staticmethod')) {
      value = fn.decorators.includes('classmethod') ? { ...NOTHING, cls: { module, cls } } : { ...value, type: classType({ module, cls }) };
    } else if (param.kind === 'rest' || param.kind === 'keywords') {
      const type = named(param.kind === 'rest' ? (python ? 'tuple' : 'Array') : 'dict');
      value = { ...value, type };
    } else if (!value.type && param.default?.type === 'const') {
      const guess = evaluate(m, param.default).type;
      // A default tells the type when nothing else does, but a caller may give another: only its being a scalar is used.
      value = guess && isScalar(guess) && guess.name !== 'None' && guess.name !== 'null' && guess.name !== 'undefined' ? { ...value, type: null } : value;
    }
    if (!python && param.default && param.default.type !== 'const') {
      // Evaluated by the calls that leave the argument out, after the parameters before it.
      const given = param.default;
      const initial = fork(m, () => evaluate(m, given), () => NOTHING);
      value = { ...value, locs: [...value.locs, ...initial.locs.filter((loc) => loc.base.kind !== 'fresh')] };
    }
    m.env.set(param.variable, value);
    if (param.pattern) assignTo(m, param.pattern, value);
  });
}
