/** All rules. The type checker holds this list to the names in `ids.ts` and each rule to its name. */
import { carriedDependence } from './carried-dependence';
import { droppedResult } from './dropped-result';
import type { RuleId } from './ids';
import { IgnoreComments } from './ignore';
import { lossyCapture } from './lossy-capture';
import { missingMainGuard } from './missing-main-guard';
import { parallelizableLoop } from './parallelizable-loop';
import { unclosedPool } from './unclosed-pool';
import { poolInLoop } from './pool-in-loop';
import { nestedPool } from './nested-pool';
import { gilBoundThreads } from './gil-bound-threads';
import { tinyTasks } from './tiny-tasks';
import { lostWorkerFile } from './lost-worker-file';
import { sequentialIo } from './sequential-io';
import { largePayload } from './large-payload';
import { forkWithThreads } from './fork-with-threads';
import { lostUpdate } from './lost-update';
import type { LoopOutline, Work } from '../analysis/estimate';
import type { Finding, Rule, RuleContext, Severity, WantContext } from './types';
import { unserializableCapture } from './unserializable-capture';
import { unusedIgnore } from './unused-ignore';

export { isRuleId, ruleIds, type RuleId } from './ids';

export const rules = {
  'parallelizable-loop': parallelizableLoop,
  'carried-dependence': carriedDependence,
  'unserializable-capture': unserializableCapture,
  'lossy-capture': lossyCapture,
  'missing-main-guard': missingMainGuard,
  'dropped-result': droppedResult,
  'unclosed-pool': unclosedPool,
  'pool-in-loop': poolInLoop,
  'nested-pool': nestedPool,
  'gil-bound-threads': gilBoundThreads,
  'tiny-tasks': tinyTasks,
  'lost-worker-file': lostWorkerFile,
  'sequential-io': sequentialIo,
  'large-payload': largePayload,
  'fork-with-threads': forkWithThreads,
  'lost-update': lostUpdate,
  'unused-ignore': unusedIgnore,
} satisfies { readonly [Id in RuleId]: Rule & { readonly meta: { readonly id: Id } } };

/** What a project says about rules: a severity of its own, or off. Rules that it does not name keep theirs. */
export type RuleSettings = Readonly<Partial<Record<RuleId, Severity | 'off'>>>;

/** Where the page of a rule lies in the project. */
export function rulePage(id: string): string {
  return `docs/rules/${id}.md`;
}

/** What the rules say about a module, in the order of the text, less what the project or an ignore comment silences. */
export function checkRules(context: Omit<RuleContext, 'asked' | 'unusedIgnores'>, settings: RuleSettings): readonly Finding[] {
  const { 'unused-ignore': last, ...others } = rules;
  const asked = askedIn(settings);
  const found = run(Object.values(others), { ...context, asked }, settings);

  const comments = IgnoreComments.of(context.report.module, context.text);
  const kept = found.filter((finding) => !comments.silence(finding));
  const unspoken = new Set<string>(Object.keys(settings).filter((id) => settings[id as RuleId] === 'off'));
  // Without a profile this rule had no chance to speak.
  if (!context.hot) unspoken.add(carriedDependence.meta.id);
  const unused = comments.unused(unspoken);
  const all = [...kept, ...run([last], { ...context, asked, unusedIgnores: unused }, settings)];
  return all.sort((a, b) => a.range.start - b.range.start || a.rule.localeCompare(b.rule));
}

/** Whether a rule that is not off may have something to say about a loop. */
export function isWanted(loop: LoopOutline, work: () => Work, context: Omit<WantContext, 'asked'>, settings: RuleSettings): boolean {
  const asked = askedIn(settings);
  return Object.values<Rule>(rules).some((rule) => settings[rule.meta.id as RuleId] !== 'off' && rule.wants?.(loop, work, { ...context, asked }) === true);
}

/** Whether the project wants to hear what stops loops that no profile has shown to be hot. */
export const asksForReasons = (settings: RuleSettings): boolean => askedIn(settings).has(carriedDependence.meta.id);

const askedIn = (settings: RuleSettings): ReadonlySet<string> => new Set(Object.entries(settings).flatMap(([id, severity]) => (severity === 'off' ? [] : [id])));

function run(which: readonly Rule[], context: RuleContext, settings: RuleSettings): Finding[] {
  const found: Finding[] = [];
  for (const rule of which) {
    const severity = settings[rule.meta.id as RuleId] ?? rule.meta.severity;
    if (severity === 'off') continue;
    for (const finding of rule.check(context)) found.push({ ...finding, severity });
  }
  return found;
}
