import * as fs from 'node:fs';
import type { StartMethod, StrategyId } from '../strategies/types';
import { defaultStrategy } from '../strategies';
import { EXIT_FOUND } from './exit';
import { relativePath, unifiedDiff, type Rewritten } from '../session/diff';
import { encodeSource } from '../session/encoding';
import { readSource } from '../session/files';
import { openLoop } from './location';
import { STARTED, startOverrides } from './start-method';
import { colour, errorLine, print } from './terminal';

export interface FixFlags {
  readonly strategy?: string;
  readonly startMethod?: StartMethod;
  readonly write?: boolean;
  readonly assume?: boolean;
}

export async function fix(where: string, options: FixFlags): Promise<void> {
  const { session, loop } = await openLoop(where, startOverrides(options.startMethod, options.strategy === undefined ? undefined : [options.strategy]));
  const id = (options.strategy ?? (options.startMethod ? STARTED : defaultStrategy(loop.module.language))) as StrategyId;
  const outcome = await session.fix(loop, id, { assume: options.assume ?? false });
  if (!outcome.ok) {
    errorLine(`${outcome.strategy} does not fit: ${outcome.why}${outcome.needsAssume ? '\nAllow it with --assume, and let `fanout bench` check it on your program.' : ''}`);
    process.exitCode = EXIT_FOUND;
    return;
  }
  if (options.write) {
    writeRewrite(outcome);
    for (const file of outcome.files) print(`${colour.green('changed')} ${relativePath(file.path, process.cwd())}`);
    for (const file of outcome.newFiles) print(`${colour.green('added')} ${relativePath(file.path, process.cwd())}`);
  } else {
    print(colourDiff(unifiedDiff(outcome, process.cwd())));
  }
  for (const note of outcome.notes) process.stderr.write(`note: ${note}\n`);
  for (const { name, range } of outcome.dependencies) process.stderr.write(`note: it needs the package ${name} ${range}\n`);
}

/** All or nothing: every file is checked and written beside its place first, then moved there. */
export function writeRewrite(outcome: Rewritten): void {
  for (const file of outcome.newFiles) {
    if (fs.existsSync(file.path)) throw new Error(`${file.path} exists already; nothing was changed`);
  }
  const targets = [...outcome.files.map((f) => ({ path: f.path, text: f.after })), ...outcome.newFiles];
  const staged: { from: string; to: string }[] = [];
  try {
    for (const { path: target, text } of targets) {
      const exists = fs.existsSync(target);
      // Through a link, the file behind it is changed and the link stays.
      const to = exists ? fs.realpathSync(target) : target;
      const from = `${to}.fanout-${process.pid}`;
      const encoding = exists ? readSource(to).encoding : null;
      staged.push({ from, to });
      fs.writeFileSync(from, encoding ? encodeSource(text, encoding) : text, { mode: exists ? fs.statSync(to).mode : 0o644 });
    }
  } catch (error) {
    for (const { from } of staged) fs.rmSync(from, { force: true });
    throw error;
  }
  for (const { from, to } of staged) fs.renameSync(from, to);
}

function colourDiff(diff: string): string {
  return diff
    .split('\n')
    .map((line) => (/^(\+\+\+|---)/.test(line) ? colour.bold(line) : line.startsWith('+') ? colour.green(line) : line.startsWith('-') ? colour.red(line) : line.startsWith('@@') ? colour.cyan(line) : line))
    .join('\n');
}
