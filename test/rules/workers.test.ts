import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { applyEdits } from '../../src/edit/edit';
import type { RuleId } from '../../src/rules';
import { Session } from '../../src/session/session';

interface Found {
  readonly lines: string[];
  readonly fixed: string | null;
}

let root: string;

before(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'fanout-workers-'));
});

after(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

/** Lines on which a rule speaks, and the text after its first fix. */
async function run(rule: RuleId, file: string, code: string, config: { readonly targetPython?: string } = {}): Promise<Found> {
  const session = new Session({ root, overrides: config });
  session.open(path.join(root, file), code, 1);
  const { document, findings } = await session.analyze(path.join(root, file));
  const found = findings.filter((f) => f.rule === rule);
  const fix = found.flatMap((f) => f.fixes).find((f) => f.kind === 'edit');
  return {
    lines: found.map((f) => String(document.positionAt(f.range.start).line + 1)),
    fixed: fix?.kind === 'edit' ? applyEdits(code, fix.edits[0]!.edits) : null,
  };
}

type Row = readonly [title: string, code: string, lines: readonly number[]];

function table(rule: RuleId, file: string, prelude: string, rows: readonly Row[], config: { readonly targetPython?: string } = {}): void {
  const skipped = prelude.split('\n').length - 1;
  for (const [title, code, lines] of rows) {
    it(`${title}${lines.length === 0 ? ' (fine)' : ''}`, async () => {
      const found = await run(rule, file, prelude + code, config);
      assert.deepEqual(found.lines, lines.map((line) => String(line + skipped)));
    });
  }
}

const POOLS = 'from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed, wait\nfrom multiprocessing import Pool\ndef work(x):\n    return open(x).read()\n';
const PISCINA = "import { Piscina } from 'piscina';\nconst pool = new Piscina({ filename: new URL('./w.mjs', import.meta.url).href });\n";

describe('dropped-result', () => {
  table('dropped-result', 'a.py', POOLS, [
    ['apply_async that nobody asks', 'def f(xs):\n    with Pool() as p:\n        for x in xs:\n            p.apply_async(work, (x,))\n        p.close()\n        p.join()\n', [4]],
    ['apply_async with an error callback', 'def f(xs):\n    with Pool() as p:\n        p.apply_async(work, (1,), error_callback=print)\n', []],
    ['map of a Pool raises by itself', 'def f(xs):\n    with Pool() as p:\n        p.map(work, xs)\n', []],
    ['imap that nobody iterates over', 'def f(xs):\n    with Pool() as p:\n        p.imap(work, xs)\n', [3]],
    ['a future with a callback', 'def f(x):\n    with ThreadPoolExecutor() as p:\n        p.submit(work, x).add_done_callback(print)\n', []],
    ['futures as keys', 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        names = {p.submit(work, x): x for x in xs}\n        for future in as_completed(names):\n            print(names[future], future.result())\n', []],
    ['futures that are returned', 'def f(xs):\n    p = ThreadPoolExecutor()\n    futures = [p.submit(work, x) for x in xs]\n    return futures\n', []],
    ['futures that are waited for and asked', 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        futures = [p.submit(work, x) for x in xs]\n        wait(futures)\n        return [future.result() for future in futures]\n', []],
    ['futures whose done ones are asked', 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        futures = [p.submit(work, x) for x in xs]\n        done, rest = wait(futures)\n        return [future.result() for future in done]\n', []],
    ['a list that is filled and never read', 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        futures = []\n        for x in xs:\n            futures.append(p.submit(work, x))\n        print(len(futures))\n', [5]],
    ['a result that is not wanted', 'def f(x):\n    with ThreadPoolExecutor() as p:\n        _ = p.submit(work, x)\n', []],
    ['a pool of which nothing is known', 'def f(p, x):\n    p.submit(work, x)\n', []],
    ['an executor in a field', 'class A:\n    def __init__(self):\n        self.pool = ThreadPoolExecutor()\n    def go(self, x):\n        self.pool.submit(work, x)\n', [5]],
    ['an executor that may be of two kinds', 'def f(x, threads):\n    p = ThreadPoolExecutor() if threads else Pool()\n    p.submit(work, x)\n', []],
  ]);
  table('dropped-result', 'a.mjs', PISCINA, [
    ['not awaited', 'export async function f(x) {\n  pool.run(x);\n}\n', [2]],
    ['awaited', 'export async function f(x) {\n  await pool.run(x);\n}\n', []],
    ['said to be meant', 'export async function f(x) {\n  void pool.run(x);\n}\n', []],
    ['with a handler', 'export function f(x) {\n  pool.run(x).catch(console.error);\n}\n', []],
    ['returned by an arrow of map', 'export const f = (xs) => Promise.all(xs.map((x) => pool.run(x)));\n', []],
    ['another thing of the name', "import { test } from './t.mjs';\ntest.run(1);\n", []],
  ]);

  it('awaits one task that stands alone', async () => {
    const found = await run('dropped-result', 'a.mjs', `${PISCINA}export async function f(x) {\n  pool.run(x);\n  return 1;\n}\n`);
    assert.match(found.fixed!, /\n {2}await pool\.run\(x\);\n/);
  });

  it('offers no fix where the loop variable is read after the loop', async () => {
    const found = await run('dropped-result', 'a.py', `${POOLS}def f(xs):\n    with ThreadPoolExecutor() as p:\n        for x in xs:\n            p.submit(work, x)\n        print(x)\n`);
    assert.deepEqual(found, { lines: ['8'], fixed: null });
  });
});

describe('unclosed-pool', () => {
  table('unclosed-pool', 'a.py', POOLS, [
    ['closed', 'def f(xs):\n    p = Pool()\n    r = p.map(work, xs)\n    p.close()\n    return r\n', []],
    ['ended at exit', 'import atexit\ndef f(xs):\n    p = Pool()\n    atexit.register(p.terminate)\n    return p.map(work, xs)\n', []],
    ['in a with of its own', 'def f(xs):\n    p = Pool()\n    with p:\n        return p.map(work, xs)\n', []],
    ['handed to a context manager', 'from contextlib import closing\ndef f(xs):\n    p = Pool()\n    with closing(p):\n        return p.map(work, xs)\n', []],
    ['kept in a field', 'class A:\n    def __init__(self):\n        self.p = Pool()\n', []],
    ['an executor', 'def f(xs):\n    p = ProcessPoolExecutor()\n    return list(p.map(work, xs))\n', [2]],
    ['an executor of a function that the program calls once', 'def f(xs):\n    p = ProcessPoolExecutor()\n    return list(p.map(work, xs))\nprint(f([]))\n', []],
    ['a pool that functions share', 'p = Pool()\ndef f(xs):\n    return p.map(work, xs)\n', []],
    ['threads', 'def f(xs):\n    p = ThreadPoolExecutor()\n    return list(p.map(work, xs))\n', []],
  ]);

  const fixes: readonly [title: string, code: string, fixed: string | null][] = [
    [
      'indents what follows up to the last use, comments and strings kept',
      'def f(xs):\n    p = Pool(2)  # two\n    # first\n    a = p.map(work, xs)\n    t = """x\ny"""\n    b = p.map(\n        work,\n        a,\n    )\n    return b, t\n',
      'def f(xs):\n    with Pool(2) as p:  # two\n        # first\n        a = p.map(work, xs)\n        t = """x\ny"""\n        b = p.map(\n            work,\n            a,\n        )\n    return b, t\n',
    ],
    ['is not offered for results that come later', 'def f(xs):\n    p = Pool()\n    return p.imap(work, xs)\n', null],
    ['is not offered where a use lies in another block', 'def f(xs, a):\n    if a:\n        p = Pool()\n    return p.map(work, xs)\n', null],
  ];
  for (const [title, code, fixed] of fixes) {
    it(`the fix ${title}`, async () => assert.equal((await run('unclosed-pool', 'a.py', POOLS + code)).fixed, fixed && POOLS + fixed));
  }

  table('unclosed-pool', 'a.mjs', "import { Piscina } from 'piscina';\nimport workerpool from 'workerpool';\nconst filename = new URL('./w.mjs', import.meta.url).href;\n", [
    ['destroyed', 'export async function f(x) {\n  const p = new Piscina({ filename });\n  try {\n    return await p.run(x);\n  } finally {\n    await p.destroy();\n  }\n}\n', []],
    ['kept by a closure', 'export function make() {\n  const p = new Piscina({ filename });\n  return (x) => p.run(x);\n}\n', []],
    ['workerpool', "export async function f(x) {\n  const p = workerpool.pool('/srv/w.js');\n  return await p.exec('go', [x]);\n}\n", [2]],
    ['a program that ends with it', 'async function main() {\n  const p = new Piscina({ filename });\n  console.log(await p.run(1));\n}\nmain();\n', []],
  ]);
});

describe('pool-in-loop', () => {
  table('pool-in-loop', 'a.py', POOLS, [
    ['in a while with a condition', 'def f(xs):\n    while len(xs) > 1:\n        with Pool() as p:\n            xs = p.map(work, xs)\n    return xs\n', [3]],
    ['closed in the turn', 'def f(groups):\n    for xs in groups:\n        p = Pool()\n        print(p.map(work, xs))\n        p.close()\n', [3]],
    ['a retry', 'def f(xs):\n    while True:\n        try:\n            with Pool() as p:\n                return p.map(work, xs)\n        except OSError:\n            pass\n', []],
    ['of another size each', 'def f(xs):\n    for n in (1, 2):\n        with Pool(n) as p:\n            p.map(work, xs)\n', []],
    ['of another start method each', 'import multiprocessing\ndef f(xs):\n    for method in ("fork", "spawn"):\n        with multiprocessing.get_context(method).Pool() as p:\n            p.map(work, xs)\n', []],
    ['collected', 'def f(xs):\n    pools = []\n    for x in xs:\n        p = Pool()\n        pools.append(p)\n    return pools\n', []],
    ['under a condition', 'def f(groups):\n    for xs in groups:\n        if len(xs) > 1000:\n            with Pool() as p:\n                p.map(work, xs)\n', []],
    ['in the loop of a caller', 'def f(xs):\n    with Pool() as p:\n        return p.map(work, xs)\ndef g(groups):\n    for xs in groups:\n        f(xs)\n', []],
    ['threads', 'def f(groups):\n    for xs in groups:\n        with ThreadPoolExecutor() as p:\n            list(p.map(work, xs))\n', []],
  ]);
});

describe('nested-pool', () => {
  table('nested-pool', 'a.py', `${POOLS}from multiprocessing import Process\n`, [
    ['an executor in a daemonic process', 'def inner(x):\n    with ProcessPoolExecutor() as p:\n        return list(p.map(work, x))\ndef f(xs):\n    with Pool() as p:\n        return p.map(inner, xs)\n', [2]],
    ['a daemon that makes a pool', 'def inner():\n    with Pool() as p:\n        p.map(work, [])\ndef f():\n    Process(target=inner, daemon=True).start()\n', [2]],
    ['a process that makes a pool', 'def inner():\n    with Pool() as p:\n        p.map(work, [])\ndef f():\n    Process(target=inner).start()\n', []],
    ['an executor of a given size', 'def inner(x):\n    with ProcessPoolExecutor(2) as p:\n        return list(p.map(work, x))\ndef f(xs):\n    with ProcessPoolExecutor(4) as p:\n        return list(p.map(inner, xs))\n', []],
    ['under a condition', 'def inner(x, jobs=1):\n    if jobs > 1:\n        with Pool(jobs) as p:\n            return p.map(work, x)\n    return [work(y) for y in x]\ndef f(xs):\n    with Pool() as p:\n        return p.map(inner, xs)\n', []],
    ['threads outside', 'def inner(x):\n    with Pool() as p:\n        return p.map(work, x)\ndef f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(inner, xs))\n', []],
  ]);
});

const COMPUTE = `${POOLS}import threading\nimport hashlib\nimport numpy as np\ndef total(n):\n    return sum(i * i for i in range(n))\n`;

describe('gil-bound-threads', () => {
  const one = 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(total, xs))\n';
  table('gil-bound-threads', 'a.py', COMPUTE, [
    ['a sum', one, [3]],
    ['threads in a loop', 'def f(xs):\n    for x in xs:\n        threading.Thread(target=total, args=(x,)).start()\n', [3]],
    ['one thread', 'def f(x):\n    threading.Thread(target=total, args=(x,)).start()\n', []],
    ['hashing, which releases the lock', 'def h(x):\n    for _ in range(100):\n        x = hashlib.sha256(x).digest()\n    return x\ndef f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(h, xs))\n', []],
    ['numpy', 'def h(x):\n    return [np.sum(r) for r in x]\ndef f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(h, xs))\n', []],
    ['files', 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(work, xs))\n', []],
    ['what the threads share', 'seen = {}\ndef h(n):\n    for i in range(n):\n        seen[i] = n\ndef f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(h, xs))\n', []],
    ['a program that asks for the lock', `import sys\nprint(sys._is_gil_enabled())\n${one}`, []],
    ['calls that are not known', 'def h(g):\n    return [g(i) for i in range(9)]\ndef f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(h, xs))\n', []],
    ['processes', 'def f(xs):\n    with ProcessPoolExecutor() as p:\n        return list(p.map(total, xs))\n', []],
  ]);
  describe('for a Python without the lock', () => table('gil-bound-threads', 'a.py', COMPUTE, [['a sum', one, []]], { targetPython: '3.14t' }));

  it('imports the other class where the first is still used', async () => {
    const code = `import sys\nfrom concurrent.futures import ThreadPoolExecutor\n\n\ndef total(n):\n    return sum(i * i for i in range(n))\n\n\ndef f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(total, xs))\n\n\ndef g(paths):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(open, paths))\n`;
    const { fixed } = await run('gil-bound-threads', 'a.py', code);
    assert.match(fixed!, /^import sys\nfrom concurrent\.futures import ProcessPoolExecutor, ThreadPoolExecutor\n/);
    assert.match(fixed!, /def f\(xs\):\n {4}with ProcessPoolExecutor\(\) as p:/);
  });

  it('leaves a pool alone that also runs what waits', async () => {
    const found = await run('gil-bound-threads', 'a.py', `${COMPUTE}def f(xs):\n    with ThreadPoolExecutor() as p:\n        list(p.map(work, xs))\n        return list(p.map(total, xs))\n`);
    assert.equal(found.lines.length, 1);
    assert.equal(found.fixed, null);
  });
});

describe('tiny-tasks', () => {
  table('tiny-tasks', 'a.py', `${POOLS}def square(n):\n    return n * n\n`, [
    ['imap', 'def f(xs):\n    with Pool() as p:\n        return list(p.imap(square, xs))\n', [3]],
    ['imap in chunks', 'def f(xs):\n    with Pool() as p:\n        return list(p.imap(square, xs, 100))\n', []],
    ['a few items', 'def f():\n    with ProcessPoolExecutor() as p:\n        return list(p.map(square, range(8)))\n', []],
    ['many items', 'def f():\n    with ProcessPoolExecutor() as p:\n        return list(p.map(square, range(8000)))\n', [3]],
    ['work that is not known', 'def f(g, xs):\n    with ProcessPoolExecutor() as p:\n        return list(p.map(g, xs))\n', []],
    ['work on a collection', 'def h(xs):\n    return sorted(xs)\ndef f(xs):\n    with ProcessPoolExecutor() as p:\n        return list(p.map(h, xs))\n', []],
    ['one task', 'def f(x):\n    with ProcessPoolExecutor() as p:\n        return p.submit(square, x).result()\n', []],
    ['threads', 'def f(xs):\n    with ThreadPoolExecutor() as p:\n        return list(p.map(square, xs))\n', []],
  ]);

  const ends: readonly [string, string | null][] = [
    ['p.map(square, (xs))', 'p.map(square, (xs), chunksize=250)'],
    ['p.map(\n            square,\n            xs\n        )', 'p.map(\n            square,\n            xs, chunksize=250\n        )'],
    ['p.map(square, xs,)', null],
  ];
  for (const [call, fixed] of ends) {
    it(`writes the chunksize into ${JSON.stringify(call)}${fixed === null ? ': not' : ''}`, async () => {
      const code = (text: string) => `${POOLS}def square(n):\n    return n * n\ndef f(xs):\n    with ProcessPoolExecutor() as p:\n        return list(${text})\n`;
      assert.equal((await run('tiny-tasks', 'a.py', code(call))).fixed, fixed && code(fixed));
    });
  }
});

describe('large-payload', () => {
  table('large-payload', 'a.py', `${POOLS}import numpy as np\nimport pandas as pd\nfrom itertools import repeat\ndef use(x, t):\n    return t[x]\n`, [
    ['repeat', 'def f(xs):\n    t = list(range(10**6))\n    with ProcessPoolExecutor() as p:\n        return list(p.map(use, xs, repeat(t)))\n', [4]],
    ['pairs', 'def f(xs):\n    t = pd.read_csv("t.csv")\n    with Pool() as p:\n        return p.starmap(use, [(x, t) for x in xs])\n', [4]],
    ['a shape of several numbers', 'N = 1000\ndef f(xs):\n    t = np.zeros((N, N))\n    with ProcessPoolExecutor() as p:\n        return [p.submit(use, x, t) for x in xs]\n', [5]],
    ['a small table', 'def f(xs):\n    t = list(range(100))\n    with ProcessPoolExecutor() as p:\n        return [p.submit(use, x, t) for x in xs]\n', []],
    ['another table each time', 'def f(xs):\n    with ProcessPoolExecutor() as p:\n        for x in xs:\n            t = np.zeros(10**6)\n            print(p.submit(use, x, t))\n', []],
    ['a table that changes', 'def f(xs):\n    t = np.zeros(10**6)\n    with ProcessPoolExecutor() as p:\n        for x in xs:\n            t[x] = 1\n            print(p.submit(use, x, t).result())\n', []],
    ['one task', 'def f(x):\n    t = np.zeros(10**6)\n    with ProcessPoolExecutor() as p:\n        return p.submit(use, x, t).result()\n', []],
    ['threads', 'def f(xs):\n    t = np.zeros(10**6)\n    with ThreadPoolExecutor() as p:\n        return [p.submit(use, x, t) for x in xs]\n', []],
  ]);
});

describe('fork-with-threads', () => {
  const prelude = `${POOLS}import multiprocessing\nimport threading\n`;
  const forked = 'def f(xs):\n    t = threading.Thread(target=print)\n    t.start()\n    with Pool() as p:\n        p.map(work, xs)\n    t.join()\n';
  table('fork-with-threads', 'a.py', prelude, [
    ['by default', forked, [4]],
    ['joined before', 'def f(xs):\n    t = threading.Thread(target=print)\n    t.start()\n    t.join()\n    with Pool() as p:\n        p.map(work, xs)\n', []],
    ['started under a condition', 'def f(xs, a):\n    t = threading.Thread(target=print)\n    if a:\n        t.start()\n    with Pool() as p:\n        p.map(work, xs)\n', []],
    ['a module that chooses spawn', `multiprocessing.set_start_method("spawn")\n${forked}`, []],
    ['a context that is not known', 'def f(xs, context):\n    threading.Thread(target=print).start()\n    with context.Pool() as p:\n        p.map(work, xs)\n', []],
    ['inside a pool of threads with tasks', 'def f(xs):\n    with ThreadPoolExecutor() as t:\n        print(t.submit(work, 1))\n        with ProcessPoolExecutor() as p:\n            list(p.map(work, xs))\n', [4]],
    ['inside a pool of threads without', 'def f(xs):\n    with ThreadPoolExecutor() as t:\n        with ProcessPoolExecutor() as p:\n            list(p.map(work, xs))\n        print(t.submit(work, 1))\n', []],
    ['behind a pool of threads', 'def f(xs):\n    with ThreadPoolExecutor() as t:\n        print(t.submit(work, 1))\n    with ProcessPoolExecutor() as p:\n        list(p.map(work, xs))\n', []],
  ]);
  describe('from Python 3.14 on', () => {
    table('fork-with-threads', 'a.py', prelude, [
      ['by default', forked, []],
      ['by choice', forked.replace('Pool()', 'multiprocessing.get_context("fork").Pool()'), [4]],
    ], { targetPython: '3.14' });
  });

  it('gives an executor a context', async () => {
    const code = 'import threading\nfrom concurrent.futures import ProcessPoolExecutor\n\n\ndef f(xs):\n    threading.Thread(target=print).start()\n    with ProcessPoolExecutor(4) as p:\n        return list(p.map(abs, xs))\n';
    const { fixed } = await run('fork-with-threads', 'a.py', code);
    assert.match(fixed!, /^import multiprocessing\nimport threading\n/);
    assert.match(fixed!, /with ProcessPoolExecutor\(4, mp_context=multiprocessing\.get_context\("spawn"\)\) as p:/);
  });
});

describe('lost-update', () => {
  const main = 'def main(xs):\n    with Pool() as p:\n        p.map(put, xs)\n    print(out)\n';
  table('lost-update', 'a.py', `${POOLS}import multiprocessing\n`, [
    ['a list', `out = []\ndef put(x):\n    out.append(x)\n${main}`, [6]],
    ['elements of a list of the right length', `out = [0] * 10\ndef put(x):\n    out[x] = x\n${main}`, [6]],
    ['a counter', `out = 0\ndef put(x):\n    global out\n    out += x\n${main}`, [7]],
    ['by way of another function', `out = []\ndef note(x):\n    out.append(x)\ndef put(x):\n    note(x * 2)\n${main}`, [8]],
    ['a setting of its own', `out = {"debug": 0}\ndef put(x):\n    out["debug"] = x\n    return out["debug"]\n${main}`, []],
    ['a global that is set, not counted', `out = None\ndef put(x):\n    global out\n    out = x\n${main}`, []],
    ['a list of a manager', `out = multiprocessing.Manager().list()\ndef put(x):\n    out.append(x)\n${main}`, []],
    ['a shared value', `out = multiprocessing.Value("i")\ndef put(x):\n    out.value += x\n${main}`, []],
    ['what is combined here, too', 'out = []\ndef put(x):\n    out.append(x)\n    return x\ndef main(xs):\n    with Pool() as p:\n        for x in p.map(put, xs):\n            out.append(x)\n    print(out)\n', []],
    ['what is made anew here', 'out = []\ndef put(x):\n    out.append(x)\n    return x\ndef main(xs):\n    global out\n    with Pool() as p:\n        out = p.map(put, xs)\n    print(out)\n', []],
    ['what nobody reads', 'out = []\ndef put(x):\n    out.append(x)\ndef main(xs):\n    with Pool() as p:\n        p.map(put, xs)\n', []],
    ['what is read before', 'out = []\ndef put(x):\n    out.append(x)\ndef main(xs):\n    print(out)\n    with Pool() as p:\n        p.map(put, xs)\n', []],
    ['a function that also runs here', 'out = []\ndef put(x):\n    out.append(x)\ndef main(xs):\n    if len(xs) < 9:\n        for x in xs:\n            put(x)\n    else:\n        with Pool() as p:\n            p.map(put, xs)\n    print(out)\n', []],
    ['threads', `out = []\ndef put(x):\n    out.append(x)\n${main.replace('Pool()', 'ThreadPoolExecutor()')}`, []],
    ['the initializer of a pool', 'out = {}\ndef start(x):\n    out["x"] = x\ndef main(xs):\n    with Pool(initializer=start, initargs=(1,)) as p:\n        p.map(work, xs)\n    print(out)\n', []],
    ['jobs that a worker takes from its copy', 'def run(jobs):\n    while jobs:\n        print(jobs.pop())\ndef main(xs):\n    jobs = list(xs)\n    p = multiprocessing.Process(target=run, args=(jobs,))\n    p.start()\n    p.join()\n    print(len(jobs))\n', []],
    ['a queue', 'def run(q):\n    q.put(1)\ndef main():\n    q = multiprocessing.Queue()\n    p = multiprocessing.Process(target=run, args=(q,))\n    p.start()\n    print(q.get())\n', []],
    ['a dictionary that is given', 'def run(found, x):\n    found[x] = 1\ndef main():\n    found = {}\n    p = multiprocessing.Process(target=run, args=(found, 2))\n    p.start()\n    p.join()\n    print(found)\n', [5]],
  ]);
  table('lost-update', 'a.mjs', "import { Worker } from 'node:worker_threads';\nconst file = new URL('./w.mjs', import.meta.url);\n", [
    ['filled here when the worker posts', "export function f() {\n  const found = [];\n  const w = new Worker(file, { workerData: { found } });\n  w.on('message', (n) => found.push(n));\n  w.on('exit', () => console.log(found));\n}\n", []],
    ['shared memory', "export function f() {\n  const found = new SharedArrayBuffer(8);\n  const w = new Worker(file, { workerData: { found } });\n  w.on('exit', () => console.log(found));\n}\n", []],
    ['a map that stays empty', "export function f() {\n  const found = new Map();\n  const w = new Worker(file, { workerData: found });\n  w.on('exit', () => console.log(found.size));\n}\n", [3]],
    ['handed to somebody who may fill it', "import { fill } from './fill.mjs';\nexport function f() {\n  const found = [];\n  fill(found);\n  const w = new Worker(file, { workerData: { found } });\n  w.on('exit', () => console.log(found));\n}\n", []],
  ]);
  table('lost-update', 'b.mjs', "import { parentPort, workerData } from 'node:worker_threads';\n", [
    ['put into and posted', 'workerData.found.push(1);\nparentPort.postMessage(workerData.found);\n', []],
    ['taken as a whole', 'workerData.found.push(1);\nparentPort.postMessage(workerData);\n', []],
  ]);
});

describe('sequential-io', () => {
  table('sequential-io', 'a.mjs', '', [
    ['requests without results', "export async function f(urls) {\n  for (const url of urls) {\n    await fetch(url, { method: 'DELETE' });\n  }\n}\n", [2]],
    ['a pause', 'export async function f(urls, sleep) {\n  for (const url of urls) {\n    await fetch(url);\n    await sleep(1000);\n  }\n}\n', []],
    ['left early', 'export async function f(urls) {\n  for (const url of urls) {\n    if ((await fetch(url)).ok) break;\n  }\n}\n', []],
    ['calls that are not known', 'export async function f(urls, get) {\n  for (const url of urls) {\n    await get(url);\n  }\n}\n', []],
    ['two addresses', "export async function f() {\n  for (const url of ['http://a', 'http://b']) {\n    await fetch(url);\n  }\n}\n", []],
  ]);
  table('sequential-io', 'a.py', 'import requests\n', [
    ['requests', 'def f(urls):\n    out = []\n    for url in urls:\n        out.append(requests.get(url).text)\n    return out\n', [3]],
    ['files', 'def f(paths):\n    out = []\n    for path in paths:\n        with open(path) as file:\n            out.append(file.read())\n    return out\n', []],
  ]);

  it('keeps a comment: no fix', async () => {
    const { lines } = await run('sequential-io', 'a.mjs', 'export async function f(urls) {\n  for (const url of urls) {\n    await fetch(url); // one at a time\n  }\n}\n');
    assert.deepEqual(lines, []);
  });
});

describe('lost-worker-file', () => {
  async function fixed(files: readonly string[], file: string, code: string): Promise<string | null> {
    for (const each of files) {
      fs.mkdirSync(path.dirname(path.join(root, each)), { recursive: true });
      fs.writeFileSync(path.join(root, each), '');
    }
    try {
      return (await run('lost-worker-file', file, code)).fixed;
    } finally {
      for (const each of files) fs.rmSync(path.join(root, each));
    }
  }
  const esm = (named: string) => `import { Worker } from 'node:worker_threads';\nexport const w = new Worker(${named});\n`;
  const rows: readonly [title: string, files: readonly string[], file: string, code: string, expected: string | null][] = [
    ['a file in the folder where the program starts', ['src/w.mjs'], 'src/a.mjs', esm("'./src/w.mjs'"), esm("new URL('./w.mjs', import.meta.url)")],
    ['a file beside, by its source', ['src/w.ts'], 'src/a.ts', esm('"./w.js"'), esm('new URL("./w.js", import.meta.url)')],
    ['a file in a folder above', ['lib/w.mjs'], 'src/a.mjs', esm("'./lib/w.mjs'"), esm("new URL('../lib/w.mjs', import.meta.url)")],
    ['CommonJS', [], 'a.cjs', "const { Worker } = require('worker_threads');\nmodule.exports = new Worker('./w.js');\n", "const { Worker } = require('worker_threads');\nmodule.exports = new Worker(require.resolve('./w.js'));\n"],
    ['an absolute path', [], 'a.mjs', esm("'/srv/w.mjs'"), null],
    ['a worker of the page, in a script without modules', [], 'a.js', "const w = new Worker('./w.js');\nw.postMessage(1);\n", null],
    ['workerpool', [], 'a.cjs', "const workerpool = require('workerpool');\nmodule.exports = workerpool.pool('./w.js');\n", "const workerpool = require('workerpool');\nmodule.exports = workerpool.pool(require.resolve('./w.js'));\n"],
  ];
  for (const [title, files, file, code, expected] of rows) {
    it(title, async () => assert.equal(await fixed(files, file, code), expected));
  }
});
