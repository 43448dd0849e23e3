/** Which files of the workspace define a class: found in their texts, so that only those that do are lowered. */

const CLASS = /(?:^|[^\w$.'"`])class\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu;

export class SourceIndex {
  private readonly classes = new Map<string, { readonly text: string; readonly names: ReadonlySet<string> }>();
  private byName: { readonly key: unknown; readonly files: ReadonlyMap<string, readonly string[]> } | null = null;

  constructor(private readonly read: (file: string) => string | null) {}

  /** Files of the list that define a class of the name. The answer is kept for as long as `key` is the same. */
  defining(files: readonly string[], name: string, key: unknown): readonly string[] {
    const known = this.byName !== null && this.byName.key === key ? this.byName : { key, files: this.gather(files) };
    this.byName = known;
    return known.files.get(name) ?? [];
  }

  private gather(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const file of files) {
      for (const name of this.namesIn(file)) {
        const list = found.get(name);
        if (list) list.push(file);
        else found.set(name, [file]);
      }
    }
    return found;
  }

  private namesIn(file: string): ReadonlySet<string> {
    const text = this.read(file) ?? '';
    const known = this.classes.get(file);
    if (known?.text === text) return known.names;
    const names = new Set([...text.matchAll(CLASS)].map((match) => match[1]!));
    this.classes.set(file, { text, names });
    return names;
  }
}
