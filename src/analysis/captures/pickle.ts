/** Whether pickle, or cloudpickle, can send a value to another process, and what is missing when it arrives. */
import type { ClassIR, FunctionIR, ModuleIR } from '../../ir/ir';
import { walkFunction } from '../../ir/walk';
import type { Flow, Flows } from './flow';
import { judgeItems, fails, lossy, sent, unknown, type Judgement } from './judgement';
import { classTrouble, unpickleTrouble } from './pickle-classes';
import { stateOf } from './pickle-state';
import { cloudpickles, isSubmodule, normalize, pickledResult, UNPICKLABLE_NAMES } from './python-library';
import type { FunctionValue, Instance, Value } from './values';

export interface PickleOptions {
  /** cloudpickle sends functions and classes by value. */
  readonly byValue: boolean;
}

const MAX_DEPTH = 12;

export class Pickle {
  private readonly active = new Set<unknown>();

  constructor(
    private readonly flows: Flows,
    private readonly options: PickleOptions,
  ) {}

  judge(value: Value, depth = 0): Judgement {
    if (depth > MAX_DEPTH) return unknown();
    switch (value.kind) {
      case 'plain':
        return sent();
      case 'unknown':
        return unknown();
      case 'union':
        return judgeItems(value.options.map((option) => ({ label: '', judgement: this.judge(option, depth + 1) })), { alternatives: !value.each });
      case 'container': {
        const judged = value.items.map((item) => ({ label: item.label === '[key]' ? '' : item.label, judgement: this.judge(item.value, depth + 1) }));
        return judgeItems(value.open ? [...judged, { label: '', judgement: unknown() }] : judged);
      }
      case 'function':
        return this.functionValue(value, depth);
      case 'class':
        return this.options.byValue ? sent() : this.importable(value.module, value.class);
      case 'method':
        return this.method(value, depth);
      case 'instance':
        return this.once(value.class, () => this.instance(value, null, depth));
      case 'library':
        return this.library(value.name, value.module === true);
      case 'made':
        return this.made(value, depth);
    }
  }

  /** A value that holds itself adds nothing. */
  private once(key: unknown, judge: () => Judgement): Judgement {
    if (this.active.has(key)) return sent();
    this.active.add(key);
    try {
      return judge();
    } finally {
      this.active.delete(key);
    }
  }

  private library(given: string, module: boolean): Judgement {
    const name = normalize(given);
    if (name === '?') return unknown();
    if (Object.hasOwn(UNPICKLABLE_NAMES, name)) return this.options.byValue ? sent() : fails(UNPICKLABLE_NAMES[name]!);
    if (module || name.startsWith('module:') || isSubmodule(name)) return this.options.byValue ? sent() : fails('a module cannot be pickled: import it in the worker');
    return sent();
  }

  private made(value: Value & { kind: 'made' }, depth: number): Judgement {
    const by = normalize(value.by);
    const held = (): Judgement => {
      const args = [...value.args, ...value.keywords.values()];
      return judgeItems(args.map((v) => ({ label: '', judgement: this.judge(v, depth + 1) })));
    };
    const maker = /^(?:builtins\.type|collections\.namedtuple|typing\.(?:NamedTuple|NewType|TypedDict)|enum\.(?:Enum|IntEnum|Flag|IntFlag|StrEnum)|dataclasses\.make_dataclass)(\(\))?$/.exec(by);
    if (maker) return this.options.byValue ? sent() : this.madeClass(value, maker[1] !== undefined, depth);
    if (this.options.byValue && cloudpickles(by)) return sent();
    // cloudpickle sends a text file that is open for reading as a copy of what it holds.
    if (this.options.byValue && by === 'builtins.open') return opensForText(value) ? unknown() : fails('an open file cannot be pickled');
    const known = pickledResult(by);
    switch (known.verdict) {
      case 'refused':
        return fails(known.reason);
      case 'holds':
        return held();
      case 'sent':
        return sent();
      case 'unknown':
        return unknown();
    }
  }

