/** Programs that calculate with complex numbers: a picture, and each operation at the edges of floats. */
import type { Program } from './native';

export const mandelbrot: Program = {
  name: 'mandelbrot_complex',
  loop: 'for y in range',
  source: `def escape(c: complex, limit: int) -> int:
    z = 0j
    for n in range(limit):
        if abs(z) > 2.0:
            return n
        z = z * z + c
    return limit


def picture(height: int, width: int, limit: int) -> list[int]:
    rows = []
    for y in range(height):
        total = 0
        z = complex(0.25, -0.5) / (y + 1j)
        for x in range(width):
            total += escape(complex(3.0 * x / width - 2.0, 2.0 * y / height - 1.0), limit) * (x + 1)
            z *= 0.75 - 0.5j
        rows.append(total)
        rows.append(z)
    return rows


def result(size: int) -> object:
    return [(value.real, value.imag) for value in picture(size, size, 60)]
`,
};

const EXPRESSIONS = [
  'a + b', 'a - b', 'a * b', 'a / b', 'a + x', 'x + a', 'a - x', 'x - a', 'a * x', 'x * a', 'a / x', 'x / a', 'n * a', 'a / n', 'n - a', 'a - n',
  '-a', '+a * b', 'a.conjugate() * b', 'a * 2j', '1 - a * b', '(a + b) * (a - b) / 2.0', 'complex(x, n)', 'complex(a)', 'abs(a) * b', 'abs(a - b) / a', 'complex(a.imag, x) + 1.0',
]; // prettier-ignore

const PARAMETERS = 'a: complex, b: complex, x: float, n: int, part: int';

/** One turn for each operation, part and values; turns in which Python raises are left out. */
export const operations: Program = {
  name: 'operations',
  loop: 'for k in range',
  source: `import math
import random


${EXPRESSIONS.map(
  (e, k) => `def e${k}(${PARAMETERS}) -> float:
    z = ${e}
    if z == a or z != z:
        return z.real + part
    return z.real if part == 0 else z.imag
`,
).join('\n\n')}

def pick(which: int, ${PARAMETERS}) -> float:
${EXPRESSIONS.map((_, k) => `    if which == ${k}:\n        return e${k}(a, b, x, n, part)\n`).join('')}    raise ValueError(which)


def run(which: list[int], ar: list[float], ai: list[float], br: list[float], bi: list[float], xs: list[float], ns: list[int], parts: list[int]) -> list[float]:
    out = []
    for k in range(len(which)):
        out.append(pick(which[k], complex(ar[k], ai[k]), complex(br[k], bi[k]), xs[k], ns[k], parts[k]))
    return out


FLOATS = [0.0, -0.0, 1.0, -1.5, 2.5, 0.1, 3e300, -1e308, 5e-324, 1e-160, math.inf, -math.inf, math.nan]


def rows() -> list[tuple]:
    chance = random.Random(5)
    found = []
    for which in range(${EXPRESSIONS.length}):
        for turn in range(400):
            values = [chance.choice(FLOATS) if turn % 2 else chance.uniform(-3, 3) for _ in range(5)]
            row = (which, *values, chance.choice([0, 1, -2, 2**53, 7]), turn // 2 % 2)
            try:
                pick(which, complex(row[1], row[2]), complex(row[3], row[4]), *row[5:])
            except (ZeroDivisionError, OverflowError):
                continue
            found.append(row)
    return found


def result(size: int) -> object:
    return run(*[list(column) for column in zip(*rows())])
`,
};

const one = (lines: string, params = 'xs: list[float]'): string =>
  `def f(${params}):\n    out = []\n    for i in range(len(xs)):\n        z = complex(xs[i], 0.5)\n${lines
    .split('\n')
    .map((l) => `        ${l}\n`)
    .join('')}    return out\n`;

/** What kernels do not do with complex numbers, by line and reason. */
export const REFUSED: readonly [what: string, source: string, why: RegExp][] = [
  ['a power of a complex number', one('out.append((z ** 2).real)'), /`\*\*` is applied to a complex number on line 5/],
  ['an order of complex numbers', one('out.append(1.0 if z < 2j else 0.0)'), /`<` is applied to a complex number on line 5/],
  ['a complex number from outside', one('out.append((z * c).real)', 'xs: list[float], c: complex'), /`c` is a complex number from outside; it is used on line 5/],
  ['a float that becomes complex', one('t = 0.0\nt = t * z\nout.append(t.real)'), /`t` is float and becomes complex on line 6/],
  ['a complex number that becomes a float', one('z = xs[i]\nout.append(z)'), /`z` is complex and becomes float on line 5/],
  ['a function that gives a complex number', `def g(x: float):\n    return complex(x, x)\n\n\n${one('out.append(abs(g(xs[i])))')}`, /a complex number is used where kernels have none on line 2/],
  ['a list of complex numbers', one('out.append(abs(zs[i] * z))', 'xs: list[float], zs: list[complex]'), /`zs` is a list, which is no number or array of numbers of a known type; it is used on line 5/],
  ['numpy’s numbers as parts', 'import numpy as np\nfrom numpy.typing import NDArray\n\n\ndef f(xs: NDArray[np.float64], out: NDArray[np.float64]):\n    for i in range(len(xs)):\n        out[i] = abs(complex(xs[i], 1.0))\n', /complex numbers are calculated with, which numpy does by itself, on line 7/],
];
