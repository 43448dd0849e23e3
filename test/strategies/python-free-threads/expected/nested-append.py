import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _cells_item(n, step, y):
    result = []
    for x in range(0, n, step):
        if (x * y) % 3 != 1:
            result.append((x, y, x * y))
    return result


def cells(n, step):
    result = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for new_result in pool.map(partial(_cells_item, n, step), range(n)):
            result.extend(new_result)
    return result


if __name__ == "__main__":
    print(cells(7, 2))
