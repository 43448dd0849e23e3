/** Programs whose data are numpy arrays, `array.array` and `memoryview`, of each layout and of types that kernels do not take. */
import type { Program } from './native';

const HEAD = `from __future__ import annotations

import warnings
from array import array

import numpy as np
from numpy.typing import NDArray

EDGES = [0.0, -0.0, 1.5, float("nan"), float("inf"), -2.5, 1e308, 5e-324]


def shown(function, *args):
    """What became of the last argument, or the error and what was there by then."""
    out = args[-1]
    try:
        with warnings.catch_warnings():
            warnings.__dict__["simple" + "filter"]("ignore")
            value = function(*args)
    except Exception as error:
        value = type(error).__name__, str(error)
    if isinstance(out, np.ndarray):
        return value, out.dtype.str, out.shape, out.tolist()
    return value, list(out) if isinstance(out, (list, array)) else None


`;

const program = (name: string, loop: string, source: string): Program => ({ name, loop, source: HEAD + source });

/** Each with the turns that its loop takes in all, and how many of them the kernel computes. */
export const ARRAYS: readonly (Program & { readonly turns: number; readonly native: number })[] = [
  {
    ...program(
      'floats_1d',
      'for i in range',
      `def smooth(xs: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(len(out)):
        out[i] = xs[i] * 0.5 - xs[-i - 1] * 3.0


def result(size: int) -> object:
    xs = np.array(EDGES)
    fixed = xs.copy()
    fixed.flags.writeable = False
    taken = [xs, fixed, np.repeat(xs, 2)[::2], xs[::-1], np.stack([xs, xs])[:, :].T[:, 1], np.asfortranarray(np.stack([xs, xs]))[0]]
    left = [xs.astype(np.float32), xs.astype(">f8"), np.arange(8), xs.tolist(), np.stack([xs, xs]), array("d", EDGES), memoryview(xs), xs.astype(complex)]
    none = np.zeros(8)
    none.flags.writeable = False
    shapes = [(xs, np.zeros(16)[::2]), (xs[:5], np.zeros(8)), (xs, none), (xs, np.zeros(8, np.float32)), (xs, np.zeros(8, np.int64)), (xs[:0], np.zeros(0))]
    return [shown(smooth, values, np.zeros(8)) for values in taken + left], [shown(smooth, values, out) for values, out in shapes]
`,
    ),
    turns: 14 * 8 + 5 * 8,
    native: 6 * 8 + 8 + 5 + 8,
  },
  {
    ...program(
      'ints_1d',
      'for i in range',
      `def mixed(a: NDArray[np.int64], b: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    for i in range(len(out)):
        out[i] = a[i] * b[i] // 3 + a[i] % b[i] - (abs(a[i]) >> 2 & b[-1])


def result(size: int) -> object:
    a = np.array([7, -7, 2**40, 2**62, -(2**63), 0, 5])
    b = np.array([2, 3, -5, 4, -1, 9, 0])
    kinds = [np.int64, np.int32, np.int8, np.uint64, np.uint8, np.longlong]
    return [shown(mixed, a.astype(kind), b.astype(kind), np.zeros(7, np.int64)) for kind in kinds], shown(mixed, a[::-1], b[::-1], np.zeros(7, np.int8))
`,
    ),
    turns: 49,
    native: 8,
  },
  {
    ...program(
      'bools_1d',
      'for i in range',
      `def chosen(flags: NDArray[np.bool_], xs: NDArray[np.float64], limit: float, out: NDArray[np.bool_]) -> None:
    for i in range(len(flags)):
        out[i] = xs[i] > limit and not flags[i] or xs[i] != xs[i]


def result(size: int) -> object:
    flags = np.array([True, False] * 4)
    return shown(chosen, flags, np.array(EDGES), 0.5, np.zeros(8, bool)), shown(chosen, flags.astype(np.uint8), np.array(EDGES), 0.5, np.zeros(8, bool))
`,
    ),
    turns: 16,
    native: 8,
  },
  {
    ...program(
      'stencil_2d',
      'for i in range',
      `def blur(grid: NDArray[np.float64], by: float, out: NDArray[np.float64]) -> None:
    height, width = grid.shape
    for i in range(1, height - 1):
        for j in range(1, grid.shape[1] - 1):
            out[i, j] = grid[i, j] + by * (grid[i - 1, j] + grid[i + 1][j] - grid[i][j - 1] / 3.0)


def result(size: int) -> object:
    grid = np.array([EDGES[k:] + EDGES[:k] for k in range(8)])
    layouts = [grid, grid.T, np.asfortranarray(grid), np.kron(grid, np.ones((2, 3)))[::2, ::3], grid[::-1, ::-1]]
    left = [grid.astype(np.float32), grid.tolist(), np.stack([grid, grid])]
    outs = [np.zeros((8, 8), order="F"), np.zeros((8, 8, 2))[:, :, 1], np.zeros((8, 8), np.float32), np.zeros((8, 3))]
    return [shown(blur, values, 0.25, np.zeros((8, 8))) for values in layouts + left], [shown(blur, grid, 0.25, out) for out in outs]
`,
    ),
    turns: 6 * 6 + 6 + 3 * 6,
    native: 5 * 6 + 2 * 6,
  },
  {
    ...program(
      'matmul_2d',
      'for i in range',
      `def multiply(a: NDArray[np.int64], b: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                out[i][j] += a[i, k] * b[k, j]


def result(size: int) -> object:
    a = np.arange(12).reshape(3, 4) - 5
    b = np.arange(20).reshape(4, 5) * 3
    return [shown(multiply, x, y, np.ones((3, 5), np.int64)) for x, y in [(a, b), (a.astype(np.int16), b), (a * 2**58, b), (np.ascontiguousarray(a.T).T, b[:, ::-1])]]
`,
    ),
    turns: 12,
    native: 6,
  },
  {
    ...program(
      'sums_3d',
      'for i in range',
      `def total(volume: NDArray[np.float64], i: int, j: int) -> float:
    found = 0.0
    for k in range(volume.shape[2]):
        found += volume[i, j, k] * volume[i - 1][j][-k]
    return found


def sums(volume: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    for i in range(len(volume)):
        plane = volume[i]
        for j in range(len(plane)):
            row = plane[j]
            out[i, j] = total(volume, i, j) + volume[i, j, 0] - row[len(row) - 1]


def result(size: int) -> object:
    volume = (np.arange(60) / 7.0 - 3).reshape(3, 4, 5)
    layouts = [volume, np.asfortranarray(volume), volume[::-1, :, ::-1], np.repeat(volume, 2, axis=1)[:, ::2]]
    others = [volume.T[:3, :4, :2], volume.astype(np.float32), volume.tolist()]
    return [shown(sums, values, np.zeros((3, 4))) for values in layouts + others]
`,
    ),
    turns: 21,
    native: 15,
  },
  {
    ...program(
      'planes_3d',
      'for i in range',
      `def spread(source: NDArray[np.float64], out: NDArray[np.float64]) -> None:
    planes, rows, columns = source.shape
    for i in range(planes):
        for j in range(rows):
            for k in range(columns):
                out[i, j, k] += source[i - 1, j, k] * 0.5
                if k > 0:
                    out[i][j][k] -= out[i, j, k - 1] / 3.0
                out[i][-j - 1, -k - 1] *= 1.5


def result(size: int) -> object:
    source = (np.arange(24) / 7.0 - 1).reshape(2, 3, 4)
    outs = [np.ones((2, 3, 4)), np.ones((4, 3, 2)).T, np.ones((2, 6, 4))[:, ::2], np.ones((2, 2, 4)), np.ones((2, 3, 4), np.float32), np.ones((2, 3, 4, 1)), np.ones((3, 4))]
    fixed = np.ones((2, 3, 4))
    fixed.flags.writeable = False
    return [shown(spread, source, out) for out in [*outs, fixed]], shown(spread, source[:, :0], np.ones((2, 0, 4))), shown(spread, source[:, :, ::-1], np.ones((2, 3, 4)))
`,
    ),
    turns: 20,
    native: 8,
  },
  {
    ...program(
      'lists_3d',
      'for i in range',
      `def sums(volume: list[list[list[int]]], out: list[int]) -> None:
    for i in range(len(volume)):
        most = 0
        for plane in volume:
            for row in plane:
                most = max(most, row[i] * volume[i][0][-1])
        out.append(most)


def result(size: int) -> object:
    cube = [[[i * j - k for k in range(4)] for j in range(1, 4)] for i in range(4)]
    return shown(sums, cube, []), shown(sums, cube[:2] + [[[2, 3, 4], [5, 6, True]]], []), shown(sums, [], []), shown(sums, [[], [[1]]], [])
`,
    ),
    turns: 4 + 3 + 2,
    native: 4,
  },
  {
    ...program(
      'array_array',
      'for i in range',
      `def weighted(xs: array[float], counts: array[int], out: list[float]) -> None:
    for i in range(len(counts)):
        out.append(xs[i - 1] * counts[i] + counts[-i - 1] // 3)


def result(size: int) -> object:
    floats = array("d", EDGES)
    kinds = [array(kind, [3, 1, 4, 1, 5]) for kind in "bBhHiIlLqQ"]
    return [shown(weighted, floats, counts, []) for counts in kinds], shown(weighted, array("f", EDGES), kinds[0], []), shown(weighted, floats[:2], kinds[0], [])
`,
    ),
    turns: 60,
    native: 43,
  },
  {
    ...program(
      'memory_view',
      'for i in range',
      `def sums(grid: memoryview[float], marks: memoryview[int], out: list[float]) -> None:
    for i in range(len(marks)):
        found = 0.0
        for j in range(grid.shape[1]):
            found += grid[i, j] * marks[i] + grid[-1, -j - 1]
        out.append(found)


def result(size: int) -> object:
    grid = memoryview(array("d", EDGES)).cast("B").cast("d", (4, 2))
    numpy = memoryview((np.arange(8) / 3.0).reshape(2, 4).T)
    marks = memoryview(array("h", [2, -3, 5, 7]))
    return [shown(sums, *pair, []) for pair in [(grid, marks), (numpy, marks[::-1]), (grid, memoryview(b"abcd")), (grid, marks[:3]), (numpy, memoryview(b"abcde")), (memoryview(b"abcd"), marks)]]
`,
    ),
    turns: 24,
    native: 19,
  },
  {
    ...program(
      'stored_array',
      'for i in range',
      `def grow(counts: array[int], by: list[int], out: array[int]) -> None:
    for i in range(len(out)):
        for step in by:
            out[i] += counts[i] * step


def result(size: int) -> object:
    counts = array("q", [1, 2**40, 3])
    wide = [shown(grow, counts, by, array("q", [5, -6, 7])) for by in ([1, 2, 3], [2**22], [2**23, -(2**23)])]
    return wide, shown(grow, counts, [100, 27, -90], array("b", [1, 2, 3])), shown(grow, counts, [1], memoryview(array("q", [5, -6, 7])).toreadonly())
`,
    ),
    turns: 15,
    native: 8,
  },
];

