import assert from 'node:assert/strict';
import { pythonPyO3 } from '../../../src/strategies/python/pyo3';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';

const table: readonly [what: string, body: string, why: RegExp][] = [
  ['formulas of Rust', 'out.append(math.acosh(x))', /math\.acosh.*formula of its own/],
  ['a list that has two names', 'a = [x]\n        b = [0.0]\n        if x > 1.0:\n            b = a\n        b[0] += 1.0\n        out.append(a[0])', /`b` and `a` name one list/],
  ['a list of its own or another', 'row = xs\n        if x > 1.0:\n            row = [x]\n        out.append(row[0])', /`row`.*a list of its own at one time/],
  ['text', 'out.append(len(str(x)))', /`str` is called/],
];

describe('python/pyo3 refuses', () => {
  for (const [target, ok] of [['3.13', false], ['3.14', true]] as const) {
    it(`${ok ? 'not ' : ''}Python ${target} without the GIL`, async () => {
      const program = writeProgram({ 'main.py': 'def f(xs: list[float]) -> list[float]:\n    out = []\n    for x in xs:\n        out.append(x * x)\n    return out\n' }, 'main.py');
      try {
        const { fits } = await rewriteLoop(program, 'for x in xs', { target, freeThreaded: true }, pythonPyO3);
        assert.equal(fits.ok, ok);
        if (!fits.ok) assert.match(fits.why, /from 3\.14 on, and this is 3\.13/);
      } finally {
        release(program);
      }
    });
  }

  for (const [what, body, why] of table) {
    it(what, async () => {
      const source = `import math\n\n\ndef f(xs: list[float]) -> list[float]:\n    out = []\n    for x in xs:\n        ${body}\n    return out\n`;
      const program = writeProgram({ 'main.py': source }, 'main.py');
      try {
        const { fits } = await rewriteLoop(program, 'for x in xs', {}, pythonPyO3);
        assert.ok(!fits.ok, 'it takes the loop');
        assert.match(fits.why, why);
      } finally {
        release(program);
      }
    });
  }
});
