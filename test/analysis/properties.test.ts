import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judge } from './helpers';

/** Pieces of a loop's body over `xs: list[int]`, `a: list[int]`, `n: int`; joined at random. */
const PIECES = [
  'out.append(x * 2)',
  'total += x',
  'a[i] = x',
  'a[i] = a[i - 1] + x',
  'if x > best:\n            best = x',
  't = x * 3',
  'out.append(t)',
  'prev = x',
  'out.append(prev)',
  'h[x % 4] += 1',
  'print(x)',
  's = s + str(x)',
  'if x > 5:\n            break',
  'seen.add(x)',
  'a[2 * i] = x',
  'g(x)',
];

const program = (pieces: readonly string[]): string =>
  'def g(v: int) -> int:\n    return v + 1\n' +
  'def f(xs: list[int], a: list[int], n: int):\n' +
  "    out = []\n    total = 0\n    best = 0\n    t = 0\n    prev = 0\n    h = [0] * 4\n    s = ''\n    seen = set()\n" +
  '    for i, x in enumerate(xs):\n' +
  pieces.map((piece) => `        ${piece}\n`).join('') +
  '    return out, total, best, t, prev, h, s, seen\n';

const bodies = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 5 });
const independent = (verdict: string): boolean => verdict === 'parallel' || verdict === 'reduction';

describe('changes that mean nothing do not make a loop parallel', () => {
  const unchanged = (title: string, change: (code: string) => string): void => {
    it(title, async () => {
      await fc.assert(
        fc.asyncProperty(bodies, async (pieces) => {
          const code = program(pieces);
          const before = (await judge('python', code)).verdict;
          const after = (await judge('python', change(code))).verdict;
          assert.equal(independent(after), independent(before), `${before} became ${after} by the change of\n${code}`);
        }),
        { numRuns: 60 },
      );
    });
  };
  unchanged('names', (code) => code.replace(/\bout\b/g, 'collected').replace(/\bprev\b/g, 'earlier').replace(/\bx\b/g, 'item'));
  unchanged('comments', (code) => code.replace(/^( +)(for|out|total)/gm, '$1# a remark\n$1$2'));
  unchanged('statements that touch nothing else', (code) => code.replace('    for i, x', '    unrelated = [1, 2]\n    unrelated.append(3)\n    for i, x'));
  unchanged('a function around it', (code) => `def outer(xs0: list[int]):\n${code.replace(/^/gm, '    ')}\n    return f\n`);

  it('a piece that carries a dependence carries it in any company', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.constantFrom('a[i] = a[i - 1] + x', 'print(x)', 'if x > 5:\n            break'), fc.nat(), async (pieces, bad, at) => {
        const mixed = [...pieces];
        mixed.splice(at % (pieces.length + 1), 0, bad);
        assert.equal((await judge('python', program(mixed))).verdict, 'sequential');
      }),
      { numRuns: 60 },
    );
  });
});
