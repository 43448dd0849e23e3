import * as fs from 'node:fs';
import * as path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { FixOutcome } from '../protocol/results';
import type { StrategyId } from '../strategies/types';
import { defaultStrategy } from '../strategies';
import { EXIT_FOUND } from './exit';
import { openLoop } from './location';
import { colour, errorLine, print } from './terminal';

type Rewritten = Extract<FixOutcome, { ok: true }>;

export async function fix(where: string, options: { readonly strategy?: string; readonly write?: boolean; readonly assume?: boolean }): Promise<void> {
  const { session, loop } = await openLoop(where);
  const id = (options.strategy ?? defaultStrategy(loop.module.language)) as StrategyId;
  const outcome = await session.fix(loop, id, { assume: options.assume ?? false });
  if (!outcome.ok) {
    errorLine(`${outcome.strategy} does not fit: ${outcome.why}${outcome.needsAssume ? '\nAllow it with --assume, and let `fanout bench` check it on your program.' : ''}`);
    process.exitCode = EXIT_FOUND;
    return;
  }
  if (options.write) {
    write(outcome);
    for (const file of outcome.files) print(`${colour.green('changed')} ${relative(file.path)}`);
    for (const file of outcome.newFiles) print(`${colour.green('added')} ${relative(file.path)}`);
  } else {
    print(colourDiff(unifiedDiff(outcome)));
  }
  for (const note of outcome.notes) process.stderr.write(`note: ${note}\n`);
  for (const { name, range } of outcome.dependencies) process.stderr.write(`note: it needs the package ${name} ${range}\n`);
}

/** The rewrite as one patch that `patch -p1` and `git apply` take. */
export function unifiedDiff(outcome: Rewritten): string {
  const patch = (file: string, before: string, after: string, added: boolean) =>
    createTwoFilesPatch(added ? '/dev/null' : `a/${relative(file)}`, `b/${relative(file)}`, before, after, '', '', { context: 3 }).replace(/^=+\n/, '');
  return [
    ...outcome.files.map((file) => patch(file.path, file.before, file.after, false)),
    ...outcome.newFiles.map((file) => patch(file.path, '', file.text, true)),
  ].join('');
}

/** All or nothing: every file is checked and written beside its place first, then moved there. */
function write(outcome: Rewritten): void {
  for (const file of outcome.newFiles) {
    if (fs.existsSync(file.path)) throw new Error(`${file.path} exists already; nothing was changed`);
  }
  const targets = [...outcome.files.map((f) => ({ path: f.path, text: f.after })), ...outcome.newFiles];
  const staged: { from: string; to: string }[] = [];
  try {
    for (const { path: to, text } of targets) {
      const from = `${to}.fanout-${process.pid}`;
      const mode = fs.existsSync(to) ? fs.statSync(to).mode : 0o644;
      staged.push({ from, to });
      fs.writeFileSync(from, text, { mode });
    }
  } catch (error) {
    for (const { from } of staged) fs.rmSync(from, { force: true });
    throw error;
  }
  for (const { from, to } of staged) fs.renameSync(from, to);
}

function relative(file: string): string {
  return path.relative(process.cwd(), file).split(path.sep).join('/') || file;
}

function colourDiff(diff: string): string {
  return diff
    .split('\n')
    .map((line) => (/^(\+\+\+|---)/.test(line) ? colour.bold(line) : line.startsWith('+') ? colour.green(line) : line.startsWith('-') ? colour.red(line) : line.startsWith('@@') ? colour.cyan(line) : line))
    .join('\n');
}
