import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _overlap_row(scale, row):
    terms = []
    for value in row:
        terms.append(value * scale)
    return terms


def overlap(rows, scale):
    total = 0.0
    items = list(rows)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for terms in pool.map(partial(_overlap_row, scale), items):
            for term in terms:
                total += term
    return total


if __name__ == "__main__":
    print(overlap([[0.1, 0.2, 0.3], [], [1e16, 1.0, -1e16]], 0.7).hex())
