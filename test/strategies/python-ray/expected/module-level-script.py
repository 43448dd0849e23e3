#!/usr/bin/env python3
"""Sums squares and says so."""
import sys

import ray

LIMIT = 40  # how far


def square(n):
    return n * n


# How much is wanted.
count = int(sys.argv[1]) if len(sys.argv) > 1 else LIMIT

total = 0


def _process_item(n):
    return square(n)


@ray.remote
def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(function, items):
    """Yields the function's result for each item, in order. The cluster gets four batches of items for each core."""
    items = list(items)
    size = max(1, len(items) // (4 * (int(ray.cluster_resources().get("CPU", 0)) or 1)))
    shared = ray.put(function)
    batches = [_run_batch.remote(shared, items[i : i + size]) for i in range(0, len(items), size)]
    for number, batch in enumerate(batches):
        try:
            results = ray.get(batch)
        except ray.exceptions.RayTaskError as error:
            raise error.cause
        except ray.exceptions.WorkerCrashedError as error:
            raise RuntimeError(f"a worker died while it computed the items from number {number * size} on") from error
        yield from results


with ray.init():
    for n, value in enumerate(_map_in_batches(_process_item, range(count))):
        # Every number counts.
        total += value

text = """The total
is"""
print(text, total, n)
