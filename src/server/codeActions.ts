/**
 * The lightbulb: quick fixes bound to findings, and a rewrite of every loop under the cursor by every strategy, with the reason where
 * it is refused. Rewrites are only made when one is chosen.
 */
import { CodeActionKind, ErrorCodes, ResponseError, type CodeAction, type CodeActionParams, type Diagnostic } from 'vscode-languageserver';
import type { LoopReport } from '../analysis/report';
import { spansFiles, type RewriteReply } from '../protocol/requests';
import type { Finding, Fix } from '../rules/types';
import { ignoreEdit } from '../rules/ignore';
import type { FileAnalysis } from '../session/session';
import { strategiesFor } from '../strategies';
import type { StrategyId } from '../strategies/types';
import type { OpenDocument, ServerContext } from './context';
import { diagnosticOf, type RuleLink } from './diagnostics';
import { wireChanges, workspaceEdit } from './edits';
import { overlaps, sourceLine, wireRange } from './positions';

/** What a chosen action is made from. */
interface RewriteData {
  readonly uri: string;
  readonly version: number;
  readonly loop: string;
  readonly strategy: string;
  readonly assume: boolean;
}

export async function codeActions(context: ServerContext, params: CodeActionParams, link: RuleLink): Promise<CodeAction[]> {
  const open = context.openDocument(params.textDocument.uri);
  if (!open) return [];
  const wants = (kind: string) => !params.context.only || params.context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
  const analysis = await context.findings(open);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    const findings = analysis.findings.filter((finding) => overlaps(wireRange(analysis.document, finding.range), params.range));
    for (const finding of findings) actions.push(...quickFixes(context, open, analysis, finding, link));
    for (const finding of findings) actions.push(ignoreAction(open, analysis, finding, link));
  }
  if (wants(CodeActionKind.RefactorRewrite)) {
    const offset = analysis.document.offsetAt(params.range.start);
    for (const loop of await open.session.loopsAt(open.path, offset)) actions.push(...rewrites(open, analysis, loop));
  }
  return actions;
}

function quickFixes(context: ServerContext, open: OpenDocument, analysis: FileAnalysis, finding: Finding, link: RuleLink): CodeAction[] {
  const diagnostics: Diagnostic[] = [diagnosticOf(open.uri, analysis, finding, link)];
  return finding.fixes
    .filter((fix) => fix.applicability !== 'shown')
    .map((fix: Fix): CodeAction => {
      const action: CodeAction = { title: fix.title, kind: CodeActionKind.QuickFix, diagnostics, ...(fix.applicability === 'safe' ? { isPreferred: true } : {}) };
      if (fix.kind === 'strategy') return { ...action, data: rewriteData(open, fix.loop, fix.id, fix.applicability === 'assumes') };
      const changes = wireChanges(fix.edits, (path) => sourceOf(context, open, path), context.uris);
      return { ...action, edit: workspaceEdit({ changes, newFiles: [] }, fix.title) };
    })
    .map((action, i, all) => (action.isPreferred && all.findIndex((other) => other.isPreferred) !== i ? { ...action, isPreferred: false } : action));
}

function ignoreAction(open: OpenDocument, analysis: FileAnalysis, finding: Finding, link: RuleLink): CodeAction {
  const { module } = analysis.report;
  const edit = ignoreEdit(analysis.document.getText(), module.language, module, finding.range.start, finding.rule);
  const range = wireRange(analysis.document, edit);
  const version = open.version;
  return {
    title: `Ignore ${finding.rule} on this line`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(open.uri, analysis, finding, link)],
    edit: { documentChanges: [{ textDocument: { uri: open.uri, version }, edits: [{ range, newText: edit.text }] }] },
  };
}

function rewrites(open: OpenDocument, analysis: FileAnalysis, loop: LoopReport): CodeAction[] {
  const text = analysis.document.getText();
  const line = analysis.document.positionAt(loop.range.start).line + 1;
  const source = sourceLine(text, loop.range.start);
  const shown = source.length > 40 ? `${source.slice(0, 39)}…` : source;
  return strategiesFor(analysis.report.module.language).map(({ meta }) => {
    const fits = open.session.applicability(loop, meta.id);
    const assume = loop.verdict === 'unknown' || loop.assumptions.length > 0;
    const title = `${meta.title}: line ${line}, ${shown}${fits.ok && assume ? ' (rests on assumptions)' : ''}`;
    const action: CodeAction = { title, kind: CodeActionKind.RefactorRewrite };
    return fits.ok ? { ...action, data: rewriteData(open, loop.id, meta.id, assume) } : { ...action, disabled: { reason: fits.why } };
  });
}

function rewriteData(open: OpenDocument, loop: string, strategy: string, assume: boolean): RewriteData {
  return { uri: open.uri, version: open.version, loop, strategy, assume };
}

/** Makes the chosen rewrite. @throws ResponseError with the reason when there is none any more. */
export async function resolveCodeAction(context: ServerContext, action: CodeAction): Promise<CodeAction> {
  const data = action.data as RewriteData | undefined;
  if (!data) return action;
  const open = context.openDocument(data.uri);
  if (!open || open.version !== data.version) {
    throw new ResponseError(ErrorCodes.InvalidRequest, 'The document has changed since this rewrite was offered: ask for it again.');
  }
  const reply = await rewrite(context, open, data.loop, data.strategy, data.assume);
  if (!reply.ok) throw new ResponseError(ErrorCodes.InvalidRequest, reply.why);
  if (spansFiles(reply) && context.environment.commands) {
    return { ...action, command: { title: action.title, command: 'fanout.applyRewrite', arguments: [reply] } };
  }
  return { ...action, edit: workspaceEdit(reply, action.title) };
}

/** The rewrite of a loop of an open document as plain changes. */
export async function rewrite(context: ServerContext, open: OpenDocument, loop: string, strategy: string, assume: boolean): Promise<RewriteReply> {
  const outcome = await open.session.fix(await open.session.loopById(open.path, loop), strategy as StrategyId, { assume });
  if (!outcome.ok) return { ok: false, why: outcome.why };
  return {
    ok: true,
    title: outcome.title,
    changes: wireChanges(outcome.files, (path) => sourceOf(context, open, path), context.uris),
    newFiles: outcome.newFiles.map((file) => ({ uri: context.uris.toUri(file.path), text: file.text })),
    notes: outcome.notes,
  };
}

/** The text that an edit of a file is made against: the editor's, else the disk's. */
function sourceOf(context: ServerContext, open: OpenDocument, path: string): { text: string; version: number | null } {
  const document = context.documents.get(context.uris.toUri(path));
  return document ? { text: document.getText(), version: document.version } : { text: open.session.documents.text(path) ?? '', version: null };
}
