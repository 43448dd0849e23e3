/** A strategy from the one function that plans and writes its rewrite. */
import { Refusal } from './refusal';
import type { Rewrite, Strategy, StrategyContext, StrategyId, StrategyMeta } from './types';

/**
 * Only the whole attempt tells whether a loop can be rewritten, and applicability and rewrite ask for it one after the other: the last
 * outcome for each loop is kept as long as the loop's report, for the same text and options.
 * @param make throws Refusal for a loop that cannot be rewritten so that its meaning stays
 */
export function strategyOf<Id extends StrategyId>(
  meta: StrategyMeta & { readonly id: Id },
  make: (context: StrategyContext) => Rewrite,
): Strategy & { readonly meta: { readonly id: Id } } {
  const made = new WeakMap<object, { readonly text: string; readonly options: string; readonly outcome: Rewrite | Refusal }>();
  const attempt = (context: StrategyContext): Rewrite | Refusal => {
    const options = JSON.stringify(context.options);
    const known = made.get(context.loop);
    if (known && known.text === context.text && known.options === options) return known.outcome;
    const outcome = outcomeOf(() => make(context));
    made.set(context.loop, { text: context.text, options, outcome });
    return outcome;
  };
  return {
    meta,
    applicability(context) {
      const outcome = attempt(context);
      if (!(outcome instanceof Refusal)) return { ok: true, notes: outcome.notes };
      return { ok: false, why: outcome.why, ...(outcome.remedy === undefined ? {} : { remedy: outcome.remedy }) };
    },
    rewrite(context) {
      const outcome = attempt(context);
      if (outcome instanceof Refusal) throw outcome;
      return outcome;
    },
  };
}

function outcomeOf(make: () => Rewrite): Rewrite | Refusal {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}
