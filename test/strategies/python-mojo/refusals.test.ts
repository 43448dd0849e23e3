import assert from 'node:assert/strict';
import { pythonMojo } from '../../../src/strategies/python/mojo';
import type { RewriteOptions } from '../../../src/strategies/types';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';

const loop = (body: string): string => `import math\n\n\ndef f(xs: list[float], ys: list[float]) -> list[float]:\n    out = []\n    for x in xs:\n        ${body}\n    return out\n`;

const table: readonly [what: string, source: string, why: RegExp, options?: Partial<RewriteOptions>][] = [
  ['a Python without the GIL', loop('out.append(x * x)'), /crash in a Python without the GIL/, { target: '3.14', freeThreaded: true }],
  ['Windows', loop('out.append(x * x)'), /no Mojo for Windows/, { platform: 'win32' }],
  ['a list that has two names', loop('a = [x]\n        b = [0.0]\n        if x > 1.0:\n            b = a\n        b[0] += 1.0\n        out.append(a[0])'), /`b` and `a` name one list in .* \(line 6\)/],
  ['a list of its own or another', loop('row = xs\n        if x > 1.0:\n            row = [x]\n        out.append(row[0])'), /`row` in .* \(line 6\) is a list of its own at one time/],
  ['a name for one of two lists', loop('row = xs\n        if x > 1.0:\n            row = ys\n        out.append(row[0])'), /`row` in .* \(line 6\) stands for one list after another/],
  ['text', loop('out.append(len(str(x)))'), /`str` is called.* on line 7/],
];

describe('python/mojo refuses', () => {
  for (const [what, source, why, options] of table) {
    it(what, async () => {
      const program = writeProgram({ 'main.py': source }, 'main.py');
      try {
        const { fits } = await rewriteLoop(program, 'for x in xs', { platform: 'linux', ...options }, pythonMojo);
        assert.ok(!fits.ok, 'it takes the loop');
        assert.match(fits.why, why);
      } finally {
        release(program);
      }
    });
  }
});
