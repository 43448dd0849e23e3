import { table } from './helpers';

/** One object under several names: through iterators, windows, closures, and calls that nobody wrote. */
describe('sharing: iterators that give one object several times', () => {
  table('python', {
    'cycle over objects of its own': { code: 'import itertools\nclass P:\n    def __init__(self): self.x = 0\ndef f(n: int):\n    ps = [P() for _ in range(n)]\n    for p, i in zip(itertools.cycle(ps), range(9)):\n        p.x = p.x * 2 + i\n    return ps\n', verdict: 'sequential', loop: 1 },
    'pairs out of combinations': { code: 'import itertools\nclass P:\n    def __init__(self): self.x = 0\ndef f(ps: list[P]):\n    for pair in itertools.combinations(ps, 2):\n        pair[0].x = pair[1].x + 1\n', verdict: 'sequential' },
    'combinations, taken apart': { code: 'from itertools import combinations\nclass P:\n    def __init__(self): self.x = 0\ndef f(ps: list[P]):\n    for a, b in combinations(ps, 2):\n        a.x = a.x * 3 + b.x\n', verdict: 'sequential' },
    'combinations of what is not seen': { code: 'from itertools import combinations\ndef f(ps):\n    for a, b in combinations(ps, 2):\n        a.x = a.x * 3 + b.x\n', verdict: 'sequential' },
    'a list of a product': { code: 'from itertools import product\ndef f(rows):\n    pairs = list(product(rows, rows))\n    for a, b in pairs:\n        a[0] = a[0] * 3 + b[0]\n', verdict: 'sequential' },
    'neighbours': { code: 'from itertools import pairwise\ndef f(n: int):\n    rows = [[0] * 3 for _ in range(n)]\n    for a, b in pairwise(rows):\n        b[0] = a[0] + 1\n    return rows\n', verdict: 'sequential', loop: 1 },
    'drawn with repetition': { code: 'import random\nclass P:\n    def __init__(self): self.x = 0\ndef f(n: int):\n    ps = [P() for _ in range(n)]\n    chosen = random.choices(ps, k=10)\n    for p in chosen:\n        p.x = p.x * 2 + 1\n    return ps\n', verdict: 'sequential', loop: 1 },
    'one list after itself': { code: 'from itertools import chain\nclass P:\n    def __init__(self): self.x = 0\ndef f(n: int):\n    ps = [P() for _ in range(n)]\n    for p in chain(ps, ps):\n        p.x = p.x * 2 + 1\n    return ps\n', verdict: 'sequential', loop: 1 },
  });
});

describe('sharing: windows on arrays', () => {
  table('python', {
    'transposed': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = x.T\n    for i in range(n):\n        y[i] = x[0]\n', verdict: 'unknown' },
    'transposed, of an array made here': { code: 'import numpy as np\ndef f(n: int):\n    x = np.zeros((n, n))\n    y = x.T\n    for i in range(n):\n        y[i] = x[i]\n    return x\n', verdict: 'unknown' },
    'reshaped': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = x.reshape(-1)\n    for i in range(n):\n        y[i] = x[0, 1]\n', verdict: 'unknown' },
    'flattened by a function': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = np.ravel(x)\n    for i in range(n):\n        y[i] = x[0, i] + 1\n', verdict: 'unknown' },
    'two slices that begin apart': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = x[1:]\n    z = x[2:]\n    for i in range(n):\n        y[i] = z[i] + 1\n', verdict: 'sequential' },
    'a slice and what it is of': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = x[1:]\n    for i in range(n):\n        y[i] = x[i] + 1\n', verdict: 'sequential' },
    'a slice and the same elements of what it is of': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = x[1:]\n    for i in range(n):\n        y[i] = x[i + 1] + 1\n', verdict: 'parallel' },
    'every other element': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    y = x[::2]\n    for i in range(n):\n        y[i] = x[i] + 1\n', verdict: 'unknown' },
    'a column of its own': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    for j in range(n):\n        c = x[:, j]\n        for i in range(n):\n            c[i] = i\n', verdict: 'parallel' },
    'a column, shifted': { code: 'import numpy as np\ndef f(x: np.ndarray, n: int):\n    a = x[1:, 0]\n    b = x[2:, 0]\n    for j in range(n):\n        a[j] = b[j] + 1\n', verdict: 'sequential' },
  });
  table('javascript', {
    'typed arrays on what may be one buffer': { code: 'export function f(data, n) {\n  const y = new Float64Array(data);\n  const z = new Float64Array(data);\n  for (let i = 1; i < n; i++) y[i] = z[i - 1] + 1;\n}\n', verdict: 'unknown' },
    'a typed array of as many elements as are counted': { code: 'export function f(n) {\n  const y = new Float64Array(n);\n  for (let i = 1; i < n; i++) y[i] = i;\n  return y;\n}\n', verdict: 'parallel' },
  });
});

