/** The names of the rules. They are final: configurations and ignore comments in people's files hold them. */
export const ruleIds = [
  'parallelizable-loop',
  'carried-dependence',
  'unserializable-capture',
  'lossy-capture',
  'missing-main-guard',
  'dropped-result',
  'unclosed-pool',
  'pool-in-loop',
  'nested-pool',
  'gil-bound-threads',
  'tiny-tasks',
  'lost-worker-file',
  'sequential-io',
  'large-payload',
  'fork-with-threads',
  'lost-update',
  'unused-ignore',
] as const;

export type RuleId = (typeof ruleIds)[number];

export function isRuleId(id: string): id is RuleId {
  return (ruleIds as readonly string[]).includes(id);
}

/** Metadata whose id is known to the type checker. */
export function defineMeta<const Id extends RuleId, Meta extends import('./types').RuleMeta>(meta: Meta & { readonly id: Id }): Meta & { readonly id: Id } {
  return meta;
}
