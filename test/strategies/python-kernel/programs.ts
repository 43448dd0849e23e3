/** Small programs at the edges of what a kernel can do: what it must leave to Python, and what it must give back exactly. */
import type { Program } from './native';

const program = (name: string, loop: string, source: string): Program => ({ name, loop, source });

/** Loops whose kernels give up for some of their turns; `native` in the test's table tells for how many they do not. */
export const EDGES: readonly Program[] = [
  program(
    'raises',
    'for i in range',
    `
def fill(values: list[int], by: list[int], out: list) -> None:
    for i in range(len(values)):
        out.append(values[i] // by[i])


def result(size: int) -> object:
    out: list = []
    try:
        fill([7, -7, 9, 5, 4], [2, 2, -4, 0, 1], out)
    except ZeroDivisionError as error:
        return out, str(error)
    return out, "none"
`,
  ),
  program(
    'overflows',
    'for n in range',
    `
def factorials(count: int) -> list[int]:
    out = []
    for n in range(count):
        product = 1
        for k in range(2, n + 1):
            product *= k
        out.append(product)
    return out


def result(size: int) -> object:
    return factorials(30)
`,
  ),
  program(
    'other_types',
    'for i in range',
    `
def double(values: list[float]) -> list[float]:
    out = []
    for i in range(len(values)):
        out.append(values[i] + values[i])
    return out


def result(size: int) -> object:
    return double([1, 2.5, True]), double([0.5, -0.0])
`,
  ),
  program(
    'recursion',
    'for n in range',
    `
def ackermann(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def table(count: int) -> list[int]:
    out = []
    for n in range(count):
        out.append(ackermann(2, n))
    return out


def result(size: int) -> object:
    return table(20)
`,
  ),
  program(
    'cells',
    'for i in range',
    `
def apply(matrix: list[list[float]], vector: list[float], out: list[float]) -> None:
    for i in range(len(matrix)):
        for j in range(len(vector)):
            out[i] += matrix[i][j] * vector[j]


def result(size: int) -> object:
    out = [0.5] * 5
    apply([[i / 3.0 - j for j in range(4)] for i in range(5)], [0.1, 0.2, -0.3, 1e16], out)
    return out
`,
  ),
  program(
    'shared_rows',
    'for i in range',
    `
def fill(out: list[list[float]], scale: float) -> None:
    for i in range(len(out)):
        for j in range(i, len(out[i])):
            out[i][j] = i * scale + j


def result(size: int) -> object:
    shared = [[0.0] * 3] * 3
    fill(shared, 0.5)
    own = [[0.0] * 3 for _ in range(3)]
    kept = own[1]
    fill(own, 0.5)
    return shared, own, kept is own[1]
`,
  ),
  program(
    'conditions',
    'for i, x in enumerate',
    `
def chosen(values: list[float], limit: float) -> tuple[list[int], float, int]:
    places = []
    total = 0.0
    best = -1
    for i, x in enumerate(values):
        if x < 0.0:
            continue
        y = x * x
        if y > limit:
            places.append(i)
        total += y
        best = max(best, int(y))
    return places, total, best


def result(size: int) -> object:
    return chosen([0.1 * (i % 7) - 0.2 + i / 9 for i in range(40)], 0.5)
`,
  ),
  program(
    'indices',
    'for k in range',
    `
def shifted(values: list[int], by: int) -> list[int]:
    out = []
    for k in range(len(values)):
        out.append(values[k - by] % -3 + (values[-1 - k] >> 1))
    return out


def result(size: int) -> object:
    try:
        return shifted([3, -4, 5, 2**40, -1], 7)
    except IndexError as error:
        return shifted([3, -4, 5, 2**40, -1], 2), str(error)
`,
  ),
];

/** How many turns of each have a result of the kernel's. */
export const NATIVE: Readonly<Record<string, readonly [native: number, turns: number]>> = {
  raises: [4, 5],
  overflows: [21, 30],
  other_types: [2, 5],
  recursion: [20, 20],
  cells: [5, 5],
  shared_rows: [3, 6],
  conditions: [40, 40],
  indices: [8, 10],
};
