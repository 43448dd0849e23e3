import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _shade_item(grid, light, y):
    values = []
    for x in range(len(grid[y])):
        values.append((math.sin(x * light) + y, x))
    return values


def shade(grid, light):
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(partial(_shade_item, grid, light), range(len(grid)))
        for y, values in enumerate(results):
            for value, x in values:
                grid[y][x] = value


if __name__ == "__main__":
    grid = [[0.0] * 4 for _ in range(5)]
    first = grid[0]
    rows = list(grid)
    shade(grid, 0.25)
    print(grid)
    print(first is grid[0], all(a is b for a, b in zip(rows, grid)))
