import assert from 'node:assert/strict';
import { pythonJoblib } from '../../../src/strategies/python/joblib';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';
import { describeRefusals } from '../python-pools/suite';

const CACHED = 'import functools\n@functools.lru_cache(maxsize=None)\ndef fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\ndef f(xs):\n    return [fib(x) for x in range(xs)]\n';
const OPEN = 'import re\nWORDS = re.compile("a+")\nLOG = open("log.txt")\ndef g(x):\n    return len(LOG.name) * x\ndef f(xs):\n    return [g(x) for x in range(xs)]\n';
const PLAIN = 'def g(x):\n    return x * 2.5\ndef f(xs):\n    return [g(x) for x in range(xs)]\n';

describeRefusals(pythonJoblib, [
  {
    name: 'a cached function of the script',
    source: CACHED,
    loop: '[fib(x)',
    why: /`fib` is wrapped by functools\.lru_cache.*, and stands in the script itself: a worker process looks for it in a module, where it is not/,
    remedy: /move `fib` into a module that the script imports/,
  },
  {
    name: 'a global file that a function of the script reads',
    source: OPEN,
    loop: '[g(x)',
    why: /`g` reads the global `LOG`, which is only set when the program runs/,
  },
  {
    name: 'a result that is an object of the program',
    source: 'def f(k):\n    shared = [1, 2]\n    out = []\n    for n in range(k):\n        v = shared if n % 2 else [n]\n        out.append(v)\n    return out\n',
    loop: 'for n in',
    why: /may be `shared` itself/,
  },
]);

describe('python/joblib: what fits', () => {
  const fits = async (source: string, start: string, files: Record<string, string> = {}): Promise<string> => {
    const program = writeProgram({ 'main.py': source, ...files }, 'main.py');
    try {
      const outcome = await rewriteLoop(program, start, {}, pythonJoblib);
      assert.ok(outcome.fits.ok, outcome.fits.ok ? '' : outcome.fits.why);
      return outcome.after!;
    } finally {
      release(program);
    }
  };

  it('cached functions of a module that the script imports', async () => {
    await fits(CACHED, '[fib(x)', { 'app.py': 'from main import f\nif __name__ == "__main__":\n    print(f(3))\n' });
  });

  it('a script that starts its work without a main guard stays as it is', async () => {
    const after = await fits('def g(n):\n    return n * 2.5\nvals = []\nfor n in range(3):\n    vals.append(g(n))\nprint(vals)\n', 'for n in');
    assert.doesNotMatch(after, /__main__/);
    assert.match(after, /\nprint\(vals\)\n$/);
  });

  it('takes all results first where the parent writes to what is sent', async () => {
    const after = await fits('def f(cells, k):\n    for i in range(len(cells)):\n        cells[i] = cells[i] * k + 1\n        cells[i] = cells[i] ** 2\n', 'for i in');
    assert.match(after, /Parallel\(n_jobs=-1, max_nbytes=None, batch_size=batch_size\)\(/);
  });

  it('asks for joblib', async () => {
    const program = writeProgram({ 'main.py': PLAIN }, 'main.py');
    const { rewrite } = await rewriteLoop(program, '[g(x)', { workers: 3 }, pythonJoblib);
    release(program);
    assert.deepEqual(rewrite!.dependencies, [{ name: 'joblib', range: '>=1.3' }]);
    assert.match(rewrite!.edits[0]!.edits.map((e) => e.text).join(''), /n_jobs=3/);
  });
});
