/**
 * Checks the files that standard input lists, as `check --loops all` does, and makes every rewrite that is offered. Prints a line of JSON for each
 * file when it is done, so that who started this knows where it ended. Its argument is the folder of the files.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FileResult } from '../../../src/protocol/results';
import { MAX_BYTES } from '../../../src/session/files';
import { Session } from '../../../src/session/session';
import type { StrategyId } from '../../../src/strategies/types';

/** Printed first, as soon as the file is read: all are read before the first is checked. */
export interface Read {
  readonly read: string;
}

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
  for (const ending of new Set(files.map((file) => path.extname(file)))) await session.documents.prepare(`x${ending}`);
  // Any file may ask who imports it, and the first that does has all others read: each pays for its own reading.
  const reading = files.map((file) => {
    const before = process.cpuUsage();
    session.documents.module(path.join(root, file));
    process.stdout.write(`${JSON.stringify({ read: file })}\n`);
    return cpuMs(before);
  });
  const results = session.checkAll(files.map((file) => ({ path: path.join(root, file), shownAs: file })), { loops: 'all' });
  // One after the other, as the command line asks for them; an exception ends the process, and who started it goes on behind the file.
  for (const [at, file] of files.entries()) {
    const before = process.cpuUsage();
    const { value } = await results.next();
    const checkMs = reading[at]! + cpuMs(before);
    process.stdout.write(`${JSON.stringify(await checked(session, path.join(root, file), value as FileResult, checkMs))}\n`);
  }
}

async function checked(session: Session, file: string, result: FileResult, checkMs: number): Promise<Checked> {
  const defects: string[] = [];
  const lines = fs.statSync(file).size > MAX_BYTES ? 0 : fs.readFileSync(file, 'latin1').split('\n').length;
  const offered: { readonly id: string; readonly line: number; readonly strategy: StrategyId }[] = [];
  for (const loop of result.loops) {
    if (loop.line < 1 || loop.endLine < loop.line) defects.push(`a loop from line ${loop.line} to ${loop.endLine}`);
    for (const [id, { ok, why }] of Object.entries(loop.strategies)) {
      if (ok) offered.push({ id: loop.id, line: loop.line, strategy: id as StrategyId });
      else if (why.includes('a defect of Fanout')) defects.push(`line ${loop.line}, ${id}: ${why}`);
    }
  }
  for (const finding of result.findings) if (finding.line < 1 || finding.line > lines) defects.push(`a finding on line ${finding.line} of ${lines}`);
  let rewrites = 0;
  const before = process.cpuUsage();
  for (const { id, line, strategy } of offered) {
    try {
      const outcome = await session.fix(await session.loopById(file, id), strategy, { assume: true });
      if (outcome.ok) rewrites++;
      else if (outcome.why.includes('please report')) defects.push(`line ${line}, ${strategy}: ${outcome.why}`);
    } catch (error) {
      defects.push(`line ${line}, rewrite by ${strategy}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return { file: result.path, lines, loops: result.loops.length, cpuMs: checkMs, rewrites, rewriteCpuMs: cpuMs(before), peakMB: process.resourceUsage().maxRSS / 1024, defects };
}

void main();
