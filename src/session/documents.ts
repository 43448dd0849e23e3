/** The texts that a session sees: what the editor has open, else what is on disk; lowered once for each text. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ModuleIR } from '../ir/ir';
import { frontendFor, languageOf, type Frontend } from '../languages/frontend';
import { readSource } from './files';

interface Entry {
  readonly document: TextDocument;
  readonly error: string | null;
  module: ModuleIR | null;
  /** Set for files read from disk: they are read again when this changes. */
  readonly stamp: string | null;
}

export class Documents {
  private readonly open = new Map<string, Entry>();
  private readonly disk = new Map<string, Entry>();
  private readonly frontends = new Map<string, Frontend>();
  /** What the disk answered since `look`. */
  private readonly stats = new Map<string, Stat>();
  private holders = 0;
  /** Functions that are kept lowered. */
  lowered = 0;
  /** Another number whenever a file may be there, be gone or have another text. */
  epoch = 0;

  /** Loads the parser for a file's language; `module` needs it. */
  async prepare(file: string): Promise<void> {
    const language = languageOf(file);
    if (!language) return;
    const key = language === 'python' ? 'python' : 'javascript';
    if (!this.frontends.has(key)) this.frontends.set(key, await frontendFor(language));
  }

  /** From here on the disk is asked anew: a question put twice in between gets one answer. */
  look(): void {
    if (this.holders > 0) return;
    this.stats.clear();
    this.epoch++;
  }

  /** The disk as it is now counts until `release`, whatever happens to it. Files that the editor has open follow it. */
  hold(): void {
    this.look();
    this.holders++;
  }

  release(): void {
    this.holders--;
    this.look();
  }

  set(file: string, text: string, version: number): void {
    this.epoch++;
    this.open.set(file, { document: TextDocument.create(file, languageOf(file) ?? '', version, text), error: null, module: null, stamp: null });
  }

  close(file: string): void {
    this.epoch++;
    this.open.delete(file);
  }

  isOpen(file: string): boolean {
    return this.open.has(file);
  }

  openPaths(): readonly string[] {
    return [...this.open.keys()];
  }

  /** Forgets what was read from disk. */
  changedOnDisk(file: string): void {
    this.epoch++;
    this.stats.delete(file);
    this.disk.delete(file);
  }

  /** Drops the lowered form of every file, and the texts of those that no editor has open: both are made anew when asked for. */
  forgetLowered(): void {
    this.epoch++;
    this.lowered = 0;
    this.disk.clear();
    for (const entry of this.open.values()) entry.module = null;
  }

  private stat(file: string): Stat {
    let known = this.stats.get(file);
    if (!known) this.stats.set(file, (known = statOf(file)));
    return known;
  }

  isFile(file: string): boolean {
    return this.open.has(file) || this.stat(file).isFile;
  }

  /** The document, or why it cannot be read. */
  get(file: string): { readonly document: TextDocument; readonly error: string | null } {
    return this.entry(file);
  }

  text(file: string): string | null {
    const entry = this.entry(file);
    return entry.error === null ? entry.document.getText() : null;
  }

  /** Lowered form; null for files that are not source or cannot be read. The language's front end must be prepared. */
  module(file: string): ModuleIR | null {
    const language = languageOf(file);
    if (!language) return null;
    const entry = this.entry(file);
    if (entry.error !== null) return null;
    if (!entry.module) {
      const frontend = this.frontends.get(language === 'python' ? 'python' : 'javascript');
      if (!frontend) throw new Error(`the ${language} front end is not loaded: call prepare first`);
      entry.module = frontend.lower(file, entry.document.getText());
      this.lowered += entry.module.functions.size;
    }
    return entry.module;
  }

  private entry(file: string): Entry {
    const open = this.open.get(file);
    if (open) return open;
    const { stamp } = this.stat(file);
    const known = this.disk.get(file);
    if (known && known.stamp === stamp) return known;
    const read = readSource(file);
    const entry: Entry = {
      document: TextDocument.create(file, languageOf(file) ?? '', 0, read.text ?? ''),
      error: read.error,
      module: null,
      stamp,
    };
    this.disk.set(file, entry);
    return entry;
  }
}

interface Stat {
  readonly isFile: boolean;
  /** Differs when the text may. */
  readonly stamp: string;
}

const ABSENT: Stat = { isFile: false, stamp: 'absent' };

function statOf(file: string): Stat {
  // Most of what is asked for is not there: no error is made for it.
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat ? { isFile: stat.isFile(), stamp: `${stat.mtimeMs}:${stat.size}` } : ABSENT;
  } catch {
    return ABSENT;
  }
}

/** An absolute, normalized path without a trailing separator. */
export function absolute(file: string, cwd = process.cwd()): string {
  return path.resolve(cwd, file);
}
