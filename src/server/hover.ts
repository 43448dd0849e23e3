/** The hover on a loop's header: verdict, reasons, assumptions, gain. */
import { MarkupKind, type Hover } from 'vscode-languageserver';
import type { LoopReport, Range } from '../analysis/report';
import type { ServerContext } from './context';
import { measuredKey } from './context';
import { before, sourceLine, wireRange } from './positions';
import type { WirePosition } from '../protocol/requests';

/** From where the loop begins to its body: hovers inside the body belong to what stands there. */
export function headerRange(text: string, loop: LoopReport): Range {
  const first = loop.body[0];
  const lineEnd = text.indexOf('\n', loop.range.start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const bodyStart = first && loop.kind !== 'call' && loop.kind !== 'comprehension' ? loop.fn.start + first.span.start : Infinity;
  return { start: loop.range.start, end: Math.max(loop.range.start, Math.min(bodyStart, end, loop.extent.end)) };
}

export async function hover(context: ServerContext, uri: string, position: WirePosition): Promise<Hover | null> {
  const open = context.openDocument(uri);
  if (!open) return null;
  const { document } = open;
  const text = document.getText();
  const around = await open.session.loopsAt(open.path, document.offsetAt(position));
  const loops = around
    .map((loop) => ({ loop, header: headerRange(text, loop), range: wireRange(document, headerRange(text, loop)) }))
    .filter(({ range }) => !before(position, range.start) && !before(range.end, position))
    .sort((a, b) => a.loop.extent.end - a.loop.extent.start - (b.loop.extent.end - b.loop.extent.start));
  if (loops.length === 0) return null;
  const parts = loops.map(({ loop }) => {
    const source = sourceLine(text, loop.range.start);
    const measured = context.measured.get(measuredKey(open.path, source));
    return [
      open.session.explain(loop).text,
      ...(measured ? ['', measuredText(measured.best, measured.text === text)] : []),
      ...(context.environment.commands ? ['', commandLinks(uri, loop.id)] : []),
    ].join('\n');
  });
  return { contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n---\n\n') }, range: loops[0]!.range };
}

export function measuredText(row: { strategy: string; workers: number; loopRatio: { value: number; low: number; high: number } | null }, current: boolean): string {
  const ratio = row.loopRatio;
  if (!ratio) return '';
  const interval = `${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}`;
  return `**Measured**: ×${ratio.value.toFixed(2)} (${interval}) with \`${row.strategy}\` and ${row.workers} workers${current ? '' : ', before the last changes of this file'}.`;
}

function commandLinks(uri: string, loop: string): string {
  const args = encodeURIComponent(JSON.stringify([{ uri, loop }]));
  return `[Explain](command:fanout.explainLoop?${args}) · [Benchmark](command:fanout.benchmarkLoop?${args})`;
}
