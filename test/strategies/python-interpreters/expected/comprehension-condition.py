import os
from concurrent.futures import InterpreterPoolExecutor
from itertools import chain as _chain


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def _long_chains_item(n):
    if n % 3 != 0:
        return [(n, collatz(n))]
    return []


def long_chains(limit, least):
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = _chain.from_iterable(pool.map(_long_chains_item, range(1, limit)))
        chains = list(results)
    return [chain for chain in chains if chain[1] > least]


if __name__ == "__main__":
    print(long_chains(30, 15))
