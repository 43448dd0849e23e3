import assert from 'node:assert/strict';
import { pythonInterpreters } from '../../../src/strategies/python/interpreters';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';
import { describeRefusals } from '../python-pools/suite';

const PLAIN = 'def f(xs):\n    return [x * 2.5 for x in xs]\n';
const POINTS = 'class Point:\n    def __init__(self, x):\n        self.x = x\ndef f(points: list[Point]):\n    return [p.x * 2.5 for p in points]\n';

describeRefusals(
  pythonInterpreters,
  [
    { name: 'Python before 3.14', source: PLAIN, loop: '[x', options: { target: '3.13' }, why: /Python 3\.13 has no pool of interpreters/, remedy: /3\.14/ },
    {
      name: 'a file that imports numpy',
      source: `import numpy as np\n${PLAIN}`,
      loop: '[x',
      why: /the file imports numpy, which cannot be loaded in a second interpreter/,
      remedy: /python\/process-pool/,
    },
    {
      name: 'objects of a class of the script',
      source: POINTS,
      loop: '[p.x',
      why: /objects of Point \(line 5\) would have to cross to another interpreter, and the script's own classes cannot/,
      remedy: /move Point into a module that the script imports/,
    },
    {
      name: 'an enum of the script',
      source: 'import enum\nclass Color(enum.Enum):\n    RED = 1\ndef g(x):\n    return x * Color.RED.value\ndef f(xs):\n    return [g(x) for x in xs]\n',
      loop: '[g(x)',
      why: /objects of Color \(line 5\)/,
    },
    {
      name: 'an exception that cannot be made anew',
      source: 'class Bad(Exception):\n    def __init__(self, x, what):\n        super().__init__(f"{x}: {what}")\ndef g(x):\n    if x < 0:\n        raise Bad(x, "no")\n    return x * 2\ndef f(xs):\n    return [g(x) for x in xs]\n',
      loop: '[g(x)',
      why: /`Bad`, raised on line 6, cannot be made anew .* another interpreter/,
    },
    {
      name: 'a captured lock',
      source: 'import threading\ndef f(xs):\n    lock = threading.Lock()\n    out = []\n    for x in xs:\n        with lock:\n            out.append(x * 2)\n    return out\n',
      loop: 'for x in',
      why: /`lock` \(line 6\) is a lock, which cannot be sent to another interpreter/,
    },
    {
      name: 'a captured generator',
      source: 'def f(xs, n):\n    squares = (i * i for i in range(n))\n    return [len(repr(squares)) + x for x in xs]\n',
      loop: '[len(repr',
      why: /`squares` \(line 3\) is a generator, which cannot be sent to another interpreter/,
    },
    {
      name: 'a nested function that cannot leave its closure',
      source: 'def f(xs):\n    n = 0\n    def g(x):\n        nonlocal n\n        n = x\n        return x + 1\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n',
      loop: 'for x in',
      why: /`g`|`n`/,
    },
  ],
  { target: '3.14' },
);

describe('python/interpreters: what fits', () => {
  it('classes of a module that the script imports', async () => {
    const program = writeProgram({ 'main.py': POINTS, 'app.py': 'from main import f, Point\nif __name__ == "__main__":\n    print(f([Point(1)]))\n' }, 'main.py');
    const { fits } = await rewriteLoop(program, '[p.x', { target: '3.14' }, pythonInterpreters);
    release(program);
    assert.ok(fits.ok, fits.ok ? '' : fits.why);
  });
});
