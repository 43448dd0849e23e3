import multiprocessing
import os
from functools import partial


def _overlap_row(scale, row):
    terms = []
    for value in row:
        terms.append(value * scale)
    return terms


def overlap(rows, scale):
    total = 0.0
    items = list(rows)
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(partial(_overlap_row, scale), items, chunksize=chunksize)
        for terms in results:
            for term in terms:
                total += term
    return total


if __name__ == "__main__":
    print(overlap([[0.1, 0.2, 0.3], [], [1e16, 1.0, -1e16]], 0.7).hex())
