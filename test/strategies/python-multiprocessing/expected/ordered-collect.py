import multiprocessing
import os
from functools import partial


def area(width, height):
    return width * height


def _table_item(width, y):
    # The area is worked out row by row.
    value = area(width, y)
    return value


def table(width, rows):
    areas = []
    chunksize = max(1, rows // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(
            partial(_table_item, width),
            range(rows),
            chunksize=chunksize,
        )
        for value in results:
            areas.append(value)  # in order
    return areas


if __name__ == "__main__":
    print(table(3, 10))
    print(table(3, 1), table(3, 0))
