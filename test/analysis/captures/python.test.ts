import assert from 'node:assert/strict';
import { judge, summary } from './judge';

/** The verdict on `value`, which a process pool gets after some code has run in the same function. */
async function verdict(value: string, before = '', module = ''): Promise<string> {
  const indented = before.replace(/^(?=.)/gm, '    ');
  const code = `import threading, os, sys, re, functools, itertools, collections, dataclasses, enum, queue, sqlite3, io, contextlib, math
from concurrent.futures import ProcessPoolExecutor
${module}

def work(value):
    return 1

def main():
    pool = ProcessPoolExecutor()
${indented}
    pool.submit(work, ${value})
`;
  return (await summary('python', code))[1]!;
}

type Row = readonly [value: string, expected: string, before?: string, module?: string];

function table(title: string, rows: readonly Row[]): void {
  describe(title, () => {
    for (const [value, expected, before, module] of rows) {
      it([module, before, value].filter(Boolean).join(' ⏎ ').replace(/\n\s*/g, ' ⏎ '), async () => assert.equal(await verdict(value, before, module), expected));
    }
  });
}

const BAD = 'not-serializable';

describe('values handed to processes', () => {
  table('of the language and its library', [
    ['3', 'ok'],
    ['[1, {"a": (2, {3})}]', 'ok'],
    ['lambda: 1', `${BAD} lambda: 1`],
    ['{"rows": [1], "key": lambda r: r}', `${BAD} args[0]["key"]`],
    ['threading.Lock()', `${BAD} threading.Lock()`],
    ['[1, (2, {"db": sqlite3.connect("x")})]', `${BAD} args[0][1][1]["db"]`],
    ['open(os.devnull)', `${BAD} open(os.devnull)`],
    ['open(os.devnull).read()', 'ok'],
    ['io.BytesIO(b"x")', 'ok'],
    ['sys.stdout', `${BAD} sys.stdout`],
    ['math', `${BAD} math`],
    ['math.sqrt', 'ok'],
    ['os.path', `${BAD} os.path`],
    ['(n for n in range(3))', `${BAD} (n for n in range(3))`],
    ['[n for n in range(3)]', 'ok'],
    ['{"a": 1}.keys()', `${BAD} {"a": 1}.keys()`],
    ['list({"a": 1}.keys())', 'ok'],
    ['memoryview(b"x")', `${BAD} memoryview(b"x")`],
    ['range(3)', 'ok'],
    ['map(str, [1])', 'ok'],
    ['map(lambda x: x, [1])', `${BAD} map(lambda x: x, [1])`],
    ['zip([1], open(os.devnull))', `${BAD} zip([1], open(os.devnull))`],
    ['re.compile("a")', 'ok'],
    ['re.match("a", "b")', `${BAD} re.match("a", "b")`],
    ['functools.partial(print, 1)', 'ok'],
    ['functools.partial(lambda x: x, 1)', `${BAD} functools.partial(lambda x: x, 1)`],
    ['collections.defaultdict(list)', 'ok'],
    ['collections.defaultdict(lambda: 0)', `${BAD} collections.defaultdict(lambda: 0)`],
    ['queue.Queue()', `${BAD} queue.Queue()`],
    ['ValueError(threading.Lock())', `${BAD} ValueError(threading.Lock())`],
    ['whatever()', 'unknown whatever()'],
  ]);

  table('by way of variables', [
    ['x', `${BAD} x`, 'x = threading.Lock()'],
    ['x', 'ok', 'x = threading.Lock()\nx = 3'],
    ['b', `${BAD} b`, 'a, b = 1, open(os.devnull)'],
    ['a', 'ok', 'a, b = 1, open(os.devnull)'],
    ['xs', `${BAD} xs[…]`, 'xs = []\nxs.append(lambda: 1)'],
    ['xs', 'ok', 'xs = [lambda: 1]\nxs.clear()'],
    ['o', `${BAD} o["f"]`, 'o = {"a": 1}\no["f"] = open(os.devnull)'],
    ['o', 'ok', 'o = {"f": open(os.devnull)}\ndel o["f"]'],
    ['o["n"]', 'ok', 'o = {"f": open(os.devnull), "n": 1}'],
    ['fh', `${BAD} fh`, 'with open(os.devnull) as fh:\n    pass'],
    ['lines', 'ok', 'with open(os.devnull) as fh:\n    lines = [line.strip() for line in fh]'],
    ['x', 'unknown x', 'x = threading.Lock()\nif len(sys.argv) > 1:\n    x = 1'],
    ['x', `${BAD} x`, 'try:\n    x = open("x")\nexcept OSError:\n    x = None'],
    ['x', `${BAD} x`, 'x = None or threading.Lock()'],
    ['x', 'unknown x', 'x = sys.argv and threading.Lock()'],
    ['make()', `${BAD} args[0]["lock"]`, '', 'def make():\n    return {"lock": threading.Lock()}'],
    ['make(3)', 'ok', '', 'def make(x):\n    return [x]'],
    ['make(threading.Lock())', `${BAD} args[0][0]`, '', 'def make(x):\n    return [x]'],
    ['LOCK', `${BAD} LOCK`, '', 'LOCK = threading.Lock()'],
    ['items[1:]', 'ok', 'items = [threading.Lock(), 1]'],
  ]);

  table('that are functions', [
    ['work', 'ok'],
    ['inner', `${BAD} inner`, 'def inner(): pass'],
    ['named', `${BAD} named`, '', 'named = lambda: 1'],
    ['fast', 'ok', '', '@functools.lru_cache\ndef fast(n):\n    return n'],
    ['fast', 'ok', '', 'def timed(f):\n    @functools.wraps(f)\n    def wrapper(*a):\n        return f(*a)\n    return wrapper\n\n@timed\ndef fast(n):\n    return n'],
    ['fast', `${BAD} fast`, '', 'def timed(f):\n    def wrapper(*a):\n        return f(*a)\n    return wrapper\n\n@timed\ndef fast(n):\n    return n'],
    ['fast', `${BAD} fast`, '', 'def timed(f):\n    @functools.wraps(f)\n    def wrapper(*a):\n        return f(*a)\n    return wrapper\n\ndef slow(n):\n    return n\n\nfast = timed(slow)'],
    ['old', `${BAD} old`, '', 'def f():\n    return 1\n\nold = f\n\ndef f():\n    return 2'],
    ['A().run', 'ok', '', 'class A:\n    def run(self):\n        return 1'],
    ['A().run', `${BAD} args[0].lock`, '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n    def run(self):\n        return 1'],
    ['A.make', 'ok', '', 'class A:\n    @staticmethod\n    def make(): pass'],
    ['A.key', `${BAD} A.key`, '', 'class A:\n    key = lambda v: v'],
    ['A()._A__run', 'unknown A()._A__run', '', 'class A:\n    def __run(self):\n        return 1'],
  ]);

  table('that are instances', [
    ['A(3)', 'ok', '', 'class A:\n    def __init__(self, n):\n        self.n = n'],
    ['A(lambda: 1)', `${BAD} args[0].f`, '', 'class A:\n    def __init__(self, f):\n        self.f = f'],
    ['A(lambda: 1)', 'ok', '', 'class A:\n    def __init__(self, f):\n        self.n = f()'],
    ['A()', `${BAD} args[0].b.fh`, '', 'class B:\n    def __init__(self):\n        self.fh = open("x")\n\nclass A:\n    def __init__(self):\n        self.b = B()'],
    ['A()', 'ok', '', 'class A:\n    lock = threading.Lock()'],
    ['a', `${BAD} a.lock`, 'a = A()\na.lock = threading.Lock()', 'class A:\n    pass'],
    ['a', 'ok', 'a = A()\na.lock = None', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()'],
    ['a', `${BAD} a.fh`, 'a = A()\na.open()', 'class A:\n    def __init__(self):\n        self.fh = None\n    def open(self):\n        self.fh = open("x")'],
    ['a', 'ok', 'a = A()', 'class A:\n    def __init__(self):\n        self.fh = None\n    def open(self):\n        self.fh = open("x")'],
    ['B()', `${BAD} args[0].lock`, '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n\nclass B(A):\n    def __init__(self):\n        super().__init__()'],
    ['B()', 'ok', '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n\nclass B(A):\n    def __init__(self):\n        self.n = 1'],
    ['T()', `${BAD} T()`, '', 'class T(threading.Thread):\n    pass'],
    ['L()', `${BAD} L()`, 'class L:\n    pass'],
    ['D()', `${BAD} D()`, 'D = type("D", (), {})'],
    ['P(1, 2)', 'ok', '', 'P = collections.namedtuple("P", "x y")'],
    ['P(1, 2)', `${BAD} P(1, 2)`, '', 'P = collections.namedtuple("Q", "x y")'],
    ['P(1)', `${BAD} args[0].lock`, '', '@dataclasses.dataclass\nclass P:\n    x: int\n    lock: object = dataclasses.field(default_factory=threading.Lock)'],
    ['P(1)', 'ok', '', '@dataclasses.dataclass\nclass P:\n    x: int\n    items: list = dataclasses.field(default_factory=list)'],
    ['Color.RED', 'ok', '', 'class Color(enum.Enum):\n    RED = 1'],
    ['Color.RED', `${BAD} Color.RED`, 'class Color(enum.Enum):\n    RED = 1'],
  ]);

  table('that say how they travel', [
    ['A()', 'ok', '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n    def __getstate__(self):\n        return {}\n    def __setstate__(self, s):\n        self.lock = threading.Lock()'],
    ['A()', 'lossy A()', '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n    def __getstate__(self):\n        s = self.__dict__.copy()\n        s.pop("lock")\n        return s'],
    ['A().run', 'ok', '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n    def __getstate__(self):\n        return {}\n    def run(self):\n        return 1'],
    ['A().run', 'lossy A().run', '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n    def __getstate__(self):\n        return {}\n    def run(self):\n        return self.lock'],
    ['A()', `${BAD} args[0].lock`, '', 'class A:\n    def __init__(self):\n        self.lock = threading.Lock()\n    def __getstate__(self):\n        return self.__dict__'],
    ['A(1)', 'ok', '', 'class A:\n    def __init__(self, n):\n        self.n = n\n        self.lock = threading.Lock()\n    def __reduce__(self):\n        return A, (self.n,)'],
    ['A()', `${BAD} A()`, '', 'class A:\n    def __reduce__(self):\n        raise TypeError("no")'],
  ]);

  table('that cannot be made again on arrival', [
    ['E(1, "x")', `${BAD} E(1, "x")`, '', 'class E(Exception):\n    def __init__(self, code, text):\n        super().__init__(text)\n        self.code = code'],
    ['E(1, "x")', 'ok', '', 'class E(Exception):\n    def __init__(self, code, text):\n        super().__init__(code, text)'],
    ['E("x", 1)', 'ok', '', 'class E(Exception):\n    def __init__(self, text, code=None):\n        super().__init__(text)\n        self.code = code'],
    ['C(1.5, "C")', `${BAD} C(1.5, "C")`, '', 'class C(float):\n    def __new__(cls, v, unit):\n        return super().__new__(cls, v)'],
    ['W({})', `${BAD} W({})`, '', 'class W:\n    def __init__(self, d):\n        self.d = d\n    def __getattr__(self, k):\n        return self.d[k]'],
    ['W({})', 'ok', '', 'class W:\n    def __init__(self, d):\n        self.d = d\n    def __getattr__(self, k):\n        if k.startswith("_"):\n            raise AttributeError(k)\n        return self.d[k]'],
    ['S("n", [1])', `${BAD} S("n", [1])`, '', 'class S(set):\n    def __init__(self, name, items):\n        super().__init__(items)'],
  ]);

  const apis: [title: string, code: string, expected: string[]][] = [
    ['Pool.map sends the elements', 'from multiprocessing import Pool\ndef f(x): return x\nwith Pool() as p:\n    p.map(f, [open("x")])\n', ['ok', `${BAD} open("x")`]],
    ['map over a generator', 'from multiprocessing import Pool\ndef f(x): return x\nwith Pool() as p:\n    p.imap(f, (n for n in range(3)))\n', ['ok', 'ok']],
    ['apply_async sends the arguments', 'import multiprocessing as mp\nimport threading\ndef f(x): return x\np = mp.Pool()\np.apply_async(f, (1, threading.Lock()))\n', ['ok', 'ok', `${BAD} threading.Lock()`]],
    ['a pool of a context', 'import multiprocessing as mp\np = mp.get_context("spawn").Pool()\np.map(lambda x: x, [1])\n', [`${BAD} lambda x: x`, 'ok']],
    ['a pool in a field', 'from multiprocessing import Pool\nclass R:\n    def __init__(self):\n        self.pool = Pool()\n    def step(self, v): return v\n    def run(self, xs):\n        self.pool.map(self.step, xs)\n', [`${BAD} self.step.pool`, 'unknown xs']],
    ['threads need no pickle', 'from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor() as p:\n    p.submit(lambda: 1)\n', []],
    ['run_in_executor', 'import asyncio\nfrom concurrent.futures import ProcessPoolExecutor\nasync def go(loop):\n    pool = ProcessPoolExecutor()\n    await loop.run_in_executor(pool, lambda: 1)\n', [`${BAD} lambda: 1`]],
    ['a queue between processes', 'import multiprocessing as mp\nq = mp.Queue()\nq.put(lambda: 1)\n', [`${BAD} lambda: 1`]],
    ['a queue of threads', 'import queue\nimport multiprocessing\nq = queue.Queue()\nq.put(lambda: 1)\n', []],
    ['a pipe', 'import multiprocessing as mp\na, b = mp.Pipe()\na.send(open("x"))\n', [`${BAD} open("x")`]],
    ['Process hangs on the start method', 'from multiprocessing import Process\nProcess(target=lambda: 1).start()\n', ['unknown lambda: 1']],
    ['Process under spawn', 'import multiprocessing as mp\nmp.set_start_method("spawn")\nmp.Process(target=lambda: 1).start()\n', [`${BAD} lambda: 1`]],
    ['joblib sends functions by value', 'from joblib import Parallel, delayed\ndef go(k):\n    return Parallel(n_jobs=2)(delayed(lambda x: x * 2)(i) for i in range(3))\n', ['ok', 'ok']],
    ['joblib and what a function closes over', 'import threading\nfrom joblib import Parallel, delayed\ndef go():\n    lock = threading.Lock()\n    def task(x):\n        with lock:\n            return x\n    return Parallel(n_jobs=2)(delayed(task)(i) for i in range(3))\n', [`${BAD} task`, 'ok']],
    ['joblib with threads', 'from joblib import Parallel, delayed\nParallel(n_jobs=2, prefer="threads")(delayed(lambda x: x)(i) for i in range(3))\n', []],
    ['interpreters take functions without a closure', 'from concurrent.futures import InterpreterPoolExecutor\np = InterpreterPoolExecutor()\np.submit(lambda: 1)\n', ['ok']],
  ];
  for (const [title, code, expected] of apis) it(title, async () => assert.deepEqual(await summary('python', code), expected));

  it('follows values into modules of the project', async () => {
    const code = 'from concurrent.futures import ProcessPoolExecutor\nfrom jobs import Job, plain\np = ProcessPoolExecutor()\np.submit(plain, Job())\n';
    const jobs = 'import threading\nclass Job:\n    def __init__(self):\n        self.lock = threading.Lock()\ndef plain(x):\n    return x\n';
    assert.deepEqual(await summary('python', code, { jobs }), ['ok', `${BAD} args[0].lock`]);
  });

  it('follows parameters to the calls of the module', async () => {
    const code = 'from concurrent.futures import ProcessPoolExecutor\ndef run(pool, f):\n    pool.submit(f)\ndef main():\n    with ProcessPoolExecutor() as pool:\n        run(pool, lambda: 1)\n';
    assert.deepEqual(await summary('python', code), [`${BAD} f`]);
  });

  it('says where, by what and why', async () => {
    const code = 'from concurrent.futures import ProcessPoolExecutor\np = ProcessPoolExecutor()\np.submit(print, {"f": lambda: 1})\n';
    const [, report] = await judge('python', code);
    assert.deepEqual(
      { ...report, call: code.slice(report!.call.start, report!.call.end), range: code.slice(report!.range.start, report!.range.end) },
      {
        api: 'p.submit',
        call: 'p.submit(print, {"f": lambda: 1})',
        path: 'args[0]["f"]',
        range: '{"f": lambda: 1}',
        reason: 'a lambda has no name that pickle could find it by',
        value: '{"f": lambda: 1}',
        verdict: 'not-serializable',
      },
    );
  });
});