  /** A class that a call made: pickle looks for it under the name that the call was given. */
  private madeClass(value: Value & { kind: 'made' }, instance: boolean, depth: number): Judgement {
    const cls = instance ? value.args[0] : value;
    if (cls?.kind !== 'made' || cls.origin === undefined) return instance && cls?.kind === 'made' ? fails('its class has no name that pickle could find it by') : unknown();
    const name = cls.origin.slice(cls.origin.lastIndexOf('/') + 1);
    const [named] = cls.args;
    if (cls.by === 'dataclasses.make_dataclass') return unknown('whether pickle finds the class hangs on the version of Python');
    if (!cls.origin.startsWith('/') || cls.origin.includes('.')) return fails(`its class ${name} is made inside a function, where pickle cannot find it`);
    if (named?.kind === 'plain' && named.constant !== undefined && named.constant !== name) return fails(`its class is called ${named.constant}, but the module has it as ${name}`);
    if (!instance) return sent();
    const held = [...value.args.slice(1), ...value.keywords.values()];
    return judgeItems(held.map((v) => ({ label: '', judgement: this.judge(v, depth + 1) })));
  }

  // ---- functions --------------------------------------------------------------------------------------------------

  private functionValue(value: FunctionValue, depth: number): Judgement {
    if (this.options.byValue) return this.closure(value, depth);
    const target = value.wraps ?? value.function;
    const flow = this.flows.of(value.module);
    if (target.kind === 'lambda') return fails('a lambda has no name that pickle could find it by');
    if (target.class !== null) {
      const cls = value.module.classes.get(target.class);
      return cls ? this.importable(value.module, cls) : unknown();
    }
    if (target.parent !== '') {
      const name = `/${target.name}`;
      if (flow.index.bindings.get(name)?.some((b) => b.kind === 'function' && b.function === target.id)) return sent();
      return fails(`the function ${target.name} is defined inside ${parentName(target)}, where pickle cannot find it`);
    }
    return this.foundByName(value, target, flow);
  }

  /** Pickle stores a function's name and checks that the module has that very function under it. */
  private foundByName(value: FunctionValue, target: FunctionIR, flow: Flow): Judgement {
    const found = flow.exported(target.name);
    const options = found.kind === 'union' ? found.options : [found];
    const same = (v: Value): boolean => v.kind === 'function' && v.function === value.function && v.wraps === value.wraps;
    if (options.every(same)) return sent();
    if (found.kind === 'unknown') return unknown('what its decorator makes of it cannot be seen here');
    if (options.some((v) => v.kind === 'unknown' || same(v))) return sent();
    return fails(`${target.name} is another object in its module: pickle finds functions by name`);
  }

  /** cloudpickle sends a function with the values of the variables that it uses, unless another module has it. */
  private closure(value: FunctionValue, depth: number): Judgement {
    return this.once(value.function, () => {
      const flow = this.flows.of(value.module);
      const defaults = value.function.params.flatMap((p) => (p.default ? [{ name: p.name, value: flow.evaluate(p.default, flow.at({ fn: value.module.functions.get(value.function.parent ?? '') ?? value.function, offset: value.function.start, blocks: [] }, value.env)) }] : []));
      const at = flow.at({ fn: value.function, offset: Number.MAX_SAFE_INTEGER, blocks: [] }, value.env);
      const judged = [...value.function.free]
        .filter((id) => !id.startsWith('builtin/'))
        .map((id) => ({ label: '', judgement: renamed(this.judge(flow.variable(id, at), depth + 1), id.slice(id.lastIndexOf('/') + 1)) }));
      for (const { name, value: held } of defaults) judged.push({ label: '', judgement: renamed(this.judge(held, depth + 1), name) });
      return judgeItems(judged);
    });
  }

