import assert from 'node:assert/strict';
import { pythonMultiprocessing, startMethodFor } from '../../../src/strategies/python/multiprocessing';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';
import { describeRefusals } from '../python-pools/suite';

const ERROR = (init: string): string =>
  `class Bad(Exception):\n${init}\ndef g(x):\n    if x < 0:\n        raise Bad(x, "negative")\n    return x * 2\ndef f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n`;

describeRefusals(pythonMultiprocessing, [
  {
    name: 'an exception that cannot be made anew from its message',
    source: ERROR('    def __init__(self, x, what):\n        super().__init__(f"{x}: {what}")\n'),
    loop: 'for x in',
    why: /`Bad`, raised on line 7, cannot be made anew .* multiprocessing\.Pool would wait for ever/,
    remedy: /pass all its arguments to super\(\).__init__\(\) in Bad, or use python\/process-pool/,
  },
  {
    name: 'a captured lock',
    source: 'import threading\ndef f(xs):\n    lock = threading.Lock()\n    out = []\n    for x in xs:\n        with lock:\n            out.append(x * 2)\n    return out\n',
    loop: 'for x in',
    why: /`lock` \(line 6\) is a lock, which cannot be sent to another process/,
  },
  {
    name: 'a module-level loop of a module that others import',
    source: 'def g(n):\n    return n * 2\nvals = []\nfor n in range(3):\n    vals.append(g(n))\n',
    loop: 'for n in',
    files: { 'app.py': 'import main\nprint(main.vals)\n' },
    why: /every worker process would run it again/,
  },
  ...(['fork', 'forkserver'] as const).map((startMethod) => ({
    name: `${startMethod} on Windows`,
    source: 'def f(xs):\n    return [x * 2.5 for x in xs]\n',
    loop: '[x * 2.5',
    options: { startMethod, platform: 'win32' },
    why: new RegExp(`Windows has no ${startMethod}$`),
    remedy: /set start-method to "spawn", or leave it out/,
  })),
]);

describe('python/multiprocessing: options', () => {
  it('takes an exception that hands on all that it is given', async () => {
    for (const init of ['    def __init__(self, x, what):\n        super().__init__(x, what)\n', '    def __init__(self, x, what):\n        self.x = x\n', '    pass\n']) {
      const program = writeProgram({ 'main.py': ERROR(init) }, 'main.py');
      const { fits } = await rewriteLoop(program, 'for x in', {}, pythonMultiprocessing);
      release(program);
      assert.ok(fits.ok, fits.ok ? '' : fits.why);
    }
  });

  it('starts workers as is safe on the system, or as asked', async () => {
    assert.deepEqual(['linux', 'darwin', 'win32'].map(startMethodFor), ['forkserver', 'spawn', 'spawn']);
    const program = writeProgram({ 'main.py': 'def f(xs):\n    return [x * 2.5 for x in xs]\n' }, 'main.py');
    const told: string[] = [];
    for (const options of [{ platform: 'win32' }, { platform: 'linux' }, { startMethod: 'fork', workers: 3 }] as const) {
      const { after, rewrite } = await rewriteLoop(program, '[x * 2.5', options, pythonMultiprocessing);
      told.push(`${/get_context\(.*\)/.exec(after!)![0]} ${rewrite!.notes.join(' ').split(':')[0]!}`);
    }
    release(program);
    assert.deepEqual(told, [
      'get_context("spawn").Pool() spawn',
      'get_context("forkserver").Pool() forkserver',
      'get_context("fork").Pool(processes=3) fork',
    ]);
  });
});
