/** `FILE:LINE[:COLUMN]`, as compilers print it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { LoopReport } from '../analysis/report';
import type { ConfigOverrides } from '../session/config';
import { Session, UsageError } from '../session/session';
import { findRoot } from '../session/root';

export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number | undefined;
}

/** @throws UsageError when it has another form. A Windows drive's colon is part of the file. */
export function parseLocation(text: string): Location {
  const match = /^(.+?):(\d+)(?::(\d+))?$/.exec(text);
  if (!match) throw new UsageError(`'${text}' names no loop: write FILE:LINE or FILE:LINE:COLUMN, e.g. app.py:12`);
  const line = Number(match[2]);
  const column = match[3] === undefined ? undefined : Number(match[3]);
  if (line < 1 || column === 0) throw new UsageError(`'${text}': lines and columns count from 1`);
  return { file: path.resolve(match[1]!), line, column };
}

/** The session of the project around a file, and the loop at a location in it. `overrides` come over what the project sets. */
export async function openLoop(where: string, overrides: ConfigOverrides = {}): Promise<{ readonly session: Session; readonly loop: LoopReport; readonly location: Location }> {
  const location = parseLocation(where);
  if (!fs.existsSync(location.file)) throw new UsageError(`${location.file}: there is no such file`);
  const session = new Session({ root: findRoot(location.file), overrides });
  const loop = await session.loopOnLine(location.file, location.line, location.column);
  return { session, loop, location };
}
