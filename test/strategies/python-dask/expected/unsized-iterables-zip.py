import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def sums(values):
    out = []
    for a, b in sorted(values):
        out.append(a + b)
    return out


def lengths(texts):
    out = []
    for text in reversed(texts):
        out.append(len(text) * 2)
    return out


def _zipped_item(item):
    a, b = item
    return a * b + a


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


def zipped(first: list, second: list):
    out = []
    with _dask_client() as client:
        for value in _map_in_batches(client, _zipped_item, zip(first, second)):
            out.append(value)
    return out


def entries(table: dict):
    out = []
    for name, value in table.items():
        out.append(f"{name}={value * 2}")
    return out


if __name__ == "__main__":
    print(sums([(3, 4), (1, 2)]))
    print(lengths(["a", "bcd"]))
    print(zipped([1, 2, 3], [4, 5]))
    print(entries({"a": 1, "b": 2}))
