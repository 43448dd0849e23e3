/** The doctor's report as Markdown. */
import type { DoctorReport } from '../protocol/results';

export function doctorMarkdown(report: DoctorReport): string {
  const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
  const code = (text: string | null) => (text === null ? '' : `\`${cell(text)}\``);
  const lines = [
    '# Fanout doctor',
    '',
    `- Python: \`${report.python.path}\` ${report.python.version ?? 'could not be started'}`,
    `- Node.js: \`${report.node.path}\` ${report.node.version}`,
    `- Cores: ${report.cores}`,
    '',
    '| Strategy | Runs here | Found or lacking | To make it run |',
    '| --- | --- | --- | --- |',
    ...report.rows.map((row) => `| ${row.title} (\`${row.strategy}\`) | ${row.ok ? 'yes' : 'no'} | ${cell(row.message)} | ${code(row.install)} |`),
    '',
    '| Profiler | Works here | Found or lacking | To make it work |',
    '| --- | --- | --- | --- |',
    ...report.profilers.map((row) => `| ${row.name} | ${row.ok ? 'yes' : 'no'} | ${cell(row.message)} | ${code(row.install)} |`),
  ];
  return `${lines.join('\n')}\n`;
}
