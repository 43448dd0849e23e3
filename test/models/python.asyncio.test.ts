import { table } from '../analysis/helpers';

describe('models of what waits', () => {
  table('python', {
    'a page is fetched': { code: 'import urllib.request\ndef f(urls: list[str]):\n    out = []\n    for url in urls:\n        with urllib.request.urlopen(url) as r:\n            out.append(r.read())\n    return out\n', verdict: 'parallel', bound: 'io' },
    'a pause': { code: 'import asyncio\nasync def f(ns: list[int]):\n    out = []\n    for n in ns:\n        await asyncio.sleep(0.1)\n        out.append(n)\n    return out\n', verdict: 'sequential', reason: 'await', bound: 'io' },
    'a pause in a coroutine that is called': { code: 'import asyncio\nasync def g(n: int):\n    await asyncio.sleep(0.1)\n    return n\nasync def f(ns: list[int]):\n    return [await g(n) for n in ns]\n', verdict: 'sequential', reason: 'await', bound: 'io' },
    'with a time limit': { code: 'import asyncio\nasync def g(n: int):\n    await asyncio.sleep(0.1)\n    return n\nasync def f(ns: list[int]):\n    return [await asyncio.wait_for(g(n), 3) for n in ns]\n', verdict: 'sequential', reason: 'await', bound: 'io' },
    'in a thread': { code: 'import asyncio, time\ndef g(n: int):\n    time.sleep(0.1)\n    return n\nasync def f(ns: list[int]):\n    return [await asyncio.to_thread(g, n) for n in ns]\n', verdict: 'sequential', reason: 'await', bound: 'io' },
    'a queue is shared': { code: 'import asyncio\ndef f(ns: list[int]):\n    q = asyncio.Queue()\n    for n in ns:\n        q.put_nowait(n)\n    return q\n', verdict: 'sequential', bound: 'io' },
  });
});
