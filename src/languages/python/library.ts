/** What the models say about the types of library values. */
import type { TypeIR } from '../../ir/ir';
import type { LanguageModels } from '../../models/types';

export class LibraryTypes {
  constructor(private readonly models: LanguageModels) {}

  /** Type of the result of calling a builtin or library function by its dotted name. `args`: the type of its first argument, if known. */
  call(dotted: string, args: readonly (TypeIR | undefined)[]): TypeIR | undefined {
    const constructed = this.models.constructors.get(dotted);
    const model = constructed ?? this.functionModel(dotted);
    if (!model) return undefined;
    const type = asType(model.type) ?? (constructed ? { name: dotted } : undefined);
    // A copy of a container holds what the container held.
    if (type && !type.args && args[0] && ['list', 'set', 'frozenset', 'tuple'].includes(type.name)) {
      const element = this.element(args[0]);
      if (element && type.name !== 'tuple') return { name: type.name, args: [element] };
    }
    return type;
  }

  private functionModel(dotted: string): { readonly type?: TypeIR | string } | undefined {
    const at = dotted.lastIndexOf('.');
    if (at < 0) return this.models.globals.functions[dotted];
    return this.models.namespaces.get(dotted.slice(0, at))?.functions[dotted.slice(at + 1)];
  }

  /** Type of what a method returns. */
  method(receiver: TypeIR, name: string): TypeIR | undefined {
    for (let model = this.models.types.get(receiver.name); model; ) {
      const found = Object.hasOwn(model.methods, name) ? model.methods[name] : undefined;
      if (found) return this.fill(asType(found.type), receiver);
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
    return element === undefined ? undefined : this.fill({ name: element }, type);
  }

  /** `arg0` stands for the first type argument of the receiver. */
  private fill(type: TypeIR | undefined, receiver: TypeIR): TypeIR | undefined {
    const arg = type && /^arg(\d)$/.exec(type.name);
    return arg ? receiver.args?.[Number(arg[1])] : type;
  }
}

function asType(type: TypeIR | string | undefined): TypeIR | undefined {
  return typeof type === 'string' ? { name: type } : type;
}
