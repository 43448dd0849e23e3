import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { verify } from '../../src/measure/verify';
import type { VerifyRequest, VerifyResult } from '../../src/measure/types';
import { candidateOf, folderOf, loopOf, options } from './helpers';

const HEAD = `import math
from concurrent.futures import ProcessPoolExecutor


class Point:
    def __init__(self, x):
        self.x = x
        self.seen = []


def work(n):
    if n == 99:
        raise ValueError("ninety-nine")
    return math.sqrt(n) * 0.1


def moved(p):
    p.x += 1.0
    p.seen.append("here")
    return p


`;
const TAIL = `

if __name__ == "__main__":
    print(main([1, 2, 3, 4, 5]))
`;

interface Case {
  readonly title: string;
  readonly original: string;
  readonly candidate: string;
  readonly live: readonly string[];
  readonly dead?: readonly string[];
  readonly status: VerifyResult['status'];
  /** `where original candidate` of the first difference. */
  readonly first?: RegExp;
  readonly notCompared?: RegExp;
  readonly startMethods?: readonly string[];
  readonly tail?: string;
}

async function check(test: Case): Promise<VerifyResult> {
  const tail = test.tail ?? TAIL;
  const folder = folderOf({ 'app.py': '' });
  try {
    const file = folder.file('app.py');
    const original = candidateOf('original', file, HEAD + test.original + tail);
    const candidate = candidateOf('python/process-pool', file, HEAD + test.candidate + tail);
    fs.writeFileSync(file, original.texts.get(file)!);
    const before = fs.readFileSync(file);
    const request: VerifyRequest = {
      program: { command: ['python', 'app.py'], cwd: folder.path },
      loop: loopOf(original.region, test.live, test.dead),
      original,
      candidate,
      startMethods: test.startMethods ?? [],
      maxEntries: 50,
    };
    const result = await verify(request, options);
    assert.deepEqual(fs.readFileSync(file), before, 'the file is as it was');
    assert.deepEqual(fs.readdirSync(folder.path), ['app.py'], 'and nothing was added');
    return result;
  } finally {
    folder.remove();
  }
}

const COLLECT = `def main(xs):
    out = []
    «for x in xs:
        out.append(work(x))»
    return out
`;

