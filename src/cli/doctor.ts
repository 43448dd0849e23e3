import Table from 'cli-table3';
import { findRoot } from '../session/root';
import { Session } from '../session/session';
import { measureOptions } from './measure-options';
import { clearProgress, colour, print } from './terminal';

export async function doctorCommand(options: { readonly format: 'text' | 'json'; readonly python?: string }): Promise<void> {
  const session = new Session({ root: findRoot(process.cwd()) });
  const report = await session.doctor(await measureOptions(session, { ...options, timeout: 60 }));
  clearProgress();
  if (options.format === 'json') return print(JSON.stringify(report, null, 2));
  print(`Python ${report.python.version ?? colour.red('does not start')}  ${colour.gray(report.python.path)}`);
  for (const { path, version } of report.pythons ?? []) print(colour.gray(`  also Python ${version}  ${path}`));
  print(`Node ${report.node.version}  ${colour.gray(report.node.path)}`);
  print(`${report.cores} cores\n`);
  const table = new Table({ head: ['', 'what', 'says', 'to install'], style: { head: [], border: [] }, wordWrap: true });
  for (const { strategy, ok, message, install } of report.rows) table.push([mark(ok), strategy, message, install ?? '']);
  for (const { name, ok, message, install } of report.profilers) table.push([mark(ok), name, message, install ?? '']);
  print(table.toString());
}

function mark(ok: boolean): string {
  return ok ? colour.green('yes') : colour.yellow('no');
}
