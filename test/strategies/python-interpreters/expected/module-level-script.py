#!/usr/bin/env python3
"""Sums squares and says so."""
import os
import sys
from concurrent.futures import InterpreterPoolExecutor

LIMIT = 40  # how far


def square(n):
    return n * n


def _process_item(n):
    return square(n)


def main():
    # How much is wanted.
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT

    total = 0
    with InterpreterPoolExecutor(max_workers=os.cpu_count()) as pool:
        for n, value in enumerate(pool.map(_process_item, range(count))):
            # Every number counts.
            total += value

    text = """The total
is"""
    print(text, total, n)


if __name__ == "__main__":
    main()
