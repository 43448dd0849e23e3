import { defineMeta, ruleIds } from './ids';
import type { Finding, Rule } from './types';

const meta = defineMeta({
  id: 'unused-ignore',
  severity: 'hint',
  summary: 'An ignore comment silences nothing.',
  description: `A comment such as \`# fanout: ignore[lossy-capture]\` that no longer silences a finding hides the next one at its place.

The quick fix takes the name out, or the whole comment when no name is left. A name that no rule has is reported too.

The rule is silent about rules that are switched off, and about \`carried-dependence\` as long as no profile has been taken: they had no chance
to speak.`,
  examples: [
    {
      language: 'python',
      title: 'Nothing to silence on the line',
      code: `def area(width, height):
    return width * height  # fanout: ignore[lossy-capture]
`,
      findings: [{ line: 2, message: 'This comment silences no finding of lossy-capture.' }],
      fixed: `def area(width, height):
    return width * height
`,
    },
    {
      language: 'javascript',
      title: 'A name that no rule has',
      code: `// fanout: ignore[lossy-captures]
export const half = (x) => x / 2;
`,
      findings: [{ line: 1, message: 'There is no rule lossy-captures.' }],
      fixed: `export const half = (x) => x / 2;
`,
    },
    {
      language: 'javascript',
      title: 'A comment that silences a finding',
      code: `import { Worker } from 'node:worker_threads';

const worker = new Worker(new URL('./worker.mjs', import.meta.url));
// fanout: ignore[unserializable-capture]
worker.postMessage({ done: () => {} });
`,
      findings: [],
    },
  ],
});

export const unusedIgnore = {
  meta,
  check(context): readonly Finding[] {
    const path = context.report.module.path;
    return (context.unusedIgnores ?? []).map(({ rule, known, range, removal }) => ({
      rule: meta.id,
      severity: meta.severity,
      range,
      message: !known
        ? `There is no rule ${rule}.`
        : rule
          ? `This comment silences no finding of ${rule}.`
          : `This comment silences nothing; name the rule that it is for, one of ${ruleIds.join(', ')}.`,
      fixes: [{ id: 'remove-ignore', kind: 'edit', title: 'Remove what silences nothing', applicability: 'safe', edits: [{ path, edits: [removal] }] }],
    }));
  },
} satisfies Rule;