const numpy = (lines: string, params = 'xs: NDArray[np.float64], ns: NDArray[np.int64], flags: NDArray[np.bool_], out: NDArray[np.float64]', head = ''): string =>
  `import math\nimport numpy as np\nfrom numpy.typing import NDArray\n${head}\n\ndef f(${params}):\n    for i in range(len(xs)):\n${lines
    .split('\n')
    .map((l) => `        ${l}\n`)
    .join('')}`;

/** What kernels with such arrays do not have, by line and reason. The loop begins on line 7. */
export const REFUSED: readonly [what: string, source: string, why: RegExp][] = [
  ['numpy’s numbers in a list', 'import numpy as np\nfrom numpy.typing import NDArray\n\n\ndef f(xs: NDArray[np.float64]):\n    out = []\n    for i in range(len(xs)):\n        out.append(xs[i] * 2.0)\n    return out\n', /`xs` is a numpy array, and what is calculated from its elements are numpy's own numbers; the loop is on line 7/],
  ['a power of numpy’s numbers', numpy('out[i] = xs[i] ** 2'), /`\*\*` of numpy's numbers is calculated by numpy; it is used on line 8/],
  ['numpy’s bools in arithmetic', numpy('out[i] = xs[i] + (flags[i] + flags[0])'), /bools are calculated with, which numpy's bools do otherwise, on line 8/],
  ['a bool for a subscript', numpy('out[i] = xs[flags[i]]'), /a bool is a subscript, which numpy takes for a mask, on line 8/],
  ['`floor` of numpy’s ints', numpy('out[i] = math.floor(ns[i])'), /`math.floor` is called with an int, which numpy's ints do not know or make a float of, on line 8/],
  ['floats into an array of ints', numpy('out[i] = xs[i] / 2', 'xs: NDArray[np.float64], out: NDArray[np.int64]'), /`out` is an array of ints and is given a float, which numpy converts; the loop is on line 7/],
  ['numpy told what to do about overflows', numpy('out[i] = xs[i] * 2', undefined, 'np.seterr(all="raise")'), /the program tells by `seterr` what numpy is to do about overflows/],
  ['an array of which nothing tells the type', numpy('out[i] = xs[i] * 2', 'xs: NDArray[np.float64], out'), /nothing tells the type of `out`; it is used on line 7/],
  ['narrow floats', numpy('out[i] = xs[i] * 2', 'xs: NDArray[np.float32], out: NDArray[np.float64]'), /`xs` is a numpy.ndarray, which is no number or array of numbers of a known type/],
  ['four dimensions', numpy('out[i] = xs[i, 0, 0, 0]'), /`xs` is a numpy.ndarray/],
  ['part of a row', numpy('out[i] = sum(ns[1:])'), /a slice is used on line 8/],
  ['a column', numpy('out[i] = len(xs[:, 0])'), /a slice is used on line 8/],
  ['a list with two subscripts at once', 'def f(rows: list[list[float]], out: list[float]):\n    for i in range(len(rows)):\n        out.append(rows[i, 0])\n', /a list is subscripted with several numbers at once on line 3/],
  ['a row of a memoryview', 'def f(rows: "memoryview[float]", out: list[float]):\n    for i in range(len(rows)):\n        out.append(rows[i][0])\n', /a row of a memoryview is taken, which Python does not have, on line 3/],
  ['an array that is written and read elsewhere', 'def f(rows: list[list[float]], n: int):\n    for i in range(n):\n        k = i\n        for j in range(3):\n            rows[i][j] += rows[k][0]\n', /`rows\[i\]` is written to, and `rows` is also used in another way; it is written on line 5/],
  ['planes of lists', 'def f(cube: list[list[list[int]]], n: int):\n    for i in range(n):\n        for j in range(n):\n            for k in range(n):\n                cube[i][j][k] += j\n', /`cube\[i\]` is written to, and has several rows of its own; it is used on line 5/],
  ['the smaller of two bools', 'def f(xs: list[float]):\n    return [min(x > 1.0, x < 2.0) for x in xs]\n', /`min` compares bools on line 2/],
];