describe('sharing: functions that outlive their iteration', () => {
  table('python', {
    'lambdas that see the counter': { code: 'def f(n: int):\n    fns = []\n    for i in range(n):\n        fns.append(lambda: i)\n    return fns\n', verdict: 'sequential' },
    'lambdas that see a variable of the loop': { code: 'def f(n: int):\n    fns = []\n    for i in range(n):\n        v = i * 2\n        fns.append(lambda a: a + v)\n    return fns\n', verdict: 'sequential' },
    'a default keeps the value': { code: 'def f(n: int):\n    fns = []\n    for i in range(n):\n        fns.append(lambda i=i: i)\n    return fns\n', verdict: 'parallel' },
    'lambdas of a comprehension': { code: 'def f(n: int):\n    return [lambda: i for i in range(n)]\n', verdict: 'sequential' },
    'functions under keys': { code: 'def f(n: int, handlers: dict[int, object]):\n    for i in range(n):\n        def run():\n            return i\n        handlers[i] = run\n', verdict: 'sequential' },
    'a lambda that only its iteration calls': { code: 'def f(n: int):\n    out = []\n    for i in range(n):\n        g = lambda a: a + i\n        out.append(g(3))\n    return out\n', verdict: 'parallel' },
  });
  table('javascript', {
    'arrows that see a `var` counter': { code: 'export function f(n) {\n  const fns = [];\n  for (var i = 0; i < n; i++) fns.push(() => i);\n  return fns;\n}\n', verdict: 'sequential' },
    'arrows that see a `var` of the body': { code: 'export function f(n) {\n  const fns = [];\n  for (let i = 0; i < n; i++) { var v = i * 2; fns[i] = () => v; }\n  return fns;\n}\n', verdict: 'sequential' },
    'arrows that see a `let` of their own': { code: 'export function f(n) {\n  const fns = [];\n  for (let i = 0; i < n; i++) { const v = i * 2; fns.push(() => i + v); }\n  return fns;\n}\n', verdict: 'parallel' },
    'an arrow that only its iteration calls': { code: 'export function f(n) {\n  const out = [];\n  for (var i = 0; i < n; i++) { const g = () => i * 2; out.push(g()); }\n  return out;\n}\n', verdict: 'parallel' },
    'arrows that see a variable of the callback': { code: 'export function f(xs) {\n  const fns = [];\n  xs.forEach((x) => { let v = x * 2; v += 1; fns.push(() => v); });\n  return fns;\n}\n', verdict: 'parallel' },
  });
});

