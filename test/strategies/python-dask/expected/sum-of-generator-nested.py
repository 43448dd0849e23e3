import math
import os
from collections import deque
from functools import partial
from itertools import chain, islice

from dask.distributed import Client


def wave(i, n):
    return math.sin(i / n) * 1e-3


def area(n):
    return sum(wave(i, n) for i in range(n))


def _total_of_pairs_item(n, i):
    return [wave(i, n) * j for j in range(i)]


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


def total_of_pairs(n):
    with _dask_client() as client:
        results = chain.from_iterable(
            _map_in_batches(client, partial(_total_of_pairs_item, n), range(n))
        )
        return sum(results)


if __name__ == "__main__":
    print(area(100).hex(), total_of_pairs(20).hex())