const cases: readonly Case[] = [
  {
    title: 'an ordered collect by a pool',
    original: COLLECT,
    candidate: `def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'equal',
  },
  {
    title: 'the same under every start method',
    original: COLLECT,
    candidate: `def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    startMethods: ['fork', 'spawn', 'forkserver'],
    status: 'equal',
  },
  {
    title: 'results in the order of completion reversed',
    original: COLLECT,
    candidate: `def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(reversed(list(pool.map(work, xs))))»
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^out\[0\] 0\.1 0\.22/,
  },
  {
    title: 'floats added in another order',
    original: `def tenth(x):
    return x / 10


def main(xs):
    total = 0.0
    «for x in xs[:3]:
        total += tenth(x)»
    return round(total, 3)
`,
    candidate: `def tenth(x):
    return x / 10


def main(xs):
    total = 0.0
    «with ProcessPoolExecutor(2) as pool:
        a, b, c = pool.map(tenth, xs[:3])
        total += a + (b + c)»
    return round(total, 3)
`,
    live: ['total', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^total 0\.6000000000000001 0\.6$/,
  },
  {
    title: 'a mutation that a worker made on its copy',
    original: `def main(xs):
    points = [Point(x) for x in xs]
    «for p in points:
        moved(p)»
    return [p.x for p in points]
`,
    candidate: `def main(xs):
    points = [Point(x) for x in xs]
    «with ProcessPoolExecutor(2) as pool:
        list(pool.map(moved, points))»
    return [p.x for p in points]
`,
    live: ['points', 'xs'],
    dead: ['p'],
    status: 'different',
    first: /^points\[0\]\.seen list of 1 list of 0/,
  },
  {
    title: 'the mutated copies in place of the objects: same values, sharing lost',
    original: `def main(xs):
    points = [Point(x) for x in xs]
    first = points[0]
    «for p in points:
        moved(p)»
    return [p.x for p in points] + [first.x]
`,
    candidate: `def main(xs):
    points = [Point(x) for x in xs]
    first = points[0]
    «with ProcessPoolExecutor(2) as pool:
        points = list(pool.map(moved, points))»
    return [p.x for p in points] + [first.x]
`,
    live: ['points', 'first', 'xs'],
    dead: ['p'],
    status: 'different',
    first: /^first same object as value \d+ of points object __main__\.Point/,
  },
  {
    title: 'a minus zero that became a zero',
    original: `def main(xs):
    out = []
    «for x in xs:
        out.append(x * -0.0)»
    return sum(out)
`,
    candidate: `def scaled(x):
    return x * -0.0 + 0.0


def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(scaled, xs))»
    return sum(out)
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^out\[0\] -0\.0 0\.0$/,
  },
  {
    title: 'an integer that became a float',
    original: `def main(xs):
    total = 0
    «for x in xs:
        total += int(work(x * x * 100))»
    return float(total)
`,
    candidate: `def whole(x):
    return float(int(work(x * x * 100)))


def main(xs):
    total = 0
    «with ProcessPoolExecutor(2) as pool:
        total = sum(pool.map(whole, xs))»
    return float(total)
`,
    live: ['total', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^total int 15 float 15\.0$/,
  },
  {
    title: 'an exception that got lost',
    original: `def main(xs):
    out = []
    try:
        «for x in xs + [99, 7]:
            out.append(work(x))»
    except ValueError:
        pass
    return out
`,
    candidate: `def quiet(x):
    return None if x == 99 else work(x)


def main(xs):
    out = []
    try:
        «with ProcessPoolExecutor(2) as pool:
            out.extend(r for r in pool.map(quiet, xs + [99]) if r is not None)»
    except ValueError:
        pass
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^exception ValueError: ninety-nine no exception$/,
  },
  {
    title: 'the exception of the lowest index, after what came before it',
    original: `def main(xs):
    out = []
    try:
        «for x in xs + [99, 7]:
            out.append(work(x))»
    except ValueError:
        pass
    return out
`,
    candidate: `def main(xs):
    out = []
    try:
        «with ProcessPoolExecutor(2) as pool:
            for r in pool.map(work, xs + [99, 7]):
                out.append(r)»
    except ValueError:
        pass
    return out
`,
    live: ['out', 'xs'],
    dead: ['x', 'r'],
    status: 'equal',
  },
  {
    title: 'a loop variable that is read afterwards and was not set',
    original: `def main(xs):
    out = []
    «for x in xs:
        out.append(work(x))»
    return out, x
`,
    candidate: `def main(xs):
    out = []
    x = None
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    return out, 5
`,
    live: ['out', 'xs', 'x'],
    status: 'different',
    first: /^x int 5 None$/,
  },
  {
    title: 'a value that the function returns from the loop itself',
    original: `def main(xs):
    «return [work(x) for x in xs]»
`,
    candidate: `def main(xs):
    «with ProcessPoolExecutor(2) as pool:
        return [r + 0.5 for r in pool.map(work, xs)]»
`,
    live: ['xs'],
    status: 'different',
    first: /^return value\[0\] 0\.1 0\.6$/,
  },
  {
    title: 'a counter in the module that a worker counted up for itself',
    original: `calls = 0


def counted(x):
    global calls
    calls += 1
    return work(x)


def main(xs):
    «out = [counted(x) for x in xs]»
    return out
`,
    candidate: `calls = 0


def counted(x):
    global calls
    calls += 1
    return work(x)


def main(xs):
    «with ProcessPoolExecutor(2) as pool:
        out = list(pool.map(counted, xs))»
    return out
`,
    live: ['out', 'xs'],
    status: 'different',
    first: /^<module>\.calls 5 0$/,
  },
  {
    title: 'a random generator of the module that no longer moves',
    original: `import random


def rolled(x):
    return 0 * random.random() + x


def main(xs):
    random.seed(7)
    «out = [rolled(x) for x in xs]»
    return out
`,
    candidate: `import random


def rolled(x):
    return 0 * random.random() + x


def main(xs):
    random.seed(7)
    «with ProcessPoolExecutor(2) as pool:
        out = list(pool.map(rolled, xs))»
    return out
`,
    live: ['out', 'xs'],
    status: 'different',
    first: /^random's state .* not moved$/,
  },
  {
    title: 'output that differs from itself in every run',
    original: `import time


def main(xs):
    out = []
    «for x in xs:
        out.append(work(x))»
    print("it is", time.time_ns())
    return out
`,
    candidate: `import time


def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    print("it is", time.time_ns())
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'equal-as-far',
    notCompared: /stdout line 1.*differs between two runs of the original/,
  },
  {
    title: 'a result that differs from itself in every run',
    original: `import time


def main(xs):
    out = []
    «for x in xs:
        out.append(time.time_ns() + x)»
    return len(out)
`,
    candidate: `import time


def later(x):
    return time.time_ns() + x


def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(later, xs))»
    return len(out)
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'unstable',
    notCompared: /out\[0\].*differs between two runs of the original/,
  },
  {
    title: 'a candidate that takes its sequential path',
    original: COLLECT,
    candidate: `def main(xs):
    out = []
    «if len(xs) < 100:
        out.extend(map(work, xs))
    else:
        with ProcessPoolExecutor(2) as pool:
            out.extend(pool.map(work, xs))»
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'not-run',
  },
  {
    title: 'one iteration only',
    original: COLLECT,
    candidate: `def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    return out
`,
    tail: `

if __name__ == "__main__":
    print(main([4]))
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'not-run',
  },
  {
    title: 'a candidate that prints something else',
    original: COLLECT,
    candidate: `def main(xs):
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    print("done")
    return out
`,
    live: ['out', 'xs'],
    dead: ['x'],
    status: 'different',
    first: /^stdout line 1 \[0\.1.* done$/,
  },
  {
    title: 'an object that cannot be compared',
    original: `import threading


def main(xs):
    guard = threading.Lock()
    out = []
    «for x in xs:
        out.append(work(x))»
    return out, type(guard)
`,
    candidate: `import threading


def main(xs):
    guard = threading.Lock()
    out = []
    «with ProcessPoolExecutor(2) as pool:
        out.extend(pool.map(work, xs))»
    return out, type(guard)
`,
    live: ['out', 'xs', 'guard'],
    dead: ['x'],
    status: 'equal-as-far',
    notCompared: /guard a _thread\.lock cannot be compared/,
  },
];

describe('verify: Python', () => {
  for (const test of cases) {
    it(`${test.title}: ${test.status}`, async () => {
      const result = await check(test);
      assert.equal(result.status, test.status, JSON.stringify(result, null, 1));
      if (test.first) {
        const { where, original, candidate } = result.differences[0]!;
        assert.match(`${where} ${original} ${candidate}`, test.first);
      }
      if (test.notCompared) assert.match(result.notCompared.map((n) => `${n.where} ${n.why}`).join('\n'), test.notCompared);
      if (test.startMethods && result.status === 'equal') assert.deepEqual(result.startMethods, test.startMethods);
    });
  }
});
