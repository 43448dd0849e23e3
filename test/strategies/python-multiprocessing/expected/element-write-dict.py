import multiprocessing
import os
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
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(
            partial(_transform_value, factor),
            items,
            chunksize=chunksize,
        )
        for i, term in enumerate(results):
            result[i] = term
    return result


if __name__ == "__main__":
    print(fill(9, 2.0))
    print(transform([3, 4, 5], 1.5))
