/** Programs beside the twelve kernels: arrays of every kind, functions of libm, random expressions. */
import type { Program } from '../python-kernel/native';

/** One function of `math` each, chosen by number, so that one kernel calls all of them. */
export const FUNCTIONS = [
  'sin(x)', 'cos(x)', 'tan(x)', 'asin(x)', 'acos(x)', 'atan(x)', 'atan2(x, y)', 'sinh(x)', 'cosh(x)', 'tanh(x)',
  'exp(x)', 'expm1(x)', 'log(x)', 'log2(x)', 'log10(x)', 'log1p(x)', 'pow(x, y)', 'pow(x, 2.0)', 'pow(x, 0.5)', 'pow(10.0, x)',
  'pow(2.0, x)', 'fmod(x, y)', 'sqrt(x)', 'fabs(x)', 'copysign(x, y)', 'log(x, 3.0)',
]; // prettier-ignore

/** All of them are called by one program. */
export function libmProgram(functions: readonly string[]): Program {
  return chosen('libm', 'float', functions.map((f) => `math.${f}`));
}

/** Sums of products, which a compiler could round once instead of twice, and products so small that it could make them zero. */
export const fused: Program = {
  name: 'fused',
  loop: 'for i in range',
  source: `def sums(xs: list[float], ys: list[float], zs: list[float]) -> list[float]:
    out = []
    for i in range(len(xs)):
        out.append(xs[i] * ys[i] + zs[i])
    return out
`,
};

/** A program that computes one of the expressions, by its number, for each row of three ints and three floats. */
export function chosen(name: string, type: string, expressions: readonly string[]): Program {
  const parameters = 'a: int, b: int, c: int, x: float, y: float, z: float';
  const functions = expressions.map((e, i) => `def e${i}(${parameters}) -> ${type}:\n    return ${e}\n`);
  const pick = expressions.map((_, i) => `    if which == ${i}:\n        return e${i}(a, b, c, x, y, z)\n`).join('');
  const columns = 'which: list[int], a: list[int], b: list[int], c: list[int], x: list[float], y: list[float], z: list[float]';
  const source = `import math


${functions.join('\n\n')}

def pick(which: int, ${parameters}) -> ${type}:
${pick}    raise ValueError(which)


def run(${columns}) -> list[${type}]:
    out = []
    for i in range(len(which)):
        out.append(pick(which[i], a[i], b[i], c[i], x[i], y[i], z[i]))
    return out
`;
  return { name, source, loop: 'for i in range' };
}

export const arrays: Program = {
  name: 'arrays',
  loop: 'for i in range',
  source: `from __future__ import annotations

from array import array


def totals(a: array[float], b: memoryview[int], flags: list[bool], scale: float, start: int) -> list[float]:
    out = []
    for i in range(start, len(flags) + start):
        value = a[-i] * scale
        if flags[i]:
            value += b[i] % -3
        out.append(value)
    return out
`,
};

export const recursion: Program = {
  name: 'recursion',
  loop: 'for n in ns',
  source: `def depth(n: int) -> int:
    if n <= 0:
        return 0
    return depth(n - 1) + 1


def depths(ns: list[int]) -> list[int]:
    out = []
    for n in ns:
        out.append(depth(n))
    return out
`,
};

export const memory: Program = {
  name: 'memory',
  loop: 'for n in ns',
  source: `def lengths(ns: list[int]) -> list[int]:
    out = []
    for n in ns:
        out.append(len([0.5] * n))
    return out
`,
};

export const lists: Program = {
  name: 'lists',
  loop: 'for n in ns',
  source: `def primes(limit: int) -> int:
    found = [True] * limit
    count = 0
    for n in range(2, limit):
        if found[n]:
            count += 1
            for k in range(n * n, limit, n):
                found[k] = False
    return count


def both(ns: list[int]) -> list[tuple[int, int]]:
    out = []
    for n in ns:
        type = [n, n + 1, n + 2]
        last = [0] * 3
        for match in range(2, -1, -1):
            last, type = type, last
            last[match] += match
        largest = max(last)
        out.append((primes(n), largest + sum(type)))
    return out
`,
};

/** Compares a program of `chosen` at edge values; an iteration that raises is run by itself. Prints what is different, and how many turns were native. */
export const EDGES = `
import itertools, math, random

INTS = [0, 1, -1, 2, 7, -7, 64, 2**31, -2**53 - 1, 2**62, 2**63 - 1, -2**63]
FLOATS = [0.0, -0.0, 1.0, -1.5, 2.5, 0.1, 1e308, -1e308, 5e-324, 123456.789, math.inf, -math.inf, math.nan]
name, kernel, count, points = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
before, after, seen = load(name, kernel)
chance = random.Random(7)
any_float = lambda: struct.unpack("d", chance.randbytes(8))[0]
edges = [tuple(chance.choice(v) for v in (INTS, INTS, INTS, FLOATS, FLOATS, FLOATS)) for _ in range(points // 2)]
anywhere = [(chance.randint(-100, 100), chance.randint(-9, 9), chance.randint(-2**63, 2**63 - 1), chance.uniform(-30, 30), chance.uniform(-1, 1), any_float()) for _ in range(points - len(edges))]
turns = [(which, *values) for which in range(count) for values in edges + anywhere]
columns = lambda rows: [list(c) for c in zip(*rows)]
fine = []
for row in turns:
    expected = outcome(before.run, *columns([row]))
    if type(expected) is tuple:
        if not same(expected, got := outcome(after.run, *columns([row]))):
            print(json.dumps({"row": repr(row), "expected": repr(expected)[:200], "got": repr(got)[:200]}))
    else:
        fine.append((row, expected[0]))
got = after.run(*columns([row for row, _ in fine]))
for (row, expected), value in zip(fine, got):
    if not same(expected, value):
        print(json.dumps({"row": repr(row), "expected": repr(expected)[:200], "got": repr(value)[:200]}))
print(json.dumps({"turns": len(turns), "native": sum(v is not None for v in seen)}))
`;

export const paths: Program = {
  name: 'paths',
  loop: 'for i in range',
  source: `def paths(xs: list[float], counts: list[int], grid: list[list[float]]) -> list[float]:
    out = []
    for i in range(len(xs)):
        x = xs[i]
        for j in range(len(grid[i])):
            if grid[i][j] < 0.0:
                continue
            grid[i][j] += x
        counts[i] += 1
        if x < 0.0:
            continue
        if x > 10.0:
            out.append(x / (x - 11.0))
        out.append(x * 2.0)
    return out
`,
};
