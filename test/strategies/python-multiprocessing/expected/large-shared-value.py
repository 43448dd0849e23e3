import multiprocessing
import os


def lookup(table, index):
    return table[index % len(table)] * 2


_gather_index_shared = None


def _gather_index_init(table):
    global _gather_index_shared
    _gather_index_shared = table


def _gather_index(index):
    table = _gather_index_shared
    return lookup(table, index)


def gather(table, indices):
    out = []
    items = list(indices)
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool(
        initializer=_gather_index_init,
        initargs=(table,),
    ) as pool:
        for value in pool.imap(_gather_index, items, chunksize=chunksize):
            out.append(value)
    return out


if __name__ == "__main__":
    print(gather([1, 2, 3], [5, 6, 7, 8]))
