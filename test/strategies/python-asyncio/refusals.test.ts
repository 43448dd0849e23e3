import assert from 'node:assert/strict';
import { pythonAsyncio } from '../../../src/strategies/python/asyncio';
import { release, rewriteLoop, writeProgram } from '../python-process-pool/support';

interface Refused {
  readonly name: string;
  readonly source: string;
  /** How the loop begins. */
  readonly loop: string;
  readonly why: RegExp;
  readonly remedy?: RegExp;
}

const ASK = 'import asyncio\nimport time\n\ndef ask(k):\n    time.sleep(0.1)\n    return k\n\nasync def later(k):\n    await asyncio.sleep(0.1)\n    return k\n\n';

const refused: readonly Refused[] = [
  {
    name: 'a loop that computes',
    source: 'def f(n):\n    out = []\n    for i in range(n):\n        out.append(i ** 3)\n    return out\n',
    loop: 'for i in',
    why: /asyncio runs on one core, and the loop on line 3 waits for nothing: it computes/,
    remedy: /pool of processes/,
  },
  {
    name: 'a coroutine that computes',
    source: 'async def g(i: int):\n    return i ** 3\nasync def f(n: int):\n    out = []\n    for i in range(n):\n        out.append(await g(i))\n    return out\n',
    loop: 'for i in',
    why: /the loop on line 5 awaits what never waits for a device or a network/,
  },
  {
    name: 'calls of which it is not known whether they wait',
    source: 'def f(client, keys):\n    out = []\n    for key in keys:\n        out.append(client.look_up(key))\n    return out\n',
    loop: 'for key in',
    why: /it is not known whether `client\.look_up` on line 4 waits/,
  },
  {
    name: 'a loop that may end early',
    source: `${ASK}def f(keys):\n    for key in keys:\n        if ask(key) > 3:\n            break\n`,
    loop: 'for key in',
    why: /line 13 may end early \(break on line 15\)/,
  },
  { name: 'a loop in a generator', source: `${ASK}def f(keys):\n    for key in keys:\n        yield ask(key)\n`, loop: 'for key in', why: /line 13 is in a generator/, remedy: /function of its own/ },
  {
    name: 'an `async for`',
    source: `${ASK}async def f(keys):\n    out = []\n    async for key in keys:\n        out.append(await later(key))\n    return out\n`,
    loop: 'async for',
    why: /line 14 is an `async for`: its items come one after the other/,
  },
  {
    name: 'an asynchronous comprehension',
    source: `${ASK}async def f(keys):\n    return [await later(key) async for key in keys]\n`,
    loop: '[await',
    why: /comprehension on line 13 is asynchronous/,
  },
  { name: 'a `for` with `else`', source: `${ASK}def f(keys):\n    out = []\n    for key in keys:\n        out.append(ask(key))\n    else:\n        out.append(0)\n    return out\n`, loop: 'for key in', why: /has an `else`/ },
  { name: 'a loop that runs while a condition holds', source: `${ASK}def f(n):\n    out = []\n    while n > 0:\n        out.append(ask(0))\n        n -= 1\n    return out\n`, loop: 'while', why: /runs while a condition holds/ },
  {
    name: 'a loop that a coroutine calls',
    source: `${ASK}def ask_all(keys):\n    return [ask(key) for key in keys]\n\ndef run(keys):\n    return ask_all(keys)\n\nasync def main():\n    print(run([1, 2]))\n`,
    loop: '[ask(key)',
    why: /line 13 runs inside the event loop of `main` \(line 19\), where a second one cannot be started/,
    remedy: /asyncio\.to_thread/,
  },
  {
    name: 'a list that other code holds, filled while the loop waits',
    source: `${ASK}class Feed:\n    def __init__(self):\n        self.items = []\n    async def load(self, keys):\n        for key in keys:\n            self.items.append(await later(key))\n`,
    loop: 'for key in',
    why: /`self\.items` on line 17 is held by other code as well: what other coroutines see of it/,
    remedy: /local variable/,
  },
  {
    name: 'a variable that a nested function shows to others while the loop waits',
    source: `${ASK}async def f(keys):\n    done = []\n    async def report():\n        await asyncio.sleep(1)\n        print(len(done))\n    watcher = asyncio.create_task(report())\n    for key in keys:\n        done.append(await later(key))\n    await watcher\n    return done\n`,
    loop: 'for key in',
    why: /`done` on line 19 is held by other code/,
  },
  {
    name: 'a coroutine that kept others waiting, with a global that changes',
    source: `${ASK}scale = 1\n\ndef set_scale(v):\n    global scale\n    scale = v\n\nasync def f(keys):\n    out = []\n    for key in keys:\n        time.sleep(0.1)\n        out.append(key * scale)\n    return out\n`,
    loop: 'for key in',
    why: /`scale` \(line 22\) changes while the program runs/,
    remedy: /pass `scale`/,
  },
  {
    name: 'a database connection used in threads',
    source: 'import sqlite3\nimport time\n\ndef f(keys: list[int]):\n    db = sqlite3.connect("x.db")\n    out = []\n    for key in keys:\n        time.sleep(0.1)\n        out.append(db.execute("select ?", (key,)).fetchone())\n    return out\n',
    loop: 'for key in',
    why: /`db` \(line 5\) may only be used by the thread that opened it/,
  },
  {
    name: 'a list outside the loop that every iteration fills',
    source: `${ASK}def f(keys: list[int]):\n    parts = [0] * 3\n    out = []\n    for key in keys:\n        for j in range(3):\n            parts[j] = ask(key + j)\n        out.append(sum(parts))\n    return out\n`,
    loop: 'for key in',
    why: /`parts\[j\]`, written on line 17, is written by several iterations/,
  },
  {
    name: 'next() without a default',
    source: `${ASK}def f(rows):\n    out = []\n    for row in rows:\n        time.sleep(0.1)\n        out.append(next(iter(row)))\n    return out\n`,
    loop: 'for row in',
    why: /`next\(iter\(row\)\)` on line 16 may raise StopIteration/,
    remedy: /default/,
  },
  {
    name: 'super() in the body',
    source: `${ASK}class A:\n    def ask(self, k):\n        return ask(k)\n\nclass B(A):\n    def f(self, keys):\n        out = []\n        for key in keys:\n            out.append(super().ask(key))\n        return out\n`,
    loop: 'for key in',
    why: /super\(\) on line 20 means something else inside/,
  },
  {
    name: 'a map that is consumed later',
    source: `${ASK}def f(keys):\n    m = map(ask, keys)\n    return m\n`,
    loop: 'map(',
    why: /taken one by one, later/,
    remedy: /list/,
  },
  {
    name: 'a header without end',
    source: `${ASK}import itertools\n\ndef f():\n    out = []\n    for i in itertools.count():\n        out.append(ask(i))\n    return out\n`,
    loop: 'for i in',
    why: /lazily/,
  },
  {
    name: 'a comprehension inside another',
    source: `${ASK}def f(rows):\n    return [[ask(key) for key in row] for row in rows]\n`,
    loop: '[ask(key)',
    why: /inside another comprehension/,
    remedy: /outer/,
  },
];

describe('python/asyncio: refusals', () => {
  for (const { name, source, loop, why, remedy } of refused) {
    it(name, async () => {
      const program = writeProgram({ 'main.py': source }, 'main.py');
      try {
        const { fits } = await rewriteLoop(program, loop, {}, pythonAsyncio);
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
