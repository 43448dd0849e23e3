import { table } from './helpers';

describe('verdicts of JavaScript loops: no carried place', () => {
  table('javascript', {
    'ordered collect': { code: 'export function f(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(i * i);\n  return out;\n}\n', verdict: 'parallel', places: ['out: collect', 'i: private'] },
    'conditional collect': { code: 'export function f(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) {\n    if (i % 3 === 0) out.push(i);\n  }\n  return out;\n}\n', verdict: 'parallel', places: ['out: collect'] },
    map: { code: 'export function f(n) {\n  const xs = [1, 2, 3];\n  return xs.map((x) => x * 2);\n}\n', verdict: 'parallel' },
    'map with an index': { code: 'export function f() {\n  const xs = [1, 2, 3];\n  return xs.map((x, i) => x * i);\n}\n', verdict: 'parallel' },
    filter: { code: 'export function f() {\n  return [1, 2, 3].filter((x) => x > 1);\n}\n', verdict: 'parallel' },
    'forEach that pushes': { code: 'export function f() {\n  const out = [];\n  [1, 2, 3].forEach((x) => {\n    out.push(x + 1);\n  });\n  return out;\n}\n', verdict: 'parallel', places: ['out: collect'] },
    'Array.from with a length': { code: 'export function f(n) {\n  return Array.from({ length: n }, (_, i) => i * i);\n}\n', verdict: 'parallel' },
    'map over a named function': { code: 'function square(x) {\n  return x * x;\n}\nexport function f() {\n  return [1, 2, 3].map(square);\n}\n', verdict: 'parallel' },
    'element writes': { code: 'export function f(n) {\n  const out = new Array(n);\n  for (let i = 0; i < n; i += 1) out[i] = i * 2;\n  return out;\n}\n', verdict: 'parallel', places: ['out[i]: element'] },
    'typed array': { code: 'export function f(n) {\n  const out = new Float64Array(n);\n  for (let i = 0; i < n; i++) out[i] = Math.sqrt(i);\n  return out;\n}\n', verdict: 'parallel', assumes: [] },
    'rows made apart': { code: 'export function f(n, m) {\n  const grid = Array(n).fill(null).map(() => Array(m).fill(0));\n  for (let i = 0; i < n; i++) {\n    for (let j = 0; j < m; j++) grid[i][j] = i + j;\n  }\n  return grid;\n}\n', verdict: 'parallel', loop: 1 },
    'flat image': { code: 'export function f(img, w, h) {\n  const out = new Uint8Array(w * h);\n  for (let y = 0; y < h; y++) {\n    for (let x = 0; x < w; x++) out[y * w + x] = 255 - img[y * w + x];\n  }\n  return out;\n}\n', verdict: 'parallel' },
    'for of': { code: 'export function f() {\n  const out = [];\n  for (const x of [1, 2, 3]) out.push(x);\n  return out;\n}\n', verdict: 'parallel', places: ['out: collect', 'x: private'] },
    'for in over own keys': { code: 'export function f(o) {\n  for (const k in o) {\n    o[k] = k.length;\n  }\n}\n', verdict: 'parallel' },
    'counting down': { code: 'export function f(n) {\n  const a = new Float64Array(n);\n  for (let i = n - 1; i >= 0; i--) a[i] = i;\n  return a;\n}\n', verdict: 'parallel' },
    'step of two': { code: 'export function f(n) {\n  const a = new Float64Array(n);\n  for (let i = 0; i < n; i += 2) a[i] = a[i + 1];\n  return a;\n}\n', verdict: 'parallel' },
    'methods of a class': { code: 'class M {\n  constructor(n) {\n    this.data = new Float64Array(n);\n  }\n  get(i) {\n    return this.data[i];\n  }\n  set(i, v) {\n    this.data[i] = v;\n  }\n  double(n) {\n    for (let i = 0; i < n; i++) this.set(i, this.get(i) * 2);\n  }\n}\nexport { M };\n', verdict: 'parallel' },
    'nested callbacks': { code: 'export function f() {\n  const xs = [[1], [2]];\n  return xs.map((row) => row.map((x) => x * 2));\n}\n', verdict: 'parallel' },
    'scratch of the iteration': { code: 'export function f(n) {\n  const out = [];\n  let t;\n  for (let i = 0; i < n; i++) {\n    t = i * 2;\n    out.push(t + 1);\n  }\n  return out;\n}\n', verdict: 'parallel', places: ['t: private'] },
    'continue is no exit': { code: 'export function f(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) {\n    if (i % 2) continue;\n    out.push(i);\n  }\n  return out;\n}\n', verdict: 'parallel' },
    'find of a pure test': { code: 'export function f() {\n  return [1, 2, 3].find((x) => x > 1);\n}\n', verdict: 'parallel' },
    'throw that is caught inside': { code: 'export function f(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) {\n    try {\n      if (i > 3) throw new Error("x");\n      out.push(i);\n    } catch {\n      out.push(-1);\n    }\n  }\n  return out;\n}\n', verdict: 'parallel' },
  });
});

