import assert from 'node:assert/strict';
import { release, rewriteLoop, writeProgram } from './support';

interface Refused {
  readonly name: string;
  readonly source: string;
  /** How the loop begins. */
  readonly loop: string;
  readonly why: RegExp;
  readonly remedy?: RegExp;
  readonly files?: Readonly<Record<string, string>>;
}

const refused: readonly Refused[] = [
  {
    name: 'a captured lock',
    source: 'import threading\ndef f(xs):\n    lock = threading.Lock()\n    out = []\n    for x in xs:\n        with lock:\n            out.append(x * 2)\n    return out\n',
    loop: 'for x in',
    why: /`lock` \(line 6\) is a lock, which cannot be sent to another process/,
    remedy: /leave it out/,
  },
  {
    name: 'a captured open file',
    source: 'def f(xs):\n    handle = open("x")\n    out = []\n    for x in xs:\n        out.append(x * len(handle.name))\n    return out\n',
    loop: 'for x in',
    why: /`handle` \(line 5\) is an open file/,
    remedy: /pass its path/,
  },
  {
    name: 'a captured generator',
    source: 'def f(xs, n):\n    squares = (i * i for i in range(n))\n    out = []\n    for x in xs:\n        out.append((x, squares))\n    out2 = [len(repr(squares)) + x for x in xs]\n    return out, out2\n',
    loop: '[len(repr',
    why: /`squares` \(line 6\) is a generator/,
    remedy: /list/,
  },
  {
    name: 'a field that cannot travel',
    source:
      'import threading\nclass A:\n    def __init__(self, k):\n        self.k = k\n        self.guard = threading.Lock()\n    def g(self, x):\n        return x * self.k\n    def run(self, xs):\n        return [self.g(x) for x in xs]\n',
    loop: '[self.g(x)',
    why: /`self\.guard` \(line 9\) is a lock/,
  },
  { name: 'a loop in a generator', source: 'def f(xs):\n    for x in xs:\n        yield x * 2\n', loop: 'for x in', why: /line 2 is in a generator/ },
  { name: 'a loop in an async function', source: 'async def f(xs):\n    out = []\n    for x in xs:\n        out.append(x * 2)\n    return out\n', loop: 'for x in', why: /async function/ },
  {
    name: 'objects of a class defined inside the function',
    source: 'def f(xs):\n    class P:\n        def __init__(self, v):\n            self.v = v\n    out = []\n    for x in xs:\n        out.append(P(x * 2))\n    return out\n',
    loop: 'for x in',
    why: /a class defined inside a function/,
  },
  {
    name: 'a global that is assigned later, read by a callee',
    source: 'scale = 1\ndef g(x):\n    return x * scale\ndef set_scale(v):\n    global scale\n    scale = v\ndef f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n',
    loop: 'for x in',
    why: /`g` reads the global `scale`, which is assigned on line 6/,
    remedy: /pass `scale` to `g`/,
  },
  {
    name: 'a global that only the program sets, read by a callee',
    source: 'def g(x):\n    return x * factor\ndef f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\nif __name__ == "__main__":\n    factor = 3\n    print(f([1, 2]))\n',
    loop: 'for x in',
    why: /`g` reads the global `factor`, which is assigned on line 9/,
  },
  {
    name: 'a global container that changes',
    source: 'TABLE = {}\ndef g(x):\n    return TABLE.get(x, 0) + 1\ndef f(xs):\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\nif __name__ == "__main__":\n    TABLE[1] = 5\n    print(f([1, 2]))\n',
    loop: 'for x in',
    why: /`g` reads the global `TABLE`, which is changed on line 10/,
  },
  {
    name: 'a class attribute that the program changes',
    source: 'class Config:\n    rate = 1\ndef g(n):\n    return n * Config.rate\ndef f(k):\n    return [g(n) for n in range(k)]\nif __name__ == "__main__":\n    Config.rate = 5\n    print(f(4))\n',
    loop: '[g(n)',
    why: /`g` reads the global `Config`, which is changed on line 8/,
  },
  {
    name: 'the context of decimals set while the program runs',
    source: 'from decimal import Decimal, getcontext\ndef g(n):\n    return Decimal(1) / Decimal(n + 3)\ndef f(k):\n    return [g(n) for n in range(k)]\ndef main():\n    getcontext().prec = 5\n    print(f(4))\nif __name__ == "__main__":\n    main()\n',
    loop: '[g(n)',
    why: /line 7 sets the context of decimals/,
  },
  {
    name: 'an object of a table, returned by a callee',
    source:
      'class Node:\n    def __init__(self, name):\n        self.name = name\nTABLE = {i: Node(str(i)) for i in range(5)}\ndef find(x):\n    return TABLE[x]\ndef f(xs):\n    out = []\n    for x in xs:\n        node = find(x)\n        out.append(node)\n    return out\n',
    loop: 'for x in',
    why: /may be `TABLE\[…\]` itself/,
    remedy: /key or index/,
  },
  {
    name: 'the item itself, returned by a callee',
    source: 'def touch(n):\n    if n.v > 3:\n        return n\n    return n\ndef f(nodes):\n    out = []\n    for n in nodes:\n        out.append(touch(n))\n    return out\n',
    loop: 'for n in',
    why: /`touch\(n\)` on line 8 may be `n` itself/,
  },
  {
    name: 'an object from before the loop in some results',
    source: 'def f(k):\n    shared = [1, 2]\n    out = []\n    for n in range(k):\n        v = shared if n % 2 else [n]\n        out.append(v)\n    return out\n',
    loop: 'for n in',
    why: /`v` on line 6 may be `shared` itself/,
  },
  { name: 'hash()', source: 'def f(xs):\n    return [hash(x) for x in xs]\n', loop: '[hash', why: /hash\(\), whose result differs from process to process/ },
  { name: 'locals()', source: 'def f(xs):\n    return [len(locals()) + x for x in xs]\n', loop: '[len', why: /locals\(\)|What `locals`/ },
  {
    name: 'a function that a pool already runs',
    source:
      'from concurrent.futures import ProcessPoolExecutor\ndef inner(xs):\n    out = []\n    for x in xs:\n        out.append(x ** 2)\n    return out\ndef main():\n    with ProcessPoolExecutor() as pool:\n        print(list(pool.map(inner, [[1, 2], [3]])))\n',
    loop: 'for x in',
    why: /`map\(inner\)` on line 9 already runs in a worker: pools are never nested/,
  },
  {
    name: 'an iteration that calls the function around the loop',
    source: 'def f(n):\n    out = []\n    for i in range(n):\n        out.append(len(f(i)) + 1)\n    return out\n',
    loop: 'for i in',
    why: /the loop on line 3 calls `f`, which it is in: each worker would start a pool of its own/,
  },
  {
    name: 'a function that calls itself beside the loop',
    source: 'def f(n):\n    out = [i ** 2 for i in range(n)]\n    return out if n < 2 else out + f(n // 2)\n',
    loop: '[i **',
    why: /`f` calls itself on line 3, and the loop on line 2 would start a pool in each call/,
  },
  {
    name: 'functions that call each other in circles',
    source: 'def f(n):\n    out = []\n    for i in range(n):\n        out.append(g(i) + 1)\n    return out\ndef g(n):\n    return len(f(n - 1)) if n else 0\n',
    loop: 'for i in',
    why: /the loop on line 3 is in `f`, which others call that it calls itself: it would start a pool in each call/,
  },
  { name: 'a `for` with `else`', source: 'def f(xs):\n    out = []\n    for x in xs:\n        out.append(x * 2)\n    else:\n        out.append(0)\n    return out\n', loop: 'for x in', why: /has an `else`/ },
  { name: 'a loop that runs while a condition holds', source: 'def f(n):\n    out = []\n    i = 0\n    while i < n:\n        out.append(i * 2)\n        i += 1\n    return out\n', loop: 'while', why: /runs while a condition holds|`i`/ },
  { name: 'a header without end', source: 'import itertools\ndef f():\n    out = []\n    for i in itertools.count():\n        out.append(i * 2)\n    return out\n', loop: 'for i in', why: /lazily/ },
  {
    name: 'names that are private to a class',
    source: 'class A:\n    def __init__(self):\n        self.__k = 3\n        self.out = []\n    def run(self, xs):\n        for x in xs:\n            self.out.append(x * self.__k)\n',
    loop: 'for x in',
    why: /`__k` on line 7 is private to its class/,
  },
  {
    name: 'a method that writes to its object',
    source:
      'class A:\n    def __init__(self):\n        self.log = []\n    def g(self, x):\n        self.log.append(x)\n        return x * 2\n    def run(self, xs):\n        out = []\n        for x in xs:\n            out.append(self.g(x))\n        return out\n',
    loop: 'for x in',
    why: /`self\.log` is changed inside `self\.g\(x\)` on line 10/,
  },
  {
    name: 'a nested function that assigns a variable around it',
    source: 'def f(xs):\n    n = 0\n    def g(x):\n        nonlocal n\n        n = x\n        return x + 1\n    out = []\n    for x in xs:\n        out.append(g(x))\n    return out\n',
    loop: 'for x in',
    why: /`g`|`n`/,
  },
  {
    name: 'a nested function with captured values that is used as a value',
    source: 'def f(xs, k):\n    def g(x):\n        return x * k\n    total = 0\n    for x in xs:\n        total += g(x)\n    return total, list(map(g, [1]))\n',
    loop: 'for x in',
    why: /`g` \(line 2\) uses `k` of the function around it and is itself used as a value on line 7/,
  },
  {
    name: 'a comprehension that only runs under a condition',
    source: 'def g(x):\n    return x * x\ndef f(xs):\n    return [g(x) for x in xs] if xs else None\n',
    loop: '[g(x)',
    why: /only runs when a condition of its statement holds/,
    remedy: /before the statement/,
  },
  { name: 'a map that is consumed later', source: 'def g(a):\n    return a * 2\ndef f(xs):\n    m = map(g, xs)\n    return m\n', loop: 'map(', why: /taken one by one, later/ },
  {
    name: 'a module-level loop of a module that others import',
    source: 'def g(n):\n    return n * 2\nvals = []\nfor n in range(3):\n    vals.append(g(n))\n',
    loop: 'for n in',
    files: { 'app.py': 'import main\nprint(main.vals)\n' },
    why: /runs when its module is imported, and app\.py imports it/,
    remedy: /function/,
  },
  {
    name: 'a module-level loop beside a main guard',
    source: 'out = []\nfor x in range(3):\n    out.append(x * 2)\nif __name__ == "__main__":\n    print(out)\n',
    loop: 'for x in',
    why: /outside the main guard on line 4/,
  },
  {
    name: 'an importing script without a main guard',
    source: 'def f(xs):\n    return [x * 2.5 for x in xs]\n',
    loop: '[x * 2.5',
    files: { 'app.py': 'from main import f\n\nprint(f([1, 2]))\n' },
    why: /app\.py runs its work when it is imported \(line 3\)/,
    remedy: /if __name__ == "__main__":/,
  },
  {
    name: 'a small loop that is only entered in loops',
    source: 'def f(xs):\n    return [x * 2.5 for x in xs]\ndef main():\n    for i in range(100):\n        print(f([i]))\nif __name__ == "__main__":\n    main()\n',
    loop: '[x * 2.5',
    why: /too small for a pool of its own: `f` is only called inside loops, and one entry does about [\d,]+ plain operations/,
    remedy: /loop around it/,
  },
  {
    name: 'the loop inside another loop',
    source: 'def f(rows):\n    out = []\n    for row in rows:\n        part = []\n        for x in row:\n            part.append(x * 2)\n        out.append(part)\n    return out\n',
    loop: 'for x in row',
    why: /too small for a pool of its own: another loop runs it again and again/,
  },
];

describe('python/process-pool: refusals', () => {
  for (const { name, source, loop, why, remedy, files } of refused) {
    it(name, async () => {
      const program = writeProgram({ 'main.py': source, ...files }, 'main.py');
      try {
        const { fits } = await rewriteLoop(program, loop);
        assert.equal(fits.ok, false);
        if (fits.ok) return;
        assert.match(fits.why, why);
        if (remedy) assert.match(fits.remedy ?? '', remedy);
      } finally {
        release(program);
      }
    });
  }
});
