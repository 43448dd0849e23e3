import os
from concurrent.futures import InterpreterPoolExecutor
from functools import partial


def area(width, height):
    return width * height


def _table_item(width, y):
    # The area is worked out row by row.
    value = area(width, y)
    return value


def table(width, rows):
    areas = []
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for value in pool.map(partial(_table_item, width), range(rows)):
            areas.append(value)  # in order
    return areas


if __name__ == "__main__":
    print(table(3, 10))
    print(table(3, 1), table(3, 0))
