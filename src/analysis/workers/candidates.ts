/** Which expressions can be pools at all, by their form: only those are followed, since following a value is dear. */
import type { Expr } from '../../ir/ir';
import type { Flow } from '../captures/flow';

type MakesPool = (expr: Expr & { type: 'call' }) => boolean;

export class Candidates {
  /** Fields that are given a pool anywhere in the module. */
  private readonly fields = new Set<string>();

  /** @param makesPool whether a call is written like one of a pool's class */
  constructor(
    private readonly flow: Flow,
    private readonly makesPool: MakesPool,
  ) {
    for (const mutations of flow.index.mutations.values()) {
      for (const mutation of mutations) if (mutation.kind === 'field' && mutation.value && this.isMade(mutation.value)) this.fields.add(mutation.name);
    }
    for (const cls of flow.module.classes.values()) for (const field of cls.fields.values()) if (field.value && this.isMade(field.value)) this.fields.add(field.name);
  }

  mayBe(expr: Expr): boolean {
    switch (expr.type) {
      case 'attribute':
        return this.fields.has(expr.name);
      case 'name':
        return (this.flow.index.bindings.get(expr.variable) ?? []).some((binding) => {
          if (binding.kind === 'value') return this.isMade(binding.value) || (binding.value.type === 'attribute' && this.fields.has(binding.value.name));
          if (binding.kind === 'with') return this.isMade(binding.context) || (binding.context.type === 'name' && binding.context.variable !== expr.variable && this.mayBe(binding.context));
          return binding.kind === 'param' && /(Pool|Executor|[Pp]iscina)$/.test(binding.fn.params[binding.index]?.type?.name ?? '');
        });
      default:
        return this.isMade(expr);
    }
  }

  private isMade(expr: Expr, depth = 0): boolean {
    switch (expr.type) {
      case 'call': {
        if (this.makesPool(expr) || expr.args.some(({ value }) => value.type === 'call' && this.makesPool(value))) return true;
        const variable = expr.callee.type === 'name' && depth < 3 ? this.flow.index.variables.get(expr.callee.variable) : undefined;
        return variable?.kind === 'function' && (this.flow.index.returns.get(variable.target ?? '') ?? []).some(({ value }) => value !== null && this.isMade(value, depth + 1));
      }
      case 'conditional':
        return this.isMade(expr.then, depth) || this.isMade(expr.else, depth);
      case 'logical':
        return this.isMade(expr.left, depth) || this.isMade(expr.right, depth);
      case 'name':
        return depth < 3 && (this.flow.index.bindings.get(expr.variable) ?? []).some((b) => (b.kind === 'value' && this.isMade(b.value, depth + 1)) || (b.kind === 'with' && this.isMade(b.context, depth + 1)));
      default:
        return false;
    }
  }
}
