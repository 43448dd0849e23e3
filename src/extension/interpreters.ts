/** Which Python runs the programs of a folder: the setting wins in the server; here is what the Python extension has selected. */
import { PVSC_EXTENSION_ID, PythonExtension } from '@vscode/python-extension';
import * as vscode from 'vscode';

export class Interpreters implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly subscriptions: vscode.Disposable[] = [this.changed];
  private api: PythonExtension | null = null;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Listens to the Python extension where there is one, now or later. */
  async start(): Promise<void> {
    const connect = () => void this.connect();
    this.subscriptions.push(vscode.extensions.onDidChange(connect), vscode.workspace.onDidGrantWorkspaceTrust(connect));
    await this.connect();
  }

  /** By folder URI; `''` for files outside of every folder. Empty where nothing is selected. */
  selected(): Record<string, string> {
    if (!this.api) return {};
    const out: Record<string, string> = {};
    const add = (key: string, folder: vscode.Uri | undefined) => {
      // Without an environment the path is what would be typed (`python`): the server finds that better itself.
      const { path } = this.api!.environments.getActiveEnvironmentPath(folder);
      if (/[\\/]/.test(path)) out[key] = path;
    };
    add('', undefined);
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) add(uri.toString(), uri);
    return out;
  }

  private async connect(): Promise<void> {
    if (this.api || !vscode.workspace.isTrusted || !vscode.extensions.getExtension(PVSC_EXTENSION_ID)) return;
    try {
      this.api = await PythonExtension.api();
      this.subscriptions.push(this.api.environments.onDidChangeActiveEnvironmentPath(() => this.changed.fire()));
      this.changed.fire();
    } catch (error) {
      this.log.warn(`the Python extension gave no interpreter: ${String(error)}`);
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }
}
