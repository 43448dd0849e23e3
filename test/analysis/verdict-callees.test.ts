import { table } from './helpers';

/** Who is called: one of the functions that are seen, or perhaps another. */
describe('callees that may be others than those that are seen', () => {
  table('python', {
    'what is given, or a default': { code: 'def f(xs, g=None):\n    h = g or (lambda x: x * 2)\n    return [h(x) for x in xs]\n', verdict: 'unknown' },
    'a default that a caller may replace': { code: 'def f(xs, g=lambda x: x * 2):\n    return [g(x) for x in xs]\n', verdict: 'unknown' },
    'what is given, by its type a function, or a default': { code: 'from typing import Callable\ndef f(xs, g: Callable[[int], int] | None = None):\n    h = g or (lambda x: x * 2)\n    return [h(x) for x in xs]\n', verdict: 'unknown' },
    'replaced under a condition': { code: 'def f(xs, g):\n    h = lambda x: x * 2\n    if g:\n        h = g\n    return [h(x) for x in xs]\n', verdict: 'unknown' },
    'one of two that are both seen': { code: 'def f(xs, twice):\n    h = lambda x: x * 2\n    if twice:\n        h = lambda x: x * 4\n    return [h(x) for x in xs]\n', verdict: 'parallel' },
    'none, or one that is seen': { code: 'def f(xs, twice):\n    h = None\n    if twice:\n        h = lambda x: x * 4\n    return [h(x) for x in xs]\n', verdict: 'parallel' },
    'a class, or a function': { code: 'from elsewhere import Box\ndef f(xs, boxed):\n    h = lambda x: x * 2\n    if boxed:\n        h = Box\n    return [h(x) for x in xs]\n', verdict: 'unknown' },
    'a caller that gives what is called': { code: 'def each(xs, g):\n    h = g or (lambda x: x * 2)\n    return [h(x) for x in xs]\ndef f(rows: list):\n    out = []\n    for row in rows:\n        out.append(each([row], lambda x: x + 1))\n    return out\n', verdict: 'parallel', loop: 1 },
    'a field that is set under a condition': { code: 'class A:\n    def run(self, xs, plain):\n        if plain:\n            self.step = lambda x: x * 2\n        return [self.step(x) for x in xs]\n', verdict: 'unknown' },
  });
  table('javascript', {
    'what is given, or a default': { code: 'export function f(xs, g) {\n  const h = g || ((x) => x * 2);\n  const out = [];\n  for (const x of xs) out.push(h(x));\n  return out;\n}\n', verdict: 'unknown' },
    'a library function, or one that is given': { code: 'export function f(xs, g) {\n  const h = g ?? Math.sqrt;\n  const out = [];\n  for (const x of xs) out.push(h(x));\n  return out;\n}\n', verdict: 'unknown' },
    'what is given, or a default, in a map': { code: 'export function f(xs, g) {\n  const h = g ?? ((x) => x * 2);\n  return [...xs].map(h);\n}\n', verdict: 'unknown' },
    'one of two that are both seen': { code: 'export function f(xs, twice) {\n  const h = twice ? (x) => x * 4 : (x) => x * 2;\n  const out = [];\n  for (const x of xs) out.push(h(x));\n  return out;\n}\n', verdict: 'parallel' },
    'replaced under a condition': { code: 'export function f(xs, g) {\n  let h = (x) => x * 2;\n  if (g) h = g;\n  const out = [];\n  for (const x of xs) out.push(h(x));\n  return out;\n}\n', verdict: 'unknown' },
  });
});
