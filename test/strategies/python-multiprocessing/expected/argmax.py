import multiprocessing
import os
from functools import partial


def score(value, target):
    return -abs(value - target)


def _nearest_value(target, value):
    s = score(value, target)
    return s


def nearest(values, target):
    best = None
    best_score = float("-inf")
    items = list(values)
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(partial(_nearest_value, target), items, chunksize=chunksize)
        for i, s in enumerate(results):
            if s > best_score:
                best_score = s
                best = i
    return best, best_score


if __name__ == "__main__":
    print(nearest([3.0, 8.0, 5.0, 6.0, 5.0], 5.5))
    print(nearest([], 1.0))
