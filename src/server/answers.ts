/** Requests of the editor that start nothing: loops, explanations, rewrites, the check of the whole workspace. */
import { ResponseError, type CancellationToken as LspToken } from 'vscode-languageserver';
import type { LoopReport } from '../analysis/report';
import { USAGE, type LoopSummary, type Requests, type RewriteReply, type WorkspaceCheck } from '../protocol/requests';
import type { Explanation } from '../protocol/results';
import { strategiesFor } from '../strategies';
import { rewrite } from './codeActions';
import type { OpenDocument, ServerContext } from './context';
import { diagnosticOf, type RuleLink } from './diagnostics';
import { sourceLine, wireRange } from './positions';
import { anyCancelled, reporter } from './progress';

function opened(context: ServerContext, uri: string): OpenDocument {
  const open = context.openDocument(uri);
  if (!open) throw new ResponseError(USAGE, `${uri} is not open in the editor.`);
  return open;
}

async function loopsUnder(context: ServerContext, params: Requests['fanout/loops']['params']): Promise<{ open: OpenDocument; loops: readonly LoopReport[] }> {
  const open = opened(context, params.uri);
  const loops = params.position ? await open.session.loopsAt(open.path, open.document.offsetAt(params.position)) : (await context.analyze(open)).report.loops;
  return { open, loops };
}

export async function explain(context: ServerContext, params: Requests['fanout/explain']['params']): Promise<readonly Explanation[]> {
  const { open, loops } = await loopsUnder(context, params);
  return loops.map((loop) => open.session.explain(loop));
}

export async function loops(context: ServerContext, params: Requests['fanout/loops']['params']): Promise<readonly LoopSummary[]> {
  const { open, loops } = await loopsUnder(context, params);
  const text = open.document.getText();
  return loops.map((loop) => ({
    uri: params.uri,
    loop: loop.id,
    range: wireRange(open.document, { start: loop.range.start, end: loop.extent.end }),
    source: sourceLine(text, loop.range.start),
    verdict: loop.verdict,
    strategies: strategiesFor(loop.module.language)
      .map(({ meta }) => meta.id)
      .filter((id) => open.session.applicability(loop, id).ok),
  }));
}

export function rewriteReply(context: ServerContext, params: Requests['fanout/rewrite']['params']): Promise<RewriteReply> {
  return rewrite(context, opened(context, params.uri), params.loop, params.strategy, params.assume);
}

/** Diagnostics of every file of the workspace. A file that cannot be read is listed, and the others go on. */
export async function checkWorkspace(
  context: ServerContext,
  params: Requests['fanout/checkWorkspace']['params'],
  token: LspToken,
  link: RuleLink,
): Promise<WorkspaceCheck> {
  const { report, end } = reporter(context.connection, params.workDoneToken, 'Checking the workspace');
  const cancellation = anyCancelled(token);
  const counts = { files: 0, findings: 0 };
  const errors: { path: string; message: string }[] = [];
  try {
    const all = context.folders.workspace().flatMap(({ session }) => session.files().map((file) => ({ session, file })));
    for (const [i, { session, file }] of all.entries()) {
      if (token.isCancellationRequested) break;
      report(file, i, all.length);
      const uri = context.uris.toUri(file);
      try {
        const analysis = await session.findings(file, cancellation);
        counts.files++;
        counts.findings += analysis.findings.length;
        const version = context.documents.get(uri)?.version;
        const diagnostics = analysis.findings.map((finding) => diagnosticOf(uri, analysis, finding, link));
        await context.connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
        session.done(file);
      } catch (error) {
        if (token.isCancellationRequested) break;
        errors.push({ path: file, message: error instanceof Error ? error.message : String(error) });
      }
    }
  } finally {
    end();
  }
  return { ...counts, errors };
}
