import multiprocessing
import os
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
    chunksize = max(1, len(range(1, limit)) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = _chain.from_iterable(
            pool.imap(_long_chains_item, range(1, limit), chunksize=chunksize)
        )
        chains = list(results)
    return [chain for chain in chains if chain[1] > least]


if __name__ == "__main__":
    print(long_chains(30, 15))
