/** What the models say about the types of library values. */
import type { TypeIR } from '../../ir/ir';
import type { FunctionModel, LanguageModels } from '../../models/types';
import { parseType } from './annotations';

/** Containers that hold what the value given to their constructor holds. */
const COPIES = new Set(['list', 'set', 'frozenset', 'collections.deque', 'iterator']);

export class LibraryTypes {
  constructor(private readonly models: LanguageModels) {}

  /** Type of the result of calling a builtin or library function by its dotted name. `args`: types of its leading arguments, where known. */
  call(dotted: string, args: readonly (TypeIR | undefined)[]): TypeIR | undefined {
    const model = this.models.constructors.get(dotted) ?? this.functionModel(dotted);
    if (!model) return undefined;
    const type = this.read(model, undefined, args);
    if (!type || type.args || !COPIES.has(type.name) || model.returns !== 'fresh-of:arg0' || !args[0]) return type;
    const element = this.element(args[0]);
    return element ? { name: type.name, args: [element] } : type;
  }

  private functionModel(dotted: string): FunctionModel | undefined {
    const at = dotted.lastIndexOf('.');
    const functions = at < 0 ? this.models.globals.functions : this.models.namespaces.get(dotted.slice(0, at))?.functions;
    const name = dotted.slice(at + 1);
    return functions && Object.hasOwn(functions, name) ? functions[name] : undefined;
  }

  /** Type of what a method returns. */
  method(receiver: TypeIR, name: string): TypeIR | undefined {
    for (let model = this.models.types.get(receiver.name); model; ) {
      const found = Object.hasOwn(model.methods, name) ? model.methods[name] : undefined;
      if (found) return this.read(found, receiver, []);
      const [base] = model.bases ?? [];
      model = base === undefined ? undefined : this.models.types.get(base);
    }
    return undefined;
  }

  /** Type of the elements of a value when it is iterated over. */
  element(type: TypeIR): TypeIR | undefined {
    if (type.name === 'tuple') {
      const args = (type.args ?? []).filter((arg) => arg.name !== '...');
      const first = args[0];
      return first && args.every((arg) => JSON.stringify(arg) === JSON.stringify(first)) ? first : undefined;
    }
    const element = this.models.types.get(type.name)?.element;
    if (element === undefined) return undefined;
    const arg = /^arg(\d)$/.exec(element);
    return arg ? type.args?.[Number(arg[1])] : (parseType(element) ?? undefined);
  }

  private read(model: FunctionModel, receiver: TypeIR | undefined, args: readonly (TypeIR | undefined)[]): TypeIR | undefined {
    if (typeof model.type !== 'string') return model.type;
    const source = /^(element:)?(?:(receiver)|arg(\d+))$/.exec(model.type);
    if (!source) return parseType(model.type) ?? undefined;
    const from = source[2] ? receiver : args[Number(source[3])];
    return from && source[1] ? this.element(from) : from;
  }
}
