/**
 * Checks the files that standard input lists, as `check --loops all` does, and makes every rewrite that is offered. Prints a line of JSON for each
 * file when it is done, so that who started this knows where it ended: `tsx worker.ts ROOT`.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Session } from '../../../src/session/session';
import { MAX_BYTES } from '../../../src/session/files';
import type { StrategyId } from '../../../src/strategies/types';

export interface Checked {
  readonly file: string;
  readonly lines: number;
  readonly loops: number;
  /** Of all threads of the process, while it checked this file. */
  readonly cpuMs: number;
  readonly rewrites: number;
  readonly rewriteCpuMs: number;
  /** The most that the process ever had resident. */
  readonly peakMB: number;
  /** What must not be: exceptions, strategies that failed, rewrites that do not parse, places outside of the file. */
  readonly defects: readonly string[];
}

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

async function main(): Promise<void> {
  const root = process.argv[2]!;
  const files = JSON.parse(fs.readFileSync(0, 'utf8')) as string[];
  const session = new Session({ root });
  for (const language of new Set(files.map((file) => path.extname(file)))) await session.documents.prepare(`x${language}`);
  for (const file of files) process.stdout.write(`${JSON.stringify(await checked(session, root, file))}\n`);
}

async function checked(session: Session, root: string, file: string): Promise<Checked> {
  const whole = path.join(root, file);
  const defects: string[] = [];
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      defects.push(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
  let loops = 0;
  let rewrites = 0;
  const lines = fs.statSync(whole).size > MAX_BYTES ? 0 : fs.readFileSync(whole, 'latin1').split('\n').length;
  const offered: { readonly id: string; readonly line: number; readonly strategy: StrategyId }[] = [];
  const before = process.cpuUsage();
  await attempt('check', async () => {
    const result = await session.check(whole, file, { loops: 'all' });
    loops = result.loops.length;
    for (const loop of result.loops) {
      if (loop.line < 1 || loop.endLine < loop.line) defects.push(`check: a loop from line ${loop.line} to ${loop.endLine}`);
      for (const [id, { ok, why }] of Object.entries(loop.strategies)) {
        if (ok) offered.push({ id: loop.id, line: loop.line, strategy: id as StrategyId });
        else if (why.includes('a defect of Fanout')) defects.push(`line ${loop.line}, ${id}: ${why}`);
      }
    }
    for (const finding of result.findings) if (finding.line < 1 || finding.line > lines) defects.push(`check: a finding on line ${finding.line} of ${lines}`);
  });
  const checkMs = cpuMs(before);
  const then = process.cpuUsage();
  for (const { id, line, strategy } of offered) {
    await attempt(`line ${line}, rewrite by ${strategy}`, async () => {
      const outcome = await session.fix(await session.loopById(whole, id), strategy, { assume: true });
      if (outcome.ok) rewrites++;
      else if (outcome.why.includes('please report')) defects.push(`line ${line}, ${strategy}: ${outcome.why}`);
    });
  }
  return { file, lines, loops, cpuMs: checkMs, rewrites, rewriteCpuMs: cpuMs(then), peakMB: process.resourceUsage().maxRSS / 1024, defects };
}

void main();
