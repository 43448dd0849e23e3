"""Splits numbers into parts."""
import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial


def _split_value(base, value):
    whole = math.floor(value / base)
    rest = value - whole * base
    return whole, rest


def split(values, base):
    wholes = []
    parts = []
    items = list(values)
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = pool.map(partial(_split_value, base), items)
        for value, (whole, rest) in zip(items, results):
            wholes.append(whole)
            parts.append((value, rest))
    return wholes, parts


def main():
    print(split([1.5, 2.25, 17.0, 9.125], 2))
    print(split([], 2))


if __name__ == '__main__':
    main()