  private method(value: Value & { kind: 'method' }, depth: number): Judgement {
    const { object } = value;
    if (!this.options.byValue && /^__\w*[^_]_?$/.test(value.name)) return fails(`pickle looks for ${value.name} under a name that Python has changed, since it begins with two underscores`);
    if (object.kind === 'instance' && value.function) {
      return this.once(object.class, () => this.instance(object, value.function, depth));
    }
    return this.judge(object, depth + 1);
  }

  // ---- classes ----------------------------------------------------------------------------------------------------

  private importable(module: ModuleIR, cls: ClassIR): Judgement {
    const trouble = classTrouble(this.flows.of(module), cls);
    return trouble === null ? sent() : trouble;
  }

  /** `method` is set when the instance travels only for one of its methods to run. */
  private instance(value: Instance, method: FunctionValue | null, depth: number): Judgement {
    const flow = this.flows.of(value.module);
    if (!this.options.byValue) {
      const trouble = classTrouble(flow, value.class);
      if (trouble) return trouble;
    }
    const state = stateOf(value, flow);
    switch (state.kind) {
      case 'refuses':
        return fails(state.reason);
      case 'unknown':
        return unknown();
      case 'reduced': {
        return judgeItems(state.values.map((v) => ({ label: '', judgement: this.judge(v, depth + 1) })));
      }
      case 'fields': {
        const judged = [...state.fields].map(([name, v]) => ({ label: name.startsWith('[') ? name : `.${name}`, judgement: this.judge(v, depth + 1) }));
        if (value.base !== null) judged.push({ label: '', judgement: this.base(value) });
        if (value.open || state.open) judged.push({ label: '', judgement: unknown() });
        const whole = judgeItems(judged);
        if (whole.verdict === 'not-serializable') return whole;
        const back = unpickleTrouble(value, flow, state);
        if (back) return fails(back);
        const missed = state.dropped.filter((name) => !state.restored && (method === null || reads(method, name, flow)));
        if (missed.length > 0) return lossy(`__getstate__ of ${value.class.name} leaves ${missed.join(', ')} behind, and nothing makes ${missed.length > 1 ? 'them' : 'it'} again`);
        return whole;
      }
    }
  }

  /** What the library class above an instance's class adds. */
  private base(value: Instance): Judgement {
    const by = value.base!;
    const known = pickledResult(normalize(by));
    if (known.verdict === 'refused') return fails(known.reason);
    if (/^builtins\.(dict|list|set|tuple|frozenset|type|object)$|^(collections|typing|enum|abc)\./.test(by)) return sent();
    return known.verdict === 'unknown' ? unknown() : sent();
  }
}

function renamed(judgement: Judgement, name: string): Judgement {
  return judgement.verdict === 'serializable' || judgement.path ? judgement : { ...judgement, reason: judgement.verdict === 'unknown' ? judgement.reason : `it uses ${name}, and ${judgement.reason}` };
}

function parentName(fn: FunctionIR): string {
  return fn.parent?.split('.').at(-1) ?? 'another';
}

/** Whether a method, or one of the same class that it calls, reads a field. */
function reads(method: FunctionValue, field: string, flow: Flow, seen = new Set<FunctionIR>()): boolean {
  if (seen.has(method.function)) return false;
  seen.add(method.function);
  const self = method.function.params[0]?.variable;
  let found = false;
  walkFunction(method.function, {
    expr(expr) {
      if (expr.type !== 'attribute' || expr.object.type !== 'name' || expr.object.variable !== self) return;
      if (expr.name === field) found = true;
      const cls = method.module.classes.get(method.function.class ?? '');
      const inner = cls && flow.methodOf(method.module, cls, expr.name);
      if (inner && reads(inner, field, flow, seen)) found = true;
    },
  });
  return found;
}

function opensForText(value: Value & { kind: 'made' }): boolean {
  // Only constants tell: the mode is the second argument, and reading text is the default.
  return value.args.length < 2 && !value.keywords.has('mode');
}
