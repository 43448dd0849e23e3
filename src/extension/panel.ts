/** The results panel: one webview, kept in step with what was measured, restored after a reload. */
import * as vscode from 'vscode';
import type { BenchReport, ProfileReport } from '../measure/types';
import { EMPTY_STATE, readState, withBench, type FromPanel, type PanelBench, type PanelRequest, type PanelState, type ToPanel } from '../protocol/panel';
import type { LoopRef, LoopSummary } from '../protocol/requests';
import { applyRewrite } from './apply';
import type { Client } from './client';
import type { Documents } from './documents';
import { panelHtml } from './panelHtml';

const VIEW_TYPE = 'fanout.results';
/** Kept with the workspace by the editor: a page's own state is written so late that a reload can come first. */
const STATE_KEY = 'fanout.results';

export class ResultsPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  /** Set by the commands: measures a loop again. */
  onBenchmark: (loop: LoopRef) => Promise<void> = async () => {};
  private panel: vscode.WebviewPanel | null = null;
  private state: PanelState;
  private progressMessage: string | null = null;
  private readonly registration: vscode.Disposable;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly client: Client,
    private readonly documents: Documents,
  ) {
    this.state = readState(context.workspaceState.get(STATE_KEY)) ?? EMPTY_STATE;
    this.registration = vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this);
  }

  show(): void {
    if (this.panel) return this.panel.reveal(undefined, true);
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.attach(vscode.window.createWebviewPanel(VIEW_TYPE, vscode.l10n.t('Fanout Results'), column, this.options()));
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    panel.webview.options = this.options();
    this.attach(panel);
    return Promise.resolve();
  }

  addBench(uri: string, report: BenchReport): void {
    this.keep(withBench(this.state, { key: `${uri}#${report.line}`, uri, report }));
    this.show();
    this.sendState();
  }

  setProfile(uri: string, program: readonly string[], report: ProfileReport): void {
    this.keep({ ...this.state, profile: { uri, program, report } });
    this.show();
    this.sendState();
  }

  /** Shows what is going on; null when nothing is. */
  progress(message: string | null): void {
    this.progressMessage = message;
    this.post({ type: 'progress', message });
  }

  dispose(): void {
    this.registration.dispose();
    this.panel?.dispose();
  }

  private keep(state: PanelState): void {
    this.state = state;
    void this.context.workspaceState.update(STATE_KEY, state);
  }

  private options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.context.extensionUri, 'dist')] };
  }

  private attach(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.context.extensionUri, 'media', 'icon.png');
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = null;
    });
    panel.webview.onDidReceiveMessage((message: FromPanel) => void this.receive(message));
    panel.webview.html = panelHtml(panel.webview, this.context.extensionUri);
  }

  private post(message: ToPanel): void {
    void this.panel?.webview.postMessage(message);
  }

  private sendState(): void {
    this.post({ type: 'state', state: this.state });
  }

  private async receive(message: FromPanel): Promise<void> {
    if (message.type === 'ready') {
      this.sendState();
      this.progress(this.progressMessage);
      return;
    }
    if (message.type === 'select') return this.keep({ ...this.state, selected: message.key });
    const { id, request } = message;
    try {
      this.post({ type: 'reply', id, ok: true, message: await this.handle(request) });
    } catch (error) {
      this.post({ type: 'reply', id, ok: false, error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @returns what to say to the person, if anything */
  private async handle(request: PanelRequest): Promise<string | null> {
    switch (request.kind) {
      case 'apply':
        return this.apply(this.bench(request.key), request.strategy);
      case 'export':
        return this.export(this.bench(request.key), request.format);
      case 'bench-again':
        await this.onBenchmark(await this.loopOf(this.bench(request.key)));
        return null;
      case 'bench-loop': {
        const uri = vscode.Uri.file(request.path).toString();
        await this.onBenchmark(await this.findLoop(uri, request.line, null));
        return null;
      }
      case 'open':
        await open(vscode.Uri.file(request.path), request.line);
        return null;
      case 'show-log':
        await vscode.commands.executeCommand('fanout.showLog');
        return null;
    }
  }

  private bench(key: string): PanelBench {
    const bench = this.state.benches.find((b) => b.key === key);
    if (!bench) throw new Error(vscode.l10n.t('this result is no longer here'));
    return bench;
  }

  private async apply(bench: PanelBench, strategy: string): Promise<string | null> {
    const loop = await this.loopOf(bench);
    const reply = await this.client.request('fanout/rewrite', { ...loop, strategy, assume: true });
    if (!reply.ok) throw new Error(reply.why);
    if (!(await applyRewrite(reply, this.documents))) return null;
    await open(vscode.Uri.parse(bench.uri), bench.report.line);
    return vscode.l10n.t('Applied {0}. Undo takes it back.', strategy);
  }

  private async export(bench: PanelBench, format: 'json' | 'html'): Promise<string | null> {
    const source = vscode.Uri.parse(bench.uri);
    const name = `fanout-report.${format}`;
    const folder = vscode.workspace.getWorkspaceFolder(source)?.uri ?? vscode.Uri.joinPath(source, '..');
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, name),
      filters: format === 'json' ? { JSON: ['json'] } : { HTML: ['html'] },
    });
    if (!target) return null;
    const { report } = bench;
    const text = format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : await this.client.request('fanout/reportHtml', { report });
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    return vscode.l10n.t('Written to {0}.', vscode.workspace.asRelativePath(target));
  }

  private loopOf(bench: PanelBench): Promise<LoopSummary> {
    return this.findLoop(bench.uri, bench.report.line, bench.report.title);
  }

  /** The loop in the text as it is now: at its line, or the only one that begins with the same words. */
  private async findLoop(uri: string, line: number, source: string | null): Promise<LoopSummary> {
    // Opening it tells the server its text.
    await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const loops = await this.client.request('fanout/loops', { uri });
    const same = loops.filter((loop) => source === null || loop.source === source.trim());
    const there = same.filter((loop) => loop.range.start.line === line - 1);
    const found = there[0] ?? (source !== null && same.length === 1 ? same[0] : undefined);
    if (!found) throw new Error(vscode.l10n.t('the loop has changed since it was measured: measure it again'));
    return found;
  }
}

async function open(uri: vscode.Uri, line: number): Promise<void> {
  const position = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One, selection: new vscode.Range(position, position) });
}
