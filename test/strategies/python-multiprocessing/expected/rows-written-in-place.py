import math
import multiprocessing
import os


_shade_item_shared = None


def _shade_item_init(*values):
    global _shade_item_shared
    _shade_item_shared = values


def _shade_item(y):
    try:
        grid, light = _shade_item_shared
        values = []
        for x in range(len(grid[y])):
            value = math.sin(x * light) + y
            values.append((value, x))
            grid[y][x] = value
        return values, None
    except Exception as error:
        return None, error


def shade(grid, light):
    chunksize = max(1, len(grid) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool(
        initializer=_shade_item_init,
        initargs=(grid, light),
    ) as pool:
        results = pool.imap(_shade_item, range(len(grid)), chunksize=chunksize)
        for y, (values, error) in enumerate(results):
            if error is not None:
                raise error
            for value, x in values:
                grid[y][x] = value


if __name__ == "__main__":
    grid = [[0.0] * 4 for _ in range(5)]
    first = grid[0]
    rows = list(grid)
    shade(grid, 0.25)
    print(grid)
    print(first is grid[0], all(a is b for a, b in zip(rows, grid)))
