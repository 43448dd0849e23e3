from collections import deque
from itertools import chain as _chain
from itertools import islice

import ray


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


@ray.remote
def _run_batch(function, items):
    return [function(item) for item in items]


def _map_in_batches(function, items):
    """Yields the function's result for each item, in order. Each core has two batches at a time."""
    items = list(items)
    cores = int(ray.cluster_resources().get("CPU", 0)) or 1
    size = max(1, min(32, len(items) // (4 * cores)))
    shared = ray.put(function)
    tasks = (_run_batch.remote(shared, items[i : i + size]) for i in range(0, len(items), size))
    running = deque(islice(tasks, 2 * cores))
    first = 0
    while running:
        try:
            results = ray.get(running.popleft())
        except ray.exceptions.RayTaskError as error:
            raise error.cause
        except (ray.exceptions.WorkerCrashedError, ray.exceptions.NodeDiedError) as error:
            raise RuntimeError(f"a worker died while it computed the items from number {first} on") from error
        running.extend(islice(tasks, 1))
        yield from results
        first += size


def long_chains(limit, least):
    with ray.init(logging_level="error"):
        results = _chain.from_iterable(
            _map_in_batches(_long_chains_item, range(1, limit))
        )
        chains = list(results)
    return [chain for chain in chains if chain[1] > least]


if __name__ == "__main__":
    print(long_chains(30, 15))
