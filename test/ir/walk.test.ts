/** Order and completeness of the visitors, on Python source. */
import assert from 'node:assert/strict';
import type { Comprehension, FunctionIR, LoopStmt } from '../../src/ir/ir';
import { printExpr, printTarget } from '../../src/ir/print';
import { boundNames, loopsOf, walkFunction, walkStmts } from '../../src/ir/walk';
import { createPythonFrontend } from '../../src/languages/python/frontend';

describe('walking the IR', () => {
  let read: (text: string) => FunctionIR;
  before(async () => {
    const frontend = await createPythonFrontend();
    read = (text) => frontend.lower('m.py', text).functions.get('')!;
  });

  /** Names in the order in which they are met, targets with `=` behind. */
  const names = (text: string): string => {
    const out: string[] = [];
    const fn = read(text);
    walkStmts(fn.body, {
      expr: (expr) => void (expr.type === 'name' && out.push(expr.name)),
      target: (target) => void (target.type === 'name' && out.push(`${target.name}=`)),
    });
    return out.join(' ');
  };

  const order: readonly (readonly [string, string])[] = [
    ['a = b', 'b a='],
    ['a[b] = c.d = e', 'e a b c'],
    ['a += b', 'b a='],
    ['f(a, *b, k=c)[d:e:g]', 'f a b c d e g'],
    ['a if b else c', 'b a c'],
    ['a < b < c', 'a b c'],
    ['{a: b, **c}', 'a b c'],
    ["f'{a:{b}}'", 'a b'],
    ['(a := b)', 'b a='],
    ['[a for b in c if d for e in f]', 'c b= d f e= a'],
    ['{a: b for c in d}', 'd c= a b'],
    ['for a in b:\n  c\nelse:\n  d', 'b a= c d'],
    ['while a:\n  b\nelse:\n  c', 'a b c'],
    ['with a as b, c: d', 'a b= c d'],
    ['try:\n  a\nexcept b as c:\n  d\nelse:\n  e\nfinally:\n  f', 'a b c= d e f'],
    ['match a:\n  case b.c | d if e: g', 'a b d= e g'],
    ['raise a from b', 'a b'],
    ['assert a, b', 'a b'],
    ['del a, b[c]', 'a= b c'],
    ['@a\ndef f(b=c): d', 'a c f='],
    ['@a\nclass C(b, k=c):\n  d', 'a b c d C='],
    ['lambda a=b: c', 'b'],
    ['import a, b as c', 'a= c='],
    ['a.b[c] = d', 'd a c'],
  ];
  for (const [source, expected] of order) it(source.replace(/\n/g, ' ⏎ '), () => assert.equal(names(source), expected));

  it('false skips what is inside', () => {
    const seen: string[] = [];
    walkStmts(read('f(a)\nfor x in b: c').body, {
      stmt: (stmt) => stmt.type !== 'for-each',
      expr: (expr) => {
        seen.push(printExpr(expr));
        return expr.type !== 'call';
      },
    });
    assert.deepEqual(seen, ['f(a)']);
  });

  it('a function is walked from its body, without the defaults that its definition evaluates', async () => {
    const fn = (await createPythonFrontend()).lower('m.py', 'def f(a=b): return c').functions.get('f')!;
    const seen: string[] = [];
    walkFunction(fn, { expr: (expr) => void seen.push(printExpr(expr, 'f')) });
    assert.deepEqual(seen, ['c']);
  });

  describe('loops', () => {
    const label = (node: LoopStmt | Comprehension): string => {
      if (node.type === 'comprehension') return printTarget(node.clauses[0]!.target).replace(/#\d+$/, '');
      return node.type === 'for-each' ? printTarget(node.target).replace(/^.*::/, '') : 'while';
    };
    const loops = (text: string): string => loopsOf(read(text)).map(({ node, parent }) => `${label(node)}${parent ? ` in ${label(parent.node)}` : ''}`).join(', ');

    const cases: readonly (readonly [string, string])[] = [
      ['for a in x:\n  for b in y:\n    pass\n  while z: pass\nfor c in x: pass', 'a, b in a, while in a, c'],
      ['for a in [b for b in x]: [c for c in a]', 'a, b, c in a'],
      ['for a in x: pass\nelse:\n  for b in y: pass', 'a, b'],
      ['while [a for a in x]: pass', 'while, a in while'],
      ['[[a for a in b] for b in [c for c in d] if [e for e in b]]', 'b, c, e in b, a in b'],
      ['def f():\n  for a in x: pass\nclass C:\n  for b in x: pass', 'b'],
      ['sum(a for a in x)', 'a'],
    ];
    for (const [source, expected] of cases) it(source.replace(/\n/g, ' ⏎ '), () => assert.equal(loops(source), expected));
  });

  it('names bound by a target, not those that find the place', () => {
    const [stmt] = read('a, (b, *c), d[e], f.g = h').body;
    assert.ok(stmt?.type === 'assign-stmt');
    assert.deepEqual(boundNames(stmt.targets[0]!).map((name) => name.name), ['a', 'b', 'c']);
  });
});
