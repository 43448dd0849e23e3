import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain


def wave(i, n):
    return math.sin(i / n) * 1e-3


def area(n):
    return sum(wave(i, n) for i in range(n))


def _total_of_pairs_item(n, i):
    return [wave(i, n) * j for j in range(i)]


def total_of_pairs(n):
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = chain.from_iterable(
            pool.map(partial(_total_of_pairs_item, n), range(n))
        )
        return sum(results)


if __name__ == "__main__":
    print(area(100).hex(), total_of_pairs(20).hex())
