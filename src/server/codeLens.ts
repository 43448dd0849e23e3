/** A lens over each loop that is worth a look: one that can run in parallel, that a profile found hot, or that was measured. */
import type { CodeLens } from 'vscode-languageserver';
import type { LoopReport } from '../analysis/report';
import { measuredKey, type ServerContext } from './context';
import { sourceLine, wireRange } from './positions';

export async function codeLenses(context: ServerContext, uri: string): Promise<CodeLens[]> {
  const open = context.openDocument(uri);
  if (!open || !context.environment.commands || context.isExcluded(open)) return [];
  const { document, report, findings } = context.hasMeasured(open) ? await context.analyze(open) : await context.findings(open);
  const text = document.getText();
  const hot = open.session.hot.get(open.path);
  const flagged = new Set(findings.flatMap((finding) => finding.fixes.flatMap((fix) => (fix.kind === 'strategy' ? [fix.loop] : []))));
  const lenses: CodeLens[] = [];
  for (const loop of report.loops) {
    const share = hot?.get(loop.id);
    const measured = context.measured.get(measuredKey(open.path, sourceLine(text, loop.range.start)));
    if (!flagged.has(loop.id) && share === undefined && !measured) continue;
    const range = wireRange(document, { start: loop.range.start, end: loop.range.start });
    const argument = { uri, loop: loop.id };
    const ratio = measured?.best.loopRatio;
    const title = [
      verdictWords(loop),
      ...(share === undefined ? [] : [`${Math.round(share * 100)} % of the run`]),
      ...(ratio ? [`measured ×${ratio.value.toFixed(2)}`] : []),
    ].join(', ');
    lenses.push({ range, command: { title, command: 'fanout.explainLoop', arguments: [argument] } });
    if (loop.verdict !== 'sequential') lenses.push({ range, command: { title: 'Benchmark', command: 'fanout.benchmarkLoop', arguments: [argument] } });
  }
  return lenses;
}

function verdictWords(loop: LoopReport): string {
  switch (loop.verdict) {
    case 'parallel':
      return 'Can run in parallel';
    case 'reduction':
      return 'Can run in parallel, combined in order';
    case 'sequential':
      return 'Must run in order';
    case 'unknown':
      return 'Not known whether it can run in parallel';
  }
}
