/** Programs whose names mean something in Mojo, and with what the others have not. */
import type { Program } from '../python-kernel/native';

/** Names of variables in Python that are words of Mojo's, of its library's or of the emitted file's. */
const WORDS = (
  'ref var fn struct trait alias comptime let mut out deinit imm read owned inout borrowed raises capturing abi thin where unified extension lambda_ match case type self Self ' +
  'Int Float64 Bool List String Optional Pointer Python PythonObject GiveUp Work Turn Address MAX_DEPTH at add room filled append_ unseen libm whole exact place finite signed ' +
  'sqrt floor inf nan work turn depth results module args cpython indices start step count next_turn first few made value error external_call min_ print_ None_ size_of SIMD DType std'
).split(' ');

export const words: Program = {
  name: 'words',
  loop: 'for index in range',
  source: `${WORDS.map((word, k) => (k % 9 === 0 ? `def ${word}_${k}(${word}: int) -> int:\n    return ${word} + ${k}\n\n\n` : '')).join('')}def all_words(size: int, scale: float) -> list[int]:
    collected = []
    for index in range(size):
${WORDS.map((word, k) => `        ${word} = ${k === 0 ? 'index' : WORDS[k - 1]!} + ${k % 9 === 0 ? `${word}_${k}(index)` : '1'}`).join('\n')}
        collected.append(${WORDS.at(-1)!} + int(scale * 0.5))
    return collected


def result(size: int) -> object:
    return all_words(size, 7.0)
`,
};

/** Functions that are called as those of the emitted file. */
export const functions: Program = {
  name: 'functions',
  loop: 'for k in range',
  source: `def add(a: int, b: int) -> int:
    return a - b


def at(items: list[int], index: int) -> int:
    return items[index] * 2


def run_on_all_cores(x: float) -> float:
    return x if x > 1.0 else 0.5


def read_int(x: bool) -> bool:
    return not x


def found(items: list[int], flags: list[bool]) -> tuple[list[list[bool]], list[float]]:
    rows = []
    values = []
    for k in range(len(items)):
        row = [False] * 3
        row[k % 3] = read_int(flags[k])
        rows.append(row)
        values.append(run_on_all_cores(add(at(items, -k), k) / 3))
    return rows, values


def result(size: int) -> object:
    return found([k * k - 7 for k in range(size)], [k % 2 == 0 for k in range(size)])
`,
};

/** Constants, which Mojo would calculate with all their digits. */
export const constants: Program = {
  name: 'constants',
  loop: 'for k in range',
  source: `def sums(size: int) -> tuple[list[float], list[int]]:
    floats = []
    ints = []
    for k in range(size):
        third = 0.1 + 0.2 if k % 2 == 0 else 1.0 / 3.0
        zero = -0.0
        negative = -(0.1 * 3.0)
        floats.append(third * k + (0.1 + 0.7) * 10.0 + (1e308 * 10.0 - k) * zero + negative)
        ints.append((1 << 62) - k + (7 // -2) * 3 % 5 + ~(5 ^ 3) + (-9 >> 1))
    return floats, ints


def result(size: int) -> object:
    return sums(size)
`,
};
