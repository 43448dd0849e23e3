import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def _trace_item(i):
    value = i * 10
    result = value
    value += i
    return result, value


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


def trace(n):
    before = []
    after = []
    with _dask_client() as client:
        for result, value in _map_in_batches(client, _trace_item, range(n)):
            before.append(result)
            after.append(value)
    return before, after


if __name__ == "__main__":
    print(trace(4))
