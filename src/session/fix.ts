/** From a loop and a strategy to a rewrite that may be applied, or the reason why not. */
import { applyEdits } from '../edit/edit';
import type { LoopReport, ReasonKind } from '../analysis/report';
import type { ModuleIR } from '../ir/ir';
import type { FixOutcome } from '../protocol/results';
import type { Applicability, Strategy, StrategyContext } from '../strategies/types';
import { lineOf } from './results';

/** What stands in the way of an order of its own; the rest of the reasons are what could not be seen. */
const ORDERING: ReadonlySet<ReasonKind> = new Set(['flow', 'anti', 'output', 'effect', 'exit', 'type']);

/** The loop is sequential for nothing but its `await`s, which suits strategies that await themselves. */
function onlyAwaits(loop: LoopReport): boolean {
  return loop.verdict === 'sequential' && loop.reasons.some((r) => r.kind === 'await') && !loop.reasons.some((r) => ORDERING.has(r.kind));
}

/** Why no strategy of this kind is offered for the loop, whatever its code; null when its verdict allows it. */
export function refusal(loop: LoopReport, strategy: Strategy): string | null {
  if (loop.verdict === 'sequential' && !(strategy.meta.awaits && onlyAwaits(loop))) {
    const reason = loop.reasons[0];
    return `the loop is sequential: ${reason ? reason.message : 'its iterations depend on each other'}`;
  }
  if (strategy.meta.language !== (loop.module.language === 'python' ? 'python' : 'javascript')) return `it is for ${strategy.meta.language} only`;
  return null;
}

/** What the strategy says of the loop. A defect of one strategy is told as a reason: it must not take the findings of the file with it. */
export function applicabilityOf(strategy: Strategy, context: StrategyContext): Applicability {
  try {
    return strategy.applicability(context);
  } catch (error) {
    return { ok: false, why: `it failed on this loop, which is a defect of Fanout: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/**
 * Makes the rewrite and checks that it parses. Sequential loops are refused; `unknown` ones and those that rest on an assumption
 * need `assume`.
 */
export async function rewriteLoop(
  strategy: Strategy,
  context: StrategyContext,
  options: { readonly assume: boolean },
  lower: (file: string, text: string) => Promise<ModuleIR | null>,
): Promise<FixOutcome> {
  const { loop } = context;
  const id = strategy.meta.id;
  const refuse = (why: string, needsAssume = false): FixOutcome => ({ ok: false, strategy: id, why, needsAssume });

  const refused = refusal(loop, strategy);
  if (refused) return refuse(refused);
  const fits = applicabilityOf(strategy, context);
  if (!fits.ok) return refuse(fits.remedy ? `${fits.why}; ${fits.remedy}` : fits.why);
  const assumed = assumptionsOf(loop);
  if (assumed.length > 0 && !options.assume) return refuse(`it rests on what cannot be seen here: ${assumed.join('; ')}`, true);

  const rewrite = strategy.rewrite(context);
  const files = [];
  for (const { path, edits } of rewrite.edits) {
    const before = context.workspace.read(path) ?? '';
    const after = applyEdits(before, edits);
    const problem = (await lower(path, after))?.problems[0];
    const known = (await lower(path, before))?.problems.length ?? 0;
    if (problem && known === 0) {
      return refuse(`the rewrite of ${path} would not parse (line ${lineOf(after, problem.start)}: ${problem.message}): please report this loop`);
    }
    files.push({ path, edits, before, after });
  }
  return {
    ok: true,
    strategy: id,
    title: strategy.meta.title,
    files,
    newFiles: rewrite.newFiles,
    notes: [...new Set([...fits.notes, ...rewrite.notes])],
    dependencies: rewrite.dependencies,
    assumptions: assumed,
    region: rewrite.region,
    ...(rewrite.build && rewrite.build.length > 0 ? { build: rewrite.build } : {}),
  };
}

/** What a rewrite of the loop takes for granted, in words. */
export function assumptionsOf(loop: LoopReport): string[] {
  const unknown = loop.verdict === 'unknown' || onlyAwaits(loop) ? loop.reasons.filter((r) => r.kind !== 'await').map((r) => r.message) : [];
  return [...new Set([...unknown, ...loop.assumptions.map((a) => a.message)])];
}
