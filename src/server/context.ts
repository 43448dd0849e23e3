/** What every part of the server works with: open documents, sessions, and the analysis of a document's current text. */
import type { Connection, TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { CancelledError, type CancellationToken } from '../analysis/cancellation';
import type { Environment } from '../protocol/requests';
import type { BenchRow } from '../measure/types';
import type { FileAnalysis, Session } from '../session/session';
import type { Folder, Folders } from './folders';
import type { Uris } from './uris';

export interface OpenDocument {
  readonly uri: string;
  readonly path: string;
  /** Kept up to date by the client: its text may be newer than `version`. */
  readonly document: TextDocument;
  /** The version that was asked about. */
  readonly version: number;
  readonly session: Session;
}

export class ServerContext {
  environment: Environment = { trusted: false, pythons: {}, commands: false };
  /** What was measured for a loop in this text of its file. */
  readonly measured = new Map<string, { readonly text: string; readonly best: BenchRow }>();

  constructor(
    readonly connection: Connection,
    readonly documents: TextDocuments<TextDocument>,
    readonly folders: Folders,
    readonly uris: Uris,
  ) {}

  hasMeasured(open: OpenDocument): boolean {
    return [...this.measured.keys()].some((key) => key.startsWith(`${open.path}\n`));
  }

  folder(uri: string): Folder {
    return this.folders.of(this.uris.toPath(uri));
  }

  private readonly excluded = new Map<string, boolean>();

  /** Whether the project leaves the file out. Asks the disk, so the answer is kept until something there or in the settings changes. */
  isExcluded(open: OpenDocument): boolean {
    let known = this.excluded.get(open.path);
    if (known === undefined) this.excluded.set(open.path, (known = open.session.isExcluded(open.path)));
    return known;
  }

  forgetExcluded(): void {
    this.excluded.clear();
  }

  /** null when the client has not opened it. */
  openDocument(uri: string): OpenDocument | null {
    const document = this.documents.get(uri);
    if (!document) return null;
    const path = this.uris.toPath(uri);
    return { uri, path, document, version: document.version, session: this.folders.of(path).session };
  }

  /** Cancelled as soon as the document has another text. */
  whileCurrent(open: OpenDocument): CancellationToken {
    const { documents } = this;
    return {
      get cancelled() {
        return documents.get(open.uri)?.version !== open.version;
      },
    };
  }

  /** What the rules say of the document's text. @throws CancelledError once the document has another text */
  findings(open: OpenDocument): Promise<FileAnalysis> {
    return this.ofText(open, (token) => open.session.findings(open.path, token));
  }

  /** The same with every loop judged. */
  analyze(open: OpenDocument): Promise<FileAnalysis> {
    return this.ofText(open, (token) => open.session.analyze(open.path, token));
  }

  private async ofText<T>(open: OpenDocument, ask: (token: CancellationToken) => Promise<T>): Promise<T> {
    const token = this.whileCurrent(open);
    for (;;) {
      try {
        const analysis = await ask(token);
        if (token.cancelled) throw new CancelledError();
        return analysis;
      } catch (error) {
        // An analysis is shared by all who ask: what another's change of mind has ended is begun again for this one.
        if (!(error instanceof CancelledError) || token.cancelled) throw error;
      }
    }
  }

  /** The Python that the editor has selected for a folder. */
  python(folder: Folder): string | undefined {
    return this.environment.pythons[folder.uri ?? ''] ?? this.environment.pythons[''];
  }
}

/** Names a loop over versions of its file, as long as its first line stays what it is. */
export function measuredKey(path: string, loopSource: string): string {
  return `${path}\n${loopSource}`;
}
