/** A rewrite as a unified diff. */
import * as path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import type { FixOutcome } from '../protocol/results';

export type Rewritten = Extract<FixOutcome, { ok: true }>;

/** One patch that `patch -p1` and `git apply` take, with paths relative to `base`. */
export function unifiedDiff(outcome: Pick<Rewritten, 'files' | 'newFiles'>, base: string): string {
  const patch = (file: string, before: string, after: string, added: boolean) => {
    const name = relativePath(file, base);
    return createTwoFilesPatch(added ? '/dev/null' : `a/${name}`, `b/${name}`, before, after, undefined, undefined, { context: 3 }).replace(/^=+\n/, '');
  };
  return [
    ...outcome.files.map((file) => patch(file.path, file.before, file.after, false)),
    ...outcome.newFiles.map((file) => patch(file.path, '', file.text, true)),
  ].join('');
}

/** With forward slashes, as patches have them. */
export function relativePath(file: string, base: string): string {
  return path.relative(base, file).split(path.sep).join('/') || file;
}
