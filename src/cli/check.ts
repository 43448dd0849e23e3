import * as path from 'node:path';
import type { FileResult } from '../protocol/results';
import { expandPaths } from '../session/files';
import { findRoot } from '../session/root';
import { Session } from '../session/session';
import { EXIT_FOUND, EXIT_USAGE } from './exit';
import { checkInParallel, processesFor } from './parallel-check';
import { sarif } from './sarif';
import { clearProgress, colour, errorLine, interrupt, print, progress } from './terminal';

export async function check(paths: readonly string[], options: { readonly format: 'text' | 'json' | 'sarif'; readonly loops: 'findings' | 'all' }): Promise<void> {
  const results: FileResult[] = [];
  const sessions = new Map<string, Session>();
  let unreadable = false;
  const report = (result: FileResult): void => {
    results.push(result);
    if (options.format === 'text') {
      clearProgress();
      const text = renderFile(result, options.loops);
      if (text) print(text);
    }
  };
  for (const given of paths) {
    const root = findRoot(path.resolve(given));
    const session = sessions.get(root) ?? new Session({ root });
    sessions.set(root, session);
    const { files, problems } = expandPaths([given], session.config);
    for (const problem of problems) {
      unreadable = true;
      errorLine(problem.message);
      if (options.format === 'json') results.push({ path: problem.path, language: null, error: problem.message, loops: [], captures: [], findings: [] });
    }
    let done = 0;
    const processes = processesFor(files.length);
    const checked = processes > 1 ? checkInParallel(session, files, options, processes, interrupt) : session.checkAll(files, options, interrupt);
    for await (const result of checked) {
      progress(`checked ${++done} of ${files.length} files`);
      if (result.error !== null && result.loops.length === 0 && result.findings.length === 0) unreadable = true;
      report(result);
    }
  }
  clearProgress();
  if (options.format === 'json') print(JSON.stringify({ files: results }, null, 2));
  if (options.format === 'sarif') print(JSON.stringify(sarif(results), null, 2));
  if (options.format === 'text') print(summary(results));
  if (unreadable) process.exitCode = EXIT_USAGE;
  else if (results.some((r) => r.findings.some((f) => f.severity === 'error'))) process.exitCode = EXIT_FOUND;
}

const SEVERITY = {
  error: colour.red,
  warning: colour.yellow,
  information: colour.blue,
  hint: colour.gray,
} as const;

const VERDICT = {
  parallel: colour.green,
  reduction: colour.green,
  sequential: colour.red,
  unknown: colour.yellow,
} as const;

export function renderFile(result: FileResult, loops: 'findings' | 'all'): string {
  const lines: string[] = [];
  if (result.error !== null) lines.push(`${colour.red('error')} ${result.error}`);
  for (const finding of result.findings) {
    lines.push(`${result.path}:${finding.line}:${finding.column} ${SEVERITY[finding.severity](finding.severity)} ${finding.message} ${colour.gray(`[${finding.rule}]`)}`);
  }
  if (loops === 'all') {
    for (const loop of result.loops) {
      lines.push(`${result.path}:${loop.line}:${loop.column} ${loop.kind} ${VERDICT[loop.verdict](loop.verdict)} ${colour.gray(`${loop.bound}-bound`)}`);
      for (const reason of loop.reasons) lines.push(`    line ${reason.line}: ${reason.message}`);
      for (const assumption of loop.assumptions) lines.push(`    assumes: ${assumption.message}`);
    }
  }
  return lines.join('\n');
}

function summary(results: readonly FileResult[]): string {
  const count = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const result of results) for (const finding of result.findings) count[finding.severity]++;
  const parts = (Object.keys(count) as (keyof typeof count)[]).filter((k) => count[k] > 0).map((k) => `${count[k]} ${k}`);
  const files = `${results.length} file${results.length === 1 ? '' : 's'}`;
  return parts.length > 0 ? `${files}: ${parts.join(', ')}` : `${files}: nothing to say`;
}
