#!/usr/bin/env python3
"""Sums squares and says so."""
import os
import sys
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client

LIMIT = 40  # how far


def square(n):
    return n * n


def _process_item(n):
    return square(n)


def _dask_client():
    """Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""
    if os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return Client()
    return Client(threads_per_worker=1, dashboard_address=None)


def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(client, function, items):
    """Yields the function's result for each item, in order. Each core has two batches at a time."""
    items = list(items)
    cores = sum(client.ncores().values()) or 1
    size = max(1, min(32, len(items) // (4 * cores)))
    shared = client.submit(partial, function, pure=False)
    tasks = (client.submit(_run_batch, shared, items[i : i + size], pure=False) for i in range(0, len(items), size))
    running = deque(islice(tasks, 2 * cores))
    while running:
        results = running.popleft().result()
        running.extend(islice(tasks, 1))
        yield from results


def main():
    # How much is wanted.
    count = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT

    total = 0
    with _dask_client() as client:
        for n, value in enumerate(_map_in_batches(client, _process_item, range(count))):
            # Every number counts.
            total += value

    text = """The total
is"""
    print(text, total, n)


if __name__ == "__main__":
    main()
