/** The language client: starts the server in a process of its own with the extension host's Node, and tells it what only the editor knows. */
import * as vscode from 'vscode';
import { LanguageClient, State, TransportKind, WorkDoneProgress, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';
import type { Environment, Notifications, Requests } from '../protocol/requests';
import { COMMANDS, LANGUAGES, type CommandId } from './contributions';
import type { Interpreters } from './interpreters';
import type { Messages } from './messages';
import type { Status } from './status';

const RULE_LINK = `command:${'fanout.openRulePage' satisfies CommandId}?${encodeURIComponent('["')}{rule}${encodeURIComponent('"]')}`;
const SCHEMES = ['file', 'untitled', 'vscode-vfs'];

export class Client implements vscode.Disposable {
  private client: LanguageClient | null = null;
  private starting: Promise<void> | null = null;
  private readonly subscriptions: vscode.Disposable[] = [];
  private tokens = 0;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly interpreters: Interpreters,
    private readonly messages: Messages,
  ) {
    const tell = () => this.tellEnvironment();
    this.subscriptions.push(interpreters.onDidChange(tell), vscode.workspace.onDidGrantWorkspaceTrust(tell), vscode.workspace.onDidChangeWorkspaceFolders(tell));
  }

  /** Starts the server, once. Fails with a message, never with an exception. */
  start(): Promise<void> {
    return (this.starting ??= this.startNow().catch(async (error: unknown) => {
      this.status.set('failed');
      this.starting = null;
      await this.messages.error(vscode.l10n.t('Fanout could not start its server'), error);
    }));
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = null;
    this.starting = null;
    if (client && client.state !== State.Stopped) await client.stop(5000).catch((error: unknown) => this.log.warn(`stopping the server: ${String(error)}`));
    await client?.dispose().catch(() => {});
    this.status.set('stopped');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Sends a request; waits for the server to be up. */
  async request<M extends keyof Requests>(method: M, params: Requests[M]['params'], token?: vscode.CancellationToken): Promise<Requests[M]['result']> {
    await this.start();
    if (!this.client) throw new Error(vscode.l10n.t('the server is not running'));
    return this.client.sendRequest<Requests[M]['result']>(method, params, token);
  }

  /** A long request, with its progress in a notification that cancels it. */
  async withProgress<M extends keyof Requests>(
    method: M,
    title: string,
    params: Omit<Requests[M]['params'], 'workDoneToken'>,
    onProgress: (message: string) => void = () => {},
  ): Promise<Requests[M]['result']> {
    await this.start();
    const client = this.client;
    if (!client) throw new Error(vscode.l10n.t('the server is not running'));
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
      const workDoneToken = `fanout-${++this.tokens}`;
      let percent = 0;
      const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind !== 'report') return;
        const increment = Math.max(0, (value.percentage ?? percent) - percent);
        percent += increment;
        if (value.message) onProgress(value.message);
        progress.report({ ...(value.message ? { message: value.message } : {}), increment });
      });
      try {
        return await client.sendRequest<Requests[M]['result']>(method, { ...params, workDoneToken }, token);
      } finally {
        listener.dispose();
      }
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
    void this.stop();
  }

  private environment(): Environment {
    return { trusted: vscode.workspace.isTrusted, pythons: this.interpreters.selected(), ruleLink: RULE_LINK, commands: true };
  }

  private tellEnvironment(): void {
    if (this.client?.state === State.Running) void this.client.sendNotification('fanout/environment' satisfies keyof Notifications, this.environment());
  }

  private async startNow(): Promise<void> {
    this.status.set('starting');
    const module = this.context.asAbsolutePath('dist/cli.js');
    const run = { module, args: ['lsp'], transport: TransportKind.ipc };
    const serverOptions: ServerOptions = { run, debug: run };
    const options: LanguageClientOptions = {
      documentSelector: LANGUAGES.flatMap((language) => SCHEMES.map((scheme) => ({ language, scheme }))),
      initializationOptions: this.environment(),
      outputChannel: this.log,
      markdown: { isTrusted: { enabledCommands: Object.keys(COMMANDS) } },
      synchronize: { fileEvents: this.watchers() },
      diagnosticCollectionName: 'fanout',
    };
    const client = new LanguageClient('fanout', 'Fanout', serverOptions, options);
    client.onDidChangeState(({ newState }) => {
      if (client !== this.client) return;
      if (newState === State.Running) this.status.set('ready');
      else if (newState === State.Stopped) this.status.set('failed');
    });
    this.client = client;
    await client.start();
    this.status.set('ready');
  }

  private watchers(): vscode.FileSystemWatcher[] {
    const watchers = ['**/*.{py,pyw,js,mjs,cjs,jsx,ts,mts,cts,tsx}', '**/{pyproject.toml,package.json,.gitignore}'].map((glob) =>
      vscode.workspace.createFileSystemWatcher(glob),
    );
    this.subscriptions.push(...watchers);
    return watchers;
  }
}
