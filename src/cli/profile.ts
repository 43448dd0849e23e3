import * as path from 'node:path';
import Table from 'cli-table3';
import { parseProgram } from '../measure';
import { findRoot } from '../session/root';
import { Session, UsageError } from '../session/session';
import { EXIT_FOUND } from './exit';
import { measureOptions, type MeasureFlags } from './measure-options';
import { clearProgress, colour, print } from './terminal';

export async function profileCommand(command: readonly string[], flags: MeasureFlags & { readonly format: 'text' | 'json'; readonly from?: string }): Promise<void> {
  const session = new Session({ root: findRoot(process.cwd()) });
  const options = await measureOptions(session, flags);
  if (command.length === 0 && flags.from === undefined) throw new UsageError('say what to run behind --, e.g. fanout profile -- python app.py');
  const report =
    flags.from === undefined
      ? await session.profile(parseProgram(command, process.cwd()), options)
      : await session.profileFrom(path.resolve(flags.from), options);
  clearProgress();
  if (flags.format === 'json') {
    print(JSON.stringify(report, null, 2));
  } else {
    print(`${report.samples} samples in ${report.seconds.toFixed(1)} s (${report.sampler})`);
    for (const note of report.notes) print(colour.gray(`note: ${note}`));
    const table = new Table({ head: ['share', 'loop', 'verdict', 'bound'], style: { head: [], border: [] } });
    for (const loop of report.loops.slice(0, 20)) {
      table.push([`${(loop.share * 100).toFixed(1)} %`, `${path.relative(process.cwd(), loop.path)}:${loop.line}`, loop.verdict, loop.bound]);
    }
    print(report.loops.length > 0 ? table.toString() : 'No samples fell into a loop of this project.');
  }
  if (report.exitCode !== 0 && report.exitCode !== null) process.exitCode = EXIT_FOUND;
}
