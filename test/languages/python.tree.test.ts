/** The fast way through a syntax tree sees what the public interface shows. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
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
  it('are the same through the binding and through the public interface', async () => {
    // Loaded first: the binding starts once.
    const python = await PythonParser.load();
    assert.ok(python.fast, 'the binding no longer shows its functions: flattening is three times slower');
    const require = createRequire(__filename);
    const language = await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm'));
    const parser = new Parser();
    parser.setLanguage(language);
    const slow = shape(flatten(parser.parse(SOURCE)!, SOURCE, grammarOf(language), null));
    const fast = shape(python.parse(SOURCE));
    assert.ok(slow.length > 150);
    assert.deepEqual(fast, slow);
  });

  it('keep their storage from one text to the next', async () => {
    const parser = await PythonParser.load();
    const long = 'x = [1, 2, 3]\n'.repeat(3_000);
    const first = shape(parser.parse('a = b\n'));
    assert.ok(shape(parser.parse(long)).length > 20_000);
    assert.deepEqual(shape(parser.parse('a = b\n')), first);
  });
});

function shape(tree: SyntaxTree): string[] {
  const out: string[] = [];
  const visit = (node: number): void => {
    out.push(`${tree.kind(node)} ${tree.start(node)}..${tree.end(node)}${tree.missing.has(node) ? ' missing' : ''}`);
    for (let child = tree.first(node); child; child = tree.next(child)) visit(child);
  };
  visit(tree.root);
  return [...out, ...tree.comments.map((comment) => comment.text)];
}
