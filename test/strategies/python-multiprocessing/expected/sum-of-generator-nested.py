import math
import multiprocessing
import os
from functools import partial
from itertools import chain


def wave(i, n):
    return math.sin(i / n) * 1e-3


def area(n):
    return sum(wave(i, n) for i in range(n))


def _total_of_pairs_item(n, i):
    return [wave(i, n) * j for j in range(i)]


def total_of_pairs(n):
    chunksize = max(1, n // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = chain.from_iterable(
            pool.imap(partial(_total_of_pairs_item, n), range(n), chunksize=chunksize)
        )
        return sum(results)


if __name__ == "__main__":
    print(area(100).hex(), total_of_pairs(20).hex())
