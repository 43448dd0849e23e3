/** Which files of a folder are programs, and how each is started. */
import * as path from 'node:path';
import type { ModuleIR, Stmt } from '../ir/ir';
import { languageOf } from '../languages/frontend';
import type { Session } from './session';

/**
 * A file that does something when it is run: Python with a `__main__` guard, or any module at whose top level something is called and
 * that nothing else imports. Tests and configuration files are left out: their runners start them.
 */
export async function programsOf(session: Session, files: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files) {
    if (!languageOf(file) || NOT_PROGRAMS.test(path.basename(file))) continue;
    await session.documents.prepare(file);
    const module = session.documents.module(file);
    if (module && (module.mainGuard || (callsAtTop(module) && session.workspace.importers(file).length === 0))) found.push(file);
  }
  return found;
}

const NOT_PROGRAMS = /(^test_|^conftest\.py$|^setup\.py$|_test\.py$|\.(test|spec|config)\.[cm]?[jt]sx?$|^\.)/;

function callsAtTop(module: ModuleIR): boolean {
  return module.functions.get('')?.body.some(acts) ?? false;
}

function acts(stmt: Stmt): boolean {
  if (stmt.type === 'expr') {
    const value = stmt.value.type === 'await' ? stmt.value.value : stmt.value;
    return value.type === 'call';
  }
  return ['for', 'for-each', 'while', 'if', 'try', 'with'].includes(stmt.type);
}
