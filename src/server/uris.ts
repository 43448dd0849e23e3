/**
 * URIs of the protocol and paths of the session. Documents that are no files get a path that no file has: it ends as their language's
 * files do, and lies in the folder that their relative imports would be looked up from.
 */
import * as path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ENDINGS: Readonly<Record<string, string>> = {
  python: '.py',
  javascript: '.js',
  javascriptreact: '.jsx',
  typescript: '.ts',
  typescriptreact: '.tsx',
};

export class Uris {
  private readonly opened = new Map<string, string>();
  private readonly uris = new Map<string, string>();

  /** @param home folder for documents that have none */
  constructor(private readonly home: () => string) {}

  /** Names an open document: its URI as the client wrote it comes back for its path. */
  open(uri: string, languageId: string): string {
    const file = this.pathFor(uri, languageId);
    this.opened.set(uri, file);
    this.uris.set(file, uri);
    return file;
  }

  close(uri: string): void {
    const file = this.opened.get(uri);
    this.opened.delete(uri);
    if (file !== undefined) this.uris.delete(file);
  }

  toPath(uri: string): string {
    return this.opened.get(uri) ?? this.pathFor(uri, '');
  }

  toUri(file: string): string {
    return this.uris.get(file) ?? pathToFileURL(file).href;
  }

  private pathFor(uri: string, languageId: string): string {
    if (uri.startsWith('file:')) return path.normalize(fileURLToPath(uri));
    const name = decodeURIComponent(uri.replace(/^[^:]*:/, '').replace(/[?#].*$/, '')).replace(/^\/+/, '');
    const ending = ENDINGS[languageId] ?? '';
    return path.join(this.home(), ending && !name.endsWith(ending) && !/\.[a-z]{2,3}$/.test(name) ? name + ending : name);
  }
}
