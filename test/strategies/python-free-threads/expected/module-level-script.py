#!/usr/bin/env python3
"""Sums squares and says so."""
import os
import sys
from concurrent.futures import ThreadPoolExecutor

LIMIT = 40  # how far


def square(n):
    return n * n


# How much is wanted.
count = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT

total = 0


def _process_item(n):
    return square(n)


with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
    for n, value in enumerate(pool.map(_process_item, range(count))):
        # Every number counts.
        total += value

text = """The total
is"""
print(text, total, n)
