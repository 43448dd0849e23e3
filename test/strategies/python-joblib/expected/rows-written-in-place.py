import math
import os

from joblib import Parallel, delayed


def _shade_item(grid, light, y):
    try:
        values = []
        for x in range(len(grid[y])):
            value = math.sin(x * light) + y
            values.append((value, x))
            grid[y][x] = value
        return values, None
    except Exception as error:
        return None, error


def shade(grid, light):
    batch_size = max(1, len(grid) // (4 * (os.cpu_count() or 1)))
    results = Parallel(n_jobs=-1, max_nbytes=None, batch_size=batch_size)(
        delayed(_shade_item)(grid, light, y) for y in range(len(grid))
    )
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
