/** The one status item: how the server is, beside the language. */
import * as vscode from 'vscode';
import { LANGUAGES, type CommandId } from './contributions';

export type ServerState = 'starting' | 'ready' | 'stopped' | 'failed';

export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;

  constructor() {
    this.item = vscode.languages.createLanguageStatusItem('fanout', [...LANGUAGES]);
    this.item.name = 'Fanout';
    this.set('stopped');
  }

  set(state: ServerState): void {
    const texts: Record<ServerState, string> = {
      starting: vscode.l10n.t('Fanout: starting'),
      ready: vscode.l10n.t('Fanout: analysing as you type'),
      stopped: vscode.l10n.t('Fanout: not running'),
      failed: vscode.l10n.t('Fanout: the server has stopped'),
    };
    this.item.text = texts[state];
    this.item.busy = state === 'starting';
    this.item.severity = state === 'failed' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    const restart = { title: vscode.l10n.t('Restart Server'), command: 'fanout.restartServer' satisfies CommandId };
    const showLog = { title: vscode.l10n.t('Show Log'), command: 'fanout.showLog' satisfies CommandId };
    this.item.command = state === 'failed' || state === 'stopped' ? restart : showLog;
  }

  dispose(): void {
    this.item.dispose();
  }
}
