/** The language server: a thin client of the session that speaks the protocol. Runs in a process of its own. */
import {
  CodeActionKind,
  createConnection,
  DidChangeConfigurationNotification,
  ErrorCodes,
  LSPErrorCodes,
  ProposedFeatures,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken as LspToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { version } from '../../package.json';
import { CancelledError } from '../analysis/cancellation';
import { ProgramError } from '../measure/program';
import { USAGE, type Environment, type Notifications, type Requests } from '../protocol/requests';
import { ConfigError } from '../session/config';
import { UsageError } from '../session/session';
import { checkWorkspace, explain, loops, rewriteReply } from './answers';
import { codeActions, resolveCodeAction } from './codeActions';
import { codeLenses } from './codeLens';
import { ServerContext } from './context';
import { Diagnostics } from './diagnostics';
import { Folders, type Folder } from './folders';
import { hover } from './hover';
import { Measurements } from './measure';
import { DEFAULT_SETTINGS, pullSettings, type ServerSettings } from './settings';
import { Uris } from './uris';

/** Speaks over the transport that the arguments name (`--stdio`, `--node-ipc`) until the client goes. */
export function startServer(connection: Connection = createConnection(ProposedFeatures.all)): void {
  const documents = new TextDocuments(TextDocument);
  const uris: Uris = new Uris(() => folders.workspace()[0]?.session.root ?? os.tmpdir());
  const folders: Folders = new Folders(uris);
  const context = new ServerContext(connection, documents, folders, uris);
  const settings = new Map<Folder, ServerSettings>();
  let client: InitializeParams['capabilities'] = {};

  const link = (rule: string): string | null => context.environment.ruleLink?.replace('{rule}', encodeURIComponent(rule)) ?? pageOf(rule);
  const refreshLenses = () => {
    if (client.workspace?.codeLens?.refreshSupport) connection.sendRequest('workspace/codeLens/refresh').catch(() => {});
  };
  const diagnostics = new Diagnostics(context, link, refreshLenses);
  const settingsOf = (folder: Folder) => settings.get(folder) ?? DEFAULT_SETTINGS;
  const measurements = new Measurements(context, settingsOf, () => {
    refreshLenses();
    // A profile makes rules speak that are about hot loops only.
    diagnostics.all();
  });

  const configure = async (folder: Folder) => {
    context.forgetExcluded();
    if (!client.workspace?.configuration) return;
    try {
      settings.set(folder, await pullSettings(connection, folder));
    } catch (error) {
      connection.console.error(`settings: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  connection.onInitialize((params): InitializeResult => {
    client = params.capabilities;
    setEnvironment(context, params.initializationOptions as Partial<Environment> | undefined);
    for (const folder of params.workspaceFolders ?? []) folders.add(folder.uri);
    return {
      serverInfo: { name: 'fanout', version },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite], resolveProvider: true },
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(async () => {
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
      await connection.client.register(DidChangeConfigurationNotification.type, { section: 'fanout' });
    }
    await Promise.all(folders.all().map(configure));
    if (client.workspace?.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
        for (const folder of removed) folders.remove(folder.uri);
        for (const folder of added) folders.add(folder.uri);
        for (const document of documents.all()) handToSession(context, document);
        await Promise.all(folders.all().map(configure));
        diagnostics.all();
      });
    }
    diagnostics.all();
  });

  connection.onDidChangeConfiguration(async () => {
    await Promise.all(folders.all().map(configure));
    diagnostics.all();
    refreshLenses();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const file = uris.toPath(uri);
      context.folders.of(file).session.changedOnDisk(file);
    }
    context.forgetExcluded();
    if (changes.length > 0) diagnostics.all();
  });

  documents.onDidOpen(({ document }) => {
    uris.open(document.uri, document.languageId);
    const folder = context.folder(document.uri);
    const known = settings.has(folder);
    handToSession(context, document);
    if (known || folder.uri !== null) return diagnostics.changed(document.uri);
    void configure(folder).then(() => diagnostics.changed(document.uri));
  });
  documents.onDidChangeContent(({ document }) => {
    handToSession(context, document);
    diagnostics.changed(document.uri);
  });
  documents.onDidClose(({ document }) => {
    const { path: file, session } = context.openDocument(document.uri) ?? { path: uris.toPath(document.uri), session: context.folder(document.uri).session };
    session.close(file);
    diagnostics.closed(document.uri);
    uris.close(document.uri);
  });

  connection.onHover((params) => answer(() => hover(context, params.textDocument.uri, params.position)));
  connection.onCodeLens((params) =>
    answer(async () => (settingsOf(context.folder(params.textDocument.uri)).codeLens ? codeLenses(context, params.textDocument.uri) : [])),
  );
  connection.onCodeAction((params) => answer(() => codeActions(context, params, link)));
  connection.onCodeActionResolve((action) => answer(() => resolveCodeAction(context, action)));

  const on = <M extends keyof Requests>(method: M, handler: (params: Requests[M]['params'], token: LspToken) => Promise<Requests[M]['result']>) =>
    connection.onRequest(method, (params: Requests[M]['params'], token: LspToken) => answer(() => handler(params, token)));
  on('fanout/explain', (params) => explain(context, params));
  on('fanout/loops', (params) => loops(context, params));
  on('fanout/rewrite', async (params) => rewriteReply(context, params));
  on('fanout/checkWorkspace', (params, token) => checkWorkspace(context, params, token, link));
  on('fanout/profile', (params, token) => measurements.profile(params, token));
  on('fanout/bench', (params, token) => measurements.bench(params, token));
  on('fanout/plannedRuns', (params) => measurements.plannedRuns(params));
  on('fanout/verify', (params, token) => measurements.verify(params, token));
  on('fanout/settle', (params, token) => measurements.settle(params, token));
  on('fanout/runsToSettle', (params) => measurements.runsToSettle(params));
  on('fanout/doctor', (params, token) => measurements.doctor(params, token));
  on('fanout/reportHtml', async ({ report }) => (await import('../measure/report-html')).reportHtml(report));

  connection.onNotification('fanout/environment' satisfies keyof Notifications, (environment: Environment) => setEnvironment(context, environment));

  connection.onShutdown(() => {
    diagnostics.stop();
    measurements.stop();
  });
  // Over node-ipc nothing else tells that the client has died.
  if (process.connected) {
    process.once('disconnect', () => {
      measurements.stop();
      setTimeout(() => process.exit(0), 2000).unref();
    });
  }

  documents.listen(connection);
  connection.listen();
}

function handToSession(context: ServerContext, document: TextDocument): void {
  const file = context.uris.toPath(document.uri);
  context.folders.of(file).session.open(file, document.getText(), document.version);
}

function setEnvironment(context: ServerContext, given: Partial<Environment> | undefined): void {
  context.environment = {
    // A client that says nothing of trust was started by the person on their own files.
    trusted: given?.trusted ?? true,
    pythons: given?.pythons ?? {},
    commands: given?.commands ?? false,
    ...(given?.ruleLink ? { ruleLink: given.ruleLink } : {}),
  };
}

/** The page of a rule as it lies in the package; null when it is not there. */
function pageOf(rule: string): string | null {
  const file = path.join(__dirname, '..', 'docs', 'rules', `${rule}.md`);
  return fs.existsSync(file) ? pathToFileURL(file).href : null;
}

/** Errors that a person can mend reach the client as their message; a cancelled request as one. */
async function answer<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CancelledError) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
    if (error instanceof UsageError || error instanceof ConfigError || error instanceof ProgramError) throw new ResponseError(USAGE, error.message);
    if (error instanceof ResponseError) throw error;
    throw new ResponseError(ErrorCodes.InternalError, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
