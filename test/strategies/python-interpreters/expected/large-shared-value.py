import os
from concurrent.futures import InterpreterPoolExecutor


def lookup(table, index):
    return table[index % len(table)] * 2


_gather_index_shared = []


def _gather_index_init(table):
    _gather_index_shared.append(table)


def _gather_index(index):
    table = _gather_index_shared[0]
    return lookup(table, index)


def gather(table, indices):
    out = []
    items = list(indices)
    with InterpreterPoolExecutor(
        max_workers=os.cpu_count(),
        initializer=_gather_index_init,
        initargs=(table,),
    ) as pool:
        for value in pool.map(_gather_index, items):
            out.append(value)
    return out


if __name__ == "__main__":
    print(gather([1, 2, 3], [5, 6, 7, 8]))