describe('verdicts of JavaScript loops: reductions', () => {
  table('javascript', {
    sum: { code: 'export function f(n) {\n  let total = 0;\n  for (let i = 0; i < n; i++) total += i * i;\n  return total;\n}\n', verdict: 'reduction', places: ['total: accumulator(sum)'] },
    'sum in forEach': { code: 'export function f() {\n  let total = 0;\n  [1, 2, 3].forEach((x) => {\n    total += x;\n  });\n  return total;\n}\n', verdict: 'reduction', places: ['total: accumulator(sum)'] },
    'reduce by plus': { code: 'export function f() {\n  return [1, 2, 3].reduce((a, x) => a + x * x, 0);\n}\n', verdict: 'reduction' },
    'reduce by maximum': { code: 'export function f() {\n  return [1, 2, 3].reduce((a, x) => Math.max(a, x), 0);\n}\n', verdict: 'reduction' },
    count: { code: 'export function f(n) {\n  let c = 0;\n  for (let i = 0; i < n; i++) {\n    if (i % 3 === 0) c++;\n  }\n  return c;\n}\n', verdict: 'reduction', places: ['c: accumulator(count)'] },
    maximum: { code: 'export function f() {\n  let best = -Infinity;\n  for (const x of [1, 2, 3]) {\n    if (x > best) best = x;\n  }\n  return best;\n}\n', verdict: 'reduction', places: ['best: accumulator(max)'] },
    'minimum by call': { code: 'export function f() {\n  let best = Infinity;\n  for (const x of [1, 2, 3]) best = Math.min(best, x);\n  return best;\n}\n', verdict: 'reduction', places: ['best: accumulator(min)'] },
    'flag by or': { code: 'export function f() {\n  let any = false;\n  for (const x of [1, 2, 3]) any = any || x > 2;\n  return any;\n}\n', verdict: 'reduction', places: ['any: accumulator(or)'] },
    'set building': { code: 'export function f() {\n  const seen = new Set();\n  for (const x of [1, 2, 3]) seen.add(x % 2);\n  return seen;\n}\n', verdict: 'reduction', places: ['seen: accumulator(set-union)'] },
    'map by key': { code: 'export function f() {\n  const m = new Map();\n  for (const x of [1, 2, 3]) m.set(x % 2, x);\n  return m;\n}\n', verdict: 'reduction' },
    'histogram of a map': { code: 'export function f() {\n  const m = new Map();\n  for (const x of [1, 2, 3]) m.set(x % 2, (m.get(x % 2) ?? 0) + 1);\n  return m;\n}\n', verdict: 'reduction' },
    'histogram of an object': { code: 'export function f() {\n  const h = {};\n  for (const w of ["a", "b"]) h[w] = (h[w] || 0) + 1;\n  return h;\n}\n', verdict: 'reduction', places: ['h: accumulator(histogram)'] },
    'histogram of an array': { code: 'export function f(n) {\n  const h = new Int32Array(10);\n  for (let i = 0; i < n; i++) h[(i * 7) % 10] += 1;\n  return h;\n}\n', verdict: 'reduction', places: ['h: accumulator(histogram)'] },
    'string concatenation': { code: 'export function f() {\n  let s = "";\n  for (const w of ["a", "b"]) s += w.toUpperCase();\n  return s;\n}\n', verdict: 'reduction', places: ['s: accumulator(concatenation)'] },
    some: { code: 'export function f() {\n  return [1, 2, 3].some((x) => x > 2);\n}\n', verdict: 'parallel' },
  });
});

