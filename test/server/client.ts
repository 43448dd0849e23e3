/** A client that talks to the real server over streams in this process. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  createConnection,
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CodeAction,
  type Diagnostic,
  type Hover,
  type CodeLens,
  type InitializeResult,
  type WorkspaceFolder,
} from 'vscode-languageserver/node';
import type { Environment, Requests } from '../../src/protocol/requests';
import { startServer } from '../../src/server/server';

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

export class Client {
  readonly published: Published[] = [];
  readonly progress: { readonly kind: string; readonly message?: string }[] = [];
  settings: Record<string, unknown> = {};
  private readonly versions = new Map<string, number>();
  private readonly texts = new Map<string, string>();
  private constructor(
    private readonly connection: ReturnType<typeof createProtocolConnection>,
    readonly root: string,
    readonly capabilities: { result?: InitializeResult },
  ) {}

  static async start(files: Readonly<Record<string, string>>, environment: Partial<Environment> = { trusted: true, commands: true }): Promise<Client> {
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-server-')));
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      fs.writeFileSync(path.join(root, name), text);
    }
    const up = new PassThrough();
    const down = new PassThrough();
    startServer(createConnection(new StreamMessageReader(up), new StreamMessageWriter(down)));
    const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
    const holder: { result?: InitializeResult } = {};
    const client = new Client(connection, root, holder);
    connection.onNotification('textDocument/publishDiagnostics', (params: Published) => void client.published.push(params));
    connection.onNotification('$/progress', ({ value }: { value: { kind: string; message?: string } }) => void client.progress.push(value));
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => client.settings));
    connection.onRequest('client/registerCapability', () => null);
    connection.onRequest('workspace/codeLens/refresh', () => null);
    connection.onRequest('window/workDoneProgress/create', () => null);
    connection.listen();
    const folder: WorkspaceFolder = { uri: pathToFileURL(root).href, name: 'root' };
    holder.result = await connection.sendRequest<InitializeResult>('initialize', {
      processId: null,
      rootUri: folder.uri,
      workspaceFolders: [folder],
      initializationOptions: environment,
      capabilities: { workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true }, codeLens: { refreshSupport: true } } },
    });
    await connection.sendNotification('initialized', {});
    return client;
  }

  uri(name: string): string {
    return name.includes(':') ? name : pathToFileURL(path.join(this.root, name)).href;
  }

  async open(name: string, languageId: string, text = fs.readFileSync(path.join(this.root, name), 'utf8')): Promise<string> {
    const uri = this.uri(name);
    this.versions.set(uri, 1);
    this.texts.set(uri, text);
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
    return uri;
  }

  /** Replaces the whole text. @returns the new version */
  async change(name: string, text: string): Promise<number> {
    const uri = this.uri(name);
    const version = this.versions.get(uri)! + 1;
    this.versions.set(uri, version);
    this.texts.set(uri, text);
    await this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    return version;
  }

  close(name: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(name) } });
  }

  changedOnDisk(name: string): Promise<void> {
    return this.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: this.uri(name), type: 2 }] });
  }

  async configure(settings: Record<string, unknown>): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.connection.sendNotification(method, params);
  }

  /** Position of a piece of text, zero-based. */
  at(name: string, text: string): { line: number; character: number } {
    const lines = this.texts.get(this.uri(name))!.split('\n');
    const line = lines.findIndex((l) => l.includes(text));
    if (line < 0) throw new Error(`${text} is not in ${name}`);
    return { line, character: lines[line]!.indexOf(text) };
  }

  request<M extends keyof Requests>(method: M, params: Requests[M]['params']): Promise<Requests[M]['result']> {
    return this.connection.sendRequest<Requests[M]['result']>(method, params);
  }

  hover(name: string, text: string): Promise<Hover | null> {
    return this.connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri: this.uri(name) }, position: this.at(name, text) });
  }

  lenses(name: string): Promise<CodeLens[]> {
    return this.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: this.uri(name) } });
  }

  actions(name: string, text: string, kind: string): Promise<CodeAction[]> {
    const position = this.at(name, text);
    const params = { textDocument: { uri: this.uri(name) }, range: { start: position, end: position }, context: { diagnostics: [], only: [kind] } };
    return this.connection.sendRequest<CodeAction[]>('textDocument/codeAction', params);
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest<CodeAction>('codeAction/resolve', action as object);
  }

  /** The findings published for a version of a document. */
  async diagnostics(name: string, version = this.versions.get(this.uri(name))): Promise<Diagnostic[]> {
    const uri = this.uri(name);
    return (await this.until(`diagnostics of ${name} version ${version}`, () => this.published.findLast((p) => p.uri === uri && p.version === version))).diagnostics;
  }

  /** Polls until there is an answer. */
  async until<T>(what: string, ask: () => T | undefined | false | null | Promise<T | undefined | false | null>): Promise<T> {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false && answer !== null) return answer;
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}; published: ${JSON.stringify(this.published)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop(): Promise<void> {
    await this.connection.sendRequest('shutdown');
    this.connection.dispose();
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}
