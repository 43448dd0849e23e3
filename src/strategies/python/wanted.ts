/** Collects the imports that the new text needs while it is written. */
import type { TextEdit } from '../../edit/edit';
import { importNames, type WantedImport } from '../../edit/python-imports';
import type { Site } from './site';

export class Wanted {
  private readonly wants: WantedImport[] = [];
  private readonly known: string[] = [];

  constructor(private readonly site: Site) {}

  /** How the code writes the name of a module (or the module, with null), which is imported if it is not yet. */
  name(module: string, name: string | null): string {
    const at = this.wants.findIndex((w) => w.module === module && w.name === name);
    if (at >= 0) return this.known[at]!;
    this.wants.push({ module, name });
    const { names } = importNames(this.site.module, this.site.text, [{ module, name }], (n) => this.site.isFree(n));
    this.known.push(names[0]!);
    return names[0]!;
  }

  edits(): readonly TextEdit[] {
    return importNames(this.site.module, this.site.text, this.wants, (n) => this.site.isFree(n)).edits;
  }
}
