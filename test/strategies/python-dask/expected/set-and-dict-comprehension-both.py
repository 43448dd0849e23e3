import os
from collections import deque
from functools import partial
from itertools import islice

from dask.distributed import Client


def digest(word):
    total = 7
    for letter in word:
        total = (total * 31 + ord(letter)) % 1009
    return total


def _digests_word(word):
    return digest(word), word.upper()


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


def digests(words: list):
    unique = {digest(word) for word in words}
    by_word = {word: digest(word) for word in words}
    with _dask_client() as client:
        by_digest = dict(_map_in_batches(client, _digests_word, words))
    return sorted(unique), by_word, by_digest


if __name__ == "__main__":
    print(digests(["one", "two", "three", "one"]))
