"""Splits numbers into parts."""
import math
import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def _split_value(base, value):
    whole = math.floor(value / base)
    rest = value - whole * base
    return whole, rest


def _dask_client():
    """Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""
    if os.environ.get('DASK_SCHEDULER_ADDRESS'):
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


def split(values, base):
    wholes = []
    parts = []
    items = list(values)
    with _dask_client() as client:
        results = _map_in_batches(client, partial(_split_value, base), items)
        for value, (whole, rest) in zip(items, results):
            wholes.append(whole)
            parts.append((value, rest))
    return wholes, parts


def main():
    print(split([1.5, 2.25, 17.0, 9.125], 2))
    print(split([], 2))


if __name__ == '__main__':
    main()
