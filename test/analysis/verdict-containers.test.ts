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
