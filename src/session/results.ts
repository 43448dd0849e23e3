/** Reports of the analysis as plain JSON with 1-based lines and columns. */
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CaptureReport } from '../analysis/captures';
import type { LoopReport, Range } from '../analysis/report';
import type { CaptureResult, Extent, FindingResult, LoopResult, StrategyVerdict } from '../protocol/results';
import type { Finding } from '../rules/types';

export function extentOf(document: TextDocument, range: Range): Extent {
  const start = document.positionAt(range.start);
  const end = document.positionAt(range.end);
  return { line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

/** 1-based line of an offset in a text that is no document. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split(/\r\n|\r|\n/).length;
}

export function loopResult(document: TextDocument, loop: LoopReport, strategies: Readonly<Record<string, StrategyVerdict>>): LoopResult {
  return {
    id: loop.id,
    ...extentOf(document, { start: loop.range.start, end: loop.extent.end }),
    kind: loop.kind,
    function: loop.fn.id,
    verdict: loop.verdict,
    bound: loop.bound,
    reasons: loop.reasons.map((reason) => ({
      kind: reason.kind,
      place: reason.place,
      message: reason.message,
      ...extentOf(document, reason.range),
      ...(reason.other ? { otherLine: extentOf(document, reason.other).line } : {}),
      ...(reason.via ? { via: reason.via } : {}),
    })),
    assumptions: loop.assumptions.map(({ kind, message }) => ({ kind, message })),
    strategies,
    places: loop.places.map((place) => ({
      name: place.label,
      role: place.role,
      ...(place.accumulator ? { operation: place.accumulator.operation } : {}),
      liveAfter: place.liveAfter,
    })),
    work: loop.work,
  };
}

export function captureResult(document: TextDocument, capture: CaptureReport): CaptureResult {
  const at = extentOf(document, capture.call);
  return {
    line: at.line,
    column: at.column,
    call: capture.api,
    value: capture.value,
    path: capture.path,
    verdict: capture.verdict,
    reason: capture.reason,
  };
}

export function findingResult(document: TextDocument, finding: Finding): FindingResult {
  return {
    rule: finding.rule,
    severity: finding.severity,
    ...extentOf(document, finding.range),
    message: finding.message,
    fixes: finding.fixes.map((fix) => fix.id),
  };
}
