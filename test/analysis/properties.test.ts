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

  const neverFreed = (title: string, change: (pieces: readonly string[]) => string | null): void => {
    it(`${title} frees no loop`, async () => {
      await fc.assert(
        fc.asyncProperty(bodies, async (pieces) => {
          const changed = change(pieces);
          if (changed === null) return;
          const before = (await judge('python', program(pieces))).verdict;
          const after = (await judge('python', changed)).verdict;
          if (before === 'sequential') assert.ok(!independent(after), `sequential became ${after} in\n${changed}`);
        }),
        { numRuns: 60 },
      );
    });
  };
  neverFreed('`while` in place of `for`', (pieces) => {
    const [head, tail] = program(pieces).split('    for i, x in enumerate(xs):\n') as [string, string];
    const at = tail.lastIndexOf('    return');
    return `${head}    i = 0\n    while i < len(xs):\n        x = xs[i]\n${tail.slice(0, at)}        i += 1\n${tail.slice(at)}`;
  });
  neverFreed('a function for the body', (pieces) => {
    if (pieces.some((piece) => piece.includes('break'))) return null;
    const [head, tail] = program(pieces).split('    for i, x in enumerate(xs):\n') as [string, string];
    const at = tail.lastIndexOf('    return');
    return `${head}    def body(i: int, x: int):\n        nonlocal total, best, t, prev, s\n${tail.slice(0, at)}    for i, x in enumerate(xs):\n        body(i, x)\n${tail.slice(at)}`;
  });
  neverFreed('a comprehension in place of `for`', (pieces) => {
    if (pieces.some((piece) => piece.includes('break'))) return null;
    const [head, tail] = program(pieces).split('    for i, x in enumerate(xs):\n') as [string, string];
    const at = tail.lastIndexOf('    return');
    return `${head}    def body(i: int, x: int):\n        nonlocal total, best, t, prev, s\n${tail.slice(0, at)}    done = [body(i, x) for i, x in enumerate(xs)]\n${tail.slice(at)}`;
  });
  it('neighbours that share no name change places', async () => {
    const names = (piece: string): Set<string> => new Set((piece.match(/[a-z]+\b(?!\()/g) ?? []).filter((name) => !['x', 'i', 'if', 'append', 'add', 'break'].includes(name)));
    await fc.assert(
      fc.asyncProperty(bodies, async (pieces) => {
        const at = pieces.findIndex((piece, index) => index > 0 && !piece.includes('break') && !pieces[index - 1]!.includes('break') && ![...names(piece)].some((name) => names(pieces[index - 1]!).has(name)));
        if (at < 0) return;
        const swapped = [...pieces];
        [swapped[at - 1], swapped[at]] = [swapped[at]!, swapped[at - 1]!];
        assert.equal(independent((await judge('python', program(swapped))).verdict), independent((await judge('python', program(pieces))).verdict), program(swapped));
      }),
      { numRuns: 60 },
    );
  });

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
