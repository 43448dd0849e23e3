/** A rewrite as one edit of the workspace, so that one undo takes it back. */
import * as vscode from 'vscode';
import type { RewriteReply } from '../protocol/requests';

/** Why a rewrite cannot be applied any more. */
export class StaleRewrite extends Error {}

/**
 * Applies a rewrite. Where it adds files or changes several, VS Code shows it first.
 * @returns false when the person did not confirm it
 * @throws StaleRewrite when a document has another version than the rewrite was made for
 */
export async function applyRewrite(reply: Extract<RewriteReply, { ok: true }>): Promise<boolean> {
  const several = reply.newFiles.length > 0 || reply.changes.length > 1;
  const metadata = several
    ? { needsConfirmation: true, label: reply.title, description: vscode.l10n.t('This rewrite changes or adds more than one file.') }
    : undefined;
  const edit = new vscode.WorkspaceEdit();
  for (const file of reply.newFiles) {
    edit.createFile(vscode.Uri.parse(file.uri), { overwrite: false, ignoreIfExists: false, contents: new TextEncoder().encode(file.text) }, metadata);
  }
  for (const { uri, version, edits } of reply.changes) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    if (version !== null && document.version !== version) throw new StaleRewrite(vscode.l10n.t('the document has changed since the rewrite was made'));
    const texts = edits.map(({ range: r, text }) =>
      vscode.TextEdit.replace(new vscode.Range(r.start.line, r.start.character, r.end.line, r.end.character), text),
    );
    if (metadata) edit.set(document.uri, texts.map((text): [vscode.TextEdit, vscode.WorkspaceEditEntryMetadata] => [text, metadata]));
    else edit.set(document.uri, texts);
  }
  return vscode.workspace.applyEdit(edit, { isRefactoring: true });
}
