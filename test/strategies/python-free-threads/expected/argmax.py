import os
from concurrent.futures import ThreadPoolExecutor
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
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for i, s in enumerate(pool.map(partial(_nearest_value, target), items)):
            if s > best_score:
                best_score = s
                best = i
    return best, best_score


if __name__ == "__main__":
    print(nearest([3.0, 8.0, 5.0, 6.0, 5.0], 5.5))
    print(nearest([], 1.0))
