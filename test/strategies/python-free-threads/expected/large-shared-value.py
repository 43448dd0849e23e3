import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def lookup(table, index):
    return table[index % len(table)] * 2


def _gather_index(table, index):
    return lookup(table, index)


def gather(table, indices):
    out = []
    items = list(indices)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for value in pool.map(partial(_gather_index, table), items):
            out.append(value)
    return out


if __name__ == "__main__":
    print(gather([1, 2, 3], [5, 6, 7, 8]))
