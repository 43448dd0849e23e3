/** Loads tree-sitter with the grammar of Python and turns texts into flat syntax trees. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import { editBetween } from './edits';
import { withoutTypeDefaults } from './newer';
import { flatten, type RawCursor } from './flatten';
import { type Grammar, grammarOf } from './grammar';
import type { SyntaxTree } from './tree';

export class PythonParser {
  private constructor(
    private readonly parser: Parser,
    private readonly grammar: Grammar,
    private readonly raw: RawCursor | null,
  ) {}

  static async load(): Promise<PythonParser> {
    const { language, raw } = await (loaded ??= load());
    const parser = new Parser();
    parser.setLanguage(language);
    return new PythonParser(parser, grammarOf(language), raw);
  }

  /** Whether trees are walked without the overhead of the public interface. */
  get fast(): boolean {
    return this.raw !== null;
  }

  /**
   * The tree of a text. It is valid until the next call: its storage is used again.
   * @param file keeps the parse of this file, so that its next text is only parsed where it differs
   */
  parse(text: string, file?: string): SyntaxTree {
    const tree = this.read(text, text, file);
    if (!tree.errors.length) return tree;
    const older = withoutTypeDefaults(text);
    return older === null ? tree : this.read(older, text);
  }

  /** Parses one text as if it were another of the same length. */
  private read(parsed: string, text: string, file?: string): SyntaxTree {
    const before = file === undefined ? undefined : this.edited.get(file);
    const edit = before && editBetween(before.text, parsed);
    if (edit) before.tree.edit(edit);
    const tree = this.parser.parse(parsed, edit ? before.tree : null);
    if (!tree) throw new Error('the parser was cancelled');
    try {
      return flatten(tree, text, this.grammar, this.raw);
    } finally {
      if (file === undefined) tree.delete();
      else this.keep(file, parsed, tree);
    }
  }

  /** Parses of the files that were read last with a name. */
  private readonly edited = new Map<string, { readonly text: string; readonly tree: Tree }>();

  private keep(file: string, text: string, tree: Tree): void {
    this.edited.get(file)?.tree.delete();
    this.edited.delete(file);
    this.edited.set(file, { text, tree });
    for (const [oldest, entry] of this.edited) {
      if (this.edited.size <= KEPT) break;
      entry.tree.delete();
      this.edited.delete(oldest);
    }
  }
}

/** Files whose parse is kept. */
const KEPT = 4;

/** The binding can be started once only. */
let loaded: Promise<{ readonly language: Language; readonly raw: RawCursor | null }> | null = null;

async function load(): Promise<{ readonly language: Language; readonly raw: RawCursor | null }> {
  // The binding puts the module's own functions on this object: `flatten` calls them where they are there.
  const binding: Record<string, unknown> = { locateFile: (name: string) => locate('web-tree-sitter', name) };
  await Parser.init(binding);
  const language = await Language.load(locate('tree-sitter-python', 'tree-sitter-python.wasm'));
  return { language, raw: rawCursor(binding) };
}

/** In the bundle the grammar lies beside the program, in a checkout in node_modules. */
function locate(packageName: string, file: string): string {
  const beside = join(__dirname, file);
  if (existsSync(beside)) return beside;
  return createRequire(__filename).resolve(`${packageName}/${file}`);
}

function rawCursor(binding: Record<string, unknown>): RawCursor | null {
  const take = (name: string): ((tree: number) => number) | null => {
    const found = binding[`_ts_tree_cursor_${name}_wasm`];
    return typeof found === 'function' ? (found as (tree: number) => number) : null;
  };
  const init = binding['_ts_init'];
  const getValue = binding['getValue'];
  const cursor = {
    firstChild: take('goto_first_child'),
    nextSibling: take('goto_next_sibling'),
    parent: take('goto_parent'),
    kind: take('current_node_type_id'),
    field: take('current_field_id'),
    start: take('start_index'),
    end: take('end_index'),
    missing: take('current_node_is_missing'),
  };
  if (typeof init !== 'function' || typeof getValue !== 'function') return null;
  if (Object.values(cursor).some((f) => f === null)) return null;
  const buffer = (init as () => number)();
  return { ...(cursor as Omit<RawCursor, 'read'>), read: (at) => (getValue as (address: number, type: string) => number)(buffer + 4 * at, 'i32') };
}
