import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def score(value, target):
    return -abs(value - target)


def _nearest_value(target, value):
    s = score(value, target)
    return s


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


def nearest(values, target):
    best = None
    best_score = float("-inf")
    items = list(values)
    with _dask_client() as client:
        results = _map_in_batches(client, partial(_nearest_value, target), items)
        for i, s in enumerate(results):
            if s > best_score:
                best_score = s
                best = i
    return best, best_score


if __name__ == "__main__":
    print(nearest([3.0, 8.0, 5.0, 6.0, 5.0], 5.5))
    print(nearest([], 1.0))
