import assert from 'node:assert/strict';
import { Session } from '../../../src/session/session';
import { pythonFreeThreads } from '../../../src/strategies/python/free-threads';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';
import { describeRefusals } from '../python-pools/suite';

const PLAIN = 'def f(xs):\n    return [x * 2.5 for x in xs]\n';
const body = (head: string, lines: string): string => `${head}def f(xs):\n    out = []\n    for x in xs:\n${lines}        out.append(x * 2)\n    return out\n`;

describeRefusals(
  pythonFreeThreads,
  [
    { name: 'an interpreter with a GIL', source: PLAIN, loop: '[x', options: { freeThreaded: false }, why: /Python 3\.13 here has a GIL: threads that compute take turns/, remedy: /free-threaded build/ },
    {
      name: 'scratch that all iterations share',
      source: 'def f(rows: list[list[float]], n: int):\n    buf = [0.0] * n\n    out = []\n    for row in rows:\n        for i in range(n):\n            buf[i] = row[i] * 2\n        total = 0.0\n        for i in range(n):\n            total += buf[i]\n        out.append(total)\n    return out\n',
      loop: 'for row in',
      why: /`buf.*` \(line 6\) is scratch that every iteration fills anew: threads would write over each other's/,
      remedy: /inside the iteration/,
    },
    {
      name: 'a nested function that reads what the loop sets',
      source: 'def f(xs):\n    def g():\n        return x * 2\n    out = []\n    for x in xs:\n        out.append(g())\n    return out\n',
      loop: 'for x in',
      why: /`g` reads `x`, which the loop on line 5 sets: in a thread it would see another iteration's/,
      remedy: /pass `x` as an argument/,
    },
    {
      name: 'a function that reads a global which the loop sets',
      source: 'def g():\n    return n * 2\nout = []\nfor n in range(5):\n    out.append(g())\nprint(out)\n',
      loop: 'for n in',
      why: /`g` reads `n`, which the loop on line 4 sets/,
    },
    {
      name: 'an element that is read again after it was written',
      source: 'def f(cells: list, k):\n    for i in range(len(cells)):\n        cells[i] = cells[i] * k + 1\n        cells[i] = cells[i] ** 2\n',
      loop: 'for i in',
      why: /`cells\[i\]`, written on line \d, is read again by the same iteration: a thread would write to the original/,
      remedy: /in a variable/,
    },
    {
      name: 'elements written bit by bit, seen by a caller when an iteration raises',
      source: 'def f(c: list, a: list, n: int):\n    for i in range(n):\n        for k in range(n):\n            c[i] += a[i] * a[k]\n',
      loop: 'for i in',
      why: /`c\[i\]` is written bit by bit on line 4: if an iteration raises, threads of later ones have already written theirs/,
    },
    {
      name: 'filters of warnings inside the loop',
      source: body('import warnings\n', '        with warnings.catch_warnings():\n            warnings.simplefilter("ignore")\n'),
      loop: 'for x in',
      why: /catch_warnings\(\), which changes the whole process/,
    },
    {
      name: 'values of one thread',
      source: 'import threading\nown = threading.local()\ndef g(x):\n    return x * getattr(own, "k", 2)\ndef f(xs):\n    return [g(x) for x in xs]\n',
      loop: '[g(x)',
      why: /`own` \(line 2\) has other values in each thread/,
    },
    {
      name: 'a connection of one thread',
      source: 'import sqlite3\ndef f(xs):\n    db = sqlite3.connect("x")\n    return [len(str(db)) * x for x in xs]\n',
      loop: '[len',
      why: /`db` \(line 3\) may only be used by the thread that opened it/,
    },
    {
      name: 'the context of decimals, even when the module sets it',
      source: 'from decimal import Decimal, getcontext\ngetcontext().prec = 5\ndef f(k):\n    return [Decimal(1) / Decimal(n + 3) for n in range(k)]\n',
      loop: '[Decimal',
      why: /line 2 sets the context of decimals while the program runs: a worker thread would not have it/,
    },
    { name: 'a loop in a generator', source: 'def f(xs):\n    for x in xs:\n        yield x * 2\n', loop: 'for x in', why: /is in a generator/ },
  ],
  { target: '3.13', freeThreaded: true },
);

describe('python/free-threads: what is told', () => {
  const tell = async (source: string, freeThreaded: boolean | undefined): Promise<string> => {
    const program = writeProgram({ 'main.py': source, 'own.py': '' }, 'main.py');
    const { fits } = await rewriteLoop(program, '[x', { target: '3.13', ...(freeThreaded === undefined ? {} : { freeThreaded }) }, pythonFreeThreads);
    release(program);
    return fits.ok ? fits.notes.join(' ') : fits.why;
  };

  it('packages that may turn the GIL on again', async () => {
    const note = await tell(`import math\nimport numpy as np\nimport own\nfrom PIL import Image\n${PLAIN}`, true);
    assert.match(note, /If PIL or numpy has an extension module that does not declare itself safe without the GIL/);
    assert.doesNotMatch(await tell(`import math\nimport own\n${PLAIN}`, true), /extension module/);
  });

  it('that a project whose target has no GIL may be rewritten', async () => {
    const program = writeProgram({ 'main.py': PLAIN, 'pyproject.toml': '[tool.fanout]\ntarget-python = "3.13t"\n' }, 'main.py');
    const session = new Session({ root: program.directory });
    const [loop] = (await session.analyze(program.file)).report.loops;
    const fits = session.applicability(loop!, 'python/free-threads');
    const ordinary = session.applicability(loop!, 'python/process-pool');
    release(program);
    assert.ok(fits.ok && ordinary.ok);
  });

  it('that the interpreter is not known', async () => {
    assert.match(await tell(PLAIN, undefined), /not known to be one/);
  });
});
