/** Picks the front end for a file. Front ends are loaded when first needed: a parser costs up to a second to load. */
import type { Language, ModuleIR } from '../ir/ir';

export interface Frontend {
  /**
   * Lowers a module. Never throws on bad source: syntax problems are listed and the functions they touch are marked broken.
   * @param edited it is being edited: what can be used again for its next text is kept
   */
  lower(path: string, text: string, edited?: boolean): ModuleIR;
}

const EXTENSIONS: Readonly<Record<string, Language>> = {
  '.py': 'python',
  '.pyw': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.jsx': 'javascript',
  '.ts': 'typescript',
  '.mts': 'typescript',
  '.cts': 'typescript',
  '.tsx': 'typescript',
};

/** The language of a file by its extension; null for files that Fanout does not read (`.d.ts` among them). */
export function languageOf(path: string): Language | null {
  if (/\.d\.[cm]?ts$/i.test(path)) return null;
  const match = /\.[a-z]+$/i.exec(path);
  return match ? (EXTENSIONS[match[0].toLowerCase()] ?? null) : null;
}

const loaded = new Map<'python' | 'javascript', Promise<Frontend>>();

export function frontendFor(language: Language): Promise<Frontend> {
  const key = language === 'python' ? 'python' : 'javascript';
  let frontend = loaded.get(key);
  if (!frontend) {
    frontend =
      key === 'python'
        ? import('./python/frontend').then((m) => m.createPythonFrontend())
        : import('./javascript/frontend').then((m) => m.createJavaScriptFrontend());
    loaded.set(key, frontend);
  }
  return frontend;
}
