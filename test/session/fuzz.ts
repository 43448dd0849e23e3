/** Damaged programs through a whole session: rules, every strategy, and every edit that is offered. */
import * as path from 'node:path';
import { applyEdits } from '../../src/edit/edit';
import type { Language } from '../../src/ir/ir';
import { frontendFor } from '../../src/languages/frontend';
import { Session } from '../../src/session/session';
import type { StrategyId } from '../../src/strategies/types';

const ENDINGS: Readonly<Record<Language, string>> = { python: 'py', javascript: 'mjs', typescript: 'ts' };
/** Nothing is there: the only file is the one that is open. */
const ROOT = path.resolve('/nowhere/fanout');

export interface Worked {
  readonly loops: number;
  readonly findings: number;
  /** Rewrites and fixes that were made; each parses as well as what it changes. */
  readonly edits: number;
}

/** Checks a text and makes all that is offered for it. @throws what the session throws, and for an edit that damages the file. */
export async function worked(language: Language, text: string): Promise<Worked> {
  const file = path.join(ROOT, `main.${ENDINGS[language]}`);
  const session = new Session({ root: ROOT });
  session.open(file, text, 1);
  const problemsIn = async (code: string): Promise<number> => (await frontendFor(language)).lower(file, code).problems.length;
  const known = await problemsIn(text);
  let edits = 0;
  const sound = async (what: string, after: string): Promise<void> => {
    edits++;
    if ((await problemsIn(after)) > known) throw new Error(`${what} leaves a file that does not parse:\n${after}`);
  };

  const result = await session.check(file, 'main', { loops: 'all' });
  for (const loop of result.loops) {
    for (const [id, { ok, why }] of Object.entries(loop.strategies)) {
      if (why.includes('a defect of Fanout')) throw new Error(`line ${loop.line}, ${id}: ${why}`);
      if (!ok) continue;
      const outcome = await session.fix(await session.loopById(file, loop.id), id as StrategyId, { assume: true });
      if (outcome.ok) for (const changed of outcome.files) await sound(`${id} on line ${loop.line}`, changed.after);
      else if (outcome.why.includes('please report')) throw new Error(`line ${loop.line}, ${id}: ${outcome.why}`);
    }
  }
  const { findings, report } = await session.analyze(file);
  for (const loop of report.loops) session.explain(loop);
  for (const finding of findings) {
    for (const fix of finding.fixes) {
      if (fix.kind !== 'edit') continue;
      for (const change of fix.edits) if (change.path === file) await sound(`${finding.rule}: ${fix.title}`, applyEdits(text, change.edits));
    }
  }
  return { loops: result.loops.length, findings: findings.length, edits };
}
