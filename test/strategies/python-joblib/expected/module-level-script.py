#!/usr/bin/env python3
"""Sums squares and says so."""
import sys

from joblib import Parallel, delayed

LIMIT = 40  # how far


def square(n):
    return n * n


# How much is wanted.
count = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT

total = 0


def _process_item(n):
    try:
        return square(n), None
    except Exception as error:
        return None, error


results = Parallel(n_jobs=-1, return_as="generator")(
    delayed(_process_item)(n) for n in range(count)
)
for n, (value, error) in enumerate(results):
    if error is not None:
        raise error
    # Every number counts.
    total += value

text = """The total
is"""
print(text, total, n)
