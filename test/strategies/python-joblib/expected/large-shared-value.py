import os

from joblib import Parallel, delayed


def lookup(table, index):
    return table[index % len(table)] * 2


def _gather_index(table, index):
    try:
        return lookup(table, index), None
    except Exception as error:
        return None, error


def gather(table, indices):
    out = []
    items = list(indices)
    batch_size = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    results = Parallel(n_jobs=-1, return_as="generator", batch_size=batch_size)(
        delayed(_gather_index)(table, index) for index in items
    )
    for value, error in results:
        if error is not None:
            raise error
        out.append(value)
    return out


if __name__ == "__main__":
    print(gather([1, 2, 3], [5, 6, 7, 8]))
