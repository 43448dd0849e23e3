/** What is said to the person. Errors offer the log; nothing is said twice at once. */
import * as vscode from 'vscode';

export class Messages {
  private showing = false;

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly memory: vscode.Memento,
  ) {}

  /** Logs the error and shows its first line with *Show Log*. One at a time: others are only logged. */
  async error(what: string, error: unknown): Promise<void> {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log.error(`${what}: ${detail}`);
    if (this.showing) return;
    this.showing = true;
    const showLog = vscode.l10n.t('Show Log');
    const first = (error instanceof Error ? error.message : String(error)).split('\n')[0];
    try {
      if ((await vscode.window.showErrorMessage(`${what}: ${first}`, showLog)) === showLog) this.log.show();
    } finally {
      this.showing = false;
    }
  }

  /** A plain remark that a person can silence for good, by its id. */
  async remark(id: string, text: string): Promise<void> {
    const key = `silenced:${id}`;
    if (this.memory.get<boolean>(key)) return;
    const never = vscode.l10n.t("Don't Show Again");
    if ((await vscode.window.showInformationMessage(text, never)) === never) await this.memory.update(key, true);
  }

  /** Nothing is started in a workspace that is not trusted: says so, and offers to manage trust. */
  async untrusted(): Promise<void> {
    const manage = vscode.l10n.t('Manage Workspace Trust');
    const text = vscode.l10n.t('This workspace is not trusted: Fanout analyses it, and starts nothing in it.');
    if ((await vscode.window.showWarningMessage(text, manage)) === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  }
}
