import os
from collections import deque
from functools import partial
from itertools import chain as _chain
from itertools import islice

from dask.distributed import Client


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def _long_chains_item(n):
    if n % 3 != 0:
        return [(n, collatz(n))]
    return []


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


def long_chains(limit, least):
    with _dask_client() as client:
        results = _chain.from_iterable(
            _map_in_batches(client, _long_chains_item, range(1, limit))
        )
        chains = list(results)
    return [chain for chain in chains if chain[1] > least]


if __name__ == "__main__":
    print(long_chains(30, 15))
