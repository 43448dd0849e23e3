import os
from functools import partial

from dask.distributed import Client


def fill(size, scale):
    out = [0.0] * size
    for i in range(size):
        out[i] = (i * scale) ** 0.5
    return out


def _transform_value(factor, value):
    return value * factor


def _dask_client():
    """Joins the cluster that DASK_SCHEDULER_ADDRESS names, or starts one on this machine."""
    if os.environ.get("DASK_SCHEDULER_ADDRESS"):
        return Client()
    return Client(threads_per_worker=1, dashboard_address=None)


def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(client, function, items):
    """Yields the function's result for each item, in order. The cluster gets four batches of items for each core."""
    items = list(items)
    size = max(1, len(items) // (4 * (sum(client.ncores().values()) or 1)))
    batches = [items[i : i + size] for i in range(0, len(items), size)]
    shared = client.submit(partial, function, pure=False)
    for batch in client.map(_run_batch, [shared] * len(batches), batches, pure=False):
        yield from batch.result()


def transform(values, factor):
    result = {}
    items = list(values)
    with _dask_client() as client:
        results = _map_in_batches(client, partial(_transform_value, factor), items)
        for i, term in enumerate(results):
            result[i] = term
    return result


if __name__ == "__main__":
    print(fill(9, 2.0))
    print(transform([3, 4, 5], 1.5))
