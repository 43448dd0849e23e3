/** The fast way through a syntax tree sees what the public interface shows. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { Language, Parser } from 'web-tree-sitter';
import { flatten } from '../../src/languages/python/flatten';
import { grammarOf } from '../../src/languages/python/grammar';
import { PythonParser } from '../../src/languages/python/parser';
import type { SyntaxTree } from '../../src/languages/python/tree';

const SOURCE = `
@decorator(1)
async def f(a, *b, c: int = 2, **d) -> list[int]:
    """text"""
    async with x as y, z:
        return [i async for i in y if i not in z] + [*b]
class C(D, metaclass=M):
    x: 'T' = f'{a!r:>{b}}'  # comment
    try: pass
    except* (E, F) as e: raise G from e
match p:
    case [1, *r] | {'k': -2.5j}: del r[0:1, ::2]
def broken(:
    print "x"
`;

describe('flat syntax trees', () => {
  let python: PythonParser;
  /** Through the public interface, from nothing. */
  let slow: (text: string) => SyntaxTree;

  before(async () => {
    // Loaded first: the binding starts once.
    python = await PythonParser.load();
    const require = createRequire(__filename);
    const language = await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm'));
    const parser = new Parser();
    parser.setLanguage(language);
    slow = (text) => flatten(parser.parse(text)!, text, grammarOf(language), null);
  });

  it('are the same through the binding and through the public interface', () => {
    assert.ok(python.fast, 'the binding no longer shows its functions: flattening is three times slower');
    const expected = shape(slow(SOURCE));
    assert.ok(expected.length > 150);
    assert.deepEqual(shape(python.parse(SOURCE)), expected);
  });

  it('are the same both ways for whatever is broken', () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const text = changes.reduce(changed, SOURCE);
        assert.deepEqual(shape(python.parse(text)), shape(slow(text)));
      }),
      { numRuns: 150 },
    );
  });

  it('are those of the new text when it is parsed as an edit of the old one', () => {
    let sound = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(change, lines), { minLength: 1, maxLength: 6 }), (changes) => {
        let text = SOUND;
        for (const each of changes) {
          text = changed(text, each);
          const edited = python.parse(text, 'edited.py');
          const [errors, found] = [edited.errors.length, shape(edited)];
          const fresh = slow(text);
          // How a parser goes on after an error depends on where it comes from.
          if (fresh.errors.length > 0) continue;
          sound++;
          assert.equal(errors, 0);
          assert.deepEqual(found, shape(fresh));
        }
      }),
      { numRuns: 200 },
    );
    assert.ok(sound > 100, `${sound} of the texts were sound`);
  });

  it('keep their storage from one text to the next', () => {
    const long = 'x = [1, 2, 3]\n'.repeat(3_000);
    const first = shape(python.parse('a = b\n'));
    assert.ok(shape(python.parse(long)).length > 20_000);
    assert.deepEqual(shape(python.parse('a = b\n')), first);
  });
});

const SOUND = SOURCE.slice(0, SOURCE.indexOf('def broken'));

interface Change {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

/** Anything anywhere. */
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  cut: fc.constantFrom(0, 0, 1, 3, 20),
  put: fc.constantFrom('', '(', ')', ':', '"""', "'", '\n', '    ', ' ', 'x', 'é', '𝒳', '# y\n', 'for i in x:\n        pass\n', 'return', '\r\n', 'class'),
});

/** Whole lines at the start of a line: what mostly keeps a text sound. */
const lines: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  cut: fc.constant(-1),
  put: fc.constantFrom('# a remark\n', 'y = 1\n', 'def g(u):\n    return u\n', '\n', 'if y:\n    z = """a\nb"""\nelse:\n    z = [\n1]\n'),
});

function changed(text: string, { at, cut, put }: Change): string {
  const from = at % (text.length + 1);
  const start = cut < 0 ? topLevelAfter(text, from) : from;
  return text.slice(0, start) + put + text.slice(start + Math.max(0, cut));
}

/** Where the next statement of the module begins. */
function topLevelAfter(text: string, from: number): number {
  const found = /\n(?=@|[a-z])/g;
  found.lastIndex = from;
  const match = found.exec(text);
  return match ? match.index + 1 : text.length;
}

function shape(tree: SyntaxTree): string[] {
  const out: string[] = [];
  const visit = (node: number): void => {
    out.push(`${tree.kind(node)} ${tree.start(node)}..${tree.end(node)}${tree.missing.has(node) ? ' missing' : ''}${tree.incomplete.has(node) ? ' incomplete' : ''}`);
    for (let child = tree.first(node); child; child = tree.next(child)) visit(child);
  };
  visit(tree.root);
  return [...out, ...tree.comments.map((comment) => comment.text), ...tree.errors.map(String)];
}
