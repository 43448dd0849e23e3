import os
from concurrent.futures import InterpreterPoolExecutor
from functools import partial


def fill(size, scale):
    out = [0.0] * size
    for i in range(size):
        out[i] = (i * scale) ** 0.5
    return out


def _transform_value(factor, value):
    return value * factor


def transform(values, factor):
    result = {}
    items = list(values)
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for i, term in enumerate(pool.map(partial(_transform_value, factor), items)):
            result[i] = term
    return result


if __name__ == "__main__":
    print(fill(9, 2.0))
    print(transform([3, 4, 5], 1.5))
