#!/usr/bin/env python3
"""Sums squares and says so."""
import multiprocessing
import os
import sys

LIMIT = 40  # how far


def square(n):
    return n * n


def _process_item(n):
    return square(n)


def main():
    # How much is wanted.
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT

    total = 0
    chunksize = max(1, count // (4 * (os.cpu_count() or 1)))
    with multiprocessing.get_context("forkserver").Pool() as pool:
        results = pool.imap(_process_item, range(count), chunksize=chunksize)
        for n, value in enumerate(results):
            # Every number counts.
            total += value

    text = """The total
is"""
    print(text, total, n)


if __name__ == "__main__":
    main()
