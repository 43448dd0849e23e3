/** Which files of the workspace may import a file: found by the words of their import statements, so that only those are lowered. */
import * as path from 'node:path';
import { languageOf } from '../languages/frontend';

const PYTHON_IMPORT = /\b(?:import|from)\b(?:[^\n\\#(]|\\\r?\n|\((?:#[^\n]*|[^)#])*\))*/g;
/** The text of every string behind `from`, `import` and `require`. */
const JAVASCRIPT_IMPORT = /\b(?:from|import|require)\b\s*(?:\(\s*)?(?:\/\*[^]*?\*\/\s*)*(['"`])([^'"`\n]+)\1/g;
const WORD = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
/** The name of a package's own file in an import that has dots only: `from . import x`, `import '..'`. */
const HERE = '.';

export class ImportIndex {
  private readonly words = new Map<string, { readonly text: string; readonly words: ReadonlySet<string> }>();
  private byWord: { readonly files: readonly string[]; readonly epoch: number; readonly map: ReadonlyMap<string, readonly string[]> } | null = null;

  constructor(private readonly read: (file: string) => string | null) {}

  /** Files of the list whose imports may name the file. The answer is kept for as long as list and `epoch` are the same. */
  naming(file: string, files: readonly string[], epoch: number): readonly string[] {
    if (this.byWord?.files !== files || this.byWord.epoch !== epoch) this.byWord = { files, epoch, map: this.gather(files) };
    const { map } = this.byWord;
    const stem = path.basename(file).replace(/\.[^.]+$/, '');
    if (stem !== '__init__' && stem !== 'index') return map.get(stem) ?? [];
    const found = new Set([...(map.get(path.basename(path.dirname(file))) ?? []), ...(map.get(stem) ?? []), ...(map.get(HERE) ?? [])]);
    return files.filter((each) => found.has(each));
  }

  private gather(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, string[]>();
    for (const file of files) {
      for (const word of this.wordsOf(file)) {
        const list = found.get(word);
        if (list) list.push(file);
        else found.set(word, [file]);
      }
    }
    return found;
  }

  private wordsOf(file: string): ReadonlySet<string> {
    const text = this.read(file) ?? '';
    const known = this.words.get(file);
    if (known?.text === text) return known.words;
    const words = languageOf(file) === 'python' ? pythonWords(text) : javascriptWords(text);
    this.words.set(file, { text, words });
    return words;
  }
}

function pythonWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const [statement] of text.matchAll(PYTHON_IMPORT)) {
    for (const [word] of statement.matchAll(WORD)) words.add(word);
    if (/^from\s+\.+\s*import\b/.test(statement)) words.add(HERE);
  }
  return words;
}

/** A module is named by the last part of its specifier, with or without an ending. */
function javascriptWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const [, , specifier] of text.matchAll(JAVASCRIPT_IMPORT)) {
    const last = specifier!.slice(specifier!.lastIndexOf('/') + 1);
    words.add(last);
    words.add(last.replace(/\.[^.]+$/, ''));
    if (last === '' || last === '.' || last === '..') words.add(HERE);
    // `./a.b` may be the file `a.b.ts`, and `./a/` the folder's index.
    if (last === '') words.add(specifier!.split('/').at(-2) ?? '');
  }
  return words;
}
