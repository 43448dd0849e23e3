/** A session for each workspace folder, and one for each project that a file from outside of them belongs to. */
import * as path from 'node:path';
import { findRoot } from '../session/root';
import { Session } from '../session/session';
import type { Uris } from './uris';

export interface Folder {
  /** null for a project outside of the workspace. */
  readonly uri: string | null;
  readonly session: Session;
}

export class Folders {
  private readonly folders = new Map<string, Folder>();
  private readonly loose = new Map<string, Folder>();

  constructor(private readonly uris: Uris) {}

  add(uri: string): Folder | null {
    if (!uri.startsWith('file:')) return null;
    const root = this.uris.toPath(uri);
    const folder = { uri, session: new Session({ root }) };
    this.folders.set(root, folder);
    // What was taken for loose may lie in the new folder: it is analysed anew there.
    for (const [key] of this.loose) if (isWithin(root, key)) this.loose.delete(key);
    return folder;
  }

  remove(uri: string): void {
    this.folders.delete(this.uris.toPath(uri));
  }

  all(): readonly Folder[] {
    return [...this.folders.values(), ...this.loose.values()];
  }

  /** Those of the workspace itself. */
  workspace(): readonly Folder[] {
    return [...this.folders.values()];
  }

  /** The innermost folder that holds the file. */
  of(file: string): Folder {
    let best: string | null = null;
    for (const root of this.folders.keys()) {
      if (isWithin(root, file) && (best === null || root.length > best.length)) best = root;
    }
    if (best !== null) return this.folders.get(best)!;
    const root = findRoot(file);
    let folder = this.loose.get(root);
    if (!folder) {
      folder = { uri: null, session: new Session({ root }) };
      this.loose.set(root, folder);
    }
    return folder;
  }
}

export function isWithin(root: string, file: string): boolean {
  const relative = path.relative(root, file);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}
