import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { REFUSED as arrays } from './arrays';
import { REFUSED as complex } from './complex';
import { contextsOf, kernelOf } from './support';

/** The first loop of a program that begins with `for i`, or the first one; what `kernelOf` makes of it. */
async function outcomeOf(source: string): Promise<ReturnType<typeof kernelOf>> {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-kernel-')));
  try {
    const file = path.join(directory, 'main.py');
    fs.writeFileSync(file, source);
    const contexts = await contextsOf(file);
    return kernelOf(contexts.find((c) => c.text.startsWith('for i', c.loop.range.start)) ?? contexts[0]!);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

/** A function over `xs: list[float]` and `n: int` whose loop has this body; the body begins on line 5. */
const body = (lines: string, head = ''): string =>
  `${head}def f(xs: list[float], n: int, word: str, rows: list[list[float]]):\n    out = []\n    total = 0.0\n    for i in range(n):\n${lines
    .split('\n')
    .map((l) => `        ${l}\n`)
    .join('')}    return out, total\n`;

const refused: readonly [what: string, source: string, why: RegExp][] = [
  ['text', body('out.append(len(word))'), /`word` is a str, which is no number or array of numbers of a known type; it is used on line 5/],
  ['a value without a type', 'def f(n: int, x):\n    return [x * i for i in range(n)]\n', /nothing tells the type of `x`; it is used on line 2/],
  ['a variable of two types', body('t = 0\nfor x in xs:\n    t += x\nout.append(t)'), /`t` is int and becomes float on line 7/],
  ['sum of floats', body('out.append(sum(xs) * i)'), /`sum` adds floats, .* on line 5/],
  ['digits', body('out.append(round(xs[i], 2))'), /`round` is called with a number of digits, .* on line 5/],
  ['an algorithm of Python’s own', body('out.append(math.hypot(xs[i], 1.0))', 'import math\n'), /`math.hypot` is called, which Python calculates by an algorithm of its own, on line 6/],
  ['an unknown function', body('out.append(open(i))'), /`open` is called, which kernels do not have, on line 5/],
  ['a dict', body('d = {1: i}\nout.append(i)'), /a dict is used on line 5/],
  ['a running value', body('total += xs[i]\nout.append(total)'), /total/],
  ['a value that may be missing', body('out.append(g(i))', 'def g(n: int):\n    for k in range(n):\n        y = k\n    return y\n\n\n'), /`y` may not have a value where it is used on line 4/],
  ['a row that was there before', body('row = rows[i]\nrow[0] = 1.0'), /`row` is written to, and it may be an array that the iteration did not make on line 6/],
  ['a function that returns several types', 'def g(i: int):\n    if i > 2:\n        return 1\n    return 0.5\n\n\ndef f(n: int):\n    return [g(i) for i in range(n)]\n', /`g` returns float, and elsewhere int, on line 4/],
  ['a call that a running value decides about', body('if i > total:\n    total = g(i)', 'def g(i: int) -> float:\n    return i * 0.5\n\n\n'), /running value|total/],
  ['a literal beyond 64 bits', body('out.append(i + 18446744073709551616)'), /18446744073709551616 does not fit 64 bits; it is used on line 5/],
  ['a column that iterations share', body('for j in range(3):\n    rows[0][j] += xs[i]'), /rows/],
];

describe('kernels: refusals', () => {
  for (const [what, source, why] of [...refused, ...arrays, ...complex]) {
    it(what, async () => {
      const outcome = await outcomeOf(source);
      assert.equal(typeof outcome, 'string', 'a kernel was made');
      assert.match(outcome as string, why);
    });
  }

  it('take a type from the calls when they agree', async () => {
    const source = (last: string): string => `def _scaled(n, by):\n    return [by * i for i in range(n)]\n\n\nif __name__ == "__main__":\n    print(_scaled(3, 0.5))\n    print(_scaled(4, ${last}))\n`;
    const agree = await outcomeOf(source('2.5'));
    assert.ok(typeof agree !== 'string', String(agree));
    assert.deepEqual(agree.kernel.params.map(({ name, type }) => [name, type]), [['by', 'float']]);
    assert.match(String(await outcomeOf(source('2'))), /nothing tells the type of `by`/);
  });

  it('use types that were recorded', async () => {
    const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-kernel-')));
    try {
      const file = path.join(directory, 'main.py');
      fs.writeFileSync(file, 'def f(n: int, xs):\n    return [xs[i] * 2 for i in range(n)]\n');
      const [context] = await contextsOf(file);
      const outcome = kernelOf(context!, (id) => (id.endsWith('/xs') ? { type: { kind: 'array', element: 'int', dims: 1 }, from: 'list' } : null));
      assert.ok(typeof outcome !== 'string', String(outcome));
      assert.deepEqual(outcome.kernel.results.map((r) => r.type), ['int']);
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  });
});
