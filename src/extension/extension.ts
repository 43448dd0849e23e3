/** The extension's entry: everything that lives is registered here, and goes with it. */
import * as vscode from 'vscode';
import { Client } from './client';
import { registerCommands } from './commands';
import { Documents } from './documents';
import { Interpreters } from './interpreters';
import { Messages } from './messages';
import { Programs } from './programs';
import { ResultsPanel } from './panel';
import { Status } from './status';

let client: Client | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('Fanout', { log: true });
  const messages = new Messages(log, context.globalState);
  const status = new Status();
  const interpreters = new Interpreters(log);
  client = new Client(context, log, status, interpreters, messages);
  const programs = new Programs(context.workspaceState);
  const documents = new Documents();
  const panel = new ResultsPanel(context, client, documents);
  context.subscriptions.push(log, status, interpreters, client, panel, documents);
  registerCommands(context, { client, log, messages, programs, panel, documents });
  await interpreters.start();
  // Activation ends at once: the server starts beside it, and what needs it waits for it.
  void client.start();
}

/** VS Code waits for this: the server and what it has started end before the extension host does. */
export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}
