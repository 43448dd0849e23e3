/** What the tests inside VS Code share. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Polls until the answer is neither undefined, null nor false; fails with what was waited for. */
export async function until<T>(what: string, ask: () => T | Promise<T>, ms = 15_000): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + ms;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as Exclude<T, false | null | undefined>;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) assert.fail(`waited ${ms / 1000} s for ${what}; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function folder(): vscode.Uri {
  return vscode.workspace.workspaceFolders![0]!.uri;
}

/** Opens a file of the workspace in the editor. */
export async function open(name: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), name));
  return vscode.window.showTextDocument(document);
}

/** Opens a text that is no file. */
export async function openUntitled(language: string, content: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }));
}

export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === 'fanout');
}

export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

/** Waits for a finding of a rule. */
export function finding(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic> {
  return until(`${rule} in ${uri.path}; there: ${findings(uri).map(ruleOf).join(', ')}`, () => findings(uri).find((d) => ruleOf(d) === rule));
}

/** Where a piece of text is in a document. */
export function at(document: vscode.TextDocument, text: string): vscode.Position {
  const offset = document.getText().indexOf(text);
  assert.ok(offset >= 0, `${text} is not in ${document.uri.path}`);
  return document.positionAt(offset);
}

export async function actions(document: vscode.TextDocument, position: vscode.Position, kind: vscode.CodeActionKind, resolve = 0): Promise<vscode.CodeAction[]> {
  const range = new vscode.Range(position, position);
  return vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, kind.value, resolve);
}

/** Waits for a quick fix at a position to be offered. */
export async function offered(document: vscode.TextDocument, position: vscode.Position, wanted: (action: vscode.CodeAction) => unknown): Promise<vscode.CodeAction> {
  let titles: string[] = [];
  const find = async () => {
    const fixes = await actions(document, position, vscode.CodeActionKind.QuickFix, 20);
    titles = fixes.map((action) => action.title);
    return fixes.find(wanted);
  };
  return until('the fix', find).catch((error: Error) => assert.fail(`${error.message}; offered: ${titles.join(' | ')}`));
}

/** Puts the text back as it was, and closes every editor. */
export async function restore(document: vscode.TextDocument, text: string): Promise<void> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
}
