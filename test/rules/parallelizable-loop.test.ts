import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Session } from '../../src/session/session';

interface Case {
  readonly title: string;
  readonly code: string;
  /** The loop on the line with `# here` is one that could run in parallel; whether the rule speaks of it with no profile. */
  readonly speaks: boolean;
}

const CASES: readonly Case[] = [
  {
    title: 'a computing loop of unknown length',
    code: 'def f(rows):\n    out = []\n    for row in rows:  # here\n        total = 0.0\n        for a in row:\n            for b in row:\n                total += a * b\n        out.append(total)\n    return out\n',
    speaks: true,
  },
  {
    title: 'the same work twice over a literal',
    code: 'def f(row):\n    out = []\n    for k in (1.0, 2.0):  # here\n        total = 0.0\n        for a in row:\n            for b in row:\n                total += a * b * k\n        out.append(total)\n    return out\n',
    speaks: false,
  },
  {
    title: 'a small table of constant size',
    code: 'def f():\n    out = []\n    for c in range(5):  # here\n        out.append([(i + c) % 26 * 3 + i for i in range(26)])\n    return out\n',
    speaks: false,
  },
  {
    title: 'a recursive function that computes',
    code: 'def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n\n\ndef f(numbers):\n    return [fib(n) for n in numbers]  # here\n',
    speaks: true,
  },
  {
    title: 'a recursive function that walks over a structure',
    code: 'def flat(tree):\n    found = []\n    for part in tree:\n        if isinstance(part, (list, tuple)):\n            found.extend(flat(part))\n        else:\n            found.append(part)\n    return found\n\n\ndef f(trees):\n    return [flat(tree) for tree in trees]  # here\n',
    speaks: false,
  },
  {
    title: 'a question that the first element may answer',
    code: 'def big(row):\n    total = 0.0\n    for a in row:\n        for b in row:\n            total += a * b\n    return total > 5\n\n\ndef f(rows):\n    return any(big(row) for row in rows)  # here\n',
    speaks: false,
  },
  {
    title: 'looking things up in nested loops',
    code: 'def f(groups, names):\n    out = []\n    for group in groups:  # here\n        out.append([name for name in group if name in names])\n    return out\n',
    speaks: false,
  },
];

describe('parallelizable-loop with no profile', () => {
  for (const test of CASES) {
    it(`${test.title}: ${test.speaks ? 'a finding' : 'none'}`, async () => {
      const root = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-noise-'));
      try {
        const session = new Session({ root });
        const file = path.join(root, 'lib.py');
        session.open(file, test.code, 1);
        const line = test.code.split('\n').findIndex((each) => each.includes('# here')) + 1;
        const loop = await session.loopOnLine(file, line);
        assert.match(loop.verdict, /^(parallel|reduction)$/, loop.reasons.map(({ message }) => message).join());
        assert.equal(loop.bound, 'cpu');
        const { document, findings } = await session.analyze(file);
        const lines = findings.filter(({ rule }) => rule === 'parallelizable-loop').map(({ range }) => document.positionAt(range.start).line + 1);
        assert.deepEqual(lines, test.speaks ? [line] : [], `work ${loop.work}, arithmetic ${loop.arithmetic}, trips ${loop.trips}`);
      } finally {
        fs.rmSync(root, { recursive: true, force: true });
      }
    });
  }
});
