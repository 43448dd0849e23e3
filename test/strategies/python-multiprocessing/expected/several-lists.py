"""Splits numbers into parts."""
import math
import multiprocessing
import os
from functools import partial


def _split_value(base, value):
    whole = math.floor(value / base)
    rest = value - whole * base
    return whole, rest


def split(values, base):
    wholes = []
    parts = []
    items = list(values)
    chunksize = max(1, len(items) // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context('forkserver').Pool() as pool:
        results = pool.imap(partial(_split_value, base), items, chunksize=chunksize)
        for value, (whole, rest) in zip(items, results):
            wholes.append(whole)
            parts.append((value, rest))
    return wholes, parts


def main():
    print(split([1.5, 2.25, 17.0, 9.125], 2))
    print(split([], 2))


if __name__ == '__main__':
    main()
