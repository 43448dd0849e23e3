import os
from functools import partial

from dask.distributed import Client


def weight(word):
    return sum(ord(letter) for letter in word)


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


def weights(words: list):
    with _dask_client() as client:
        return list(_map_in_batches(client, weight, words))


if __name__ == "__main__":
    print(weights(["a", "bc", "def"]))
