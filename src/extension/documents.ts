/** Read-only pages that Fanout writes: explanations and the doctor's report as rendered Markdown, and files as a rewrite would leave them. */
import * as vscode from 'vscode';

const SCHEME = 'fanout-page';

export class Documents implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly registration = vscode.Disposable.from(
    this.changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.scheme === SCHEME) this.texts.delete(document.uri.toString());
    }),
  );

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  /** A read-only page with a text; a page of the same kind and path gets the new text. */
  page(kind: 'page' | 'after', path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, authority: kind, path });
    this.texts.set(uri.toString(), text);
    this.changed.fire(uri);
    return uri;
  }

  /** Shows Markdown beside the editor. */
  async show(title: string, markdown: string): Promise<void> {
    await vscode.commands.executeCommand('markdown.showPreviewToSide', this.page('page', `/${title}.md`, markdown));
  }

  dispose(): void {
    this.registration.dispose();
  }
}
