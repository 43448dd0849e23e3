import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _curve_item(shape, i):
    return shape(i / 10)


def curve(count, gain):
    shape = lambda t: gain * t * t - t
    values = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for value in pool.map(partial(_curve_item, shape), range(count)):
            values.append(value)
    return values


if __name__ == "__main__":
    print(curve(5, 3.0))
