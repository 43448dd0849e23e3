import { table } from './helpers';

/** Headers whose step is a name, and containers that are written as a whole or by keys. */
describe('verdicts of loops with a step that is a name', () => {
  table('javascript', {
    'a constant step': { code: 'export function f(a, step) {\n  const by = Math.max(1, step);\n  let line = "";\n  for (let i = 0; i < a.length; i += by) line += "x";\n  return line;\n}\n', verdict: 'reduction', places: ['line: accumulator(concatenation)'] },
    'a step that is a parameter': { code: 'export function f(n, step) {\n  const out = new Float64Array(100);\n  for (let i = 0; i < n; i += step) out[i] = i;\n  return out;\n}\n', verdict: 'parallel' },
    'a step that the loop changes': { code: 'export function f(n) {\n  let step = 1;\n  const out = new Float64Array(100);\n  for (let i = 0; i < n; i += step) {\n    step = step * 2;\n    out[i] = i;\n  }\n  return out;\n}\n', verdict: 'sequential' },
    'a neighbour at an unknown step': { code: 'export function f(n, step) {\n  const out = new Float64Array(100);\n  for (let i = 1; i < n; i += step) out[i] = out[i - 1] + 1;\n  return out;\n}\n', verdict: 'unknown' },
    'a stretch as long as a step that may be a fraction': { code: 'export function f(n, step) {\n  const out = {};\n  for (let i = 1; i < n; i += step) {\n    out[2 * i] = out[2 * i + 1];\n  }\n  return out;\n}\n', verdict: 'unknown' },
  });
  table('python', {
    'a step that is a parameter': { code: 'def f(n: int, step: int):\n    out = [0] * 100\n    i = 0\n    while i < n:\n        out[i] = i\n        i += step\n    return out\n', verdict: 'parallel' },
  });
});

describe('verdicts of loops that cut or clear an array', () => {
  table('javascript', {
    'a length that is set': { code: 'export function f(n) {\n  const shared = [1, 2, 3];\n  for (let y = 0; y < n; y++) shared.length = y;\n  return shared;\n}\n', verdict: 'sequential', place: 'shared.length' },
    'an element and the length': { code: 'export function f(n, shared) {\n  for (let y = 0; y < n; y++) {\n    shared[y] = y;\n    shared.length = y;\n  }\n}\n', verdict: 'sequential' },
    'the length of an array of its own': { code: 'export function f(n) {\n  const out = [];\n  for (let y = 0; y < n; y++) {\n    const own = [1, 2, 3];\n    own.length = 2;\n    out.push(own);\n  }\n  return out;\n}\n', verdict: 'parallel' },
  });
});

describe('verdicts of loops that share a memo', () => {
  table('javascript', {
    'keys that differ from what is asked for': { code: 'export function f(count) {\n  const memo = new Map([[1, 1]]);\n  const out = [];\n  for (let s = 1; s <= count; s++) {\n    let n = s;\n    while (!memo.has(n)) n = n % 2 === 0 ? n / 2 : 3 * n + 1;\n    const top = memo.get(n);\n    memo.set(n + s * s, top);\n    out.push(top);\n  }\n  return out;\n}\n', verdict: 'sequential', reason: 'flow', place: 'memo' },
    'the key of the iteration': { code: 'export function f(count) {\n  const memo = new Map();\n  for (let s = 1; s <= count; s++) {\n    if (!memo.has(s)) memo.set(s, s * s);\n  }\n  return memo;\n}\n', verdict: 'parallel' },
  });
  table('python', {
    'keys that differ from what is asked for': { code: 'def f(count: int):\n    memo = {1: 1}\n    out = []\n    for s in range(count):\n        n = s\n        while n not in memo:\n            n = n // 2 if n % 2 == 0 else 3 * n + 1\n        top = memo[n]\n        memo[n + s * s] = top\n        out.append(top)\n    return out\n', verdict: 'sequential', reason: 'flow', place: 'memo' },
  });
});

describe('verdicts of loops that group by a key', () => {
  const grouping = (body: string): string => `export function f(found: readonly number[]) {\n  const groups = new Map<number, number[]>();\n  let hits = 0;\n  for (const x of found) {\n    ${body}\n  }\n  return [groups, hits];\n}\n`;
  table('typescript', {
    'get, then push or set': { code: grouping('const group = groups.get(x % 7);\n    if (group) group.push(x);\n    else groups.set(x % 7, [x]);'), verdict: 'reduction', places: ['group: accumulator(grouping)'] },
    'in a callback': { code: 'export function f(found: readonly { index: number }[]) {\n  const groups = new Map<number, number[]>();\n  found.forEach(({ index }, query) => {\n    const group = groups.get(index);\n    if (group) group.push(query);\n    else groups.set(index, [query]);\n  });\n  return groups;\n}\n', verdict: 'reduction' },
    'set where there is none, then push': { code: grouping('let group = groups.get(x % 7);\n    if (group === undefined) {\n      group = [];\n      groups.set(x % 7, group);\n    }\n    group.push(x);'), verdict: 'reduction' },
    'another key is set': { code: grouping('const group = groups.get(x % 7);\n    if (group) group.push(x);\n    else groups.set(x % 5, [x]);'), verdict: 'sequential' },
    'whether there was one is counted': { code: grouping('const group = groups.get(x % 7);\n    if (group) group.push(x);\n    else groups.set(x % 7, [x]);\n    if (group) hits = hits * 2 + 1;'), verdict: 'sequential' },
    'the length of the group is read': { code: grouping('const group = groups.get(x % 7);\n    if (group) group.push(x + groups.size);\n    else groups.set(x % 7, [x]);'), verdict: 'sequential' },
    'the group is used later': { code: grouping('const group = groups.get(x % 7);\n    if (group) group.push(x);\n    else groups.set(x % 7, [x]);\n    hits += group ? group.length : 0;'), verdict: 'sequential' },
  });
  table('python', {
    'append or set': { code: 'def f(xs: list[int]):\n    d: dict[int, list[int]] = {}\n    for x in xs:\n        if x % 7 in d:\n            d[x % 7].append(x)\n        else:\n            d[x % 7] = [x]\n    return d\n', verdict: 'reduction' },
  });
});