describe('verdicts of JavaScript loops: sequential and unknown', () => {
  table('javascript', {
    recurrence: { code: 'export function f(n) {\n  const a = new Float64Array(n);\n  for (let i = 1; i < n; i++) a[i] = a[i - 1] + 1;\n  return a;\n}\n', verdict: 'sequential', reason: 'flow', place: 'a[i]' },
    'carried variable': { code: 'export function f() {\n  let prev = 0;\n  const out = [];\n  for (const x of [1, 2, 3]) {\n    out.push(x - prev);\n    prev = x;\n  }\n  return out;\n}\n', verdict: 'sequential', reason: 'flow', place: 'prev' },
    'carried in forEach': { code: 'export function f() {\n  let prev = 0;\n  const out = [];\n  [1, 2, 3].forEach((x) => {\n    out.push(x - prev);\n    prev = x;\n  });\n  return out;\n}\n', verdict: 'sequential', place: 'prev' },
    'reduce of a hash': { code: 'export function f() {\n  return [1, 2, 3].reduce((a, x) => a * 31 + x, 7);\n}\n', verdict: 'sequential' },
    break: { code: 'export function f(n) {\n  for (let i = 0; i < n; i++) {\n    if (i > 3) break;\n  }\n}\n', verdict: 'sequential', reason: 'exit' },
    return: { code: 'export function f(n) {\n  for (let i = 0; i < n; i++) {\n    if (i > 3) return i;\n  }\n  return 0;\n}\n', verdict: 'sequential', reason: 'exit' },
    throw: { code: 'export function f(n) {\n  for (let i = 0; i < n; i++) {\n    if (i > 3) throw new Error("x");\n  }\n}\n', verdict: 'sequential', reason: 'exit' },
    'break out of two loops': { code: 'export function f(n) {\n  outer: for (let i = 0; i < n; i++) {\n    for (let j = 0; j < n; j++) {\n      if (i * j > 9) break outer;\n    }\n  }\n}\n', verdict: 'sequential', reason: 'exit' },
    await: { code: 'async function g(x) {\n  return x;\n}\nexport async function f() {\n  const out = [];\n  for (const x of [1, 2]) out.push(await g(x));\n  return out;\n}\n', verdict: 'sequential', reason: 'await' },
    yield: { code: 'export function* f() {\n  for (const x of [1, 2]) yield x;\n}\n', verdict: 'sequential', reason: 'exit' },
    'console.log': { code: 'export function f() {\n  for (const x of [1, 2]) console.log(x);\n}\n', verdict: 'sequential', reason: 'effect' },
    'Math.random': { code: 'export function f(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(Math.random());\n  return out;\n}\n', verdict: 'sequential', reason: 'effect' },
    'one row in every slot': { code: 'export function f(n) {\n  const grid = new Array(n).fill([0, 0]);\n  for (let i = 0; i < n; i++) {\n    grid[i][0] = grid[i][1] + i;\n    grid[i][1] = i;\n  }\n  return grid;\n}\n', verdict: 'sequential' },
    'a counter of a closure': { code: 'let n = 0;\nfunction next() {\n  n += 1;\n  return n;\n}\nexport function f() {\n  return [1, 2, 3].map((x) => x + next());\n}\n', verdict: 'sequential' },
    'output that is read after the loop': { code: 'export function f(n) {\n  let last = -1;\n  for (let i = 0; i < n; i++) {\n    if (i % 3 === 0) last = i;\n  }\n  return last;\n}\n', verdict: 'sequential', reason: 'output', place: 'last' },
    worklist: { code: 'export function f(todo) {\n  let n = 0;\n  while (todo.length > 0) {\n    const x = todo[todo.length - 1];\n    todo.length -= 1;\n    n += x;\n  }\n  return n;\n}\n', verdict: 'sequential' },
    'reads the length of the collect': { code: 'export function f(n) {\n  const out = [];\n  for (let i = 0; i < n; i++) out.push(out.length);\n  return out;\n}\n', verdict: 'sequential' },
    'a call that is not seen': { code: 'import { g } from "somewhere";\nexport function f() {\n  return [1, 2, 3].map((x) => g(x));\n}\n', verdict: 'unknown', reason: 'call', place: 'g' },
    'a callback that is not seen': { code: 'export function f(g) {\n  return [1, 2, 3].map((x) => g(x));\n}\n', verdict: 'unknown', reason: 'call', place: 'g' },
    'a method of a value of unseen type': { code: 'export function f(xs) {\n  const out = [];\n  for (const x of xs) out.push(x.area());\n  return out;\n}\n', verdict: 'unknown', reason: 'call' },
    'subscripts from data': { code: 'export function f(idx, n) {\n  const a = new Float64Array(n);\n  for (let i = 0; i < n; i++) a[idx[i]] = i;\n  return a;\n}\n', verdict: 'unknown' },
  });
  table('typescript', {
    'typed parameters need no assumption': { code: 'export function f(xs: number[]): number[] {\n  const out: number[] = [];\n  for (const x of xs) out.push(x * x);\n  return out;\n}\n', verdict: 'parallel', assumes: [], places: ['out: collect'] },
    'typed sum': { code: 'export function f(xs: readonly number[]): number {\n  let total = 0;\n  for (const x of xs) total += x;\n  return total;\n}\n', verdict: 'reduction', assumes: [] },
    'own objects of an interface': { code: 'interface P { x: number }\nexport function f(ps: P[]): void {\n  for (const p of ps) p.x += 1;\n}\n', verdict: 'parallel', places: ['p.x: own-object'] },
    'class instances': { code: 'class P {\n  x = 0;\n  step(): void {\n    this.x += 1;\n  }\n}\nexport function f(ps: P[]): void {\n  for (const p of ps) p.step();\n}\n', verdict: 'parallel' },
  });
});