describe('sharing: methods that the language calls', () => {
  table('python', {
    'text made by an f-string': { code: 'count = 0\nclass A:\n    def __str__(self):\n        global count\n        count += 1\n        return str(count)\ndef f(n: int):\n    a = A()\n    out = []\n    for i in range(n):\n        out.append(f\'{a}\')\n    return out\n', verdict: 'sequential' },
    'text made by `str`': { code: 'count = 0\nclass A:\n    def __str__(self):\n        global count\n        count += 1\n        return str(count)\ndef f(n: int):\n    a = A()\n    out = []\n    for i in range(n):\n        out.append(str(a))\n    return out\n', verdict: 'sequential' },
    'the truth of an object': { code: 'count = 0\nclass A:\n    def __bool__(self):\n        global count\n        count += 1\n        return count % 2 == 0\ndef f(n: int):\n    a = A()\n    out = []\n    for i in range(n):\n        if a:\n            out.append(i)\n    return out\n', verdict: 'sequential' },
  });
  table('javascript', {
    'text made by `+`': { code: 'let count = 0;\nclass A { constructor(n) { this.n = n; } toString() { count++; return `${count}:${this.n}`; } }\nexport function f(n) {\n  const a = new A(3);\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(\'x\' + a);\n  return out;\n}\n', verdict: 'sequential' },
    'text made by a template': { code: 'let count = 0;\nclass A { toString() { count++; return `${count}`; } }\nexport function f(n) {\n  const a = new A();\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(`x ${a}`);\n  return out;\n}\n', verdict: 'sequential' },
    'a number made by an operator': { code: 'let count = 0;\nclass A { valueOf() { return count++; } }\nexport function f(n) {\n  const a = new A();\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(+a * 2, a < 3, String(a));\n  return out;\n}\n', verdict: 'sequential' },
  });
});

describe('sharing: what may be left out or lost', () => {
  table('python', {
    'a list of a library, by way of a function': { code: 'import sys\ndef g(o, x):\n    o.append(x)\n    o[0] = x\ndef f(xs: list[str]):\n    for x in xs:\n        g(sys.path, x)\n', verdict: 'sequential' },
    'the environment': { code: 'import os\ndef f(xs: list[str]):\n    for x in xs:\n        os.environ[x] = x\n', verdict: 'sequential' },
  });
  table('javascript', {
    'an assignment in the subscript of an optional chain': { code: 'export function f(o, n) {\n  let t = 0;\n  const out = [];\n  for (let i = 0; i < n; i++) { o?.[t = i]; out.push(t); }\n  return out;\n}\n', verdict: 'sequential' },
    'an assignment in the argument of an optional call': { code: 'export function f(o, n) {\n  let t = 0;\n  const out = [];\n  const g = (x) => x;\n  const fs = [g, null];\n  for (let i = 0; i < n; i++) { fs[i]?.(t = i); out.push(t); }\n  return out;\n}\n', verdict: 'sequential' },
  });
});

describe('sharing: what an update leaves', () => {
  table('python', {
    'a running total in an element': { code: 'def f(xs: list[int]):\n    h = [0] * 4\n    out = []\n    for x in xs:\n        h[0] += x\n        out.append(h[0])\n    return out\n', verdict: 'sequential' },
    'a running count under a key': { code: 'def f(xs: list[int]):\n    h = {}\n    out = []\n    for x in xs:\n        h[x % 3] = h.get(x % 3, 0) + 1\n        out.append(h[x % 3])\n    return out\n', verdict: 'unknown' },
    'a running total in a field': { code: 'class A:\n    def __init__(self): self.n = 0\n    def add(self, x: int):\n        self.n += x\n        return self.n\ndef f(xs: list[int]):\n    a = A()\n    out = []\n    for x in xs:\n        out.append(a.add(x))\n    return out\n', verdict: 'sequential' },
    'a total of the iteration, in an element': { code: 'def f(xs: list[int]):\n    h = [0] * 4\n    out = []\n    for x in xs:\n        h[0] = 0\n        h[0] += x\n        out.append(h[0])\n    return out\n', verdict: 'parallel' },
    'a total of the iteration, of two statements': { code: 'def f(xs: list[int]):\n    h = [0] * 4\n    out = []\n    for x in xs:\n        h[0] = 0\n        h[0] += x\n        h[0] += 2 * x\n        out.append(h[0])\n    return out\n', verdict: 'parallel' },
    'a running total of two statements': { code: 'def f(xs: list[int]):\n    h = [0] * 4\n    out = []\n    for x in xs:\n        h[0] += x\n        h[0] += 2 * x\n        out.append(h[0])\n    return out\n', verdict: 'sequential' },
  });
  table('javascript', {
    'a running total in an element': { code: 'export function f(xs) {\n  const h = [0, 0];\n  const out = [];\n  for (const x of xs) { h[0] += x; out.push(h[0]); }\n  return out;\n}\n', verdict: 'sequential' },
  });
});
