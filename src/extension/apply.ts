/** A rewrite as one edit of the workspace, so that one undo takes it back. */
import * as vscode from 'vscode';
import { spansFiles, type Rewritten } from '../protocol/requests';
import type { Documents } from './documents';

/**
 * Applies a rewrite; one that spans files is shown as a whole first.
 * @returns false when the person did not want it
 * @throws Error when a document has another version than the rewrite was made for
 */
export async function applyRewrite(rewrite: Rewritten, documents: Documents): Promise<boolean> {
  if (spansFiles(rewrite) && !(await preview(rewrite, documents))) return false;
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, text } of rewrite.newFiles) {
    edit.createFile(vscode.Uri.parse(uri), { overwrite: false, ignoreIfExists: false, contents: new TextEncoder().encode(text) });
  }
  for (const change of rewrite.changes) {
    const document = await documentOf(change);
    edit.set(document.uri, textEdits(change));
  }
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) throw new Error(vscode.l10n.t('VS Code did not apply the edit'));
  const [main] = rewrite.changes;
  if (main && spansFiles(rewrite)) await vscode.window.showTextDocument(vscode.Uri.parse(main.uri), { preview: false });
  return true;
}

type Change = Rewritten['changes'][number];

async function documentOf({ uri, version }: Change): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  if (version !== null && document.version !== version) throw new Error(vscode.l10n.t('the document has changed since the rewrite was made: ask for it again'));
  return document;
}

function textEdits({ edits }: Change): vscode.TextEdit[] {
  return edits.map(({ range: { start, end }, text }) => vscode.TextEdit.replace(new vscode.Range(start.line, start.character, end.line, end.character), text));
}

/** The text of a document after a change. */
async function textAfter(change: Change): Promise<string> {
  const document = await documentOf(change);
  const replaced = change.edits.map(({ range: { start, end }, text }) => ({
    from: document.offsetAt(new vscode.Position(start.line, start.character)),
    to: document.offsetAt(new vscode.Position(end.line, end.character)),
    text,
  }));
  const before = document.getText();
  let after = '';
  let at = 0;
  for (const { from, to, text } of replaced.sort((a, b) => a.from - b.from)) {
    after += before.slice(at, from) + text;
    at = to;
  }
  return after + before.slice(at);
}

/** Shows every file before and after, and asks. */
async function preview(rewrite: Rewritten, documents: Documents): Promise<boolean> {
  const title = vscode.l10n.t('Rewrite: {0}', rewrite.title);
  const files: [vscode.Uri, vscode.Uri | undefined, vscode.Uri][] = [];
  for (const change of rewrite.changes) {
    const uri = vscode.Uri.parse(change.uri);
    files.push([uri, uri, documents.page('after', uri.path, await textAfter(change))]);
  }
  for (const { uri: added, text } of rewrite.newFiles) {
    const uri = vscode.Uri.parse(added);
    files.push([uri, undefined, documents.page('after', uri.path, text)]);
  }
  await vscode.commands.executeCommand('vscode.changes', title, files);
  const apply = { label: vscode.l10n.t('Apply'), detail: rewrite.notes.join('; ') };
  const discard = { label: vscode.l10n.t('Discard') };
  const names = files.map(([uri]) => uri.path.slice(uri.path.lastIndexOf('/') + 1)).join(', ');
  const answer = await vscode.window.showQuickPick([apply, discard], {
    title: vscode.l10n.t('Apply this rewrite to {0}?', names),
    ignoreFocusOut: true,
  });
  // VS Code adds the number of files to the title.
  const shown = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith(title));
  await vscode.window.tabGroups.close(shown);
  return answer === apply;
}
