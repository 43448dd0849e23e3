import math
import os
from concurrent.futures import InterpreterPoolExecutor


_shade_item_shared = []


def _shade_item_init(*values):
    _shade_item_shared.extend(values)


def _shade_item(y):
    grid, light = _shade_item_shared
    values = []
    for x in range(len(grid[y])):
        value = math.sin(x * light) + y
        values.append((value, x))
        grid[y][x] = value
    return values


def shade(grid, light):
    with InterpreterPoolExecutor(
        max_workers=os.cpu_count(),
        initializer=_shade_item_init,
        initargs=(grid, light),
    ) as pool:
        for y, values in enumerate(pool.map(_shade_item, range(len(grid)))):
            for value, x in values:
                grid[y][x] = value


if __name__ == "__main__":
    grid = [[0.0] * 4 for _ in range(5)]
    first = grid[0]
    rows = list(grid)
    shade(grid, 0.25)
    print(grid)
    print(first is grid[0], all(a is b for a, b in zip(rows, grid)))
