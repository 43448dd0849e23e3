/** `fanout verify`: whether the iterations of a loop touch each other, settled for one run of the person's program. */
import { parseProgram } from '../measure';
import type { SettleResult } from '../measure/types';
import { EXIT_FOUND } from './exit';
import { openLoop } from './location';
import { confirmRuns, measureOptions, type MeasureFlags } from './measure-options';
import { clearProgress, colour, print } from './terminal';

export interface VerifyFlags extends MeasureFlags {
  readonly format: 'text' | 'json';
}

export async function verifyCommand(where: string, command: readonly string[], flags: VerifyFlags): Promise<void> {
  const { session, loop, location } = await openLoop(where);
  const program = parseProgram(command.length > 0 ? command : [location.file], process.cwd());
  const options = await measureOptions(session, flags);
  await confirmRuns(`${program.command.join(' ')} ${await session.runsToSettle(loop)} times, some of them with the iterations of the loop in another order`, flags);
  const result = await session.settle(loop, program, options);
  clearProgress();
  print(flags.format === 'json' ? JSON.stringify({ verdict: loop.verdict, ...result }, null, 2) : render(loop.verdict, result));
  if (result.status !== 'independent') process.exitCode = EXIT_FOUND;
}

const COLOURS: Readonly<Record<SettleResult['status'], (text: string) => string>> = {
  independent: colour.green,
  dependent: colour.red,
  unsettled: colour.yellow,
  'not-run': colour.yellow,
  failed: colour.red,
  cancelled: colour.yellow,
};

function render(verdict: string, result: SettleResult): string {
  const lines = [`${COLOURS[result.status](result.status)} (the analysis says: ${verdict})`, result.message];
  for (const { where, iteration, alone, inOrder } of result.conflicts.slice(1, 6)) lines.push(colour.red(`  ${where} after iteration ${iteration}: ${inOrder}; alone: ${alone}`));
  for (const { where, original, candidate } of result.differences.slice(result.conflicts.length > 0 ? 0 : 1, 6)) lines.push(colour.red(`  ${where}: ${original} became ${candidate}`));
  for (const { where, why } of result.notCompared.slice(0, 10)) lines.push(colour.gray(`  not compared: ${where}: ${why}`));
  return lines.join('\n');
}
