/** The texts that a session sees: what the editor has open, else what is on disk; lowered once for each text. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Callee } from '../analysis/report';
import type { ModuleIR } from '../ir/ir';
import { frontendFor, languageOf, type Frontend } from '../languages/frontend';
import { readSource } from './files';
import { reconcile } from './reconcile';

interface Entry {
  readonly document: TextDocument;
  readonly error: string | null;
  module: ModuleIR | null;
  /** The lowered form of the text before an edit. */
  readonly before?: ModuleIR | null;
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
    const key = frontendKey(file);
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
    const known = this.open.get(file);
    const before = known?.module ?? known?.before ?? null;
    if (!before) this.othersChanged = true;
    this.edited.add(file);
    this.open.set(file, { document: TextDocument.create(file, languageOf(file) ?? '', version, text), error: null, module: null, before, stamp: null });
  }

  /** Files whose text in the editor has changed since `changes` was asked. */
  private readonly edited = new Set<string>();
  private othersChanged = false;
  private changed: Callee[] = [];

  /**
   * The functions that edits have changed since this was last asked; null when more than the bodies of functions may have.
   */
  changes(): readonly Callee[] | null {
    for (const file of this.edited) {
      if (this.open.has(file) && !this.frontends.has(frontendKey(file))) continue;
      this.edited.delete(file);
      if (this.open.has(file)) this.module(file);
    }
    const found = this.othersChanged ? null : this.changed;
    this.othersChanged = false;
    this.changed = [];
    return found;
  }

  close(file: string): void {
    this.epoch++;
    this.othersChanged = true;
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
    this.othersChanged = true;
    this.stats.delete(file);
    this.disk.delete(file);
  }

  /** Drops the lowered form of every file, and the texts of those that no editor has open: both are made anew when asked for. */
  forgetLowered(): void {
    this.epoch++;
    this.othersChanged = true;
    this.lowered = 0;
    this.disk.clear();
    for (const [file, { document, error, stamp }] of this.open) this.open.set(file, { document, error, module: null, stamp });
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
      const frontend = this.frontends.get(frontendKey(file));
      if (!frontend) throw new Error(`the ${language} front end is not loaded: call prepare first`);
      entry.module = this.lower(frontend, file, entry);
    }
    return entry.module;
  }

  private lower(frontend: Frontend, file: string, entry: Entry): ModuleIR {
    const fresh = frontend.lower(file, entry.document.getText(), this.open.has(file));
    if (!entry.before) {
      this.lowered += fresh.functions.size;
      return fresh;
    }
    const functions = reconcile(entry.before, fresh);
    if (functions) for (const id of functions) this.changed.push({ path: file, function: id });
    else this.othersChanged = true;
    return entry.before;
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

const frontendKey = (file: string): string => (languageOf(file) === 'python' ? 'python' : 'javascript');

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
