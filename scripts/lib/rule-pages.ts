/** The pages of the rules, made of their metadata and the examples that the tests run. */
import { ruleIds, rules } from '../../src/rules';
import type { RuleExample, RuleMeta } from '../../src/rules/types';

const FENCE: Readonly<Record<RuleExample['language'], string>> = { python: 'python', javascript: 'js', typescript: 'ts' };

/** Text by path within the project. */
export function rulePages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>();
  for (const id of ruleIds) pages.set(`docs/rules/${id}.md`, page(rules[id].meta));
  pages.set('docs/rules/README.md', index());
  return pages;
}

function page(meta: RuleMeta): string {
  const invalid = meta.examples.filter((e) => e.findings.length > 0);
  const valid = meta.examples.filter((e) => e.findings.length === 0);
  return [
    `# ${meta.id}`,
    `${meta.summary} Default severity: **${meta.severity}**.`,
    meta.description,
    ...(invalid.length ? ['## What it finds', ...invalid.map(example)] : []),
    ...(valid.length ? ['## What is fine', ...valid.map(example)] : []),
    '## Configuration',
    settings(meta.id),
  ].join('\n\n') + '\n';
}

function example(given: RuleExample): string {
  const fence = (code: string): string => `\`\`\`${FENCE[given.language]}\n${code}\`\`\``;
  const lines = [`### ${given.title}`, fence(given.code)];
  for (const { line, message } of given.findings) lines.push(`> Line ${line}: ${message}`);
  if (given.fixed !== undefined) lines.push('After the quick fix:', fence(given.fixed));
  return lines.join('\n\n');
}

function settings(id: string): string {
  return `In \`pyproject.toml\`, with \`error\`, \`warning\`, \`information\`, \`hint\` or \`off\`:

\`\`\`toml
[tool.fanout.rules]
${id} = "off"
\`\`\`

In \`package.json\`: \`"fanout": { "rules": { "${id}": "off" } }\`. On one line: \`# fanout: ignore[${id}]\` in Python,
\`// fanout: ignore[${id}]\` in JavaScript and TypeScript, behind the code or on the line above.`;
}

function index(): string {
  const rows = ruleIds.map((id) => `| [${id}](${id}.md) | ${rules[id].meta.severity} | ${rules[id].meta.summary} |`);
  return ['# Rules', ['| rule | severity | finds |', '| --- | --- | --- |', ...rows].join('\n')].join('\n\n') + '\n';
}
